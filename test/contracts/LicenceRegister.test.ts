import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import type { Hex } from "viem";
import { ACTS, digestOf, type Order } from "../../src/orders/index.ts";
import { platformOf } from "../system/acts/disposals.ts";
import { addressOf, at, ethers, goTo, loadFixture, NEVER, newAddress, now, timeOf } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { effect, entryOf, STANDING, target, WHAT } from "../system/entries.ts";
import { UNIT } from "../system/money.ts";
import { approvalsOf, DOCUMENT, documentOf, nextSalt, officerIdOf, signOrder } from "../system/officers.ts";
import { DAY, LICENCE_DELAY } from "../system/parameters.ts";

const PLATFORM = "PLATFORM";

async function deploy() {
  const system = await deploySystem();
  return { ...system, wallet: system.carol };
}

/** Carol's wallet is licensed for a year, and the licence counts. */
async function deployLicensed() {
  const system = await deploy();
  const until = (await now()) + 365n * DAY;
  const sending = await system.license(system.wallet, PLATFORM, { until });
  const first = (await timeOf(sending)) + LICENCE_DELAY;
  await goTo(first);
  return { ...system, first, until };
}

const terms = (omnibus: boolean, first: bigint, until: bigint) => ((omnibus ? 1n : 0n) << 80n) | (first << 40n) | until;

describe("LicenceRegister", () => {
  describe("license", () => {
    it("counts from the seventh day to its last second, and is one entry of the journal", async () => {
      const { register, docket, wallet, license, caseId } = await loadFixture(deploy);
      const until = (await now()) + 30n * DAY;
      const entries = await docket.entries();
      const sending = license(wallet, PLATFORM, { until, omnibus: true });
      const first = (await timeOf(sending)) + LICENCE_DELAY;
      const entry = await entryOf(sending);
      expect(caseId).not.to.equal(ZeroHash);
      expect([entry.seq, entry.act, entry.caseId, entry.document]).to.deep.equal([
        entries + 1n,
        BigInt(ACTS.License),
        ZeroHash,
        DOCUMENT,
      ]);
      expect(entry.officerIds).to.deep.equal([officerIdOf("AFSA-1"), officerIdOf("AFSA-2")].sort());
      expect(entry.effects).to.deep.equal([
        effect(WHAT.LICENSED, ZeroAddress, wallet, terms(true, first, until), BigInt(platformOf(PLATFORM))),
      ]);
      expect([...(await register.licenceOf(wallet))]).to.deep.equal([
        platformOf(PLATFORM),
        true,
        first,
        until,
        entry.seq,
      ]);
      expect(await docket.standingOf(wallet)).to.equal(STANDING.PLATFORM);
      const licensed = async () => [await register.isLicensed(wallet), await register.isOmnibus(wallet)];
      expect(await licensed()).to.deep.equal([false, false]);
      await goTo(first - 1n);
      expect(await licensed()).to.deep.equal([false, false]);
      await expect(register.requireLicensed(wallet))
        .to.be.revertedWithCustomError(register, "RegisterNotLicensed")
        .withArgs(wallet.address);
      await goTo(first);
      expect(await licensed()).to.deep.equal([true, true]);
      await register.requireLicensed(wallet);
      await goTo(until);
      expect(await licensed()).to.deep.equal([true, true]);
      await goTo(until + 1n);
      expect(await licensed()).to.deep.equal([false, false]);
    });

    it("needs two officers of the regulator and the wallet's own signature over it", async () => {
      const { quorum, register, wallet, stranger, license, domain } = await loadFixture(deploy);
      await expect(license(wallet, PLATFORM, { by: ["AFSA-1"] })).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
      const other: Order<"License"> = {
        primaryType: "License",
        message: {
          wallet: addressOf(wallet),
          platform: platformOf(PLATFORM),
          omnibus: false,
          until: NEVER,
          document: DOCUMENT,
          signBy: NEVER,
          salt: nextSalt(),
        },
      };
      for (const signature of ["0x", await signOrder(wallet, domain, other), `0x${"00".repeat(65)}`] as Hex[]) {
        await expect(license(wallet, PLATFORM, { signature }))
          .to.be.revertedWithCustomError(register, "ConsentMissing")
          .withArgs(wallet.address);
      }
      const approvals = await approvalsOf(domain, other, ["AFSA-1", "AFSA-2"]);
      const signature = await signOrder(stranger, domain, other);
      await expect(register.license(other.message, approvals, signature)).to.be.revertedWithCustomError(
        register,
        "ConsentMissing",
      );
      // The wallet itself may send it without a signature.
      await register.connect(wallet).license(other.message, approvals, "0x");
      expect((await register.licenceOf(wallet)).platform).to.equal(platformOf(PLATFORM));
    });

    it("may be a contract's, by its own signature (ERC-1271)", async () => {
      const { register, domain } = await loadFixture(deploy);
      const contract = addressOf({ address: await (await ethers.deployContract("AlwaysValid")).getAddress() });
      const order: Order<"License"> = {
        primaryType: "License",
        message: {
          wallet: contract,
          platform: platformOf(PLATFORM),
          omnibus: true,
          until: NEVER,
          document: DOCUMENT,
          signBy: NEVER,
          salt: nextSalt(),
        },
      };
      await register.license(order.message, await approvalsOf(domain, order, ["AFSA-1", "AFSA-2"]), "0x");
      await goTo((await now()) + LICENCE_DELAY);
      expect(await register.isOmnibus(contract)).to.equal(true);
    });

    it("is renewed without a break while it is in force, for the same platform and kind", async () => {
      const { register, wallet, license, first, until } = await loadFixture(deployLicensed);
      await license(wallet, PLATFORM, { until: until + DAY });
      const { first: kept, until: longer } = await register.licenceOf(wallet);
      expect([kept, longer]).to.deep.equal([first, until + DAY]);
      expect(await register.isLicensed(wallet)).to.equal(true);
    });

    const changes: [what: string, change: { platform?: string; omnibus?: boolean }][] = [
      ["another platform", { platform: "OTHER" }],
      ["an omnibus wallet, which was not", { omnibus: true }],
    ];
    for (const [what, change] of changes) {
      it(`of ${what} counts from the seventh day again`, async () => {
        const { register, wallet, license } = await loadFixture(deployLicensed);
        const { platform = PLATFORM, omnibus = false } = change;
        const before = await register.licenceOf(wallet);
        const sending = await license(wallet, platform, { omnibus });
        expect(before.first).to.be.lessThan(await timeOf(sending));
        expect((await register.licenceOf(wallet)).first).to.equal((await timeOf(sending)) + LICENCE_DELAY);
        expect(await register.isLicensed(wallet)).to.equal(false);
      });
    }

    it("of a wallet in which the money of many lay, and now does not, counts from the seventh day again", async () => {
      const { register, wallet, license } = await loadFixture(deploy);
      await license(wallet, PLATFORM, { omnibus: true });
      await goTo((await now()) + LICENCE_DELAY);
      const sending = await license(wallet, PLATFORM, { omnibus: false });
      expect([...(await register.licenceOf(wallet))].slice(0, 3)).to.deep.equal([
        platformOf(PLATFORM),
        false,
        (await timeOf(sending)) + LICENCE_DELAY,
      ]);
      expect(await register.isLicensed(wallet)).to.equal(false);
    });

    it("after its end counts from the seventh day again", async () => {
      const { register, wallet, license, until } = await loadFixture(deployLicensed);
      await goTo(until + 1n);
      await license(wallet, PLATFORM);
      expect(await register.isLicensed(wallet)).to.equal(false);
      await goTo((await now()) + LICENCE_DELAY);
      expect(await register.isLicensed(wallet)).to.equal(true);
    });

    it("ends after it begins, within 40 bits", async () => {
      const { register, wallet, license } = await loadFixture(deploy);
      const second = (await now()) + 100n;
      for (const until of [0n, second, second + LICENCE_DELAY, 2n ** 40n]) {
        await at(second);
        await expect(license(wallet, PLATFORM, { until }))
          .to.be.revertedWithCustomError(register, "RegisterInvalidTerm")
          .withArgs(until, second + LICENCE_DELAY);
      }
      await at(second);
      await license(wallet, PLATFORM, { until: second + LICENCE_DELAY + 1n });
    });

    it("cannot end in the past by a renewal", async () => {
      const { register, wallet, license, first, until } = await loadFixture(deployLicensed);
      await goTo(first + 5n * DAY);
      await expect(license(wallet, PLATFORM, { until: first + DAY }))
        .to.be.revertedWithCustomError(register, "RegisterInvalidTerm")
        .withArgs(first + DAY, until);
    });

    it("rests on a document and names a platform", async () => {
      const { register, wallet, license } = await loadFixture(deploy);
      await expect(license(wallet, PLATFORM, { document: ZeroHash as Hex })).to.be.revertedWithCustomError(
        register,
        "ZeroDocument",
      );
      await expect(license(wallet, "")).to.be.revertedWithCustomError(register, "RegisterZeroPlatform");
    });

    it("is of no wallet that can never be held", async () => {
      const { docket, treasury, license } = await loadFixture(deploy);
      await expect(license(treasury, PLATFORM))
        .to.be.revertedWithCustomError(docket, "DocketCannotHold")
        .withArgs(treasury.address, STANDING.TREASURY);
    });

    it("is used once", async () => {
      const { quorum, wallet, license } = await loadFixture(deploy);
      const once = { salt: nextSalt(), signBy: NEVER, until: NEVER };
      await license(wallet, PLATFORM, once);
      await expect(license(wallet, PLATFORM, once)).to.be.revertedWithCustomError(quorum, "QuorumOrderUsed");
    });
  });

  describe("suspend", () => {
    it("ends every licence of the platform at once, and no other's, until the next License", async () => {
      const { register, docket, wallet, alice, bob, license, suspend } = await loadFixture(deployLicensed);
      await license(alice, PLATFORM);
      await license(bob, "OTHER");
      await goTo((await now()) + LICENCE_DELAY);
      const entries = await docket.entries();
      const entry = await entryOf(suspend(PLATFORM));
      expect([entry.seq, entry.act, entry.caseId, entry.document, entry.officerIds]).to.deep.equal([
        entries + 1n,
        BigInt(ACTS.Suspend),
        ZeroHash,
        DOCUMENT,
        [officerIdOf("AFSA-1")],
      ]);
      expect(entry.effects).to.deep.equal([
        effect(WHAT.SUSPENDED, ZeroAddress, ZeroAddress, 0n, BigInt(platformOf(PLATFORM))),
      ]);
      const licensed = () => Promise.all([wallet, alice, bob].map((of) => register.isLicensed(of)));
      expect(await licensed()).to.deep.equal([false, false, true]);
      await license(wallet, PLATFORM, { document: DOCUMENT });
      expect(await licensed()).to.deep.equal([false, false, true]);
      await goTo((await now()) + LICENCE_DELAY);
      expect(await licensed()).to.deep.equal([true, false, true]);
    });

    describe("cannot be undone by what was signed before it:", () => {
      const RULING = documentOf("why the platform was suspended");

      async function deploySuspended() {
        const system = await deployLicensed();
        await system.suspend(PLATFORM, { document: RULING });
        return system;
      }

      it("a wallet comes back by a License with the document of the suspension alone", async () => {
        const { register, wallet, alice, license } = await loadFixture(deploySuspended);
        // The platform's second wallet is brought back by its own License only, too.
        for (const of of [wallet, alice]) {
          await expect(license(of, PLATFORM))
            .to.be.revertedWithCustomError(register, "RegisterSuspended")
            .withArgs(platformOf(PLATFORM), DOCUMENT, RULING);
          await license(of, PLATFORM, { document: RULING });
        }
        await goTo((await now()) + LICENCE_DELAY);
        expect(await register.isLicensed(wallet)).to.equal(true);
      });

      it("once it is back, its licence is renewed as any", async () => {
        const { register, wallet, license, until } = await loadFixture(deploySuspended);
        await license(wallet, PLATFORM, { document: RULING });
        await license(wallet, PLATFORM, { until: until + DAY });
        expect((await register.licenceOf(wallet)).until).to.equal(until + DAY);
      });

      it("the next suspension asks for its own document", async () => {
        const { register, wallet, license, suspend } = await loadFixture(deploySuspended);
        await license(wallet, PLATFORM, { document: RULING });
        const next = documentOf("another ruling");
        await suspend(PLATFORM, { document: next });
        await expect(license(wallet, PLATFORM, { document: RULING }))
          .to.be.revertedWithCustomError(register, "RegisterSuspended")
          .withArgs(platformOf(PLATFORM), RULING, next);
      });

      it("it is the platform that is suspended: another's wallet may not become its", async () => {
        const { register, bob, license } = await loadFixture(deploySuspended);
        await license(bob, "OTHER");
        await expect(license(bob, PLATFORM)).to.be.revertedWithCustomError(register, "RegisterSuspended");
      });

      it("nor do its wallets come back under another's name but by that document", async () => {
        const { register, wallet, license } = await loadFixture(deploySuspended);
        await expect(license(wallet, "OTHER"))
          .to.be.revertedWithCustomError(register, "RegisterSuspended")
          .withArgs(platformOf(PLATFORM), DOCUMENT, RULING);
        await license(wallet, "OTHER", { document: RULING });
      });

      it("a License that was left over does not undo a later one", async () => {
        const { register, wallet, license, until } = await loadFixture(deployLicensed);
        await license(wallet, PLATFORM, { until: until + DAY });
        await expect(license(wallet, PLATFORM, { omnibus: true, until }))
          .to.be.revertedWithCustomError(register, "RegisterInvalidTerm")
          .withArgs(until, until + DAY);
        expect(await register.isLicensed(wallet)).to.equal(true);
      });
    });

    it("ends a licence that does not count yet", async () => {
      const { register, wallet, license, suspend } = await loadFixture(deploy);
      await license(wallet, PLATFORM);
      await suspend(PLATFORM);
      await goTo((await now()) + LICENCE_DELAY);
      expect(await register.isLicensed(wallet)).to.equal(false);
    });

    it("rests on a document, names a platform, and is the regulator's", async () => {
      const { register, quorum, suspend } = await loadFixture(deploy);
      await expect(suspend(PLATFORM, { document: ZeroHash as Hex })).to.be.revertedWithCustomError(
        register,
        "ZeroDocument",
      );
      await expect(suspend("")).to.be.revertedWithCustomError(register, "RegisterZeroPlatform");
      await expect(suspend(PLATFORM, { by: ["FMA-1", "COURT-1"] })).to.be.revertedWithCustomError(
        quorum,
        "QuorumNotMet",
      );
    });
  });

  describe("guards wallets in which the money of many lies:", () => {
    async function deployOmnibus() {
      const system = await deploy();
      const { wallet, license } = system;
      await license(wallet, PLATFORM, { omnibus: true, until: (await now()) + 100n * DAY });
      await goTo((await now()) + LICENCE_DELAY);
      return system;
    }
    const until100 = async () => (await now()) + 100n * DAY;

    it("a Freeze refuses them", async () => {
      const { docket, kzte, wallet, alice, freeze } = await loadFixture(deployOmnibus);
      await expect(freeze([target(kzte, wallet, 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketCannotHold")
        .withArgs(wallet.address, STANDING.PLATFORM);
      await freeze([target(kzte, alice, 1n)]);
    });

    it("an Arrest holds them by its flag alone, and a Seize takes what was arrested", async () => {
      const { docket, kzte, wallet, tenge, arrest, seize, caseId, approve, lift } = await loadFixture(deployOmnibus);
      const place = [target(kzte, wallet, 10n * UNIT)];
      await expect(arrest({ place, until: await until100() }))
        .to.be.revertedWithCustomError(docket, "DocketCannotHold")
        .withArgs(wallet.address, STANDING.PLATFORM);
      const order: Order<"Arrest"> = {
        primaryType: "Arrest",
        message: {
          caseId,
          document: DOCUMENT,
          confirm: [],
          place,
          upTo: 0,
          until: await until100(),
          wholeAccount: false,
          omnibus: true,
          signBy: NEVER,
          salt: nextSalt(),
        },
      };
      const approvals = await approve(order, ["COURT-1", "FMA-1", "GPO-1"]);
      await docket.arrest([{ ...order.message, confirm: [], place: [...place] }], [approvals], "0x");
      expect((await docket.heldOf(kzte, wallet)).held).to.equal(10n * UNIT);
      await lift([target(kzte, wallet, 4n * UNIT)], { arrested: true });
      await seize([target(kzte, wallet, 6n * UNIT)]);
      expect(await tenge.balanceOf(wallet)).to.equal(994n * UNIT);
    });

    it("existing holds stay, and can be confirmed without the flag", async () => {
      const { docket, kzte, wallet, license, freeze, arrest } = await loadFixture(deploy);
      await freeze([target(kzte, wallet, 5n)]);
      await license(wallet, PLATFORM, { omnibus: true });
      await goTo((await now()) + LICENCE_DELAY);
      expect((await docket.heldOf(kzte, wallet)).held).to.equal(5n);
      await arrest({ confirm: [target(kzte, wallet, 5n)], until: await until100() });
    });

    it("not before the licence counts, nor after its end or a suspension, nor a wallet of another kind", async () => {
      const { kzte, wallet, alice, bob, license, suspend, freeze } = await loadFixture(deployOmnibus);
      await license(alice, PLATFORM, { omnibus: true });
      await freeze([target(kzte, alice, 1n)], { caseId: "EARLY" });
      await license(bob, "OTHER");
      await goTo((await now()) + LICENCE_DELAY);
      await freeze([target(kzte, bob, 1n)], { caseId: "NO-OMNIBUS" });
      await suspend(PLATFORM);
      await freeze([target(kzte, wallet, 1n)], { caseId: "SUSPENDED" });
    });

    it("after the licence's end they are held as any account", async () => {
      const { register, kzte, wallet, freeze } = await loadFixture(deployOmnibus);
      await goTo((await register.licenceOf(wallet)).until + 1n);
      await freeze([target(kzte, wallet, 1n)]);
    });

    it("a registered wallet cannot become a treasury", async () => {
      const { disposal, kzte, wallet, domain } = await loadFixture(deployOmnibus);
      const message = {
        asset: kzte,
        treasury: addressOf(wallet),
        document: DOCUMENT,
        signBy: NEVER,
        salt: nextSalt(),
      };
      const order: Order<"SetTreasury"> = { primaryType: "SetTreasury", message };
      const by = ["COURT-1", "COURT-2", "GPO-1", "FMA-1", "NBK-1", "MOF-1"] as const;
      await expect(disposal.setTreasury(message, await approvalsOf(domain, order, by)))
        .to.be.revertedWithCustomError(disposal, "DisposalInvalidTreasury")
        .withArgs(wallet.address);
    });
  });

  it("marks wallets at the docket, and nobody else can", async () => {
    const { docket, stranger } = await loadFixture(deploy);
    await expect(docket.connect(stranger).mark(newAddress()))
      .to.be.revertedWithCustomError(docket, "DocketOnlySystem")
      .withArgs(stranger.address);
  });

  it("signs what the Quorum signs: its digest is the order's", async () => {
    const { quorum, wallet, license, domain } = await loadFixture(deploy);
    const salt = nextSalt();
    const message = {
      wallet: addressOf(wallet),
      platform: platformOf(PLATFORM),
      omnibus: false,
      until: NEVER,
      document: DOCUMENT,
      signBy: NEVER,
      salt,
    };
    const entry = await entryOf(license(wallet, PLATFORM, { salt, signBy: message.signBy, until: message.until }));
    expect(entry.order).to.equal(digestOf({ primaryType: "License", message }, domain));
    expect(await quorum.entryOf(entry.order)).to.equal(entry.seq);
  });
});
