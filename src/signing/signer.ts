import { hashTypedData, type Hex, type TypedDataDefinition } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { bundleData, type Bundle } from "../orders/bundle.ts";
import { digestOf } from "../orders/digest.ts";
import type { SafeAt } from "../orders/files.ts";
import { safeMessage } from "../orders/safe.ts";
import { ORDER_TYPES, type Domain, type Order } from "../orders/types.ts";

/** What is signed: typed data, whose fields a device can show, and its digest. */
export interface Signable {
  digest: Hex;
  data: TypedDataDefinition;
}

/** Who signs: an officer's ERC-7913 bytes, and how it does. */
export interface Signer {
  signer: Hex;
  sign(signable: Signable): Promise<Hex>;
}

/** A key, its file or its device cannot be used. It says what of, never what is in it. Exit code 4. */
export class KeyUnusableError extends SequesterError {
  override name = "KeyUnusableError";
  constructor(who: string, has: string, needs: string) {
    super("The key cannot be used.", {
      code: EXIT.key,
      metaMessages: [`who: ${who}`, `has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** An order as it is signed. */
export const orderSignable = (order: Order, domain: Domain): Signable => ({
  digest: digestOf(order, domain),
  data: { domain, types: ORDER_TYPES, ...order },
});

/** A bundle as it is signed. */
export const bundleSignable = (bundle: Bundle): Signable => ({
  digest: bundle.digest,
  data: bundleData(bundle),
});

/** What an owner signs, so that its Safe approves an order or a bundle. */
export function ownerSignable({ digest }: Signable, safe: SafeAt): Signable {
  const data = safeMessage(digest, safe);
  return { digest: hashTypedData(data), data };
}
