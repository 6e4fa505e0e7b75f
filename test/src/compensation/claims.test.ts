import { expect } from "chai";
import { parseClaims } from "../../../src/compensation/index.ts";
import { InvalidFileError } from "../../../src/base/json.ts";
import { accountOf } from "./claimants.ts";

const HEADER = "id,account,class,loss\n";
const line = (id: string, n: number, of: string, loss: string) => `${id},${accountOf(n)},${of},${loss}\n`;

/** The faults for which a claims file is refused, as `field: reason`. */
function faultsOf(text: string, file = "claims.csv"): readonly string[] {
  try {
    parseClaims(text, file);
  } catch (error) {
    if (error instanceof InvalidFileError) return error.metaMessages;
    throw error;
  }
  throw new Error("the claims were taken");
}

describe("a claims file", () => {
  const claims = [
    { id: "O1", account: accountOf(1), class: "owner", loss: 90n },
    { id: "V1", account: accountOf(2), class: "victim", loss: 2n ** 96n - 1n },
  ];
  const csv = HEADER + line("O1", 1, "owner", "90") + line("V1", 2, "victim", String(2n ** 96n - 1n));
  const json = JSON.stringify(claims.map((claim) => ({ ...claim, loss: String(claim.loss) })));

  it("is CSV or, by its name, JSON", () => {
    expect(parseClaims(csv, "claims.csv")).to.deep.equal(claims);
    expect(parseClaims(json, "claims.JSON")).to.deep.equal(claims);
  });

  it("may have a byte order mark, empty lines, spaces around fields and line ends of any kind", () => {
    const text = `\ufeff${csv.replaceAll("\n", "\r\n").replace("owner", " owner ")}\r\n`;
    expect(parseClaims(text, "claims.csv")).to.deep.equal(claims);
  });

  it("may name one account in several claims", () => {
    const text = HEADER + line("A", 1, "victim", "1") + line("B", 1, "owner", "2");
    expect(parseClaims(text, "claims.csv").map(({ account }) => account)).to.deep.equal([accountOf(1), accountOf(1)]);
  });

  for (const [what, text, fault] of [
    [
      "another header",
      "id,account,loss,class\n",
      /^line 1: needs the header id,account,class,loss .base units. or id,account,class,amount /,
    ],
    ["no text", "", /^line 1: needs the header/],
    ["no claim", HEADER, /^the file: needs at least one claim$/],
    ["a field too few", `${HEADER}A,${accountOf(1)},owner\n`, /^line 2: has 3 fields, needs 4/],
    ["quotes that do not end", `${HEADER}"A,${accountOf(1)},owner,1\n`, /^line \d+: .*[Qq]uote/],
    ["a loss of 0", HEADER + line("A", 1, "owner", "0"), /^line 2, loss: needs a loss above zero$/],
    ["a loss in decimal units", HEADER + line("A", 1, "owner", "1.5"), /^line 2, loss: needs base units/],
    ["a negative loss", HEADER + line("A", 1, "owner", "-1"), /^line 2, loss: needs base units/],
    ["a loss with a leading zero", HEADER + line("A", 1, "owner", "01"), /^line 2, loss: needs base units/],
    ["a loss of 2^96", HEADER + line("A", 1, "owner", String(2n ** 96n)), /^line 2, loss: needs less than 2\^96/],
    ["another class", HEADER + line("A", 1, "friend", "1"), /^line 2, class: /],
    ["an id of nothing", HEADER + line("", 1, "owner", "1"), /^line 2, id: needs 1 to 64 printable/],
    ["an id of 65 characters", HEADER + line("x".repeat(65), 1, "owner", "1"), /^line 2, id: needs 1 to 64/],
    ["an id beyond ASCII", HEADER + line("Ä", 1, "owner", "1"), /^line 2, id: needs 1 to 64 printable/],
    ["address zero", `${HEADER}A,0x${"0".repeat(40)},owner,1\n`, /^line 2, account: needs an address other than 0$/],
    [
      "a wrong checksum",
      HEADER + `A,0x8617E340B3D1FA5F11F306F4090FD50E238070d,owner,1\n`,
      /^line 2, account: needs an/,
    ],
    [
      "a claim twice",
      HEADER + line("A", 1, "owner", "1") + line("A", 2, "victim", "1"),
      /^line 3, id: .*A comes twice$/,
    ],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const faults = faultsOf(text);
      expect(faults, faults.join("\n")).to.have.length(1);
      expect(faults[0]).to.match(fault);
    });
  }

  it("is refused with all of its faults at once", () => {
    const text = HEADER + line("A", 1, "owner", "0") + line("B", 2, "friend", "x");
    expect(faultsOf(text).map((fault) => fault.split(":")[0])).to.deep.equal([
      "line 2, loss",
      "line 3, class",
      "line 3, loss",
    ]);
  });

  it("is refused as JSON by the field, and where it is none", () => {
    expect(faultsOf('[{"id":"A"}]', "claims.json").join()).to.match(/\[0\]\.account: /);
    expect(faultsOf("[", "claims.json")[0]).to.match(/^the file: is no JSON/);
  });
});
