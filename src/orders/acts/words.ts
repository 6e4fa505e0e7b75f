import { formatUnits, getAddress, isAddressEqual, type Address, type Hex } from "viem";
import { decodeCaseId, decodeName } from "../caseId.ts";
import { isPlainSymbol } from "../symbol.ts";

/** The names that a sentence needs and an order does not carry. */
export interface Words {
  /** Symbol and decimals of an asset; an unknown one is told in base units. */
  asset(address: Address): { symbol: string; decimals: number } | undefined;
  /** The name of the agency with this index. */
  agency(index: number): string | undefined;
}

/** Words, and what all acts are called. */
export interface Told extends Words {
  act(number: number): string | undefined;
}

interface Amount {
  readonly asset: Address;
  readonly account: Address;
  readonly amount: bigint;
}

export const addressIn = getAddress;

export const assetIn = (asset: Address, words: Words): string => token(asset, words).called;

export function amountIn(asset: Address, units: bigint, words: Words): string {
  const told = token(asset, words);
  return `${told.units(units)} of ${told.name}`;
}

/** A name in quotes, or the bytes. */
export function nameIn(bytes: Hex): string {
  const name = decodeName(bytes);
  return name === bytes ? bytes : JSON.stringify(name);
}

export const ofCase = (m: { caseId: Hex; document: Hex }) =>
  `in case ${JSON.stringify(decodeCaseId(m.caseId))}, on the document ${m.document}`;

/** Holds that are placed later, the officer cannot have seen. */
export const numbers = (m: { upTo: number }) => `numbers up to ${m.upTo}`;

export const scope = (m: { wholeAccount: boolean }) =>
  m.wholeAccount
    ? "whole accounts may be blocked where the issuer cannot block a part"
    : "no account may be blocked beyond these amounts";

export function amounts(targets: readonly Amount[], words: Words): string {
  return listed(
    targets,
    (t) => getAddress(t.asset),
    "in",
    "account",
    ({ asset }) => `of ${token(asset, words).name}`,
    words,
  );
}

export function repayments(refunds: readonly (Amount & { readonly taken: Address })[], words: Words): string {
  const title = ({ taken, asset }: Amount & { readonly taken: Address }) =>
    `of ${token(asset, words).name}, ${isAddressEqual(taken, asset) ? "in kind" : `as proceeds of ${token(taken, words).called}`},`;
  return listed(refunds, (r) => getAddress(r.taken) + getAddress(r.asset), "to", "holder", title, words);
}

/** Entries in their order; neighbours of one asset share a title with their number and total. */
function listed<T extends Amount>(
  entries: readonly T[],
  groupOf: (entry: T) => string,
  preposition: string,
  noun: string,
  title: (entry: T) => string,
  words: Words,
): string {
  const groups: [T, ...T[]][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last && groupOf(last[0]) === groupOf(entry)) last.push(entry);
    else groups.push([entry]);
  }
  const told = groups.map((group) => {
    const { units } = token(group[0].asset, words);
    const total = group.reduce((sum, { amount }) => sum + amount, 0n);
    const each = group.map(({ account, amount }) => `${units(amount)} ${preposition} ${getAddress(account)}`);
    const count = `${group.length} ${noun}${group.length === 1 ? "" : "s"}`;
    return `${units(total)} ${title(group[0])} ${preposition} ${count} (${each.join(", ")})`;
  });
  return told.join(" and ") || "nothing";
}

interface Token {
  /** Beside an amount, which already shows the symbol. */
  name: string;
  /** Alone. */
  called: string;
  units: (amount: bigint) => string;
}

/** An asset is named with its address, for nothing keeps two assets from having one symbol. */
function token(asset: Address, words: Words): Token {
  const known = words.asset(asset);
  const address = getAddress(asset);
  if (!known || !isPlainSymbol(known.symbol)) {
    const name = `the unknown asset ${address}`;
    return { name, called: name, units: (amount) => `${amount} base units` };
  }
  const { symbol, decimals } = known;
  return {
    name: `asset ${address}`,
    called: `${symbol}, asset ${address}`,
    units: (amount) => `${grouped(formatUnits(amount, decimals))} ${symbol}`,
  };
}

function grouped(decimal: string): string {
  const [whole = "", fraction] = decimal.split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

export function duration(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [unit, length] of [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ] as const) {
    const n = Math.floor(rest / length);
    rest -= n * length;
    if (n > 0) parts.push(`${n} ${unit}${n === 1 ? "" : "s"}`);
  }
  return parts.join(" ") || "0 seconds";
}

const LAST_DATE = 8_640_000_000_000n;

/** UTC to the second; a time that no calendar reaches as a number. */
export function moment(time: bigint): string {
  if (time > LAST_DATE) return `second ${time} of Unix time`;
  return new Date(Number(time) * 1000).toISOString().replace(".000Z", "Z");
}
