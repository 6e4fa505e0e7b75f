import type { Language } from "../../base/languages.ts";
import { pageOf } from "../../base/markup.ts";
import { amountsOf } from "../../base/table.ts";
import { oneLine } from "../../base/words.ts";
import type { Deployment } from "../../chain/deployments.ts";
import { decodeName } from "../../orders/caseId.ts";
import { LIMITS } from "../limits.ts";
import { unitsOf } from "../tables.ts";
import { cellInHtml, textInHtml, type Section } from "./cells.ts";
import { chartOf } from "./chart.ts";
import { factsOf } from "./facts.ts";
import type { Report } from "./report.ts";
import { REPORT_WORDS } from "./words.ts";

/** The report as a page to print: A4, heads of tables on each sheet. */
export function htmlOf(
  report: Report,
  { sections, deployment, json }: { sections: readonly Section[]; deployment: Deployment; json: string },
  language: Language,
): string {
  const words = REPORT_WORDS[language];
  const title = report.caseId === undefined ? words.ofPeriod : words.ofCase(decodeName(report.caseId));
  const { proves, provesNot } = LIMITS[language];
  const list = (head: string, items: readonly string[]) => [
    `<h2>${textInHtml(head)}</h2>`,
    `<ul>${items.map((item) => `<li>${textInHtml(item)}</li>`).join("")}</ul>`,
  ];
  const body = [
    `<h1>${textInHtml(title)}</h1>`,
    '<table class="facts"><tbody>',
    ...factsOf(report, json, language).map(
      ([name, value]) => `<tr><th scope="row">${textInHtml(name)}</th><td>${cellInHtml(value, language)}</td></tr>`,
    ),
    "</tbody></table>",
    ...sections.flatMap((section) => [
      `<h2>${textInHtml(words.sections[section.name])}</h2>`,
      `<p>${textInHtml(words.notes[section.name])}</p>`,
      ...(section.name === "custody" ? charts(report, deployment, language) : []),
      ...(section.rows.length === 0 ? [`<p>${textInHtml(words.nothing)}</p>`] : tableOf(section, language)),
    ]),
    ...list(words.proves, proves),
    ...list(words.provesNot, provesNot),
  ];
  return pageOf(oneLine(title), STYLE, body, language);
}

const tableOf = ({ columns, rows }: Section, language: Language): string[] => [
  "<table>",
  `<thead><tr>${columns.map((column) => `<th scope="col">${textInHtml(REPORT_WORDS[language].columns[column])}</th>`).join("")}</tr></thead>`,
  "<tbody>",
  ...rows.map((row) => `<tr>${row.map((cell) => `<td>${cellInHtml(cell, language)}</td>`).join("")}</tr>`),
  "</tbody>",
  "</table>",
];

function charts({ custody }: Report, deployment: Deployment, language: Language): string[] {
  const units = unitsOf(deployment);
  return custody.map((series) => {
    const symbol = units.symbol(series.asset);
    const most = series.points.reduce((max, { amount }) => (amount > max ? amount : max), 0n);
    return chartOf(series, symbol, amountsOf([most], deployment.decimals?.[symbol] ?? 0, language)[0]!, language);
  });
}

const STYLE = [
  "@page{size:A4 landscape;margin:12mm}",
  "body{font:9pt/1.35 sans-serif;color:#111;background:#fff;margin:0 auto;max-width:273mm}",
  "h1{font-size:15pt;margin:0 0 3mm}h2{font-size:11pt;margin:6mm 0 1mm;break-after:avoid}p{margin:0 0 2mm}",
  "table{border-collapse:collapse;width:100%}thead{display:table-header-group}tr{break-inside:avoid}",
  "th,td{border:.2mm solid #999;padding:.8mm 1.2mm;text-align:left;vertical-align:top}th{background:#eee}",
  ".facts{width:auto}b{font-weight:normal;white-space:nowrap;font-variant-numeric:tabular-nums}",
  "code{font:8pt monospace}code i{font-style:normal;margin-right:.5mm}svg{width:160mm;max-width:100%;display:block}",
].join("\n");
