import type { Language } from "../../base/languages.ts";
import type { Deployment } from "../../chain/deployments.ts";
import { LIMITS } from "../limits.ts";
import { canonical, sha256 } from "../pack.ts";
import { csvOf } from "../tables.ts";
import { cellInCsv } from "./cells.ts";
import { factsOf } from "./facts.ts";
import { htmlOf } from "./html.ts";
import type { Report } from "./report.ts";
import { sectionsOf } from "./sections.ts";
import { REPORT_WORDS } from "./words.ts";

/** The files of a report, by name: its JSON, a page to print, and a table each for spreadsheets, which both name the JSON's hash. */
export function filesOf(report: Report, deployment: Deployment, language: Language): [name: string, text: string][] {
  const text = canonical(report);
  const json = sha256(text);
  const sections = sectionsOf(report, deployment, language);
  const words = REPORT_WORDS[language];
  const { provesNot } = LIMITS[language];
  const below = [
    ...factsOf(report, json, language).map(([name, value]) => [name, cellInCsv(value)]),
    ...provesNot.map((item) => [words.provesNot, item]),
  ];
  return [
    ["report.json", text],
    ["report.html", htmlOf(report, { sections, deployment, json }, language)],
    ...sections.map(({ name, columns, rows }): [string, string] => {
      // Every line of a file has as many fields, RFC 4180 says.
      const wide = (line: readonly string[]) => [...line, ...columns.slice(line.length).map(() => "")];
      const table = rows.map((row) => row.map(cellInCsv));
      return [
        `${name}.csv`,
        csvOf({
          name,
          columns: columns.map((column) => words.columns[column]),
          rows: [...table, wide([]), ...below.map(wide)],
        }),
      ];
    }),
  ];
}
