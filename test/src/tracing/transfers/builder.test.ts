import { expect } from "chai";
import { generateTransfers } from "../../../../scripts/transfers/generate.ts";
import { ZERO_ADDRESS, type TransferRow } from "../../../../src/tracing/transfers/row.ts";
import {
  BadTransferError,
  DuplicateTransferError,
  TransfersBuilder,
} from "../../../../src/tracing/transfers/builder.ts";
import { ZERO } from "../../../../src/tracing/transfers/transfers.ts";
import { randomFrom } from "../../orders/random.ts";

const ROW: TransferRow = {
  block: 5,
  logIndex: 1,
  hash: null,
  time: null,
  from: ZERO_ADDRESS,
  to: `0x${"ab".repeat(20)}`,
  value: 7n,
};

function built(rows: readonly (readonly [TransferRow, string?])[]) {
  const builder = new TransfersBuilder();
  for (const row of rows) builder.add(...row);
  return builder.build();
}

describe("tracing: transfers in columns", function () {
  this.timeout(60_000);

  it("give back every row in order of block and log index, whatever order they came in", function () {
    const random = randomFrom("columns");
    const rows = [...generateTransfers({ events: 3_000, wallets: 200, seed: "columns" }).rows].map(
      (row, i): TransferRow => ({
        ...row,
        block: row.block * (i % 2 === 0 ? 1 : 2 ** 20),
        logIndex: row.logIndex * 70_000,
        hash: i % 11 === 0 ? null : row.hash,
        time: i % 5 === 0 ? null : row.time,
        value: i % 3 === 0 ? row.value << BigInt(i % 200) : row.value,
      }),
    );
    const transfers = built(random.shuffle(rows).map((row) => [row, `some: file.csv:${row.logIndex}`]));
    const read = Array.from({ length: transfers.count }, (_, row) => ({
      block: transfers.block[row],
      logIndex: transfers.logIndex[row],
      hash: transfers.hash(row),
      time: transfers.time(row),
      from: transfers.accounts.address(transfers.from[row]!),
      to: transfers.accounts.address(transfers.to[row]!),
      value: transfers.value(row),
    }));
    const inOrder = rows.toSorted((a, b) => a.block - b.block || a.logIndex - b.logIndex);
    expect(read).to.deep.equal(
      inOrder.map(({ block, logIndex, hash, time, from, to, value }) => ({
        block,
        logIndex,
        hash,
        time,
        from,
        to,
        value,
      })),
    );
    expect(transfers.source(0)).to.equal(`some: file.csv:${inOrder[0]!.logIndex}`);
    expect(transfers.accounts.address(ZERO)).to.equal(ZERO_ADDRESS);
  });

  it("are found by place, by transaction and by block", function () {
    const rows = [...generateTransfers({ events: 500, wallets: 40, seed: "found" }).rows];
    const transfers = built(
      randomFrom("found")
        .shuffle(rows)
        .map((row) => [row]),
    );
    for (const [i, { block, logIndex, hash }] of rows.entries()) {
      expect(transfers.find(block, logIndex)).to.equal(i);
      expect(transfers.rowsOf([hash.toUpperCase().replace("X", "x")]).get(hash)).to.include(i);
    }
    expect(transfers.find(rows[0]!.block, 9_999)).to.be.undefined;
    expect(transfers.rowsOf([`0x${"00".repeat(32)}`]).get(`0x${"00".repeat(32)}`)).to.deep.equal([]);
    const { block } = rows[250]!;
    expect(transfers.countTo(block)).to.equal(rows.filter((row) => row.block <= block).length);
    expect([transfers.countTo(0), transfers.countTo(Infinity)]).to.deep.equal([0, 500]);
  });

  it("know their accounts by address, upper case or lower, and no others", function () {
    const { accounts } = built([[ROW]]);
    expect(accounts.size).to.equal(2);
    expect([accounts.find(ROW.to), accounts.find(ROW.to.toUpperCase().replace("X", "x"))]).to.deep.equal([1, 1]);
    for (const other of [
      "",
      "0x",
      ROW.to.slice(0, -1),
      `${ROW.to}0`,
      ROW.to.replace("b", "g"),
      `0x${"cd".repeat(20)}`,
    ]) {
      expect(accounts.find(other), other).to.be.undefined;
    }
  });

  it("are read from bytes as from text", function () {
    const builder = new TransfersBuilder();
    const hash = "0123456789abcDEF".repeat(4);
    const bytes = Buffer.from(`  ${ROW.to.slice(2).toUpperCase()},${hash},12`);
    expect(builder.accounts.ofDigits(bytes, 2)).to.equal(builder.accounts.of(ROW.to));
    builder.file("a.csv");
    builder.append(3, 4, 0, 1, 5, 9);
    expect(builder.hashDigits(bytes, 43)).to.equal(true);
    expect([builder.accounts.ofDigits(bytes, 3), builder.accounts.ofDigits(bytes, 100)]).to.deep.equal([-1, -1]);
    expect([builder.hashDigits(bytes, 42), builder.hashDigits(bytes, 60)]).to.deep.equal([false, false]);
    const transfers = builder.build();
    expect([transfers.hash(0), transfers.source(0), transfers.value(0)]).to.deep.equal([
      `0x${hash.toLowerCase()}`,
      "a.csv:9",
      5n,
    ]);
  });

  it("are refused when two are at one place, with both sources", function () {
    const rows = [2, 1, 3, 1].map((logIndex, i) => [{ ...ROW, logIndex }, `f${i % 2}.csv:${i + 2}`] as const);
    expect(() => built(rows)).to.throw(DuplicateTransferError, /log index 1 of block 5[^]*f1.csv:3 and f1.csv:5/);
    const nameless = [{ ...ROW, hash: `0x${"11".repeat(32)}` }, ROW].map((row) => [row] as const);
    expect(() => built(nameless)).to.throw(DuplicateTransferError, /transaction 0x11[^]*transaction unknown/);
  });

  for (const [what, change] of [
    ["value", { value: -1n }],
    ["value", { value: 2n ** 256n }],
    ["block", { block: -1 }],
    ["block", { block: 1.5 }],
    ["block", { block: 2 ** 53 }],
    ["log index", { logIndex: 2 ** 32 }],
    ["from", { from: "0x12" }],
    ["to", { to: `0x${"zz".repeat(20)}` }],
    ["transaction hash", { hash: "0x12" }],
  ] as const) {
    it(`are refused with a ${what} of ${String(Object.values(change)[0])}`, function () {
      expect(() => built([[{ ...ROW, ...change }, "x.csv:7"]])).to.throw(
        BadTransferError,
        `x.csv:7 is none: its ${what}`,
      );
    });
  }
});
