import { numberToHex, type Address } from "viem";
import { addressIn, decodeEffects } from "./effects.ts";
import type { Entry } from "./entries.ts";
import { decodeName } from "../orders/caseId.ts";

/** A customer's account with a platform, as the platform knows it. */
export interface SubAccount {
  wallet: Address;
  name: string;
}

/** Sub-accounts that were ever held, by the address by which holds know them. */
export function subAccountsIn(entries: readonly Entry[]): Map<Address, SubAccount> {
  const effects = entries.flatMap((entry) => decodeEffects(entry.effects));
  return new Map(
    effects
      .filter(({ what }) => what === "subAccount")
      .map(({ account, amount, value }) => [
        account,
        { wallet: addressIn(amount), name: decodeName(numberToHex(value, { size: 32 })) },
      ]),
  );
}
