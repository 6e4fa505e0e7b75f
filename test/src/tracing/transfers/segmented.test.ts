import { mkdtempSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { generateTransfers } from "../../../../scripts/transfers/generate.ts";
import type { TransferRow } from "../../../../src/tracing/transfers/row.ts";
import { readTransfers, SegmentedTransfers } from "../../../../src/tracing/transfers/segmented.ts";
import { TransfersBuilder } from "../../../../src/tracing/transfers/builder.ts";
import { type Transfers } from "../../../../src/tracing/transfers/transfers.ts";
import { randomFrom } from "../../orders/random.ts";

const ROWS = 64;

describe("tracing: transfers in segment files", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(function () {
    folder = mkdtempSync(path.join(tmpdir(), "sequester-segments-"));
  });
  afterEach(function () {
    rmSync(folder, { recursive: true });
  });

  const rows: readonly TransferRow[] = [...generateTransfers({ events: 400, wallets: 30, seed: "segments" }).rows].map(
    (row, i) => ({ ...row, value: i % 7 === 0 ? row.value + 2n ** BigInt(50 + (i % 200)) : row.value }),
  );
  const built = (list: readonly TransferRow[]): Transfers => {
    const builder = new TransfersBuilder();
    for (const row of list) builder.add(row, `${row.block % 2 === 0 ? "even" : "odd"}.csv:${row.logIndex}`);
    return builder.build();
  };
  const listOf = (transfers: Transfers | undefined) =>
    transfers &&
    Array.from({ length: transfers.count }, (_, row) => ({
      block: transfers.block[row],
      logIndex: transfers.logIndex[row],
      from: transfers.accounts.address(transfers.from[row]!),
      to: transfers.accounts.address(transfers.to[row]!),
      value: transfers.value(row),
      hash: transfers.hash(row),
      time: transfers.time(row),
      source: transfers.source(row),
    }));
  const write = (transfers: Transfers, key = "key") => new SegmentedTransfers(transfers, ROWS).write(folder, key);

  it("reads what it wrote, in every column", function () {
    const transfers = built(randomFrom("segments").shuffle(rows));
    write(transfers);
    expect(listOf(readTransfers(folder, "key"))).to.deep.equal(listOf(transfers));
    expect(listOf(transfers)?.map(({ value }) => value)).to.deep.equal(rows.map(({ value }) => value));
  });

  it("has nothing for other input files, and nothing where a segment was cut, changed or taken away", function () {
    write(built(rows));
    expect(readTransfers(folder, "another key")).to.be.undefined;
    const [first] = readdirSync(folder).sort();
    truncateSync(path.join(folder, first as string), 50);
    expect(readTransfers(folder, "key")).to.be.undefined;
    write(built(rows));
    expect(readTransfers(folder, "key")).not.to.be.undefined;
    rmSync(path.join(folder, first as string));
    expect(readTransfers(folder, "key")).to.be.undefined;
  });

  it("names equal histories by equal hashes, whatever order they were read in, and others by others", function () {
    const random = randomFrom("heads");
    const [some, all] = [built(rows.slice(0, 200)), built(random.shuffle(rows))].map(
      (transfers) => new SegmentedTransfers(transfers, ROWS),
    ) as [SegmentedTransfers, SegmentedTransfers];
    for (const end of [0, 1, 63, 64, 65, 128, 200]) expect(some.headAt(end), String(end)).to.equal(all.headAt(end));
    const changed = rows.map((row, i) => (i === 100 ? { ...row, value: row.value + 1n } : row));
    const other = new SegmentedTransfers(built(changed), ROWS);
    expect([64, 100, 101, 200].map((end) => other.headAt(end) === some.headAt(end))).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
  });

  it("keeps the segments of a history that has grown and removes those of one that has shrunk", function () {
    write(built(rows.slice(0, 200)));
    write(built(rows));
    expect(listOf(readTransfers(folder, "key"))).to.have.length(400);
    write(built(rows.slice(0, 100)), "shorter");
    expect(listOf(readTransfers(folder, "shorter"))).to.deep.equal(listOf(built(rows.slice(0, 100))));
    expect(readdirSync(folder).sort()).to.deep.equal(["000000.segment", "000001.segment", "transfers.index"]);
  });
});
