import { expect } from "chai";
import type { Hex } from "viem";
import { encodeCaseId, type Target } from "../../src/orders/index.ts";
import { at, goTo, loadFixture, now, timeOf } from "../system/chain.ts";
import { deploySystem, holderOf, type System } from "../system/deployed.ts";
import {
  ARRESTED,
  effectsOf,
  ended,
  type Hold,
  holdsOn,
  MAX_AMOUNT,
  onHold,
  opened,
  PROVISIONAL,
  target,
  vaultCreated,
  WHAT,
} from "../system/entries.ts";
import { DAY, DECIDERS } from "../system/parameters.ts";

/** Kind and amount of the holds on an account, by priority. */
const shapeOf = (holds: Hold[]) => holds.map(({ kind, number, amount }) => [kind, number, amount]);

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
      kind,
      caseNumber: 1n,
      number,
      since: t,
      until,
      amount,
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
    const sent = await lift([target(kzte, holder, 75n)], { by: DECIDERS.LiftArrested, arrested: true });
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

describe("Saturation at 2^96-1", () => {
  it("shows 2^96-1 while more is held, and exact sums again once enough is lifted", async () => {
    const { docket, tenge, arrest, lift, kzte, alice, bob } = await loadFixture(deploySystem);
    const until = (await now()) + 100n * DAY;
    await arrest({ place: [target(kzte, alice, MAX_AMOUNT)], until }, { caseId: "A" });
    await arrest({ place: [target(kzte, alice, MAX_AMOUNT)], until }, { caseId: "B" });
    await arrest({ place: [target(kzte, alice, 5n)], until }, { caseId: "C" });
    const heldNow = async () => [(await docket.heldOf(kzte, alice)).held, await tenge.getFrozenTokens(alice)];
    const byCourt = { by: DECIDERS.LiftArrested, arrested: true };
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
    await lift([target(kzte, alice, 15n)], { by: DECIDERS.LiftArrested, arrested: true });
    await seize([target(kzte, alice, 40n)]);
    await goTo(since + 51n * DAY);
    await tenge.connect(alice).transfer(bob, 20n);
    const vault: Hex = (await docket.vaultOf(caseId)) as Hex;
    expect(await tenge.balanceOf(alice)).to.equal(0n);
    expect(await tenge.balanceOf(vault)).to.equal(40n);
    expect(await tenge.totalSupply()).to.equal(supply);
  });
});
