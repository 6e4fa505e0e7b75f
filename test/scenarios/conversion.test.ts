// Long: a case from its beginning to its end.
import { expect } from "chai";
import type { Address } from "viem";
import type { Refund } from "../../src/orders/index.ts";
import { addressOf, atSecond, goTo, loadFixture, now } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { entriesOf, entryOf, target, WHAT } from "../system/entries.ts";
import { units } from "../system/money.ts";
import { GRACE, LICENCE_DELAY } from "../system/parameters.ts";

const { CONVERTED, PROCEEDS, SEIZED, PROPOSED } = { CONVERTED: 39n, PROCEEDS: 40n, SEIZED: WHAT.SEIZED, PROPOSED: 68n };

describe("3,000,000 dollars become tenge, in six parts by one licensed wallet", () => {
  const PARTS = 6n;
  const [ALL, PART] = [units(3_000_000), units(500_000)];
  /** At the reference of 547.70 less 50 basis points. */
  const [LEAST, LEAST_PART] = [units(1_634_884_500), units(272_480_750)];
  /** At 546.10 less a fee of 0.10 %. */
  const [NET, NET_PART] = [units(1_636_661_700), units(272_776_950)];
  const SHARE = units(1_000_000);

  /** 2,000,000 of one holder and 1,000,000 of another are taken; the wallet is licensed and has the tenge. */
  async function deployTaken() {
    const scene = await deploySystem();
    const { tenge, issuer, usdx, kzte, disposal, license, take, carol: wallet, convert } = scene;
    const [first, second] = [await scene.holder(2n * SHARE, usdx), await scene.holder(SHARE, usdx)];
    const seizure = await entryOf(take([target(usdx, first, 2n * SHARE), target(usdx, second, SHARE)]));
    await license(wallet, "SARY-ARKA");
    await goTo((await now()) + LICENCE_DELAY);
    await tenge.connect(issuer).mint(wallet, NET);
    await tenge.connect(wallet).approve(disposal, 2n * NET);
    const order = async (changes: { amount?: bigint; leastProceeds?: bigint } = {}) =>
      convert({
        asset: usdx,
        amount: PART,
        wallet: addressOf(wallet),
        proceedsAsset: kzte,
        leastProceeds: LEAST_PART,
        ...changes,
      });
    return { ...scene, wallet, first, second, order, seizure };
  }

  /** All six parts are decided and may be delivered. */
  async function deployDue() {
    const scene = await deployTaken();
    const orders = [];
    for (let i = 0n; i < PARTS; ++i) orders.push(await scene.order());
    const sent = [];
    for (const order of orders) sent.push(...(await entriesOf(order.send())));
    await goTo((await scene.timesOf(orders.at(-1)!.digest)).start);
    return { ...scene, orders, sent };
  }

  async function deployConverted() {
    const scene = await deployDue();
    const executed = [];
    for (const order of scene.orders) executed.push(...(await entriesOf(order.execute(scene.wallet, NET_PART))));
    return { ...scene, executed };
  }

  const inProceeds = (
    { usdx, kzte }: { usdx: Address; kzte: Address },
    who: { address: string },
    amount: bigint,
  ): Refund => ({
    taken: usdx,
    asset: kzte,
    account: who.address as Address,
    amount,
  });

  it("bring in 1,636,661,700, above the 1,634,884,500 that the orders ask for at least", async () => {
    const { other, docket, usdx, kzte, wallet, caseId, sums } = await loadFixture(deployConverted);
    expect(PARTS * NET_PART).to.equal(NET);
    expect(PARTS * LEAST_PART).to.equal(LEAST);
    const { converted, proceeds } = await docket.conversionOf(caseId, usdx, kzte);
    expect([converted, proceeds]).to.deep.equal([ALL, NET]);
    expect(await sums(usdx)).to.include({ taken: ALL, paid: ALL, balance: 0n });
    expect(await sums(kzte)).to.include({ taken: 0n, proceeds: NET, balance: NET, free: NET, suspense: 0n });
    expect(await other.balanceOf(wallet)).to.equal(ALL);
  });

  it("leave the amount at seizure, the least value at the order and the value at delivery on the journal", async () => {
    const { usdx, seizure, sent, executed } = await loadFixture(deployConverted);
    const found = (entries: typeof sent, what: bigint) =>
      entries.flatMap(({ effects }) => effects.filter((effect) => effect.what === what));
    expect(found([seizure], SEIZED).map(({ asset, amount }) => [asset, amount])).to.have.deep.members([
      [usdx, 2n * SHARE],
      [usdx, SHARE],
    ]);
    expect(found(sent, PROPOSED).map(({ asset, amount, value }) => [asset, amount, value])).to.deep.equal(
      Array(6).fill([usdx, PART, LEAST_PART]),
    );
    expect(found(executed, CONVERTED).map(({ asset, amount }) => [asset, amount])).to.deep.equal(
      Array(6).fill([usdx, PART]),
    );
    expect(found(executed, PROCEEDS).map(({ amount, value }) => [amount, value])).to.deep.equal(
      Array(6).fill([NET_PART, BigInt(usdx)]),
    );
  });

  it("pay less than the least, and nothing moves", async () => {
    const { tenge, other, disposal, kzte, usdx, wallet, orders, sums } = await loadFixture(deployDue);
    await expect(orders[0]!.execute(wallet, LEAST_PART - 1n))
      .to.be.revertedWithCustomError(disposal, "DisposalProceedsTooLow")
      .withArgs(kzte, LEAST_PART - 1n, LEAST_PART);
    expect(await sums(usdx)).to.include({ balance: ALL, paid: 0n });
    expect([await other.balanceOf(wallet), (await sums(kzte)).balance]).to.deep.equal([0n, 0n]);
    expect(await tenge.balanceOf(wallet)).to.equal(NET + units(1_000));
    await orders[0]!.execute(wallet, LEAST_PART);
    expect((await sums(kzte)).proceeds).to.equal(LEAST_PART);
  });

  it("are delivered within the window only, and to nobody but the wallet that the order names", async () => {
    const { quorum, disposal, wallet, stranger, order, timesOf } = await loadFixture(deployTaken);
    const one = await order();
    await one.send();
    const { start, deadline } = await timesOf(one.digest);
    expect(deadline - start).to.equal(GRACE.Convert);
    await expect(atSecond(start - 1n, () => one.execute(wallet, NET_PART)))
      .to.be.revertedWithCustomError(quorum, "QuorumTooEarly")
      .withArgs(one.digest, start);
    await expect(atSecond(start, () => one.execute(stranger, NET_PART)))
      .to.be.revertedWithCustomError(disposal, "DisposalOnlyWallet")
      .withArgs(stranger.address, wallet.address);
    await expect(atSecond(deadline + 1n, () => one.execute(wallet, NET_PART)))
      .to.be.revertedWithCustomError(quorum, "QuorumTooLate")
      .withArgs(one.digest, deadline);
  });

  it("are not delivered to a platform that was suspended between the order and the delivery; the money stays free", async () => {
    const { register, usdx, wallet, orders, suspend, sums } = await loadFixture(deployDue);
    await suspend("SARY-ARKA");
    await expect(orders[0]!.execute(wallet, NET_PART))
      .to.be.revertedWithCustomError(register, "RegisterNotLicensed")
      .withArgs(wallet.address);
    expect(await sums(usdx)).to.include({ balance: ALL, free: ALL });
  });

  it("are given back in tenge: each holder up to what was taken from it, counted in dollars", async () => {
    const scene = await loadFixture(deployConverted);
    const { caseId, tenge, docket, usdx, first, second, refund, sums } = scene;
    await refund([inProceeds(scene, first, (NET / 3n) * 2n)]);
    await expect(refund([inProceeds(scene, first, 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, usdx, first.address, 0, 1);
    await refund([inProceeds(scene, second, NET / 3n)]);
    expect([await tenge.balanceOf(first), await tenge.balanceOf(second)]).to.deep.equal([(NET / 3n) * 2n, NET / 3n]);
    expect((await sums(scene.kzte)).balance).to.equal(0);
  });

  it("use up what was taken from a holder rounded up, so that small parts never add up to more than it lost", async () => {
    const scene = await loadFixture(deployConverted);
    const { docket, usdx, second, caseId, refund } = scene;
    // 545.5539 tenge for a dollar: 546 base units stand for one and a part, so for two.
    for (const [amount, used] of [
      [1n, 1n],
      [545n, 1n],
      [546n, 2n],
    ] as const) {
      const before = (await docket.owedTo(caseId, usdx, second)).owed;
      await refund([inProceeds(scene, second, amount)]);
      expect(before - (await docket.owedTo(caseId, usdx, second)).owed, `${amount}`).to.equal(used);
    }
  });

  it("of which only half was converted are given back in kind and in tenge, within one limit", async () => {
    const scene = await loadFixture(deployDue);
    const { docket, other, usdx, wallet, second, first, orders, refund, sums } = scene;
    for (const order of orders.slice(0, 3)) await order.execute(wallet, NET_PART);
    const half = SHARE / 2n;
    await refund(
      [
        { taken: usdx, asset: usdx, account: second.address as Address, amount: half },
        inProceeds(scene, second, NET_PART),
      ].sort((a, b) => (a.asset.toLowerCase() < b.asset.toLowerCase() ? -1 : 1)),
    );
    expect(await other.balanceOf(second)).to.equal(half);
    await expect(refund([inProceeds(scene, second, 1n)])).to.be.revertedWithCustomError(docket, "DocketExceedsOwed");
    await refund([{ taken: usdx, asset: usdx, account: first.address as Address, amount: SHARE }]);
    expect(await sums(usdx)).to.include({ balance: 0n, free: 0n });
    await refund([inProceeds(scene, first, 2n * NET_PART)]);
    expect((await sums(scene.kzte)).balance).to.equal(0);
  });

  it("are not converted once more, nor can more be converted than was taken", async () => {
    const { docket, usdx, caseId, wallet, order, timesOf } = await loadFixture(deployConverted);
    const more = await order({ amount: 1n, leastProceeds: 1n });
    await more.send();
    await goTo((await timesOf(more.digest)).start);
    await expect(more.execute(wallet, 1n))
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, usdx, 0, 1);
  });
});
