import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { sha256Of } from "../../../../src/tracing/evidence/canonical.ts";
import { ledgerFile, Ledgers } from "../../../../src/tracing/evidence/ledger.ts";
import { generateTransfers } from "../../../../scripts/transfers/generate.ts";
import { plainPass } from "../../../../src/tracing/engine/plain.ts";
import { TransfersBuilder } from "../../../../src/tracing/transfers/builder.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { filesIn } from "./harness.ts";

describe("ledgers of many accounts", () => {
  after(removeTemporaryFolders);

  const builder = new TransfersBuilder();
  for (const row of generateTransfers({ events: 1_000, wallets: 80, seed: "ledgers" }).rows) builder.add(row);
  const transfers = builder.build();
  const accounts = new Set(Array.from({ length: transfers.accounts.size - 1 }, (_, i) => i + 1));
  const methods = ["fifo", "haircut"] as const;

  function written(mostGathered?: number) {
    const dir = temporaryFolder();
    const [stops, openings] = [new Set<number>(), new Map<number, bigint>()];
    const ledgers = new Ledgers(dir, { transfers, methods, accounts, stops, openings }, mostGathered);
    const seeds = new Map([[200, transfers.value(200)]]);
    plainPass({
      transfers,
      seeds,
      stops,
      openings,
      methods,
      count: transfers.count,
      observe: (move) => ledgers.add(move),
    });
    return { dir, hashes: ledgers.close() };
  }

  it("have the same bytes, however often some of them are written meanwhile", () => {
    const whole = written();
    for (const most of [1, 500, 20_000]) expect(filesIn(written(most).dir)).to.deep.equal(filesIn(whole.dir));
  });

  it("are told with the hash of their bytes, and have every transfer of their account", () => {
    const { dir, hashes } = written(3_000);
    expect([...hashes.keys()].sort()).to.deep.equal(
      readdirSync(path.join(dir, "ledger"))
        .sort()
        .map((it) => `ledger/${it}`),
    );
    let lines = 0;
    for (const [file, hash] of hashes) {
      const text = readFileSync(path.join(dir, file), "utf8");
      expect(sha256Of(text)).to.equal(hash);
      lines += text.split("\n").length - 2;
    }
    // Each transfer twice, but those to oneself, mints and burns.
    const once = (row: number) =>
      transfers.from[row] === transfers.to[row] || transfers.from[row] === 0 || transfers.to[row] === 0;
    const rows = Array.from({ length: transfers.count }, (_, row) => row);
    expect(lines).to.equal(2 * transfers.count - rows.filter(once).length);
    expect(hashes.has(ledgerFile(transfers.accounts.address(1)))).to.equal(true);
  });
});
