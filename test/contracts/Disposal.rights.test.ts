import { expect } from "chai";
import type { Address, Hex } from "viem";
import { buildReturn, buildSeize } from "../../src/orders/index.ts";
import { SOURCE } from "../system/acts/disposals.ts";
import { CASE } from "../system/acts/signed.ts";
import { addressOf, at, ethers, goTo, loadFixture, NEVER, newAddress, now } from "../system/chain.ts";
import { deployConverting } from "../system/custody.ts";
import { target } from "../system/entries.ts";
import { FAULT } from "../system/faulty.ts";
import { claimOf, expectSums, inKind, inProceeds, owedTo, UNIT } from "../system/money.ts";
import { approvalsOf, DOCUMENT, nextSalt, NO_APPROVALS, struct } from "../system/officers.ts";
import { DAY, YEAR } from "../system/parameters.ts";

/** A case of its own in which nothing is taken yet. */
const EMPTY = "CASE-EMPTY";

async function deploy() {
  const system = await deployConverting();
  const { docket, domain, kzte } = system;
  return {
    ...system,
    /** What `docket.seize` of 100 KZTE of a holder in the empty case is called with; its hold is placed. */
    seizeData: async (holder: { address: string }) => {
      const holds = [{ asset: kzte, account: holder.address as Address, amount: 100n * UNIT }];
      await system.arrest({ place: holds, until: (await now()) + 100n * DAY }, { caseId: EMPTY });
      const order = buildSeize({
        caseId: EMPTY,
        document: DOCUMENT,
        holds,
        signBy: NEVER,
        salt: nextSalt(),
        upTo: Number(await docket.placements()),
      });
      const approvals = await approvalsOf(domain, order, ["COURT-1", "FMA-1", "GPO-1", "NBK-1"]);
      return docket.interface.encodeFunctionData("seize", [[struct(order.message)], [approvals], "0x"]);
    },
  };
}

describe("the right of a holder to appeal before its money is disposed of", () => {
  it("is not lost where the Forfeit was scheduled while nothing was taken: Seize and execute in one block", async () => {
    const system = await loadFixture(deploy);
    const { docket, disposal, kzte, carol, treasury, tenge, forfeit, timesOf, seizeData } = system;
    const order = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: 100n * UNIT }, { caseId: EMPTY });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    const both = await ethers.deployContract("Calls");
    const execute = disposal.interface.encodeFunctionData("executeForfeit", [order.message, order.ids, NO_APPROVALS]);
    await expect(
      both.all([
        { target: docket, data: await seizeData(carol) },
        { target: disposal, data: execute },
      ]),
    )
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(order.message.caseId, kzte, 0n, 100n * UNIT);
    expect(await tenge.balanceOf(carol)).to.equal(1_000n * UNIT);
  });

  it("is not lost by a Convert that was scheduled before", async () => {
    const system = await loadFixture(deploy);
    const { docket, kzte, carol, wallet, conversion, timesOf, take, appeal } = system;
    const order = await conversion({ amount: 100n * UNIT }, { caseId: EMPTY });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await take([target(kzte, carol, 100n * UNIT)], { caseId: EMPTY });
    await expect(order.execute(wallet, 15n * UNIT)).to.be.revertedWithCustomError(docket, "DocketExceedsFree");
    const { start } = await timesOf(order.digest);
    await appeal(order.digest, kzte, carol);
    expect((await timesOf(order.digest)).start).to.equal(start + 15n * DAY);
  });

  it("is not lost where a Forfeit meant for one holder takes another's money 80 days later", async () => {
    const system = await loadFixture(deploy);
    const { docket, kzte, alice, bob, carol, treasury, tenge, forfeit, timesOf, refund, take } = system;
    const order = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: 100n * UNIT });
    await order.send();
    const { start } = await timesOf(order.digest);
    await refund([inKind(kzte, alice, 100n * UNIT), inKind(kzte, bob, 200n * UNIT)]);
    await goTo(start + 65n * DAY);
    await take([target(kzte, carol, 100n * UNIT)]);
    const came = await now();
    await at(came + 15n * DAY - 1n);
    await expect(order.execute()).to.be.revertedWithCustomError(docket, "DocketExceedsFree");
    await system.appeal(order.digest, kzte, carol);
    await at(came + 15n * DAY + 1n);
    await expect(order.execute()).to.be.revertedWithCustomError(docket, "DocketExceedsFree");
    await refund([inKind(kzte, carol, 100n * UNIT)]);
    expect(await tenge.balanceOf(carol)).to.equal(1_000n * UNIT);
  });

  it("is not lost where its money is converted and the proceeds forfeited in one block", async () => {
    const system = await loadFixture(deploy);
    const { docket, usdx, wallet, treasury, caseId, conversion, forfeit, timesOf } = system;
    const forfeited = await forfeit({ asset: usdx, treasury: addressOf(treasury), amount: 15n * UNIT });
    await forfeited.send();
    await goTo((await timesOf(forfeited.digest)).start);
    const convert = await conversion();
    await convert.send();
    const { start } = await timesOf(convert.digest);
    await goTo(start);
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      const gas = { gasLimit: 2_000_000n };
      const converting = await system.disposal
        .connect(wallet)
        .executeConvert(convert.message, convert.ids, NO_APPROVALS, 15n * UNIT, { ...gas, gasPrice: 3n * 10n ** 9n });
      const forfeiting = await system.disposal.executeForfeit(forfeited.message, forfeited.ids, NO_APPROVALS, {
        ...gas,
        gasPrice: 2n * 10n ** 9n,
      });
      await ethers.provider.send("evm_mine", []);
      const [first, second] = await Promise.all(
        [converting, forfeiting].map(({ hash }) => ethers.provider.getTransactionReceipt(hash)),
      );
      expect([first!.blockNumber, first!.status, second!.status]).to.deep.equal([second!.blockNumber, 1, 0]);
    } finally {
      await ethers.provider.send("evm_setAutomine", [true]);
    }
    await expect(forfeited.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, usdx, 0n, 15n * UNIT);
  });

  describe("where old proceeds lie beside what was just taken,", () => {
    /** 15 USDX of proceeds that lay for the whole delay of a Forfeit; carol's 40 USDX came in the second of its start. */
    async function forfeitOf(amount: bigint) {
      const system = await loadFixture(deploy);
      const { usdx, carol, wallet, treasury, conversion, forfeit, timesOf, take } = system;
      const convert = await conversion();
      await convert.send();
      await goTo((await timesOf(convert.digest)).start);
      await convert.execute(wallet, 15n * UNIT);
      const order = await forfeit({ asset: usdx, treasury: addressOf(treasury), amount });
      await order.send();
      await goTo((await timesOf(order.digest)).start);
      await take([target(usdx, carol, 40n * UNIT)]);
      return { ...system, order };
    }

    it("is not lost: a unit more than the proceeds is refused", async () => {
      const { docket, usdx, caseId, order } = await forfeitOf(15n * UNIT + 1n);
      await expect(order.execute())
        .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
        .withArgs(caseId, usdx, 15n * UNIT, 15n * UNIT + 1n);
    });

    it("is not lost: a Forfeit of the proceeds takes these, and the holder gets everything back", async () => {
      const { docket, usdx, carol, caseId, order, refund } = await forfeitOf(15n * UNIT);
      await order.execute();
      const { left, proceeds } = await docket.moneyOf(caseId, usdx);
      expect([left, proceeds]).to.deep.equal([40n * UNIT, 0n]);
      await refund([inKind(usdx, carol, 40n * UNIT)]);
    });
  });

  it("is not lost where a Transfer named the holder before anything was taken from it", async () => {
    const system = await loadFixture(deploy);
    const { docket, kzte, carol, stranger, caseId, transfer, timesOf, take, refund } = system;
    const order = await transfer({
      asset: kzte,
      source: SOURCE.custody,
      holder: addressOf(carol),
      to: addressOf(stranger),
      amount: 100n * UNIT,
    });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    // What others left lies there long enough.
    await take([target(kzte, carol, 100n * UNIT)]);
    await expect(order.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, 0n, 100n * UNIT);
    await refund([inKind(kzte, carol, 100n * UNIT)]);
  });

  it("is that of a holder whose money was converted, against a disposal of the proceeds", async () => {
    const system = await loadFixture(deploy);
    const { disposal, kzte, usdx, alice, carol, wallet, treasury, caseId, conversion, forfeit, timesOf } = system;
    const convert = await conversion();
    await convert.send();
    await goTo((await timesOf(convert.digest)).start);
    const order = await forfeit({ asset: usdx, treasury: addressOf(treasury), amount: 15n * UNIT });
    await order.send();
    expect(await disposal.isAffected(caseId, usdx, alice)).to.equal(false);
    await convert.execute(wallet, 15n * UNIT);
    expect(await disposal.isAffected(caseId, usdx, alice)).to.equal(true);
    await system.appeal(order.digest, usdx, alice);
    await expect(system.appeal(order.digest, usdx, carol)).to.be.revertedWithCustomError(
      disposal,
      "DisposalNotAffected",
    );
    expect(await owedTo(system, kzte, alice)).to.equal(100n * UNIT);
  });

  it("is that of a holder whose claim waits, also against a Transfer of the claim", async () => {
    const system = await loadFixture(deploy);
    const { disposal, faulty, flty, alice, stranger, caseId, transfer, timesOf } = system;
    await faulty.setFault(alice, FAULT.revert);
    await system.refund([inKind(flty, alice, 100n * UNIT)]);
    expect(await owedTo(system, flty, alice)).to.equal(0n);
    await goTo((await now()) + YEAR - 29n * DAY);
    const order = await transfer({
      asset: flty,
      to: addressOf(stranger),
      amount: 100n * UNIT,
      source: SOURCE.unclaimed,
      holder: addressOf(alice),
    });
    await order.send();
    const { start } = await timesOf(order.digest);
    await system.appeal(order.digest, flty, alice);
    expect((await timesOf(order.digest)).start).to.equal(start + 15n * DAY);
    await faulty.setFault(alice, FAULT.none);
    await disposal.claim(caseId, flty, alice);
    await goTo(start + 15n * DAY);
    await expect(order.execute()).to.be.revertedWithCustomError(system.docket, "DocketClaimKept");
    expect((await claimOf(system, flty, alice))[0]).to.equal(0n);
  });
});

describe("the right of a holder to the proceeds of what was converted", () => {
  /** All 300 KZTE were converted into 300 USDX; dave's 100 USDX were taken beside, and a Convert of USDX waits. */
  async function deployProceeds() {
    const system = await deploy();
    const { conversion, timesOf, usdx, kzte, other, issuer, wallet } = system;
    const convert = await conversion({ amount: 300n * UNIT });
    await convert.send();
    await goTo((await timesOf(convert.digest)).start);
    await convert.execute(wallet, 300n * UNIT);
    const dave = newAddress();
    await other.connect(issuer).mint(dave, 100n * UNIT);
    await system.take([target(usdx, dave, 100n * UNIT)]);
    const again = async (amount: bigint) => {
      const order = await conversion({ asset: usdx, amount, proceedsAsset: kzte, leastProceeds: 1n });
      await order.send();
      await goTo((await timesOf(order.digest)).start);
      return order;
    };
    return { ...system, dave, again };
  }

  it("is not lost: proceeds are not converted a second time", async () => {
    const system = await loadFixture(deployProceeds);
    const { docket, usdx, wallet, caseId, again } = system;
    await expect((await again(100n * UNIT + 1n)).execute(wallet, UNIT))
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, usdx, 100n * UNIT, 100n * UNIT + 1n);
    await (await again(100n * UNIT)).execute(wallet, UNIT);
  });

  it("is not lost where what was taken beside is forfeited first and then as much is to be converted", async () => {
    const system = await loadFixture(deployProceeds);
    const { docket, other, kzte, usdx, alice, bob, wallet, treasury, caseId, forfeit, refund, timesOf, again } = system;
    const order = await forfeit({ asset: usdx, treasury: addressOf(treasury), amount: 100n * UNIT });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await order.execute();
    // What a Forfeit takes is what was taken first: the proceeds are whole.
    await expect((await again(1n)).execute(wallet, UNIT))
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, usdx, 0n, 1n);
    await refund([inProceeds(kzte, usdx, alice, 100n * UNIT), inProceeds(kzte, usdx, bob, 200n * UNIT)]);
    expect([await owedTo(system, kzte, alice), await owedTo(system, kzte, bob)]).to.deep.equal([0n, 0n]);
    await expectSums(system, other);
  });

  it("is not paid out to another holder in kind", async () => {
    const { docket, usdx, dave, treasury, caseId, forfeit, refund, timesOf } = await loadFixture(deployProceeds);
    const order = await forfeit({ asset: usdx, treasury: addressOf(treasury), amount: 60n * UNIT });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await order.execute();
    await expect(refund([inKind(usdx, { address: dave }, 41n * UNIT)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsTaken")
      .withArgs(caseId, usdx, 40n * UNIT, 41n * UNIT);
  });

  it("comes back with what was reserved of them and nobody claimed", async () => {
    const system = await loadFixture(deployProceeds);
    const { docket, disposal, usdx, alice, kzte, caseId, compensate, refund, timesOf } = system;
    const list = [{ account: newAddress(), amount: 150n * UNIT }];
    const order = await compensate({ asset: usdx, list, total: 250n * UNIT });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await order.execute();
    expect([...(await docket.moneyOf(caseId, usdx))]).to.deep.equal([150n, 150n, 250n, 0n].map((n) => n * UNIT));
    expect((await disposal.compensationOf(order.digest)).proceeds).to.equal(150n * UNIT);
    await order.claim(0);
    expect((await disposal.compensationOf(order.digest)).proceeds).to.equal(100n * UNIT);
    await goTo((await disposal.compensationOf(order.digest)).until + 1n);
    await disposal.unreserve(order.digest);
    expect([...(await docket.moneyOf(caseId, usdx))]).to.deep.equal([250n, 250n, 0n, 0n].map((n) => n * UNIT));
    await refund([inProceeds(kzte, usdx, alice, 100n * UNIT)]);
  });
});

describe("the right of victims that a compensation reaches them and nobody else", () => {
  async function deployList() {
    const system = await deploy();
    const { kzte, stranger, compensate, timesOf, docket, disposal, register, quorum, vaultAt } = system;
    const contracts = await Promise.all([docket, disposal, register, quorum].map((part) => part.getAddress()));
    const payees = [kzte, ...contracts, vaultAt, addressOf(stranger)] as Address[];
    const list = payees.map((account) => ({ account, amount: UNIT }));
    const order = await compensate({ asset: kzte, list });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await order.execute();
    return { ...system, order, payees };
  }

  it("pays no asset, no contract of the system, and not the case's own vault; the total stays reserved", async () => {
    const { docket, disposal, kzte, caseId, order, payees } = await loadFixture(deployList);
    for (const [index, account] of payees.slice(0, -1).entries()) {
      await expect(order.claim(index))
        .to.be.revertedWithCustomError(disposal, "DisposalInvalidPayee")
        .withArgs(account);
    }
    expect((await docket.moneyOf(caseId, kzte)).reserved).to.equal(BigInt(payees.length) * UNIT);
    await order.claim(payees.length - 1);
  });

  it("pays nobody that stands for a sub-account", async () => {
    const system = await loadFixture(deploy);
    const { disposal, register, kzte, wallet, compensate, exchangeHold, timesOf } = system;
    const [subAccount, holder] = [ethers.id("sub-account") as Hex, addressOf(wallet)];
    const account = (await register.accountOf(holder, subAccount)) as Address;
    await exchangeHold({ asset: kzte, wallet: holder, subAccount, amount: 1n });
    const order = await compensate({ asset: kzte, list: [{ account, amount: UNIT }] });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await order.execute();
    await expect(order.claim(0)).to.be.revertedWithCustomError(disposal, "DisposalInvalidPayee").withArgs(account);
  });

  it("is not turned into a seizure: into an account whose money is held, only itself claims", async () => {
    const system = await loadFixture(deployList);
    const { disposal, kzte, stranger, order, payees, freeze, tenge } = system;
    const index = payees.length - 1;
    await freeze([target(kzte, stranger, 5n)], { caseId: "CASE-2" });
    const claim = (from: typeof stranger) =>
      disposal.connect(from).claimCompensation(order.digest, index, stranger, UNIT, order.tree.proofOf(index));
    await expect(claim(system.bob))
      .to.be.revertedWithCustomError(disposal, "DisposalHeldPayee")
      .withArgs(kzte, stranger.address, 5n);
    await claim(stranger);
    expect(await tenge.balanceOf(stranger)).to.equal(UNIT);
  });

  it("locks the money for a year at most where the list is worth nothing", async () => {
    const system = await loadFixture(deploy);
    const { disposal, kzte, treasury, compensate, forfeit, timesOf } = system;
    const list = [{ account: newAddress(), amount: 300n * UNIT }];
    const root = ethers.id("nothing has this root") as Hex;
    const order = await compensate({ asset: kzte, list, root, claimTerm: 366n * DAY });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await order.execute();
    await goTo((await now()) + 366n * DAY + 1n);
    await disposal.unreserve(order.digest);
    const next = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: 300n * UNIT });
    await next.send();
    await goTo((await timesOf(next.digest)).start);
    await next.execute();
  });
});

describe("a Transfer that names a holder", () => {
  it("is not put off by what its wallet surrenders meanwhile, unit by unit", async () => {
    const system = await loadFixture(deploy);
    const { register, kzte, wallet, stranger, tenge, caseId, transfer, timesOf, exchangeHold, seize } = system;
    const SUB = ethers.encodeBytes32String("client 1") as Hex;
    await exchangeHold({ asset: kzte, wallet: addressOf(wallet), subAccount: SUB, amount: 100n * UNIT });
    await seize([target(kzte, await register.accountOf(wallet, SUB), 100n * UNIT)]);
    await tenge.connect(wallet).approve(register, 100n * UNIT);
    await register.connect(wallet).surrender(caseId, kzte, SUB, 90n * UNIT);
    const order = await transfer({
      asset: kzte,
      holder: addressOf(wallet),
      to: addressOf(stranger),
      amount: 90n * UNIT,
    });
    await order.send();
    const { start } = await timesOf(order.digest);
    await at(start - 1n);
    await register.connect(wallet).surrender(caseId, kzte, SUB, 1n);
    await at(start);
    await order.execute();
  });

  it("uses up what is owed to it, and is told as a Transfer and not as a Return", async () => {
    const system = await loadFixture(deploy);
    const { docket, disposal, kzte, alice, stranger, caseId, transfer, timesOf, domain } = system;
    const order = await transfer({
      asset: kzte,
      to: addressOf(stranger),
      amount: 70n * UNIT,
      holder: addressOf(alice),
    });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await order.execute();
    expect(await owedTo(system, kzte, alice)).to.equal(30n * UNIT);
    const back = buildReturn({
      caseId: CASE,
      document: DOCUMENT,
      holders: [inKind(kzte, alice, 31n * UNIT)],
      signBy: NEVER,
      salt: nextSalt(),
    });
    await expect(disposal.refund([struct(back.message)], [await approvalsOf(domain, back, ["COURT-1", "NBK-1"])], "0x"))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, alice.address, 30n * UNIT, 31n * UNIT);
  });
});
