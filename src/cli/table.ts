import { formatUnits } from "viem";

/** Lines of a table: the first column to the left, all others to the right. */
export function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** Base units in decimal units with grouped digits, all with as many decimals as the longest of them needs. */
export function amountsOf(units: readonly bigint[], decimals: number): string[] {
  const parts = units.map((amount) => formatUnits(amount, decimals).split("."));
  const places = Math.max(...parts.map(([, fraction = ""]) => fraction.length), Math.min(2, decimals));
  return parts.map(([whole = "", fraction = ""]) => {
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return places === 0 ? grouped : `${grouped}.${fraction.padEnd(places, "0")}`;
  });
}
