// Long: measures the gas of every work beside its peers.
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { measure } from "../../bench/measure.ts";
import { readSnapshot, type Bench } from "../../bench/report.ts";

const WORKS = [
  "freeze.first",
  "freeze.next",
  "order.next",
  "officer.next",
  "transfer.neverHeld",
  "payout",
  "vault.create",
  "sitting.freeze",
  "sitting.seize",
];
/** How far a figure may be from the snapshot before somebody must look at it: per mille. */
const TOLERANCE = 5;

describe("bench/gas", () => {
  let bench: Bench;
  before(async () => {
    bench = await measure();
  });

  it("measures every work beside its floor, which no work undercuts", () => {
    expect(bench.schema).to.equal("sequester.bench.gas/1");
    expect(bench.rows.map(({ work }) => work)).to.deep.equal([...WORKS, "targets.perTransaction"]);
    for (const { work, ours, floor, peers } of bench.rows) {
      for (const gas of [ours, floor, ...Object.values(peers)])
        expect(Number.isSafeInteger(gas) && gas > 0, work).to.equal(true);
      if (WORKS.includes(work)) expect(ours, work).to.be.at.least(floor);
    }
  });

  it("finds a never-held account's transfer no dearer than OpenZeppelin's, and 420 targets in one transaction", () => {
    const of = (name: string) => bench.rows.find(({ work }) => work === name)!;
    expect(of("transfer.neverHeld").ours).to.be.at.most(of("transfer.neverHeld").peers.oz!);
    expect(of("targets.perTransaction").ours).to.be.at.least(420);
  });

  it("agrees with the snapshot; `npm run bench:gas -- --update` writes a new one to review", () => {
    const known = new Map(readSnapshot().rows.map((row) => [row.work, row.ours]));
    for (const { work, ours } of bench.rows) {
      const told = known.get(work)!;
      expect(Math.abs(ours - told) * 1000, `${work}: ${ours}, snapshot ${told}`).to.be.at.most(told * TOLERANCE);
    }
  });

  it("what an officer, a target and a transfer cost stands in a snapshot that every change must show", async () => {
    const snapshot = JSON.parse(readFileSync(new URL("../../bench/gas.snapshot.json", import.meta.url), "utf8")) as {
      rows: { work: string }[];
    };
    expect(snapshot.rows.map(({ work }) => work)).to.include.members([
      "freeze.first",
      "freeze.next",
      "officer.next",
      "transfer.neverHeld",
      "payout",
    ]);
  });
});
