import { expect } from "chai";
import { BURNED, flowOf, MOST_EDGES, type Flow, type Movement } from "../../../../src/tracing/evidence/flow.ts";
import { escaped } from "../../../../src/base/markup.ts";
import { svgOf } from "../../../../src/tracing/evidence/svg.ts";
import { wallet, ZERO } from "./harness.ts";

const HEAD = { method: "fifo", asset: null, decimals: 2, block: 9 };

function flow(moves: readonly (readonly [from: string, to: string, taint: number])[], more = {}): Flow {
  const movements = moves.map(([from, to, taint], i): Movement => ({ from, to, taint: BigInt(taint), block: 100 + i }));
  return flowOf({ movements, held: () => 0n, sinks: new Map(), zero: ZERO, ...more });
}

/** Fails for text that is no well-formed XML: tags that do not match, raw signs, characters that XML forbids. */
function wellFormed(xml: string): void {
  // eslint-disable-next-line no-control-regex
  expect(xml).to.not.match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  const open: string[] = [];
  const rest = xml.replace(/<(\/?)(\w+)((?:\s[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_, close, name: string, __, empty) => {
    if (close) expect(open.pop()).to.equal(name);
    else if (!empty) open.push(name);
    return "";
  });
  expect(open).to.deep.equal([]);
  expect(rest).to.not.match(/[<>]/);
  expect(rest).to.not.match(/&(?!(?:amp|lt|gt|quot|#39);)/);
}

describe("the flow of money as a picture", () => {
  it("puts each account at its first way from the theft, in order of time", () => {
    const { nodes } = flow([
      ["V", "A", 9],
      ["A", "C", 4],
      ["A", "B", 5],
      ["B", "C", 5],
      ["C", "D", 9],
    ]);
    expect(nodes.map(({ id, hop, block }) => [id, hop, block])).to.deep.equal([
      ["V", 0, 100],
      ["A", 1, 100],
      ["C", 2, 101],
      ["B", 2, 102],
      ["D", 3, 104],
    ]);
  });

  it("draws what comes back as such, and one edge for all transfers between two accounts", () => {
    const bounce = Array.from({ length: 50 }, () => [["A", "B", 9] as const, ["B", "A", 9] as const]).flat();
    const { nodes, edges } = flow([["V", "A", 9], ...bounce, ["B", "V", 2]]);
    expect(nodes).to.have.length(3);
    expect(
      edges.map(({ from, to, taint, transfers, back }) => [from, to, Number(taint), transfers, back]),
    ).to.deep.equal([
      ["V", "A", 9, 1, false],
      ["A", "B", 450, 50, false],
      ["B", "A", 450, 50, true],
      ["B", "V", 2, 1, true],
    ]);
    const svg = svgOf(flow([["V", "A", 9], ...bounce]), HEAD);
    expect(svg).to.match(/<path d="M[^>]*stroke-dasharray/);
    expect(svg).to.include("B to A: 4.5 in 50 transfers, blocks 102 to 200");
  });

  it("has sinks under their names, all burns as one, and leaves out transfers without taint", () => {
    const { nodes } = flow(
      [
        ["V", "A", 9],
        ["A", "X", 0],
        ["A", "S", 3],
        ["A", ZERO, 2],
        ["V", ZERO, 1],
      ],
      { sinks: new Map([["S", "an exchange"]]), held: (account: string) => (account === "A" ? 4n : 0n) },
    );
    const told = nodes.map(({ id, role, label, received, kept }) => [id, role, label, Number(received), Number(kept)]);
    expect(told).to.deep.equal([
      ["V", "source", "", 0, 0],
      ["A", "account", "", 9, 4],
      ["S", "sink", "an exchange", 3, 0],
      [BURNED, "burn", "", 3, 0],
    ]);
  });

  it("keeps to 200 accounts and says how many are left out with how much", () => {
    const fan = Array.from({ length: 500 }, (_, i) => ["A", wallet(i), 1_000 + i] as const);
    const { nodes, left, leftTaint } = flow([["V", "A", 1_000_000], ...fan]);
    expect([nodes.length, left]).to.deep.equal([200, 302]);
    // The smallest 302 of those that A sent to.
    expect(leftTaint).to.equal(BigInt(Array.from({ length: 302 }, (_, i) => 1_000 + i).reduce((a, b) => a + b)));
    expect(nodes.slice(0, 2).map(({ id }) => id)).to.deep.equal(["V", "A"]);
    expect(svgOf(flow([["V", "A", 1_000_000], ...fan]), HEAD)).to.include(
      "302 smaller accounts, which 3,474.51 went on to",
    );
  });

  it("draws the strongest ways only, and says so", () => {
    const all = Array.from({ length: 60 }, (_, i) => i);
    const web = all.flatMap((i) => all.filter((j) => j !== i).map((j) => [wallet(i), wallet(j), 1 + i] as const));
    const drawn = flow(web);
    expect(drawn.edges).to.have.length(MOST_EDGES);
    expect(drawn.leftEdges).to.equal(web.length - MOST_EDGES);
    expect(drawn.edges.every(({ taint }) => taint >= 53n)).to.equal(true);
  });

  it("draws no two boxes over each other, all of them within the picture", () => {
    const moves = Array.from({ length: 150 }, (_, i) => [wallet(Math.floor(i / 3)), wallet(i + 1), 5] as const);
    const svg = svgOf(flow(moves), HEAD);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number) as [number, number, number];
    const boxes = [...svg.matchAll(/<g>.*?<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g)].map((match) =>
      match.slice(1).map(Number),
    ) as [number, number, number, number][];
    expect(boxes).to.have.length(151);
    for (const [i, [x, y, w, h]] of boxes.entries()) {
      expect(x >= 0 && y >= 0 && x + w <= width && y + h <= height).to.equal(true);
      for (const [x2, y2] of boxes.slice(i + 1)) {
        expect(Math.abs(x - x2) >= w || Math.abs(y - y2) >= h).to.equal(true);
      }
    }
  });

  it("is well-formed, also with nothing to draw, and the same every time", () => {
    const moves = [
      ["V", "A", 9],
      ["A", "V", 3],
      ["A", ZERO, 3],
    ] as const;
    for (const drawn of [flow(moves), flow([])]) {
      wellFormed(svgOf(drawn, HEAD));
      expect(svgOf(drawn, HEAD)).to.equal(svgOf(drawn, HEAD));
    }
    expect(svgOf(flow([["V", "A", 9]]), { ...HEAD, decimals: null })).to.include("amounts in base units");
  });

  it("lets no label out of its text", () => {
    const hostile = [
      "</text><script>alert(1)</script>",
      '" onload="alert(1)',
      "]]><!--",
      "&amp;&#x3c;script>",
      "\u0000\u0008\ud800\uffff\u202egnp",
      "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    ];
    for (const label of hostile) {
      const svg = svgOf(flow([["V", "S", 9]], { sinks: new Map([["S", label]]) }), HEAD);
      wellFormed(svg);
      expect(svg).to.not.match(/<script|onload="|<!|\u202e/);
    }
    expect(escaped("<a b='c'>&\"")).to.equal("&lt;a b=&#39;c&#39;&gt;&amp;&quot;");
  });
});
