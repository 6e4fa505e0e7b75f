import type { Address, Hex } from "viem";
import { checked, hexField, jsonIn } from "../../base/json.ts";
import { INSTANT_FORM, instantOf } from "../../base/time.ts";
import { z } from "../../base/zod.ts";
import type { Deployment } from "../../chain/deployments.ts";
import { replay } from "../../journal/replay.ts";
import type { Pack } from "../../audit/pack.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { STATEMENT_SCHEMA, statementOf, type Known, type Statement } from "../statement/statement.ts";
import type { Difference } from "./difference.ts";

/** A statement as it was received. */
export interface Received {
  readonly block: { readonly number: bigint; readonly hash: Hex; readonly timestamp: number };
  readonly content: Readonly<Record<string, unknown>>;
}

/** The pack ends before the statement does. Exit code 64. */
export class PackTooOldError extends SequesterError {
  override name = "PackTooOldError";
  constructor(statement: bigint, pack: bigint) {
    super("The pack cannot tell of the statement.", {
      code: EXIT.usage,
      metaMessages: [`has: a pack of block ${pack}`, `needs: one of block ${statement}, or a later one`],
    });
  }
}

const SECONDS = z
  .string()
  .refine((text) => instantOf(text) !== undefined, `needs ${INSTANT_FORM}`)
  .transform((text) => instantOf(text)!);

const HEAD = z.looseObject({
  schema: z.literal(STATEMENT_SCHEMA),
  block: z.strictObject({ number: z.int().nonnegative().transform(BigInt), hash: hexField(32), time: SECONDS }),
});

/** Reads a `statement.json`; what it tells beside its block is held against the journal and not looked at here. @throws InvalidFileError */
export function parseStatement(text: string, file: string): Received {
  const content = jsonIn(text, file);
  const { number, hash, time } = checked(HEAD, content, file).block;
  return { block: { number, hash, timestamp: time }, content: content as Record<string, unknown> };
}

/** What stands in statements and follows from no journal: the trace, and rates that the operation's folder has. */
const NOT_TOLD = ["trace", "worthAtSeizure"];

/** Where a statement says something else than the one that was drawn up again. */
export const checkStatement = ({ content }: Received, { statement, unproven }: Redrawn): Difference[] => [
  ...differing("", content, statement, new Set([...NOT_TOLD, ...unproven])),
];

/** What was drawn up again, and names of its fields that could not be. */
export interface Redrawn {
  readonly statement: Statement;
  readonly unproven: readonly string[];
}

/**
 * The statement of the received one's block, out of a pack of it or of a later one: what balances tell of accounts is in no pack, and of vaults
 * at its own block alone.
 * @throws PackTooOldError
 */
export function drawnFrom({ evidence, shown, custody }: Pack, { block }: Received): Redrawn {
  const { number, hash, timestamp } = shown.header;
  if (block.timestamp > Number(timestamp)) throw new PackTooOldError(block.number, number);
  const isSame = block.number === number;
  const entries = evidence.entries.filter((entry) => Number(entry.timestamp) <= block.timestamp);
  const { cases, assets } = replay(entries);
  const balances = new Map(custody.map(({ caseId, asset, balance }) => [`${caseId} ${asset}`, balance]));
  const drawn = {
    block: isSame ? { number, hash, timestamp } : { ...block, timestamp: BigInt(block.timestamp) },
    cases: [...cases.keys()].flatMap((caseId) =>
      assets.map((asset) => ({ caseId, asset, inVault: (isSame && balances.get(`${caseId} ${asset}`)) || 0n })),
    ),
    accounts: [],
  };
  const statement = statementOf(entries, drawn, denominations(evidence.deployment));
  return { statement, unproven: isSame ? ["covered"] : ["covered", "suspense", "block"] };
}

/** The symbols of a deployment's assets, as operations denominate them. */
export function denominations({ addresses, decimals = {} }: Deployment): (asset: Address) => Known | undefined {
  const symbols = new Map(Object.entries(addresses.assets).map(([symbol, asset]) => [asset, symbol]));
  return (asset) => {
    const symbol = symbols.get(asset);
    return symbol === undefined ? undefined : { symbol, decimals: decimals[symbol] ?? 0 };
  };
}

function* differing(where: string, has: unknown, needs: unknown, left: ReadonlySet<string>): Generator<Difference> {
  const [one, other] = [has, needs].map((it) => (Array.isArray(it) ? byName(it, left) : it));
  if (isObject(one) && isObject(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      if (left.has(key)) continue;
      const isEvent = key.startsWith("{");
      yield* differing([where, isEvent ? "" : key].filter(Boolean).join("."), one[key], other[key], left);
    }
  } else if (textOf(one, left) !== textOf(other, left)) {
    yield { where: where || "the statement", has: textOf(one, left), needs: textOf(other, left) };
  }
}

/** The items of a list, by what they are of; events by all that is told of them. Of the same the second has its number. */
function byName(items: readonly unknown[], left: ReadonlySet<string>): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const item of items) {
    const name = nameOf(item, left);
    let n = 1;
    while (`${name}${n === 1 ? "" : ` ${n}`}` in named) n++;
    named[`${name}${n === 1 ? "" : ` ${n}`}`] = item;
  }
  return named;
}

function nameOf(item: unknown, left: ReadonlySet<string>): string {
  if (!isObject(item)) return textOf(item, left);
  const { case: caseId, symbol, assets } = item;
  if (typeof symbol === "string") return symbol;
  return typeof caseId === "string" && assets !== undefined ? caseId : textOf(item, left);
}

const textOf = (value: unknown, left: ReadonlySet<string>): string =>
  value === undefined
    ? "nothing"
    : JSON.stringify(value, (key, item: unknown) => {
        if (left.has(key)) return undefined;
        return isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item;
      });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
