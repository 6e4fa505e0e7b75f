// Long: a case from its beginning to its end.
import { expect } from "chai";
import { addressOf, goTo, loadFixture, newAddress, now, reach, timeOf } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { target } from "../system/entries.ts";
import { inKind, units } from "../system/money.ts";
import { DAY, DELAY, LICENCE_DELAY } from "../system/parameters.ts";

const TAKEN = units(500);

/** The thieves have every key of every agency, and schedule at once whatever pays a stranger, and a treasury of theirs. */
async function deployStolen() {
  const scene = await deploySystem();
  const { kzte, usdx, carol: wallet, take, license, transfer, compensate, convert, setTreasury } = scene;
  const owner = await scene.holder(TAKEN);
  const thief = newAddress();
  await take([target(kzte, owner, TAKEN)]);
  const orders = {
    transfer: await transfer({ asset: kzte, to: thief, amount: TAKEN }),
    compensate: await compensate({ asset: kzte, list: [{ account: thief, amount: TAKEN }] }),
    convert: await convert({
      asset: kzte,
      amount: TAKEN,
      wallet: addressOf(wallet),
      proceedsAsset: usdx,
      leastProceeds: 1n,
    }),
    setTreasury: await setTreasury(kzte, thief),
  };
  const decided = await timeOf(orders.transfer.send());
  for (const order of [orders.compensate, orders.convert, orders.setTreasury]) await order.send();
  await license(wallet, "THIEVES");
  const attempts = [
    () => orders.transfer.execute(),
    () => orders.compensate.execute(),
    () => orders.convert.execute(wallet, 1n),
    () => orders.setTreasury.execute(),
  ];
  return { ...scene, owner, thief, orders, attempts, decided };
}

describe("With every key of every agency stolen", () => {
  it("nobody is paid within 48 hours but the recorded holder", async () => {
    const scene = await loadFixture(deployStolen);
    const { quorum, docket, tenge, kzte, owner, thief, carol, treasury, attempts, decided, refund, sums } = scene;
    const payees = [thief, carol.address, treasury.address];
    const before = await Promise.all(payees.map((who) => tenge.balanceOf(who)));
    await goTo(decided + 2n * DAY - 60n);
    for (const attempt of attempts) await expect(attempt()).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
    await expect(refund([inKind(kzte, { address: thief }, 1n)])).to.be.revertedWithCustomError(
      docket,
      "DocketExceedsOwed",
    );
    expect((await sums()).balance).to.equal(TAKEN);
    await refund([inKind(kzte, owner, TAKEN)]);
    expect(await Promise.all(payees.map((who) => tenge.balanceOf(who)))).to.deep.equal(before);
    expect(await tenge.balanceOf(owner)).to.equal(TAKEN);
  });

  it("a forfeiture can go to the registered treasury alone, and one to another cannot even be scheduled", async () => {
    const { disposal, kzte, thief, treasury, forfeit } = await loadFixture(deployStolen);
    await expect((await forfeit({ asset: kzte, treasury: thief, amount: TAKEN })).send())
      .to.be.revertedWithCustomError(disposal, "DisposalWrongTreasury")
      .withArgs(kzte, thief, treasury.address);
  });

  it("a wallet that was licensed overnight buys nothing before a week has passed", async () => {
    const { register, carol: wallet, orders, decided } = await loadFixture(deployStolen);
    await goTo(decided + DELAY.Convert + 60n);
    await expect(orders.convert.execute(wallet, 1n))
      .to.be.revertedWithCustomError(register, "RegisterNotLicensed")
      .withArgs(wallet.address);
    expect((await register.licenceOf(wallet)).first > decided + LICENCE_DELAY).to.equal(true);
  });

  it("one honest judge ends all that could pay a stranger, in the open and in time", async () => {
    const scene = await loadFixture(deployStolen);
    const { quorum, tenge, thief, orders, attempts, decided, veto, sums } = scene;
    for (const { digest } of Object.values(orders)) await (await veto(digest, ["COURT-3"])).send();
    await reach(decided + DELAY.Transfer + DAY);
    for (const attempt of attempts) await expect(attempt()).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded");
    expect([await tenge.balanceOf(thief), (await sums()).balance]).to.deep.equal([0n, TAKEN]);
  });

  it("the holder's appeal keeps its money in the vault for 15 days from its filing", async () => {
    const scene = await loadFixture(deployStolen);
    const { quorum, kzte, owner, orders, appeal, attempts } = scene;
    for (const { digest } of [orders.transfer, orders.compensate, orders.convert]) await appeal(digest, kzte, owner);
    await goTo((await now()) + 15n * DAY - 10n);
    for (const attempt of attempts.slice(0, 3)) {
      await expect(attempt()).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
    }
  });
});
