import { expect } from "chai";
import type { Address } from "viem";
import { addressOf, ethers, goTo, loadFixture, now } from "../system/chain.ts";
import { deployConverting } from "../system/custody.ts";
import { holderOf } from "../system/deployed.ts";
import { effect, effectsOf, target, WHAT } from "../system/entries.ts";
import { expectSums, inKind, inProceeds, owedTo, UNIT } from "../system/money.ts";
import { DAY, LICENCE_DELAY } from "../system/parameters.ts";

async function deploy() {
  const system = await deployConverting();
  const { conversion, timesOf } = system;
  return {
    ...system,
    /** Scheduled, and its start has come. */
    convertible: async (...changes: Parameters<typeof conversion>) => {
      const order = await conversion(...changes);
      await order.send();
      await goTo((await timesOf(order.digest)).start);
      return order;
    },
  };
}

/** All 300 KZTE are converted at 2 : 1 into 150 USDX. */
async function deployConverted() {
  const system = await deploy();
  const order = await system.convertible({ amount: 300n * UNIT, leastProceeds: 150n * UNIT });
  await order.execute(system.wallet, 150n * UNIT);
  return system;
}

describe("Disposal.convert", () => {
  it("delivers against payment in one act; amount and proceeds stay on record", async () => {
    const system = await loadFixture(deploy);
    const { docket, tenge, other, kzte, usdx, wallet, vaultAt, caseId, convertible } = system;
    const order = await convertible();
    const sending = order.execute(wallet, 16n * UNIT);
    await expect(sending).to.changeTokenBalances(ethers, tenge, [vaultAt, wallet], [-30n * UNIT, 30n * UNIT]);
    await expect(sending).to.changeTokenBalances(ethers, other, [vaultAt, wallet], [16n * UNIT, -16n * UNIT]);
    expect(await effectsOf(sending)).to.deep.equal([
      effect(WHAT.CONVERTED, kzte, wallet, 30n * UNIT, BigInt(usdx)),
      effect(WHAT.PROCEEDS, usdx, wallet, 16n * UNIT, BigInt(kzte)),
    ]);
    expect([...(await docket.moneyOf(caseId, kzte))]).to.deep.equal([270n * UNIT, 0n, 0n, 0n]);
    expect([...(await docket.moneyOf(caseId, usdx))]).to.deep.equal([16n * UNIT, 16n * UNIT, 0n, 0n]);
    expect([...(await docket.conversionOf(caseId, kzte, usdx))]).to.deep.equal([30n * UNIT, 16n * UNIT]);
    await expectSums(system, tenge);
    await expectSums(system, other);
  });

  it("is executed by the wallet that the order names and nobody else, also no other licensed one", async () => {
    const { disposal, alice, stranger, wallet, license, convertible } = await loadFixture(deploy);
    await license(alice, "PLATFORM");
    await goTo((await now()) + LICENCE_DELAY);
    const order = await convertible();
    for (const other of [alice, stranger]) {
      await expect(order.execute(other, 15n * UNIT))
        .to.be.revertedWithCustomError(disposal, "DisposalOnlyWallet")
        .withArgs(other.address, wallet.address);
    }
  });

  it("brings at least the least proceeds", async () => {
    const { disposal, tenge, usdx, wallet, convertible } = await loadFixture(deploy);
    const order = await convertible();
    const before = await tenge.balanceOf(wallet);
    for (const proceeds of [1n, 15n * UNIT - 1n]) {
      await expect(order.execute(wallet, proceeds))
        .to.be.revertedWithCustomError(disposal, "DisposalProceedsTooLow")
        .withArgs(usdx, proceeds, 15n * UNIT);
    }
    for (const proceeds of [0n, 2n ** 96n]) {
      await expect(order.execute(wallet, proceeds))
        .to.be.revertedWithCustomError(disposal, "DisposalInvalidAmount")
        .withArgs(usdx, wallet.address, proceeds);
    }
    expect(await tenge.balanceOf(wallet)).to.equal(before);
    await order.execute(wallet, 15n * UNIT);
  });

  for (const [what, unlicense] of [
    ["was never licensed", undefined],
    ["was suspended meanwhile", (system: Awaited<ReturnType<typeof deploy>>) => system.suspend("PLATFORM")],
  ] as const) {
    it(`does not pay a wallet that ${what}`, async () => {
      const system = await loadFixture(deploy);
      const { register, wallet, stranger, tenge, convertible } = system;
      const to = unlicense === undefined ? stranger : wallet;
      const order = await convertible({ wallet: addressOf(to) });
      await unlicense?.(system);
      await expect(order.execute(to, 15n * UNIT))
        .to.be.revertedWithCustomError(register, "RegisterNotLicensed")
        .withArgs(to.address);
      await expectSums(system, tenge);
    });
  }

  it("does not pay a wallet whose licence ended between order and execution", async () => {
    const system = await loadFixture(deploy);
    const { register, alice, license, convertible } = system;
    const until = (await now()) + LICENCE_DELAY + DAY;
    await license(alice, "SHORT", { until });
    const order = await convertible({ wallet: addressOf(alice) });
    await goTo(until);
    await expect(order.execute(alice, 15n * UNIT))
      .to.be.revertedWithCustomError(register, "RegisterNotLicensed")
      .withArgs(alice.address);
  });

  it("is paid in another installed asset", async () => {
    const { disposal, kzte, stranger, conversion } = await loadFixture(deploy);
    await expect((await conversion({ proceedsAsset: kzte })).send())
      .to.be.revertedWithCustomError(disposal, "DisposalInvalidProceedsAsset")
      .withArgs(kzte);
    await expect((await conversion({ proceedsAsset: addressOf(stranger) })).send())
      .to.be.revertedWithCustomError(disposal, "DisposalUnknownAsset")
      .withArgs(stranger.address);
    await expect((await conversion({ leastProceeds: 0n })).send()).to.be.revertedWithCustomError(
      disposal,
      "DisposalInvalidAmount",
    );
  });

  it("moves nothing when the wallet cannot pay", async () => {
    const system = await loadFixture(deploy);
    const { disposal, docket, other, tenge, kzte, wallet, caseId, convertible } = system;
    const order = await convertible();
    await other.connect(wallet).approve(disposal, 15n * UNIT - 1n);
    await expect(order.execute(wallet, 15n * UNIT)).to.be.revertedWithCustomError(other, "ERC20InsufficientAllowance");
    expect((await docket.moneyOf(caseId, kzte)).left).to.equal(300n * UNIT);
    await expectSums(system, tenge);
    await other.connect(wallet).approve(disposal, 15n * UNIT);
    await order.execute(wallet, 15n * UNIT);
  });

  it("moves nothing when the asset refuses to take the proceeds", async () => {
    const system = await loadFixture(deploy);
    const { disposal, faulty, flty, wallet, vaultAt, convertible } = system;
    const order = await convertible({ proceedsAsset: flty });
    await faulty.setFault(vaultAt, 2);
    await expect(order.execute(wallet, 15n * UNIT))
      .to.be.revertedWithCustomError(disposal, "SafeERC20FailedOperation")
      .withArgs(flty);
  });

  it("converts no proceeds again, and nothing twice", async () => {
    const { docket, kzte, usdx, flty, caseId, wallet, conversion, timesOf } = await loadFixture(deploy);
    const orders = [];
    for (const changes of [
      { amount: 200n * UNIT },
      { amount: 101n * UNIT },
      // Of what the first brought in.
      { asset: usdx, amount: 1n, proceedsAsset: flty },
    ]) {
      const order = await conversion(changes);
      await order.send();
      orders.push(order);
    }
    await goTo((await timesOf(orders[2]!.digest)).start);
    await orders[0]!.execute(wallet, 50n * UNIT);
    await expect(orders[1]!.execute(wallet, 50n * UNIT))
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, 100n * UNIT, 101n * UNIT);
    await expect(orders[2]!.execute(wallet, 50n * UNIT))
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, usdx, 0, 1);
  });

  it("adds up: several conversions into one asset have one average price", async () => {
    const { docket, kzte, usdx, caseId, wallet, convertible } = await loadFixture(deploy);
    await (await convertible({ amount: 100n })).execute(wallet, 15n * UNIT);
    await (await convertible({ amount: 200n, leastProceeds: 1n })).execute(wallet, 3n);
    expect([...(await docket.conversionOf(caseId, kzte, usdx))]).to.deep.equal([300n, 15n * UNIT + 3n]);
  });
});

describe("Docket.refund in proceeds", () => {
  it("gives a holder its share of the proceeds, against what was taken from it", async () => {
    const system = await loadFixture(deployConverted);
    const { docket, other, kzte, usdx, alice, caseId, refund } = system;
    const sending = refund([inProceeds(kzte, usdx, alice, 50n * UNIT)]);
    await expect(sending).to.changeTokenBalances(ethers, other, [alice], [50n * UNIT]);
    expect(await effectsOf(sending)).to.deep.equal([effect(WHAT.RETURNED, usdx, alice, 50n * UNIT, BigInt(kzte))]);
    expect(await owedTo(system, kzte, alice)).to.equal(0n);
    expect([...(await docket.conversionOf(caseId, kzte, usdx))]).to.deep.equal([200n * UNIT, 100n * UNIT]);
    expect([...(await docket.moneyOf(caseId, usdx))]).to.deep.equal([100n * UNIT, 100n * UNIT, 0n, 0n]);
    await expectSums(system, other);
    await expect(refund([inProceeds(kzte, usdx, alice, 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, alice.address, 0, 2);
  });

  it("gives every holder back what is there, though money was converted in parts with a Return between", async () => {
    const system = await loadFixture(deploy);
    const { docket, kzte, usdx, alice, bob, caseId, wallet, convertible, refund } = system;
    await (await convertible({ amount: 100n * UNIT, leastProceeds: 1n })).execute(wallet, 10n * UNIT);
    await refund([inProceeds(kzte, usdx, alice, 10n * UNIT)]);
    expect(await owedTo(system, kzte, alice)).to.equal(0n);
    await (await convertible({ amount: 200n * UNIT, leastProceeds: 1n })).execute(wallet, 200n * UNIT);
    await refund([inProceeds(kzte, usdx, bob, 200n * UNIT)]);
    expect(await owedTo(system, kzte, bob)).to.equal(0n);
    expect([...(await docket.conversionOf(caseId, kzte, usdx))]).to.deep.equal([0n, 0n]);
  });

  it("gives nothing to whom nothing is owed, where rounding has answered for all that was converted", async () => {
    const { docket, kzte, usdx, alice, stranger, caseId, wallet, convertible, refund } = await loadFixture(deploy);
    await (await convertible({ amount: 1n, leastProceeds: 1n })).execute(wallet, 100n);
    await refund([inProceeds(kzte, usdx, alice, 1n)]);
    for (const who of [alice, stranger]) {
      await expect(refund([inProceeds(kzte, usdx, who, 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketExceedsProceeds")
        .withArgs(caseId, kzte, usdx, 0n, 1n);
    }
  });

  it("uses up the part of what was taken that it stands for, rounded up", async () => {
    const system = await loadFixture(deploy);
    const { kzte, usdx, alice, wallet, convertible, refund } = system;
    // 10 of KZTE for 3 of USDX: one of them stands for 3 1/3, so for 4.
    await (await convertible({ amount: 10n, leastProceeds: 3n })).execute(wallet, 3n);
    await refund([inProceeds(kzte, usdx, alice, 1n)]);
    expect(await owedTo(system, kzte, alice)).to.equal(100n * UNIT - 4n);
    // The rest of the proceeds answers for the rest of the ten, no more.
    await refund([inProceeds(kzte, usdx, alice, 2n)]);
    expect(await owedTo(system, kzte, alice)).to.equal(100n * UNIT - 10n);
  });

  it("has one limit with what is returned in kind", async () => {
    const system = await loadFixture(deploy);
    const { docket, kzte, usdx, alice, caseId, wallet, convertible, refund } = system;
    await (await convertible({ amount: 200n * UNIT, leastProceeds: 100n * UNIT })).execute(wallet, 100n * UNIT);
    await refund([inKind(kzte, alice, 60n * UNIT)]);
    await expect(refund([inProceeds(kzte, usdx, alice, 20n * UNIT + 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, alice.address, 40n * UNIT, 40n * UNIT + 2n);
    await refund([inProceeds(kzte, usdx, alice, 20n * UNIT)]);
    await expect(refund([inKind(kzte, alice, 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, alice.address, 0, 1);
  });

  it("gives no more than the conversions of what was taken brought in", async () => {
    const { docket, kzte, usdx, flty, alice, bob, caseId, refund } = await loadFixture(deployConverted);
    await refund([inProceeds(kzte, usdx, alice, 40n * UNIT)]);
    for (const [taken, asset, left] of [
      [kzte, usdx, 110n * UNIT],
      [kzte, flty, 0n],
      [flty, usdx, 0n],
    ] as [Address, Address, bigint][]) {
      await expect(refund([inProceeds(taken, asset, bob, left + 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketExceedsProceeds")
        .withArgs(caseId, taken, asset, left, left + 1n);
    }
  });

  it("gives nothing in kind of what was converted", async () => {
    const { docket, kzte, alice, caseId, refund } = await loadFixture(deployConverted);
    await expect(refund([inKind(kzte, alice, 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsTaken")
      .withArgs(caseId, kzte, 0, 1);
  });

  it("gives none of what was forfeited, paid or reserved of the proceeds", async () => {
    const system = await loadFixture(deployConverted);
    const { docket, kzte, usdx, alice, bob, treasury, caseId, forfeit, refund, timesOf } = system;
    const order = await forfeit({ asset: usdx, treasury: addressOf(treasury), amount: 120n * UNIT });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await order.execute();
    await refund([inProceeds(kzte, usdx, alice, 10n * UNIT)]);
    await expect(refund([inProceeds(kzte, usdx, bob, 20n * UNIT + 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsProceeds")
      .withArgs(caseId, kzte, usdx, 20n * UNIT, 20n * UNIT + 1n);
  });

  it("answers beside what was taken in the asset of the proceeds itself", async () => {
    const system = await loadFixture(deployConverted);
    const { other, kzte, usdx, alice, take, refund } = system;
    const holder = await holderOf(system, 40n * UNIT, other);
    await take([target(usdx, holder, 40n * UNIT)]);
    await refund([inProceeds(kzte, usdx, alice, 50n * UNIT)]);
    await refund([inKind(usdx, { address: holder }, 40n * UNIT)]);
    expect(await owedTo(system, usdx, { address: holder })).to.equal(0n);
    const { left, proceeds } = await expectSums(system, other);
    expect([left, proceeds]).to.deep.equal([100n * UNIT, 100n * UNIT]);
  });

  it("knows no proceeds of what is no asset", async () => {
    const system = await loadFixture(deployConverted);
    const { docket, caseId, kzte, alice, refund } = system;
    await expect(refund([inProceeds(kzte, alice.address as Address, alice, 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsProceeds")
      .withArgs(caseId, kzte, alice.address, 0n, 1n);
    expect(await owedTo(system, kzte, alice)).to.equal(100n * UNIT);
  });
});
