// Long: a case from its beginning to its end.
import { expect } from "chai";
import { getAddress, type Address } from "viem";
import { ACTS } from "../../src/orders/index.ts";
import { actingAs, atSecond, goTo, loadFixture, now, timeOf } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { entryOf, holdsOn, target, unpack, WHAT } from "../system/entries.ts";
import { inKind, targetsOf, units } from "../system/money.ts";
import { DAY, DELAY, type OfficerName, TERM } from "../system/parameters.ts";

const HOUR = 3600n;
const BY_FMA_AND_PROSECUTOR: OfficerName[] = ["FMA-1", "GPO-1"];

/** Ends the provisional holds that two agencies placed themselves, without a court. */
const OWN_MOTION = { by: BY_FMA_AND_PROSECUTOR };

describe("a hold on a merchant whose address looks like the suspect's", () => {
  const HELD = units(84_200);
  /** What a screen shows of it, the first six and the last four digits, is the suspect's. */
  const MERCHANT = getAddress("0xa1b2c3111111111111111111111111111111d4e5");

  /** The merchant is held in place of the suspect, and contests it five hours later. */
  async function deployHeld() {
    const scene = await deploySystem();
    const { tenge, issuer, kzte, freeze } = scene;
    await tenge.connect(issuer).mint(MERCHANT, HELD);
    const since = await timeOf(freeze([target(kzte, MERCHANT, HELD)]));
    return { ...scene, merchant: await actingAs(MERCHANT), since };
  }

  it("is lifted by the two agencies that placed it, without a court: all 84,200 are free at once", async () => {
    const scene = await loadFixture(deployHeld);
    const { tenge, kzte, merchant, bob, since, lift } = scene;
    await expect(tenge.connect(merchant).transfer(bob, 1n)).to.be.revertedWithCustomError(
      tenge,
      "ERC7943InsufficientUnfrozenBalance",
    );
    await atSecond(since + 5n * HOUR, () => lift([target(kzte, merchant, HELD)], OWN_MOTION));
    await tenge.connect(merchant).transfer(bob, HELD);
    expect(await tenge.balanceOf(merchant)).to.equal(0);
    expect((await now()) - since < 72n * HOUR).to.equal(true);
  });

  it("leaves its duration on the journal: five hours from the placement to the lift", async () => {
    const { kzte, merchant, since, lift } = await loadFixture(deployHeld);
    const entry = await entryOf(atSecond(since + 5n * HOUR, () => lift([target(kzte, merchant, HELD)], OWN_MOTION)));
    expect(entry.effects.map(({ what, amount }) => [what, amount])).to.deep.equal([[WHAT.LIFTED, HELD]]);
    expect(entry.timestamp - unpack(entry.effects[0]!.value).since).to.equal(5n * HOUR);
  });

  it("is not lifted by the two agencies any more once a court confirmed it; by a judge and the prosecutor it is", async () => {
    const { docket, quorum, tenge, kzte, merchant, since, arrest, lift } = await loadFixture(deployHeld);
    await arrest({ confirm: [target(kzte, merchant, HELD)], until: since + 100n * DAY });
    await expect(lift([target(kzte, merchant, HELD)], OWN_MOTION))
      .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
      .withArgs(kzte, merchant.address, 0, HELD);
    await expect(lift([target(kzte, merchant, HELD)], { ...OWN_MOTION, arrested: true })).to.be.revertedWithCustomError(
      quorum,
      "QuorumNotMet",
    );
    await lift([target(kzte, merchant, HELD)], { by: ["COURT-1", "GPO-1"], arrested: true });
    expect(await tenge.getFrozenTokens(merchant)).to.equal(0);
  });
});

describe("a hold of 41,250 that no court confirmed", () => {
  const HELD = units(41_250);

  async function deployHeld() {
    const scene = await deploySystem();
    const owner = await scene.holder(HELD);
    const since = await timeOf(scene.freeze([target(scene.kzte, owner, HELD)]));
    return { ...scene, owner, until: since + TERM.Freeze };
  }

  it("binds to its last second, and is gone the second after with no transaction by the state", async () => {
    const { tenge, owner, bob, until } = await loadFixture(deployHeld);
    await expect(atSecond(until, () => tenge.connect(owner).transfer(bob, 1n))).to.be.revertedWithCustomError(
      tenge,
      "ERC7943InsufficientUnfrozenBalance",
    );
    await atSecond(until + 1n, () => tenge.connect(owner).transfer(bob, HELD));
    expect(await tenge.balanceOf(owner)).to.equal(0);
  });

  it("is recorded as lapsed by anyone, 10 days and a second after it began and not before", async () => {
    const scene = await loadFixture(deployHeld);
    const { docket, kzte, owner, stranger, caseId, until } = scene;
    const accounts = [{ asset: kzte, account: owner.address }];
    await expect(atSecond(until, () => docket.connect(stranger).lapse(caseId, accounts)))
      .to.be.revertedWithCustomError(docket, "DocketNothingLapsed")
      .withArgs(caseId);
    const entry = await entryOf(atSecond(until + 1n, () => docket.connect(stranger).lapse(caseId, accounts)));
    expect([entry.act, entry.officerIds]).to.deep.equal([BigInt(ACTS.lapse), []]);
    expect(entry.effects.map(({ what, amount }) => [what, amount])).to.deep.equal([[WHAT.LAPSED, HELD]]);
  });

  it("can then neither be confirmed nor seized, nor be placed anew by the same agencies", async () => {
    const { docket, tenge, kzte, owner, until, arrest, seize, freeze } = await loadFixture(deployHeld);
    const held = [target(kzte, owner, HELD)];
    await goTo(until);
    await expect(arrest({ confirm: held, until: until + 90n * DAY }))
      .to.be.revertedWithCustomError(docket, "DocketHoldTooSmall")
      .withArgs(kzte, owner.address, 0, HELD);
    await expect(seize(held)).to.be.revertedWithCustomError(docket, "DocketNothingHeld");
    await expect(freeze(held, { caseId: "CASE-2", term: 60 })).to.be.revertedWithCustomError(docket, "DocketRollover");
    expect(await tenge.balanceOf(owner)).to.equal(HELD);
  });
});

describe("a target that moved half of its money between the trace and the freeze", () => {
  const TRACED = units(100_000);

  /** Of 100,000 traced the leaking one has 50,000 left; the other half is on a further account. */
  async function deployLeaked() {
    const scene = await deploySystem();
    const [leaking, other, next] = [await scene.holder(TRACED), await scene.holder(units(7)), await scene.holder(0n)];
    await scene.tenge.connect(leaking).transfer(next, TRACED / 2n);
    await scene.freeze(
      targetsOf(scene.kzte, [
        [leaking, TRACED],
        [other, units(7)],
      ]),
    );
    return { ...scene, leaking, rest: other, next };
  }

  it("is held for what the order says, the batch with it; the balance covers half", async () => {
    const scene = await loadFixture(deployLeaked);
    const { tenge, kzte, leaking, rest } = scene;
    expect((await holdsOn(scene, kzte, leaking)).map(({ amount }) => amount)).to.deep.equal([TRACED]);
    expect(await tenge.getFrozenTokens(leaking)).to.equal(TRACED);
    expect(await tenge.balanceOf(leaking)).to.equal(TRACED / 2n);
    expect(await tenge.getFrozenTokens(rest)).to.equal(units(7));
  });

  it("gives a seizure what is there, and what comes in later up to the amount", async () => {
    const scene = await loadFixture(deployLeaked);
    const { tenge, kzte, leaking, alice, arrest, seize, sums } = scene;
    await arrest({ confirm: [target(kzte, leaking, TRACED)], until: (await now()) + 100n * DAY });
    await seize([target(kzte, leaking, TRACED)]);
    expect((await sums()).taken).to.equal(TRACED / 2n);
    await tenge.connect(alice).transfer(leaking, 900n);
    await expect(tenge.connect(leaking).transfer(alice, 1n)).to.be.revertedWithCustomError(
      tenge,
      "ERC7943InsufficientUnfrozenBalance",
    );
    await seize([target(kzte, leaking, TRACED)]);
    expect((await sums()).taken).to.equal(TRACED / 2n + 900n);
    expect((await holdsOn(scene, kzte, leaking)).at(-1)!.amount).to.equal(TRACED / 2n - 900n);
  });

  it("is followed: a further order holds the other half where it went", async () => {
    const { tenge, kzte, next, bob, freeze } = await loadFixture(deployLeaked);
    await freeze([target(kzte, next, TRACED / 2n)]);
    await expect(tenge.connect(next).transfer(bob, 1n)).to.be.revertedWithCustomError(
      tenge,
      "ERC7943InsufficientUnfrozenBalance",
    );
  });
});

describe("an investigation that is terminated", () => {
  const [HELD, TAKEN, CONFISCATED] = [units(300), units(700), units(500)];

  /** Held provisionally, held by the court and taken, with a forfeiture on its way. */
  async function deployCase() {
    const scene = await deploySystem();
    const { kzte, treasury, freeze, arrest, take, forfeit } = scene;
    const [first, second, third] = [await scene.holder(HELD), await scene.holder(HELD), await scene.holder(TAKEN)];
    await take([target(kzte, third, TAKEN)]);
    await freeze([target(kzte, first, HELD)]);
    await arrest({ place: [target(kzte, second, HELD)], until: (await now()) + 100n * DAY });
    const order = await forfeit({ asset: kzte, treasury: treasury.address as Address, amount: CONFISCATED });
    await order.send();
    return { ...scene, first, second, third, order };
  }

  it("lets go of everything: both kinds of holds, what was taken, and the forfeiture; nothing is left of the case", async () => {
    const scene = await loadFixture(deployCase);
    const { tenge, quorum, kzte, first, second, third, bob, lift, refund, veto, order, sums } = scene;
    await lift(
      targetsOf(kzte, [
        [first, HELD],
        [second, HELD],
      ]),
      { by: ["COURT-1", "COURT-2"], arrested: true },
    );
    await (await veto(order.digest, ["COURT-1"])).send();
    await refund([inKind(kzte, third, TAKEN)]);
    for (const [owner, amount] of [
      [first, HELD],
      [second, HELD],
      [third, TAKEN],
    ] as const) {
      await tenge.connect(owner).transfer(bob, amount);
    }
    await goTo((await now()) + DELAY.Forfeit + DAY);
    await expect(order.execute()).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded").withArgs(order.digest, 3);
    expect(await sums()).to.include({ taken: TAKEN, paid: TAKEN, reserved: 0n, free: 0n, balance: 0n });
  });

  it("needs nobody to stop the forfeiture: once the money is given back there is none to pay", async () => {
    const { docket, kzte, third, caseId, refund, order, treasury, tenge } = await loadFixture(deployCase);
    await refund([inKind(kzte, third, TAKEN)], { by: ["COURT-1", "COURT-2"] });
    await goTo((await now()) + DELAY.Forfeit + DAY);
    await expect(order.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, 0, CONFISCATED);
    expect(await tenge.balanceOf(treasury)).to.equal(0);
  });
});
