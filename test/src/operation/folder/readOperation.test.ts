import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { sha256, stringToBytes } from "viem";
import { InputRefusedError, readOperation } from "../../../../src/operation/folder/readOperation.ts";
import type { Fault } from "../../../../src/operation/folder/faults.ts";
import type { OperationFiles } from "../../../../src/operation/folder/writeOperation.ts";
import { PARAMETERS } from "../../../system/parameters.ts";
import { folderOf, refusal, removeTemporaryFolders } from "../folders.ts";

const ANN = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const BOB = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";
const CAT = "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB";
const DAN = "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb";

const CASE = `{
  "schema": "sequester.operation/1",
  "name": "Two cases",
  "parameters": "kazakhstan",
  "start": "2025-09-29T06:00:00Z",
  "seed": "two",
  "officers": [
    { "agency": "FMA", "name": "FMA-1" },
    { "agency": "GPO", "name": "GPO-1" }
  ],
  "assets": [
    { "symbol": "USDT", "decimals": 6, "kind": "sovereign" },
    { "symbol": "KZTE", "decimals": 2, "kind": "sovereign", "perUsd": "547.7" }
  ],
  "cases": [
    { "id": "ONE", "ruling": "rulings/one.md" },
    { "id": "TWO", "ruling": "rulings/two.md" }
  ],
  "timeline": [
    { "at": "0d", "act": "freeze", "cases": "*" },
    { "at": "9d", "act": "arrest", "cases": "*", "except": ["${BOB}"], "until": "180d" },
    { "at": "10d1h", "act": "lapse" },
    { "at": "12d", "act": "lift", "case": "ONE", "holds": [{ "account": "${ANN}", "asset": "USDT", "amount": "0.5" }] },
    { "at": "14d", "act": "seize", "cases": ["ONE", "TWO"] },
    { "at": "15d", "act": "deposit", "case": "ONE", "asset": "USDT", "amount": "7" },
    { "at": "16d", "act": "book", "cases": ["ONE"] },
    { "at": "60d", "act": "return", "case": "TWO", "ruling": "rulings/back.md", "holders": [
      { "account": "${CAT}", "asset": "KZTE", "amount": "54770" }, { "account": "${DAN}", "asset": "USDT", "amount": "3" }] }
  ],
  "expect": {
    "targets": 4, "cases": 2, "accounts": 4, "platforms": 2, "groups": 2, "arrested": 3, "lapsed": 1,
    "usd": "106.75"
  }
}
`;

const TARGETS = `case,account,asset,amount,platform,group
ONE,${ANN},USDT,1.5,desk-1,group-1
ONE,${BOB.toLowerCase()},USDT,2.25,desk-1,group-1
TWO,${CAT},KZTE,54770,desk-2,group-2
TWO,${DAN},USDT,3,,group-2
`;

const good = (): OperationFiles =>
  new Map([
    ["case.json", CASE],
    ["targets.csv", TARGETS],
    ["rulings/one.md", "one"],
    ["rulings/two.md", "two"],
    ["rulings/back.md", "back"],
  ]);

/** The faults of the good folder after replacing a text in one of its files, which has to be there. */
function faultsAfter(file: string, from: string, to: string): readonly Fault[] {
  const files = good();
  const before = files.get(file) ?? "";
  expect(before, `the text to replace in ${file}`).to.include(from);
  files.set(file, before.replace(from, to));
  return refusal(() => readOperation(folderOf(files)));
}

const places = (faults: readonly Fault[]) => faults.map(({ name, file, line }) => `${name} ${file}:${line}`);

describe("readOperation", () => {
  after(removeTemporaryFolders);

  describe("of a good folder", () => {
    const read = () => readOperation(folderOf(good()));

    it("gives base units, checksummed accounts, Unix seconds and rulings with their hash", () => {
      const { assets, cases, start, officers, seed, name, parameters } = read();
      expect({ name, parameters: parameters.name, seed, start }).to.deep.equal({
        name: "Two cases",
        parameters: "kazakhstan",
        seed: "two",
        start: Date.UTC(2025, 8, 29, 6) / 1000,
      });
      expect(officers).to.deep.equal([
        { agency: "FMA", name: "FMA-1" },
        { agency: "GPO", name: "GPO-1" },
      ]);
      expect(assets).to.deep.equal([
        { symbol: "USDT", decimals: 6, kind: "sovereign", perUsd: { units: 1n, scale: 1n } },
        { symbol: "KZTE", decimals: 2, kind: "sovereign", perUsd: { units: 5477n, scale: 10n } },
      ]);
      expect(cases).to.deep.equal([
        {
          id: "ONE",
          ruling: { path: "rulings/one.md", file: "one.md", sha256: sha256(stringToBytes("one")) },
          targets: [
            { asset: "USDT", account: ANN, amount: 1_500_000n, platform: "desk-1", group: "group-1", line: 2 },
            { asset: "USDT", account: BOB, amount: 2_250_000n, platform: "desk-1", group: "group-1", line: 3 },
          ],
        },
        {
          id: "TWO",
          ruling: { path: "rulings/two.md", file: "two.md", sha256: sha256(stringToBytes("two")) },
          targets: [
            { asset: "KZTE", account: CAT, amount: 5_477_000n, platform: "desk-2", group: "group-2", line: 4 },
            { asset: "USDT", account: DAN, amount: 3_000_000n, platform: "", group: "group-2", line: 5 },
          ],
        },
      ]);
    });

    it("counts the totals, in exact dollars too", () => {
      const { usd, ...totals } = read().totals;
      expect(totals).to.deep.equal({
        targets: 4,
        cases: 2,
        accounts: 4,
        platforms: 2,
        groups: 2,
        // Not counted, but what the play has to come to.
        arrested: 3,
        lapsed: 1,
      });
      expect(usd.units * 100n).to.equal(10_675n * usd.scale);
    });

    it("gives every act with its second and its line", () => {
      expect(read().timeline.map(({ at, line, act }) => [at / 3600, act, line])).to.deep.equal([
        [0, "freeze", 20],
        [216, "arrest", 21],
        [241, "lapse", 22],
        [288, "lift", 23],
        [336, "seize", 24],
        [360, "deposit", 25],
        [384, "book", 26],
        [1440, "return", 27],
      ]);
    });

    it("gives an order the ruling that its act names, or the case's", () => {
      const named = read().timeline.flatMap((it) =>
        it.act === "lift" || it.act === "return" ? [[it.act, it.orders[0].ruling.file]] : [],
      );
      expect(named).to.deep.equal([
        ["lift", "one.md"],
        ["return", "back.md"],
      ]);
    });

    it("takes the parameters of a jurisdiction, or those of a file in the folder", () => {
      expect(readOperation(folderOf(good())).parameters.name).to.equal("kazakhstan");
      const files = good().set("law/own.json5", readFileSync("deploy/parameters/kazakhstan.json5", "utf8"));
      files.set("case.json", CASE.replace(`"kazakhstan"`, `"law/own.json5"`));
      const { name, rules } = readOperation(folderOf(files)).parameters;
      expect([name, rules]).to.deep.equal(["own", PARAMETERS.rules]);
    });
  });

  describe("refuses", () => {
    const refusals: [what: string, file: string, from: string, to: string, ...places: string[]][] = [
      ["an unknown agency", "case.json", `"FMA",`, `"ABC",`, "UnknownAgency case.json:8"],
      ["one officer in two agencies", "case.json", "GPO-1", "FMA-1", "DuplicateOfficer case.json:9"],
      [
        "an asset twice",
        "case.json",
        `"KZTE", "dec`,
        `"USDT", "dec`,
        "DuplicateAsset case.json:13",
        "UnknownAsset targets.csv:4",
      ],
      [
        "a symbol that could pass for more",
        "case.json",
        `"symbol": "USDT"`,
        `"symbol": "US,DT"`,
        "Malformed case.json:12",
      ],
      ["a symbol that reads as a number", "case.json", `"symbol": "USDT"`, `"symbol": "1E6"`, "Malformed case.json:12"],
      ["an asset of another kind", "case.json", `"sovereign" }`, `"circle" }`, "UnsupportedKind case.json:12"],
      [
        "a case twice",
        "case.json",
        `"id": "TWO"`,
        `"id": "ONE"`,
        "DuplicateCase case.json:17",
        "UnknownCase targets.csv:4",
        "UnknownCase targets.csv:5",
      ],
      [
        "a case without targets",
        "case.json",
        `"cases": [`,
        `"cases": [\n{ "id": "NIL", "ruling": "rulings/one.md" },`,
        "CaseWithoutTargets case.json:16",
      ],
      ["a case id that is too long", "case.json", `"id": "TWO"`, `"id": "${"T".repeat(32)}"`, "BadCaseId case.json:17"],
      ["a case id that is not ASCII", "case.json", `"id": "TWO"`, `"id": "ДЕЛО"`, "BadCaseId case.json:17"],
      ["a missing ruling", "case.json", `rulings/two.md`, `rulings/three.md`, "MissingRuling case.json:17"],
      ["a missing ruling of an act", "case.json", `rulings/back.md`, `rulings/forth.md`, "MissingRuling case.json:27"],
      ["a ruling that is a folder", "case.json", `"rulings/two.md"`, `"rulings"`, "MissingRuling case.json:17"],
      ["a ruling above the folder", "case.json", `rulings/two.md`, `rulings/../../two.md`, "PathEscape case.json:17"],
      ["an absolute ruling", "case.json", `rulings/two.md`, `/rulings/two.md`, "PathEscape case.json:17"],
      ["a ruling of a drive", "case.json", `rulings/two.md`, `C:/two.md`, "PathEscape case.json:17"],
      ["a ruling with backslashes", "case.json", `rulings/two.md`, `..\\\\two.md`, "PathEscape case.json:17"],
      ["a start that is no date", "case.json", `2025-09-29T06:00:00Z`, `2025-02-30T06:00:00Z`, "BadDate case.json:5"],
      ["a start without a zone", "case.json", `06:00:00Z`, `06:00:00`, "BadDate case.json:5"],
      ["an unknown key", "case.json", `"seed": "two",`, `"seed": "two",\n"sead": "two",`, "UnknownKey case.json:7"],
      [
        "an unknown key of an act",
        "case.json",
        `"act": "lapse" }`,
        `"act": "lapse", "case": "ONE" }`,
        "UnknownKey case.json:22",
      ],
      ["an unknown act", "case.json", `"act": "lapse"`, `"act": "forget"`, "Malformed case.json:22"],
      ["a missing key", "case.json", `  "seed": "two",\n`, ``, "Malformed case.json:1"],
      ["another schema", "case.json", `operation/1`, `operation/2`, "Malformed case.json:2"],
      ["decimals above 18", "case.json", `"decimals": 6`, `"decimals": 19`, "Malformed case.json:12"],
      ["a price of zero", "case.json", `547.7`, `0`, "BadAmount case.json:13"],
      ["JSON with a comma too many", "case.json", `"name": "GPO-1" }`, `"name": "GPO-1" },`, "Malformed case.json:10"],
      ["JSON that ends early", "case.json", `"106.75"\n  }\n}`, `"106.75"`, "Malformed case.json:32"],
      ["JSON with a text over two lines", "case.json", `"Two cases"`, `"Two\ncases"`, "Malformed case.json:3"],
      [
        "JSON that goes on after its end",
        "case.json",
        `"106.75"\n  }\n}`,
        `"106.75"\n  }\n}\n\n}`,
        "Malformed case.json:36",
      ],
      ["JSON with a comment", "case.json", `"seed": "two",`, `"seed": "two", # seed`, "Malformed case.json:6"],
      [
        "a key that comes twice",
        "case.json",
        `"seed": "two",`,
        `"seed": "two",\n"seed": "three",`,
        "Malformed case.json:7",
      ],

      ["a header that lacks a column", "targets.csv", `platform,group`, `platform`, "Malformed targets.csv:1"],
      ["a row that lacks a field", "targets.csv", `3,,group-2`, `3,group-2`, "Malformed targets.csv:5"],
      ["an open quote", "targets.csv", `desk-2`, `"desk-2`, "Malformed targets.csv:5"],
      ["a target of an unknown case", "targets.csv", `TWO,${CAT}`, `TOO,${CAT}`, "UnknownCase targets.csv:4"],
      ["a target of an unknown asset", "targets.csv", `KZTE`, `KZTF`, "UnknownAsset targets.csv:4"],
      ["too many decimals", "targets.csv", `54770`, `54770.001`, "TooManyDecimals targets.csv:4"],
      ["an amount of zero", "targets.csv", `54770`, `0.00`, "BadAmount targets.csv:4"],
      ["a negative amount", "targets.csv", `54770`, `-1`, "BadAmount targets.csv:4"],
      ["an amount that is no number", "targets.csv", `54770`, `1e9`, "BadAmount targets.csv:4"],
      ["an amount of 2^96", "targets.csv", `54770`, `792281625142643375935439503.36`, "AmountTooLarge targets.csv:4"],
      [
        "amounts that sum to 2^96",
        "targets.csv",
        `3,,`,
        `79228162514264337593542.450336,,`,
        "AmountTooLarge targets.csv:5",
      ],
      ["a wrong checksum", "targets.csv", ANN, ANN.replace("5aA", "5AA"), "BadChecksum targets.csv:2"],
      ["an address that is too short", "targets.csv", ANN, ANN.slice(0, -1), "BadAddress targets.csv:2"],
      ["the zero address", "targets.csv", ANN, `0x${"0".repeat(40)}`, "ZeroAddress targets.csv:2"],
      ["a target twice", "targets.csv", BOB.toLowerCase(), ANN.toLowerCase(), "DuplicateTarget targets.csv:3"],

      ["a time that is no offset", "case.json", `"at": "9d"`, `"at": "9 days"`, "BadTime case.json:21"],
      ["an act before the one above it", "case.json", `"at": "15d"`, `"at": "13d"`, "TimelineOrder case.json:25"],
      ["an act on an unknown case", "case.json", `["ONE", "TWO"]`, `["ONE", "TOO"]`, "UnknownCase case.json:24"],
      [
        "an act that names a case twice",
        "case.json",
        `["ONE", "TWO"]`,
        `["ONE", "TWO", "ONE"]`,
        "DuplicateCase case.json:24",
      ],
      [
        "a lift of an unknown asset",
        "case.json",
        `"asset": "USDT", "amount": "0.5"`,
        `"asset": "USDC", "amount": "0.5"`,
        "UnknownAsset case.json:23",
      ],
      [
        "a return with too many decimals",
        "case.json",
        `"amount": "54770" }`,
        `"amount": "5477.001" }`,
        "TooManyDecimals case.json:28",
      ],
      ["a total of targets that differs", "case.json", `"targets": 4`, `"targets": 5`, "TotalMismatch case.json:31"],
      [
        "totals that differ",
        "case.json",
        `"platforms": 2, "groups": 2`,
        `"platforms": 3, "groups": 1`,
        "TotalMismatch case.json:31",
        "TotalMismatch case.json:31",
      ],
      ["a sum in dollars that differs by a cent", "case.json", `106.75`, `106.76`, "TotalMismatch case.json:32"],
    ];
    for (const [what, file, from, to, ...needs] of refusals) {
      it(what, () => {
        expect(places(faultsAfter(file, from, to))).to.deep.equal(needs);
      });
    }

    it("a case that no freeze names", () => {
      const files = good();
      const lines = CASE.split("\n");
      const cut = lines.filter((line) => !/"(arrest|lapse|lift|seize|return)"|^ +\{ "account"/.test(line)).join("\n");
      const ends = cut.replace(`"freeze", "cases": "*"`, `"freeze", "cases": ["ONE"]`).replace(/("book".*\}),/, "$1");
      files.set("case.json", ends);
      expect(places(refusal(() => readOperation(folderOf(files))))).to.deep.equal(["CaseNeverFrozen case.json:17"]);
    });

    it("more than 1,000 targets in a case", () => {
      const rows = Array.from(
        { length: 1001 },
        (_, i) => `ONE,0x${(0x1000 + i).toString(16).padStart(40, "1")},USDT,1,,`,
      );
      const [fault, ...others] = faultsAfter(
        "targets.csv",
        `TWO,${CAT}`,
        `${rows.slice(0, 999).join("\n")}\nTWO,${CAT}`,
      );
      expect([fault?.name, fault?.line, others]).to.deep.equal(["TooManyTargets", 1002, []]);
    });

    it("parameters that there are not, that lie outside of the folder, and that cannot be read", () => {
      const refusedFor = (parameters: string, text?: string) => {
        const files = good().set("case.json", CASE.replace(`"kazakhstan"`, JSON.stringify(parameters)));
        if (text !== undefined) files.set(parameters, text);
        return refusal(() => readOperation(folderOf(files))).map(
          ({ name, line, reason }) => `${name} ${line}: ${reason}`,
        );
      };
      expect(refusedFor("atlantis")).to.deep.equal([
        "UnknownParameters 4: The parameters of deploy/parameters/atlantis.json5 cannot be used. has: no such file or folder; needs: the name of a jurisdiction, or a .json5 file",
      ]);
      expect(refusedFor("own.json5")).to.deep.equal([
        "UnknownParameters 4: the folder has no file own.json5 that can be read",
      ]);
      expect(refusedFor("../own.json5").join()).to.match(/^PathEscape 4: parameters: /);
      expect(refusedFor("law/own.json").join()).to.match(/^Malformed 4: parameters: needs the name of a jurisdiction/);
      expect(refusedFor("own.json5", "{").join()).to.match(
        /^UnknownParameters 4: The parameters of \S+own\.json5 cannot be used\. JSON5: /,
      );
    });

    it("a folder that is missing, or lacks a file, or has one that is no text", () => {
      const missing = ["MissingFile case.json:undefined", "MissingFile targets.csv:undefined"];
      expect(places(refusal(() => readOperation(path.join(folderOf(good()), "none"))))).to.deep.equal(missing);
      const files = good();
      files.delete("targets.csv");
      const dir = folderOf(files);
      expect(places(refusal(() => readOperation(dir)))).to.deep.equal(missing.slice(1));
      writeFileSync(path.join(dir, "targets.csv"), new Uint8Array([0xff, 0xfe]));
      expect(places(refusal(() => readOperation(dir)))).to.deep.equal(["Malformed targets.csv:undefined"]);
    });

    it("a ruling that is a link out of the folder", () => {
      const files = good();
      files.delete("rulings/two.md");
      const dir = folderOf(files);
      symlinkSync(path.join(folderOf(good()), "rulings/two.md"), path.join(dir, "rulings/two.md"));
      expect(places(refusal(() => readOperation(dir)))).to.deep.equal(["MissingRuling case.json:17"]);
    });

    it("with twenty faults in the message and all of them in the error", () => {
      const rows = Array.from({ length: 23 }, () => "ONE,0xabc,USDT,1,,");
      const files = good().set("targets.csv", [TARGETS.split("\n")[0], ...rows].join("\n"));
      const dir = folderOf(files);
      const faults = refusal(() => readOperation(dir));
      expect(faults.filter(({ name }) => name === "BadAddress")).to.have.length(23);
      const { metaMessages } = new InputRefusedError("It", faults);
      expect(metaMessages).to.have.length(21);
      expect(metaMessages.at(-1)).to.equal(`and ${faults.length - 20} more`);
    });

    it("with every fault of a stage, by file and line, in the message", () => {
      const files = good();
      files.set("case.json", CASE.replace(`"GPO",`, `"XYZ",`).replace("rulings/one", "rulings/none"));
      files.set("targets.csv", TARGETS.replace("1.5,", "1.5000000,").replace(CAT, CAT.toUpperCase().replace("X", "x")));
      const dir = folderOf(files);
      expect(() => readOperation(dir))
        .to.throw(InputRefusedError)
        .with.property(
          "message",
          `The operation folder ${dir} is refused: 4 faults.
  case.json:9: UnknownAgency: the officer GPO-1 is of XYZ, which is not one of ${PARAMETERS.agencies.join(", ")}
  case.json:16: MissingRuling: the folder has no file rulings/none.md that can be read
  targets.csv:2: TooManyDecimals: the amount 1.5000000 has 7 decimals, the asset 6
  targets.csv:4: BadChecksum: the account ${CAT.toUpperCase().replace("X", "x")} has a wrong checksum, its digits need ${CAT}`,
        );
    });
  });

  it("reads a file indented by tabs and one with a byte order mark and Windows line ends", () => {
    const files = good();
    files.set("case.json", CASE.replaceAll("  ", "\t"));
    files.set("targets.csv", `\ufeff${TARGETS.replaceAll("\n", "\r\n")}`);
    expect(readOperation(folderOf(files)).timeline.map(({ line }) => line)).to.include.members([20, 27]);
  });
});
