import { formatUnits } from "viem";
import { BURNED, type Flow, type FlowEdge, type FlowNode } from "./flow.ts";
import { escaped } from "../../base/markup.ts";
import { countOf } from "../../base/words.ts";

/** What stands above the picture. */
export interface SvgHead {
  readonly method: string;
  readonly asset: string | null;
  /** Decimals of the amounts that are written; null: base units. */
  readonly decimals: number | null;
  readonly block: number;
}

const BOX = { width: 200, height: 40 };
const GAP = { x: 110, y: 14 };
const MARGIN = { left: 24, top: 118, bottom: 28 };
/** Amounts are written beside edges as long as they do not cover each other. */
const MOST_AMOUNTS = 60;
const LEAST_WIDTH = 720;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * The flow as SVG: a column for each hop, in it from top to bottom by time; money that does not go on to a later hop is drawn dashed.
 * Whole numbers only, no scripts, no fonts, nothing from elsewhere: same flow, same bytes.
 */
export function svgOf(flow: Flow, head: SvgHead): string {
  const places = placesOf(flow.nodes);
  const columns = Math.max(1, ...flow.nodes.map(({ hop }) => hop + 1));
  const rows = Math.max(1, ...countByHop(flow.nodes).values());
  const width = Math.max(LEAST_WIDTH, 2 * MARGIN.left + columns * BOX.width + (columns - 1) * GAP.x + 40);
  const height = MARGIN.top + rows * (BOX.height + GAP.y) + MARGIN.bottom;
  const most = flow.edges.reduce((max, { taint }) => (taint > max ? taint : max), 1n);
  const amount = amountText(head.decimals);
  const named = flow.edges.length <= MOST_AMOUNTS;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<title>${escaped(`Flow of the traced money by ${head.method}, at block ${head.block}`)}</title>`,
    STYLE,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...headOf(flow, head, amount),
    ...Array.from({ length: columns }, (_, hop) => columnHead(hop)),
    ...flow.edges.map((edge) => edgeOf(edge, places, most, amount)),
    ...flow.nodes.map((node) => boxOf(node, places.get(node.id)!, amount)),
    ...(named ? flow.edges.map((edge) => amountOf(edge, places, amount)) : []),
    "</svg>",
    "",
  ].join("\n");
}

const STYLE = `<defs>
<marker id="forth" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="#5b6b7f"/></marker>
<marker id="back" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="#b3541e"/></marker>
</defs>`;

const COLOURS: Record<"source" | "holds" | "passed" | "sink" | "burn", { fill: string; line: string; words: string }> =
  {
    source: { fill: "#e3ebf6", line: "#2f5b93", words: "robbed" },
    holds: { fill: "#fbe3dc", line: "#b23a1f", words: "holds traced money" },
    passed: { fill: "#ffffff", line: "#7a8593", words: "passed it on" },
    sink: { fill: "#dcefe6", line: "#1f7a54", words: "service: the trace stops" },
    burn: { fill: "#eeeeee", line: "#555555", words: "redeemed with the issuer" },
  };

function lookOf({ role, kept }: FlowNode): keyof typeof COLOURS {
  if (role === "sink" || role === "burn") return role;
  if (role === "source" && kept === 0n) return "source";
  return kept > 0n ? "holds" : "passed";
}

function headOf(flow: Flow, { method, asset, decimals, block }: SvgHead, amount: Amount): string[] {
  const units = decimals === null ? "base units" : "units of the asset";
  const facts = [
    `asset ${asset ?? "not named"}`,
    `evidence block ${block}`,
    `amounts in ${units}, cut to two decimals`,
  ];
  const left = [
    ...(flow.left > 0
      ? [`not drawn: ${countOf(flow.left, "smaller account")}, which ${amount(flow.leftTaint)} went on to`]
      : []),
    ...(flow.leftEdges > 0 ? [`nor, between those that are, ${countOf(flow.leftEdges, "smallest way")}`] : []),
  ];
  let x = MARGIN.left;
  const legend = [...Object.values(COLOURS), undefined].map((look) => {
    const { words } = look ?? { words: "back to an earlier hop, or within one" };
    const sign =
      look === undefined
        ? `<path d="M${x} 68h16" stroke="#b3541e" stroke-width="2" stroke-dasharray="6 4"/>`
        : `<rect x="${x}" y="62" width="12" height="12" rx="2" fill="${look.fill}" stroke="${look.line}"/>`;
    const text = `<text x="${x + 20}" y="72">${words}</text>`;
    x += 44 + 7 * words.length;
    return sign + text;
  });
  return [
    `<text x="${MARGIN.left}" y="28" font-size="16" font-weight="bold">${escaped(`Flow of the traced money by ${method}`)}</text>`,
    `<text x="${MARGIN.left}" y="48" fill="#444444">${escaped([...facts, ...left].join(" · "))}</text>`,
    ...legend,
  ];
}

const xOf = (hop: number) => MARGIN.left + hop * (BOX.width + GAP.x);

const columnHead = (hop: number): string =>
  `<text x="${xOf(hop)}" y="${MARGIN.top - 12}" fill="#444444" font-weight="bold">hop ${hop}</text>`;

function countByHop(nodes: readonly FlowNode[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { hop } of nodes) counts.set(hop, (counts.get(hop) ?? 0) + 1);
  return counts;
}

function placesOf(nodes: readonly FlowNode[]): Map<string, Place> {
  const filled = new Map<number, number>();
  const places = new Map<string, Place>();
  for (const { id, hop } of nodes) {
    const row = filled.get(hop) ?? 0;
    filled.set(hop, row + 1);
    places.set(id, { x: xOf(hop), y: MARGIN.top + row * (BOX.height + GAP.y) });
  }
  return places;
}

/** From the right side to the left one; what comes back goes round below, from the lower half to the lower half. */
function curve({ from, to, back }: FlowEdge, places: ReadonlyMap<string, Place>): [Place, Place, Place, Place] {
  const [a, b] = [places.get(from)!, places.get(to)!];
  const middle = BOX.height / 2;
  if (!back) {
    const [start, end] = [
      { x: a.x + BOX.width, y: a.y + middle - 6 },
      { x: b.x, y: b.y + middle - 6 },
    ];
    const reach = Math.floor((end.x - start.x) / 2);
    return [start, { x: start.x + reach, y: start.y }, { x: end.x - reach, y: end.y }, end];
  }
  if (a.x === b.x) {
    const [start, end] = [
      { x: a.x + BOX.width, y: a.y + middle + 8 },
      { x: b.x + BOX.width, y: b.y + middle + 8 },
    ];
    return [start, { x: start.x + 60, y: start.y }, { x: end.x + 60, y: end.y }, end];
  }
  const start = { x: a.x, y: a.y + middle + 10 };
  const end = { x: b.x + BOX.width, y: b.y + middle + 10 };
  const reach = Math.floor((start.x - end.x) / 2);
  return [start, { x: start.x - reach, y: start.y + 24 }, { x: end.x + reach, y: end.y + 24 }, end];
}

function edgeOf(edge: FlowEdge, places: ReadonlyMap<string, Place>, most: bigint, amount: Amount): string {
  const [start, one, two, end] = curve(edge, places);
  const { taint, transfers, firstBlock, lastBlock, back } = edge;
  // In quarters of a unit of length, from 3 to 24: whole numbers, so that no machine rounds otherwise.
  const quarters = 3n + (taint * 21n) / most;
  const strength = back ? 35n + (taint * 40n) / most : 25n + (taint * 45n) / most;
  const thickness = `${quarters / 4n}.${["00", "25", "50", "75"][Number(quarters % 4n)]}`;
  const blocks = firstBlock === lastBlock ? `block ${firstBlock}` : `blocks ${firstBlock} to ${lastBlock}`;
  const words = `${edge.from} to ${edge.to}: ${amount.exact(taint)} in ${countOf(transfers, "transfer")}, ${blocks}`;
  const look = back ? `stroke="#b3541e" stroke-dasharray="6 4"` : `stroke="#5b6b7f"`;
  return (
    `<path d="M${start.x} ${start.y}C${one.x} ${one.y} ${two.x} ${two.y} ${end.x} ${end.y}" fill="none" ${look} ` +
    `stroke-width="${thickness}" stroke-opacity="0.${strength}" marker-end="url(#${back ? "back" : "forth"})">` +
    `<title>${escaped(words)}</title></path>`
  );
}

function amountOf(edge: FlowEdge, places: ReadonlyMap<string, Place>, amount: Amount): string {
  const [start, one, two, end] = curve(edge, places);
  // The middle of the curve.
  const x = Math.floor((start.x + 3 * one.x + 3 * two.x + end.x) / 8);
  const y = Math.floor((start.y + 3 * one.y + 3 * two.y + end.y) / 8);
  const times = edge.transfers > 1 ? ` (${edge.transfers}×)` : "";
  return (
    `<text x="${x}" y="${y + 4}" text-anchor="middle" font-size="10" fill="${edge.back ? "#8a3d12" : "#2c3540"}" ` +
    `stroke="#ffffff" stroke-width="3" paint-order="stroke">${escaped(amount(edge.taint) + times)}</text>`
  );
}

function boxOf(node: FlowNode, { x, y }: Place, amount: Amount): string {
  const { fill, line } = COLOURS[lookOf(node)];
  const { id, label, role, received, kept, block } = node;
  const name = id === BURNED ? "burned" : `${id.slice(0, 8)}…${id.slice(-6)}`;
  const first = label === "" ? name : shortened(label, 25);
  const words = `${id}${label === "" ? "" : ` (${label})`}: received ${amount.exact(received)}, has ${amount.exact(kept)}; first in block ${block}`;
  return (
    `<g><title>${escaped(words)}</title>` +
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="${role === "sink" ? 20 : 4}" fill="${fill}" stroke="${line}"/>` +
    `<text x="${x + 12}" y="${y + 17}" font-weight="bold">${escaped(first)}</text>` +
    `<text x="${x + 12}" y="${y + 32}">${escaped(sumsOf(node, amount))}</text></g>`
  );
}

function sumsOf({ id, role, received, kept, block }: FlowNode, amount: Amount): string {
  if (role === "sink") return `${id.slice(0, 6)}…${id.slice(-4)} took ${amount(received)}`;
  if (role === "burn") return `took ${amount(received)}`;
  if (role === "source" && received === 0n) return `from block ${block}`;
  if (kept === 0n) return `passed on ${amount(received)}`;
  return kept === received ? `holds ${amount(kept)}` : `holds ${amount(kept)} of ${amount(received)}`;
}

const shortened = (text: string, most: number): string => {
  const points = [...text];
  return points.length <= most ? text : `${points.slice(0, most - 1).join("")}…`;
};

interface Amount {
  (units: bigint): string;
  exact(units: bigint): string;
}

function amountText(decimals: number | null): Amount {
  const parts = (units: bigint) => {
    const [whole = "", fraction = ""] = formatUnits(units, decimals ?? 0).split(".");
    return { whole: whole.replace(/\B(?=(\d{3})+$)/g, ","), fraction };
  };
  const joined = (whole: string, fraction: string) => (fraction === "" ? whole : `${whole}.${fraction}`);
  const cut = (units: bigint) => {
    const { whole, fraction } = parts(units);
    return joined(whole, whole === "0" ? fraction : fraction.slice(0, 2));
  };
  const exact = (units: bigint) => {
    const { whole, fraction } = parts(units);
    return joined(whole, fraction);
  };
  return Object.assign(cut, { exact });
}
