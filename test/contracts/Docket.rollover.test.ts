import { expect } from "chai";
import { encodeCaseId } from "../../src/orders/index.ts";
import { at, goTo, loadFixture, now, timeOf } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { type Hold, holdsOn, PROVISIONAL, target } from "../system/entries.ts";
import { COOLING, DAY, TERM } from "../system/parameters.ts";

/** Kind and amount of the holds on an account, by priority. */
const shapeOf = (holds: Hold[]) => holds.map(({ kind, number, amount }) => [kind, number, amount]);

describe("Anti-rollover", () => {
  const LAST_END = TERM.Freeze;

  /** A holds alice's account provisionally from F for the whole term. */
  async function deployFrozen() {
    const system = await deploySystem();
    const start = await timeOf(system.freeze([target(system.kzte, system.alice, 60n)], { caseId: "A" }));
    return { ...system, start };
  }

  type Frozen = Awaited<ReturnType<typeof deployFrozen>>;

  const freezeBy = ({ freeze, kzte, alice }: Frozen, caseId: string, term: bigint) =>
    freeze([target(kzte, alice, 1n)], { caseId, term: Number(term) });

  const refuses = async (system: Frozen, caseId: string, term: bigint, time: bigint) => {
    await at(time);
    await expect(freezeBy(system, caseId, term))
      .to.be.revertedWithCustomError(system.docket, "DocketRollover")
      .withArgs(system.kzte, system.alice.address, system.start, system.start + LAST_END, time + term);
  };

  for (const caseId of ["A", "B"]) {
    it(`lets no further provisional hold of case ${caseId} end after F + 10 days`, async () => {
      const system = await loadFixture(deployFrozen);
      const { start, kzte, alice } = system;
      await refuses(system, caseId, 5n * DAY + 1n, start + 5n * DAY);
      await at(start + 5n * DAY);
      await freezeBy(system, caseId, 5n * DAY);
      expect((await holdsOn(system, kzte, alice))[1]!.until).to.equal(start + LAST_END);
      await refuses(system, caseId, TERM.Freeze, start + 6n * DAY);
      await refuses(system, caseId, 1n, start + LAST_END);
    });
  }

  it("counts from a short first hold as from a long one", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, freeze, kzte, alice } = system;
    const start = await timeOf(freeze([target(kzte, alice, 1n)], { caseId: "A", term: 60 }));
    await at(start + DAY);
    await expect(freeze([target(kzte, alice, 1n)], { caseId: "B" }))
      .to.be.revertedWithCustomError(docket, "DocketRollover")
      .withArgs(kzte, alice.address, start, start + LAST_END, start + DAY + TERM.Freeze);
    await freeze([target(kzte, alice, 1n)], { caseId: "B", term: Number(8n * DAY) });
  });

  /** What may happen, or not, to the first hold and to one that a second case placed on the fifth day. */
  const histories: [string, (system: Frozen) => Promise<unknown>][] = [
    ["nothing was recorded", async () => {}],
    [
      "both lapses were recorded",
      async ({ docket, kzte, alice, start }) => {
        await goTo(start + 11n * DAY);
        await docket.lapse(encodeCaseId("A"), [{ asset: kzte, account: alice }]);
        await docket.lapse(encodeCaseId("B"), [{ asset: kzte, account: alice }]);
      },
    ],
    [
      "the first lapse alone was recorded",
      async ({ docket, kzte, alice, start }) => {
        await goTo(start + 11n * DAY);
        await docket.lapse(encodeCaseId("A"), [{ asset: kzte, account: alice }]);
      },
    ],
    [
      "the second lapse alone was recorded",
      async ({ docket, kzte, alice, start }) => {
        await goTo(start + 11n * DAY);
        await docket.lapse(encodeCaseId("B"), [{ asset: kzte, account: alice }]);
      },
    ],
    ["the first hold was lifted", ({ lift, kzte, alice }) => lift([target(kzte, alice, 60n)], { caseId: "A" })],
    ["the first hold was seized", ({ seize, kzte, alice }) => seize([target(kzte, alice, 60n)], { caseId: "A" })],
  ];

  for (const [what, happen] of histories) {
    it(`lets none be placed from F + 10 days to F + 40 days, and one at F + 40 days, where ${what}`, async () => {
      const system = await loadFixture(deployFrozen);
      const { start } = system;
      await at(start + 5n * DAY);
      await freezeBy(system, "B", 5n * DAY);
      await happen(system);
      for (const day of [11n, 25n, 39n]) {
        await refuses(system, "C", 1n, start + day * DAY + 600n);
        await refuses(system, "A", TERM.Freeze, start + day * DAY + 601n);
      }
      await refuses(system, "C", 1n, start + COOLING - 1n);
      await at(start + COOLING);
      await freezeBy(system, "C", TERM.Freeze);
    });

    it(`begins anew with the hold that is placed at F + 40 days, where ${what}, and whatever is recorded after it`, async () => {
      const system = await loadFixture(deployFrozen);
      const { docket, start, kzte, alice } = system;
      await at(start + 5n * DAY);
      await freezeBy(system, "B", 5n * DAY);
      await happen(system);
      const again = start + COOLING;
      await at(again);
      await freezeBy(system, "C", TERM.Freeze);
      await goTo(again + 11n * DAY);
      for (const caseId of ["A", "B", "C"]) {
        // Where nothing is left to record, nothing changes.
        await docket.lapse(encodeCaseId(caseId), [{ asset: kzte, account: alice }]).catch(() => undefined);
        await refuses({ ...system, start: again }, "D", DAY, (await now()) + 100n);
      }
      await refuses({ ...system, start: again }, "D", 1n, again + COOLING - 1n);
      await at(again + COOLING);
      await freezeBy(system, "D", TERM.Freeze);
    });

    it(`lets one be placed after F + 40 days, where ${what} and the court placed an arrest in between`, async () => {
      const system = await loadFixture(deployFrozen);
      const { arrest, start, kzte, alice } = system;
      await at(start + 5n * DAY);
      await freezeBy(system, "B", 5n * DAY);
      await happen(system);
      await goTo(start + COOLING + DAY);
      await arrest({ place: [target(kzte, alice, 1n)], until: start + COOLING + 50n * DAY }, { caseId: "D" });
      await freezeBy(system, "C", TERM.Freeze);
    });
  }

  it("begins anew with a hold that is placed after F + 40 days", async () => {
    const system = await loadFixture(deployFrozen);
    const { start, docket, kzte, alice } = system;
    const second = start + COOLING + 100n;
    await at(second);
    await freezeBy(system, "B", DAY);
    await at(second + 11n * DAY);
    await expect(freezeBy(system, "A", 1n))
      .to.be.revertedWithCustomError(docket, "DocketRollover")
      .withArgs(kzte, alice.address, second, second + LAST_END, second + 11n * DAY + 1n);
    await at(second + COOLING);
    await freezeBy(system, "A", TERM.Freeze);
  });

  it("does not bind the court: Arrest may place at any time", async () => {
    const system = await loadFixture(deployFrozen);
    const { arrest, tenge, start, kzte, alice } = system;
    await goTo(start + 15n * DAY);
    await arrest({ place: [target(kzte, alice, 9n)], until: (await now()) + TERM.Arrest }, { caseId: "B" });
    expect(await tenge.getFrozenTokens(alice)).to.equal(9n);
  });

  it("is each account's and each asset's own", async () => {
    const { freeze, start, kzte, usdx, alice, bob } = await loadFixture(deployFrozen);
    await goTo(start + 11n * DAY);
    await freeze([target(kzte, bob, 1n)], { caseId: "A" });
    await freeze([target(usdx, alice, 1n)], { caseId: "A" });
  });

  it("is kept by the ended hold's word with amount 0, which alone opens it", async () => {
    const system = await loadFixture(deployFrozen);
    const { lift, kzte, alice, start } = system;
    await at(start + DAY);
    await freezeBy(system, "B", DAY);
    const ends = [
      await timeOf(lift([target(kzte, alice, 60n)], { caseId: "A" })),
      await timeOf(lift([target(kzte, alice, 1n)], { caseId: "B" })),
    ] as const;
    const [first, second] = await holdsOn(system, kzte, alice);
    expect(first).to.deep.equal({
      kind: PROVISIONAL,
      caseNumber: 1n,
      number: 1n,
      since: start,
      until: ends[0],
      amount: 0n,
      opens: true,
    });
    expect(second).to.deep.equal({
      kind: PROVISIONAL,
      caseNumber: 2n,
      number: 2n,
      since: start + DAY,
      until: ends[1],
      amount: 0n,
    });
  });

  it("lets that word go once nothing counts from it", async () => {
    const system = await loadFixture(deployFrozen);
    const { lift, kzte, alice } = system;
    const end = await timeOf(lift([target(kzte, alice, 60n)], { caseId: "A" }));
    await at(end + COOLING + 1n);
    await freezeBy(system, "B", DAY);
    expect(shapeOf(await holdsOn(system, kzte, alice))).to.deep.equal([[PROVISIONAL, 2n, 1n]]);
  });

  it("does not count that slot among the sixteen", async () => {
    const system = await loadFixture(deployFrozen);
    const { docket, arrest, lift, kzte, alice, start } = system;
    await lift([target(kzte, alice, 60n)], { caseId: "A" });
    for (let i = 1; i <= 8; ++i) await freezeBy(system, `P${i}`, DAY);
    const place = [target(kzte, alice, 1n)];
    for (let i = 1; i <= 8; ++i) await arrest({ place, until: start + 50n * DAY }, { caseId: `C${i}` });
    const holds = await holdsOn(system, kzte, alice);
    expect(holds).to.have.length(17);
    expect(holds[0]).to.include({ number: 1n, amount: 0n });
    expect((await docket.heldOf(kzte, alice)).held).to.equal(16n);
    await expect(arrest({ place, until: start + 50n * DAY }, { caseId: "C9" }))
      .to.be.revertedWithCustomError(docket, "DocketHoldsFull")
      .withArgs(kzte, alice.address, 16n);
  });
});

describe("Provisional holds of one account", () => {
  it("provisional holds do not follow each other inside of the cooling; only the court goes on", async () => {
    const { docket, kzte, alice, freeze, arrest } = await loadFixture(deploySystem);
    const since = await timeOf(freeze([target(kzte, alice, 1n)]));
    await goTo(since + 20n * DAY);
    await expect(freeze([target(kzte, alice, 1n)], { term: 60 })).to.be.revertedWithCustomError(
      docket,
      "DocketRollover",
    );
    await arrest({ place: [target(kzte, alice, 1n)], until: (await now()) + 100n * DAY });
    await goTo(since + 40n * DAY);
    await freeze([target(kzte, alice, 1n)]);
  });
});
