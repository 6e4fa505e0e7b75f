// Long: a case from its beginning to its end.
import { expect } from "chai";
import type { Address } from "viem";
import { buildFreeze, buildLift, buildReturn, buildSeize, digestOf, type Target } from "../../src/orders/index.ts";
import { SOURCE } from "../system/acts/disposals.ts";
import { addressOf, atSecond, ethers, goTo, loadFixture, now, reach, timeOf } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { changed, entryOf, execute, holdsOn, target } from "../system/entries.ts";
import { carryOut, inKind, units } from "../system/money.ts";
import { approvalsOf, documentOf, officerIdOf, struct } from "../system/officers.ts";
import { DAY, DELAY, type OfficerName } from "../system/parameters.ts";

const HELD = units(9_700);
const EVERY_FMA: OfficerName[] = ["FMA-1", "FMA-2", "FMA-3"];
const TWO_JUDGES = { by: ["COURT-1", "COURT-2"] as OfficerName[] };

/** 9,700 of a holder under arrest, and as much of another's in the vault. */
async function deployHeld() {
  const scene = await deploySystem();
  const { kzte, arrest, take } = scene;
  const [owner, taken] = [await scene.holder(HELD), await scene.holder(HELD)];
  await take([target(kzte, taken, HELD)]);
  await arrest({ place: [target(kzte, owner, HELD)], until: (await now()) + 100n * DAY });
  const upTo = Number(await scene.docket.placements());
  return { ...scene, owner, taken, upTo, held: [target(kzte, owner, HELD)] as Target[] };
}

describe("all keys of the lead agency against held and taken money", () => {
  it("seize nothing, and a seizure has no payee but the case's own vault", async () => {
    const scene = await loadFixture(deployHeld);
    const { quorum, tenge, held, seize, vaultOf } = scene;
    await expect(seize(held, { by: EVERY_FMA })).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    const before = await tenge.balanceOf(await vaultOf());
    await seize(held);
    expect(await tenge.balanceOf(await vaultOf())).to.equal(before + HELD);
  });

  it("pay nobody: no act that moves money out passes, by none of its alternatives", async () => {
    const scene = await loadFixture(deployHeld);
    const { quorum, kzte, taken, stranger, treasury, carol } = scene;
    const [thief, to] = [addressOf(stranger), addressOf(treasury)];
    await expect(scene.refund([inKind(kzte, taken, 1n)], { by: EVERY_FMA })).to.be.revertedWithCustomError(
      quorum,
      "QuorumNotMet",
    );
    const by = { by: EVERY_FMA };
    for (const order of [
      await scene.transfer({ asset: kzte, to: thief, amount: HELD }, by),
      await scene.forfeit({ asset: kzte, treasury: to, amount: HELD }, by),
      await scene.compensate({ asset: kzte, list: [{ account: thief, amount: HELD }] }, by),
      await scene.convert(
        { asset: kzte, amount: HELD, wallet: addressOf(carol), proceedsAsset: scene.usdx, leastProceeds: 1n },
        by,
      ),
    ]) {
      await expect(order.send()).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    }
    expect((await scene.sums()).paid).to.equal(0);
  });

  it("with those of the security service and the prosecutor freeze for ten days, and nothing more", async () => {
    const scene = await loadFixture(deployHeld);
    const { quorum, tenge, kzte, alice, freeze, seize } = scene;
    const by: OfficerName[] = [...EVERY_FMA, "KNB-1", "KNB-2", "GPO-1", "GPO-2", "GPO-3"];
    const since = await timeOf(freeze([target(kzte, alice, 1n)], { by, caseId: "PLOT" }));
    await expect(seize([target(kzte, alice, 1n)], { by, caseId: "PLOT" })).to.be.revertedWithCustomError(
      quorum,
      "QuorumNotMet",
    );
    await goTo(since + 10n * DAY + 1n);
    expect(await tenge.getFrozenTokens(alice)).to.equal(0);
  });
});

describe("a forged letter of release", () => {
  it("with the signatures of a true one under it frees nothing: they are of another document", async () => {
    const scene = await loadFixture(deployHeld);
    const { docket, quorum, tenge, kzte, owner, held, upTo, base, approve } = scene;
    const genuine = buildLift({ ...(await base({})), holds: [{ ...held[0]!, amount: 1n }], upTo, arrested: true });
    const signatures = await approve(genuine, ["COURT-1", "GPO-1"]);
    for (const forged of [
      changed(genuine, { holds: held }),
      changed(genuine, { holds: [target(kzte, owner, 2n)] }),
      changed(genuine, { document: documentOf("letter") }),
    ]) {
      await expect(docket.lift(struct(forged.message), signatures)).to.be.revertedWithCustomError(
        quorum,
        "QuorumUnknownOfficer",
      );
    }
    expect(await tenge.getFrozenTokens(owner)).to.equal(HELD);
  });

  it("that is signed by whoever wrote it frees nothing, nor does one judge's signature alone", async () => {
    const scene = await loadFixture(deployHeld);
    const { docket, quorum, tenge, owner, held, upTo, stranger, base, domain } = scene;
    const letter = buildLift({ ...(await base({})), holds: held, upTo, arrested: true });
    const signature = await stranger.signMessage(ethers.getBytes(digestOf(letter, domain)));
    await expect(docket.lift(struct(letter.message), { keys: signature, others: [] })).to.be.revertedWithCustomError(
      quorum,
      "QuorumUnknownOfficer",
    );
    await expect(execute(scene, letter, ["COURT-1"])).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    expect(await tenge.getFrozenTokens(owner)).to.equal(HELD);
  });

  it("that a court did sign is good once: brought a second time it frees nothing more", async () => {
    const scene = await loadFixture(deployHeld);
    const { quorum, tenge, owner, held, upTo, base, domain } = scene;
    const order = buildLift({ ...(await base({})), holds: [{ ...held[0]!, amount: units(1) }], upTo, arrested: true });
    await execute(scene, order, ["COURT-1", "GPO-1"]);
    await expect(execute(scene, order, ["COURT-1", "GPO-1"]))
      .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
      .withArgs(digestOf(order, domain), await quorum.entryOf(digestOf(order, domain)));
    expect(await tenge.getFrozenTokens(owner)).to.equal(HELD - units(1));
  });
});

describe("a stranger's 1,000 in the case's vault", () => {
  const GIFT = units(1_000);

  async function deployGift() {
    const scene = await deployHeld();
    const donor = await scene.holder(GIFT);
    await scene.tenge.connect(donor).transfer(await scene.vaultOf(), GIFT);
    return { ...scene, donor };
  }

  it("are suspense as soon as anyone books them, and every sum still adds up", async () => {
    const { docket, disposal, kzte, stranger, caseId, vaultOf, sums } = await loadFixture(deployGift);
    const entry = await entryOf(disposal.connect(stranger).book(caseId, kzte));
    expect(entry.effects.map(({ account, amount }) => [account, amount])).to.deep.equal([[await vaultOf(), GIFT]]);
    expect(await sums()).to.include({ taken: HELD, suspense: GIFT, free: HELD, balance: HELD + GIFT });
    await expect(disposal.connect(stranger).book(caseId, kzte)).to.be.revertedWithCustomError(
      docket,
      "DocketNothingToBook",
    );
  });

  it("enlarge no payment: neither the holder nor the treasury gets a unit of them", async () => {
    const scene = await loadFixture(deployGift);
    const { docket, disposal, kzte, taken, treasury, caseId, refund, forfeit, timesOf } = scene;
    await disposal.book(caseId, kzte);
    await expect(refund([inKind(kzte, taken, HELD + 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, taken.address, HELD, HELD + 1n);
    const of = async (amount: bigint) => forfeit({ asset: kzte, treasury: addressOf(treasury), amount });
    const [more, all] = [await of(HELD + 1n), await of(HELD)];
    await more.send();
    await all.send();
    await goTo((await timesOf(all.digest)).start);
    await expect(more.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, HELD, HELD + 1n);
    // The holder is still owed what is forfeited: only that the gift is no custody keeps it from being paid.
    await all.execute();
    await expect(refund([inKind(kzte, taken, 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsTaken")
      .withArgs(caseId, kzte, 0, 1);
  });

  it("go back to the stranger by a Transfer of suspense, after its delay and no further than they reach", async () => {
    const scene = await loadFixture(deployGift);
    const { docket, disposal, tenge, kzte, donor, caseId, transfer, timesOf, sums } = scene;
    await disposal.book(caseId, kzte);
    const of = async (amount: bigint) =>
      transfer({ asset: kzte, source: SOURCE.suspense, to: donor.address as Address, amount });
    const [more, all] = [await of(GIFT + 1n), await of(GIFT)];
    await more.send();
    await carryOut(scene, all);
    await reach((await timesOf(more.digest)).start);
    await expect(more.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, 0, GIFT + 1n);
    expect(await tenge.balanceOf(donor)).to.equal(GIFT);
    expect(await sums()).to.include({ taken: HELD, suspense: 0n, free: HELD, balance: HELD });
  });
});

describe("a custodian that says nothing for 72 hours", () => {
  it("keeps no money: two judges return it", async () => {
    const { quorum, tenge, kzte, taken, refund } = await loadFixture(deployHeld);
    const back = [inKind(kzte, taken, HELD)];
    await goTo((await now()) + 3n * DAY);
    await expect(refund(back, { by: ["COURT-1"] })).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    await refund(back, TWO_JUDGES);
    expect(await tenge.balanceOf(taken)).to.equal(HELD);
  });

  it("was not needed in the first place: two judges return it in the same hour", async () => {
    const { tenge, kzte, taken, refund } = await loadFixture(deployHeld);
    await refund([inKind(kzte, taken, HELD)], TWO_JUDGES);
    expect(await tenge.balanceOf(taken)).to.equal(HELD);
  });

  it("stops no order that is ready: whoever has it executes it", async () => {
    const { disposal, domain, tenge, kzte, taken, stranger, base } = await loadFixture(deployHeld);
    const order = buildReturn({ ...(await base({})), holders: [inKind(kzte, taken, HELD)] });
    const approvals = await approvalsOf(domain, order, ["COURT-1", "NBK-1"]);
    await goTo((await now()) + 3n * DAY);
    await disposal.connect(stranger).refund([struct(order.message)], [approvals], "0x");
    expect(await tenge.balanceOf(taken)).to.equal(HELD);
  });
});

describe("an officer who leaves in the middle of an approval", () => {
  it("does not count any more; the freeze passes with a colleague's signature in its place", async () => {
    const scene = await loadFixture(deployHeld);
    const { quorum, tenge, kzte, alice, base, domain, dismiss } = scene;
    const order = buildFreeze({ ...(await base({ caseId: "NEXT" })), targets: [target(kzte, alice, 5n)], term: 600 });
    await (await dismiss(officerIdOf("FMA-2"), ["FMA-1", "FMA-3"])).send();
    await expect(execute(scene, order, ["FMA-1", "FMA-2", "GPO-1"]))
      .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
      .withArgs(digestOf(order, domain), 0x101n, 0x102n);
    const entry = await entryOf(execute(scene, order, ["FMA-1", "FMA-2", "FMA-3", "GPO-1"]));
    expect(entry.officerIds).to.have.members((["FMA-1", "FMA-3", "GPO-1"] as const).map(officerIdOf));
    expect(await tenge.getFrozenTokens(alice)).to.equal(5);
  });

  it("and takes back what it signed stops nothing but its own approval", async () => {
    const scene = await loadFixture(deployHeld);
    const { quorum, base, domain, held, upTo, cancel, sums } = scene;
    const order = buildSeize({ ...(await base({})), holds: held, upTo });
    await cancel(digestOf(order, domain), "GPO-1");
    await expect(execute(scene, order)).to.be.revertedWithCustomError(quorum, "QuorumWithdrawn");
    await execute(scene, order, ["COURT-1", "FMA-1", "GPO-2", "NBK-1"]);
    expect((await sums()).taken).to.equal(2n * HELD);
  });

  it("in good standing leaves a scheduled forfeiture standing; one found compromised counts no more", async () => {
    const scene = await loadFixture(deployHeld);
    const { quorum, tenge, kzte, treasury, forfeit, dismiss } = scene;
    const order = async () => forfeit({ asset: kzte, treasury: addressOf(treasury), amount: 5n });
    const [first, second] = [await order(), await order()];
    const start = (await timeOf(first.send())) + DELAY.Forfeit;
    await second.send();
    await (await dismiss(officerIdOf("GPO-1"), ["GPO-2", "GPO-3"])).send();
    await atSecond(start, first.execute);
    await (await dismiss(officerIdOf("GPO-1"), ["GPO-2", "GPO-3"], { compromised: true })).send();
    await goTo(start + 60n);
    await expect(second.execute())
      .to.be.revertedWithCustomError(quorum, "QuorumStale")
      .withArgs(second.digest, 0x101000n, 0x101100n);
    expect(await tenge.balanceOf(treasury)).to.equal(5);
    expect((await holdsOn(scene, kzte, scene.owner)).map(({ amount }) => amount)).to.deep.equal([HELD]);
  });
});
