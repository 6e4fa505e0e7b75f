import { expect } from "chai";
import { buildArrest, digestOf } from "../../src/orders/index.ts";
import { itRefusesBrokenOrders, twoByTwo } from "./brokenOrders.ts";
import { at, goTo, loadFixture, newAddress, now, timeOf } from "../system/chain.ts";
import { deploySystem, holderOf, type System } from "../system/deployed.ts";
import {
  ARRESTED,
  caseOf,
  changed,
  effectsOf,
  ended,
  entryOf,
  execute,
  headAfter,
  type Hold,
  holdsOn,
  onHold,
  opened,
  PROVISIONAL,
  STANDING,
  target,
  WHAT,
} from "../system/entries.ts";
import { DOCUMENT, officerIdOf } from "../system/officers.ts";
import { COOLING, DAY, DECIDERS, LONGEST_ARREST, type OfficerName, TERM } from "../system/parameters.ts";

/** Alice's account, 60 held by CASE since `since` until `until`. */
async function deployFrozen() {
  const system = await deploySystem();
  const sent = system.freeze([target(system.kzte, system.alice, 60n)]);
  const since = await timeOf(sent);
  return { ...system, since, until: since + TERM.Freeze, arrestUntil: since + 100n * DAY };
}

/** A hold of the first case on alice's account, placed as the first one. */
const first = (since: bigint, until: bigint, amount: bigint, kind = ARRESTED): Hold => ({
  kind,
  caseNumber: 1n,
  number: 1n,
  since,
  until,
  amount,
});

/** The same, from which no provisional hold may roll over: a Freeze placed it, or it was split off that one. */
const opening = (...of: Parameters<typeof first>): Hold => ({ ...first(...of), opens: true });

/** Confirms alice's hold again and again, each time for the longest term, until it ends at `end`; goes to its last second. */
async function arrestTo({ arrest, kzte, alice, since }: Awaited<ReturnType<typeof deployFrozen>>, end: bigint) {
  for (let until = since + TERM.Arrest; until <= end; until += TERM.Arrest) {
    await arrest({ confirm: [target(kzte, alice, 60n)], until });
    await goTo(until - 1n);
  }
}

describe("Docket.arrest", () => {
  describe("confirming", () => {
    it("makes a provisional hold an arrested one with a new end; its number and beginning stay", async () => {
      const system = await loadFixture(deployFrozen);
      const { docket, tenge, arrest, kzte, alice, since, arrestUntil } = system;
      const effects = await effectsOf(arrest({ confirm: [target(kzte, alice, 60n)], until: arrestUntil }));
      const hold = opening(since, arrestUntil, 60n);
      expect(effects).to.deep.equal([onHold(WHAT.CONFIRMED, kzte, alice, 60n, hold)]);
      expect(await holdsOn(system, kzte, alice)).to.deep.equal([hold]);
      expect([...(await docket.heldOf(kzte, alice))]).to.deep.equal([60n, arrestUntil]);
      expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
    });

    it("continues a hold without a gap", async () => {
      const { tenge, arrest, kzte, alice, bob, until, arrestUntil } = await loadFixture(deployFrozen);
      await arrest({ confirm: [target(kzte, alice, 60n)], until: arrestUntil });
      for (const second of [until, until + 1n, arrestUntil]) {
        await goTo(second);
        expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
        expect(await tenge.canTransfer(alice, bob, await tenge.balanceOf(alice))).to.equal(false);
      }
      await goTo(arrestUntil + 1n);
      expect(await tenge.getFrozenTokens(alice)).to.equal(0n);
    });

    it("is one entry of the journal, with the order, its document and its officers", async () => {
      const system = await loadFixture(deployFrozen);
      const { docket, domain, base, kzte, alice, caseId, arrestUntil } = system;
      const order = buildArrest({
        ...(await base({})),
        confirm: [target(kzte, alice, 60n)],
        upTo: 1,
        until: arrestUntil,
      });
      const head = await docket.head();
      const entry = await entryOf(execute(system, order));
      expect(entry).to.deep.include({ seq: 3n, act: 2n, caseId, document: DOCUMENT, order: digestOf(order, domain) });
      expect(entry.officerIds).to.deep.equal(
        ["COURT-1" as const, "FMA-1" as const, "GPO-1" as const].map(officerIdOf).sort(),
      );
      expect(await docket.head()).to.equal(headAfter(head, entry));
    });

    it("extends an arrested hold", async () => {
      const system = await loadFixture(deployFrozen);
      const { arrest, kzte, alice, since, arrestUntil } = system;
      await arrest({ confirm: [target(kzte, alice, 60n)], until: arrestUntil });
      const later = arrestUntil + 30n * DAY;
      const effects = await effectsOf(arrest({ confirm: [target(kzte, alice, 60n)], until: later }));
      expect(effects).to.deep.equal([onHold(WHAT.EXTENDED, kzte, alice, 60n, opening(since, later, 60n))]);
    });

    it("frees no provisional hold to roll over: forty days count from the first one, confirmed or not", async () => {
      const { docket, freeze, arrest, kzte, alice, since, until, arrestUntil } = await loadFixture(deployFrozen);
      await arrest({ confirm: [target(kzte, alice, 60n)], until: arrestUntil });
      for (const second of [until + DAY, since + COOLING - 1n]) {
        await at(second);
        await expect(freeze([target(kzte, alice, 1n)], { caseId: "CASE-2", term: 1 }))
          .to.be.revertedWithCustomError(docket, "DocketRollover")
          .withArgs(kzte, alice.address, since, until, second + 1n);
      }
      await at(since + COOLING);
      await freeze([target(kzte, alice, 1n)], { caseId: "CASE-2" });
    });

    it("refuses more than the case's live holds", async () => {
      const { docket, arrest, kzte, alice, arrestUntil } = await loadFixture(deployFrozen);
      await expect(arrest({ confirm: [target(kzte, alice, 61n)], until: arrestUntil }))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, alice.address, 60n, 61n);
    });

    it("refuses another case's hold", async () => {
      const system = await loadFixture(deployFrozen);
      const { docket, arrest, freeze, kzte, alice, bob, arrestUntil } = system;
      await freeze([target(kzte, bob, 5n)], { caseId: "CASE-2" });
      await expect(arrest({ confirm: [target(kzte, alice, 1n)], until: arrestUntil }, { caseId: "CASE-2" }))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, alice.address, 0n, 1n);
    });

    it("refuses an account that was never held", async () => {
      const { docket, arrest, kzte, bob, arrestUntil } = await loadFixture(deployFrozen);
      await expect(arrest({ confirm: [target(kzte, bob, 1n)], until: arrestUntil }))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, bob.address, 0n, 1n);
    });

    it("refuses a case that was never opened, which stays unopened", async () => {
      const { docket, arrest, kzte, alice, arrestUntil } = await loadFixture(deployFrozen);
      await expect(arrest({ confirm: [target(kzte, alice, 1n)], until: arrestUntil }, { caseId: "CASE-9" }))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, alice.address, 0n, 1n);
      expect(await docket.caseCount()).to.equal(1n);
    });

    const ends: [string, (system: Awaited<ReturnType<typeof deployFrozen>>) => Promise<unknown>][] = [
      ["has lapsed", ({ until }) => goTo(until)],
      [
        "has lapsed and was recorded as lapsed",
        async ({ until, docket, kzte, alice, caseId }) => {
          await goTo(until);
          await docket.lapse(caseId, [{ asset: kzte, account: alice }]);
        },
      ],
      ["was lifted", ({ lift, kzte, alice }) => lift([target(kzte, alice, 60n)])],
      ["was seized", ({ seize, kzte, alice }) => seize([target(kzte, alice, 60n)])],
    ];

    for (const [what, end] of ends) {
      it(`refuses a hold that ${what}`, async () => {
        const system = await loadFixture(deployFrozen);
        const { docket, arrest, kzte, alice, arrestUntil } = system;
        await end(system);
        await expect(arrest({ confirm: [target(kzte, alice, 1n)], until: arrestUntil }))
          .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
          .withArgs(kzte, alice.address, 0n, 1n);
      });
    }

    it("counts only the live ones of several holds", async () => {
      const { docket, arrest, freeze, kzte, alice, since, arrestUntil } = await loadFixture(deployFrozen);
      await freeze([target(kzte, alice, 20n)], { term: Number(DAY) });
      await goTo(since + 5n * DAY);
      await expect(arrest({ confirm: [target(kzte, alice, 61n)], until: arrestUntil }))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, alice.address, 60n, 61n);
    });

    it("refuses to shorten a provisional or an arrested hold, and may keep its end", async () => {
      const { docket, arrest, kzte, alice, until, arrestUntil } = await loadFixture(deployFrozen);
      const confirm = [target(kzte, alice, 60n)];
      for (const end of [until, arrestUntil]) {
        await expect(arrest({ confirm, until: end - 1n }))
          .to.be.revertedWithCustomError(docket, "DocketTermShortened")
          .withArgs(kzte, alice.address, end, end - 1n);
        await arrest({ confirm, until: end });
        if (end === until) await arrest({ confirm, until: arrestUntil });
      }
    });

    it("may last 730 days since the hold began, however often it is extended, and no second more", async () => {
      const system = await loadFixture(deployFrozen);
      const { docket, arrest, kzte, alice, since } = system;
      const confirm = [target(kzte, alice, 60n)];
      const last = since + LONGEST_ARREST;
      await arrestTo(system, since + 4n * TERM.Arrest);
      await expect(arrest({ confirm, until: last + 1n }))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooLong")
        .withArgs(kzte, alice.address, since, last, last + 1n);
      await arrest({ confirm, until: last });
      expect((await holdsOn(system, kzte, alice))[0]!.until).to.equal(last);
    });

    it("needs room for the split where only a part is confirmed", async () => {
      const system = await loadFixture(deployFrozen);
      const { docket, arrest, kzte, alice, arrestUntil } = system;
      for (let i = 2; i <= 16; ++i) {
        await arrest({ place: [target(kzte, alice, 1n)], until: arrestUntil }, { caseId: `CASE-${i}` });
      }
      await expect(arrest({ confirm: [target(kzte, alice, 30n)], until: arrestUntil }))
        .to.be.revertedWithCustomError(docket, "DocketHoldsFull")
        .withArgs(kzte, alice.address, 16n);
      await arrest({ confirm: [target(kzte, alice, 60n)], until: arrestUntil });
    });

    it("makes that room by dropping what has ended, with its lapse", async () => {
      const system = await loadFixture(deployFrozen);
      const { arrest, kzte, alice, since, until, arrestUntil } = system;
      const short = since + 5n * DAY;
      const sent = arrest({ place: [target(kzte, alice, 7n)], until: short }, { caseId: "CASE-2" });
      const ended = {
        kind: ARRESTED,
        caseNumber: 2n,
        number: 2n,
        since: await timeOf(sent),
        until: short,
        amount: 0n,
      };
      for (let i = 3; i <= 16; ++i) {
        await arrest({ place: [target(kzte, alice, 1n)], until: arrestUntil }, { caseId: `CASE-${i}` });
      }
      await goTo(short + 1n);
      const effects = await effectsOf(arrest({ confirm: [target(kzte, alice, 20n)], until: arrestUntil }));
      expect(effects).to.deep.equal([
        onHold(WHAT.CONFIRMED, kzte, alice, 20n, opening(since, arrestUntil, 20n)),
        onHold(WHAT.LAPSED, kzte, alice, 7n, ended),
        onHold(WHAT.FORGOTTEN, kzte, alice, 0n, ended),
      ]);
      const holds = await holdsOn(system, kzte, alice);
      expect(holds).to.have.length(16);
      expect(holds.slice(0, 2)).to.deep.equal([
        opening(since, arrestUntil, 20n),
        first(since, until, 40n, PROVISIONAL),
      ]);
    });
  });

  describe("placing", () => {
    it("holds an account that was never held, and opens the case", async () => {
      const system = await loadFixture(deploySystem);
      const { tenge, arrest, kzte, bob, caseId } = system;
      const until = (await now()) + DAY;
      const sent = arrest({ place: [target(kzte, bob, 70n)], until });
      const hold = first(await timeOf(sent), until, 70n);
      expect(await effectsOf(sent)).to.deep.equal([opened(1n), onHold(WHAT.ARRESTED, kzte, bob, 70n, hold)]);
      expect(await holdsOn(system, kzte, bob)).to.deep.equal([hold]);
      expect(await tenge.getFrozenTokens(bob)).to.equal(70n);
      expect(await caseOf(system, caseId)).to.deep.equal({ number: 1n, hasVault: false });
    });

    it("holds several accounts in one order, numbered on from the last hold", async () => {
      const system = await loadFixture(deployFrozen);
      const { arrest, kzte, usdx, bob, arrestUntil } = system;
      await arrest({ place: [target(kzte, bob, 1n), target(usdx, bob, 2n)], until: arrestUntil });
      const numbers = [...(await holdsOn(system, kzte, bob)), ...(await holdsOn(system, usdx, bob))].map(
        ({ number }) => number,
      );
      expect(numbers.sort()).to.deep.equal([2n, 3n]);
    });

    it("beside a live hold of its own case counts from when that began", async () => {
      const system = await loadFixture(deployFrozen);
      const { arrest, kzte, alice, since, until, arrestUntil } = system;
      await goTo(since + 3n * DAY);
      const effects = await effectsOf(arrest({ place: [target(kzte, alice, 5n)], until: arrestUntil }));
      const hold = { ...first(since, arrestUntil, 5n), number: 2n };
      expect(effects).to.deep.equal([onHold(WHAT.ARRESTED, kzte, alice, 5n, hold)]);
      expect(await holdsOn(system, kzte, alice)).to.deep.equal([opening(since, until, 60n, PROVISIONAL), hold]);
    });

    it("beside another case's hold counts from now", async () => {
      const system = await loadFixture(deployFrozen);
      const { arrest, kzte, alice, since, arrestUntil } = system;
      await goTo(since + 3n * DAY);
      const sent = await arrest({ place: [target(kzte, alice, 5n)], until: arrestUntil }, { caseId: "CASE-2" });
      expect((await holdsOn(system, kzte, alice))[1]!.since).to.equal(await timeOf(sent));
    });

    it("within forty days of its own case's ended hold counts from when that began, later from now", async () => {
      const system = await loadFixture(deployFrozen);
      const { arrest, lift, kzte, alice, since, until, arrestUntil } = system;
      await at(until + COOLING);
      await arrest({ place: [target(kzte, alice, 5n)], until: arrestUntil });
      expect((await holdsOn(system, kzte, alice)).at(-1)!.since).to.equal(since);
      const end = await timeOf(lift([target(kzte, alice, 5n)], { by: ["COURT-1", "GPO-1"], arrested: true }));
      await at(end + COOLING + 1n);
      const sent = await arrest({ place: [target(kzte, alice, 5n)], until: end + 100n * DAY });
      expect((await holdsOn(system, kzte, alice)).at(-1)!.since).to.equal(await timeOf(sent));
    });

    it("cannot stretch an arrest above 730 days by a new hold beside the old one", async () => {
      const system = await loadFixture(deployFrozen);
      const { docket, arrest, kzte, alice, since } = system;
      const last = since + LONGEST_ARREST;
      await arrestTo(system, since + 4n * TERM.Arrest);
      const place = [target(kzte, alice, 1n)];
      await expect(arrest({ place, until: last + 1n }))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooLong")
        .withArgs(kzte, alice.address, since, last, last + 1n);
      await arrest({ place, until: last });
    });

    it("and confirming can stand in one order over the same account", async () => {
      const system = await loadFixture(deployFrozen);
      const { arrest, kzte, alice, since, arrestUntil } = system;
      const effects = await effectsOf(
        arrest({ confirm: [target(kzte, alice, 60n)], place: [target(kzte, alice, 5n)], until: arrestUntil }),
      );
      expect(effects).to.deep.equal([
        onHold(WHAT.CONFIRMED, kzte, alice, 60n, opening(since, arrestUntil, 60n)),
        onHold(WHAT.ARRESTED, kzte, alice, 5n, { ...first(since, arrestUntil, 5n), number: 2n }),
      ]);
    });

    it("refuses a seventeenth hold on one account", async () => {
      const { docket, arrest, kzte, alice, arrestUntil } = await loadFixture(deployFrozen);
      const place = [target(kzte, alice, 1n)];
      for (let i = 2; i <= 16; ++i) await arrest({ place, until: arrestUntil }, { caseId: `CASE-${i}` });
      await expect(arrest({ place, until: arrestUntil }, { caseId: "CASE-17" }))
        .to.be.revertedWithCustomError(docket, "DocketHoldsFull")
        .withArgs(kzte, alice.address, 16n);
    });

    const accounts: [string, bigint, (system: System) => Promise<string>][] = [
      ["a contract of the system", STANDING.SYSTEM, ({ docket }) => docket.getAddress()],
      ["an asset", STANDING.ASSET, async ({ usdx }) => usdx],
      ["the treasury", STANDING.TREASURY, async ({ treasury }) => treasury.address],
    ];
    for (const [who, standing, find] of accounts) {
      it(`refuses ${who}`, async () => {
        const system = await loadFixture(deployFrozen);
        const account = await find(system);
        await expect(system.arrest({ place: [target(system.kzte, account, 1n)], until: system.arrestUntil }))
          .to.be.revertedWithCustomError(system.docket, "DocketCannotHold")
          .withArgs(account, standing);
      });
    }
  });

  describe("the order", () => {
    it("ends after now, within 180 days", async () => {
      const { docket, arrest, kzte } = await loadFixture(deploySystem);
      const place = [target(kzte, newAddress(), 1n)];
      const time = (await now()) + 100n;
      for (const until of [1n, time - 1n, time, time + TERM.Arrest + 1n, 2n ** 40n - 1n]) {
        await at(time);
        await expect(arrest({ place, until }))
          .to.be.revertedWithCustomError(docket, "DocketInvalidTerm")
          .withArgs(until, time + TERM.Arrest);
      }
      await at(time);
      await arrest({ place, until: time + TERM.Arrest });
    });

    it("may end in the very next second", async () => {
      const { tenge, arrest, kzte, alice } = await loadFixture(deploySystem);
      const time = (await now()) + 100n;
      await at(time);
      await arrest({ place: [target(kzte, alice, 1n)], until: time + 1n });
      expect(await tenge.getFrozenTokens(alice)).to.equal(1n);
    });

    it("refuses an end that 40 bits would truncate", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, base, kzte } = system;
      const place = [target(kzte, newAddress(), 1n)];
      const good = buildArrest({ ...(await base({})), place, upTo: 0, until: (await now()) + DAY });
      await expect(
        execute(system, changed(good, { until: 2n ** 40n + good.message.until })),
      ).to.be.revertedWithCustomError(docket, "DocketInvalidTerm");
    });

    for (const by of [
      ["COURT-1", "FMA-1"],
      ["COURT-1", "GPO-1"],
      ["FMA-1", "FMA-2", "GPO-1"],
    ] as const) {
      it(`does not pass by ${by.join(", ")} alone`, async () => {
        const { quorum, arrest, kzte, alice, arrestUntil } = await loadFixture(deployFrozen);
        await expect(
          arrest({ confirm: [target(kzte, alice, 60n)], until: arrestUntil }, { by: [...by] }),
        ).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
      });
    }

    it("is used once", async () => {
      const system = await loadFixture(deployFrozen);
      const { quorum, domain, base, kzte, alice, arrestUntil } = system;
      const confirm = [target(kzte, alice, 60n)];
      const order = buildArrest({ ...(await base({})), confirm, upTo: 1, until: arrestUntil });
      await execute(system, order);
      await expect(execute(system, order))
        .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
        .withArgs(digestOf(order, domain), 3n);
    });

    it("refuses neither confirming nor placing", async () => {
      const system = await loadFixture(deployFrozen);
      const { base, docket, kzte, alice, arrestUntil } = system;
      const confirm = [target(kzte, alice, 60n)];
      const order = buildArrest({ ...(await base({})), confirm, upTo: 1, until: arrestUntil });
      await expect(execute(system, changed(order, { confirm: [] }))).to.be.revertedWithCustomError(
        docket,
        "DocketEmptyOrder",
      );
    });

    it("is undone by one target that is refused, the confirmed ones included", async () => {
      const system = await loadFixture(deployFrozen);
      const { docket, arrest, kzte, alice, bob, treasury, since, until, arrestUntil } = system;
      await expect(
        arrest({
          confirm: [target(kzte, alice, 60n)],
          place: [target(kzte, bob, 1n), target(kzte, treasury, 1n)],
          until: arrestUntil,
        }),
      ).to.be.revertedWithCustomError(docket, "DocketCannotHold");
      expect(await holdsOn(system, kzte, alice)).to.deep.equal([opening(since, until, 60n, PROVISIONAL)]);
      expect(await holdsOn(system, kzte, bob)).to.deep.equal([]);
      expect(await docket.entries()).to.equal(2n);
    });

    describe("over what is confirmed", () => {
      itRefusesBrokenOrders(
        async function deployForConfirm() {
          const system = await deploySystem();
          const targets = twoByTwo(system);
          await system.freeze(targets);
          return { ...system, targets, until: (await now()) + 100n * DAY };
        },
        async ({ base, until }, confirm) => buildArrest({ ...(await base({})), confirm, upTo: 4, until }),
        (confirm) => ({ confirm }),
      );
    });

    describe("over what is placed", () => {
      itRefusesBrokenOrders(
        async function deployForPlace() {
          const system = await deploySystem();
          return { ...system, targets: twoByTwo(system), until: (await now()) + 100n * DAY };
        },
        async ({ base, until }, place) => buildArrest({ ...(await base({})), place, upTo: 0, until }),
        (place) => ({ place }),
      );
    });
  });
});

describe("A partial confirm", () => {
  /** 60 held provisionally from `since`, of which 25 are confirmed. */
  async function deploySplit() {
    const system = await deploySystem();
    const { freeze, arrest, kzte } = system;
    const holder = await holderOf(system, 100n);
    const since = await timeOf(freeze([target(kzte, holder, 60n)]));
    const [until, arrestUntil] = [since + TERM.Freeze, since + 100n * DAY];
    const sent = await arrest({ confirm: [target(kzte, holder, 25n)], until: arrestUntil });
    const ofCase = { caseNumber: 1n, number: 1n, since };
    const arrested: Hold = { ...ofCase, kind: ARRESTED, until: arrestUntil, amount: 25n, opens: true };
    const provisional: Hold = { ...ofCase, kind: PROVISIONAL, until, amount: 35n };
    return { ...system, holder, until, arrestUntil, sent, arrested, provisional };
  }

  it("splits a hold: both halves keep number and beginning, the rest its end", async () => {
    const system = await loadFixture(deploySplit);
    const { docket, kzte, holder, arrested, provisional, until, sent } = system;
    expect(await effectsOf(sent)).to.deep.equal([onHold(WHAT.CONFIRMED, kzte, holder, 25n, arrested)]);
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([arrested, provisional]);
    expect([...(await docket.heldOf(kzte, holder))]).to.deep.equal([60n, until]);
  });

  it("lets the rest lapse at its own end and holds on to the confirmed half", async () => {
    const system = await loadFixture(deploySplit);
    const { docket, tenge, kzte, holder, until, caseId, arrested, provisional } = system;
    await goTo(until + 1n);
    expect(await tenge.getFrozenTokens(holder)).to.equal(25n);
    expect(await effectsOf(docket.lapse(caseId, [{ asset: kzte, account: holder }]))).to.deep.equal([
      onHold(WHAT.LAPSED, kzte, holder, 35n, ended(provisional)),
    ]);
    expect(await tenge.getFrozenTokens(holder)).to.equal(25n);
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([arrested]);
  });

  it("is seized arrested half first", async () => {
    const system = await loadFixture(deploySplit);
    const { seize, kzte, holder, arrested, provisional } = system;
    const sent = await seize([target(kzte, holder, 30n)]);
    expect((await effectsOf(sent)).slice(1)).to.deep.equal([
      onHold(WHAT.SEIZED, kzte, holder, 25n, ended(arrested, await timeOf(sent))),
      onHold(WHAT.SEIZED, kzte, holder, 5n, { ...provisional, amount: 30n }),
    ]);
  });

  it("is lifted provisional half first, for which no arrest's rule is needed", async () => {
    const system = await loadFixture(deploySplit);
    const { docket, quorum, lift, kzte, holder, arrested, provisional } = system;
    const by: OfficerName[] = ["FMA-1", "GPO-1"];
    const both = [target(kzte, holder, 36n)];
    await expect(lift(both, { by, arrested: true })).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    await expect(lift(both, { by }))
      .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
      .withArgs(kzte, holder, 35n, 36n);
    const some = await lift([target(kzte, holder, 34n)], { by });
    expect(await effectsOf(some)).to.deep.equal([
      onHold(WHAT.LIFTED, kzte, holder, 34n, { ...provisional, amount: 1n }),
    ]);
    expect((await holdsOn(system, kzte, holder))[0]).to.deep.equal(arrested);
    const rest = await lift([target(kzte, holder, 2n)], { by: DECIDERS.LiftArrested, arrested: true });
    expect(await effectsOf(rest)).to.deep.equal([
      onHold(WHAT.LIFTED, kzte, holder, 1n, ended(provisional, await timeOf(rest))),
      onHold(WHAT.LIFTED, kzte, holder, 1n, { ...arrested, amount: 24n }),
    ]);
  });

  it("can be confirmed further: the rest becomes a hold of its own beside the first half", async () => {
    const system = await loadFixture(deploySplit);
    const { arrest, kzte, holder, arrestUntil, arrested, provisional } = system;
    await arrest({ confirm: [target(kzte, holder, 35n)], until: arrestUntil });
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([
      arrested,
      { ...provisional, kind: ARRESTED, until: arrestUntil },
    ]);
  });
});

describe("A confirmation", () => {
  it("in the last second of a hold passes, and the hold goes on without a gap", async () => {
    const { tenge, freeze, arrest, kzte, alice } = await loadFixture(deploySystem);
    const until = (await timeOf(freeze([target(kzte, alice, 60n)]))) + TERM.Freeze;
    await at(until);
    await arrest({ confirm: [target(kzte, alice, 60n)], until: until + DAY });
    await goTo(until + DAY);
    expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
  });

  it("one second late finds nothing to confirm", async () => {
    const { docket, tenge, freeze, arrest, kzte, alice } = await loadFixture(deploySystem);
    const until = (await timeOf(freeze([target(kzte, alice, 60n)]))) + TERM.Freeze;
    await at(until + 1n);
    await expect(arrest({ confirm: [target(kzte, alice, 60n)], until: until + DAY }))
      .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
      .withArgs(kzte, alice.address, 0n, 60n);
    await goTo(until + 1n);
    expect(await tenge.getFrozenTokens(alice)).to.equal(0n);
  });
});

describe("The end of a hold", () => {
  it("a term above the rule's, an end in the past, and an extension after the end are refused", async () => {
    const { docket, kzte, alice, freeze, arrest } = await loadFixture(deploySystem);
    await expect(freeze([target(kzte, alice, 1n)], { term: Number(10n * DAY) + 1 })).to.be.revertedWithCustomError(
      docket,
      "DocketInvalidTerm",
    );
    await expect(arrest({ place: [target(kzte, alice, 1n)], until: (await now()) - 1n })).to.be.revertedWithCustomError(
      docket,
      "DocketInvalidTerm",
    );
    const until = (await now()) + DAY;
    await arrest({ place: [target(kzte, alice, 1n)], until });
    await goTo(until + 1n);
    await expect(arrest({ confirm: [target(kzte, alice, 1n)], until: until + 9000n })).to.be.revertedWithCustomError(
      docket,
      "DocketHoldTooSmall",
    );
  });

  it("an end that 40 bits would cut off is refused", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, kzte, alice, base } = system;
    const order = buildArrest({
      ...(await base({})),
      place: [target(kzte, alice, 1n)],
      upTo: 0,
      until: (await now()) + 100n * DAY,
    });
    for (const until of [2n ** 40n, 2n ** 48n, 2n ** 64n - 1n]) {
      await expect(execute(system, changed(order, { until }))).to.be.revertedWithCustomError(
        docket,
        "DocketInvalidTerm",
      );
    }
  });
});
