import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { sha256 } from "viem";
import { readOperation } from "../../../../src/operation/folder/readOperation.ts";
import { importTagPack, type TagPackImport } from "../../../../src/operation/folder/importTagPack.ts";
import { refusal, removeTemporaryFolders, temporaryFolder } from "../folders.ts";

const PACK = `title: A list
label: "frozen, really"
category: black_list
currency: ETH
tags:
- address: '0x008fe40574e881e7247b50b991c0cc057d66647f '
- address: '0x0000000000000000000000000000000000000000'
- address: 0x0000000000000000000000000000018148086009
- address: 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed
  label: its own
  category: other
- address: '0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
- address: 3K35dyL85fR9ht7UgzPfd1gLRRXQtNTqE3
  currency: BTC
- address: TXfnBbkPwgMqNaVbWt3kTcsHGqmNNyJAdX
  currency: TRX
- address: '0x008FE40574e881e7247b50b991c0cc057d66647F'
- address: '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'
- address: '0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359'
`;

function options(text: string, more: Partial<TagPackImport> = {}): TagPackImport {
  const file = path.join(temporaryFolder(), "list.yaml");
  writeFileSync(file, text);
  const out = path.join(temporaryFolder(), "out");
  return {
    file,
    assetSymbol: "USDT",
    decimals: 6,
    casePrefix: "LIST",
    parameters: "kazakhstan",
    out,
    start: "2026-01-05T08:00:00Z",
    ...more,
  };
}

describe("importTagPack", () => {
  after(removeTemporaryFolders);

  it("makes a folder that reads, of the wallets alone, each once, with what they inherit", () => {
    const given = options(PACK, { maxPerCase: 2, amount: "12.5" });
    expect(importTagPack(given)).to.deep.equal({
      entries: 10,
      kept: 3,
      notAddresses: 4,
      notWallets: 2,
      duplicates: 1,
      cases: 2,
      sha256: sha256(readFileSync(given.file)),
      amount: "12.5",
      assetSymbol: "USDT",
    });
    const { cases, timeline, totals, start } = readOperation(given.out);
    expect(start).to.equal(Date.UTC(2026, 0, 5, 8) / 1000);
    expect(cases.map(({ id, targets }) => [id, targets.map(({ line: _, ...target }) => target)])).to.deep.equal([
      [
        "LIST-01",
        [
          {
            asset: "USDT",
            account: "0x008fe40574e881E7247b50b991c0Cc057D66647F",
            amount: 12_500_000n,
            platform: "frozen, really",
            group: "black_list",
          },
          {
            asset: "USDT",
            account: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            amount: 12_500_000n,
            platform: "its own",
            group: "other",
          },
        ],
      ],
      [
        "LIST-02",
        [
          {
            asset: "USDT",
            account: "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            amount: 12_500_000n,
            platform: "frozen, really",
            group: "black_list",
          },
        ],
      ],
    ]);
    expect(timeline.map(({ act }) => act)).to.deep.equal(["freeze", "arrest", "lapse", "seize"]);
    expect([totals.targets, totals.arrested, totals.lapsed]).to.deep.equal([3, 3, 0]);
  });

  it("says in every ruling which file it was made of, and that the amounts are not the list's", () => {
    const given = options(PACK, { maxPerCase: 2 });
    const { sha256: hash } = importTagPack(given);
    for (const id of ["list-01", "list-02"]) {
      const text = readFileSync(path.join(given.out, "rulings", `${id}.md`), "utf8");
      expect(text).to.include(hash.slice(2)).and.to.include("list.yaml").and.to.include("has no amounts");
      expect(text).to.include("1000 USDT");
      expect(text).not.to.include(path.dirname(given.file));
    }
  });

  const refused: [what: string, text: string, more: Partial<TagPackImport>, ...needs: string[]][] = [
    ["YAML that cannot be read", "tags:\n- address: [\nlabel: x", {}, "Malformed list.yaml:3"],
    ["a file without tags", "title: A list\n", {}, "Malformed list.yaml:1"],
    ["a tag without an address", "tags:\n- address: x\n- label: y\n", {}, "Malformed list.yaml:3"],
    ["a list without a wallet", "tags:\n- address: x\n", {}, "NothingToDo list.yaml:undefined"],
    ["a file that is missing", PACK, { file: "none.yaml" }, "MissingFile none.yaml:undefined"],
    ["too many decimals", PACK, { amount: "0.0000001" }, "TooManyDecimals :undefined"],
    ["an amount of zero", PACK, { amount: "0" }, "BadAmount :undefined"],
    ["decimals that no asset has", PACK, { decimals: 19 }, "Malformed :undefined"],
    ["a start that is no date", PACK, { start: "yesterday" }, "BadDate :undefined"],
    ["a symbol with a space", PACK, { assetSymbol: "US DT" }, "Malformed :undefined"],
    ["a prefix that leaves the folder", PACK, { casePrefix: "../X" }, "BadCaseId :undefined"],
    ["a prefix that is too long", PACK, { casePrefix: "X".repeat(29) }, "BadCaseId :undefined"],
    ["cases of no target", PACK, { maxPerCase: 0 }, "TooManyTargets :undefined"],
    ["cases of more targets than one may have", PACK, { maxPerCase: 1001 }, "TooManyTargets :undefined"],
  ];
  for (const [what, text, more, ...needs] of refused) {
    it(`refuses ${what}, and makes no folder`, () => {
      const given = options(text, more);
      const faults = refusal(() => importTagPack(given));
      const places = faults.map(({ name, file, line }) => `${name} ${path.basename(file)}:${line}`);
      expect([...new Set(places)]).to.deep.equal(needs);
      expect(existsSync(given.out)).to.equal(false);
    });
  }

  it("takes an empty folder, refuses one that is not empty, and a file", () => {
    const given = options(PACK, { out: temporaryFolder() });
    importTagPack(given);
    const before = readdirSync(given.out);
    for (const out of [given.out, given.file]) {
      const [fault, ...others] = refusal(() => importTagPack({ ...given, out, casePrefix: "AGAIN" }));
      expect([fault?.name, fault?.file, others]).to.deep.equal(["OutNotEmpty", out, []]);
    }
    expect(readdirSync(given.out)).to.deep.equal(before);
    expect(readFileSync(path.join(given.out, "targets.csv"), "utf8")).not.to.include("AGAIN");
  });
});
