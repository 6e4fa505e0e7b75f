import { concat, getAddress, isAddress, isAddressEqual, size, slice, type Address, type Hex } from "viem";
import { countOf } from "../base/words.ts";
import type { VerifierName } from "../chain/artifacts.ts";
import { officerId } from "../orders/approvals.ts";
import { OFFICER_KINDS, type OfficerKind } from "../orders/types.ts";

/** A first officer: its agency by name, and its ERC-7913 signer bytes, for a key its address. */
export interface Seat {
  agency: string;
  /** A key if not given. */
  kind?: OfficerKind | undefined;
  signer: Hex;
}

/** The same with the key of a verifier that is deployed with the rest, and has no address before. */
export interface VerifierSeat {
  agency: string;
  verifier: VerifierName;
  key: Hex;
}

export type PlannedSeat = Seat | VerifierSeat;

/** Bytes of the keys that the verifiers know; those of RSA differ. */
const KEY_BYTES: Partial<Record<VerifierName, number>> = { P256: 64, WebAuthn: 64 };

/** A seat's signer as errors and lists have it before the verifiers are deployed. */
export const plannedSigner = (seat: PlannedSeat): string =>
  "key" in seat ? `${seat.verifier}:${seat.key}` : seat.signer;

/** A seat once the verifiers have addresses. */
export const seatAt = (seat: PlannedSeat, verifiers: Record<VerifierName, Address>): Seat =>
  "key" in seat
    ? {
        agency: seat.agency,
        kind: "verifier",
        signer: concat([verifiers[seat.verifier].toLowerCase() as Hex, seat.key]),
      }
    : seat;

/** Why nobody could ever sign for the seat; nothing where somebody can. */
export function reasonAgainstSeat(seat: PlannedSeat): string | undefined {
  const needs = (bytes: string) => `${plannedSigner(seat)} of ${seat.agency} needs ${bytes}`;
  if ("key" in seat) {
    const bytes = KEY_BYTES[seat.verifier];
    if (bytes !== undefined && size(seat.key) !== bytes) return needs(`a key of ${countOf(bytes, "byte")}`);
    return size(seat.key) === 0 ? needs("a key") : undefined;
  }
  const isVerifiers = seat.kind === "verifier";
  if (isVerifiers ? size(seat.signer) <= 20 : !isAddress(seat.signer, { strict: false }))
    return needs(isVerifiers ? "more than the 20 bytes of its verifier" : "20 bytes, an address");
  return undefined;
}

/** A signer for people: an address, or whose key it is and the officer's id. */
export function signerInWords(signer: Hex, kind: number, verifiers: Record<VerifierName, Address>): string {
  if (kind !== OFFICER_KINDS.verifier) return getAddress(signer);
  const verifier = slice(signer, 0, 20);
  const [name] = Object.entries(verifiers).find(([, address]) => isAddressEqual(address, verifier)) ?? [verifier];
  return `${name} key, officer ${officerId(signer)}`;
}
