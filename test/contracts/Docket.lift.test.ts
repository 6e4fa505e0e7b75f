import { expect } from "chai";
import { buildLift, digestOf, encodeCaseId } from "../../src/orders/index.ts";
import { itRefusesBrokenOrders, twoByTwo } from "./brokenOrders.ts";
import {
  ARRESTED,
  caseOf,
  effectsOf,
  entryOf,
  execute,
  FREEZE_TERM,
  goTo,
  headAfter,
  holdsOn,
  onHold,
  PROVISIONAL,
  target,
  timeOf,
  WHAT,
  loadFixture,
} from "./docket.ts";
import { DAY, deploySystem, DOCUMENT, networkHelpers, now, officerIdOf, UNIT, type OfficerName } from "./fixture.ts";

/** Alice's account: 60 held provisionally by CASE; bob's: 40 arrested by it. */
async function deployHeld() {
  const system = await deploySystem();
  const { freeze, arrest, kzte, alice, bob } = system;
  const since = await timeOf(freeze([target(kzte, alice, 60n)]));
  const arrestUntil = since + 100n * DAY;
  await arrest({ place: [target(kzte, bob, 40n)], until: arrestUntil });
  return { ...system, since, until: since + FREEZE_TERM, arrestUntil };
}

describe("Docket.lift", () => {
  describe("ends", () => {
    it("a whole hold, so that all is free again at once", async () => {
      const system = await loadFixture(deployHeld);
      const { docket, tenge, lift, kzte, alice, carol, caseId, since, until } = system;
      const effects = await effectsOf(lift([target(kzte, alice, 60n)]));
      const ended = { kind: PROVISIONAL, caseNumber: 1n, number: 1n, since, until, amount: 0n };
      expect(effects).to.deep.equal([onHold(WHAT.LIFTED, kzte, alice, 60n, ended)]);
      expect([...(await docket.heldOf(kzte, alice))]).to.deep.equal([0n, 0n]);
      expect((await caseOf(system, caseId)).holds).to.equal(1n);
      await tenge.connect(alice).transfer(carol, 1000n * UNIT);
    });

    it("a part, and holds the rest until its end", async () => {
      const system = await loadFixture(deployHeld);
      const { docket, tenge, lift, kzte, alice, caseId, since, until } = system;
      const effects = await effectsOf(lift([target(kzte, alice, 25n)]));
      const rest = { kind: PROVISIONAL, caseNumber: 1n, number: 1n, since, until, amount: 35n };
      expect(effects).to.deep.equal([onHold(WHAT.LIFTED, kzte, alice, 25n, rest)]);
      expect(await holdsOn(system, kzte, alice)).to.deep.equal([rest]);
      expect([...(await docket.heldOf(kzte, alice))]).to.deep.equal([35n, until]);
      expect(await tenge.getFrozenTokens(alice)).to.equal(35n);
      expect((await caseOf(system, caseId)).holds).to.equal(2n);
    });

    it("an arrested hold, whose slot is free again", async () => {
      const system = await loadFixture(deployHeld);
      const { lift, kzte, bob } = system;
      await lift([target(kzte, bob, 40n)], { by: ["COURT-1", "GPO-1"] });
      expect(await holdsOn(system, kzte, bob)).to.deep.equal([]);
    });

    it("the youngest hold of the case first", async () => {
      const system = await loadFixture(deployHeld);
      const { freeze, lift, kzte, alice, since, until } = system;
      const second = await timeOf(freeze([target(kzte, alice, 20n)], { term: Number(DAY) }));
      const effects = await effectsOf(lift([target(kzte, alice, 30n)]));
      expect(effects).to.deep.equal([
        onHold(WHAT.LIFTED, kzte, alice, 20n, {
          ...{ kind: PROVISIONAL, caseNumber: 1n, number: 3n, since: second, until: second + DAY, amount: 0n },
        }),
        onHold(WHAT.LIFTED, kzte, alice, 10n, {
          ...{ kind: PROVISIONAL, caseNumber: 1n, number: 1n, since, until, amount: 50n },
        }),
      ]);
      expect((await caseOf(system, system.caseId)).holds).to.equal(2n);
    });

    it("nothing of another case: lifting A's hold leaves B's on the same account", async () => {
      const system = await loadFixture(deployHeld);
      const { docket, tenge, freeze, lift, kzte, alice } = system;
      await freeze([target(kzte, alice, 50n)], { caseId: "CASE-2", term: Number(DAY) });
      await lift([target(kzte, alice, 60n)]);
      expect((await docket.heldOf(kzte, alice)).held).to.equal(50n);
      expect(await tenge.getFrozenTokens(alice)).to.equal(50n);
      expect((await caseOf(system, encodeCaseId("CASE-2"))).holds).to.equal(1n);
    });

    it("holds on several accounts in one order", async () => {
      const system = await loadFixture(deployHeld);
      const { tenge, lift, kzte, alice, bob, caseId } = system;
      await lift([target(kzte, alice, 60n), target(kzte, bob, 40n)], { by: ["COURT-1", "COURT-2"], alternative: 1 });
      expect(await tenge.getFrozenTokens(alice)).to.equal(0n);
      expect(await tenge.getFrozenTokens(bob)).to.equal(0n);
      expect((await caseOf(system, caseId)).holds).to.equal(0n);
    });
  });

  describe("is decided", () => {
    const provisional: [number, OfficerName[]][] = [
      [0, ["COURT-1", "COURT-2"]],
      [1, ["COURT-1", "GPO-1"]],
      [2, ["FMA-1", "GPO-1"]],
    ];
    for (const [alternative, by] of provisional) {
      it(`for a provisional hold by ${by.join(" and ")}: act 3`, async () => {
        const system = await loadFixture(deployHeld);
        const { docket, domain, base, kzte, alice, caseId } = system;
        const order = buildLift({ ...base({}), holds: [target(kzte, alice, 60n)] });
        const head = await docket.head();
        const entry = await entryOf(execute(system, order, by, alternative));
        expect(entry).to.deep.include({ seq: 4n, act: 3n, caseId, document: DOCUMENT, order: digestOf(order, domain) });
        expect(entry.officerIds).to.deep.equal(by.map(officerIdOf).sort());
        expect(await docket.head()).to.equal(headAfter(head, entry));
      });
    }

    const arrested: [number, OfficerName[]][] = [
      [0, ["COURT-1", "GPO-1"]],
      [1, ["COURT-1", "COURT-2"]],
    ];
    for (const [alternative, by] of arrested) {
      it(`for an arrested hold by ${by.join(" and ")}: act 4`, async () => {
        const { lift, kzte, bob } = await loadFixture(deployHeld);
        const entry = await entryOf(lift([target(kzte, bob, 1n)], { by, alternative }));
        expect(entry.act).to.equal(4n);
        expect(entry.officerIds).to.deep.equal(by.map(officerIdOf).sort());
      });
    }

    it("for an arrested hold not without the court", async () => {
      const { quorum, lift, kzte, bob } = await loadFixture(deployHeld);
      const holds = [target(kzte, bob, 1n)];
      for (const alternative of [0, 1]) {
        await expect(lift(holds, { by: ["FMA-1", "GPO-1"], alternative })).to.be.revertedWithCustomError(
          quorum,
          "QuorumNotMet",
        );
      }
      await expect(lift(holds, { by: ["FMA-1", "GPO-1"], alternative: 2 }))
        .to.be.revertedWithCustomError(quorum, "QuorumNoRule")
        .withArgs(4n, 2n);
    });

    it("as for an arrested hold as soon as one account's hold is arrested", async () => {
      const { quorum, lift, kzte, alice, bob } = await loadFixture(deployHeld);
      const holds = [target(kzte, alice, 60n), target(kzte, bob, 1n)];
      await expect(lift(holds, { by: ["FMA-1", "GPO-1"], alternative: 2 }))
        .to.be.revertedWithCustomError(quorum, "QuorumNoRule")
        .withArgs(4n, 2n);
      expect((await entryOf(lift(holds, { by: ["COURT-1", "GPO-1"] }))).act).to.equal(4n);
    });

    it("as for an arrested hold only where one is touched: the provisional one above it goes first", async () => {
      const system = await loadFixture(deployHeld);
      const { quorum, freeze, lift, kzte, bob } = system;
      await freeze([target(kzte, bob, 5n)]);
      const byThem = { by: ["FMA-1", "GPO-1"] as OfficerName[], alternative: 2 };
      await expect(lift([target(kzte, bob, 6n)], byThem)).to.be.revertedWithCustomError(quorum, "QuorumNoRule");
      expect((await entryOf(lift([target(kzte, bob, 5n)], byThem))).act).to.equal(3n);
      expect((await holdsOn(system, kzte, bob))[0]).to.include({ kind: ARRESTED, amount: 40n });
    });

    it("by nobody less: one judge alone, or FMA alone, lifts nothing", async () => {
      const { quorum, tenge, lift, kzte, alice } = await loadFixture(deployHeld);
      for (const by of [["COURT-1"], ["FMA-1", "FMA-2"], ["GPO-1", "GPO-2"], []] as OfficerName[][]) {
        for (const alternative of [0, 1, 2]) {
          await expect(lift([target(kzte, alice, 60n)], { by, alternative })).to.be.revertedWithCustomError(
            quorum,
            "QuorumNotMet",
          );
        }
      }
      expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
    });

    it("once per order", async () => {
      const system = await loadFixture(deployHeld);
      const { base, kzte, alice, quorum, domain } = system;
      const order = buildLift({ ...base({}), holds: [target(kzte, alice, 10n)] });
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
        lift([target(kzte, alice, 60n), target(kzte, bob, 41n)], { by: ["COURT-1", "GPO-1"] }),
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
      ({ base }, holds) => buildLift({ ...base({}), holds }),
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
