import { timeIn, type Language } from "../../base/languages.ts";
import { isoOf } from "../../base/time.ts";
import type { Cell } from "./cells.ts";
import type { Report } from "./report.ts";
import { REPORT_WORDS } from "./words.ts";

/** What stands above the tables of a report, and below those in CSV; `json`: SHA-256 of its JSON. */
export function factsOf(report: Report, json: string, language: Language): [name: string, value: Cell][] {
  const { facts, from, to } = REPORT_WORDS[language];
  const { origin, chainId, docket, block, entries, after, until } = report;
  const at = (time: number) => timeIn(isoOf(time), language);
  return [
    [facts.chain, { text: String(chainId) }],
    [facts.docket, { hash: docket }],
    [facts.block, { text: `${block.number}, ${at(Number(block.timestamp))}` }],
    [facts.blockHash, { hash: block.hash }],
    [facts.period, { text: `${from(at(after))}, ${to(at(until))}` }],
    [facts.entries, { text: String(entries) }],
    [facts.json, { hash: `0x${json}` }],
    [facts.version, { text: origin.version }],
    [facts.source, { text: origin.source }],
  ];
}
