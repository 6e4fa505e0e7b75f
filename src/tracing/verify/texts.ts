import type { Stop } from "./lists.ts";
import { NOBODY, placeOf, type Replayed, type Row } from "./replay.ts";

/** `result.csv`, byte for byte. */
export function resultText(methods: readonly string[], { balances, outcomes }: Replayed): string {
  const held = new Set(outcomes.flatMap(({ taints }) => [...taints.keys()]));
  const rows = [...held].sort().map((account) => {
    const taints = outcomes.map((outcome) => outcome.taints.get(account) ?? 0n);
    return [account, balances.get(account) ?? 0n, ...taints];
  });
  return csv([["account", "balance", ...methods], ...rows]);
}

/** `sinks.csv`, byte for byte. */
export function sinksText(
  methods: readonly string[],
  { outcomes }: Replayed,
  labels: ReadonlyMap<string, Stop>,
): string {
  const reached = new Set(outcomes.flatMap(({ sinks }) => [...sinks.keys()]));
  const rows = [...reached].sort().map((account) => {
    const taints = outcomes.map(({ sinks }) => sinks.get(account) ?? 0n);
    return [account, labels.get(account)?.label ?? "", ...taints];
  });
  return csv([["account", "label", ...methods], ...rows]);
}

/** `burned.csv`, byte for byte. */
export function burnedText(methods: readonly string[], { outcomes }: Replayed, rows: readonly Row[]): string {
  const burns = rows.filter((row) => row.to === NOBODY && outcomes.some(({ burned }) => burned.has(placeOf(row))));
  const lines = burns.map((row) => {
    const taints = outcomes.map(({ burned }) => burned.get(placeOf(row)) ?? 0n);
    return [row.block, row.log, row.from, ...taints];
  });
  return csv([["block_number", "log_index", "account", ...methods], ...lines]);
}

type Cell = string | number | bigint;

const csv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((cells) => `${cells.map((cell) => guarded(String(cell))).join(",")}\n`).join("");

/** A cell that no spreadsheet takes for a formula, in quotes where it needs them. */
function guarded(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
