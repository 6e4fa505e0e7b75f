import { csvText } from "../../base/csv.ts";
import type { Stop } from "../lists/stops.ts";
import type { MethodResult } from "../engine/found.ts";
import type { TraceResult } from "../trace.ts";
import type { Transfers } from "../transfers/transfers.ts";

type Cells = readonly (string | number)[];

/** `result.csv`: what is left with accounts, in base units; only accounts with taint by some method. */
export function resultCsv({ accounts }: Transfers, trace: TraceResult): string {
  const touched = new Set(trace.methods.flatMap((method) => [...method.touched]));
  const rows = [...touched].flatMap((account) => {
    const taints = trace.methods.map((method) => method.taintOf(account));
    if (taints.every((taint) => taint === 0n)) return [];
    return [[accounts.address(account), ...[trace.balanceOf(account), ...taints].map(String)]];
  });
  return table(["account", "balance"], trace.methods, sorted(rows));
}

/** `sinks.csv`: what reached services, in base units. */
export function sinksCsv(
  { accounts }: Transfers,
  { methods }: TraceResult,
  stops: ReadonlyMap<number, Pick<Stop, "label">>,
): string {
  const reached = new Set(methods.flatMap(({ sinks }) => [...sinks.keys()]));
  const rows = [...reached].flatMap((account) => {
    const taints = methods.map(({ sinks }) => sinks.get(account) ?? 0n);
    if (taints.every((taint) => taint === 0n)) return [];
    return [[accounts.address(account), stops.get(account)?.label ?? "", ...taints.map(String)]];
  });
  return table(["account", "label"], methods, sorted(rows));
}

/** `burned.csv`: tainted money that was redeemed with the issuer, transfer by transfer, in base units. */
export function burnedCsv({ accounts, block, logIndex, from }: Transfers, { methods }: TraceResult): string {
  const byRow = new Map<number, bigint[]>();
  for (const [i, { burned }] of methods.entries()) {
    for (const { row, taint } of burned) {
      const taints = byRow.get(row) ?? methods.map(() => 0n);
      taints[i] = taint;
      byRow.set(row, taints);
    }
  }
  const rows = [...byRow]
    .filter(([, taints]) => taints.some((taint) => taint > 0n))
    .sort(([a], [b]) => a - b)
    .map(([row, taints]) => [block[row]!, logIndex[row]!, accounts.address(from[row]!), ...taints.map(String)]);
  return table(["block_number", "log_index", "account"], methods, rows);
}

const table = (columns: readonly string[], methods: readonly MethodResult[], rows: readonly Cells[]): string =>
  csvText([[...columns, ...methods.map(({ method }) => method)], ...rows]);

const sorted = <T extends Cells>(rows: readonly T[]): T[] =>
  [...rows].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
