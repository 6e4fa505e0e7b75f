// Long: a case from its beginning to its end.
import { expect } from "chai";
import type { Address } from "viem";
import { buildFreeze, encodeCaseId, type Target } from "../../src/orders/index.ts";
import { SOURCE } from "../system/acts/disposals.ts";
import { addressOf, goTo, loadFixture, newAddress, now, reach, timeOf } from "../system/chain.ts";
import { deployContracts, deploySystem, installed } from "../system/deployed.ts";
import { caseOf, target } from "../system/entries.ts";
import { carryOut, inKind, units } from "../system/money.ts";
import { approvalsOf, struct } from "../system/officers.ts";
import { DAY, DECIDERS, DELAY, TERM } from "../system/parameters.ts";

const [TAKEN, ARRESTED, HELD, SHARE, FREE] = [units(900), units(80), units(30), units(200), units(55)];

/**
 * A first deployment in the middle of its work, and a second one with the same officers, and a tenge of its own that the
 * issuer gives for the old one. A token obeys one docket for ever, so the new docket's cases are about the new token.
 */
async function deployBoth() {
  const first = await deploySystem();
  const { kzte, issuer, freeze, arrest, take, compensate } = first;
  const [owner, arrested, held, free] = await Promise.all(
    [TAKEN, ARRESTED, HELD, FREE].map((amount) => first.holder(amount)),
  );
  await take([target(kzte, owner!, TAKEN)]);
  const victims = await compensate({ asset: kzte, list: [{ account: newAddress(), amount: SHARE }] });
  await carryOut(first, victims);
  await arrest({ place: [target(kzte, arrested!, ARRESTED)], until: (await now()) + 60n * DAY });
  await freeze([target(kzte, held!, HELD)]);

  const second = await installed(await deployContracts());

  /** The issuer takes back old tenge and gives as many new ones to whom the payer says. */
  const redeem = async (from: typeof issuer, amount: bigint, to: string = from.address) => {
    await first.tenge.connect(from).transfer(issuer, amount);
    await first.tenge.connect(issuer).burn(amount);
    await second.tenge.connect(issuer).mint(to, amount);
  };
  return { first, second, issuer, owner: owner!, arrested: arrested!, held: held!, free: free!, victims, redeem };
}

describe("A new deployment", () => {
  it("takes the new cases; no approval given to the first one is good there", async () => {
    const { first, second, free, redeem } = await loadFixture(deployBoth);
    await redeem(free, FREE);
    const targets: Target[] = [target(second.kzte, free, FREE)];
    const order = buildFreeze({ ...(await first.base({ caseId: "NEW" })), targets, term: Number(DAY) });
    const stale = await approvalsOf(first.domain, order, DECIDERS.Freeze);
    await expect(second.docket.freeze([struct(order.message)], [stale], "0x")).to.be.revertedWithCustomError(
      second.quorum,
      "QuorumUnknownOfficer",
    );
    await second.freeze(targets, { caseId: "NEW" });
    expect(await second.tenge.getFrozenTokens(free)).to.equal(FREE);
    expect(await caseOf(first, encodeCaseId("NEW"))).to.include({ number: 0n });
  });

  it("has no hand in the first one: neither docket moves, holds or records anything of the other", async () => {
    const { first, second, held } = await loadFixture(deployBoth);
    const head = await first.docket.head();
    await expect(second.freeze([target(first.kzte, held, HELD)])).to.be.revertedWithCustomError(
      second.docket,
      "DocketUnknownAsset",
    );
    expect(await second.vaultOf()).not.to.equal(await first.vaultOf());
    await second.freeze([target(second.kzte, held, HELD)]);
    expect(await first.docket.head()).to.equal(head);
  });

  it("lets the first one's holds run out: by a lift, or by time with no transaction", async () => {
    const { first, arrested, held, redeem, second } = await loadFixture(deployBoth);
    await first.lift([target(first.kzte, arrested, ARRESTED)], { by: ["COURT-1", "GPO-1"], arrested: true });
    await redeem(arrested, ARRESTED);
    await reach((await now()) + TERM.Freeze + 1n);
    await redeem(held, HELD);
    expect([await second.tenge.balanceOf(arrested), await second.tenge.balanceOf(held)]).to.deep.equal([
      ARRESTED,
      HELD,
    ]);
  });

  it("is given the first one's custody by a Transfer after 30 days, which one judge can veto until then", async () => {
    const { first, issuer } = await loadFixture(deployBoth);
    const { quorum, kzte, transfer, veto, timesOf, sums } = first;
    const order = await transfer({ asset: kzte, to: addressOf(issuer), amount: TAKEN - SHARE });
    const decided = await timeOf(order.send());
    expect((await timesOf(order.digest)).start).to.equal(decided + DELAY.Transfer);
    await expect(order.execute()).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
    await (await veto(order.digest, ["COURT-2"])).send();
    await goTo((await timesOf(order.digest)).start);
    await expect(order.execute()).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded");
    expect((await sums()).free).to.equal(TAKEN - SHARE);
  });

  it("strands nothing: at the end all old tenge are burnt, the new ones are as many, and each is where it belongs", async () => {
    const { first, second, issuer, owner, arrested, held, free, victims, redeem } = await loadFixture(deployBoth);
    const { docket, tenge: old, kzte, caseId } = first;
    const supply = await old.totalSupply();

    // What is reserved is paid where it was promised; the free custody goes to the issuer, for new tenge in the same case.
    await victims.claim(0);
    const rest = TAKEN - SHARE;
    await carryOut(first, await first.transfer({ asset: kzte, to: addressOf(issuer), amount: rest }));
    await old.connect(issuer).burn(rest);
    await second.tenge.connect(issuer).mint(await second.vaultOf(), rest);
    await first.lift([target(kzte, arrested, ARRESTED)], { by: ["COURT-1", "GPO-1"], arrested: true });
    await docket.connect(first.stranger).lapse(caseId, [{ asset: kzte, account: held.address }]);

    // There it is suspense of the case, and goes on by a Transfer alone: here to the holder from whom it was taken.
    const back = await second.transfer({
      asset: second.kzte,
      source: SOURCE.suspense,
      to: owner.address as Address,
      amount: rest,
    });
    await back.send();
    await second.disposal.book(caseId, second.kzte);
    await reach((await second.timesOf(back.digest)).start);
    await back.execute();

    for (const holder of [arrested, held, free, first.alice, first.bob, first.carol]) {
      await redeem(holder, await old.balanceOf(holder));
    }
    const [victim] = (await old.queryFilter(old.filters.Transfer(await first.vaultOf()))).map(({ args }) => args.to);
    expect(await old.balanceOf(victim!)).to.equal(SHARE);
    expect(await old.totalSupply()).to.equal(SHARE);
    expect(await second.tenge.totalSupply()).to.equal(supply - SHARE);
    expect(await second.tenge.balanceOf(owner)).to.equal(rest);
    for (const { sums } of [first, second]) expect((await sums(undefined)).balance).to.equal(0);
  });

  it("is not needed by whoever is still owed something by the first one: returns and claims go on there", async () => {
    const { first, owner, victims } = await loadFixture(deployBoth);
    const { tenge, disposal, kzte, stranger, refund, sums } = first;
    await refund([inKind(kzte, owner, TAKEN - SHARE)]);
    expect(await tenge.balanceOf(owner)).to.equal(TAKEN - SHARE);
    await goTo((await disposal.compensationOf(victims.digest)).until);
    await expect(victims.claim(0)).to.be.revertedWithCustomError(disposal, "DisposalClaimTooLate");
    await disposal.connect(stranger).unreserve(victims.digest);
    await refund([inKind(kzte, owner, SHARE)]);
    expect([await tenge.balanceOf(owner), (await sums()).balance]).to.deep.equal([TAKEN, 0n]);
  });
});
