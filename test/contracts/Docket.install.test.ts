import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { AbiCoder } from "ethers";
import { actingAs, ethers, loadFixture, newAddress } from "../system/chain.ts";
import { charterFor, signCharter } from "../system/charters.ts";
import { deployContracts, deploySystem } from "../system/deployed.ts";
import { entryOf, headAfter, STANDING } from "../system/entries.ts";
import { DOCUMENT, officerIdOf, struct } from "../system/officers.ts";
import { COOLING, LONGEST_ARREST } from "../system/parameters.ts";
import type { Charter } from "../../src/deployment/charter.ts";

/** Deployed contracts, and an installation of the docket as the quorum would make it. */
async function deployUninstalled() {
  const system = await deployContracts();
  const { quorum, docket, domain, addresses, kzte, usdx, treasury } = system;
  const { disposal, register, vault } = addresses;
  const asQuorum = docket.connect(await actingAs(quorum));
  const effects = AbiCoder.defaultAbiCoder().encode(["tuple(uint8,address,address,uint256,uint256)[]"], [[]]);
  const ids = [officerIdOf("FMA-1")];
  const install = (assets: { asset: string; adapter: string; treasury: string }[], as = asQuorum) =>
    as.install(
      { docket: addresses.docket, disposal, register, vault },
      { freezesPerDay: 1000, cooling: COOLING, longestArrest: LONGEST_ARREST },
      assets,
      DOCUMENT,
      ids,
      effects,
    );
  const good = [kzte, usdx].map((asset) => ({ asset, adapter: asset, treasury: treasury.address }));
  /** The charter as its makers bring it: the quorum has its assets checked. */
  const found = async (assets: { asset: string; adapter: string; treasury: string }[]) => {
    const charter = { ...charterFor(addresses), assets } as Charter;
    return quorum.install(struct(charter), await signCharter(charter, domain));
  };
  return { ...system, install, found, good, ids };
}

describe("Docket.install", () => {
  it("takes over numbers, assets, treasuries and contracts, and makes the first entry", async () => {
    const { docket, quorum, disposal, vault, treasury, kzte, usdx, install, good, ids } =
      await loadFixture(deployUninstalled);
    const head = await docket.head();
    const entry = await entryOf(install(good));
    expect(entry).to.deep.include({ seq: 1n, act: 64n, document: DOCUMENT, officerIds: ids });
    expect(await docket.head()).to.equal(headAfter(head, entry));
    expect(await docket.cooling()).to.equal(COOLING);
    expect(await docket.longestArrest()).to.equal(LONGEST_ARREST);
    for (const contract of [docket, quorum, disposal, vault]) {
      expect(await docket.standingOf(contract)).to.equal(STANDING.SYSTEM);
    }
    for (const asset of [kzte, usdx]) {
      expect(await docket.standingOf(asset)).to.equal(STANDING.ASSET);
      expect(await docket.treasuryOf(asset)).to.equal(treasury.address);
    }
    expect(await docket.standingOf(treasury)).to.equal(STANDING.TREASURY);
    expect(await docket.QUORUM()).to.equal(await quorum.getAddress());
  });

  it("answers the quorum alone", async () => {
    const { docket, deployer, disposal, install, good } = await loadFixture(deployUninstalled);
    for (const caller of [deployer, await actingAs(disposal)]) {
      await expect(install(good, docket.connect(caller)))
        .to.be.revertedWithCustomError(docket, "DocketOnlySystem")
        .withArgs(caller.address);
    }
  });

  it("happens once", async () => {
    const { docket, quorum, addresses } = await loadFixture(deploySystem);
    await expect(
      docket
        .connect(await actingAs(quorum))
        .install(addresses, { freezesPerDay: 1, cooling: 1, longestArrest: 1 }, [], DOCUMENT, [], "0x"),
    ).to.be.revertedWithCustomError(docket, "DocketInstalled");
  });

  it("refuses an asset with an adapter, for it obeys the docket directly", async () => {
    const { docket, treasury, kzte, found } = await loadFixture(deployUninstalled);
    const adapter = newAddress();
    await expect(found([{ asset: kzte, adapter, treasury: treasury.address }]))
      .to.be.revertedWithCustomError(docket, "DocketInvalidAsset")
      .withArgs(kzte, adapter);
  });

  it("refuses an asset that obeys another docket", async () => {
    const { docket, issuer, treasury, found } = await loadFixture(deployUninstalled);
    const strange = await ethers.deployContract("Tenge", [newAddress(), issuer, "Strange", "STR", 6]);
    const asset = await strange.getAddress();
    await expect(found([{ asset, adapter: asset, treasury: treasury.address }]))
      .to.be.revertedWithCustomError(docket, "DocketInvalidAsset")
      .withArgs(asset, asset);
  });

  it("refuses an asset twice, a contract of the system as an asset, and a treasury as an asset", async () => {
    const { docket, good, addresses, treasury, install, kzte, usdx } = await loadFixture(deployUninstalled);
    const [first] = good;
    for (const assets of [
      [first!, first!],
      [{ asset: addresses.disposal, adapter: addresses.disposal, treasury: treasury.address }],
      [
        { asset: kzte, adapter: kzte, treasury: usdx },
        { asset: usdx, adapter: usdx, treasury: treasury.address },
      ],
    ]) {
      const { asset } = assets.at(-1)!;
      await expect(install(assets)).to.be.revertedWithCustomError(docket, "DocketInvalidAsset").withArgs(asset, asset);
    }
  });

  it("refuses an asset without code", async () => {
    const { found, treasury, docket } = await loadFixture(deployUninstalled);
    const asset = newAddress();
    await expect(found([{ asset, adapter: asset, treasury: treasury.address }]))
      .to.be.revertedWithCustomError(docket, "DocketInvalidAsset")
      .withArgs(asset, asset);
    expect(await docket.entries()).to.equal(0n);
  });

  it("refuses a treasury that is missing, a contract of the system, the asset itself or an earlier asset", async () => {
    const { docket, good, addresses, install, kzte, usdx } = await loadFixture(deployUninstalled);
    for (const treasury of [ZeroAddress, addresses.docket, addresses.vault, kzte, usdx]) {
      await expect(install([good[0]!, { ...good[1]!, treasury }]))
        .to.be.revertedWithCustomError(docket, "DocketInvalidTreasury")
        .withArgs(treasury);
    }
  });
});
