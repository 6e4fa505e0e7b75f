// Long: a case from its beginning to its end.
import { expect } from "chai";
import type { Address } from "viem";
import type { Claim } from "../system/acts/disposals.ts";
import { addressOf, goTo, loadFixture, newAddress } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { target } from "../system/entries.ts";
import { carryOut, inKind, units } from "../system/money.ts";
import { DAY } from "../system/parameters.ts";

describe("1,240,000 for an owner of 90,000 and five victims of 2,300,000", () => {
  const POOL = units(1_240_000);
  const OWNER = units(90_000);
  const LOSSES = ["900000", "640000", "333333.33", "26666.67", "400000"].map(units);
  /** The owner comes first; the 1,150,000 that are left are half of what the victims lost. */
  const SHARES = ["450000", "320000", "166666.665", "13333.335", "200000"].map(units);

  async function deployTaken() {
    const scene = await deploySystem();
    const { kzte, take, compensate } = scene;
    const suspect = await scene.holder(POOL);
    await take([target(kzte, suspect, POOL)]);
    const list: Claim[] = [OWNER, ...SHARES].map((amount) => ({ account: newAddress(), amount }));
    return { ...scene, suspect, list, order: await compensate({ asset: kzte, list }) };
  }

  async function deployReserved() {
    const scene = await deployTaken();
    await carryOut(scene, scene.order);
    return scene;
  }

  it("are the pool to the base unit: every victim gets exactly half of its loss", () => {
    const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
    expect(sum(LOSSES)).to.equal(units(2_300_000));
    expect(SHARES.map((share) => 2n * share)).to.deep.equal(LOSSES);
    expect(OWNER + sum(SHARES)).to.equal(POOL);
  });

  it("are reserved as soon as the order is executed: nobody else can be paid from them", async () => {
    const { docket, kzte, caseId, suspect, refund, sums } = await loadFixture(deployReserved);
    expect(await sums()).to.include({ taken: POOL, paid: 0n, reserved: POOL, free: 0n });
    await expect(refund([inKind(kzte, suspect, 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsTaken")
      .withArgs(caseId, kzte, 0, 1);
  });

  it("reach each of them, whoever brings the claim and in whatever order; nothing is left and nothing is owed", async () => {
    const { tenge, disposal, stranger, order, list, sums } = await loadFixture(deployReserved);
    for (const index of [3, 0, 5, 1, 4, 2]) {
      await order.claim(index);
      expect(await tenge.balanceOf(list[index]!.account)).to.equal(list[index]!.amount);
    }
    expect(await sums()).to.include({ paid: POOL, reserved: 0n, free: 0n, balance: 0n });
    await expect(disposal.connect(stranger).unreserve(order.digest)).to.be.revertedWithCustomError(
      disposal,
      "DisposalStillReserved",
    );
  });

  it("pay nobody twice, nobody another's share, and no share of another amount", async () => {
    const { disposal, stranger, order, list } = await loadFixture(deployReserved);
    await order.claim(1);
    await expect(order.claim(1)).to.be.revertedWithCustomError(disposal, "DisposalClaimPaid").withArgs(order.digest, 1);
    for (const claim of [
      { account: addressOf(stranger), amount: list[2]!.amount },
      { account: list[2]!.account, amount: list[2]!.amount + 1n },
      list[3]!,
    ]) {
      await expect(order.claim(2, claim))
        .to.be.revertedWithCustomError(disposal, "DisposalNotInList")
        .withArgs(order.digest, 2, claim.account, claim.amount);
    }
  });

  it("of which a victim did not come for its share are free again after the term, for a further list", async () => {
    const scene = await loadFixture(deployReserved);
    const { tenge, disposal, kzte, stranger, order, list, compensate, sums } = scene;
    const { until } = await disposal.compensationOf(order.digest);
    for (const index of [0, 1, 2, 3, 4]) await order.claim(index);
    await goTo(until);
    await expect(order.claim(5)).to.be.revertedWithCustomError(disposal, "DisposalClaimTooLate");
    await disposal.connect(stranger).unreserve(order.digest);
    expect(await sums()).to.include({ reserved: 0n, free: units(200_000) });
    const late = await compensate({ asset: kzte, list: [list[5]!], claimTerm: 365n * DAY });
    await carryOut(scene, late);
    await late.claim(0);
    expect(await tenge.balanceOf(list[5]!.account)).to.equal(units(200_000));
  });

  it("are not reserved by a list that is worth more than the case has", async () => {
    const scene = await loadFixture(deployTaken);
    const { docket, kzte, caseId, list, compensate, timesOf } = scene;
    const greedy = await compensate({ asset: kzte, list, total: POOL + 1n });
    await greedy.send();
    await goTo((await timesOf(greedy.digest)).start);
    await expect(greedy.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, POOL, POOL + 1n);
  });
});

describe("a foreign partner's fifth of the 600,000 that are left after the victims", () => {
  const [ALL, VICTIMS, SHARE, REST] = [units(1_000_000), units(400_000), units(120_000), units(480_000)];

  /** The victims' 400,000 are reserved; the partner's share and the forfeiture of the rest are decided. */
  async function deployDecided() {
    const scene = await deploySystem();
    const { kzte, treasury, take, compensate, transfer, forfeit } = scene;
    const suspect = await scene.holder(ALL);
    await take([target(kzte, suspect, ALL)]);
    const partner = newAddress();
    const order = await compensate({ asset: kzte, list: [{ account: newAddress(), amount: VICTIMS }] });
    await carryOut(scene, order);
    const pay = (amount: bigint, to: Address = partner) => transfer({ asset: kzte, to, amount });
    const confiscate = (amount: bigint) => forfeit({ asset: kzte, treasury: addressOf(treasury), amount });
    return { ...scene, suspect, partner, order, pay, confiscate };
  }

  it("is 120,000; the treasury gets 480,000, and the victims' 400,000 are untouched", async () => {
    const scene = await loadFixture(deployDecided);
    const { tenge, treasury, partner, order, pay, confiscate, sums } = scene;
    await carryOut(scene, await pay(SHARE));
    await carryOut(scene, await confiscate(REST));
    expect([await tenge.balanceOf(partner), await tenge.balanceOf(treasury)]).to.deep.equal([SHARE, REST]);
    expect(await sums()).to.include({ paid: SHARE + REST, reserved: VICTIMS, free: 0n, balance: VICTIMS });
    await order.claim(0);
    expect((await sums()).balance).to.equal(0);
  });

  it("cannot be taken out of what is reserved for the victims, nor can the treasury's", async () => {
    const scene = await loadFixture(deployDecided);
    const { docket, kzte, caseId, pay, confiscate, timesOf } = scene;
    const [share, forfeiture] = [await pay(units(600_000) + 1n), await confiscate(units(600_000) + 1n)];
    for (const order of [share, forfeiture]) {
      await order.send();
      await goTo((await timesOf(order.digest)).start);
      await expect(order.execute())
        .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
        .withArgs(caseId, kzte, units(600_000), units(600_000) + 1n);
    }
  });

  it("is not paid a second time, and not after a judge's veto", async () => {
    const scene = await loadFixture(deployDecided);
    const { quorum, tenge, partner, pay, veto, timesOf } = scene;
    const [share, second] = [await pay(SHARE), await pay(SHARE)];
    await carryOut(scene, share);
    await expect(share.execute()).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded").withArgs(share.digest, 2);
    await second.send();
    await (await veto(second.digest, ["COURT-3"])).send();
    await goTo((await timesOf(second.digest)).start);
    await expect(second.execute()).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded").withArgs(second.digest, 3);
    expect(await tenge.balanceOf(partner)).to.equal(SHARE);
  });
});
