import { readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { readOperation } from "../../src/operation/folder/readOperation.ts";
import { importTagPack } from "../../src/operation/folder/importTagPack.ts";
import { runOperation } from "../../src/operation/run.ts";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";
import { FROZEN, LABELS } from "./data.ts";

const imported = (file: string) => {
  const out = path.join(temporaryFolder(), "out");
  const options = {
    assetSymbol: "USDT",
    decimals: 6,
    casePrefix: "USDT",
    parameters: "kazakhstan",
    out,
    start: "2026-01-05T06:00:00Z",
  };
  return { report: importTagPack({ file, ...options }), operation: readOperation(out) };
};

describe("importTagPack, of what others published", function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  it("imports the 774 addresses that Tether froze, 757 wallets in 8 cases, and plays them through to seizure", async () => {
    const { report, operation } = imported(FROZEN);
    expect(report).to.deep.include({
      entries: 774,
      kept: 757,
      notAddresses: 0,
      notWallets: 17,
      duplicates: 0,
      cases: 8,
    });
    expect(operation.cases.map(({ targets }) => targets.length)).to.deep.equal([100, 100, 100, 100, 100, 100, 100, 57]);
    const { totals } = operation;
    expect([totals.targets, totals.accounts, totals.arrested]).to.deep.equal([757, 757, 757]);
    const { statement } = await runOperation({ operation });
    expect(statement).to.include({ targets: 757, cases: 8, arrested: 757, lapsed: 0, difference: "0" });
    expect(statement.assets[0]).to.include({
      placed: "757000000000",
      seized: "757000000000",
      inCustody: "757000000000",
    });
    expect(statement.byCase.every(({ targets }) => targets <= 100)).to.equal(true);
  });

  it("imports every published list that has a wallet", () => {
    const lists = readdirSync(LABELS);
    expect(lists).to.have.length.above(0);
    for (const name of lists) {
      const { report, operation } = imported(path.join(LABELS, name));
      const { entries, kept, notAddresses, notWallets, duplicates, cases } = report;
      expect(kept + notAddresses + notWallets + duplicates, name).to.equal(entries);
      expect([operation.totals.targets, operation.totals.cases], name).to.deep.equal([kept, cases]);
    }
  });
});
