import { createKeccak } from "hash-wasm";
import type { Address, Hex } from "viem";

const hasher = await createKeccak(256);

/** keccak256, several times as fast as that of viem: a journal is hashed three times an entry. */
export const keccak = (bytes: Uint8Array): Uint8Array => hasher.init().update(bytes).digest("binary");

export const keccakHex = (bytes: Uint8Array): Hex => `0x${hasher.init().update(bytes).digest("hex")}`;

export const bytesOf = (hex: Hex): Uint8Array => Buffer.from(hex.slice(2), "hex");

/** The last addresses that were asked for; an asset stands in every effect. */
const known = new Map<string, Address>();
const MOST_KNOWN = 100_000;

/** An address in mixed case (EIP-55), of 40 digits in lower case. */
export function checksummed(digits: string): Address {
  const found = known.get(digits);
  if (found !== undefined) return found;
  const hash = hasher.init().update(digits).digest("hex");
  let address = "0x";
  for (let i = 0; i < 40; i++) address += hash[i]! >= "8" ? digits[i]!.toUpperCase() : digits[i]!;
  if (known.size === MOST_KNOWN) known.clear();
  known.set(digits, address as Address);
  return address as Address;
}
