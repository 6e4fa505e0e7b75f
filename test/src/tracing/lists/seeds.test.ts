import { expect } from "chai";
import { readSeeds } from "../../../../src/tracing/lists/seeds.ts";
import { readTransfers } from "../../../../src/tracing/sources/transfers.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { account, csvOf, fileOf, hashOf, refused, WRITTEN } from "../sources/inputs.ts";

/** Two transactions, the first with two transfers; then one of nothing, and one to its sender. */
const ROWS = [
  { block: 5, logIndex: 2, hash: hashOf(1), time: 1, from: account(1), to: account(2), value: 100n },
  { block: 5, logIndex: 4, hash: hashOf(1), time: 1, from: account(2), to: account(3), value: 2n ** 200n },
  { block: 6, logIndex: 0, hash: hashOf(2), time: 2, from: account(3), to: account(4), value: 50n },
  { block: 7, logIndex: 0, hash: hashOf(3), time: 3, from: account(1), to: account(2), value: 0n },
  { block: 7, logIndex: 1, hash: hashOf(4), time: 3, from: account(1), to: account(1), value: 9n },
];

const own = () => readTransfers({ files: [fileOf("t.csv", csvOf(WRITTEN.sequester(ROWS)))] });
const byTransaction = () =>
  readTransfers({ files: [fileOf("t.csv", csvOf(WRITTEN["transaction-index"](ROWS)))], decimals: 6 });
const json = (...entries: unknown[]): string => fileOf("seeds.json", JSON.stringify(entries, null, 2));
const csv = (...rows: string[]): string =>
  fileOf("seeds.csv", `transaction_hash,log_index,amount\n${rows.join("\n")}\n`);

describe("readSeeds", () => {
  after(removeTemporaryFolders);

  it("finds transfers by transaction hash and log index, in JSON with texts or numbers, and in CSV", async () => {
    const transfers = await own();
    const expected = [
      { row: 0, amount: 60n },
      { row: 1, amount: 2n ** 200n },
      { row: 2, amount: 50n },
    ];
    const files = [
      json(
        { transaction_hash: hashOf(2), log_index: 0 },
        { transaction_hash: hashOf(1).toUpperCase().replace("X", "x"), log_index: "4", amount: null },
        { transaction_hash: hashOf(1), log_index: 2, amount: 60, note: { from: "the victim" } },
      ),
      json(
        { transaction_hash: hashOf(2), log_index: 0, amount: "50" },
        { transaction_hash: hashOf(1), log_index: 4, amount: String(2n ** 200n) },
        { transaction_hash: hashOf(1), log_index: 2, amount: "60" },
      ),
      csv(`${hashOf(2)},0,`, `${hashOf(1)},4,${2n ** 200n}`, `${hashOf(1)},2,60`),
      fileOf(
        "s.csv",
        `\uFEFFamount,log_index,transaction_hash,who\r\n"60","2",${hashOf(1)},A\r\n,4,${hashOf(1)},B\r\n,0,${hashOf(2)},C\r\n`,
      ),
    ];
    for (const file of files) {
      const { seeds, repeated, withoutEffect, file: list } = readSeeds(file, transfers);
      expect(seeds).to.deep.equal(expected);
      expect({ repeated, withoutEffect, entries: list.entries }).to.deep.equal({
        repeated: 0,
        withoutEffect: [],
        entries: 3,
      });
      expect(list.sha256).to.match(/^[0-9a-f]{64}$/);
    }
  });

  it("keeps every digit of a JSON number, which a double would not", async () => {
    const file = fileOf(
      "s.json",
      `[{"transaction_hash": "${hashOf(1)}", "log_index": 4, "amount": ${2n ** 53n + 1n}}]`,
    );
    expect(readSeeds(file, await own()).seeds).to.deep.equal([{ row: 1, amount: 2n ** 53n + 1n }]);
  });

  it("finds a transfer by its block and place, and by the hash alone where its transaction has one", async () => {
    const transfers = await own();
    const file = json({ block_number: 5, log_index: 2 }, { transaction_hash: hashOf(2) });
    expect(readSeeds(file, transfers).seeds.map(({ row }) => row)).to.deep.equal([0, 2]);
    const placed = fileOf("s.csv", "block_number,transaction_index,amount\n5,4,7\n");
    expect(readSeeds(placed, await byTransaction()).seeds).to.deep.equal([{ row: 1, amount: 7n }]);
    const inOrder = await readTransfers({
      files: [fileOf("t.csv", csvOf(WRITTEN.etherscan(ROWS), { quoted: true }))],
      decimals: 6,
    });
    const ofHash = json({ transaction_hash: hashOf(2), log_index: 33, amount: "1" });
    expect(readSeeds(ofHash, inOrder).seeds).to.deep.equal([{ row: 2, amount: 1n }]);
  });

  it("counts a repeated seed once, also when it names the transfer in another way", async () => {
    const whole = { transaction_hash: hashOf(2), log_index: 0 };
    const file = json(whole, { ...whole, amount: "50" }, { block_number: 6, log_index: 0, amount: 50 });
    const { seeds, repeated, file: list } = readSeeds(file, await own());
    expect(seeds).to.deep.equal([{ row: 2, amount: 50n }]);
    expect([repeated, list.entries]).to.deep.equal([2, 3]);
  });

  it("lists seeds that taint nothing", async () => {
    const file = csv(`${hashOf(3)},0,`, `${hashOf(4)},1,`, `${hashOf(2)},0,0`, `${hashOf(1)},2,1`);
    const { seeds, withoutEffect } = readSeeds(file, await own());
    expect(seeds.map(({ row, amount }) => [row, amount])).to.deep.equal([
      [0, 1n],
      [2, 0n],
      [3, 0n],
      [4, 9n],
    ]);
    expect(withoutEffect).to.deep.equal([
      `The seed at ${file}:4 is of no value: it taints nothing.`,
      `The seed at ${file}:2 is of no value: it taints nothing.`,
      `The seed at ${file}:3 is to its sender: it taints nothing.`,
    ]);
  });

  const hash = hashOf(1);
  const BROKEN: [what: string, row: string, says: string, needs?: string][] = [
    ["matches no transaction", `${hashOf(9)},0,1`, "it matches no transfer", "a transaction of the transfers"],
    ["matches no log index", `${hash},3,1`, "it matches no transfer", "a log index of this transaction: 2, 4"],
    ["could be several transfers", `${hash},,1`, "it matches several transfers", "needs: log_index"],
    ["is larger than its transfer", `${hash},2,101`, "it is larger than its transfer", "at most 100 base units"],
    ["is negative", `${hash},2,-1`, "its amount is negative"],
    ["is 2^256", `${hash},4,${2n ** 256n}`, "its amount is 2^256 or more"],
    ["is decimal", `${hash},2,1.5`, "its amount is not a whole number"],
    ["is no number", `${hash},2,all`, "its amount is not a whole number"],
    ["has a hash that is none", "0x12,2,1", "its transaction_hash is none"],
    ["has a log index that is none", `${hash},-2,1`, "its log_index is no whole number"],
    ["names nothing", ",2,1", "it names no transfer"],
    ["contradicts another", `${hashOf(2)},0,7`, "it contradicts another seed", "has: 7 here, 50 in line 2"],
    ["has a field too few", hash, "it has another number of fields"],
    ["has a quote that does not end", `"${hash},2,1`, "it is no row of a CSV file"],
  ];
  for (const [what, row, says, needs = says] of BROKEN) {
    it(`refuses a seed that ${what}, with file and row`, async () => {
      const transfers = await own();
      const file = csv(`${hashOf(2)},0,`, row);
      const error = await refused(() => readSeeds(file, transfers));
      expect(error.name).to.equal("RowRefusedError");
      expect(error.message).to.include(`${file}:3 is refused: ${says}`).and.to.include(needs);
    });
  }

  it("tells the line of an entry of JSON", async () => {
    const transfers = await own();
    const file = json({ transaction_hash: hashOf(2), log_index: 0 }, { transaction_hash: hashOf(9), log_index: 0 });
    expect((await refused(() => readSeeds(file, transfers))).message).to.include(`${file}:6 is refused`);
    for (const amount of [true, [1], { units: 1 }, 1.5, 1e300]) {
      const typed = json({ transaction_hash: hash, log_index: 2, amount });
      expect((await refused(() => readSeeds(typed, transfers))).message).to.include(
        `${typed}:2 is refused: its amount`,
      );
    }
  });

  it("refuses a place that the transfers do not have", async () => {
    const ofIndex = fileOf("s.csv", "block_number,transaction_index,amount\n5,2,7\n");
    expect((await refused(async () => readSeeds(ofIndex, await own()))).message).to.include(
      "block_number and log index",
    );
    const ofLog = fileOf("s.csv", "block_number,log_index,amount\n5,2,7\n");
    const error = await refused(async () => readSeeds(ofLog, await byTransaction()));
    expect(error.message).to.include("block_number and transaction index");
    const ofHash = csv(`${hash},2,1`);
    expect((await refused(async () => readSeeds(ofHash, await byTransaction()))).message).to.include(
      "matches no transfer",
    );
  });

  it("refuses what is no list of seeds", async () => {
    const transfers = await own();
    const cases: [text: string | Uint8Array, name: string][] = [
      ["", "HeaderRefusedError"],
      ["tx,index\n1,2\n", "HeaderRefusedError"],
      ["transaction_hash,amount,amount\n", "HeaderRefusedError"],
      ["[]", "FileRefusedError"],
      ["transaction_hash,log_index,amount\n", "FileRefusedError"],
      [`[{"transaction_hash": "${hash}", "log_index": 2`, "FileRefusedError"],
      [`[{"transaction_hash": "${hash}", "log_index": 2, "amount": 1, "amount": 90}]`, "FileRefusedError"],
      [`{"transaction_hash": "${hash}", "log_index": 2}`, "FileRefusedError"],
      ["[1]", "RowRefusedError"],
      [Uint8Array.of(0xff, 0xfe, 0x5b), "FileRefusedError"],
    ];
    for (const [text, name] of cases) {
      const file = fileOf("seeds", text);
      const error = await refused(() => readSeeds(file, transfers));
      expect(error.name, String(text)).to.equal(name);
      expect(error.message).to.include(file);
    }
    expect((await refused(() => readSeeds("no such file", transfers))).name).to.equal("FileAccessError");
  });
});
