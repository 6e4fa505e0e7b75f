// Long: a case from its beginning to its end.
import { expect } from "chai";
import { ACTS, type Order } from "../../src/orders/index.ts";
import type { Address } from "viem";
import { addressOf, atSecond, ethers, goTo, inTime, loadFixture, now, timeOf } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { entryOf, target } from "../system/entries.ts";
import { carryOut, inKind, units } from "../system/money.ts";
import { DOCUMENT, nextSalt, signOrder } from "../system/officers.ts";
import { APPEAL_TERM, DAY, DELAY } from "../system/parameters.ts";

const APPEALED = 67n;

describe("an appeal upheld in part, 230,000 of 575,000", () => {
  const [ALL, BACK, REST] = [units(575_000), units(230_000), units(345_000)];

  async function deployTaken() {
    const scene = await deploySystem();
    const owner = await scene.holder(ALL);
    await scene.take([target(scene.kzte, owner, ALL)]);
    const order = await scene.forfeit({ asset: scene.kzte, treasury: addressOf(scene.treasury), amount: ALL });
    return { ...scene, owner, order };
  }

  it("frees 230,000 of a hold, and 345,000 stay held", async () => {
    const scene = await loadFixture(deploySystem);
    const { tenge, kzte, bob, arrest, lift } = scene;
    const owner = await scene.holder(ALL);
    await arrest({ place: [target(kzte, owner, ALL)], until: (await now()) + 100n * DAY });
    await lift([target(kzte, owner, BACK)], { by: ["COURT-1", "GPO-1"], arrested: true });
    await tenge.connect(owner).transfer(bob, BACK);
    await expect(tenge.connect(owner).transfer(bob, 1n)).to.be.revertedWithCustomError(
      tenge,
      "ERC7943InsufficientUnfrozenBalance",
    );
    expect(await tenge.getFrozenTokens(owner)).to.equal(REST);
  });

  it("makes the delay of a scheduled forfeiture 15 days longer, within which 230,000 are returned", async () => {
    const { tenge, kzte, owner, order, appeal, refund, timesOf } = await loadFixture(deployTaken);
    await order.send();
    const { start, deadline } = await timesOf(order.digest);
    await goTo(start - DAY);
    await appeal(order.digest, kzte, owner);
    const moved = await timesOf(order.digest);
    expect(moved.start).to.equal(start + APPEAL_TERM);
    expect(moved.deadline - deadline).to.equal(moved.start - start);
    await refund([inKind(kzte, owner, BACK)]);
    expect(await tenge.balanceOf(owner)).to.equal(BACK);
    expect(await now()).to.be.lessThan(Number(moved.start));
  });

  it("leaves neither part to be spent twice: 345,000 can be forfeited once, and the case is empty", async () => {
    const scene = await loadFixture(deployTaken);
    const { tenge, docket, kzte, treasury, owner, order, caseId, appeal, refund, forfeit, sums } = scene;
    await order.send();
    await appeal(order.digest, kzte, owner);
    await refund([inKind(kzte, owner, BACK)]);
    await goTo((await scene.timesOf(order.digest)).start);
    // The order says 575,000: what is not there any more is not paid by halves.
    await expect(order.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, REST, ALL);
    await expect(refund([inKind(kzte, owner, REST + 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, owner.address, REST, REST + 1n);
    await carryOut(scene, await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: REST }));
    expect([await tenge.balanceOf(owner), await tenge.balanceOf(treasury)]).to.deep.equal([BACK, REST]);
    await expect(refund([inKind(kzte, owner, 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsTaken")
      .withArgs(caseId, kzte, 0, 1);
    expect(await sums()).to.include({ taken: ALL, paid: ALL, free: 0n, balance: 0n });
  });

  it("is filed by whoever brings the holder's signature, and stands on the journal with the order's new times", async () => {
    const { disposal, domain, kzte, stranger, order, take, alice, timesOf } = await loadFixture(deployTaken);
    await take([target(kzte, alice, units(5))]);
    await order.send();
    const message = {
      order: order.digest,
      document: DOCUMENT,
      asset: kzte,
      holder: addressOf(alice),
      signBy: await inTime(),
      salt: nextSalt(),
    };
    const signed: Order<"Appeal"> = { primaryType: "Appeal", message };
    const signature = await signOrder(alice, domain, signed);
    const entry = await entryOf(disposal.connect(stranger).appeal(message, signature));
    const { start, deadline } = await timesOf(order.digest);
    expect([entry.act, entry.document, entry.officerIds]).to.deep.equal([BigInt(ACTS.appeal), DOCUMENT, []]);
    expect(entry.effects).to.deep.equal([
      {
        what: APPEALED,
        asset: kzte,
        account: alice.address,
        amount: BigInt(order.digest),
        value: (start << 40n) | deadline,
      },
    ]);
  });
});

describe("a buyer in good faith claims 125,000 of the 400,000 taken from the seller", () => {
  const [ALL, BOUGHT, REST] = [units(400_000), units(125_000), units(275_000)];

  async function deployTaken() {
    const scene = await deploySystem();
    const { kzte, take, transfer } = scene;
    const seller = await scene.holder(ALL);
    await take([target(kzte, seller, ALL)]);
    const buyer = ethers.Wallet.createRandom().address as Address;
    const share = await transfer({ asset: kzte, to: buyer, amount: BOUGHT, holder: seller.address as Address });
    return { ...scene, seller, buyer, share };
  }

  it("and gets them at the address that the court names; the seller can get back 275,000 and no more", async () => {
    const scene = await loadFixture(deployTaken);
    const { caseId, tenge, docket, kzte, seller, buyer, share, refund, sums } = scene;
    await carryOut(scene, share);
    expect(await tenge.balanceOf(buyer)).to.equal(BOUGHT);
    await expect(refund([inKind(kzte, seller, REST + 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, seller.address, REST, REST + 1n);
    await refund([inKind(kzte, seller, REST)]);
    expect(await tenge.balanceOf(seller)).to.equal(REST);
    expect((await sums()).balance).to.equal(0);
  });

  it("and locks 125,000 only: the other 275,000 are forfeited while the claim waits", async () => {
    const scene = await loadFixture(deployTaken);
    const { tenge, kzte, treasury, buyer, share, forfeit, timesOf, sums } = scene;
    await share.send();
    await carryOut(scene, await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: REST }));
    expect(await tenge.balanceOf(treasury)).to.equal(REST);
    expect((await sums()).free).to.equal(BOUGHT);
    await goTo((await timesOf(share.digest)).start);
    await share.execute();
    expect(await tenge.balanceOf(buyer)).to.equal(BOUGHT);
    expect((await sums()).balance).to.equal(0);
  });

  it("and is no recorded holder: no Return can pay it, so the claim takes 30 days and six officers", async () => {
    const { caseId, docket, quorum, tenge, kzte, buyer, share, refund } = await loadFixture(deployTaken);
    await expect(refund([inKind(kzte, { address: buyer }, 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, buyer, 0, 1);
    const sent = await timeOf(share.send());
    const start = sent + DELAY.Transfer;
    await expect(atSecond(start - 1n, share.execute))
      .to.be.revertedWithCustomError(quorum, "QuorumTooEarly")
      .withArgs(share.digest, start);
    await atSecond(start, share.execute);
    expect(await tenge.balanceOf(buyer)).to.equal(BOUGHT);
  });

  it("of a seller who was given all of it back meanwhile finds nothing to be paid from", async () => {
    const scene = await loadFixture(deployTaken);
    const { caseId, docket, kzte, seller, share, refund, timesOf } = scene;
    await share.send();
    await refund([inKind(kzte, seller, ALL)]);
    await goTo((await timesOf(share.digest)).start);
    await expect(share.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, seller.address, 0, BOUGHT);
  });
});
