import { durationIn, numberIn, timeIn, type Language } from "../../base/languages.ts";
import { escaped } from "../../base/markup.ts";
import { isoOf } from "../../base/time.ts";
import { oneLine } from "../../base/words.ts";
import type { Column, SectionName } from "./words.ts";

/** What stands in a table, before it is written for a screen, for paper or for a spreadsheet. */
export type Cell =
  | { readonly text: string }
  /** A hash or an address: never cut, broken in groups of four. */
  | { readonly hash: string }
  /** Unix seconds. */
  | { readonly time: number }
  | { readonly seconds: number }
  /** Decimal units; their symbol stands in another cell unless it is told. */
  | { readonly decimal: string; readonly symbol?: string }
  | { readonly lines: readonly (readonly Cell[])[] };

export interface Section {
  readonly name: SectionName;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

const GROUPS = /[^]{1,4}/g;

/** A hash in groups of four between which a line may break, and nothing between that a copy would take along. */
export function hashInHtml(hash: string): string {
  const groups = hash.slice(2).match(GROUPS) ?? [];
  return `<code>0x${groups.map((group) => `<i>${escaped(group)}</i>`).join("<wbr>")}</code>`;
}

/** A text of others in HTML: no markup, nothing unseen. */
export const textInHtml = (text: string): string => escaped(oneLine(text));

export function cellInHtml(cell: Cell, language: Language): string {
  if ("text" in cell) return textInHtml(cell.text);
  if ("hash" in cell) return hashInHtml(cell.hash);
  if ("time" in cell) return textInHtml(timeIn(isoOf(cell.time), language));
  if ("seconds" in cell) return textInHtml(durationIn(cell.seconds, language));
  if ("decimal" in cell) {
    const symbol = cell.symbol === undefined ? "" : ` ${textInHtml(cell.symbol)}`;
    return `<b>${numberIn(cell.decimal, language)}${symbol}</b>`;
  }
  return cell.lines.map((line) => `<div>${line.map((part) => cellInHtml(part, language)).join(" ")}</div>`).join("");
}

/** Times are ISO, spans seconds, amounts digits and a point: what a program reads. */
export function cellInCsv(cell: Cell): string {
  if ("text" in cell) return oneLine(cell.text);
  if ("hash" in cell) return cell.hash;
  if ("time" in cell) return isoOf(cell.time);
  if ("seconds" in cell) return String(cell.seconds);
  if ("decimal" in cell) return cell.symbol === undefined ? cell.decimal : `${cell.decimal} ${oneLine(cell.symbol)}`;
  return cell.lines.map((line) => line.map(cellInCsv).join(" ")).join("; ");
}
