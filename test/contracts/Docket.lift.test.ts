import { expect } from "chai";
import { buildLift, digestOf, encodeCaseId } from "../../src/orders/index.ts";
import { itRefusesBrokenOrders, twoByTwo } from "./brokenOrders.ts";
import { goTo, loadFixture, networkHelpers, now, timeOf } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import {
  ARRESTED,
  effectsOf,
  entryOf,
  execute,
  headAfter,
  type Hold,
  holdsOn,
  onHold,
  PROVISIONAL,
  target,
  WHAT,
} from "../system/entries.ts";
import { UNIT } from "../system/money.ts";
import { DOCUMENT, officerIdOf } from "../system/officers.ts";
import { COOLING, DAY, type OfficerName, TERM } from "../system/parameters.ts";

/** Alice's account: 60 held provisionally by CASE; bob's: 40 arrested by it. */
async function deployHeld() {
  const system = await deploySystem();
  const { freeze, arrest, kzte, alice, bob } = system;
  const since = await timeOf(freeze([target(kzte, alice, 60n)]));
  const arrestUntil = since + 100n * DAY;
  await arrest({ place: [target(kzte, bob, 40n)], until: arrestUntil });
  return { ...system, since, until: since + TERM.Freeze, arrestUntil };
}

describe("Docket.lift", () => {
  describe("ends", () => {
    it("a whole hold, so that all is free again at once", async () => {
      const system = await loadFixture(deployHeld);
      const { docket, tenge, lift, kzte, alice, carol, since } = system;
      const sent = lift([target(kzte, alice, 60n)]);
      const effects = await effectsOf(sent);
      // What is remembered of it ended now, not when its term would have.
      const ended: Hold = {
        kind: PROVISIONAL,
        caseNumber: 1n,
        number: 1n,
        since,
        until: await timeOf(sent),
        amount: 0n,
        opens: true,
      };
      expect(effects).to.deep.equal([onHold(WHAT.LIFTED, kzte, alice, 60n, ended)]);
      expect([...(await docket.heldOf(kzte, alice))]).to.deep.equal([0n, 0n]);
      expect(await holdsOn(system, kzte, alice)).to.deep.equal([ended]);
      await tenge.connect(alice).transfer(carol, 1000n * UNIT);
    });

    it("a part, and holds the rest until its end", async () => {
      const system = await loadFixture(deployHeld);
      const { docket, tenge, lift, kzte, alice, since, until } = system;
      const effects = await effectsOf(lift([target(kzte, alice, 25n)]));
      const rest: Hold = {
        kind: PROVISIONAL,
        caseNumber: 1n,
        number: 1n,
        since,
        until,
        amount: 35n,
        opens: true,
      };
      expect(effects).to.deep.equal([onHold(WHAT.LIFTED, kzte, alice, 25n, rest)]);
      expect(await holdsOn(system, kzte, alice)).to.deep.equal([rest]);
      expect([...(await docket.heldOf(kzte, alice))]).to.deep.equal([35n, until]);
      expect(await tenge.getFrozenTokens(alice)).to.equal(35n);
    });

    it("an arrested hold, of which is remembered since when the case held the account", async () => {
      const system = await loadFixture(deployHeld);
      const { lift, kzte, bob } = system;
      const [held] = await holdsOn(system, kzte, bob);
      const sent = lift([target(kzte, bob, 40n)], { by: ["COURT-1", "GPO-1"], arrested: true });
      const ended = { ...held!, until: await timeOf(sent), amount: 0n };
      expect(await holdsOn(system, kzte, bob)).to.deep.equal([ended]);
      await goTo(ended.until + COOLING + 1n);
      expect(await holdsOn(system, kzte, bob)).to.deep.equal([]);
    });

    it("the youngest hold of the case first", async () => {
      const system = await loadFixture(deployHeld);
      const { freeze, lift, kzte, alice, since, until } = system;
      const second = await timeOf(freeze([target(kzte, alice, 20n)], { term: Number(DAY) }));
      expect(second).to.be.greaterThan(since);
      const sent = lift([target(kzte, alice, 30n)]);
      const rest: Hold = {
        kind: PROVISIONAL,
        caseNumber: 1n,
        number: 1n,
        since,
        until,
        amount: 50n,
        opens: true,
      };
      expect(await effectsOf(sent)).to.deep.equal([
        onHold(WHAT.LIFTED, kzte, alice, 20n, {
          kind: PROVISIONAL,
          caseNumber: 1n,
          number: 3n,
          since,
          until: await timeOf(sent),
          amount: 0n,
        }),
        onHold(WHAT.LIFTED, kzte, alice, 10n, rest),
      ]);
      // The rest tells since when the case holds the account: of the other nothing need be remembered.
      expect(await holdsOn(system, kzte, alice)).to.deep.equal([rest]);
    });

    it("nothing of another case: lifting A's hold leaves B's on the same account", async () => {
      const system = await loadFixture(deployHeld);
      const { docket, tenge, freeze, lift, kzte, alice } = system;
      await freeze([target(kzte, alice, 50n)], { caseId: "CASE-2", term: Number(DAY) });
      await lift([target(kzte, alice, 60n)]);
      expect((await docket.heldOf(kzte, alice)).held).to.equal(50n);
      expect(await tenge.getFrozenTokens(alice)).to.equal(50n);
    });

    it("holds on several accounts in one order", async () => {
      const system = await loadFixture(deployHeld);
      const { tenge, lift, kzte, alice, bob } = system;
      await lift([target(kzte, alice, 60n), target(kzte, bob, 40n)], { by: ["COURT-1", "COURT-2"], arrested: true });
      expect(await tenge.getFrozenTokens(alice)).to.equal(0n);
      expect(await tenge.getFrozenTokens(bob)).to.equal(0n);
    });
  });

  describe("is decided", () => {
    const provisional: OfficerName[][] = [
      ["COURT-1", "COURT-2"],
      ["COURT-1", "GPO-1"],
      ["FMA-1", "GPO-1"],
    ];
    for (const by of provisional) {
      it(`for a provisional hold by ${by.join(" and ")}: act 3`, async () => {
        const system = await loadFixture(deployHeld);
        const { docket, domain, base, kzte, alice, caseId } = system;
        const holds = [target(kzte, alice, 60n)];
        const order = buildLift({ ...(await base({})), holds, upTo: 2, arrested: false });
        const head = await docket.head();
        const entry = await entryOf(execute(system, order, by));
        expect(entry).to.deep.include({ seq: 4n, act: 3n, caseId, document: DOCUMENT, order: digestOf(order, domain) });
        expect(entry.officerIds).to.deep.equal(by.map(officerIdOf).sort());
        expect(await docket.head()).to.equal(headAfter(head, entry));
      });
    }

    const arrested: OfficerName[][] = [
      ["COURT-1", "GPO-1"],
      ["COURT-1", "COURT-2"],
    ];
    for (const by of arrested) {
      it(`for an arrested hold by ${by.join(" and ")}: act 4`, async () => {
        const { lift, kzte, bob } = await loadFixture(deployHeld);
        const entry = await entryOf(lift([target(kzte, bob, 1n)], { by, arrested: true }));
        expect(entry.act).to.equal(4n);
        expect(entry.officerIds).to.deep.equal(by.map(officerIdOf).sort());
      });
    }

    it("for an arrested hold not without the court", async () => {
      const { quorum, lift, kzte, bob } = await loadFixture(deployHeld);
      await expect(
        lift([target(kzte, bob, 1n)], { by: ["FMA-1", "GPO-1"], arrested: true }),
      ).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    });

    it("as for an arrested hold as soon as the order may touch one, whatever it meets", async () => {
      const { quorum, lift, kzte, alice, bob } = await loadFixture(deployHeld);
      const holds = [target(kzte, alice, 59n), target(kzte, bob, 1n)];
      await expect(lift(holds, { by: ["FMA-1", "GPO-1"], arrested: true })).to.be.revertedWithCustomError(
        quorum,
        "QuorumNotMet",
      );
      expect((await entryOf(lift(holds, { by: ["COURT-1", "GPO-1"], arrested: true }))).act).to.equal(4n);
      const rest = lift([target(kzte, alice, 1n)], { by: ["COURT-1", "GPO-1"], arrested: true });
      expect((await entryOf(rest)).act).to.equal(4n);
    });

    it("without `arrested` touches provisional holds alone, also where two judges sign it", async () => {
      const system = await loadFixture(deployHeld);
      const { docket, freeze, lift, kzte, bob } = system;
      await freeze([target(kzte, bob, 5n)]);
      await expect(lift([target(kzte, bob, 6n)]))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, bob.address, 5n, 6n);
      expect((await entryOf(lift([target(kzte, bob, 5n)], { by: ["FMA-1", "GPO-1"] }))).act).to.equal(3n);
      expect((await holdsOn(system, kzte, bob))[0]).to.include({ kind: ARRESTED, amount: 40n });
    });

    it("with it ends the provisional half of a split hold before the arrested one", async () => {
      const system = await loadFixture(deployHeld);
      const { arrest, lift, kzte, alice, arrestUntil } = system;
      await arrest({ confirm: [target(kzte, alice, 20n)], until: arrestUntil });
      await lift([target(kzte, alice, 45n)], { arrested: true });
      expect((await holdsOn(system, kzte, alice)).map(({ kind, amount }) => [kind, amount])).to.deep.equal([
        [ARRESTED, 15n],
      ]);
    });

    it("by nobody less: one judge alone, or FMA alone, lifts nothing", async () => {
      const { quorum, tenge, lift, kzte, alice } = await loadFixture(deployHeld);
      for (const by of [["COURT-1"], ["FMA-1", "FMA-2"], ["GPO-1", "GPO-2"], []] as OfficerName[][]) {
        await expect(lift([target(kzte, alice, 60n)], { by })).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
      }
      expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
    });

    it("once per order", async () => {
      const system = await loadFixture(deployHeld);
      const { base, kzte, alice, quorum, domain } = system;
      const holds = [target(kzte, alice, 10n)];
      const order = buildLift({ ...(await base({})), holds, upTo: 2, arrested: false });
      await execute(system, order);
      await expect(execute(system, order))
        .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
        .withArgs(digestOf(order, domain), 4n);
    });
  });

  describe("refuses", () => {
    it("more than the case's live holds", async () => {
      const { docket, lift, kzte, alice } = await loadFixture(deployHeld);
      await expect(lift([target(kzte, alice, 61n)]))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, alice.address, 60n, 61n);
    });

    it("a hold twice", async () => {
      const { docket, lift, kzte, alice } = await loadFixture(deployHeld);
      await lift([target(kzte, alice, 60n)]);
      await expect(lift([target(kzte, alice, 60n)]))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, alice.address, 0n, 60n);
    });

    it("another case's hold", async () => {
      const { docket, freeze, lift, kzte, alice, carol } = await loadFixture(deployHeld);
      await freeze([target(kzte, carol, 1n)], { caseId: "CASE-2" });
      await expect(lift([target(kzte, alice, 1n)], { caseId: "CASE-2" }))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, alice.address, 0n, 1n);
    });

    it("an account that was never held", async () => {
      const { docket, lift, kzte, carol } = await loadFixture(deployHeld);
      await expect(lift([target(kzte, carol, 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(kzte, carol.address, 0n, 1n);
    });

    it("the same account in another asset", async () => {
      const { docket, lift, usdx, alice } = await loadFixture(deployHeld);
      await expect(lift([target(usdx, alice, 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
        .withArgs(usdx, alice.address, 0n, 1n);
    });

    it("a case that was never opened, and does not open it", async () => {
      const { docket, lift, kzte, alice } = await loadFixture(deployHeld);
      await expect(lift([target(kzte, alice, 1n)], { caseId: "CASE-9" }))
        .to.be.revertedWithCustomError(docket, "DocketUnknownCase")
        .withArgs(encodeCaseId("CASE-9"));
      expect(await docket.caseCount()).to.equal(1n);
    });

    const ends: [string, (system: Awaited<ReturnType<typeof deployHeld>>) => Promise<unknown>][] = [
      ["lapsed", ({ until }) => goTo(until + 1n)],
      [
        "lapsed and was recorded as lapsed",
        async ({ until, docket, kzte, alice, caseId }) => {
          await goTo(until + 1n);
          await docket.lapse(caseId, [{ asset: kzte, account: alice }]);
        },
      ],
      ["was seized", ({ seize, kzte, alice }) => seize([target(kzte, alice, 60n)])],
    ];
    for (const [what, end] of ends) {
      it(`a hold that ${what}`, async () => {
        const system = await loadFixture(deployHeld);
        await end(system);
        await expect(system.lift([target(system.kzte, system.alice, 1n)]))
          .to.be.revertedWithCustomError(system.docket, "DocketHoldTooSmall")
          .withArgs(system.kzte, system.alice.address, 0n, 1n);
      });
    }

    it("an order of which one target is refused, whole", async () => {
      const { docket, tenge, lift, kzte, alice, bob } = await loadFixture(deployHeld);
      await expect(
        lift([target(kzte, alice, 60n), target(kzte, bob, 41n)], { by: ["COURT-1", "GPO-1"], arrested: true }),
      ).to.be.revertedWithCustomError(docket, "DocketHoldTooSmall");
      expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
      expect(await tenge.getFrozenTokens(bob)).to.equal(40n);
    });

    itRefusesBrokenOrders(
      async function deployForLift() {
        const system = await deploySystem();
        const targets = twoByTwo(system);
        await system.freeze(targets);
        return { ...system, targets };
      },
      async ({ base }, holds) => buildLift({ ...(await base({})), holds, upTo: 4, arrested: false }),
      (holds) => ({ holds }),
    );
  });

  it("works to the last second of a hold", async () => {
    const system = await loadFixture(deployHeld);
    const { lift, kzte, alice, until } = system;
    expect(await now()).to.be.lessThan(until);
    await networkHelpers.time.setNextBlockTimestamp(until);
    await lift([target(kzte, alice, 60n)]);
    expect(await system.tenge.getFrozenTokens(alice)).to.equal(0n);
  });
});
