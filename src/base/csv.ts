/** What a spreadsheet would take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** The text of a CSV file (RFC 4180). No field can become a formula where the file is opened in a spreadsheet. */
export function csvText(rows: readonly (readonly (string | number | boolean)[])[]): string {
  return rows.map((row) => `${row.map((value) => field(String(value))).join(",")}\n`).join("");
}

/** A value as it stands in a file of `csvText`: what a spreadsheet would compute is text there. */
export const harmless = (value: string): string => (FORMULA.test(value) ? `'${value}` : value);

function field(value: string): string {
  const text = harmless(value);
  return /[",\r\n']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
