import { timeIn, type Language } from "../../base/languages.ts";
import { isoOf } from "../../base/time.ts";
import { textInHtml } from "./cells.ts";
import type { Series } from "./series.ts";

const SIZE = { width: 640, height: 150 };
const BOX = { left: 10, right: 10, top: 34, bottom: 22 };
/** Parts of the height in which an amount is drawn. */
const FINE = 10_000n;

/** Custody of one asset over time as a line of steps: whole numbers, no script, no font, nothing from elsewhere. */
export function chartOf({ points }: Series, title: string, most: string, language: Language): string {
  const width = SIZE.width - BOX.left - BOX.right;
  const height = SIZE.height - BOX.top - BOX.bottom;
  const top = points.reduce((max, { amount }) => (amount > max ? amount : max), 1n);
  const [first, last] = [points[0]!, points.at(-1)!];
  const span = Math.max(1, last.at - first.at);
  const x = (at: number) => BOX.left + Math.round((width * (at - first.at)) / span);
  const y = (amount: bigint) => BOX.top + height - Math.round((height * Number((amount * FINE) / top)) / Number(FINE));
  const line = points
    .map(({ at, amount }, i) => (i === 0 ? `M${x(at)} ${y(amount)}` : `H${x(at)}V${y(amount)}`))
    .join("");
  const base = BOX.top + height;
  const label = (at: number, place: number, anchor: string) =>
    `<text x="${place}" y="${SIZE.height - 6}" text-anchor="${anchor}">${textInHtml(timeIn(isoOf(at), language))}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" font-family="sans-serif" font-size="11">`,
    `<title>${textInHtml(title)}</title>`,
    `<text x="${BOX.left}" y="14" font-weight="bold">${textInHtml(title)}</text>`,
    `<text x="${BOX.left}" y="28">${textInHtml(most)}</text>`,
    `<path d="M${BOX.left} ${BOX.top}H${BOX.left + width}" stroke="#bbbbbb" stroke-dasharray="3 3" fill="none"/>`,
    `<path d="M${BOX.left} ${base}H${BOX.left + width}" stroke="#444444" fill="none"/>`,
    `<path d="${line}V${base}H${BOX.left}Z" fill="#dbe6f3"/>`,
    `<path d="${line}" stroke="#1f4e8c" stroke-width="1.5" fill="none"/>`,
    label(first.at, BOX.left, "start"),
    label(last.at, BOX.left + width, "end"),
    "</svg>",
  ].join("\n");
}
