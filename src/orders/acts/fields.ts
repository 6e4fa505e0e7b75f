import { concat, getAddress, isAddress, isHex, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { decodeCaseId, decodeName, encodeCaseId, encodeName } from "../caseId.ts";
import * as errors from "../errors.ts";
import type { FieldError } from "../errors.ts";

/** A field of a signed type: how Solidity keeps it, and what may stand in it. */
export interface Field<Type extends string = string, Value = unknown, Given = Value> {
  readonly type: Type;
  /** The value as it is signed; of a list, what its items, each of them checked, must be together. @throws OrderFieldError */
  check(this: void, at: string, value: Value): Value;
  /** The value that a builder is given, where that is another one. */
  from?(this: void, at: string, given: Given): Value;
  /** Of a list: what stands in it. */
  readonly items?: Struct;
  /** Of a number that a builder is told by name: the names. */
  readonly names?: Readonly<Record<string, number>>;
  /** Of a list: by what its items ascend, if they do. */
  keyOf?(this: void, item: never): Address[];
}

export type Fields = Readonly<Record<string, Field>>;

/** A signed type: its fields in their order, and what they must be together. */
export interface Struct<F extends Fields = Fields> {
  readonly fields: F;
  /** @throws OrderFieldError */
  check?(this: void, at: string, value: MessageOf<F>): void;
}

/** What is signed. */
export type MessageOf<F> = {
  readonly [K in keyof F]: F[K] extends Field<string, infer Value, infer _> ? Value : never;
};

type GivenIn<T> = T extends Field<string, infer _, infer Given> ? Given : never;

/** What a builder is given. */
export type GivenOf<F> = {
  [K in keyof F as undefined extends GivenIn<F[K]> ? never : K]: GivenIn<F[K]>;
} & { [K in keyof F as undefined extends GivenIn<F[K]> ? K : never]?: GivenIn<F[K]> };

/** A hold keeps its amount in 96 bits. */
export const MAX_AMOUNT = 2n ** 96n - 1n;
/** A hold keeps its end in 40 bits; it also catches times in milliseconds. */
const MAX_TIME = 2n ** 40n - 1n;
const MAX_UINT32 = 2 ** 32 - 1;

const within = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most;

const word = (error: FieldError): Field<"bytes32", Hex> => ({
  type: "bytes32",
  check(at, value) {
    if (!isHex(value) || value.length !== 66) throw new error(at, value, "32 bytes in hexadecimal");
    if (value === zeroHash) throw new error(at, value, "32 bytes that are not all zero");
    return value.toLowerCase() as Hex;
  },
});

/** Unix time in seconds. */
const time = (error: FieldError): Field<"uint64", bigint> => ({
  type: "uint64",
  check(at, value) {
    if (typeof value !== "bigint" || value < 1n || value > MAX_TIME) {
      throw new error(at, value, `Unix time in seconds, from 1 to 2^40-1 (${MAX_TIME})`);
    }
    return value;
  },
});

/** A whole number of up to 32 bits. */
const number = <Type extends "uint8" | "uint32">(
  type: Type,
  error: FieldError,
  [least, most]: readonly [number, number],
  what: string,
): Field<Type, number> => ({
  type,
  check(at, value) {
    if (!within(value, least, most)) throw new error(at, value, `${what} from ${least} to ${most}`);
    return value;
  },
});

export const caseId: Field<"bytes32", Hex, string> = {
  type: "bytes32",
  check: (_, value) => encodeCaseId(decodeCaseId(value)),
  from: (_, text) => encodeCaseId(text),
};

/** A name of 1 to 31 printable characters. */
export const name: Field<"bytes32", Hex, string> = {
  type: "bytes32",
  check: (at, value) => encodeName(at, decodeName(value)),
  from: encodeName,
};

export const document = word(errors.InvalidDocumentError);
export const salt = word(errors.InvalidSaltError);
export const orderDigest = word(errors.InvalidOrderDigestError);
export const listHash = word(errors.InvalidListError);
export const officerId = word(errors.InvalidOfficerError);
export const codeHash = word(errors.InvalidCodeHashError);
export const subAccount = word(errors.InvalidNameError);

export const signBy = time(errors.InvalidSignByError);
export const until = time(errors.InvalidUntilError);

export const term = number("uint32", errors.InvalidTermError, [1, MAX_UINT32], "whole seconds");
/** Seconds that may be none. */
export const seconds = number("uint32", errors.InvalidTermError, [0, MAX_UINT32], "whole seconds");
/** A placement number, as the docket counts holds; 0: no hold that was placed. */
export const placement = number("uint32", errors.InvalidPlacementError, [0, MAX_UINT32], "a whole number");

/** A number of a small range, told to a builder by name. */
export function numbered<Names extends Readonly<Record<string, number>>>(
  names: Names,
  error: FieldError,
): Field<"uint8", number, keyof Names> {
  const known = Object.entries(names).map(([name, n]) => `${n} (${name})`);
  return {
    type: "uint8",
    names,
    check(at, value) {
      if (!Object.values(names).includes(value)) throw new error(at, value, `one of ${known.join(", ")}`);
      return value;
    },
    from: (_, given) => names[given]!,
  };
}

/** An index, from 0 to below `end`. */
export const indexBelow = (end: number, error: FieldError) => number("uint8", error, [0, end - 1], "an index");

export const numberIn = (range: readonly [number, number], error: FieldError) =>
  number("uint8", error, range, "a number");

export const address: Field<"address", Address> = {
  type: "address",
  check(at, value) {
    if (!isAddress(value)) {
      throw new errors.InvalidAddressError(at, value, "20 bytes, in mixed case with a right checksum");
    }
    if (value === zeroAddress) throw new errors.InvalidAddressError(at, value, "an address other than 0");
    return getAddress(value);
  },
};

/** An address, or 0 for nobody. */
export const addressOrNone: Field<"address", Address, Address | undefined> = {
  type: "address",
  check: (at, value) => (value === zeroAddress ? value : address.check(at, value)),
  from: (_, given) => given ?? zeroAddress,
};

/** Base units that fit into a hold. */
export const amount: Field<"uint256", bigint> = {
  type: "uint256",
  check(at, value) {
    if (typeof value !== "bigint" || value < 1n || value > MAX_AMOUNT) {
      throw new errors.InvalidAmountError(at, value, `base units from 1 to 2^96-1 (${MAX_AMOUNT})`);
    }
    return value;
  },
};

export const flag: Field<"bool", boolean> = {
  type: "bool",
  check(at, value) {
    if (typeof value !== "boolean") throw new errors.InvalidFlagError(at, value, "true or false");
    return value;
  },
};

/** A flag that is down unless told. */
export const downFlag: Field<"bool", boolean, boolean | undefined> = { ...flag, from: (_, given) => given ?? false };

export const bytes: Field<"bytes", Hex> = {
  type: "bytes",
  check(at, value) {
    if (!isHex(value) || value.length % 2 !== 0) throw new errors.InvalidSignerError(at, value, "whole bytes");
    return value.toLowerCase() as Hex;
  },
};

/** One hex digit per agency, each up to 7, not all of them 0. */
export const digits: Field<"bytes8", Hex> = {
  type: "bytes8",
  check(at, value) {
    if (!/^0x[0-7]{16}$/.test(value) || BigInt(value) === 0n) {
      throw new errors.InvalidRuleError(at, value, "8 bytes, one digit from 0 to 7 per agency, not all of them 0");
    }
    return value;
  },
};

type Item<F extends Fields> = MessageOf<F>;

/** Items of a struct. `keyOf`: they ascend by it, strictly. */
export const list = <Name extends string, F extends Fields>(
  name: Name,
  items: Struct<F>,
  keyOf?: (item: Item<F>) => Address[],
): Field<`${Name}[]`, readonly Item<F>[], readonly GivenOf<F>[] | undefined> => ({
  type: `${name}[]`,
  items: items,
  check: (at, value) => (keyOf === undefined ? value : ascending(at, value, keyOf)),
  ...(keyOf && { keyOf }),
});

/** A list that is not empty. */
export const some = <Type extends string, Value extends readonly unknown[], Given>(
  field: Field<Type, Value, Given | undefined>,
): Field<Type, Value, Given> => ({
  ...(field as Field<Type, Value, Given>),
  check(at, value) {
    if (value.length === 0) throw new errors.EmptyOrderError(at, "no entry", "at least one");
    return field.check(at, value);
  },
});

function ascending<T>(at: string, items: readonly T[], keyOf: (item: T) => Address[]): readonly T[] {
  const keys = items.map((item) => concat(keyOf(item)).toLowerCase());
  keys.slice(1).forEach((key, i) => {
    const here = `${at}[${i + 1}]`;
    const has = keyOf(items[i + 1]!).join(" ");
    if (key === keys[i]) throw new errors.DuplicateTargetError(here, `${has} twice`, "each entry once");
    if (key < keys[i]!) throw new errors.UnsortedTargetsError(here, has, "entries that ascend by these addresses");
  });
  return items;
}

/** The message that a builder is given, each of its fields checked, lists sorted. @throws OrderFieldError */
export function build<F extends Fields>({ fields, check }: Struct<F>, given: GivenOf<F>, at = ""): MessageOf<F> {
  const values = Object.entries(fields).map(([name, field]): [string, unknown] => {
    const here = at === "" ? name : `${at}.${name}`;
    const value = (given as Record<string, unknown>)[name];
    if (field.items === undefined) return [name, field.check(here, field.from ? field.from(here, value) : value)];
    return [
      name,
      field.check(here, sorted(field, buildAll(field.items, here, value as readonly object[] | undefined))),
    ];
  });
  const message = Object.fromEntries(values) as MessageOf<F>;
  check?.(at, message);
  return message;
}

const buildAll = (items: Struct, at: string, given: readonly object[] = []): readonly unknown[] =>
  given.map((item, i) => build(items, item as GivenOf<Fields>, `${at}[${i}]`));

/** The items of a list in the order in which they are signed. */
export function sorted({ keyOf }: Field, items: readonly unknown[]): readonly unknown[] {
  if (keyOf === undefined) return items;
  return items
    .map((item) => ({ item, key: concat(keyOf(item as never)).toLowerCase() }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}
