import { expect } from "chai";
import { ZeroHash } from "ethers";
import { encodeCaseId } from "../../src/orders/index.ts";
import {
  ARRESTED,
  at,
  COOLING,
  entryOf,
  FREEZE_TERM,
  goTo,
  headAfter,
  holdsOn,
  newAddress,
  onHold,
  PROVISIONAL,
  target,
  timeOf,
  WHAT,
  loadFixture,
  type Hold,
} from "./docket.ts";
import { DAY, deploySystem, networkHelpers, UNIT } from "./fixture.ts";

/** Alice's account: 60 held by CASE until `until`, 20 by CASE-2 until a day later; bob's: 40 by CASE until `until`. */
async function deployHeld() {
  const system = await deploySystem();
  const { freeze, arrest, kzte, alice, bob } = system;
  const sent = await freeze([target(kzte, alice, 60n), target(kzte, bob, 40n)]);
  const since = await timeOf(sent);
  const until = since + FREEZE_TERM;
  const second = await timeOf(arrest({ place: [target(kzte, alice, 20n)], until: until + DAY }, { caseId: "CASE-2" }));
  const [number] = (await holdsOn(system, kzte, alice)).map((hold) => hold.number);
  const ofAlice: Hold = {
    ...{ kind: PROVISIONAL, caseNumber: 1n, number: number!, since, until, amount: 0n, opens: true },
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
    const until = (await timeOf(freeze([target(kzte, alice, 1n)]))) + FREEZE_TERM;
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
