import { concat, getAddress, isAddress, isHex, size, slice, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "../errors.ts";
import { encodeCaseId } from "./caseId.ts";
import { OFFICER_KINDS, SELF, type Order, type Refund, type Target } from "./types.ts";

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

/** What every order has: `signBy` in Unix seconds, `salt` of 32 bytes. */
interface Signed {
  signBy: bigint;
  salt: Hex;
}

/** What an order in a case has besides: the case id as text and the document's salted hash. */
interface InCase extends Signed {
  caseId: string;
  document: Hex;
}

const MAX_AMOUNT = 2n ** 96n - 1n;
const MAX_TERM = 2 ** 32 - 1;
/** A hold keeps its end in 40 bits; it also catches times in milliseconds. */
const MAX_TIME = 2n ** 40n - 1n;
/** Verifiers below are precompiles, among them one that echoes its input and so would accept any signature. */
const LEAST_VERIFIER = 0x200n;

const refunded = ({ taken, asset, account }: Refund) => [taken, asset, account];
const held = ({ asset, account }: Target) => [asset, account];

/** Provisional holds for `term` seconds from execution. */
export function buildFreeze(
  input: InCase & { targets: readonly Target[]; term: number; wholeAccount?: boolean },
): Order<"Freeze"> {
  if (!Number.isInteger(input.term) || input.term < 1 || input.term > MAX_TERM) {
    throw new InvalidTermError("term", input.term, `whole seconds from 1 to ${MAX_TERM}`);
  }
  return {
    primaryType: "Freeze",
    message: {
      ...inCase(input),
      targets: some("targets", targets("targets", input.targets)),
      term: input.term,
      wholeAccount: input.wholeAccount ?? false,
      ...signed(input),
    },
  };
}

/** Holds by the court until `until` (Unix seconds): confirms live ones, places new ones, or both. */
export function buildArrest(
  input: InCase & {
    confirm?: readonly Target[];
    place?: readonly Target[];
    until: bigint;
    wholeAccount?: boolean;
    omnibus?: boolean;
  },
): Order<"Arrest"> {
  const confirm = targets("confirm", input.confirm ?? []);
  const place = targets("place", input.place ?? []);
  some("confirm and place", [...confirm, ...place]);
  return {
    primaryType: "Arrest",
    message: {
      ...inCase(input),
      confirm,
      place,
      until: time(InvalidUntilError, "until", input.until),
      wholeAccount: input.wholeAccount ?? false,
      omnibus: input.omnibus ?? false,
      ...signed(input),
    },
  };
}

/** Releases the amounts of the case's live holds. */
export function buildLift(input: InCase & { holds: readonly Target[] }): Order<"Lift"> {
  return {
    primaryType: "Lift",
    message: { ...inCase(input), holds: some("holds", targets("holds", input.holds)), ...signed(input) },
  };
}

/** Moves the amounts of the case's live holds into its vault. */
export function buildSeize(input: InCase & { holds: readonly Target[] }): Order<"Seize"> {
  return {
    primaryType: "Seize",
    message: { ...inCase(input), holds: some("holds", targets("holds", input.holds)), ...signed(input) },
  };
}

/** Pays recorded holders back from the case's vault. */
export function buildReturn(input: InCase & { holders: readonly Refund[] }): Order<"Return"> {
  const holders = ascending(
    "holders",
    refunded,
    input.holders.map((refund, i) => ({
      taken: address(`holders[${i}].taken`, refund.taken),
      asset: address(`holders[${i}].asset`, refund.asset),
      account: address(`holders[${i}].account`, refund.account),
      amount: amount(`holders[${i}].amount`, refund.amount),
    })),
  );
  return {
    primaryType: "Return",
    message: { ...inCase(input), holders: some("holders", holders), ...signed(input) },
  };
}

/** Withdraws the signing officer's own approval of the order with the digest `order`. */
export function buildCancel(input: Signed & { order: Hex }): Order<"Cancel"> {
  return {
    primaryType: "Cancel",
    message: { order: word(InvalidOrderDigestError, "order", input.order), ...signed(input) },
  };
}

/** Seats an officer in the agency with the index `agency`; `signer` are its ERC-7913 bytes. */
export function buildAdmit(
  input: Signed & { agency: number; kind: keyof typeof OFFICER_KINDS; signer: Hex; document: Hex },
): Order<"Admit"> {
  const { agency, kind } = input;
  if (!Number.isInteger(agency) || agency < 0 || agency >= SELF) {
    throw new InvalidAgencyError("agency", agency, `an index from 0 to ${SELF - 1}`);
  }
  return {
    primaryType: "Admit",
    message: {
      agency,
      kind: OFFICER_KINDS[kind],
      signer: signerOf(kind, input.signer),
      document: word(InvalidDocumentError, "document", input.document),
      ...signed(input),
    },
  };
}

type FieldError = new (field: string, has: unknown, needs: string) => OrderFieldError;

function inCase({ caseId, document }: InCase) {
  return { caseId: encodeCaseId(caseId), document: word(InvalidDocumentError, "document", document) };
}

function signed({ signBy, salt }: Signed) {
  return { signBy: time(InvalidSignByError, "signBy", signBy), salt: word(InvalidSaltError, "salt", salt) };
}

function targets(field: string, list: readonly Target[]): Target[] {
  return ascending(
    field,
    held,
    list.map((target, i) => {
      const asset = address(`${field}[${i}].asset`, target.asset);
      const account = address(`${field}[${i}].account`, target.account);
      if (asset === account) throw new SelfHoldError(`${field}[${i}]`, account, "an account other than the asset");
      return { asset, account, amount: amount(`${field}[${i}].amount`, target.amount) };
    }),
  );
}

function ascending<T>(field: string, keyOf: (item: T) => Address[], list: T[]): T[] {
  const keyed = list.map((item) => ({ item, key: concat(keyOf(item)).toLowerCase() }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  keyed.forEach(({ item, key }, i) => {
    if (key === keyed[i - 1]?.key) throw new DuplicateTargetError(field, keyOf(item).join(" "), "each entry once");
  });
  return keyed.map(({ item }) => item);
}

function some<T>(field: string, list: T[]): T[] {
  if (list.length === 0) throw new EmptyOrderError(field, "no entry", "at least one");
  return list;
}

function address(field: string, value: Address): Address {
  if (!isAddress(value)) throw new InvalidAddressError(field, value, "20 bytes, in mixed case with a right checksum");
  if (value === zeroAddress) throw new InvalidAddressError(field, value, "an address other than 0");
  return getAddress(value);
}

function amount(field: string, value: bigint): bigint {
  if (typeof value !== "bigint" || value < 1n || value > MAX_AMOUNT) {
    throw new InvalidAmountError(field, value, `base units from 1 to 2^96-1 (${MAX_AMOUNT})`);
  }
  return value;
}

function time(error: FieldError, field: string, value: bigint): bigint {
  if (typeof value !== "bigint" || value < 1n || value > MAX_TIME) {
    throw new error(field, value, `Unix time in seconds, from 1 to 2^40-1 (${MAX_TIME})`);
  }
  return value;
}

function word(error: FieldError, field: string, value: Hex): Hex {
  if (!isHex(value) || value.length !== 66) throw new error(field, value, "32 bytes in hexadecimal");
  if (value === zeroHash) throw new error(field, value, "32 bytes that are not all zero");
  return value.toLowerCase() as Hex;
}

function signerOf(kind: keyof typeof OFFICER_KINDS, signer: Hex): Hex {
  const wholeBytes = isHex(signer) && signer.length % 2 === 0;
  if (kind === "verifier") {
    if (!wholeBytes || size(signer) <= 20)
      throw new InvalidSignerError("signer", signer, "verifier ‖ key, above 20 bytes");
    if (BigInt(slice(signer, 0, 20)) < LEAST_VERIFIER) {
      throw new InvalidSignerError("signer", signer, "a verifier that is no precompile (not below 0x200)");
    }
  } else if (!wholeBytes || size(signer) !== 20 || BigInt(signer) === 0n) {
    throw new InvalidSignerError("signer", signer, `the address of a ${kind}, 20 bytes, not 0`);
  }
  return signer.toLowerCase() as Hex;
}
