import { encodeAbiParameters, keccak256, sha256, type Hex } from "viem";

const WORDS = [{ type: "bytes32" }, { type: "bytes32" }] as const;

/** The SHA-256 of a ruling's file, as `sha256sum` prints it, with 0x. */
export const rulingHash = (file: Uint8Array): Hex => sha256(file);

/**
 * What an order carries instead of its ruling: `keccak256(abi.encode(documentSalt, sha256(file)))`. The salt keeps the
 * ruling secret until somebody who has both opens it on the journal.
 */
export function documentHash(documentSalt: Hex, rulingSha256: Hex): Hex {
  return keccak256(encodeAbiParameters(WORDS, [documentSalt, rulingSha256]));
}
