import { getAddress, type Address } from "viem";
import { fieldError } from "./errors.ts";

/** An address that passes for another one, to who compares its ends. */
export const LookAlikeError = fieldError("LookAlikeError");

/** An address, with what it is. */
export interface KnownAddress {
  what: string;
  address: Address;
}

/** Hexadecimal digits at each end of an address that people compare. */
const COMPARED = 4;

/** What people compare of an address. */
export const endsOf = (address: Address): string =>
  (address.slice(2, 2 + COMPARED) + address.slice(-COMPARED)).toLowerCase();

/**
 * Refuses addresses of which two are not one and have the same first and last digits, but for those that are `meant`.
 * @throws LookAlikeError naming both in full.
 */
export function refuseLookAlikes(addresses: Iterable<KnownAddress>, meant: readonly Address[] = []): void {
  const known = new Map<string, KnownAddress>();
  const allowed = new Set(meant.map((address) => getAddress(address)));
  for (const { what, address } of addresses) {
    const earlier = known.get(endsOf(address));
    if (earlier === undefined) known.set(endsOf(address), { what, address });
    else if (getAddress(earlier.address) !== getAddress(address) && !allowed.has(getAddress(address))) {
      const like = `an address that does not look like ${earlier.what} ${getAddress(earlier.address)}`;
      throw new LookAlikeError(what, getAddress(address), `${like}; or --look-alike with it, if it is meant`);
    }
  }
}
