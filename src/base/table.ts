import { formatUnits } from "viem";
import { numberIn, type Language } from "./languages.ts";

/** Lines of a table: the first column to the left, all others to the right. */
export function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => longest(rows.map((row) => row[column]!)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** Base units in decimal units with grouped digits, all with as many decimals as the longest of them needs. */
export function amountsOf(units: readonly bigint[], decimals: number, language: Language = "en"): string[] {
  const parts = units.map((amount) => formatUnits(amount, decimals).split("."));
  const places = Math.max(longest(parts.map(([, fraction = ""]) => fraction)), Math.min(2, decimals));
  return parts.map(([whole = "", fraction = ""]) =>
    numberIn(places === 0 ? whole : `${whole}.${fraction.padEnd(places, "0")}`, language),
  );
}

/** As many arguments as a long table has rows are too many for a call of Math.max. */
const longest = (texts: readonly string[]): number => texts.reduce((most, { length }) => Math.max(most, length), 0);
