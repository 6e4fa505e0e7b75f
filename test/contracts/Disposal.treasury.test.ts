import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import type { Hex } from "viem";
import { addressOf, ethers, loadFixture, networkHelpers } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { entryOf, STANDING, target } from "../system/entries.ts";

const { time } = networkHelpers;

async function deploy() {
  const system = await deploySystem();
  return {
    ...system,
    /** Waits until the order may be executed. */
    ripen: async (digest: Hex) => time.increaseTo((await system.quorum.delayedOf(digest)).start),
  };
}

describe("Disposal.setTreasury", () => {
  it("registers another treasury after its delay, with two entries of the journal", async () => {
    const { docket, kzte, usdx, bob, treasury, setTreasury, ripen } = await loadFixture(deploy);
    const change = await setTreasury(kzte, bob.address);
    const scheduled = await entryOf(change.send());
    expect([scheduled.act, scheduled.order, scheduled.officerIds, scheduled.effects[0]!.what]).to.deep.equal([
      17n,
      change.digest,
      change.ids,
      64n,
    ]);
    expect(await docket.treasuryOf(kzte)).to.equal(treasury.address);
    await ripen(change.digest);
    const executed = await entryOf(change.execute());
    const [effect] = executed.effects;
    expect([executed.act, executed.order, executed.officerIds]).to.deep.equal([77n, change.digest, change.ids]);
    expect([effect!.what, effect!.asset, effect!.account]).to.deep.equal([53n, kzte, bob.address]);
    expect(await docket.treasuryOf(kzte)).to.equal(bob.address);
    expect(await docket.treasuryOf(usdx)).to.equal(treasury.address);
  });

  it("bars the new treasury from being held, and frees the former one only when no asset has it any more", async () => {
    const { docket, kzte, usdx, bob, treasury, setTreasury, ripen, freeze } = await loadFixture(deploy);
    for (const [asset, standing] of [
      [kzte, STANDING.TREASURY],
      [usdx, 0n],
    ] as const) {
      const change = await setTreasury(asset, bob.address);
      await change.send();
      await ripen(change.digest);
      await change.execute();
      expect(await docket.standingOf(treasury)).to.equal(standing);
    }
    expect(await docket.standingOf(bob)).to.equal(STANDING.TREASURY);
    await expect(freeze([target(kzte, bob, 1n)])).to.be.revertedWithCustomError(docket, "DocketCannotHold");
    await freeze([target(kzte, treasury, 1n)]);
  });

  it("leaves a vault a vault, where one became the treasury before its case was opened", async () => {
    const { docket, kzte, alice, carol, caseId, setTreasury, ripen, freeze } = await loadFixture(deploy);
    const vault = await docket.vaultOf(caseId);
    const register = async (treasury: string) => {
      const change = await setTreasury(kzte, treasury);
      await change.send();
      await ripen(change.digest);
      await change.execute();
    };
    await register(vault);
    await freeze([target(kzte, alice, 1n)]);
    await register(carol.address);
    expect(await docket.standingOf(vault)).to.equal(STANDING.VAULT);
    await expect(freeze([target(kzte, vault, 1n)])).to.be.revertedWithCustomError(docket, "DocketCannotHold");
  });

  it("is executed once, not early, and not once it was vetoed", async () => {
    const { quorum, kzte, bob, carol, setTreasury, veto, ripen } = await loadFixture(deploy);
    const change = await setTreasury(kzte, bob.address);
    await change.send();
    await expect(change.execute()).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
    await ripen(change.digest);
    await change.execute();
    await expect(change.execute()).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded").withArgs(change.digest, 2);
    const vetoed = await setTreasury(kzte, carol.address);
    await vetoed.send();
    await (await veto(vetoed.digest, ["COURT-2"])).send();
    await ripen(vetoed.digest);
    await expect(vetoed.execute()).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded").withArgs(vetoed.digest, 3);
  });

  it("refuses nobody, the system, an asset, a vault, and the treasury that it has", async () => {
    const { docket, disposal, quorum, kzte, usdx, alice, treasury, setTreasury, freeze, caseId } =
      await loadFixture(deploy);
    await freeze([target(kzte, alice, 1n)]);
    const wrong = [ZeroAddress, usdx, await docket.vaultOf(caseId), treasury.address];
    for (const contract of [docket, disposal, quorum]) wrong.push(await contract.getAddress());
    for (const account of wrong) {
      await expect((await setTreasury(kzte, account)).send())
        .to.be.revertedWithCustomError(disposal, "DisposalInvalidTreasury")
        .withArgs(account);
    }
  });

  it("refuses an account with a live hold, in whatever asset, also when it was placed in between", async () => {
    const { docket, disposal, kzte, usdx, alice, bob, setTreasury, freeze, ripen, lift } = await loadFixture(deploy);
    await freeze([target(usdx, alice, 7n)]);
    await expect((await setTreasury(kzte, alice.address)).send())
      .to.be.revertedWithCustomError(disposal, "DisposalHeldTreasury")
      .withArgs(usdx, alice.address, 7);
    const change = await setTreasury(kzte, bob.address);
    await change.send();
    await ripen(change.digest);
    await freeze([target(kzte, bob, 3n)]);
    await expect(change.execute())
      .to.be.revertedWithCustomError(disposal, "DisposalHeldTreasury")
      .withArgs(kzte, bob.address, 3);
    await lift([target(kzte, bob, 3n)]);
    await change.execute();
    expect(await docket.treasuryOf(kzte)).to.equal(addressOf(bob));
  });

  it("refuses an asset that was never installed, and an order without a document or an officer", async () => {
    const { docket, disposal, quorum, kzte, alice, bob, setTreasury } = await loadFixture(deploy);
    await expect((await setTreasury(addressOf(alice), bob.address)).send())
      .to.be.revertedWithCustomError(disposal, "DisposalUnknownAsset")
      .withArgs(alice.address);
    await expect(
      (await setTreasury(kzte, bob.address, { document: ZeroHash as Hex })).send(),
    ).to.be.revertedWithCustomError(disposal, "ZeroDocument");
    const short = await setTreasury(kzte, bob.address, { by: ["COURT-1", "GPO-1", "FMA-1", "NBK-1", "MOF-1"] });
    await expect(short.send()).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    expect(ethers.isAddress(await docket.treasuryOf(kzte))).to.equal(true);
  });
});
