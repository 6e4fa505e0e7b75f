import { getAddress, isAddress, type Address } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import type { Deployment } from "./deployments.ts";

/** The deployment has no such asset. Exit code 64. */
export class UnknownAssetError extends SequesterError {
  override name = "UnknownAssetError";
  constructor(has: string, symbols: readonly string[]) {
    super("The deployment has no such asset.", {
      code: EXIT.usage,
      metaMessages: [`has: ${JSON.stringify(has)}`, `needs: one of ${symbols.join(", ")}, or its address`],
    });
  }
}

/** An asset of a deployment by its symbol or its address. @throws UnknownAssetError */
export function assetOf({ addresses }: Deployment, text: string): { symbol: string; address: Address } {
  const assets = Object.entries(addresses.assets);
  const wanted = isAddress(text) ? getAddress(text) : undefined;
  const found = assets.find(([symbol, address]) => symbol === text || address === wanted);
  if (found === undefined) throw new UnknownAssetError(text, Object.keys(addresses.assets));
  return { symbol: found[0], address: found[1] };
}
