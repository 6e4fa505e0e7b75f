import { readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { readSeeds } from "../../src/tracing/lists/seeds.ts";
import { readStops, stopsByAccount } from "../../src/tracing/lists/stops.ts";
import { readTransfers } from "../../src/tracing/sources/transfers.ts";
import { removeTemporaryFolders } from "../src/operation/folders.ts";
import { FROZEN, LABELS, TRANSFERS } from "./data.ts";
import { fileOf, refused } from "../src/tracing/sources/inputs.ts";

const [USDT, USDC, UST] = [
  "0xdac17f958d2ee523a2206206994597c13d831ec7",
  "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48",
  "0xa47c8bf37f92abed4a126bda807a7b7498661acd",
];

describe("what others published", () => {
  after(removeTemporaryFolders);

  it("reads the real transfers of each of three assets", async () => {
    for (const [asset, decimals, taken] of [
      [USDT, 6, 80],
      [USDC, 6, 18],
      [UST, 18, 1],
    ] as const) {
      const { transfers, files, place } = await readTransfers({ files: [TRANSFERS], asset, decimals });
      expect([transfers.count, place]).to.deep.equal([taken, "transaction index"]);
      expect(files[0]).to.include({ format: "transaction-index", rows: 99, taken, otherAssets: 99 - taken });
    }
    const { transfers } = await readTransfers({ files: [TRANSFERS], asset: USDT, decimals: 6 });
    const row = transfers.find(14669683, 7)!;
    expect([transfers.value(row), transfers.time(row)]).to.deep.equal([18_670_000n, 1651105815]);
    expect((await refused(() => readTransfers({ files: [TRANSFERS], decimals: 6 }))).message).to.include("--asset");
    const options = { files: [TRANSFERS], asset: UST, decimals: 6 };
    expect((await refused(() => readTransfers(options))).message).to.include("more decimals than the asset");
  });

  it("reads every real TagPack, finds services among the real transfers, and counts what is of other chains", async () => {
    const { transfers } = await readTransfers({ files: [TRANSFERS], asset: USDT, decimals: 6 });
    const packs = readdirSync(LABELS).filter((name) => name.endsWith(".yaml"));
    const { stops, files, doubtful } = readStops(packs.map((name) => path.join(LABELS, name)));
    expect(files.map(({ form }) => form)).to.deep.equal(packs.map(() => "tagpack"));
    for (const { entries, kept, notAddresses, notWallets, duplicates } of files) {
      expect(kept + notAddresses + notWallets + duplicates).to.equal(entries);
    }
    expect(files.every(({ date }) => /^20\d\d-/.test(date))).to.equal(true);
    expect(doubtful).to.deep.equal([]);
    expect(stopsByAccount(stops, transfers.accounts).size).to.equal(8);
    const binance = stops.find(({ address }) => address === "0x28c6c06298d514db089934071355e5743bf21d60");
    expect(binance).to.include({ kind: "exchange" });
  });

  it("counts the list of addresses that Tether froze: 17 of them are no wallets", () => {
    const { files } = readStops([FROZEN]);
    expect(files[0]).to.include({ entries: 774, kept: 757, notAddresses: 0, notWallets: 17, duplicates: 0 });
  });

  it("takes a published address that has a blank after it", () => {
    const { files } = readStops([path.join(LABELS, "tornado_cash.yaml")]);
    expect(files[0]).to.include({ entries: 39, kept: 38, duplicates: 1, notAddresses: 0 });
  });

  it("finds a seed among the real transfers by block and transaction index", async () => {
    const read = await readTransfers({ files: [TRANSFERS], asset: USDT, decimals: 6 });
    const seeds = fileOf("seeds.csv", "block_number,transaction_index,amount\n14669683,45,\n14669683,7,670000\n");
    expect(readSeeds(seeds, read).seeds.map(({ row, amount }) => [read.transfers.logIndex[row], amount])).to.deep.equal(
      [
        [7, 670_000n],
        [45, 10_000_000_000n],
      ],
    );
  });
});
