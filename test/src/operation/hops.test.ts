import { expect } from "chai";
import { mostHops } from "../../../src/operation/traceOperation.ts";
import { TransfersBuilder } from "../../../src/tracing/transfers/builder.ts";
import { ZERO_ADDRESS } from "../../../src/tracing/transfers/row.ts";

const account = (n: number) => (n === 0 ? ZERO_ADDRESS : `0x${n.toString(16).padStart(40, "e")}`);

/** Of transfers of [from, to, value], of which the second is a theft; accounts are numbers, 0 the zero address. */
function hopsOf(rows: readonly (readonly [number, number, number])[], stopAt: readonly number[] = []): number {
  const builder = new TransfersBuilder();
  for (const [i, [from, to, value]] of rows.entries()) {
    const where = { block: i, logIndex: 0, hash: null, time: null };
    builder.add({ ...where, from: account(from), to: account(to), value: BigInt(value) });
  }
  const transfers = builder.build();
  const stops = new Set(stopAt.map((n) => transfers.accounts.find(account(n))!));
  const seeds = new Map([[1, BigInt(rows[1]![2])]]);
  return mostHops({ transfers, seeds, stops, openings: new Map(), count: transfers.count }, "fifo");
}

describe("mostHops", () => {
  const THEFT = [
    [0, 1, 100],
    [1, 2, 50],
  ] as const;

  it("is one where the thief keeps everything, and none where nothing is stolen", () => {
    expect(hopsOf(THEFT)).to.equal(1);
    expect(hopsOf([THEFT[0], [1, 2, 0]])).to.equal(0);
  });

  it("counts the longest of several ways, and each way there and back", () => {
    expect(hopsOf([...THEFT, [2, 3, 20], [2, 4, 30], [4, 5, 30]])).to.equal(3);
    expect(hopsOf([...THEFT, [2, 3, 50], [3, 2, 50], [2, 4, 50]])).to.equal(4);
  });

  it("counts no clean money, and nothing behind a service", () => {
    expect(hopsOf([...THEFT, [1, 3, 50], [3, 4, 50], [4, 5, 50]])).to.equal(1);
    expect(hopsOf([...THEFT, [2, 3, 50], [3, 4, 50], [4, 5, 50]], [3])).to.equal(2);
  });
});
