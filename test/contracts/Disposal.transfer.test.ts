import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { Address } from "viem";
import { encodeCaseId } from "../../src/orders/index.ts";
import { SOURCE } from "../system/acts/disposals.ts";
import { addressOf, at, ethers, goTo, loadFixture, now, timeOf } from "../system/chain.ts";
import { deployCustody } from "../system/custody.ts";
import { effect, effectsOf, vaultCreated, WHAT } from "../system/entries.ts";
import { FAULT } from "../system/faulty.ts";
import { claimOf, expectSums, inKind, owedTo, UNIT } from "../system/money.ts";
import { DAY, DELAY, YEAR } from "../system/parameters.ts";

async function deploy() {
  const system = await deployCustody();
  const { transfer, timesOf, kzte, stranger } = system;
  const defaults = { asset: kzte, to: addressOf(stranger), amount: 30n * UNIT };
  type Changes = Partial<Parameters<typeof transfer>[0]>;
  return {
    ...system,
    transferOf: (changes: Changes = {}, given?: Parameters<typeof transfer>[1]) =>
      transfer({ ...defaults, ...changes }, given),
    /** Scheduled, and its start has come. */
    transferable: async (changes: Changes = {}, given?: Parameters<typeof transfer>[1]) => {
      const order = await transfer({ ...defaults, ...changes }, given);
      await order.send();
      await goTo((await timesOf(order.digest)).start);
      return order;
    },
  };
}

/** The same; bob could not receive 20 FLTY in the second `since`. */
async function deployUnclaimed() {
  const system = await deploy();
  await system.faulty.setFault(system.bob, FAULT.revert);
  await system.refund([inKind(system.flty, system.bob, 20n * UNIT)]);
  return { ...system, since: await now() };
}

const value = (source: number, holder: string = ZeroAddress) => (BigInt(source) << 160n) | BigInt(holder);

describe("Disposal.transfer", () => {
  describe("of custody", () => {
    it("pays the free payee of the order, and its entry names the source", async () => {
      const system = await loadFixture(deploy);
      const { tenge, docket, kzte, stranger, vaultAt, caseId, transferable } = system;
      const sending = (await transferable()).execute();
      await expect(sending).to.changeTokenBalances(ethers, tenge, [stranger, vaultAt], [30n * UNIT, -30n * UNIT]);
      expect(await effectsOf(sending)).to.deep.equal([
        effect(WHAT.TRANSFERRED, kzte, stranger, 30n * UNIT, value(SOURCE.custody)),
      ]);
      expect((await docket.moneyOf(caseId, kzte)).left).to.equal(270n * UNIT);
      await expectSums(system, tenge);
    });

    it("uses up the limit of the holder that it names", async () => {
      const system = await loadFixture(deploy);
      const { docket, kzte, alice, stranger, caseId, refund, transferOf, transferable } = system;
      await refund([inKind(kzte, alice, 60n * UNIT)]);
      const holder = addressOf(alice);
      const fits = await transferOf({ holder });
      await fits.send();
      const exceeds = await transferable({ holder, amount: 11n * UNIT });
      expect(await effectsOf(fits.execute())).to.deep.equal([
        effect(WHAT.TRANSFERRED, kzte, stranger, 30n * UNIT, value(SOURCE.custody, holder)),
      ]);
      expect(await owedTo(system, kzte, alice)).to.equal(10n * UNIT);
      await expect(exceeds.execute())
        .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
        .withArgs(caseId, kzte, holder, 10n * UNIT, 11n * UNIT);
      await refund([inKind(kzte, alice, 10n * UNIT)]);
    });

    it("names no holder from whom nothing was taken", async () => {
      const { docket, kzte, carol, caseId, transferable } = await loadFixture(deploy);
      await expect((await transferable({ holder: addressOf(carol) })).execute())
        .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
        .withArgs(caseId, kzte, carol.address, 0, 30n * UNIT);
    });

    it("takes neither the suspense nor what is reserved", async () => {
      const system = await loadFixture(deployUnclaimed);
      const { docket, disposal, faulty, flty, carol, vaultAt, caseId, transferable } = system;
      await faulty.connect(carol).transfer(vaultAt, 500n * UNIT);
      await disposal.book(caseId, flty);
      await expect((await transferable({ asset: flty, amount: 281n * UNIT })).execute())
        .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
        .withArgs(caseId, flty, 280n * UNIT, 281n * UNIT);
    });

    it("pays a successor's vault, where it can go on", async () => {
      const system = await loadFixture(deploy);
      const { docket, tenge, transferable } = system;
      const successor = (await docket.vaultOf(encodeCaseId("CASE-2"))) as Address;
      await (await transferable({ to: successor })).execute();
      expect(await tenge.balanceOf(successor)).to.equal(30n * UNIT);
    });

    it("pays nothing into the vault that it comes from", async () => {
      const { disposal, vaultAt, transferOf } = await loadFixture(deploy);
      await expect((await transferOf({ to: vaultAt })).send())
        .to.be.revertedWithCustomError(disposal, "DisposalInvalidPayee")
        .withArgs(vaultAt);
    });
  });

  it("pays nobody from whom money could not come back: address 0, the system, assets, sub-accounts", async () => {
    const system = await loadFixture(deploy);
    const { disposal, docket, quorum, register, kzte, usdx, wallet, license, exchangeHold, transferOf } = system;
    await license(wallet, "PLATFORM");
    await goTo((await now()) + 7n * DAY);
    const [subAccount, holder] = [ethers.id("sub-account") as `0x${string}`, addressOf(wallet)];
    await exchangeHold({ asset: kzte, wallet: holder, subAccount, amount: 1n });
    const system_ = await Promise.all([disposal, docket, quorum, register].map((part) => part.getAddress()));
    const standsForSubAccount = await register.accountOf(holder, subAccount);
    for (const to of [ZeroAddress, kzte, usdx, ...system_, standsForSubAccount] as Address[]) {
      await expect((await transferOf({ to })).send())
        .to.be.revertedWithCustomError(disposal, "DisposalInvalidPayee")
        .withArgs(to);
    }
  });

  it("checks its payee again when it is executed", async () => {
    const system = await loadFixture(deploy);
    const { disposal, register, kzte, wallet, license, exchangeHold, transferable } = system;
    const [subAccount, holder] = [ethers.id("sub-account") as `0x${string}`, addressOf(wallet)];
    const to = (await register.accountOf(holder, subAccount)) as Address;
    await license(wallet, "PLATFORM");
    const order = await transferable({ to });
    await exchangeHold({ asset: kzte, wallet: holder, subAccount, amount: 1n });
    await expect(order.execute()).to.be.revertedWithCustomError(disposal, "DisposalInvalidPayee").withArgs(to);
  });

  it("knows three sources, and which of them go with a holder", async () => {
    const { disposal, alice, transferOf } = await loadFixture(deploy);
    const holder = addressOf(alice);
    for (const [source, of] of [
      [0, ZeroAddress],
      [0, holder],
      [4, ZeroAddress],
      [255, holder],
      [SOURCE.suspense, holder],
      [SOURCE.unclaimed, ZeroAddress],
    ] as [number, Address][]) {
      await expect((await transferOf({ source, holder: of })).send())
        .to.be.revertedWithCustomError(disposal, "DisposalInvalidSource")
        .withArgs(source, of);
    }
  });

  describe("of suspense", () => {
    it("pays what was booked and no more, and nothing of custody", async () => {
      const system = await loadFixture(deploy);
      const { tenge, docket, disposal, kzte, carol, stranger, vaultAt, caseId, transferOf, transferable } = system;
      await tenge.connect(carol).transfer(vaultAt, 50n * UNIT);
      await disposal.book(caseId, kzte);
      const order = await transferOf({ source: SOURCE.suspense });
      await order.send();
      const more = await transferable({ source: SOURCE.suspense, amount: 21n * UNIT });
      expect(await effectsOf(order.execute())).to.deep.equal([
        effect(WHAT.TRANSFERRED, kzte, stranger, 30n * UNIT, value(SOURCE.suspense)),
      ]);
      await expect(more.execute())
        .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
        .withArgs(caseId, kzte, 20n * UNIT, 21n * UNIT);
      await expect(disposal.book(caseId, kzte)).to.be.revertedWithCustomError(docket, "DocketNothingToBook");
      const { left, suspense } = await expectSums(system, tenge);
      expect([left, suspense]).to.deep.equal([300n * UNIT, 20n * UNIT]);
    });

    it("of a case that never held anything creates its vault", async () => {
      const system = await loadFixture(deploy);
      const { tenge, docket, disposal, kzte, carol, stranger, transferOf } = system;
      const caseId = "CASE-NEW";
      const vault = await docket.vaultOf(encodeCaseId(caseId));
      await tenge.connect(carol).transfer(vault, 50n * UNIT);
      const order = await transferOf({ source: SOURCE.suspense }, { caseId });
      await order.send();
      const booked = await timeOf(disposal.book(encodeCaseId(caseId), kzte));
      await goTo(booked + DELAY.Transfer);
      expect(await effectsOf(order.execute())).to.deep.equal([
        vaultCreated(vault),
        effect(WHAT.TRANSFERRED, kzte, stranger, 30n * UNIT, value(SOURCE.suspense)),
      ]);
      expect((await docket.caseOf(encodeCaseId(caseId))).hasVault).to.equal(true);
      await expectSums(system, tenge, encodeCaseId(caseId));
    });
  });

  describe("of a claim that its holder did not come for", () => {
    const unclaimed = (system: Awaited<ReturnType<typeof deployUnclaimed>>, amount: bigint) => ({
      asset: system.flty,
      source: SOURCE.unclaimed,
      holder: addressOf(system.bob),
      amount,
    });

    it("moves it after a year, in part or whole, and not a second before", async () => {
      const system = await loadFixture(deployUnclaimed);
      const { disposal, docket, faulty, flty, bob, stranger, caseId, since, transferOf, timesOf } = system;
      await goTo(since + YEAR - 31n * DAY);
      const order = await transferOf(unclaimed(system, 15n * UNIT));
      await order.send();
      expect((await timesOf(order.digest)).start < since + YEAR).to.equal(true);
      await at(since + YEAR - 1n);
      await expect(order.execute())
        .to.be.revertedWithCustomError(docket, "DocketClaimKept")
        .withArgs(caseId, flty, bob.address, 20n * UNIT, since + YEAR);
      await at(since + YEAR);
      expect(await effectsOf(order.execute())).to.deep.equal([
        effect(WHAT.TRANSFERRED, flty, stranger, 15n * UNIT, value(SOURCE.unclaimed, bob.address)),
      ]);
      expect(await claimOf(system, flty, bob)).to.deep.equal([5n * UNIT, since]);
      const { left, reserved } = await expectSums(system, faulty);
      expect([left, reserved]).to.deep.equal([280n * UNIT, 5n * UNIT]);
      await faulty.setFault(bob, FAULT.none);
      await disposal.claim(caseId, flty, bob);
      expect(await owedTo(system, flty, bob)).to.equal(180n * UNIT);
    });

    it("moves no more than the claim", async () => {
      const system = await loadFixture(deployUnclaimed);
      const { docket, flty, bob, caseId, since, transferable } = system;
      await goTo(since + YEAR);
      await expect((await transferable(unclaimed(system, 20n * UNIT + 1n))).execute())
        .to.be.revertedWithCustomError(docket, "DocketClaimKept")
        .withArgs(caseId, flty, bob.address, 20n * UNIT, since + YEAR);
    });

    it("moves none whose holder came, nor one that was added to meanwhile", async () => {
      const system = await loadFixture(deployUnclaimed);
      const { disposal, docket, faulty, flty, bob, caseId, since, refund, transferable } = system;
      await goTo(since + YEAR);
      const order = await transferable(unclaimed(system, 15n * UNIT));
      await refund([inKind(flty, bob, 1n)]);
      const added = await now();
      await expect(order.execute())
        .to.be.revertedWithCustomError(docket, "DocketClaimKept")
        .withArgs(caseId, flty, bob.address, 20n * UNIT + 1n, added + YEAR);
      await faulty.setFault(bob, FAULT.none);
      await disposal.claim(caseId, flty, bob);
      await expect(order.execute()).to.be.revertedWithCustomError(docket, "DocketClaimKept");
    });
  });
});
