import { expect } from "chai";
import { ZeroHash } from "ethers";
import { encodeCaseId } from "../../src/orders/index.ts";
import { at, atSecond, goTo, loadFixture, networkHelpers, newAddress, timeOf } from "../system/chain.ts";
import { deploySystem, holderOf } from "../system/deployed.ts";
import {
  ARRESTED,
  entryOf,
  headAfter,
  type Hold,
  holdsOn,
  onHold,
  PROVISIONAL,
  target,
  WHAT,
} from "../system/entries.ts";
import { UNIT } from "../system/money.ts";
import { COOLING, DAY, TERM } from "../system/parameters.ts";

/** Alice's account: 60 held by CASE until `until`, 20 by CASE-2 until a day later; bob's: 40 by CASE until `until`. */
async function deployHeld() {
  const system = await deploySystem();
  const { freeze, arrest, kzte, alice, bob } = system;
  const sent = await freeze([target(kzte, alice, 60n), target(kzte, bob, 40n)]);
  const since = await timeOf(sent);
  const until = since + TERM.Freeze;
  const second = await timeOf(arrest({ place: [target(kzte, alice, 20n)], until: until + DAY }, { caseId: "CASE-2" }));
  const [number] = (await holdsOn(system, kzte, alice)).map((hold) => hold.number);
  const ofAlice: Hold = {
    kind: PROVISIONAL,
    caseNumber: 1n,
    number: number!,
    since,
    until,
    amount: 0n,
    opens: true,
  };
  const ofBob = { ...ofAlice, number: 3n - number! };
  return { ...system, since, until, second, ofAlice, ofBob };
}

describe("Docket.lapse", () => {
  it("records the end of a case's holds: anyone may, no officer and no document stands behind it", async () => {
    const system = await loadFixture(deployHeld);
    const { docket, stranger, kzte, alice, bob, caseId, until, ofAlice, ofBob } = system;
    const head = await docket.head();
    await at(until + 1n);
    const entry = await entryOf(
      docket.connect(stranger).lapse(caseId, [
        { asset: kzte, account: alice },
        { asset: kzte, account: bob },
      ]),
    );
    expect(entry.effects).to.deep.equal([
      onHold(WHAT.LAPSED, kzte, alice, 60n, ofAlice),
      onHold(WHAT.LAPSED, kzte, bob, 40n, ofBob),
    ]);
    expect(entry).to.deep.include({ seq: 4n, act: 68n, caseId, order: ZeroHash, document: ZeroHash, officerIds: [] });
    expect(await docket.head()).to.equal(headAfter(head, entry));
  });

  it("does not happen in the last second of a hold", async () => {
    const { docket, kzte, alice, caseId, until } = await loadFixture(deployHeld);
    await at(until);
    await expect(docket.lapse(caseId, [{ asset: kzte, account: alice }]))
      .to.be.revertedWithCustomError(docket, "DocketNothingLapsed")
      .withArgs(caseId);
    await at(until + 1n);
    await docket.lapse(caseId, [{ asset: kzte, account: alice }]);
  });

  it("changes nothing for the holder, who was free before", async () => {
    const { docket, tenge, kzte, bob, carol, caseId, until } = await loadFixture(deployHeld);
    await at(until + 1n);
    await tenge.connect(bob).transfer(carol, 1000n * UNIT);
    await docket.lapse(caseId, [{ asset: kzte, account: bob }]);
    expect(await tenge.getFrozenTokens(bob)).to.equal(0n);
    expect(await tenge.balanceOf(carol)).to.equal(2000n * UNIT);
  });

  it("tells the token what is held now", async () => {
    const { docket, tenge, kzte, alice, caseId, until } = await loadFixture(deployHeld);
    await at(until + 1n);
    await expect(docket.lapse(caseId, [{ asset: kzte, account: alice }]))
      .to.emit(tenge, "Frozen")
      .withArgs(alice.address, 20n);
  });

  it("passes over accounts without such a hold, unknown assets, and an account that is named twice", async () => {
    const { docket, kzte, usdx, alice, bob, caseId, until, ofBob } = await loadFixture(deployHeld);
    await at(until + 1n);
    const entry = await entryOf(
      docket.lapse(caseId, [
        { asset: kzte, account: newAddress() },
        { asset: usdx, account: alice },
        { asset: newAddress(), account: alice },
        { asset: kzte, account: bob },
        { asset: kzte, account: bob },
      ]),
    );
    expect(entry.effects).to.deep.equal([onHold(WHAT.LAPSED, kzte, bob, 40n, ofBob)]);
  });

  it("leaves other cases' holds alone, live or ended", async () => {
    const system = await loadFixture(deployHeld);
    const { docket, kzte, alice, caseId, until, second } = system;
    await goTo(until + 2n * DAY);
    await docket.lapse(caseId, [{ asset: kzte, account: alice }]);
    const ofOther = { kind: ARRESTED, caseNumber: 2n, number: 3n, since: second, until: until + DAY, amount: 20n };
    expect((await holdsOn(system, kzte, alice))[1]).to.deep.equal(ofOther);
    const entry = await entryOf(docket.lapse(encodeCaseId("CASE-2"), [{ asset: kzte, account: alice }]));
    expect(entry.effects).to.deep.equal([onHold(WHAT.LAPSED, kzte, alice, 20n, { ...ofOther, amount: 0n })]);
  });

  it("leaves the case's live holds on the same account alone", async () => {
    const system = await loadFixture(deployHeld);
    const { docket, tenge, arrest, kzte, alice, caseId, until } = system;
    await arrest({ place: [target(kzte, alice, 7n)], until: until + 50n * DAY });
    await at(until + 1n);
    const { effects } = await entryOf(docket.lapse(caseId, [{ asset: kzte, account: alice }]));
    expect(effects.map(({ amount }) => amount)).to.deep.equal([60n]);
    expect(await tenge.getFrozenTokens(alice)).to.equal(27n);
  });

  it("records all of a case's many ended holds on one account, each exactly", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, freeze, arrest, kzte, alice, caseId } = system;
    const expected = [];
    const until = (await timeOf(freeze([target(kzte, alice, 1n)]))) + TERM.Freeze;
    for (let i = 2n; i <= 16n; ++i) await arrest({ place: [target(kzte, alice, i)], until });
    const holds = await holdsOn(system, kzte, alice);
    expect(holds).to.have.length(16);
    for (const hold of holds) expected.push(onHold(WHAT.LAPSED, kzte, alice, hold.amount, { ...hold, amount: 0n }));
    await at(until + 1n);
    const entry = await entryOf(docket.lapse(caseId, [{ asset: kzte, account: alice }]));
    expect(entry.effects).to.deep.equal(expected);
  });

  it("records the end of an arrest", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, arrest, kzte, alice, caseId } = system;
    const until = BigInt(await networkHelpers.time.latest()) + 100n * DAY;
    const since = await timeOf(arrest({ place: [target(kzte, alice, 9n)], until }));
    await at(until + 1n);
    const entry = await entryOf(docket.lapse(caseId, [{ asset: kzte, account: alice }]));
    expect(entry.effects).to.deep.equal([
      onHold(WHAT.LAPSED, kzte, alice, 9n, { kind: ARRESTED, caseNumber: 1n, number: 1n, since, until, amount: 0n }),
    ]);
  });

  it("is remembered with the second of the end, whenever it is recorded, for forty days from that end", async () => {
    const system = await loadFixture(deployHeld);
    const { docket, kzte, bob, caseId, until, ofBob } = system;
    await at(until + 20n * DAY);
    await docket.lapse(caseId, [{ asset: kzte, account: bob }]);
    expect(await holdsOn(system, kzte, bob)).to.deep.equal([ofBob]);
    await goTo(until + COOLING);
    expect(await holdsOn(system, kzte, bob)).to.deep.equal([ofBob]);
    await goTo(until + COOLING + 1n);
    expect(await holdsOn(system, kzte, bob)).to.deep.equal([]);
  });

  it("is refused where nothing ended: no account, a live hold, a lifted one, a seized one, one recorded before", async () => {
    const system = await loadFixture(deployHeld);
    const { docket, lift, seize, kzte, alice, bob, caseId, until } = system;
    const refuse = async (accounts: { asset: string; account: string }[]) =>
      expect(docket.lapse(caseId, accounts))
        .to.be.revertedWithCustomError(docket, "DocketNothingLapsed")
        .withArgs(caseId);
    const [ofAlice, ofBob] = [alice, bob].map(({ address }) => ({ asset: kzte, account: address }));
    await refuse([]);
    await refuse([ofAlice!, ofBob!]);
    await lift([target(kzte, bob, 40n)]);
    await refuse([ofBob!]);
    await seize([target(kzte, alice, 30n)]);
    await goTo(until);
    await refuse([ofBob!]);
    await docket.lapse(caseId, [ofAlice!]);
    await refuse([ofAlice!]);
  });

  it("is refused for a case that was never opened", async () => {
    const { docket, kzte, alice, until } = await loadFixture(deployHeld);
    await goTo(until);
    await expect(docket.lapse(encodeCaseId("CASE-9"), [{ asset: kzte, account: alice }]))
      .to.be.revertedWithCustomError(docket, "DocketUnknownCase")
      .withArgs(encodeCaseId("CASE-9"));
  });
});

describe("A lapse in the second", () => {
  /** Alice's 1,000: 600 held by A until `until`, 300 by B a day longer. */
  async function deployEnding() {
    const system = await deploySystem();
    const { freeze, arrest, kzte } = system;
    const holder = await holderOf(system, 1000n);
    const until = (await timeOf(freeze([target(kzte, holder, 600n)], { caseId: "A" }))) + TERM.Freeze;
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
    const until = (await timeOf(freeze([target(kzte, alice, all)], { caseId: "A" }))) + TERM.Freeze;
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

describe("The last second of a hold", () => {
  it("a hold counts at its last second and not after, without a transaction; unconfirmed it lapses, a second late is late", async () => {
    const { docket, tenge, kzte, alice, freeze, arrest } = await loadFixture(deploySystem);
    const since = await timeOf(freeze([target(kzte, alice, 9n)]));
    const until = since + 10n * DAY;
    const before = await networkHelpers.takeSnapshot();
    await atSecond(until, () => arrest({ confirm: [target(kzte, alice, 9n)], until: until + 50n * DAY }));
    expect(await tenge.getFrozenTokens(alice)).to.equal(9);
    await before.restore();
    await goTo(until);
    expect(await tenge.getFrozenTokens(alice)).to.equal(9);
    await goTo(until + 1n);
    expect(await tenge.getFrozenTokens(alice)).to.equal(0);
    await expect(
      arrest({ confirm: [target(kzte, alice, 9n)], until: until + 50n * DAY }),
    ).to.be.revertedWithCustomError(docket, "DocketHoldTooSmall");
  });
});
