import { bytesToHex, encodeAbiParameters, keccak256, type Hex } from "viem";
import type { ActName } from "./types.ts";

/** 32 bytes from the platform's secure generator, for `salt` or `documentSalt`. */
export const randomSalt = (): Hex => bytesToHex(crypto.getRandomValues(new Uint8Array(32)));

const SOURCE = [
  { type: "string" },
  { type: "string" },
  { type: "string" },
  { type: "uint256" },
  { type: "string" },
] as const;

/**
 * A salt that anyone who knows the seed can repeat: for operations on chain 31337 only, where a second run must give the
 * same orders. `purpose` keeps an order's two salts apart, `index` orders of the same act in one case.
 */
export function derivedSalt(of: {
  seed: string;
  caseId: string;
  act: ActName;
  index: number;
  purpose: "salt" | "documentSalt";
}): Hex {
  return keccak256(encodeAbiParameters(SOURCE, [of.seed, of.caseId, of.act, BigInt(of.index), of.purpose]));
}
