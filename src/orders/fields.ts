import { concat, getAddress, isAddress, isHex, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "../errors.ts";
import { encodeCaseId } from "./caseId.ts";
import type { Target } from "./types.ts";

/** A field of an order that cannot stand: which, what it has, what it needs. Exit code 64. */
export class OrderFieldError extends SequesterError {
  override name = "OrderFieldError";
  readonly field: string;

  constructor(field: string, has: unknown, needs: string) {
    super(`Invalid ${field}.`, { code: EXIT.usage, metaMessages: [`has: ${String(has)}`, `needs: ${needs}`] });
    this.field = field;
  }
}

export class InvalidAddressError extends OrderFieldError {
  override name = "InvalidAddressError";
}
export class InvalidAmountError extends OrderFieldError {
  override name = "InvalidAmountError";
}
export class InvalidDocumentError extends OrderFieldError {
  override name = "InvalidDocumentError";
}
export class InvalidSaltError extends OrderFieldError {
  override name = "InvalidSaltError";
}
export class InvalidTermError extends OrderFieldError {
  override name = "InvalidTermError";
}
export class InvalidUntilError extends OrderFieldError {
  override name = "InvalidUntilError";
}
export class InvalidSignByError extends OrderFieldError {
  override name = "InvalidSignByError";
}
export class InvalidOrderDigestError extends OrderFieldError {
  override name = "InvalidOrderDigestError";
}
export class InvalidAgencyError extends OrderFieldError {
  override name = "InvalidAgencyError";
}
export class InvalidSignerError extends OrderFieldError {
  override name = "InvalidSignerError";
}
export class SelfHoldError extends OrderFieldError {
  override name = "SelfHoldError";
}
export class DuplicateTargetError extends OrderFieldError {
  override name = "DuplicateTargetError";
}
export class EmptyOrderError extends OrderFieldError {
  override name = "EmptyOrderError";
}
export class InvalidSourceError extends OrderFieldError {
  override name = "InvalidSourceError";
}
export class InvalidListError extends OrderFieldError {
  override name = "InvalidListError";
}
export class InvalidNameError extends OrderFieldError {
  override name = "InvalidNameError";
}
export class InvalidPlacementError extends OrderFieldError {
  override name = "InvalidPlacementError";
}
export class InvalidOfficerError extends OrderFieldError {
  override name = "InvalidOfficerError";
}

/** What every order has: `signBy` in Unix seconds, `salt` of 32 bytes. */
export interface Signed {
  signBy: bigint;
  salt: Hex;
}

/** What an order in a case has besides: the case id as text and the document's salted hash. */
export interface InCase extends Signed {
  caseId: string;
  document: Hex;
}

const MAX_AMOUNT = 2n ** 96n - 1n;
/** A hold keeps its end in 40 bits; it also catches times in milliseconds. */
const MAX_TIME = 2n ** 40n - 1n;
const MAX_TERM = 2 ** 32 - 1;

export type FieldError = new (field: string, has: unknown, needs: string) => OrderFieldError;

export function inCase({ caseId, document }: InCase) {
  return { caseId: encodeCaseId(caseId), document: word(InvalidDocumentError, "document", document) };
}

export function signed({ signBy, salt }: Signed) {
  return { signBy: time(InvalidSignByError, "signBy", signBy), salt: word(InvalidSaltError, "salt", salt) };
}

export function targets(field: string, list: readonly Target[]): Target[] {
  return ascending(
    field,
    ({ asset, account }) => [asset, account],
    list.map((target, i) => {
      const asset = address(`${field}[${i}].asset`, target.asset);
      const account = address(`${field}[${i}].account`, target.account);
      if (asset === account) throw new SelfHoldError(`${field}[${i}]`, account, "an account other than the asset");
      return { asset, account, amount: amount(`${field}[${i}].amount`, target.amount) };
    }),
  );
}

export function ascending<T>(field: string, keyOf: (item: T) => Address[], list: T[]): T[] {
  const keyed = list.map((item) => ({ item, key: concat(keyOf(item)).toLowerCase() }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  keyed.forEach(({ item, key }, i) => {
    if (key === keyed[i - 1]?.key) throw new DuplicateTargetError(field, keyOf(item).join(" "), "each entry once");
  });
  return keyed.map(({ item }) => item);
}

export function some<T>(field: string, list: T[]): T[] {
  if (list.length === 0) throw new EmptyOrderError(field, "no entry", "at least one");
  return list;
}

export function address(field: string, value: Address): Address {
  if (!isAddress(value)) throw new InvalidAddressError(field, value, "20 bytes, in mixed case with a right checksum");
  if (value === zeroAddress) throw new InvalidAddressError(field, value, "an address other than 0");
  return getAddress(value);
}

/** A number of base units that fits into a hold. */
export function amount(field: string, value: bigint): bigint {
  if (typeof value !== "bigint" || value < 1n || value > MAX_AMOUNT) {
    throw new InvalidAmountError(field, value, `base units from 1 to 2^96-1 (${MAX_AMOUNT})`);
  }
  return value;
}

/** Seconds that fit into 32 bits. */
export function term(field: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > MAX_TERM) {
    throw new InvalidTermError(field, value, `whole seconds from 1 to ${MAX_TERM}`);
  }
  return value;
}

/** Unix time in seconds. */
export function time(error: FieldError, field: string, value: bigint): bigint {
  if (typeof value !== "bigint" || value < 1n || value > MAX_TIME) {
    throw new error(field, value, `Unix time in seconds, from 1 to 2^40-1 (${MAX_TIME})`);
  }
  return value;
}

export function word(error: FieldError, field: string, value: Hex): Hex {
  if (!isHex(value) || value.length !== 66) throw new error(field, value, "32 bytes in hexadecimal");
  if (value === zeroHash) throw new error(field, value, "32 bytes that are not all zero");
  return value.toLowerCase() as Hex;
}

/** A placement number, as the docket counts holds; 0: no hold that was placed. */
export function placement(field: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > MAX_TERM) {
    throw new InvalidPlacementError(field, value, `a whole number from 0 to ${MAX_TERM}`);
  }
  return value;
}
