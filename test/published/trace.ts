import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";
import { ALL, manifestIn, sequester, textIn } from "../src/tracing/evidence/harness.ts";
import { LABELS, TRANSFERS } from "./data.ts";

describe("sequester trace, of what others published", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("traces the published transfers of April 2022, with the published services as stops", async () => {
    const dir = temporaryFolder();
    const seeds = path.join(dir, "seeds.csv");
    writeFileSync(seeds, "block_number,transaction_index,amount\n14669683,45,\n14669683,71,60000000000\n");
    const labels = ["etherscan-wordcloud-exchange", "tornado_cash", "usdt_blacklist", "exchange-wallets-okx"];
    const out = path.join(dir, "out");
    const usdt = "0xdAC17F958D2ee523a2206206994597C13D831ec7";
    const done = await sequester(
      ...[
        "trace",
        "run",
        "--transfers",
        TRANSFERS,
        "--seeds",
        seeds,
        "--asset",
        usdt,
        "--decimals",
        "6",
        "--opening",
        "clean",
      ],
      ...labels.flatMap((label) => ["--stops", path.join(LABELS, `${label}.yaml`)]),
      ...[...ALL, "--out", out],
    );
    expect(done.code, done.stderr).to.equal(0);
    expect(textIn(out, "sinks.csv")).to.match(
      /^0x28c6c06298d514db089934071355e5743bf21d60,Binance 14(,10000000000){6}$/m,
    );
    const { assumptions, inputs, totals } = manifestIn(out);
    expect(inputs.transfers[0]).to.include({ format: "transaction-index", entries: 99, otherAssets: 19 });
    expect(inputs.stops.map(({ notAddresses, notWallets }) => [notAddresses > 0, notWallets > 0])).to.deep.equal([
      [false, false],
      [false, false],
      [false, true],
      [true, false],
    ]);
    expect(assumptions.openings).to.have.length.greaterThan(50);
    expect(done.stdout).to.include(`before the first transfer of ${assumptions.openings.length} accounts`);
    expect(totals.slice(0, 5).map(({ injected, difference }) => [injected, difference])) //
      .to.deep.equal(Array.from({ length: 5 }, () => ["70000000000", "0"]));
    const verified = await sequester("trace", "verify", out);
    expect(verified.code, verified.stderr).to.equal(0);
  });
});
