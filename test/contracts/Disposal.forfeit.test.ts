import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { Address } from "viem";
import { addressOf, ethers, goTo, loadFixture, newAddress } from "../system/chain.ts";
import { deployCustody } from "../system/custody.ts";
import { effect, effectsOf, WHAT } from "../system/entries.ts";
import { expectSums, inKind, UNIT } from "../system/money.ts";

async function deploy() {
  const system = await deployCustody();
  const { kzte, treasury, forfeit, timesOf } = system;
  return {
    ...system,
    /** Scheduled, and its start has come. */
    forfeitable: async (amount: bigint, asset: Address = kzte) => {
      const order = await forfeit({ asset, treasury: addressOf(treasury), amount });
      await order.send();
      await goTo((await timesOf(order.digest)).start);
      return order;
    },
  };
}

describe("Disposal.forfeit", () => {
  it("pays the registered treasury out of custody, and its entry says so", async () => {
    const system = await loadFixture(deploy);
    const { docket, tenge, kzte, treasury, vaultAt, caseId, forfeitable } = system;
    const order = await forfeitable(300n * UNIT);
    const sending = order.execute();
    await expect(sending).to.changeTokenBalances(ethers, tenge, [treasury, vaultAt], [300n * UNIT, -300n * UNIT]);
    expect(await effectsOf(sending)).to.deep.equal([effect(WHAT.FORFEITED, kzte, treasury, 300n * UNIT)]);
    expect((await docket.moneyOf(caseId, kzte)).left).to.equal(0n);
    await expectSums(system, tenge);
  });

  it("takes no more than is left of what was taken, whatever else is in the vault", async () => {
    const system = await loadFixture(deploy);
    const { docket, disposal, tenge, kzte, carol, alice, vaultAt, caseId, refund, forfeitable } = system;
    await tenge.connect(carol).transfer(vaultAt, 50n * UNIT);
    await disposal.book(caseId, kzte);
    await refund([inKind(kzte, alice, 10n * UNIT)]);
    const order = await forfeitable(290n * UNIT + 1n);
    await expect(order.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, 290n * UNIT, 290n * UNIT + 1n);
  });

  it("takes nothing of what is reserved", async () => {
    const system = await loadFixture(deploy);
    const { docket, kzte, stranger, caseId, forfeitable, compensate } = system;
    const list = [{ account: addressOf(stranger), amount: 100n * UNIT }];
    const compensation = await compensate({ asset: kzte, list });
    await compensation.send();
    const order = await forfeitable(200n * UNIT + 1n);
    await compensation.execute();
    await expect(order.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, 200n * UNIT, 200n * UNIT + 1n);
  });

  it("leaves nothing for a Return that comes after", async () => {
    const system = await loadFixture(deploy);
    const { docket, kzte, alice, caseId, refund, forfeitable } = system;
    await (await forfeitable(250n * UNIT)).execute();
    await expect(refund([inKind(kzte, alice, 50n * UNIT + 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsTaken")
      .withArgs(caseId, kzte, 50n * UNIT, 50n * UNIT + 1n);
    await refund([inKind(kzte, alice, 50n * UNIT)]);
  });

  it("goes to no other treasury than the asset's registered one", async () => {
    const { disposal, forfeit, kzte, stranger, treasury } = await loadFixture(deploy);
    for (const to of [addressOf(stranger), ZeroAddress as Address]) {
      await expect((await forfeit({ asset: kzte, treasury: to, amount: 1n })).send())
        .to.be.revertedWithCustomError(disposal, "DisposalWrongTreasury")
        .withArgs(kzte, to, treasury.address);
    }
  });

  it("is refused when the treasury changed between order and execution", async () => {
    const { disposal, kzte, treasury, forfeit, setTreasury, timesOf } = await loadFixture(deploy);
    const next = newAddress();
    const change = await setTreasury(kzte, next);
    await change.send();
    const order = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: 1n });
    await order.send();
    await goTo((await timesOf(change.digest)).start);
    await change.execute();
    await expect(order.execute())
      .to.be.revertedWithCustomError(disposal, "DisposalWrongTreasury")
      .withArgs(kzte, treasury.address, next);
  });

  it("of a case with nothing left fails", async () => {
    const { docket, kzte, flty, alice, bob, caseId, refund, forfeitable } = await loadFixture(deploy);
    const order = await forfeitable(1n);
    await refund(
      [flty, kzte]
        .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
        .flatMap((asset) =>
          [inKind(asset, alice, 100n * UNIT), inKind(asset, bob, 200n * UNIT)].sort((a, b) =>
            BigInt(a.account) < BigInt(b.account) ? -1 : 1,
          ),
        ),
    );
    await expect(order.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, 0n, 1n);
  });
});
