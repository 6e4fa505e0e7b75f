import { expect } from "chai";
import { ZeroHash } from "ethers";
import { ACTS, encodeCaseId } from "../../src/orders/index.ts";
import { addressOf, ethers, loadFixture } from "../system/chain.ts";
import { deployCustody } from "../system/custody.ts";
import { effect, entryOf, WHAT } from "../system/entries.ts";
import { FAULT } from "../system/faulty.ts";
import { claimOf, expectSums, inKind, UNIT } from "../system/money.ts";

const OTHER = "CASE-2";

describe("Disposal.claim", () => {
  /** A claim of bob for 150 FLTY, of which 50 more of bob's and all of alice's is still in the vault. */
  async function deployClaim() {
    const system = await deployCustody();
    await system.faulty.setFault(system.bob, FAULT.revert);
    await system.refund([inKind(system.flty, system.bob, 150n * UNIT)]);
    return system;
  }

  it("is paid by anyone to the claimant alone, once the asset accepts", async () => {
    const system = await loadFixture(deployClaim);
    const { faulty, disposal, docket, flty, bob, stranger, vaultAt, caseId } = system;
    await faulty.setFault(bob, FAULT.none);
    await expect(disposal.connect(stranger).claim(caseId, flty, bob)).to.changeTokenBalances(
      ethers,
      faulty,
      [bob, stranger, vaultAt],
      [150n * UNIT, 0n, -150n * UNIT],
    );
    const { left, reserved } = await docket.moneyOf(caseId, flty);
    expect([left, reserved]).to.deep.equal([150n * UNIT, 0n]);
    expect((await claimOf(system, flty, bob))[0]).to.equal(0n);
    await expectSums(system, faulty);
  });

  it("is an entry of the journal, of its case and without officers", async () => {
    const system = await loadFixture(deployClaim);
    const { faulty, disposal, flty, bob, caseId } = system;
    await faulty.setFault(bob, FAULT.none);
    const entry = await entryOf(disposal.claim(caseId, flty, bob));
    expect([entry.act, entry.caseId, entry.document, entry.order, entry.officerIds]).to.deep.equal([
      BigInt(ACTS.claim),
      caseId,
      ZeroHash,
      ZeroHash,
      [],
    ]);
    expect(entry.effects).to.deep.equal([effect(WHAT.CLAIMED, flty, bob, 150n * UNIT)]);
  });

  it("is paid once", async () => {
    const system = await loadFixture(deployClaim);
    const { faulty, disposal, flty, bob, caseId } = system;
    await faulty.setFault(bob, FAULT.none);
    await disposal.claim(caseId, flty, bob);
    await expect(disposal.claim(caseId, flty, bob))
      .to.be.revertedWithCustomError(disposal, "DisposalNoClaim")
      .withArgs(caseId, flty, bob.address);
  });

  it("is nobody else's, no other asset's and no other case's", async () => {
    const system = await loadFixture(deployClaim);
    const { disposal, kzte, flty, alice, bob, stranger, caseId } = system;
    for (const [of, asset, account] of [
      [caseId, flty, alice],
      [caseId, flty, stranger],
      [caseId, kzte, bob],
      [encodeCaseId(OTHER), flty, bob],
    ] as const) {
      await expect(disposal.connect(stranger).claim(of, asset, account))
        .to.be.revertedWithCustomError(disposal, "DisposalNoClaim")
        .withArgs(of, asset, account.address);
    }
  });

  for (const [how, fault] of [
    ["reverts", FAULT.revert],
    ["answers false", FAULT.returnFalse],
  ] as const) {
    it(`stays whole while the asset still ${how}`, async () => {
      const system = await loadFixture(deployClaim);
      const { faulty, disposal, docket, flty, bob, caseId } = system;
      await faulty.setFault(bob, fault);
      const [before, entries] = [await claimOf(system, flty, bob), await docket.entries()];
      await expect(disposal.claim(caseId, flty, bob))
        .to.be.revertedWithCustomError(docket, "DocketPaymentRefused")
        .withArgs(caseId, flty, bob.address, 150n * UNIT);
      expect(await claimOf(system, flty, bob)).to.deep.equal(before);
      expect((await docket.moneyOf(caseId, flty)).reserved).to.equal(150n * UNIT);
      expect(await docket.entries()).to.equal(entries);
      await expectSums(system, faulty);
    });
  }

  for (const [what, fault, moved] of [
    ["moves nothing", FAULT.moveNothing, 0n],
    ["moves less", FAULT.moveLess, 150n * UNIT - 1n],
    ["moves more", FAULT.feeOnTop, 150n * UNIT + 1n],
  ] as const) {
    it(`is not paid by an asset that says yes and ${what}`, async () => {
      const system = await loadFixture(deployClaim);
      const { faulty, disposal, docket, flty, bob, caseId } = system;
      await faulty.setFault(bob, fault);
      await expect(disposal.claim(caseId, flty, bob))
        .to.be.revertedWithCustomError(docket, "MovedOtherwise")
        .withArgs(flty, bob.address, 150n * UNIT, moved);
      expect((await claimOf(system, flty, bob))[0]).to.equal(150n * UNIT);
    });
  }

  describe("where the claimant's money is held", () => {
    it("is its own to ask for: a stranger does not push it where the next case takes it", async () => {
      const system = await loadFixture(deployClaim);
      const { faulty, disposal, flty, bob, stranger, caseId, freeze, lift } = system;
      await faulty.setFault(bob, FAULT.none);
      await freeze([{ asset: flty, account: addressOf(bob), amount: 7n }], { caseId: OTHER });
      await expect(disposal.connect(stranger).claim(caseId, flty, bob))
        .to.be.revertedWithCustomError(disposal, "DisposalHeldPayee")
        .withArgs(flty, bob.address, 7n);
      expect((await claimOf(system, flty, bob))[0]).to.equal(150n * UNIT);
      await lift([{ asset: flty, account: addressOf(bob), amount: 7n }], { caseId: OTHER });
      await disposal.connect(stranger).claim(caseId, flty, bob);
      await expectSums(system, faulty);
    });

    it("is paid to the claimant that asks itself", async () => {
      const { faulty, disposal, flty, bob, caseId, freeze } = await loadFixture(deployClaim);
      await faulty.setFault(bob, FAULT.none);
      await freeze([{ asset: flty, account: addressOf(bob), amount: 7n }], { caseId: OTHER });
      await disposal.connect(bob).claim(caseId, flty, bob);
      expect(await faulty.balanceOf(bob)).to.equal(950n * UNIT);
    });
  });
});
