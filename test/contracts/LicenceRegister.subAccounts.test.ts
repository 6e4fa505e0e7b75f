import { expect } from "chai";
import { ZeroHash } from "ethers";
import type { Address, Hex } from "viem";
import { ACTS, encodeCaseId } from "../../src/orders/index.ts";
import { addressOf, at, ethers, goTo, loadFixture, now, timeOf } from "../system/chain.ts";
import { deployCustody } from "../system/custody.ts";
import {
  ARRESTED,
  effect,
  effectsOf,
  entryOf,
  holdsOn,
  MAX_AMOUNT,
  onHold,
  PROVISIONAL,
  STANDING,
  target,
  WHAT,
} from "../system/entries.ts";
import { FAULT } from "../system/faulty.ts";
import { expectSums, inKind, UNIT } from "../system/money.ts";
import { DOCUMENT, officerIdOf } from "../system/officers.ts";
import { COOLING, DAY, LICENCE_DELAY, TERM } from "../system/parameters.ts";

const SUB = ethers.id("customer 7") as Hex;

/** Carol's omnibus wallet is licensed; holds on its sub-account SUB are on `account`. */
async function deploy() {
  const system = await deployCustody();
  const { wallet, license, register, exchangeHold, tenge, faulty, kzte } = system;
  await license(wallet, "PLATFORM", { omnibus: true, until: (await now()) + 365n * DAY });
  await goTo((await now()) + LICENCE_DELAY);
  const account = (await register.accountOf(wallet, SUB)) as Address;
  for (const asset of [tenge, faulty]) await asset.connect(wallet).approve(register, 2n ** 255n);
  type Given = Parameters<typeof exchangeHold>[1];
  return {
    ...system,
    account,
    /** Asks the platform to withhold in SUB. */
    ask: (amount: bigint, given?: Given, asset: Address = kzte) =>
      exchangeHold({ asset, wallet: addressOf(wallet), subAccount: SUB, amount }, given),
    acknowledge: (amount: bigint, asset: Address = kzte) => register.connect(wallet).acknowledge(asset, SUB, amount),
    surrender: (amount: bigint, asset: Address = kzte, from = wallet) =>
      register.connect(from).surrender(system.caseId, asset, SUB, amount),
    until100: async () => (await now()) + 100n * DAY,
  };
}

/** 50 KZTE of SUB were seized, of 60 that the platform withholds: it owes them. */
async function deploySeized() {
  const system = await deploy();
  const { kzte, account, ask, acknowledge, seize } = system;
  await ask(60n * UNIT);
  await acknowledge(60n * UNIT);
  await seize([target(kzte, account, 50n * UNIT)]);
  return system;
}

describe("LicenceRegister: sub-accounts", () => {
  describe("exchangeHold", () => {
    it("places a provisional hold on what stands for the sub-account, and asks the platform", async () => {
      const system = await loadFixture(deploy);
      const { register, docket, kzte, wallet, account, caseId, ask } = system;
      const entries = await docket.entries();
      const sending = ask(60n * UNIT);
      const since = await timeOf(sending);
      const entry = await entryOf(sending);
      expect([entry.seq, entry.act, entry.caseId, entry.document]).to.deep.equal([
        entries + 1n,
        BigInt(ACTS.ExchangeHold),
        caseId,
        DOCUMENT,
      ]);
      expect(entry.officerIds).to.deep.equal((["FMA-1", "FMA-2", "GPO-1"] as const).map(officerIdOf).sort());
      const [hold] = await holdsOn(system, kzte, account);
      expect(hold).to.deep.equal({
        kind: PROVISIONAL,
        caseNumber: 1n,
        number: hold!.number,
        since,
        until: since + TERM.Freeze,
        amount: 60n * UNIT,
        opens: true,
      });
      expect(entry.effects).to.deep.equal([
        onHold(WHAT.HELD, kzte, account, 60n * UNIT, hold!),
        effect(WHAT.SUB_ACCOUNT, kzte, account, BigInt(wallet.address), BigInt(SUB)),
      ]);
      expect(await docket.standingOf(account)).to.equal(STANDING.SUB_ACCOUNT);
      expect([...(await register.subAccountOf(kzte, account))]).to.deep.equal([wallet.address, SUB, 0n, since, 0n, 0n]);
      expect([...(await register.withheldOf(kzte, account))]).to.deep.equal([0n, 0n]);
    });

    it("stands for its wallet and sub-account alone", async () => {
      const { register, wallet, alice, account } = await loadFixture(deploy);
      const encoded = ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [wallet.address, SUB]);
      expect(BigInt(account)).to.equal(BigInt(ethers.keccak256(encoded)) & (2n ** 160n - 1n));
      expect(await register.accountOf(alice, SUB)).not.to.equal(account);
      expect(await register.accountOf(wallet, ZeroHash)).not.to.equal(account);
    });

    it("asks only the wallet of a platform, and also one that was suspended: no customer becomes free by that", async () => {
      const { register, docket, kzte, account, stranger, suspend, ask, exchangeHold } = await loadFixture(deploy);
      await suspend("PLATFORM");
      await ask(1n);
      expect((await docket.heldOf(kzte, account)).held).to.equal(1n);
      await expect(exchangeHold({ asset: kzte, wallet: addressOf(stranger), subAccount: SUB, amount: 1n }))
        .to.be.revertedWithCustomError(register, "RegisterNotLicensed")
        .withArgs(stranger.address);
    });

    it("rests on a document, an installed asset, an amount, a term within its rule, and its officers", async () => {
      const { register, docket, quorum, stranger, account, kzte, ask } = await loadFixture(deploy);
      await expect(ask(1n, { document: ZeroHash as Hex })).to.be.revertedWithCustomError(register, "ZeroDocument");
      await expect(ask(1n, {}, addressOf(stranger)))
        .to.be.revertedWithCustomError(docket, "DocketUnknownAsset")
        .withArgs(stranger.address);
      for (const amount of [0n, 2n ** 96n]) {
        await expect(ask(amount))
          .to.be.revertedWithCustomError(docket, "DocketInvalidAmount")
          .withArgs(kzte, account, amount);
      }
      for (const term of [0n, TERM.Freeze + 1n]) {
        await expect(ask(1n, { term }))
          .to.be.revertedWithCustomError(docket, "DocketInvalidTerm")
          .withArgs(term, TERM.Freeze);
      }
      await expect(ask(1n, { by: ["FMA-1", "GPO-1"] })).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
      await ask(1n, { by: ["FMA-1", "KNB-1", "GPO-1"] });
    });

    it("is provisional: it does not follow another inside of the cooling", async () => {
      const { docket, kzte, account, ask } = await loadFixture(deploy);
      const since = await timeOf(ask(1n));
      await goTo(since + TERM.Freeze + 1n);
      await expect(ask(1n, { caseId: "CASE-2" })).to.be.revertedWithCustomError(docket, "DocketRollover");
      await goTo(since + COOLING);
      await ask(1n, { caseId: "CASE-2" });
      expect((await docket.heldOf(kzte, account)).held).to.equal(1n);
    });

    it("fills at most eight of the sixteen places", async () => {
      const { docket, kzte, account, arrest, ask, until100 } = await loadFixture(deploy);
      for (let n = 0; n < 8; ++n) await ask(1n, { caseId: `CASE-${n}`, term: DAY });
      await expect(ask(1n, { caseId: "CASE-9", term: DAY }))
        .to.be.revertedWithCustomError(docket, "DocketHoldsFull")
        .withArgs(kzte, account, 8);
      await arrest({ place: [target(kzte, account, 1n)], until: await until100() });
    });

    it("cannot be placed by a Freeze", async () => {
      const { docket, kzte, account, freeze, ask } = await loadFixture(deploy);
      await ask(1n);
      await expect(freeze([target(kzte, account, 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketCannotHold")
        .withArgs(account, STANDING.SUB_ACCOUNT);
    });

    it("is confirmed, arrested, lifted and lapses as any hold", async () => {
      const system = await loadFixture(deploy);
      const { docket, kzte, account, caseId, ask, arrest, lift, until100 } = system;
      const since = await timeOf(ask(60n));
      await arrest({ confirm: [target(kzte, account, 40n)], until: await until100() });
      await arrest({ place: [target(kzte, account, 5n)], until: await until100() });
      const kinds = (await holdsOn(system, kzte, account)).map(({ kind, amount }) => [kind, amount]);
      expect(kinds).to.deep.equal([
        [ARRESTED, 40n],
        [PROVISIONAL, 20n],
        [ARRESTED, 5n],
      ]);
      await lift([target(kzte, account, 10n)], { arrested: true });
      await goTo(since + TERM.Freeze + 1n);
      await docket.lapse(caseId, [{ asset: kzte, account }]);
      expect((await docket.heldOf(kzte, account)).held).to.equal(40n);
    });

    it("is called by the register alone at the docket", async () => {
      const { docket, kzte, account, stranger, caseId } = await loadFixture(deploy);
      const as = docket.connect(stranger);
      for (const call of [
        as.holdSubAccount(caseId, kzte, account, 1, 1, 1),
        as.take(caseId, kzte, account, 1),
        as.mark(account),
        as.prepare(caseId, true),
      ]) {
        await expect(call).to.be.revertedWithCustomError(docket, "DocketOnlySystem").withArgs(stranger.address);
      }
    });
  });

  describe("acknowledge", () => {
    it("records what the platform withholds, and its answering time", async () => {
      const { register, docket, kzte, account, ask, acknowledge } = await loadFixture(deploy);
      const asked = await timeOf(ask(60n));
      await at(asked + 3600n);
      const entry = await entryOf(acknowledge(45n));
      expect([entry.act, entry.caseId, entry.document, entry.order, entry.officerIds]).to.deep.equal([
        BigInt(ACTS.acknowledge),
        ZeroHash,
        ZeroHash,
        ZeroHash,
        [],
      ]);
      expect(entry.effects).to.deep.equal([effect(WHAT.ACKNOWLEDGED, kzte, account, 45n, 3600n)]);
      const placed = await docket.placements();
      expect([...(await register.withheldOf(kzte, account))]).to.deep.equal([45n, placed]);
      const { withheld, askedAt, answeredAt, answered } = await register.subAccountOf(kzte, account);
      expect([withheld, askedAt, answeredAt, answered]).to.deep.equal([45n, asked, asked + 3600n, placed]);
    });

    it("counts its time from the first question that is not answered", async () => {
      const { register, kzte, account, ask, acknowledge } = await loadFixture(deploy);
      const first = await timeOf(ask(1n));
      await ask(1n, { term: DAY });
      expect((await register.subAccountOf(kzte, account)).askedAt).to.equal(first);
      await acknowledge(2n);
      const third = await timeOf(ask(1n, { term: DAY }));
      expect((await register.subAccountOf(kzte, account)).askedAt).to.equal(third);
      await at(third + 9n);
      expect(await effectsOf(acknowledge(3n))).to.deep.equal([effect(WHAT.ACKNOWLEDGED, kzte, account, 3n, 9n)]);
    });

    it("counts its time from the next question too where it answered in the very second of the last", async () => {
      const { register, kzte, account, wallet, ask, acknowledge } = await loadFixture(deploy);
      const second = (await now()) + 100n;
      await ethers.provider.send("evm_setAutomine", [false]);
      const asked = await ask(1n);
      const answered = await register.connect(wallet).acknowledge(kzte, SUB, 2n, { gasLimit: 1_000_000 });
      await at(second);
      await ethers.provider.send("evm_mine", []);
      await ethers.provider.send("evm_setAutomine", [true]);
      expect([await timeOf(asked), await timeOf(answered)]).to.deep.equal([second, second]);
      await at(second + 50n);
      await ask(1n, { term: DAY });
      expect((await register.subAccountOf(kzte, account)).askedAt).to.equal(second + 50n);
      await at(second + 59n);
      expect(await effectsOf(acknowledge(3n))).to.deep.equal([effect(WHAT.ACKNOWLEDGED, kzte, account, 3n, 9n)]);
    });

    it("may be nothing, and may change", async () => {
      const { register, kzte, account, ask, acknowledge } = await loadFixture(deploy);
      await ask(60n);
      await acknowledge(0n);
      expect((await register.withheldOf(kzte, account)).withheld).to.equal(0n);
      await acknowledge(60n);
      expect((await register.withheldOf(kzte, account)).withheld).to.equal(60n);
    });

    it("is the wallet's that was asked, about the asset and the sub-account that were asked for", async () => {
      const { register, kzte, usdx, wallet, alice, ask } = await loadFixture(deploy);
      await ask(60n);
      const other = ethers.id("customer 8");
      for (const [from, asset, subAccount] of [
        [alice, kzte, SUB],
        [wallet, usdx, SUB],
        [wallet, kzte, other],
      ] as const) {
        await expect(register.connect(from).acknowledge(asset, subAccount, 1n))
          .to.be.revertedWithCustomError(register, "RegisterNotAsked")
          .withArgs(asset, from.address, subAccount);
      }
    });

    it("fits 96 bits", async () => {
      const { register, ask, acknowledge } = await loadFixture(deploy);
      await ask(1n);
      await expect(acknowledge(2n ** 96n))
        .to.be.revertedWithCustomError(register, "RegisterInvalidAmount")
        .withArgs(2n ** 96n, MAX_AMOUNT);
      await acknowledge(MAX_AMOUNT);
    });
  });

  describe("an Arrest.place on a sub-account", () => {
    it("asks the platform, in an asset that nobody asked about too, and starts the clock", async () => {
      const { register, usdx, wallet, account, caseId, ask, arrest, seize, until100 } = await loadFixture(deploy);
      await ask(1n);
      expect([...(await register.subAccountOf(usdx, account))]).to.deep.equal([wallet.address, SUB, 0n, 0n, 0n, 0n]);
      const asked = await timeOf(arrest({ place: [target(usdx, account, 40n)], until: await until100() }));
      expect((await register.subAccountOf(usdx, account)).askedAt).to.equal(asked);
      // So whoever owes it can answer, and surrender.
      await at(asked + 60n);
      const answer = register.connect(wallet).acknowledge(usdx, SUB, 30n);
      expect(await effectsOf(answer)).to.deep.equal([effect(WHAT.ACKNOWLEDGED, usdx, account, 30n, 60n)]);
      const effects = await effectsOf(seize([target(usdx, account, 40n)]));
      expect(effects.at(-1)).to.deep.equal(effect(WHAT.DEMANDED, usdx, account, 30n, BigInt(wallet.address)));
      expect(await register.dueOf(caseId, usdx, account)).to.equal(30n);
    });

    it("is owed whole by a platform that stays silent, and by no other wallet than its own", async () => {
      const { register, usdx, wallet, account, caseId, ask, arrest, seize, until100 } = await loadFixture(deploy);
      await ask(1n);
      await arrest({ place: [target(usdx, account, 40n)], until: await until100() });
      const effects = await effectsOf(seize([target(usdx, account, 40n)]));
      expect(effects.at(-1)).to.deep.equal(effect(WHAT.DEMANDED, usdx, account, 40n, BigInt(wallet.address)));
      expect(await register.dueOf(caseId, usdx, account)).to.equal(40n);
    });

    it("asks anew after an answer", async () => {
      const { register, kzte, account, ask, acknowledge, arrest, until100 } = await loadFixture(deploy);
      await ask(1n);
      await acknowledge(0n);
      const asked = await timeOf(arrest({ place: [target(kzte, account, 40n)], until: await until100() }));
      const { askedAt, answeredAt } = await register.subAccountOf(kzte, account);
      expect([askedAt, answeredAt]).to.deep.equal([asked, 0n]);
    });
  });

  describe("a Seize", () => {
    it("demands of the platform what it takes of the hold, and moves nothing yet", async () => {
      const system = await loadFixture(deploy);
      const { register, docket, tenge, kzte, wallet, account, caseId, ask, acknowledge, seize } = system;
      await ask(60n);
      await acknowledge(60n);
      const [hold] = await holdsOn(system, kzte, account);
      const effects = await effectsOf(seize([target(kzte, account, 50n)]));
      expect(effects).to.deep.equal([
        onHold(WHAT.SEIZED, kzte, account, 50n, { ...hold!, amount: 10n }),
        effect(WHAT.DEMANDED, kzte, account, 50n, BigInt(wallet.address)),
      ]);
      expect(await register.dueOf(caseId, kzte, account)).to.equal(50n);
      expect((await register.withheldOf(kzte, account)).withheld).to.equal(10n);
      expect((await docket.owedTo(caseId, kzte, wallet)).owed).to.equal(0n);
      await expectSums(system, tenge);
    });

    it("demands no more than the platform withholds; the rest stays held", async () => {
      const system = await loadFixture(deploy);
      const { register, kzte, account, caseId, ask, acknowledge, seize } = system;
      await ask(60n);
      await acknowledge(25n);
      await seize([target(kzte, account, 60n)]);
      expect(await register.dueOf(caseId, kzte, account)).to.equal(25n);
      expect((await holdsOn(system, kzte, account)).map(({ amount }) => amount)).to.deep.equal([35n]);
      const effects = await effectsOf(seize([target(kzte, account, 35n)]));
      expect(effects.map(({ what, amount }) => [what, amount])).to.deep.equal([
        [WHAT.SEIZED, 0n],
        [WHAT.DEMANDED, 0n],
      ]);
      await acknowledge(35n);
      await seize([target(kzte, account, 35n)]);
      expect(await register.dueOf(caseId, kzte, account)).to.equal(60n);
    });

    it("of a platform that says nothing demands the whole hold", async () => {
      const { register, kzte, account, caseId, ask, seize } = await loadFixture(deploy);
      await ask(60n);
      await seize([target(kzte, account, 60n)]);
      expect(await register.dueOf(caseId, kzte, account)).to.equal(60n);
      expect([...(await register.withheldOf(kzte, account))]).to.deep.equal([0n, 0n]);
    });

    it("demands a later hold whole on which the platform said nothing, whatever it said of earlier ones", async () => {
      const { register, kzte, account, caseId, ask, acknowledge, seize } = await loadFixture(deploy);
      await ask(60n);
      await acknowledge(0n);
      await ask(50n, { term: DAY });
      await seize([target(kzte, account, 110n)]);
      expect(await register.dueOf(caseId, kzte, account)).to.equal(50n);
      expect((await register.withheldOf(kzte, account)).withheld).to.equal(0n);
    });

    it("leaves what the platform said of earlier holds to these, whatever later ones are demanded", async () => {
      const { register, docket, kzte, account, caseId, ask, acknowledge, seize } = await loadFixture(deploy);
      await ask(60n, { caseId: "CASE-2" });
      await acknowledge(25n);
      await ask(50n, { term: DAY });
      await seize([target(kzte, account, 50n)]);
      expect(await register.dueOf(caseId, kzte, account)).to.equal(50n);
      expect((await register.withheldOf(kzte, account)).withheld).to.equal(25n);
      await seize([target(kzte, account, 60n)], { caseId: "CASE-2" });
      expect(await register.dueOf(encodeCaseId("CASE-2"), kzte, account)).to.equal(25n);
      expect((await docket.heldOf(kzte, account)).held).to.equal(35n);
    });

    it("takes the platform's word again when it has answered for all", async () => {
      const { register, kzte, account, caseId, ask, acknowledge, seize } = await loadFixture(deploy);
      await ask(60n);
      await acknowledge(60n);
      await ask(50n, { term: DAY });
      await acknowledge(70n);
      await seize([target(kzte, account, 110n)]);
      expect(await register.dueOf(caseId, kzte, account)).to.equal(70n);
    });

    it("serves earlier holds of other cases first", async () => {
      const { register, kzte, account, caseId, ask, acknowledge, seize } = await loadFixture(deploy);
      await ask(60n, { caseId: "CASE-2" });
      await ask(50n, { term: DAY });
      await acknowledge(80n);
      await seize([target(kzte, account, 50n)]);
      expect(await register.dueOf(caseId, kzte, account)).to.equal(20n);
    });

    it("demands by the docket alone, and only the docket asks", async () => {
      const { register, kzte, account, stranger, caseId } = await loadFixture(deploy);
      const as = register.connect(stranger);
      for (const call of [as.demand(caseId, kzte, account, 1n, 0n), as.ask(kzte, account)]) {
        await expect(call).to.be.revertedWithCustomError(register, "RegisterOnlyDocket").withArgs(stranger.address);
      }
    });
  });

  describe("surrender", () => {
    it("pays into the vault in one call, and counts as taken from the wallet", async () => {
      const system = await loadFixture(deploySeized);
      const { register, docket, tenge, kzte, wallet, account, vaultAt, caseId, surrender, refund } = system;
      const sending = surrender(50n * UNIT);
      await expect(sending).to.changeTokenBalances(ethers, tenge, [wallet, vaultAt], [-50n * UNIT, 50n * UNIT]);
      const entry = await entryOf(sending);
      expect([entry.act, entry.caseId, entry.document, entry.order, entry.officerIds]).to.deep.equal([
        BigInt(ACTS.surrender),
        caseId,
        ZeroHash,
        ZeroHash,
        [],
      ]);
      expect(entry.effects).to.deep.equal([effect(WHAT.SURRENDERED, kzte, wallet, 50n * UNIT, BigInt(account))]);
      expect(await register.dueOf(caseId, kzte, account)).to.equal(0n);
      expect((await docket.owedTo(caseId, kzte, wallet)).owed).to.equal(50n * UNIT);
      await expectSums(system, tenge);
      await refund([inKind(kzte, wallet, 50n * UNIT)]);
      await expectSums(system, tenge);
    });

    it("goes in parts, and never beyond what is owed", async () => {
      const { register, kzte, account, caseId, surrender } = await loadFixture(deploySeized);
      await surrender(20n * UNIT);
      expect(await register.dueOf(caseId, kzte, account)).to.equal(30n * UNIT);
      for (const amount of [0n, 30n * UNIT + 1n]) {
        await expect(surrender(amount))
          .to.be.revertedWithCustomError(register, "RegisterInvalidAmount")
          .withArgs(amount, 30n * UNIT);
      }
      await surrender(30n * UNIT);
      await expect(surrender(1n)).to.be.revertedWithCustomError(register, "RegisterInvalidAmount").withArgs(1, 0);
    });

    it("is the owing wallet's alone, for its case and asset", async () => {
      const { register, flty, alice, wallet, kzte, surrender } = await loadFixture(deploySeized);
      for (const call of [
        surrender(1n, kzte, alice),
        surrender(1n, flty),
        register.connect(wallet).surrender(ethers.encodeBytes32String("CASE-2"), kzte, SUB, 1n),
      ]) {
        await expect(call).to.be.revertedWithCustomError(register, "RegisterInvalidAmount").withArgs(1, 0);
      }
    });

    it("works for a platform whose licence ended or was suspended", async () => {
      const { tenge, vaultAt, suspend, surrender, acknowledge } = await loadFixture(deploySeized);
      await suspend("PLATFORM");
      await acknowledge(10n * UNIT);
      const before = await tenge.balanceOf(vaultAt);
      await surrender(50n * UNIT);
      expect((await tenge.balanceOf(vaultAt)) - before).to.equal(50n * UNIT);
    });

    it("needs the wallet's allowance", async () => {
      const { register, tenge, wallet, surrender } = await loadFixture(deploySeized);
      await tenge.connect(wallet).approve(register, 50n * UNIT - 1n);
      await expect(surrender(50n * UNIT)).to.be.revertedWithCustomError(tenge, "ERC20InsufficientAllowance");
    });

    for (const [what, fault, moved] of [
      ["moves nothing", FAULT.moveNothing, 0n],
      ["moves less", FAULT.moveLess, 49n],
      ["keeps a fee", FAULT.feeFromPayee, 49n],
    ] as const) {
      it(`counts nothing of an asset that ${what}`, async () => {
        const { register, docket, faulty, flty, wallet, account, vaultAt, caseId, ask, seize, surrender } =
          await loadFixture(deploy);
        await ask(50n, {}, flty);
        await seize([target(flty, account, 50n)]);
        await faulty.setFault(vaultAt, fault);
        await expect(surrender(50n, flty))
          .to.be.revertedWithCustomError(register, "MovedOtherwise")
          .withArgs(flty, wallet.address, 50, moved);
        expect(await register.dueOf(caseId, flty, account)).to.equal(50n);
        expect((await docket.owedTo(caseId, flty, wallet)).owed).to.equal(0n);
      });
    }

    it("counts once, though a hostile asset books or pays out of the vault meanwhile", async () => {
      const system = await loadFixture(deploy);
      const { register, disposal, faulty, flty, bob, account, caseId, ask, seize, surrender, refund } = system;
      await faulty.setFault(bob, FAULT.revert);
      await refund([inKind(flty, bob, 9n)]);
      await faulty.setFault(bob, FAULT.none);
      await ask(50n, {}, flty);
      await seize([target(flty, account, 50n)]);
      await faulty.setHook(disposal, disposal.interface.encodeFunctionData("book", [caseId, flty]));
      await surrender(20n, flty);
      expect(await faulty.hookSucceeded()).to.equal(false);
      expect((await expectSums(system, faulty)).suspense).to.equal(0n);
      await faulty.setHook(register, register.interface.encodeFunctionData("surrender", [caseId, flty, SUB, 1n]));
      await surrender(20n, flty);
      expect(await faulty.hookSucceeded()).to.equal(false);
      await faulty.setHook(disposal, disposal.interface.encodeFunctionData("claim", [caseId, flty, bob.address]));
      await expect(surrender(10n, flty)).to.be.revertedWithCustomError(register, "MovedOtherwise");
      await expectSums(system, faulty);
    });
  });
});
