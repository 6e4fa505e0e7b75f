import type { ImportReport } from "../operation/import.ts";
import type { Act, Operation } from "../operation/operation.ts";
import type { Statement } from "../operation/statement.ts";
import { SUM_NAMES, type Sums } from "../operation/sums.ts";
import type { TraceStatement } from "../operation/traced.ts";
import { formatOffset } from "../operation/values.ts";
import { eventsForReaders } from "./events.ts";
import { amountsOf, tableOf } from "./table.ts";
import { tracedForReaders } from "./traced.ts";

/** Columns that a reader looks for even where they are empty. */
const ALWAYS: readonly (keyof Sums)[] = ["placed", "held", "lapsed", "seized", "inCustody"];

const TITLES: Partial<Record<keyof Sums, string>> = { inCustody: "in custody", frozenNoPath: "no path" };

/** The statement for a reader: amounts in decimal units, columns without any amount left out. */
export function statementForReaders(name: string, statement: Statement): string {
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
    ...eventsForReaders(statement),
    ...(trace === undefined ? [] : tracedForReaders(trace)),
    `${targets} targets in ${cases} cases; ${arrested} arrested, ${lapsed} lapsed; ${closed} cases closed`,
    `difference between the journal and the chain: ${difference} base units`,
    "",
  ].join("\n");
}

/** What an operation would do, act by act, as data. */
export function planOf({ name, parameters, start, timeline, totals }: Operation, trace?: TraceStatement) {
  const { targets, cases, arrested, lapsed } = totals;
  return {
    schema: "sequester.plan/1",
    name,
    parameters: parameters.name,
    start: new Date(start * 1000).toISOString().replace(".000Z", "Z"),
    timeline: timeline.map((act) => ({ at: formatOffset(act.at), act: act.act, ...scopeOf(act) })),
    ...{ targets, cases, arrested, lapsed },
    ...(trace && { trace }),
  };
}

/** The plan for a reader. */
export function planForReaders(operation: Operation, trace?: TraceStatement): string {
  const { name, parameters, start, timeline } = planOf(operation);
  const rows = timeline.map(({ at, act, targets, cases }) => [
    at,
    act,
    cases ? String(cases) : "",
    targets ? String(targets) : "",
  ]);
  return [
    `${name}, under the parameters ${parameters}, from ${start}`,
    "",
    ...(trace === undefined ? [] : tracedForReaders(trace)),
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
    `${report.kept} of ${report.entries} entries became targets of ${report.cases} cases in ${out}`,
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
