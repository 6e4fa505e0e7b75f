import type { ImportReport } from "../operation/folder/importTagPack.ts";
import type { Act, Operation } from "../operation/operation.ts";
import type { Statement } from "../operation/statement/statement.ts";
import { SUM_NAMES, type Sums } from "../audit/sums.ts";
import type { OperationResult } from "../operation/run.ts";
import { dollarsOf, inDollars } from "../operation/tracedWords.ts";
import { formatOffset } from "../base/time.ts";
import { eventsForReaders } from "./events.ts";
import { amountsOf, tableOf } from "../base/table.ts";
import { tracedForReaders } from "./traced.ts";
import { countOf } from "../base/words.ts";
import { isoOf } from "../base/time.ts";

/** Columns that a reader looks for even where they are empty. */
const ALWAYS: readonly (keyof Sums)[] = ["placed", "held", "lapsed", "seized", "inCustody"];

const TITLES: Partial<Record<keyof Sums, string>> = { inCustody: "in custody", frozenNoPath: "no path" };

/** The statement for a reader: amounts in decimal units, columns without any amount left out; `verbose` shows addresses. */
export function statementForReaders(name: string, statement: Statement, verbose: boolean): string {
  const { block, assets, targets, cases, arrested, lapsed, byCase, difference, trace } = statement;
  const columns = SUM_NAMES.filter((sum) => ALWAYS.includes(sum) || assets.some((row) => row[sum] !== "0"));
  const rows = assets.map((row) => [
    row.symbol,
    ...amountsOf(
      columns.map((column) => BigInt(row[column])),
      row.decimals,
    ),
  ]);
  const closed = byCase.filter((it) => it.closed).length;
  return [
    `${name}: closing statement at block ${block.number}, ${block.time}`,
    "",
    ...tableOf([["asset", ...columns.map((column) => TITLES[column] ?? column)], ...rows]),
    "",
    ...eventsForReaders(statement, verbose),
    ...(trace === undefined ? [] : tracedForReaders(trace, verbose)),
    `${countOf(targets, "target")} in ${countOf(cases, "case")}; ${arrested} arrested, ${lapsed} lapsed; ${countOf(closed, "case")} closed`,
    `difference between the journal and the chain: ${countOf(difference, "base unit")}`,
    "",
  ].join("\n");
}

/** Where what was seized is, in the words of a sentence. */
const WHERE: readonly (readonly [keyof Sums, (dollars: string) => string])[] = [
  ["due", (dollars) => `${dollars} is due from platforms`],
  ["returned", (dollars) => `${dollars} went back to holders`],
  ["compensated", (dollars) => `${dollars} to victims`],
  ["forfeited", (dollars) => `${dollars} to the treasury`],
  ["transferred", (dollars) => `${dollars} to others whom an order named`],
  ["inCustody", (dollars) => `${dollars} is in custody`],
];

/** What came of an operation, in three sentences for who decides; dollars at the case file's rates. */
export function inShort({ assets }: Operation, statement: Statement): string {
  const worth = (sum: keyof Sums): bigint =>
    dollarsOf(
      statement.assets.map(({ symbol, [sum]: units }) => ({ symbol, units: BigInt(units) })),
      assets,
    );
  const seized = worth("seized");
  const parts = WHERE.flatMap(([sum, words]) => {
    const dollars = worth(sum);
    return dollars === 0n ? [] : [words(inDollars(dollars))];
  });
  const gain = worth("proceeds") - worth("converted");
  const converted = gain < 0n ? `conversions cost ${inDollars(-gain)}` : `conversions brought ${inDollars(gain)}`;
  return [
    seized === 0n
      ? "Nothing was seized."
      : `${inDollars(seized)} was seized: ${listed(parts)}${gain === 0n ? "" : `; ${converted}`}.`,
    "The journal and the chain agree to the base unit; anybody can work every figure out again from the journal.",
    "What each line means stands in docs/tumar.md; --verbose shows gas and addresses, --out keeps orders and statement.",
    "",
  ].join("\n");
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

/** What an operation does, act by act, as data. */
export function planOf({ name, parameters, start }: Operation, { acts, statement }: OperationResult) {
  const { targets, cases, arrested, lapsed, trace } = statement;
  return {
    schema: "sequester.plan/1",
    name,
    parameters: parameters.name,
    start: isoOf(start),
    timeline: acts.map((act) => ({ at: formatOffset(act.at), act: act.act, ...scopeOf(act) })),
    targets,
    cases,
    arrested,
    lapsed,
    ...(trace && { trace }),
  };
}

/** The plan for a reader; `verbose` shows addresses. */
export function planForReaders(operation: Operation, result: OperationResult, verbose: boolean): string {
  const { name, parameters, start, timeline, trace } = planOf(operation, result);
  const rows = timeline.map(({ at, act, targets, cases }) => [
    at,
    act,
    cases ? String(cases) : "",
    targets ? String(targets) : "",
  ]);
  return [
    `${name}, under the parameters ${parameters}, from ${start}`,
    "",
    ...(trace === undefined ? [] : tracedForReaders(trace, verbose)),
    ...tableOf([["at", "act", "cases", "targets"], ...rows]),
    "",
  ].join("\n");
}

function scopeOf(act: Act): { cases: number; targets?: number } {
  const distinct = (ids: readonly string[]) => new Set(ids).size;
  switch (act.act) {
    case "freeze":
    case "arrest":
    case "lift":
    case "seize":
    case "return": {
      const sizes = act.orders.map(
        (order) => order.holdings.length + ("place" in order ? (order.place?.length ?? 0) : 0),
      );
      return { cases: act.orders.length, targets: sizes.reduce((sum, size) => sum + size, 0) };
    }
    case "lapse":
      return { cases: act.ended.length, targets: act.ended.reduce((sum, { holdings }) => sum + holdings.length, 0) };
    case "forfeit":
    case "compensate":
    case "convert":
    case "transfer":
      return { cases: distinct(act.disposals.map((disposal) => disposal.case)) };
    case "attempt":
      return { cases: 1, targets: act.order.holdings.length };
    case "book":
      return { cases: distinct(act.deposits.map((deposit) => deposit.case)) };
    case "open":
      return { cases: act.cases.length };
    case "deposit":
    case "exchange-hold":
    case "surrender":
      return { cases: 1 };
    case "execute":
    case "stay":
    case "veto":
    case "appeal":
    case "claim":
    case "unreserve":
    case "license":
    case "suspend":
    case "acknowledge":
    case "dismiss":
    case "move":
      return { cases: 0 };
  }
}

/** What became of an imported list, for a reader. */
export const importForReaders = (report: ImportReport, out: string): string =>
  [
    `${report.kept} of ${countOf(report.entries, "entry")} became targets of ${countOf(report.cases, "case")} in ${out}`,
    "",
    ...tableOf([
      ["entries", String(report.entries)],
      ["kept", String(report.kept)],
      ["no addresses of this kind of chain", String(report.notAddresses)],
      ["no wallets (below 2^96)", String(report.notWallets)],
      ["duplicates", String(report.duplicates)],
    ]),
    `every target is given ${report.amount} ${report.assetSymbol}`,
    `SHA-256 of the list: ${report.sha256.slice(2)}`,
    "",
  ].join("\n");
