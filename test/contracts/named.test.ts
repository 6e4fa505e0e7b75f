import { expect } from "chai";
import type { Hex } from "viem";
import { buildArrest, buildFreeze, digestOf, encodeCaseId, type Order, type Target } from "../../src/orders/index.ts";
import {
  ARREST_TERM,
  ARRESTED,
  at,
  COOLING,
  effectsOf,
  entriesOf,
  entryOf,
  execute,
  FREEZE_TERM,
  goTo,
  holderOf,
  holdsOn,
  MAX_AMOUNT,
  newAddress,
  onHold,
  opened,
  PROVISIONAL,
  target,
  timeOf,
  vaultCreated,
  WHAT,
  type Hold,
  loadFixture,
} from "./docket.ts";
import {
  approvalsOf,
  CASE,
  DAY,
  deploySystem,
  now,
  officerIdOf,
  struct,
  type OfficerName,
  type System,
} from "./fixture.ts";

const BY: OfficerName[] = ["FMA-1", "FMA-2", "GPO-1"];
const COURT_AND_PROSECUTOR: OfficerName[] = ["COURT-1", "GPO-1"];
/** Above this a transaction is refused (EIP-7825). */
const MOST_GAS = 16_777_216n;

/** Kind and amount of the holds on an account, by priority. */
const shapeOf = (holds: Hold[]) => holds.map(({ kind, number, amount }) => [kind, number, amount]);

/** What is remembered of a hold that ended in the second `until`. */
const ended = (hold: Omit<Hold, "amount">, until = hold.until): Hold => ({ ...hold, until, amount: 0n });

describe("Priority", () => {
  /** Balance 80; A arrested 60 of it, then B 50. */
  async function deployContested() {
    const system = await deploySystem();
    const { docket, arrest, kzte } = system;
    const holder = await holderOf(system, 80n);
    const until = (await now()) + 100n * DAY;
    const since = await timeOf(arrest({ place: [target(kzte, holder, 60n)], until }, { caseId: "A" }));
    const later = await timeOf(arrest({ place: [target(kzte, holder, 50n)], until }, { caseId: "B" }));
    return {
      ...{ ...system, holder },
      vaultA: await docket.vaultOf(encodeCaseId("A")),
      vaultB: await docket.vaultOf(encodeCaseId("B")),
      ofA: { kind: ARRESTED, caseNumber: 1n, number: 1n, since, until },
      ofB: { kind: ARRESTED, caseNumber: 2n, number: 2n, since: later, until },
    };
  }

  it("of 80 the first hold of 60 takes 60, the second hold of 50 takes 20", async () => {
    const { seize, tenge, kzte, holder, vaultA, vaultB, ofA, ofB } = await loadFixture(deployContested);
    const sent = await seize([target(kzte, holder, 60n)], { caseId: "A" });
    expect(await effectsOf(sent)).to.deep.equal([
      vaultCreated(vaultA),
      onHold(WHAT.SEIZED, kzte, holder, 60n, ended(ofA, await timeOf(sent))),
    ]);
    expect(await effectsOf(seize([target(kzte, holder, 50n)], { caseId: "B" }))).to.deep.equal([
      vaultCreated(vaultB),
      onHold(WHAT.SEIZED, kzte, holder, 20n, { ...ofB, amount: 30n }),
    ]);
    expect(await tenge.balanceOf(vaultA)).to.equal(60n);
    expect(await tenge.balanceOf(vaultB)).to.equal(20n);
    expect(await tenge.getFrozenTokens(holder)).to.equal(30n);
  });

  it("is the same where the second seizes first: it takes 20, the rest stays held, the first still takes 60", async () => {
    const system = await loadFixture(deployContested);
    const { seize, tenge, issuer, kzte, holder, vaultA, vaultB, ofA, ofB } = system;
    const effects = await effectsOf(seize([target(kzte, holder, 50n)], { caseId: "B" }));
    expect(effects[1]).to.deep.equal(onHold(WHAT.SEIZED, kzte, holder, 20n, { ...ofB, amount: 30n }));
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([
      { ...ofA, amount: 60n },
      { ...ofB, amount: 30n },
    ]);
    expect(await tenge.getFrozenTokens(holder)).to.equal(90n);
    await seize([target(kzte, holder, 60n)], { caseId: "A" });
    expect(await tenge.balanceOf(vaultA)).to.equal(60n);
    expect(await tenge.balanceOf(vaultB)).to.equal(20n);
    await tenge.connect(issuer).mint(holder, 40n);
    await seize([target(kzte, holder, 50n)], { caseId: "B" });
    expect(await tenge.balanceOf(vaultB)).to.equal(50n);
    expect(await tenge.balanceOf(holder)).to.equal(10n);
  });

  it("is the placement's, not the confirmation's: a later arrest does not pass an earlier provisional hold", async () => {
    const system = await loadFixture(deploySystem);
    const { freeze, arrest, seize, docket, tenge, kzte } = system;
    const holder = await holderOf(system, 80n);
    await freeze([target(kzte, holder, 60n)], { caseId: "A" });
    await arrest({ place: [target(kzte, holder, 50n)], until: (await now()) + DAY }, { caseId: "B" });
    await seize([target(kzte, holder, 50n)], { caseId: "B" });
    expect(await tenge.balanceOf(await docket.vaultOf(encodeCaseId("B")))).to.equal(20n);
  });

  it("A's lifting leaves B's claim as it was, and B cannot overwrite A's", async () => {
    const system = await loadFixture(deployContested);
    const { docket, tenge, lift, kzte, holder, ofA, ofB } = system;
    expect((await docket.heldOf(kzte, holder)).held).to.equal(110n);
    const lifted = lift([target(kzte, holder, 60n)], { caseId: "A", by: COURT_AND_PROSECUTOR, arrested: true });
    const end = await timeOf(lifted);
    expect(await tenge.getFrozenTokens(holder)).to.equal(50n);
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([ended(ofA, end), { ...ofB, amount: 50n }]);
  });
});

describe("Several holds of one case on one account", () => {
  /**
   * Placed in this order: 1 provisional 10 until t + 4 d; 2 provisional 20 until t + 6 d; 3 arrested 30 until t + 50 d;
   * 4 provisional 40 until t + 10 d. All count from when the first began.
   */
  async function deployMixed() {
    const system = await deploySystem();
    const { freeze, arrest, kzte } = system;
    const holder = await holderOf(system, 100n);
    const t = (await now()) + 100n;
    await at(t);
    await freeze([target(kzte, holder, 10n)], { term: Number(4n * DAY) });
    await at(t + 10n);
    await freeze([target(kzte, holder, 20n)], { term: Number(6n * DAY) - 10 });
    await at(t + 20n);
    await arrest({ place: [target(kzte, holder, 30n)], until: t + 50n * DAY });
    await at(t + 30n);
    await freeze([target(kzte, holder, 40n)], { term: Number(10n * DAY) - 30 });
    const of = (number: bigint, kind: bigint, until: bigint, amount: bigint): Hold => ({
      ...{ kind, caseNumber: 1n, number, since: t, until, amount },
    });
    const holds = [
      { ...of(1n, PROVISIONAL, t + 4n * DAY, 10n), opens: true },
      of(2n, PROVISIONAL, t + 6n * DAY, 20n),
      of(3n, ARRESTED, t + 50n * DAY, 30n),
      of(4n, PROVISIONAL, t + 10n * DAY, 40n),
    ] as const;
    return { ...system, holder, t, holds };
  }

  it("keep each its own number, end and amount, and add up", async () => {
    const system = await loadFixture(deployMixed);
    const { docket, tenge, kzte, holder, t, holds } = system;
    expect(await holdsOn(system, kzte, holder)).to.deep.equal(holds);
    expect([...(await docket.heldOf(kzte, holder))]).to.deep.equal([100n, t + 4n * DAY]);
    expect(await tenge.getFrozenTokens(holder)).to.equal(100n);
  });

  it("end each in its own second", async () => {
    const { tenge, kzte, docket, holder, t } = await loadFixture(deployMixed);
    for (const [second, held, until] of [
      [t + 4n * DAY, 100n, t + 4n * DAY],
      [t + 4n * DAY + 1n, 90n, t + 6n * DAY],
      [t + 6n * DAY, 90n, t + 6n * DAY],
      [t + 6n * DAY + 1n, 70n, t + 10n * DAY],
      [t + 10n * DAY + 1n, 30n, t + 50n * DAY],
      [t + 50n * DAY + 1n, 0n, 0n],
    ] as const) {
      await goTo(second);
      expect([...(await docket.heldOf(kzte, holder))]).to.deep.equal([held, until]);
      expect(await tenge.getFrozenTokens(holder)).to.equal(held);
    }
  });

  it("are confirmed provisional first and oldest first, then arrested: 65 of them split the last provisional one's rest off", async () => {
    const system = await loadFixture(deployMixed);
    const { arrest, kzte, holder, t, holds } = system;
    const until = t + 100n * DAY;
    const effects = await effectsOf(arrest({ confirm: [target(kzte, holder, 65n)], until }));
    const [one, two, three, four] = holds;
    const confirmed = (hold: Hold, amount = hold.amount): Hold => ({ ...hold, kind: ARRESTED, until, amount });
    expect(effects).to.deep.equal([
      onHold(WHAT.CONFIRMED, kzte, holder, 10n, confirmed(one)),
      onHold(WHAT.CONFIRMED, kzte, holder, 20n, confirmed(two)),
      onHold(WHAT.CONFIRMED, kzte, holder, 35n, confirmed(four, 35n)),
    ]);
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([
      confirmed(one),
      confirmed(two),
      three,
      confirmed(four, 35n),
      { ...four, amount: 5n },
    ]);
  });

  it("are confirmed with the arrested ones after all provisional ones, and a part of an arrested one keeps its own end", async () => {
    const system = await loadFixture(deployMixed);
    const { arrest, kzte, holder, t, holds } = system;
    const until = t + 100n * DAY;
    const effects = await effectsOf(arrest({ confirm: [target(kzte, holder, 80n)], until }));
    const [one, two, three, four] = holds;
    const confirmed = (hold: Hold, amount = hold.amount): Hold => ({ ...hold, kind: ARRESTED, until, amount });
    expect(effects).to.have.deep.members([
      onHold(WHAT.CONFIRMED, kzte, holder, 10n, confirmed(one)),
      onHold(WHAT.CONFIRMED, kzte, holder, 20n, confirmed(two)),
      onHold(WHAT.EXTENDED, kzte, holder, 10n, confirmed(three, 10n)),
      onHold(WHAT.CONFIRMED, kzte, holder, 40n, confirmed(four)),
    ]);
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([
      confirmed(one),
      confirmed(two),
      confirmed(three, 10n),
      { ...three, amount: 20n },
      confirmed(four),
    ]);
  });

  it("are lifted youngest first", async () => {
    const system = await loadFixture(deployMixed);
    const { lift, kzte, holder, holds } = system;
    const sent = await lift([target(kzte, holder, 75n)], { by: COURT_AND_PROSECUTOR, arrested: true });
    const end = await timeOf(sent);
    const [one, two, three, four] = holds;
    expect(await effectsOf(sent)).to.deep.equal([
      onHold(WHAT.LIFTED, kzte, holder, 40n, ended(four, end)),
      onHold(WHAT.LIFTED, kzte, holder, 30n, ended(three, end)),
      onHold(WHAT.LIFTED, kzte, holder, 5n, { ...two, amount: 15n }),
    ]);
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([one, { ...two, amount: 15n }]);
  });

  it("are seized oldest first, whatever their kind; the emptied oldest one stays to keep the cooling", async () => {
    const system = await loadFixture(deployMixed);
    const { docket, seize, kzte, holder, holds, caseId } = system;
    const sent = await seize([target(kzte, holder, 65n)]);
    const end = await timeOf(sent);
    const [one, two, three, four] = holds;
    expect(await effectsOf(sent)).to.deep.equal([
      vaultCreated(await docket.vaultOf(caseId)),
      onHold(WHAT.SEIZED, kzte, holder, 10n, ended(one, end)),
      onHold(WHAT.SEIZED, kzte, holder, 20n, ended(two, end)),
      onHold(WHAT.SEIZED, kzte, holder, 30n, ended(three, end)),
      onHold(WHAT.SEIZED, kzte, holder, 5n, { ...four, amount: 35n }),
    ]);
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([ended(one, end), { ...four, amount: 35n }]);
  });

  it("lapse one by one", async () => {
    const system = await loadFixture(deployMixed);
    const { docket, kzte, holder, t, holds, caseId } = system;
    await goTo(t + 6n * DAY);
    const [one, two, three, four] = holds;
    expect(await effectsOf(docket.lapse(caseId, [{ asset: kzte, account: holder }]))).to.deep.equal([
      onHold(WHAT.LAPSED, kzte, holder, 10n, ended(one)),
      onHold(WHAT.LAPSED, kzte, holder, 20n, ended(two)),
    ]);
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([ended(one), three, four]);
  });
});

describe("A partial confirm", () => {
  /** 60 held provisionally from `since`, of which 25 are confirmed. */
  async function deploySplit() {
    const system = await deploySystem();
    const { freeze, arrest, kzte } = system;
    const holder = await holderOf(system, 100n);
    const since = await timeOf(freeze([target(kzte, holder, 60n)]));
    const [until, arrestUntil] = [since + FREEZE_TERM, since + 100n * DAY];
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
    const rest = await lift([target(kzte, holder, 2n)], { by: COURT_AND_PROSECUTOR, arrested: true });
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

describe("A lapse in the second", () => {
  /** Alice's 1,000: 600 held by A until `until`, 300 by B a day longer. */
  async function deployEnding() {
    const system = await deploySystem();
    const { freeze, arrest, kzte } = system;
    const holder = await holderOf(system, 1000n);
    const until = (await timeOf(freeze([target(kzte, holder, 600n)], { caseId: "A" }))) + FREEZE_TERM;
    await arrest({ place: [target(kzte, holder, 300n)], until: until + DAY }, { caseId: "B" });
    return { ...system, holder, until };
  }

  it("needs no transaction: held at `until`, free at `until` + 1, and only what the ended hold held", async () => {
    const { tenge, docket, kzte, holder, until, alice } = await loadFixture(deployEnding);
    for (const [second, held, nextEnd] of [
      [until, 900n, until],
      [until + 1n, 300n, until + DAY],
      [until + DAY, 300n, until + DAY],
      [until + DAY + 1n, 0n, 0n],
    ] as const) {
      await goTo(second);
      expect([...(await docket.heldOf(kzte, holder))]).to.deep.equal([held, nextEnd]);
      expect(await tenge.getFrozenTokens(holder)).to.equal(held);
      expect(await tenge.canTransfer(holder, alice, 1000n - held)).to.equal(true);
      if (held !== 0n) expect(await tenge.canTransfer(holder, alice, 1001n - held)).to.equal(false);
    }
  });

  it("frees a real transfer in that second, and no unit of another case's hold", async () => {
    const system = await loadFixture(deploySystem);
    const { tenge, freeze, arrest, kzte, alice, bob } = system;
    const all = await tenge.balanceOf(alice);
    const until = (await timeOf(freeze([target(kzte, alice, all)], { caseId: "A" }))) + FREEZE_TERM;
    await arrest({ place: [target(kzte, alice, 300n)], until: until + DAY }, { caseId: "B" });
    await at(until);
    await expect(tenge.connect(alice).transfer(bob, 1n))
      .to.be.revertedWithCustomError(tenge, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(alice.address, 1n, 0n);
    await at(until + 1n);
    await expect(tenge.connect(alice).transfer(bob, all - 299n))
      .to.be.revertedWithCustomError(tenge, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(alice.address, all - 299n, all - 300n);
    await tenge.connect(alice).transfer(bob, all - 300n);
    await at(until + DAY + 1n);
    await tenge.connect(alice).transfer(bob, 300n);
    expect(await tenge.balanceOf(alice)).to.equal(0n);
  });

  it("frees transfers without a record, and the record later changes nothing for the holder", async () => {
    const { docket, tenge, kzte, holder, until } = await loadFixture(deployEnding);
    await goTo(until + 1n);
    const before = await tenge.getFrozenTokens(holder);
    await docket.lapse(encodeCaseId("A"), [{ asset: kzte, account: holder }]);
    expect(await tenge.getFrozenTokens(holder)).to.equal(before);
  });
});

describe("Over-freezing", () => {
  it("withholds later receipts up to the amount", async () => {
    const { tenge, freeze, kzte, alice, bob } = await loadFixture(deploySystem);
    const all = await tenge.balanceOf(alice);
    await freeze([target(kzte, alice, all + 50n)]);
    await tenge.connect(bob).transfer(alice, 50n);
    expect(await tenge.canTransfer(alice, bob, 1n)).to.equal(false);
    await tenge.connect(bob).transfer(alice, 7n);
    await expect(tenge.connect(alice).transfer(bob, 8n))
      .to.be.revertedWithCustomError(tenge, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(alice.address, 8n, 7n);
    await tenge.connect(alice).transfer(bob, 7n);
  });

  it("makes the one-unit dodge useless: a freeze of the whole balance lands after a unit left, and withholds its return", async () => {
    const { tenge, freeze, kzte, alice, bob } = await loadFixture(deploySystem);
    const all = await tenge.balanceOf(alice);
    await tenge.connect(alice).transfer(bob, 1n);
    await freeze([target(kzte, alice, all)]);
    expect(await tenge.getFrozenTokens(alice)).to.equal(all);
    await tenge.connect(bob).transfer(alice, 1n);
    expect(await tenge.canTransfer(alice, bob, 1n)).to.equal(false);
  });

  it("of an empty account withholds what comes first", async () => {
    const { tenge, freeze, seize, docket, kzte, alice, caseId } = await loadFixture(deploySystem);
    const empty = newAddress();
    await freeze([target(kzte, empty, 100n)]);
    await tenge.connect(alice).transfer(empty, 30n);
    await seize([target(kzte, empty, 100n)]);
    expect((await docket.owedTo(caseId, kzte, empty)).owed).to.equal(30n);
  });
});

describe("Saturation at 2^96-1", () => {
  it("shows 2^96-1 while more is held, and exact sums again once enough is lifted", async () => {
    const { docket, tenge, arrest, lift, kzte, alice, bob } = await loadFixture(deploySystem);
    const until = (await now()) + 100n * DAY;
    await arrest({ place: [target(kzte, alice, MAX_AMOUNT)], until }, { caseId: "A" });
    await arrest({ place: [target(kzte, alice, MAX_AMOUNT)], until }, { caseId: "B" });
    await arrest({ place: [target(kzte, alice, 5n)], until }, { caseId: "C" });
    const heldNow = async () => [(await docket.heldOf(kzte, alice)).held, await tenge.getFrozenTokens(alice)];
    const byCourt = { by: COURT_AND_PROSECUTOR, arrested: true };
    expect(await heldNow()).to.deep.equal([MAX_AMOUNT, MAX_AMOUNT]);
    await lift([target(kzte, alice, MAX_AMOUNT - 3n)], { caseId: "B", ...byCourt });
    expect(await heldNow()).to.deep.equal([MAX_AMOUNT, MAX_AMOUNT]);
    await lift([target(kzte, alice, 9n)], { caseId: "A", ...byCourt });
    expect(await heldNow()).to.deep.equal([MAX_AMOUNT - 1n, MAX_AMOUNT - 1n]);
    await lift([target(kzte, alice, MAX_AMOUNT - 9n)], { caseId: "A", ...byCourt });
    expect(await heldNow()).to.deep.equal([8n, 8n]);
    expect(await tenge.canTransfer(alice, bob, (await tenge.balanceOf(alice)) - 8n)).to.equal(true);
    expect(await tenge.canTransfer(alice, bob, (await tenge.balanceOf(alice)) - 7n)).to.equal(false);
  });

  it("does not touch the balance: a saturated account is still seized by its case's claim", async () => {
    const { docket, tenge, arrest, seize, kzte, alice } = await loadFixture(deploySystem);
    const until = (await now()) + 100n * DAY;
    await arrest({ place: [target(kzte, alice, MAX_AMOUNT)], until }, { caseId: "A" });
    await arrest({ place: [target(kzte, alice, MAX_AMOUNT)], until }, { caseId: "B" });
    const all = await tenge.balanceOf(alice);
    await seize([target(kzte, alice, MAX_AMOUNT)], { caseId: "A" });
    expect(await tenge.balanceOf(await docket.vaultOf(encodeCaseId("A")))).to.equal(all);
    expect(await tenge.getFrozenTokens(alice)).to.equal(MAX_AMOUNT);
  });
});

describe("Anti-rollover", () => {
  const LAST_END = FREEZE_TERM;

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
      await refuses(system, caseId, FREEZE_TERM, start + 6n * DAY);
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
      .withArgs(kzte, alice.address, start, start + LAST_END, start + DAY + FREEZE_TERM);
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
        await refuses(system, "A", FREEZE_TERM, start + day * DAY + 601n);
      }
      await refuses(system, "C", 1n, start + COOLING - 1n);
      await at(start + COOLING);
      await freezeBy(system, "C", FREEZE_TERM);
    });

    it(`begins anew with the hold that is placed at F + 40 days, where ${what}, and whatever is recorded after it`, async () => {
      const system = await loadFixture(deployFrozen);
      const { docket, start, kzte, alice } = system;
      await at(start + 5n * DAY);
      await freezeBy(system, "B", 5n * DAY);
      await happen(system);
      const again = start + COOLING;
      await at(again);
      await freezeBy(system, "C", FREEZE_TERM);
      await goTo(again + 11n * DAY);
      for (const caseId of ["A", "B", "C"]) {
        // Where nothing is left to record, nothing changes.
        await docket.lapse(encodeCaseId(caseId), [{ asset: kzte, account: alice }]).catch(() => undefined);
        await refuses({ ...system, start: again }, "D", DAY, (await now()) + 100n);
      }
      await refuses({ ...system, start: again }, "D", 1n, again + COOLING - 1n);
      await at(again + COOLING);
      await freezeBy(system, "D", FREEZE_TERM);
    });

    it(`lets one be placed after F + 40 days, where ${what} and the court placed an arrest in between`, async () => {
      const system = await loadFixture(deployFrozen);
      const { arrest, start, kzte, alice } = system;
      await at(start + 5n * DAY);
      await freezeBy(system, "B", 5n * DAY);
      await happen(system);
      await goTo(start + COOLING + DAY);
      await arrest({ place: [target(kzte, alice, 1n)], until: start + COOLING + 50n * DAY }, { caseId: "D" });
      await freezeBy(system, "C", FREEZE_TERM);
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
    await freezeBy(system, "A", FREEZE_TERM);
  });

  it("does not bind the court: Arrest may place at any time", async () => {
    const system = await loadFixture(deployFrozen);
    const { arrest, tenge, start, kzte, alice } = system;
    await goTo(start + 15n * DAY);
    await arrest({ place: [target(kzte, alice, 9n)], until: (await now()) + ARREST_TERM }, { caseId: "B" });
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
      ...{ kind: PROVISIONAL, caseNumber: 1n, number: 1n, since: start, until: ends[0], amount: 0n, opens: true },
    });
    expect(second).to.deep.equal({
      ...{ kind: PROVISIONAL, caseNumber: 2n, number: 2n, since: start + DAY, until: ends[1], amount: 0n },
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

describe("A confirmation", () => {
  it("in the last second of a hold passes, and the hold goes on without a gap", async () => {
    const { tenge, freeze, arrest, kzte, alice } = await loadFixture(deploySystem);
    const until = (await timeOf(freeze([target(kzte, alice, 60n)]))) + FREEZE_TERM;
    await at(until);
    await arrest({ confirm: [target(kzte, alice, 60n)], until: until + DAY });
    await goTo(until + DAY);
    expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
  });

  it("one second late finds nothing to confirm", async () => {
    const { docket, tenge, freeze, arrest, kzte, alice } = await loadFixture(deploySystem);
    const until = (await timeOf(freeze([target(kzte, alice, 60n)]))) + FREEZE_TERM;
    await at(until + 1n);
    await expect(arrest({ confirm: [target(kzte, alice, 60n)], until: until + DAY }))
      .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
      .withArgs(kzte, alice.address, 0n, 60n);
    await goTo(until + 1n);
    expect(await tenge.getFrozenTokens(alice)).to.equal(0n);
  });
});

describe("One officer's Cancel", () => {
  const frozen = async ({ base, kzte, alice }: System, caseId = CASE): Promise<Order<"Freeze">> =>
    buildFreeze({ ...(await base({ caseId })), targets: [target(kzte, alice, 60n)], term: Number(DAY) });

  it("that leaves a quorum standing stops nothing; its approval no longer counts", async () => {
    const system = await loadFixture(deploySystem);
    const { cancel, domain, tenge, alice } = system;
    const order = await frozen(system);
    await cancel(digestOf(order, domain), "FMA-3");
    const entry = await entryOf(execute(system, order, ["FMA-1", "FMA-2", "FMA-3", "GPO-1"]));
    expect(entry.officerIds).to.deep.equal(BY.map(officerIdOf).sort());
    expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
  });

  it("that leaves none standing stops the order, with who is left and who is needed", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, cancel, domain, tenge, alice } = system;
    const order = await frozen(system);
    await cancel(digestOf(order, domain), "FMA-2");
    await expect(execute(system, order, BY))
      .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
      .withArgs(digestOf(order, domain), 0x101n, 0x102n);
    expect(await tenge.getFrozenTokens(alice)).to.equal(0n);
  });

  it("does not stop the order for the others: it passes with another officer's approval", async () => {
    const system = await loadFixture(deploySystem);
    const { cancel, domain, tenge, alice } = system;
    const order = await frozen(system);
    await cancel(digestOf(order, domain), "FMA-2");
    await execute(system, order, ["FMA-1", "FMA-3", "GPO-1"]);
    expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
  });

  it("stops an Arrest, too", async () => {
    const system = await loadFixture(deploySystem);
    const { base, quorum, cancel, domain, kzte, alice } = system;
    const order = buildArrest({
      ...(await base({})),
      place: [target(kzte, alice, 1n)],
      upTo: 0,
      until: (await now()) + DAY,
    });
    await cancel(digestOf(order, domain), "COURT-1");
    await expect(execute(system, order)).to.be.revertedWithCustomError(quorum, "QuorumWithdrawn");
  });

  it("in a batch skips that one order and names it; the others execute", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, quorum, cancel, domain, approve } = system;
    const orders = await Promise.all(["A", "B", "C"].map((id) => frozen(system, id)));
    const digest = digestOf(orders[1]!, domain);
    await cancel(digest, "GPO-1");
    const sent = docket.freeze(
      orders.map(({ message }) => struct(message)),
      await Promise.all(orders.map((order) => approve(order, BY))),
      "0x",
    );
    await expect(sent)
      .to.emit(docket, "Skipped")
      .withArgs(1n, quorum.interface.encodeErrorResult("QuorumWithdrawn", [digest, 0x002n, 0x102n]));
    expect((await entriesOf(sent)).map(({ caseId }) => caseId)).to.deep.equal([encodeCaseId("A"), encodeCaseId("C")]);
  });
});

describe("A batch of 81 orders", () => {
  /** 81 orders of one account each, with their approvals. */
  async function deployWithOrders() {
    const system = await deploySystem();
    const { base, kzte, domain } = system;
    const bases = await Promise.all(Array.from({ length: 81 }, (_, i) => base({ caseId: `C-${i}` })));
    const orders = bases.map((of) =>
      buildFreeze({ ...of, targets: [target(kzte, newAddress(), 1n)], term: Number(DAY) }),
    );
    const approvals = await Promise.all(orders.map((order) => approvalsOf(domain, order, BY)));
    const messages = orders.map(({ message }) => struct(message));
    return { ...system, orders, approvals, messages };
  }

  it("of which a stranger executed one early still executes the other 80, and names the skipped one", async () => {
    const system = await loadFixture(deployWithOrders);
    const { docket, quorum, domain, stranger, orders, approvals, messages } = system;
    await docket.connect(stranger).freeze([messages[33]!], [approvals[33]!], "0x");
    const sent = await docket.freeze(messages, approvals, "0x");
    await expect(sent)
      .to.emit(docket, "Skipped")
      .withArgs(33n, quorum.interface.encodeErrorResult("QuorumOrderUsed", [digestOf(orders[33]!, domain), 2n]));
    const entries = await entriesOf(sent);
    expect(entries.map(({ order }) => order)).to.deep.equal(
      orders.filter((_, i) => i !== 33).map((order) => digestOf(order, domain)),
    );
    expect(await docket.caseCount()).to.equal(81n);
    expect(await docket.entries()).to.equal(82n);
  });

  it("of which all were executed reverts with the reason of the last", async () => {
    const { docket, quorum, domain, orders, approvals, messages } = await loadFixture(deployWithOrders);
    const [some, given] = [messages.slice(0, 3), approvals.slice(0, 3)];
    await docket.freeze(some, given, "0x");
    await expect(docket.freeze(some, given, "0x"))
      .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
      .withArgs(digestOf(orders[2]!, domain), 4n);
  });

  it("skips one that was executed before, also after its last second", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, tenge, approve, base, kzte, alice, bob } = system;
    const signBy = (await now()) + 1000n;
    const first = buildFreeze({
      ...(await base({ caseId: "A", signBy })),
      targets: [target(kzte, alice, 1n)],
      term: 1000,
    });
    const second = buildFreeze({ ...(await base({ caseId: "B" })), targets: [target(kzte, bob, 1n)], term: 1000 });
    const approvals = [await approve(first, BY), await approve(second, BY)];
    await docket.freeze([struct(first.message)], [approvals[0]!], "0x");
    await goTo(signBy + 1n);
    await docket.freeze([struct(first.message), struct(second.message)], approvals, "0x");
    expect(await tenge.getFrozenTokens(bob)).to.equal(1n);
  });

  it("of which one has another fault reverts all, though others would only be skipped", async () => {
    const { docket, quorum, approvals, messages } = await loadFixture(deployWithOrders);
    await docket.freeze([messages[0]!], [approvals[0]!], "0x");
    const swapped = approvals.with(40, approvals[41]!);
    await expect(docket.freeze(messages, swapped, "0x")).to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer");
    expect(await docket.caseCount()).to.equal(1n);
  });

  it("of 363 accounts fits into two transactions below the gas cap of EIP-7825", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, tenge, base, kzte, domain } = system;
    // 39 cases of five accounts and 42 of four.
    const accounts = Array.from({ length: 81 }, (_, i) => Array.from({ length: i < 39 ? 5 : 4 }, newAddress));
    expect(accounts.flat()).to.have.length(363);
    const bases = await Promise.all(accounts.map((_, i) => base({ caseId: `TUMAR-${i}` })));
    const orders = accounts.map((ofCase, i) =>
      buildFreeze({
        ...bases[i]!,
        targets: ofCase.map((account) => target(kzte, account, 1_000_000n)),
        term: Number(FREEZE_TERM),
      }),
    );
    const approvals = await Promise.all(orders.map((order) => approvalsOf(domain, order, BY)));
    for (const [from, to] of [
      [0, 40],
      [40, 81],
    ] as const) {
      const messages = orders.slice(from, to).map(({ message }) => struct(message));
      const sent = await docket.freeze(messages, approvals.slice(from, to), "0x", { gasLimit: MOST_GAS });
      expect((await sent.wait())!.gasUsed <= MOST_GAS).to.equal(true);
    }
    expect(await docket.caseCount()).to.equal(81n);
    for (const account of accounts.flat()) expect(await tenge.getFrozenTokens(account)).to.equal(1_000_000n);
  });
});

describe("Sixteen holds on one account", () => {
  const place = ({ kzte, alice }: System): Target[] => [target(kzte, alice, 1n)];

  it("are eight of Freeze at most; the court still gets the other eight", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, tenge, freeze, arrest, kzte, alice } = system;
    const start = await timeOf(freeze(place(system), { caseId: "P1" }));
    for (let i = 2; i <= 8; ++i) await freeze(place(system), { caseId: `P${i}`, term: Number(DAY) });
    await expect(freeze(place(system), { caseId: "P9", term: Number(DAY) }))
      .to.be.revertedWithCustomError(docket, "DocketHoldsFull")
      .withArgs(kzte, alice.address, 8n);
    for (let i = 1; i <= 8; ++i) await arrest({ place: place(system), until: start + 50n * DAY }, { caseId: `C${i}` });
    expect(await tenge.getFrozenTokens(alice)).to.equal(16n);
    await expect(arrest({ place: place(system), until: start + 50n * DAY }, { caseId: "C9" }))
      .to.be.revertedWithCustomError(docket, "DocketHoldsFull")
      .withArgs(kzte, alice.address, 16n);
  });

  it("are refused a provisional one where the court filled all", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, freeze, arrest, kzte, alice } = system;
    const until = (await now()) + 50n * DAY;
    for (let i = 1; i <= 16; ++i) await arrest({ place: place(system), until }, { caseId: `C${i}` });
    await expect(freeze(place(system)))
      .to.be.revertedWithCustomError(docket, "DocketHoldsFull")
      .withArgs(kzte, alice.address, 16n);
  });

  it("drop the ended ones first where the list is full, with their lapse in effects and case counters", async () => {
    const system = await loadFixture(deploySystem);
    const { tenge, freeze, kzte, alice } = system;
    const start = await timeOf(freeze(place(system), { caseId: "P1", term: Number(DAY) }));
    for (let i = 2; i <= 8; ++i) await freeze(place(system), { caseId: `P${i}`, term: Number(DAY) - i * 60 });
    const before = await holdsOn(system, kzte, alice);
    await goTo(start + DAY);
    const sent = await freeze(place(system), { caseId: "P9", term: Number(DAY) });
    const since = await timeOf(sent);
    const placed: Hold = { kind: PROVISIONAL, caseNumber: 9n, number: 9n, since, until: since + DAY, amount: 1n };
    expect(await effectsOf(sent)).to.deep.equal([
      opened(9n),
      onHold(WHAT.HELD, kzte, alice, 1n, placed),
      ...before.map((hold) => onHold(WHAT.LAPSED, kzte, alice, 1n, ended(hold))),
    ]);
    expect(await holdsOn(system, kzte, alice)).to.deep.equal([...before.map((hold) => ended(hold)), placed]);
    expect(await tenge.getFrozenTokens(alice)).to.equal(1n);
  });

  it("drop the ended ones for an arrest, too, and only those; the word of the one that began last gives its place", async () => {
    const system = await loadFixture(deploySystem);
    const { arrest, kzte, alice } = system;
    const start = (await now()) + 1n;
    const until = start + 50n * DAY;
    for (let i = 1n; i <= 16n; ++i) {
      await arrest({ place: place(system), until: i % 2n === 0n ? start + DAY : until }, { caseId: `C${i}` });
    }
    const before = await holdsOn(system, kzte, alice);
    await goTo(start + DAY);
    const sent = await arrest({ place: place(system), until }, { caseId: "C17" });
    const since = await timeOf(sent);
    const placed: Hold = { kind: ARRESTED, caseNumber: 17n, number: 17n, since, until, amount: 1n };
    const hasEnded = ({ number }: Hold) => number % 2n === 0n;
    expect(await effectsOf(sent)).to.deep.equal([
      opened(17n),
      onHold(WHAT.ARRESTED, kzte, alice, 1n, placed),
      ...before.filter(hasEnded).map((hold) => onHold(WHAT.LAPSED, kzte, alice, 1n, ended(hold))),
      onHold(WHAT.FORGOTTEN, kzte, alice, 0n, ended(before[15]!)),
    ]);
    expect(await holdsOn(system, kzte, alice)).to.deep.equal([
      ...before.slice(0, 15).map((hold) => (hasEnded(hold) ? ended(hold) : hold)),
      placed,
    ]);
  });

  it("besides the slot that keeps the cooling are no obstacle to a new hold or a split once one of them ended", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, freeze, arrest, lift, kzte, alice } = system;
    const start = await timeOf(freeze(place(system), { caseId: "P1" }));
    await lift(place(system), { caseId: "P1" });
    await freeze([target(kzte, alice, 9n)], { caseId: "P2", term: Number(9n * DAY) });
    for (let i = 1n; i <= 15n; ++i) {
      await arrest({ place: place(system), until: start + (i <= 2n ? DAY : 50n * DAY) }, { caseId: `C${i}` });
    }
    expect(await holdsOn(system, kzte, alice)).to.have.length(17);
    await goTo(start + DAY);
    // Two ended: one place goes to the confirmed half, the other to a new hold.
    await arrest({ confirm: [target(kzte, alice, 4n)], until: start + 60n * DAY }, { caseId: "P2" });
    await arrest({ place: place(system), until: start + 60n * DAY }, { caseId: "C16" });
    const holds = await holdsOn(system, kzte, alice);
    expect(shapeOf(holds)).to.deep.equal([
      [PROVISIONAL, 1n, 0n],
      [ARRESTED, 2n, 4n],
      [PROVISIONAL, 2n, 5n],
      ...Array.from({ length: 13 }, (_, i) => [ARRESTED, BigInt(i + 5), 1n]),
      [ARRESTED, 18n, 1n],
    ]);
    expect((await docket.heldOf(kzte, alice)).held).to.equal(23n);
    await expect(arrest({ place: place(system), until: start + 60n * DAY }, { caseId: "C17" }))
      .to.be.revertedWithCustomError(docket, "DocketHoldsFull")
      .withArgs(kzte, alice.address, 16n);
  });

  it("still lose every one of them: sixteen cases seize one after the other by priority", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, tenge, arrest, seize, kzte } = system;
    const holder = await holderOf(system, 24n);
    const until = (await now()) + 50n * DAY;
    const targets: Target[] = [target(kzte, holder, 2n)];
    for (let i = 1; i <= 16; ++i) await arrest({ place: targets, until }, { caseId: `C${i}` });
    for (let i = 16; i >= 1; --i) await seize(targets, { caseId: `C${i}` });
    const taken: bigint[] = [];
    for (let i = 1; i <= 16; ++i) taken.push(await tenge.balanceOf(await docket.vaultOf(encodeCaseId(`C${i}`))));
    expect(taken).to.deep.equal([...Array<bigint>(12).fill(2n), ...Array<bigint>(4).fill(0n)]);
    expect(await tenge.balanceOf(holder)).to.equal(0n);
  });
});

describe("An account's money", () => {
  it("can be spent through, confirmed, lifted and seized in any order without a unit appearing or vanishing", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, tenge, freeze, arrest, lift, seize, kzte, alice, bob, caseId } = system;
    const [supply, all] = [await tenge.totalSupply(), await tenge.balanceOf(alice)];
    const since = await timeOf(freeze([target(kzte, alice, 60n)]));
    await arrest({ confirm: [target(kzte, alice, 50n)], until: since + 50n * DAY });
    await tenge.connect(alice).transfer(bob, all - 60n);
    await lift([target(kzte, alice, 15n)], { by: COURT_AND_PROSECUTOR, arrested: true });
    await seize([target(kzte, alice, 40n)]);
    await goTo(since + 51n * DAY);
    await tenge.connect(alice).transfer(bob, 20n);
    const vault: Hex = (await docket.vaultOf(caseId)) as Hex;
    expect(await tenge.balanceOf(alice)).to.equal(0n);
    expect(await tenge.balanceOf(vault)).to.equal(40n);
    expect(await tenge.totalSupply()).to.equal(supply);
  });
});
