// Long: a case from its beginning to its end.
import { expect } from "chai";
import type { Address } from "viem";
import { encodeCaseId } from "../../src/orders/index.ts";
import { SOURCE } from "../system/acts/disposals.ts";
import { addressOf, goTo, loadFixture, newAddress, now, reach, timeOf } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { target } from "../system/entries.ts";
import { deployFaultySystem } from "../system/faulty.ts";
import { carryOut, inKind, units } from "../system/money.ts";
import { DAY, DELAY, GRACE, LICENCE_DELAY, YEAR } from "../system/parameters.ts";

const TAKEN = units(600);

describe("When every grace has run out", () => {
  /** Four disposals of the same money were decided, and nobody executed one in time. */
  async function deployLate() {
    const scene = await deploySystem();
    const { kzte, usdx, carol: wallet, take, license, forfeit, compensate, convert, transfer } = scene;
    const owner = await scene.holder(TAKEN);
    await take([target(kzte, owner, TAKEN)]);
    await license(wallet, "SARY-ARKA");
    const to = newAddress();
    const orders = {
      forfeit: await forfeit({ asset: kzte, treasury: addressOf(scene.treasury), amount: TAKEN }),
      compensate: await compensate({ asset: kzte, list: [{ account: to, amount: TAKEN }] }),
      convert: await convert({
        asset: kzte,
        amount: TAKEN,
        wallet: addressOf(wallet),
        proceedsAsset: usdx,
        leastProceeds: 1n,
      }),
      transfer: await transfer({ asset: kzte, to, amount: TAKEN }),
    };
    const sent = [];
    for (const { send } of Object.values(orders)) sent.push(await timeOf(send()));
    const last = Math.max(...Object.values(GRACE).map((grace, i) => Number(grace + Object.values(DELAY)[i]!)));
    await reach(sent.at(-1)! + BigInt(last) + 1n);
    return { ...scene, owner, orders, wallet };
  }

  it("nothing of what was decided can be executed, and nothing of the money is bound by it", async () => {
    const { quorum, orders, wallet, sums } = await loadFixture(deployLate);
    for (const attempt of [
      () => orders.forfeit.execute(),
      () => orders.compensate.execute(),
      () => orders.convert.execute(wallet, 1n),
      () => orders.transfer.execute(),
    ]) {
      await expect(attempt()).to.be.revertedWithCustomError(quorum, "QuorumTooLate");
    }
    expect(await sums()).to.include({ taken: TAKEN, reserved: 0n, free: TAKEN });
  });

  it("the holder gets its money back", async () => {
    const { tenge, kzte, owner, refund } = await loadFixture(deployLate);
    await refund([inKind(kzte, owner, TAKEN)]);
    expect(await tenge.balanceOf(owner)).to.equal(TAKEN);
  });

  it("the same can be decided again, by an order of its own", async () => {
    const scene = await loadFixture(deployLate);
    const { quorum, tenge, kzte, treasury, orders, forfeit } = scene;
    await expect(orders.forfeit.send()).to.be.revertedWithCustomError(quorum, "QuorumOrderUsed");
    await carryOut(scene, await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: TAKEN }));
    expect(await tenge.balanceOf(treasury)).to.equal(TAKEN);
  });
});

describe("A payee that the asset refuses", () => {
  /** 600 of three holders each, of whom the second is refused. */
  async function deployRefused() {
    const scene = await deployFaultySystem();
    const { flty, take, refuse } = scene;
    const [first, second, third] = [newAddress(), newAddress(), newAddress()];
    for (const who of [first, second, third]) await scene.faulty.mint(who, TAKEN);
    await take([first, second, third].map((who) => target(flty, who, TAKEN)));
    await refuse(second);
    return { ...scene, first, second, third };
  }

  it("blocks neither the other holders of its Return nor any later one", async () => {
    const scene = await loadFixture(deployRefused);
    const { faulty, docket, flty, first, second, third, caseId, refund, sums } = scene;
    await refund([first, second, third].map((address) => inKind(flty, { address }, units(100))));
    await refund([inKind(flty, { address: third }, units(500))]);
    expect(await Promise.all([first, second, third].map((who) => faulty.balanceOf(who)))).to.deep.equal([
      units(100),
      0n,
      TAKEN,
    ]);
    expect((await docket.owedTo(caseId, flty, second)).claim).to.equal(units(100));
    expect(await sums(flty)).to.include({ reserved: units(100), free: units(1_000) });
  });

  it("gets its claim once the asset takes it again, by whoever calls", async () => {
    const scene = await loadFixture(deployRefused);
    const { docket, faulty, disposal, flty, second, stranger, caseId, refund, refuse } = scene;
    await refund([inKind(flty, { address: second }, TAKEN)]);
    await expect(disposal.claim(caseId, flty, second))
      .to.be.revertedWithCustomError(docket, "DocketPaymentRefused")
      .withArgs(caseId, flty, second, TAKEN);
    await refuse(second, false);
    await disposal.connect(stranger).claim(caseId, flty, second);
    expect(await faulty.balanceOf(second)).to.equal(TAKEN);
  });

  it("for ever leaves a claim that a Transfer moves after a year, and not a second before", async () => {
    const scene = await loadFixture(deployRefused);
    const { faulty, docket, flty, first, second, third, caseId, refund, transfer, timesOf, sums } = scene;
    const due = await timeOf(refund([inKind(flty, { address: second }, TAKEN)]));
    const to = newAddress();
    const order = async () => transfer({ asset: flty, source: SOURCE.unclaimed, holder: second, to, amount: TAKEN });
    await reach(due + YEAR - DELAY.Transfer - DAY);
    const [early, ripe] = [await order(), await order()];
    await early.send();
    await ripe.send();
    await goTo((await timesOf(early.digest)).start);
    await expect(early.execute())
      .to.be.revertedWithCustomError(docket, "DocketClaimKept")
      .withArgs(caseId, flty, second, TAKEN, due + YEAR);
    await reach(due + YEAR);
    await ripe.execute();
    expect(await faulty.balanceOf(to)).to.equal(TAKEN);
    await refund([first, third].map((address) => inKind(flty, { address }, TAKEN)));
    expect(await sums(flty)).to.include({ reserved: 0n, free: 0n, balance: 0n });
  });

  it("on a list of victims blocks no other claim; its share is free again after the term", async () => {
    const scene = await loadFixture(deployRefused);
    const { docket, faulty, disposal, flty, second, caseId, compensate, sums } = scene;
    const other = newAddress();
    const list = [second, other].map((account) => ({ account, amount: units(50) }));
    const order = await compensate({ asset: flty, list });
    await carryOut(scene, order);
    await expect(order.claim(0))
      .to.be.revertedWithCustomError(docket, "DocketPaymentRefused")
      .withArgs(caseId, flty, second, units(50));
    await order.claim(1);
    expect(await faulty.balanceOf(other)).to.equal(units(50));
    await goTo((await disposal.compensationOf(order.digest)).until + 1n);
    await disposal.unreserve(order.digest);
    expect((await sums(flty)).reserved).to.equal(0);
  });

  it("as the treasury stops its own Forfeit and nothing else: another treasury is registered, and the money goes there", async () => {
    const scene = await loadFixture(deployRefused);
    const { faulty, docket, flty, treasury, caseId, forfeit, setTreasury, refuse, timesOf } = scene;
    await refuse(treasury.address);
    const stuck = await forfeit({ asset: flty, treasury: addressOf(treasury), amount: TAKEN });
    const other = newAddress();
    const change = await setTreasury(flty, other);
    await stuck.send();
    await change.send();
    await goTo((await timesOf(stuck.digest)).start);
    await expect(stuck.execute())
      .to.be.revertedWithCustomError(docket, "DocketPaymentRefused")
      .withArgs(caseId, flty, treasury.address, TAKEN);
    await reach((await timesOf(change.digest)).start);
    await change.execute();
    await carryOut(scene, await forfeit({ asset: flty, treasury: other, amount: TAKEN }));
    expect(await faulty.balanceOf(other)).to.equal(TAKEN);
  });

  it("as the wallet of a conversion stops that conversion: nothing moves, and the money stays free", async () => {
    const scene = await loadFixture(deployRefused);
    const { docket, tenge, disposal, flty, kzte, carol: wallet, license, convert, refuse, timesOf, sums } = scene;
    await license(wallet, "SARY-ARKA");
    await reach((await now()) + LICENCE_DELAY);
    await refuse(wallet.address);
    const order = await convert({
      asset: flty,
      amount: TAKEN,
      wallet: addressOf(wallet),
      proceedsAsset: kzte,
      leastProceeds: 1n,
    });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await tenge.connect(wallet).approve(disposal, 1n);
    await expect(order.execute(wallet, 1n)).to.be.revertedWithCustomError(docket, "DocketPaymentRefused");
    expect((await sums(flty)).free).to.equal(3n * TAKEN);
    expect((await sums(kzte)).balance).to.equal(0);
  });
});

describe("Money in a vault that no order put there", () => {
  const GIFT = units(12);

  for (const [which, open] of [
    ["of a case of which nothing is left", true],
    ["of a case that was never opened", false],
  ] as const) {
    it(`${which} is moved by a Transfer`, async () => {
      const scene = await loadFixture(deploySystem);
      const { tenge, disposal, kzte, caseId, freeze, lift, transfer, vaultOf } = scene;
      const [owner, to] = [await scene.holder(units(1)), newAddress()];
      if (open) {
        await freeze([target(kzte, owner, units(1))]);
        await lift([target(kzte, owner, units(1))]);
      }
      await tenge.connect(scene.alice).transfer(await vaultOf(), GIFT);
      const order = await transfer({ asset: kzte, source: SOURCE.suspense, to, amount: GIFT });
      await order.send();
      await disposal.connect(scene.stranger).book(caseId, kzte);
      await goTo((await scene.timesOf(order.digest)).start);
      await order.execute();
      expect(await tenge.balanceOf(to)).to.equal(GIFT);
      expect((await scene.sums()).balance).to.equal(0);
    });
  }

  it("cannot be sent where nobody could move it again: a platform's sub-account is no payee", async () => {
    const scene = await loadFixture(deploySystem);
    const { disposal, register, kzte, carol: wallet, license, exchangeHold, transfer } = scene;
    await license(wallet, "SARY-ARKA", { omnibus: true });
    await reach((await now()) + LICENCE_DELAY);
    const subAccount = encodeCaseId("customer");
    await exchangeHold({ asset: kzte, wallet: addressOf(wallet), subAccount, amount: 1n });
    const to = (await register.accountOf(wallet, subAccount)) as Address;
    await expect((await transfer({ asset: kzte, to, amount: 1n })).send())
      .to.be.revertedWithCustomError(disposal, "DisposalInvalidPayee")
      .withArgs(to);
  });
});
