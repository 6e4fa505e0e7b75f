import { expect } from "chai";
import { concat, getCreate2Address, keccak256, ZeroAddress } from "ethers";
import { encodeCaseId } from "../../src/orders/index.ts";
import { CASE } from "../system/acts/signed.ts";
import { actingAs, addressOf, ethers, loadFixture, networkHelpers } from "../system/chain.ts";
import { deployPartlySeized } from "../system/deployed.ts";
import { deployFaultySystem, type FaultySystem } from "../system/faulty.ts";
import { UNIT } from "../system/money.ts";

const OTHER = "CASE-2";

/** 100 KZTE of alice in the case's vault. */
async function deploySeized() {
  const system = await deployFaultySystem();
  const { kzte, alice, docket, caseId } = system;
  await system.take([{ asset: kzte, account: addressOf(alice), amount: 100n * UNIT }]);
  return { ...system, clone: await ethers.getContractAt("CaseVault", await docket.vaultOf(caseId)) };
}

const refundTo = (system: FaultySystem, amount: bigint) =>
  system.refund([{ taken: system.kzte, asset: system.kzte, account: addressOf(system.alice), amount }]);

/** The creation code of an ERC-1167 clone. */
const creationCode = (implementation: string): string =>
  concat(["0x3d602d80600a3d3981f3363d3d373d3d3d363d73", implementation, "0x5af43d82803e903d91602b57fd5bf3"]);

describe("CaseVault", () => {
  it("pays on the word of the docket alone", async () => {
    const system = await networkHelpers.loadFixture(deploySeized);
    const { clone, tenge, disposal, docket, quorum, deployer, stranger, alice, issuer } = system;
    const others = await Promise.all(
      [disposal, quorum, clone].map(async (at) => ethers.getImpersonatedSigner(await at.getAddress())),
    );
    for (const caller of [deployer, stranger, alice, issuer, ...others]) {
      await networkHelpers.setBalance(caller.address, 10n ** 20n);
      await expect(clone.connect(caller).pay(tenge, caller, 1))
        .to.be.revertedWithCustomError(clone, "CaseVaultOnlyDocket")
        .withArgs(caller.address, await docket.getAddress());
    }
    expect(await tenge.balanceOf(clone)).to.equal(100n * UNIT);
  });

  it("knows its docket for ever", async () => {
    const { clone, vault, docket } = await networkHelpers.loadFixture(deploySeized);
    for (const at of [clone, vault]) expect(await at.DOCKET()).to.equal(await docket.getAddress());
  });

  it("stands where the case id alone says, computed by anyone before it exists", async () => {
    const system = await networkHelpers.loadFixture(deployFaultySystem);
    const { docket, vault, kzte, bob } = system;
    for (const caseId of [CASE, OTHER]) {
      const code = creationCode(await vault.getAddress());
      const predicted = getCreate2Address(await docket.getAddress(), encodeCaseId(caseId), keccak256(code));
      expect(await docket.vaultOf(encodeCaseId(caseId))).to.equal(predicted);
      expect(await ethers.provider.getCode(predicted)).to.equal("0x");

      await system.take([{ asset: kzte, account: addressOf(bob), amount: UNIT }], { caseId });
      expect(await ethers.provider.getCode(predicted)).not.to.equal("0x");
      expect(await docket.vaultOf(encodeCaseId(caseId))).to.equal(predicted);
      expect(await system.tenge.balanceOf(predicted)).to.equal(UNIT);
    }
  });

  it("is created by the first seizure of its case and stays the same at the next", async () => {
    const system = await networkHelpers.loadFixture(deploySeized);
    const { docket, clone, kzte, bob, caseId } = system;
    expect((await docket.caseOf(caseId)).hasVault).to.equal(true);
    const code = await clone.getDeployedCode();
    await system.take([{ asset: kzte, account: addressOf(bob), amount: 50n * UNIT }]);
    expect(await system.tenge.balanceOf(clone)).to.equal(150n * UNIT);
    expect(await clone.getDeployedCode()).to.equal(code);
  });

  it("is one for each case: what one case took is not in another one's vault", async () => {
    const system = await networkHelpers.loadFixture(deploySeized);
    const { docket, tenge, kzte, bob, clone } = system;
    await system.take([{ asset: kzte, account: addressOf(bob), amount: 7n * UNIT }], { caseId: OTHER });
    const other = await docket.vaultOf(encodeCaseId(OTHER));
    expect(other).not.to.equal(await clone.getAddress());
    expect(await tenge.balanceOf(other)).to.equal(7n * UNIT);
    expect(await tenge.balanceOf(clone)).to.equal(100n * UNIT);
  });

  it("is no payer as its implementation either, but for the docket, which never asks it", async () => {
    const { vault, tenge, issuer, deployer } = await networkHelpers.loadFixture(deploySeized);
    await tenge.connect(issuer).mint(vault, UNIT);
    await expect(vault.connect(deployer).pay(tenge, deployer, 1)).to.be.revertedWithCustomError(
      vault,
      "CaseVaultOnlyDocket",
    );
    expect(await tenge.balanceOf(vault)).to.equal(UNIT);
  });

  it("tells the docket whether the asset accepted, and moves nothing where it refused", async () => {
    const { clone, docket, tenge, bob } = await networkHelpers.loadFixture(deploySeized);
    const asDocket = await ethers.getImpersonatedSigner(await docket.getAddress());
    await networkHelpers.setBalance(asDocket.address, 10n ** 20n);
    const { pay } = clone.connect(asDocket);
    expect(await pay.staticCall(tenge, bob, UNIT)).to.equal(true);
    // More than it has, nobody as payee, no contract as asset.
    expect(await pay.staticCall(tenge, bob, 101n * UNIT)).to.equal(false);
    expect(await pay.staticCall(tenge, ZeroAddress, UNIT)).to.equal(false);
    expect(await pay.staticCall(bob, bob, UNIT)).to.equal(false);
    await pay(tenge, bob, 101n * UNIT);
    expect(await tenge.balanceOf(clone)).to.equal(100n * UNIT);
    await pay(tenge, bob, UNIT);
    expect(await tenge.balanceOf(bob)).to.equal(1_001n * UNIT);
  });

  it("keeps a donation as suspense, which enlarges nobody's refund", async () => {
    const system = await networkHelpers.loadFixture(deploySeized);
    const { docket, disposal, tenge, kzte, alice, bob, clone, caseId } = system;
    await tenge.connect(bob).transfer(clone, 40n * UNIT);
    await disposal.book(caseId, kzte);
    expect((await docket.moneyOf(caseId, kzte)).suspense).to.equal(40n * UNIT);
    expect((await docket.moneyOf(caseId, kzte)).left).to.equal(100n * UNIT);

    await expect(refundTo(system, 100n * UNIT + 1n))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, alice.address, 100n * UNIT, 100n * UNIT + 1n);
    await refundTo(system, 100n * UNIT);
    expect(await tenge.balanceOf(clone)).to.equal(40n * UNIT);
    expect((await docket.moneyOf(caseId, kzte)).suspense).to.equal(40n * UNIT);
    await expect(disposal.book(caseId, kzte)).to.be.revertedWithCustomError(docket, "DocketNothingToBook");
  });

  it("keeps what was sent before it existed", async () => {
    const system = await networkHelpers.loadFixture(deployFaultySystem);
    const { docket, disposal, tenge, kzte, alice, bob, caseId } = system;
    const at = await docket.vaultOf(caseId);
    await tenge.connect(bob).transfer(at, 5n * UNIT);
    await system.take([{ asset: kzte, account: addressOf(alice), amount: 10n * UNIT }]);
    await disposal.book(caseId, kzte);
    expect(await tenge.balanceOf(at)).to.equal(15n * UNIT);
    expect((await docket.moneyOf(caseId, kzte)).suspense).to.equal(5n * UNIT);
    await refundTo(system, 10n * UNIT);
    expect(await tenge.balanceOf(at)).to.equal(5n * UNIT);
  });

  it("takes no ether, which nobody could move again", async () => {
    const { clone, vault, stranger } = await networkHelpers.loadFixture(deploySeized);
    for (const to of [clone, vault]) {
      await expect(stranger.sendTransaction({ to, value: 1 })).to.be.revert(ethers);
      expect(await ethers.provider.getBalance(to)).to.equal(0);
    }
  });
});

describe("The vault of a case", () => {
  it("a vault answers its docket alone, the implementation pays nobody, and the address is the predicted one", async () => {
    const { docket, disposal, vaultAt, caseId, kzte, stranger } = await loadFixture(deployPartlySeized);
    const clone = await ethers.getContractAt("CaseVault", vaultAt);
    expect(await clone.DOCKET()).to.equal(await docket.getAddress());
    expect(await docket.vaultOf(caseId)).to.equal(vaultAt);
    await expect(clone.connect(stranger).pay(kzte, stranger, 1n)).to.be.revertedWithCustomError(
      clone,
      "CaseVaultOnlyDocket",
    );
    const implementation = await ethers.getContractAt("CaseVault", await docket.VAULT());
    await expect(
      implementation.connect(await actingAs(disposal)).pay(kzte, stranger, 1n),
    ).to.be.revertedWithCustomError(implementation, "CaseVaultOnlyDocket");
  });
});
