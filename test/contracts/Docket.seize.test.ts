import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { buildSeize, digestOf, encodeCaseId } from "../../src/orders/index.ts";
import { itRefusesBrokenOrders, twoByTwo } from "./brokenOrders.ts";
import { CASE } from "../system/acts/signed.ts";
import { at, ethers, goTo, loadFixture, networkHelpers, newAddress, now, timeOf } from "../system/chain.ts";
import { actsIn, deployContracts, deployPartlySeized, deploySystem, holderOf, install } from "../system/deployed.ts";
import {
  ARRESTED,
  caseOf,
  effectsOf,
  ended,
  entryOf,
  execute,
  headAfter,
  holdsOn,
  onHold,
  PROVISIONAL,
  STANDING,
  target,
  vaultCreated,
  WHAT,
} from "../system/entries.ts";
import { deployFaultySystem } from "../system/faulty.ts";
import { UNIT } from "../system/money.ts";
import { DOCUMENT, officerIdOf } from "../system/officers.ts";
import { DAY, DECIDERS } from "../system/parameters.ts";

const BY = DECIDERS.Seize;

/** An account with 80, of which CASE arrested 60; and the address of the case's vault. */
async function deployArrested() {
  const system = await deploySystem();
  const { docket, arrest, kzte, caseId, tenge } = system;
  const holder = await holderOf(system, 80n);
  const since = BigInt(await networkHelpers.time.latest()) + 1n;
  const until = since + 100n * DAY;
  await at(since);
  await arrest({ place: [target(kzte, holder, 60n)], until });
  return { ...system, holder, since, until, vaultAddress: await docket.vaultOf(caseId), token: tenge };
}

describe("Docket.seize", () => {
  describe("moves", () => {
    it("what the case holds into the vault of the case, which is created at the address that was known before", async () => {
      const system = await loadFixture(deployArrested);
      const { docket, seize, tenge, kzte, holder, caseId, since, vaultAddress } = system;
      expect(await ethers.provider.getCode(vaultAddress)).to.equal("0x");
      const sent = seize([target(kzte, holder, 60n)]);
      const effects = await effectsOf(sent);
      const ended = { kind: ARRESTED, caseNumber: 1n, number: 1n, since, until: await timeOf(sent), amount: 0n };
      expect(effects).to.deep.equal([vaultCreated(vaultAddress), onHold(WHAT.SEIZED, kzte, holder, 60n, ended)]);
      expect(await tenge.balanceOf(holder)).to.equal(20n);
      expect(await tenge.balanceOf(vaultAddress)).to.equal(60n);
      expect(await holdsOn(system, kzte, holder)).to.deep.equal([ended]);
      expect((await docket.owedTo(caseId, kzte, holder)).owed).to.equal(60n);
      expect((await docket.moneyOf(caseId, kzte)).left).to.equal(60n);
      expect(await docket.standingOf(vaultAddress)).to.equal(STANDING.VAULT);
      expect(await caseOf(system, caseId)).to.deep.equal({ number: 1n, hasVault: true });
      const vault = await ethers.getContractAt("CaseVault", vaultAddress);
      expect(await vault.DOCKET()).to.equal(await docket.getAddress());
    });

    it("and is one entry of the journal, with the order, its document and its officers", async () => {
      const system = await loadFixture(deployArrested);
      const { docket, domain, base, kzte, holder, caseId } = system;
      const order = buildSeize({ ...(await base({})), holds: [target(kzte, holder, 60n)], upTo: 1 });
      const head = await docket.head();
      const entry = await entryOf(execute(system, order));
      expect(entry).to.deep.include({ seq: 3n, act: 5n, caseId, document: DOCUMENT, order: digestOf(order, domain) });
      expect(entry.officerIds).to.deep.equal(BY.map(officerIdOf).sort());
      expect(await docket.head()).to.equal(headAfter(head, entry));
    });

    it("without a moment in which the holder is free: Frozen with the rest, then Transfer, then ForcedTransfer", async () => {
      const { seize, tenge, kzte, holder, vaultAddress } = await loadFixture(deployArrested);
      const receipt = (await (await seize([target(kzte, holder, 45n)])).wait())!;
      const events = receipt.logs.map((log) => tenge.interface.parseLog(log)).filter((log) => log !== null);
      expect(events.map(({ name, args }) => [name, ...(args as unknown as unknown[])])).to.deep.equal([
        ["Frozen", holder, 15n],
        ["Transfer", holder, vaultAddress, 45n],
        ["ForcedTransfer", holder, vaultAddress, 45n],
      ]);
    });

    it("a part; the rest stays held as it was", async () => {
      const system = await loadFixture(deployArrested);
      const { docket, seize, tenge, kzte, holder, caseId, since, until } = system;
      await seize([target(kzte, holder, 45n)]);
      expect(await holdsOn(system, kzte, holder)).to.deep.equal([
        { kind: ARRESTED, caseNumber: 1n, number: 1n, since, until, amount: 15n },
      ]);
      expect(await tenge.getFrozenTokens(holder)).to.equal(15n);
      expect((await docket.moneyOf(caseId, kzte)).left).to.equal(45n);
    });

    it("into a vault that is created once", async () => {
      const system = await loadFixture(deployArrested);
      const { docket, seize, kzte, holder, caseId } = system;
      await seize([target(kzte, holder, 10n)]);
      const effects = await effectsOf(seize([target(kzte, holder, 20n)]));
      expect(effects.map(({ what }) => what)).to.deep.equal([WHAT.SEIZED]);
      expect((await docket.owedTo(caseId, kzte, holder)).owed).to.equal(30n);
    });

    it("from several accounts and assets, which are counted apart", async () => {
      const system = await loadFixture(deployArrested);
      const { docket, arrest, seize, other, issuer, tenge, kzte, usdx, holder, alice, caseId, until } = system;
      await other.connect(issuer).mint(alice, 9n);
      await arrest({ place: [target(kzte, alice, 30n), target(usdx, alice, 9n)], until });
      await seize([target(kzte, holder, 60n), target(kzte, alice, 30n), target(usdx, alice, 9n)]);
      expect((await docket.owedTo(caseId, kzte, holder)).owed).to.equal(60n);
      expect((await docket.owedTo(caseId, kzte, alice)).owed).to.equal(30n);
      expect((await docket.owedTo(caseId, usdx, alice)).owed).to.equal(9n);
      const vault = await docket.vaultOf(caseId);
      expect(await tenge.balanceOf(vault)).to.equal(90n);
      expect(await other.balanceOf(vault)).to.equal(9n);
    });

    it("from a provisional hold too", async () => {
      const system = await loadFixture(deployArrested);
      const { freeze, seize, tenge, kzte, alice } = system;
      const since = await timeOf(freeze([target(kzte, alice, 5n)]));
      const sent = seize([target(kzte, alice, 5n)]);
      expect((await effectsOf(sent))[1]).to.deep.equal(
        onHold(WHAT.SEIZED, kzte, alice, 5n, {
          kind: PROVISIONAL,
          caseNumber: 1n,
          number: 2n,
          since,
          until: await timeOf(sent),
          amount: 0n,
          opens: true,
        }),
      );
      expect(await tenge.balanceOf(alice)).to.equal(1000n * UNIT - 5n);
    });

    it("never more than the case's own holds, however much the order names and the account has", async () => {
      const { seize, tenge, kzte, holder, vaultAddress } = await loadFixture(deployArrested);
      await seize([target(kzte, holder, 80n)]);
      expect(await tenge.balanceOf(vaultAddress)).to.equal(60n);
      expect(await tenge.balanceOf(holder)).to.equal(20n);
    });

    it("what the balance has; the rest stays held and later receipts can be seized", async () => {
      const system = await loadFixture(deployArrested);
      const { arrest, seize, tenge, issuer, kzte, until, caseId, docket } = system;
      const poor = await holderOf(system, 30n);
      const sent = await arrest({ place: [target(kzte, poor, 50n)], until });
      const since = await timeOf(sent);
      const rest = { kind: ARRESTED, caseNumber: 1n, number: 2n, since, until, amount: 20n };
      const effects = await effectsOf(seize([target(kzte, poor, 50n)]));
      expect(effects[1]).to.deep.equal(onHold(WHAT.SEIZED, kzte, poor, 30n, rest));
      expect(await tenge.balanceOf(poor)).to.equal(0n);
      expect(await tenge.getFrozenTokens(poor)).to.equal(20n);

      await tenge.connect(issuer).mint(poor, 12n);
      const later = await effectsOf(seize([target(kzte, poor, 50n)]));
      expect(later).to.deep.equal([onHold(WHAT.SEIZED, kzte, poor, 12n, { ...rest, amount: 8n })]);
      expect((await docket.owedTo(caseId, kzte, poor)).owed).to.equal(42n);
    });

    it("nothing from an empty account: the effect says 0, no token event, and the hold stays", async () => {
      const system = await loadFixture(deployArrested);
      const { docket, arrest, seize, tenge, kzte, until, caseId } = system;
      const empty = newAddress();
      const since = await timeOf(arrest({ place: [target(kzte, empty, 50n)], until }));
      const hold = { kind: ARRESTED, caseNumber: 1n, number: 2n, since, until, amount: 50n };
      const sent = await seize([target(kzte, empty, 50n)]);
      expect((await effectsOf(sent))[1]).to.deep.equal(onHold(WHAT.SEIZED, kzte, empty, 0n, hold));
      await expect(sent).not.to.emit(tenge, "Transfer");
      expect(await holdsOn(system, kzte, empty)).to.deep.equal([hold]);
      expect((await docket.moneyOf(caseId, kzte)).left).to.equal(0n);
      expect(await tenge.getFrozenTokens(empty)).to.equal(50n);
    });

    it("the own holds' money past another case's claim between them", async () => {
      const system = await loadFixture(deployArrested);
      const { arrest, seize, tenge, kzte, until, vaultAddress } = system;
      const holder = await holderOf(system, 100n);
      await arrest({ place: [target(kzte, holder, 30n)], until });
      await arrest({ place: [target(kzte, holder, 40n)], until }, { caseId: "CASE-2" });
      await arrest({ place: [target(kzte, holder, 50n)], until });
      const effects = await effectsOf(seize([target(kzte, holder, 80n)]));
      expect(effects.slice(1).map(({ what, amount }) => [what, amount])).to.deep.equal([
        [WHAT.SEIZED, 30n],
        [WHAT.SEIZED, 30n],
      ]);
      expect(await tenge.balanceOf(vaultAddress)).to.equal(60n);
      expect((await holdsOn(system, kzte, holder)).map(({ caseNumber, amount }) => [caseNumber, amount])).to.deep.equal(
        [
          [2n, 40n],
          [1n, 20n],
        ],
      );
    });

    it("nothing to a case whose earlier claims of others cover the balance, until they end", async () => {
      const system = await loadFixture(deployArrested);
      const { docket, arrest, seize, lift, tenge, kzte, holder, until } = system;
      await arrest({ place: [target(kzte, holder, 50n)], until }, { caseId: "CASE-2" });
      await arrest({ place: [target(kzte, holder, 70n)], until }, { caseId: "CASE-3" });
      const third = await docket.vaultOf(encodeCaseId("CASE-3"));
      await seize([target(kzte, holder, 70n)], { caseId: "CASE-3" });
      expect(await tenge.balanceOf(third)).to.equal(0n);
      await lift([target(kzte, holder, 60n)], { by: ["COURT-1", "GPO-1"], arrested: true });
      await seize([target(kzte, holder, 70n)], { caseId: "CASE-3" });
      expect(await tenge.balanceOf(third)).to.equal(30n);
    });

    it("past another case's claim that has ended by time, recorded or not", async () => {
      const system = await loadFixture(deployArrested);
      const { arrest, seize, tenge, kzte, since, until, docket } = system;
      const holder = await holderOf(system, 10n);
      await arrest({ place: [target(kzte, holder, 10n)], until: since + DAY });
      await arrest({ place: [target(kzte, holder, 10n)], until }, { caseId: "CASE-2" });
      await goTo(since + DAY);
      await seize([target(kzte, holder, 10n)], { caseId: "CASE-2" });
      expect(await tenge.balanceOf(await docket.vaultOf(encodeCaseId("CASE-2")))).to.equal(10n);
    });
  });

  describe("keeps cases apart", () => {
    it("each case has a vault of its own", async () => {
      const system = await loadFixture(deployArrested);
      const { docket, arrest, seize, tenge, kzte, holder, alice, until, caseId, vaultAddress } = system;
      await arrest({ place: [target(kzte, alice, 7n)], until }, { caseId: "CASE-2" });
      await seize([target(kzte, holder, 60n)]);
      await seize([target(kzte, alice, 7n)], { caseId: "CASE-2" });
      const second = await docket.vaultOf(encodeCaseId("CASE-2"));
      expect(second).not.to.equal(vaultAddress);
      expect(await tenge.balanceOf(vaultAddress)).to.equal(60n);
      expect(await tenge.balanceOf(second)).to.equal(7n);
      expect((await docket.owedTo(caseId, kzte, alice)).owed).to.equal(0n);
    });

    it("a case cannot seize by another case's hold", async () => {
      const { docket, arrest, seize, kzte, holder, alice, until } = await loadFixture(deployArrested);
      await arrest({ place: [target(kzte, alice, 7n)], until }, { caseId: "CASE-2" });
      await expect(seize([target(kzte, holder, 1n)], { caseId: "CASE-2" })).to.be.revertedWithCustomError(
        docket,
        "DocketNothingHeld",
      );
    });

    it("a case cannot take booked money out of another case's vault", async () => {
      const system = await loadFixture(deployArrested);
      const { docket, disposal, tenge, freeze, seize, kzte, alice } = system;
      const vault = await docket.vaultOf(encodeCaseId("CASE-2"));
      await freeze([target(kzte, alice, 1n)], { caseId: "CASE-2" });
      await tenge.connect(alice).transfer(vault, 5n);
      await disposal.book(encodeCaseId("CASE-2"), kzte);
      await expect(
        freeze([target(kzte, vault, 5n)]).then(() => seize([target(kzte, vault, 5n)])),
      ).to.be.revertedWithCustomError(docket, "DocketCannotHold");
      expect(await tenge.balanceOf(vault)).to.equal(5n);
    });

    it("a case cannot take money out of another case's vault by a hold in an asset that this case has not seized", async () => {
      const system = await loadFixture(deployArrested);
      const { docket, other, issuer, freeze, seize, usdx, kzte, alice } = system;
      // Held before any order named CASE-3.
      const vault = await docket.vaultOf(encodeCaseId("CASE-3"));
      await freeze([target(usdx, vault, 5n)], { caseId: "CASE-2" });
      await freeze([target(kzte, alice, 7n)], { caseId: "CASE-3" });
      await other.connect(issuer).mint(vault, 5n);
      await expect(seize([target(usdx, vault, 5n)], { caseId: "CASE-2" })).to.be.revertedWithCustomError(
        docket,
        "DocketNothingHeld",
      );
      expect(await other.balanceOf(vault)).to.equal(5n);
      expect(await other.balanceOf(await docket.vaultOf(encodeCaseId("CASE-2")))).to.equal(0n);
    });
  });

  describe("refuses", () => {
    it("an account that was never held", async () => {
      const { docket, seize, kzte, alice } = await loadFixture(deployArrested);
      await expect(seize([target(kzte, alice, 1n)])).to.be.revertedWithCustomError(docket, "DocketNothingHeld");
    });

    it("the same account in another asset", async () => {
      const { docket, seize, usdx, holder } = await loadFixture(deployArrested);
      await expect(seize([target(usdx, holder, 1n)])).to.be.revertedWithCustomError(docket, "DocketNothingHeld");
    });

    it("a case that was never opened, whose vault is not created", async () => {
      const { docket, seize, kzte, holder } = await loadFixture(deployArrested);
      await expect(seize([target(kzte, holder, 1n)], { caseId: "CASE-9" }))
        .to.be.revertedWithCustomError(docket, "DocketUnknownCase")
        .withArgs(encodeCaseId("CASE-9"));
      expect(await ethers.provider.getCode(await docket.vaultOf(encodeCaseId("CASE-9")))).to.equal("0x");
    });

    const ends: [string, (system: Awaited<ReturnType<typeof deployArrested>>) => Promise<unknown>][] = [
      ["lapsed", ({ until }) => goTo(until)],
      [
        "lapsed and was recorded as lapsed",
        async ({ until, docket, kzte, holder, caseId }) => {
          await goTo(until);
          await docket.lapse(caseId, [{ asset: kzte, account: holder }]);
        },
      ],
      [
        "was lifted",
        ({ lift, kzte, holder }) => lift([target(kzte, holder, 60n)], { by: ["COURT-1", "GPO-1"], arrested: true }),
      ],
      ["was seized whole", ({ seize, kzte, holder }) => seize([target(kzte, holder, 60n)])],
    ];
    for (const [what, end] of ends) {
      it(`a hold that ${what}`, async () => {
        const system = await loadFixture(deployArrested);
        const { docket, tenge, kzte, holder } = system;
        await end(system);
        const balance = await tenge.balanceOf(holder);
        await expect(system.seize([target(kzte, holder, 1n)])).to.be.revertedWithCustomError(
          docket,
          "DocketNothingHeld",
        );
        expect(await tenge.balanceOf(holder)).to.equal(balance);
      });
    }

    for (const missing of BY) {
      it(`an order without ${missing}`, async () => {
        const { quorum, seize, kzte, holder } = await loadFixture(deployArrested);
        await expect(
          seize([target(kzte, holder, 60n)], { by: BY.filter((name) => name !== missing) }),
        ).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
      });
    }

    it("an order that was used", async () => {
      const system = await loadFixture(deployArrested);
      const { quorum, domain, base, kzte, holder } = system;
      const order = buildSeize({ ...(await base({})), holds: [target(kzte, holder, 10n)], upTo: 1 });
      await execute(system, order);
      await expect(execute(system, order))
        .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
        .withArgs(digestOf(order, domain), 3n);
    });

    itRefusesBrokenOrders(
      async function deployForSeize() {
        const system = await deploySystem();
        const targets = twoByTwo(system);
        await system.freeze(targets);
        return { ...system, targets };
      },
      async ({ base }, holds) => buildSeize({ ...(await base({})), holds, upTo: 4 }),
      (holds) => ({ holds }),
    );
  });

  describe("trusts no asset", () => {
    /** A system with an asset that misbehaves, of which `holder` has 100 and CASE holds 60. */
    async function deployHostile() {
      const contracts = await deployContracts();
      const { docket, addresses, treasury } = contracts;
      const hostile = await ethers.deployContract("HostileAsset", [docket]);
      const address = target(await hostile.getAddress(), ZeroAddress, 0n).asset;
      addresses.assets.push({ asset: address, treasury: target(treasury.address, ZeroAddress, 0n).asset });
      await install(contracts);
      const [acts, holder] = [actsIn(contracts), newAddress()];
      await hostile.mint(holder, 100n);
      await acts.freeze([target(address, holder, 60n)]);
      return { ...contracts, ...acts, hostile, address, holder, caseId: encodeCaseId(CASE) };
    }

    it("that moves less than the act says: nothing is entered", async () => {
      const { docket, seize, hostile, address, holder } = await loadFixture(deployHostile);
      await hostile.setSkim(1n);
      await expect(seize([target(address, holder, 60n)]))
        .to.be.revertedWithCustomError(docket, "MovedOtherwise")
        .withArgs(address, holder, 60n, 59n);
      expect(await docket.entries()).to.equal(2n);
      expect(await hostile.balanceOf(holder)).to.equal(100n);
    });

    it("that calls back into any act", async () => {
      const { docket, lift, hostile, address, holder, caseId } = await loadFixture(deployHostile);
      const approvals = { keys: "0x", others: [] };
      const signed = { caseId, document: DOCUMENT, signBy: 0, salt: DOCUMENT };
      const flags = { wholeAccount: false, omnibus: false };
      const calls = [
        docket.interface.encodeFunctionData("freeze", [[], [], "0x"]),
        docket.interface.encodeFunctionData("arrest", [
          [{ ...signed, ...flags, confirm: [], place: [], upTo: 0, until: 0 }],
          [approvals],
          "0x",
        ]),
        docket.interface.encodeFunctionData("lift", [{ ...signed, holds: [], upTo: 0, arrested: false }, approvals]),
        docket.interface.encodeFunctionData("seize", [[{ ...signed, holds: [], upTo: 0 }], [approvals], "0x"]),
        docket.interface.encodeFunctionData("lapse", [caseId, []]),
      ];
      for (const call of calls) {
        await hostile.setCallback(call);
        await expect(lift([target(address, holder, 1n)])).to.be.revertedWithCustomError(
          docket,
          "ReentrancyGuardReentrantCall",
        );
      }
    });

    it("that has what a stranger may enter entered in the middle of a seizure", async () => {
      const system = await loadFixture(deployFaultySystem);
      const { docket, disposal, faulty, flty, alice, caseId, freeze, seize } = system;
      await freeze([target(flty, alice, 60n)]);
      const vault = await docket.vaultOf(caseId);
      await faulty.mint(vault, 5n);
      const before = await docket.head();
      await faulty.setHook(disposal, disposal.interface.encodeFunctionData("open", [caseId, DOCUMENT, DOCUMENT]));
      await expect(seize([target(flty, alice, 60n)]))
        .to.be.revertedWithCustomError(docket, "JournalWrongEntry")
        .withArgs(3n, 4n);
      expect(await docket.head()).to.equal(before);
      expect(await faulty.balanceOf(vault)).to.equal(5n);
      // What counts money is closed while an act runs: the asset's call fails, and the seizure alone is counted.
      await faulty.setHook(disposal, disposal.interface.encodeFunctionData("book", [caseId, flty]));
      await seize([target(flty, alice, 60n)]);
      expect([...(await docket.moneyOf(caseId, flty))]).to.deep.equal([60n, 0n, 0n, 0n]);
    });

    it("that calls back into what only the system may call", async () => {
      const { docket, lift, hostile, address, holder, caseId } = await loadFixture(deployHostile);
      await hostile.setCallback(
        docket.interface.encodeFunctionData("record", [3n, 70n, caseId, DOCUMENT, DOCUMENT, [], "0x"]),
      );
      await expect(lift([target(address, holder, 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketOnlySystem")
        .withArgs(address);
    });
  });
});

describe("Priority", () => {
  /** Balance 80; A arrested 60 of it, then B 50. */
  async function deployContested() {
    const system = await deploySystem();
    const { docket, arrest, kzte } = system;
    const holder = await holderOf(system, 80n);
    const until = (await now()) + 100n * DAY;
    const since = await timeOf(arrest({ place: [target(kzte, holder, 60n)], until }, { caseId: "A" }));
    const later = await timeOf(arrest({ place: [target(kzte, holder, 50n)], until }, { caseId: "B" }));
    return {
      ...system,
      holder,
      vaultA: await docket.vaultOf(encodeCaseId("A")),
      vaultB: await docket.vaultOf(encodeCaseId("B")),
      ofA: { kind: ARRESTED, caseNumber: 1n, number: 1n, since, until },
      ofB: { kind: ARRESTED, caseNumber: 2n, number: 2n, since: later, until },
    };
  }

  it("of 80 the first hold of 60 takes 60, the second hold of 50 takes 20", async () => {
    const { seize, tenge, kzte, holder, vaultA, vaultB, ofA, ofB } = await loadFixture(deployContested);
    const sent = await seize([target(kzte, holder, 60n)], { caseId: "A" });
    expect(await effectsOf(sent)).to.deep.equal([
      vaultCreated(vaultA),
      onHold(WHAT.SEIZED, kzte, holder, 60n, ended(ofA, await timeOf(sent))),
    ]);
    expect(await effectsOf(seize([target(kzte, holder, 50n)], { caseId: "B" }))).to.deep.equal([
      vaultCreated(vaultB),
      onHold(WHAT.SEIZED, kzte, holder, 20n, { ...ofB, amount: 30n }),
    ]);
    expect(await tenge.balanceOf(vaultA)).to.equal(60n);
    expect(await tenge.balanceOf(vaultB)).to.equal(20n);
    expect(await tenge.getFrozenTokens(holder)).to.equal(30n);
  });

  it("is the same where the second seizes first: it takes 20, the rest stays held, the first still takes 60", async () => {
    const system = await loadFixture(deployContested);
    const { seize, tenge, issuer, kzte, holder, vaultA, vaultB, ofA, ofB } = system;
    const effects = await effectsOf(seize([target(kzte, holder, 50n)], { caseId: "B" }));
    expect(effects[1]).to.deep.equal(onHold(WHAT.SEIZED, kzte, holder, 20n, { ...ofB, amount: 30n }));
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([
      { ...ofA, amount: 60n },
      { ...ofB, amount: 30n },
    ]);
    expect(await tenge.getFrozenTokens(holder)).to.equal(90n);
    await seize([target(kzte, holder, 60n)], { caseId: "A" });
    expect(await tenge.balanceOf(vaultA)).to.equal(60n);
    expect(await tenge.balanceOf(vaultB)).to.equal(20n);
    await tenge.connect(issuer).mint(holder, 40n);
    await seize([target(kzte, holder, 50n)], { caseId: "B" });
    expect(await tenge.balanceOf(vaultB)).to.equal(50n);
    expect(await tenge.balanceOf(holder)).to.equal(10n);
  });

  it("is the placement's, not the confirmation's: a later arrest does not pass an earlier provisional hold", async () => {
    const system = await loadFixture(deploySystem);
    const { freeze, arrest, seize, docket, tenge, kzte } = system;
    const holder = await holderOf(system, 80n);
    await freeze([target(kzte, holder, 60n)], { caseId: "A" });
    await arrest({ place: [target(kzte, holder, 50n)], until: (await now()) + DAY }, { caseId: "B" });
    await seize([target(kzte, holder, 50n)], { caseId: "B" });
    expect(await tenge.balanceOf(await docket.vaultOf(encodeCaseId("B")))).to.equal(20n);
  });

  it("A's lifting leaves B's claim as it was, and B cannot overwrite A's", async () => {
    const system = await loadFixture(deployContested);
    const { docket, tenge, lift, kzte, holder, ofA, ofB } = system;
    expect((await docket.heldOf(kzte, holder)).held).to.equal(110n);
    const lifted = lift([target(kzte, holder, 60n)], { caseId: "A", by: DECIDERS.LiftArrested, arrested: true });
    const end = await timeOf(lifted);
    expect(await tenge.getFrozenTokens(holder)).to.equal(50n);
    expect(await holdsOn(system, kzte, holder)).to.deep.equal([ended(ofA, end), { ...ofB, amount: 50n }]);
  });
});

describe("What a case seizes in all", () => {
  it("no more is seized than the case holds: not twice, not after the end, not another case's", async () => {
    const { docket, kzte, alice, seize, freeze, vaultAt, tenge } = await loadFixture(deployPartlySeized);
    await seize([target(kzte, alice, 1000n)]);
    expect(await tenge.balanceOf(vaultAt)).to.equal(150);
    await expect(seize([target(kzte, alice, 1n)])).to.be.revertedWithCustomError(docket, "DocketNothingHeld");
    await freeze([target(kzte, alice, 5n)], { caseId: "B", term: 60 });
    await expect(seize([target(kzte, alice, 5n)])).to.be.revertedWithCustomError(docket, "DocketNothingHeld");
    await goTo((await now()) + 100n);
    await expect(seize([target(kzte, alice, 5n)], { caseId: "B" })).to.be.revertedWithCustomError(
      docket,
      "DocketNothingHeld",
    );
  });
});
