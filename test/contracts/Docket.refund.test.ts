import { expect } from "chai";
import { MaxUint256, ZeroAddress, ZeroHash } from "ethers";
import type { Address, Hex } from "viem";
import {
  ACTS,
  buildReturn,
  buildSeize,
  digestOf,
  encodeCaseId,
  SELF,
  type Order,
  type Refund,
} from "../../src/orders/index.ts";
import { CASE } from "../system/acts/signed.ts";
import { addressOf, ethers, loadFixture, networkHelpers, NEVER, now } from "../system/chain.ts";
import { tally } from "../system/charters.ts";
import { type Custody, deployCustody } from "../system/custody.ts";
import { deployPartlySeized } from "../system/deployed.ts";
import { decodeEffects, type EffectTuple, target } from "../system/entries.ts";
import { FAULT, type FaultySystem } from "../system/faulty.ts";
import { claimOf, expectSums, inKind, owedTo, UNIT } from "../system/money.ts";
import { approvalsOf, DOCUMENT, nextSalt, officerIdOf, struct } from "../system/officers.ts";
import { AGENCY, type AgencyName, DAY, type OfficerName } from "../system/parameters.ts";

const { time } = networkHelpers;

const OTHER = "CASE-2";
const { RETURNED, CLAIM_DUE } = { RETURNED: 32n, CLAIM_DUE: 33n };

const deploySeized = deployCustody;
type Seized = Custody;

/** The last entry's act, ids and effects. */
async function lastEntry({ docket }: FaultySystem) {
  const [entry] = await docket.queryFilter(docket.filters.Entry(await docket.entries()));
  const { seq, act, caseId, document, order, officerIds, effects } = entry!.args;
  return { seq, act, caseId, document, order, officerIds, effects: decodeEffects(effects) };
}

/** An order with its message as it stands, as no builder would make it. */
async function refundRaw({ disposal, domain }: FaultySystem, message: Partial<Order<"Return">["message"]>) {
  const order: Order<"Return"> = {
    primaryType: "Return",
    message: {
      caseId: encodeCaseId(CASE),
      document: DOCUMENT,
      holders: [],
      signBy: NEVER,
      salt: nextSalt(),
      ...message,
    },
  };
  return disposal.refund([struct(order.message)], [await approvalsOf(domain, order, ["COURT-1", "NBK-1"])], "0x");
}

describe("Docket.refund", () => {
  describe("Return in kind", () => {
    it("gives a holder back the whole of what was taken", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { tenge, docket, kzte, alice, vaultAt, caseId } = system;
      await expect(system.refund([inKind(kzte, alice, 100n * UNIT)])).to.changeTokenBalances(
        ethers,
        tenge,
        [alice, vaultAt],
        [100n * UNIT, -100n * UNIT],
      );
      expect(await tenge.balanceOf(alice)).to.equal(1_000n * UNIT);
      const { left, reserved } = await docket.moneyOf(caseId, kzte);
      expect([left, reserved]).to.deep.equal([200n * UNIT, 0n]);
      expect(await owedTo(system, kzte, alice)).to.equal(0n);
      await expectSums(system, tenge);
    });

    it("is one entry of the journal, with order, document, officers and every payment", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { disposal, kzte, flty, alice, bob, domain, caseId } = system;
      const holders = [inKind(kzte, alice, 3n), inKind(flty, bob, 4n)];
      const order = buildReturn({ caseId: CASE, document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() });
      const before = await system.docket.entries();
      await disposal.refund([struct(order.message)], [await approvalsOf(domain, order, ["COURT-1", "NBK-1"])], "0x");
      const entry = await lastEntry(system);
      expect([entry.seq, entry.act, entry.caseId, entry.document, entry.order]).to.deep.equal([
        before + 1n,
        BigInt(ACTS.Return),
        caseId,
        DOCUMENT,
        digestOf(order, domain),
      ]);
      const ids: OfficerName[] = ["COURT-1", "NBK-1"];
      expect(entry.officerIds).to.deep.equal(ids.map(officerIdOf).sort());
      expect(entry.effects).to.deep.equal(
        order.message.holders.map(({ asset, account, amount }) => [RETURNED, asset, account, amount, BigInt(asset)]),
      );
      expect(await system.quorum.entryOf(digestOf(order, domain))).to.equal(before + 1n);
    });

    it("gives back in parts until everything is given back, and not a unit more", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { tenge, docket, kzte, alice, caseId } = system;
      let left = 100n * UNIT;
      for (const part of [1n, 30n * UNIT, 50n * UNIT, 20n * UNIT - 1n]) {
        await system.refund([inKind(kzte, alice, part)]);
        left -= part;
        expect(await owedTo(system, kzte, alice)).to.equal(left);
        await expectSums(system, tenge);
      }
      expect(await tenge.balanceOf(alice)).to.equal(1_000n * UNIT);
      await expect(system.refund([inKind(kzte, alice, 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
        .withArgs(caseId, kzte, alice.address, 0, 1);
    });

    it("pays several holders in several assets by one order, each its own amount", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { tenge, faulty, kzte, flty, alice, bob } = system;
      await system.refund([
        inKind(kzte, alice, 10n * UNIT),
        inKind(kzte, bob, 20n * UNIT),
        inKind(flty, alice, 30n * UNIT),
        inKind(flty, bob, 40n * UNIT),
      ]);
      expect(await tenge.balanceOf(alice)).to.equal(910n * UNIT);
      expect(await tenge.balanceOf(bob)).to.equal(820n * UNIT);
      expect(await faulty.balanceOf(alice)).to.equal(930n * UNIT);
      expect(await faulty.balanceOf(bob)).to.equal(840n * UNIT);
      await expectSums(system, tenge);
      await expectSums(system, faulty);
    });

    it("gives no holder more than was taken from it, whatever else is in the vault", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { docket, kzte, alice, caseId } = system;
      await system.refund([inKind(kzte, alice, 60n * UNIT)]);
      for (const amount of [40n * UNIT + 1n, 200n * UNIT, 2n ** 96n - 1n]) {
        await expect(refundRaw(system, { holders: [inKind(kzte, alice, amount)] }))
          .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
          .withArgs(caseId, kzte, alice.address, 40n * UNIT, amount);
      }
    });

    it("gives nothing to somebody from whom nothing was taken, not in this case and not in this asset", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { docket, kzte, usdx, alice, carol, treasury, caseId } = system;
      for (const [asset, account] of [
        [kzte, carol],
        [kzte, treasury],
        [usdx, alice],
      ] as const) {
        await expect(system.refund([inKind(asset, account, 1n)]))
          .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
          .withArgs(caseId, asset, account.address, 0, 1);
      }
      await expect(system.refund([inKind(kzte, alice, 1n)], { caseId: "NEVER-OPENED" }))
        .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
        .withArgs(encodeCaseId("NEVER-OPENED"), kzte, alice.address, 0, 1);
    });

    it("moves the vault of its own case only, though another case took more from the same holder", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { docket, tenge, kzte, alice, caseId } = system;
      await system.take([{ asset: kzte, account: addressOf(alice), amount: 500n * UNIT }], { caseId: OTHER });
      const other = await docket.vaultOf(encodeCaseId(OTHER));
      await expect(system.refund([inKind(kzte, alice, 100n * UNIT + 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
        .withArgs(caseId, kzte, alice.address, 100n * UNIT, 100n * UNIT + 1n);
      await system.refund([inKind(kzte, alice, 100n * UNIT)]);
      expect(await tenge.balanceOf(other)).to.equal(500n * UNIT);
      await system.refund([inKind(kzte, alice, 500n * UNIT)], { caseId: OTHER });
      expect(await tenge.balanceOf(other)).to.equal(0);
      expect(await tenge.balanceOf(alice)).to.equal(1_000n * UNIT);
    });

    it("gives money back into an account that another case still holds, where it stays withheld", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { tenge, kzte, alice, stranger } = system;
      // The other case claims more than the 900 that are left.
      await system.freeze([{ asset: kzte, account: addressOf(alice), amount: 950n * UNIT }], { caseId: OTHER });
      await system.refund([inKind(kzte, alice, 100n * UNIT)]);
      expect(await tenge.balanceOf(alice)).to.equal(1_000n * UNIT);
      await expect(tenge.connect(alice).transfer(stranger, 50n * UNIT + 1n))
        .to.be.revertedWithCustomError(tenge, "ERC7943InsufficientUnfrozenBalance")
        .withArgs(alice.address, 50n * UNIT + 1n, 50n * UNIT);
      await tenge.connect(alice).transfer(stranger, 50n * UNIT);
    });

    it("answers for what was taken again after a return", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { docket, kzte, alice, caseId } = system;
      await system.refund([inKind(kzte, alice, 100n * UNIT)]);
      await system.take([{ asset: kzte, account: addressOf(alice), amount: 10n * UNIT }]);
      await expect(system.refund([inKind(kzte, alice, 11n * UNIT)]))
        .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
        .withArgs(caseId, kzte, alice.address, 10n * UNIT, 11n * UNIT);
      await system.refund([inKind(kzte, alice, 10n * UNIT)]);
      expect(await owedTo(system, kzte, alice)).to.equal(0n);
    });

    it("is decided by court and custodian, by two judges, or without the court by three agencies", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { quorum, disposal, domain, kzte, alice } = system;
      const alternatives: OfficerName[][] = [
        ["COURT-1", "NBK-1"],
        ["COURT-2", "COURT-3"],
        ["FMA-1", "GPO-1", "NBK-2"],
      ];
      for (const by of alternatives) {
        for (const missing of by) {
          const rest = by.filter((name) => name !== missing);
          const holders = [inKind(kzte, alice, 1n)];
          const order = buildReturn({ caseId: CASE, document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() });
          const have = rest.reduce((sum, name) => sum + tally({ [AGENCY[name.split("-")[0] as AgencyName]]: 1 }), 0n);
          await expect(disposal.refund([struct(order.message)], [await approvalsOf(domain, order, rest)], "0x"))
            .to.be.revertedWithCustomError(quorum, "QuorumNotMet")
            .withArgs(digestOf(order, domain), ACTS.Return, SELF, have);
        }
        await system.refund([inKind(kzte, alice, 1n)], { by });
      }
      expect(await owedTo(system, kzte, alice)).to.equal(100n * UNIT - 3n);
    });

    it("happens once by one order", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { kzte, alice, quorum, tenge } = system;
      const once = { salt: nextSalt(), signBy: NEVER };
      await system.refund([inKind(kzte, alice, 10n * UNIT)], once);
      await expect(system.refund([inKind(kzte, alice, 10n * UNIT)], once)).to.be.revertedWithCustomError(
        quorum,
        "QuorumOrderUsed",
      );
      expect(await tenge.balanceOf(alice)).to.equal(910n * UNIT);
    });

    it("is no payment that a relayer can starve into a claim: any gas either pays or changes nothing", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { docket, disposal, domain, kzte, alice, caseId } = system;
      const holders = [inKind(kzte, alice, 10n * UNIT)];
      const order = buildReturn({ caseId: CASE, document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() });
      const approvals = await approvalsOf(domain, order, ["COURT-1", "NBK-1"]);
      const enough = await disposal.refund.estimateGas([struct(order.message)], [approvals], "0x");
      let [paid, reverted] = [0, 0];
      for (let percent = 40n; percent <= 110n; percent += 2n) {
        const before = await networkHelpers.takeSnapshot();
        const gasLimit = (enough * percent) / 100n;
        try {
          await disposal.refund([struct(order.message)], [approvals], "0x", { gasLimit });
          ++paid;
          expect((await docket.moneyOf(caseId, kzte)).left).to.equal(290n * UNIT);
        } catch {
          ++reverted;
          expect((await docket.moneyOf(caseId, kzte)).left).to.equal(300n * UNIT);
        }
        expect((await docket.moneyOf(caseId, kzte)).reserved).to.equal(0, `a claim at ${percent} % of the gas`);
        await before.restore();
      }
      expect(paid).to.be.greaterThan(3);
      expect(reverted).to.be.greaterThan(3);
    });
  });

  describe("an order that cannot stand changes nothing:", () => {
    it("no holder at all", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      await expect(refundRaw(system, { holders: [] })).to.be.revertedWithCustomError(
        system.disposal,
        "DisposalEmptyOrder",
      );
    });

    it("no document", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { kzte, alice } = system;
      await expect(
        refundRaw(system, { document: ZeroHash as Hex, holders: [inKind(kzte, alice, 1n)] }),
      ).to.be.revertedWithCustomError(system.disposal, "ZeroDocument");
    });

    it("an amount of zero, or one that does not fit 96 bits", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { disposal, kzte, alice } = system;
      for (const amount of [0n, 2n ** 96n, 2n ** 128n, MaxUint256]) {
        await expect(refundRaw(system, { holders: [inKind(kzte, alice, amount)] }))
          .to.be.revertedWithCustomError(disposal, "DisposalInvalidAmount")
          .withArgs(kzte, alice.address, amount);
      }
    });

    it("proceeds of an asset that was never converted", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { kzte, flty, alice, caseId, docket } = system;
      for (const [taken, asset] of [
        [kzte, flty],
        [flty, kzte],
        [ZeroAddress as Address, kzte],
      ] as const) {
        await expect(refundRaw(system, { holders: [{ taken, asset, account: addressOf(alice), amount: 1n }] }))
          .to.be.revertedWithCustomError(docket, "DocketExceedsProceeds")
          .withArgs(caseId, taken, asset, 0, 1);
      }
    });

    it("holders that do not ascend by taken asset, asset and account, or stand there twice", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { kzte, flty, alice, bob, disposal } = system;
      const [lowAsset, highAsset] = [kzte, flty].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)) as [Address, Address];
      const [low, high] = [alice, bob].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
      const first = inKind(lowAsset, high!, 1n);
      for (const [before, after] of [
        [inKind(highAsset, low!, 1n), inKind(lowAsset, high!, 1n)],
        [first, { ...first, asset: ZeroAddress as Address, account: "0xffffffffffffffffffffffffffffffffffffffff" }],
        [first, inKind(lowAsset, low!, 1n)],
        [first, first],
        [first, { ...first, amount: 2n }],
      ] as [Refund, Refund][]) {
        await expect(refundRaw(system, { holders: [before, after] }))
          .to.be.revertedWithCustomError(disposal, "DisposalUnordered")
          .withArgs(after.taken, after.asset, ethers.getAddress(after.account));
      }
    });

    it("one holder of several for whom it is wrong: none is paid", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { tenge, docket, kzte, alice, bob, caseId } = system;
      await expect(
        system.refund([inKind(kzte, alice, 100n * UNIT), inKind(kzte, bob, 201n * UNIT)]),
      ).to.be.revertedWithCustomError(docket, "DocketExceedsOwed");
      expect(await tenge.balanceOf(alice)).to.equal(900n * UNIT);
      expect((await docket.moneyOf(caseId, kzte)).left).to.equal(300n * UNIT);
      expect(await owedTo(system, kzte, alice)).to.equal(100n * UNIT);
    });

    it("more than the case has left of what was taken", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { docket, kzte, alice, treasury, caseId, forfeit, timesOf } = system;
      const order = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: 250n * UNIT });
      await order.send();
      await time.increaseTo((await timesOf(order.digest)).start);
      await order.execute();
      await expect(system.refund([inKind(kzte, alice, 50n * UNIT + 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketExceedsTaken")
        .withArgs(caseId, kzte, 50n * UNIT, 50n * UNIT + 1n);
      await system.refund([inKind(kzte, alice, 50n * UNIT)]);
    });
  });

  describe("a payee that an asset refuses", () => {
    for (const [how, fault] of [
      ["reverts", FAULT.revert],
      ["answers false", FAULT.returnFalse],
    ] as const) {
      it(`gets a claim and blocks no other, where the asset ${how}`, async () => {
        const system = await networkHelpers.loadFixture(deploySeized);
        const { faulty, docket, flty, alice, bob, caseId } = system;
        await faulty.setFault(bob, fault);
        await system.refund([inKind(flty, alice, 100n * UNIT), inKind(flty, bob, 150n * UNIT)]);
        const at = await now();
        expect(await faulty.balanceOf(alice)).to.equal(1_000n * UNIT);
        expect(await faulty.balanceOf(bob)).to.equal(800n * UNIT);
        expect(await claimOf(system, flty, bob)).to.deep.equal([150n * UNIT, at]);
        expect(await claimOf(system, flty, alice)).to.deep.equal([0n, 0n]);
        expect((await docket.moneyOf(caseId, flty)).left).to.equal(50n * UNIT);
        expect((await docket.moneyOf(caseId, flty)).reserved).to.equal(150n * UNIT);
        expect(await owedTo(system, flty, bob)).to.equal(50n * UNIT);
        await expectSums(system, faulty);

        const told: EffectTuple[] = [
          [RETURNED, flty, alice.address, 100n * UNIT, BigInt(flty)],
          [CLAIM_DUE, flty, bob.address, 150n * UNIT, BigInt(flty)],
        ];
        const { effects } = await lastEntry(system);
        expect(effects).to.have.deep.members(told);
      });
    }

    it("uses up the holder's limit by its claim: it cannot be promised twice", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, flty, bob, disposal, caseId } = system;
      await faulty.setFault(bob, FAULT.revert);
      await system.refund([inKind(flty, bob, 150n * UNIT)]);
      await faulty.setFault(bob, FAULT.none);
      await expect(system.refund([inKind(flty, bob, 50n * UNIT + 1n)]))
        .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
        .withArgs(caseId, flty, bob.address, 50n * UNIT, 50n * UNIT + 1n);
      await system.refund([inKind(flty, bob, 50n * UNIT)]);
      await disposal.claim(system.caseId, flty, bob);
      expect(await faulty.balanceOf(bob)).to.equal(1_000n * UNIT);
    });

    it("adds later claims to its first one, and the time starts again", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, flty, bob, caseId } = system;
      await faulty.setFault(bob, FAULT.revert);
      await system.refund([inKind(flty, bob, 10n * UNIT)]);
      await time.increase(5n * DAY);
      await system.refund([inKind(flty, bob, 20n * UNIT)]);
      expect(await claimOf(system, flty, bob)).to.deep.equal([30n * UNIT, await now()]);
      expect((await docket.moneyOf(caseId, flty)).reserved).to.equal(30n * UNIT);
      await expectSums(system, faulty);
    });
  });

  describe("an asset that does not do what it says", () => {
    for (const [what, fault, expected, moved] of [
      ["moves nothing and says it did", FAULT.moveNothing, 50n, 0n],
      ["moves less than asked", FAULT.moveLess, 50n, 49n],
      ["takes a fee on top, from the others' money", FAULT.feeOnTop, 50n, 51n],
      ["says no and moves all the same", FAULT.returnFalseAndMove, 0n, 50n],
    ] as const) {
      it(`${what}: nothing is paid and nothing is entered`, async () => {
        const system = await networkHelpers.loadFixture(deploySeized);
        const { faulty, docket, flty, bob, vaultAt } = system;
        await faulty.setFault(bob, fault);
        const entries = await docket.entries();
        await expect(system.refund([inKind(flty, bob, 50n)]))
          .to.be.revertedWithCustomError(docket, "MovedOtherwise")
          .withArgs(flty, bob.address, expected, moved);
        expect(await faulty.balanceOf(vaultAt)).to.equal(300n * UNIT);
        expect(await owedTo(system, flty, bob)).to.equal(200n * UNIT);
        expect(await docket.entries()).to.equal(entries);
      });
    }

    it("takes a fee from the payee: the vault is right, so the payment stands", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, flty, bob, caseId } = system;
      await faulty.setFault(bob, FAULT.feeFromPayee);
      await system.refund([inKind(flty, bob, 50n)]);
      expect(await faulty.balanceOf(bob)).to.equal(800n * UNIT + 49n);
      expect((await docket.moneyOf(caseId, flty)).left).to.equal(300n * UNIT - 50n);
      await expectSums(system, faulty);
    });

    it("answers nothing at all, as old tokens do: the payment stands", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, flty, bob, caseId } = system;
      await faulty.setFault(bob, FAULT.returnNothing);
      await system.refund([inKind(flty, bob, 50n)]);
      expect(await faulty.balanceOf(bob)).to.equal(800n * UNIT + 50n);
      expect((await docket.moneyOf(caseId, flty)).left).to.equal(300n * UNIT - 50n);
    });

    it("credits the vault while it pays: nothing is paid", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, flty, bob, vaultAt, caseId } = system;
      await faulty.setHook(flty, faulty.interface.encodeFunctionData("mint", [vaultAt, 20]));
      await expect(system.refund([inKind(flty, bob, 50n)]))
        .to.be.revertedWithCustomError(docket, "MovedOtherwise")
        .withArgs(flty, bob.address, 50, 30);
      await faulty.setHook(flty, faulty.interface.encodeFunctionData("mint", [vaultAt, 60]));
      await expect(system.refund([inKind(flty, bob, 50n)])).to.be.revert(ethers);
      expect((await docket.moneyOf(caseId, flty)).left).to.equal(300n * UNIT);
    });
  });

  describe("an asset that calls back", () => {
    const REENTERED = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);

    /** What `disposal.refund` of another good order would be called with. */
    async function refundData({ disposal, domain }: Seized, holders: Refund[]) {
      const order = buildReturn({ caseId: CASE, document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() });
      const approvals = await approvalsOf(domain, order, ["COURT-1", "NBK-1"]);
      return disposal.interface.encodeFunctionData("refund", [[struct(order.message)], [approvals], "0x"]);
    }

    /** What `docket.seize` of a good order would be called with. */
    async function seizeData({ docket, domain }: Seized, asset: Address, { address }: { address: string }) {
      const holds = [{ asset, account: address as Address, amount: 5n * UNIT }];
      const order = buildSeize({
        caseId: CASE,
        document: DOCUMENT,
        holds,
        signBy: NEVER,
        salt: nextSalt(),
        upTo: Number(await docket.placements()),
      });
      const approvals = await approvalsOf(domain, order, ["COURT-1", "FMA-1", "GPO-1", "NBK-1"]);
      return docket.interface.encodeFunctionData("seize", [[struct(order.message)], [approvals], "0x"]);
    }

    it("cannot enter refund or claim during a refund; the payment itself stands", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, flty, alice, bob, caseId, disposal } = system;
      await faulty.setFault(alice, FAULT.revert);
      await system.refund([inKind(flty, alice, 10n)]);
      await faulty.setFault(alice, FAULT.none);
      for (const [to, data] of [
        [disposal, await refundData(system, [inKind(flty, bob, 7n)])],
        [disposal, disposal.interface.encodeFunctionData("claim", [caseId, flty, alice.address])],
      ] as const) {
        await faulty.setHook(to, data);
        const before = await faulty.balanceOf(bob);
        await system.refund([inKind(flty, bob, 5n)]);
        expect([await faulty.hookSucceeded(), await faulty.hookAnswer()]).to.deep.equal([false, REENTERED]);
        expect((await faulty.balanceOf(bob)) - before).to.equal(5);
      }
      expect(await owedTo(system, flty, bob)).to.equal(200n * UNIT - 10n);
      expect((await claimOf(system, flty, alice))[0]).to.equal(10n);
      await expectSums(system, faulty);
    });

    it("cannot have a claim paid twice, nor refund during it", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, flty, bob, caseId, disposal } = system;
      for (const [to, data] of [
        [disposal, disposal.interface.encodeFunctionData("claim", [caseId, flty, bob.address])],
        [disposal, await refundData(system, [inKind(flty, bob, 7n)])],
      ] as const) {
        await faulty.setHook(ZeroAddress, "0x");
        await faulty.setFault(bob, FAULT.revert);
        await system.refund([inKind(flty, bob, 10n)]);
        await faulty.setFault(bob, FAULT.none);
        await faulty.setHook(to, data);
        const before = await faulty.balanceOf(bob);
        await disposal.claim(caseId, flty, bob);
        expect([await faulty.hookSucceeded(), await faulty.hookAnswer()]).to.deep.equal([false, REENTERED]);
        expect((await faulty.balanceOf(bob)) - before).to.equal(10);
      }
      expect((await docket.moneyOf(caseId, flty)).left).to.equal(300n * UNIT - 20n);
      await expectSums(system, faulty);
    });

    it("cannot enter a seizure during a seizure", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, flty, carol } = system;
      const holds = [{ asset: flty, account: addressOf(carol), amount: 10n * UNIT }];
      await system.freeze(holds);
      await faulty.setHook(docket, await seizeData(system, flty, carol));
      await system.seize([{ ...holds[0]!, amount: 5n * UNIT }]);
      expect([await faulty.hookSucceeded(), await faulty.hookAnswer()]).to.deep.equal([false, REENTERED]);
      expect(await owedTo(system, flty, carol)).to.equal(5n * UNIT);
      await expectSums(system, faulty);
    });

    it("cannot slip a seizure of the same asset into a payment", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, flty, bob, carol, caseId, disposal } = system;
      await system.freeze([{ asset: flty, account: addressOf(carol), amount: 10n * UNIT }]);
      await faulty.setFault(bob, FAULT.revert);
      await system.refund([inKind(flty, bob, 50n * UNIT)]);
      await faulty.setFault(bob, FAULT.none);
      await faulty.setHook(docket, await seizeData(system, flty, carol));
      for (const pay of [
        () => disposal.claim(caseId, flty, bob),
        () => system.refund([inKind(flty, bob, 50n * UNIT)]),
      ]) {
        await pay();
        expect([await faulty.hookSucceeded(), await faulty.hookAnswer()]).to.deep.equal([false, REENTERED]);
      }
      expect(await owedTo(system, flty, carol)).to.equal(0n);
      await expectSums(system, faulty);
    });
  });
});

describe("Money of one case", () => {
  it("a donation enlarges nobody's payment, and what is in the vault is what is left and the suspense", async () => {
    const { tenge, docket, disposal, kzte, alice, bob, caseId, vaultAt, refund } =
      await loadFixture(deployPartlySeized);
    await tenge.connect(bob).transfer(vaultAt, 40n);
    await disposal.book(caseId, kzte);
    await expect(refund([{ taken: kzte, ...target(kzte, alice, 101n) }])).to.be.revertedWithCustomError(
      docket,
      "DocketExceedsOwed",
    );
    await refund([{ taken: kzte, ...target(kzte, alice, 30n) }]);
    const { left, suspense } = await docket.moneyOf(caseId, kzte);
    expect([left, suspense]).to.deep.equal([70n, 40n]);
    expect(await tenge.balanceOf(vaultAt)).to.equal(left + suspense);
  });

  it("one case's order cannot move another case's vault", async () => {
    const { docket, tenge, kzte, alice, vaultAt, refund, freeze } = await loadFixture(deployPartlySeized);
    await freeze([target(kzte, alice, 1n)], { caseId: "B" });
    await expect(refund([{ taken: kzte, ...target(kzte, alice, 1n) }], { caseId: "B" })).to.be.revertedWithCustomError(
      docket,
      "DocketExceedsOwed",
    );
    expect(await tenge.balanceOf(vaultAt)).to.equal(100);
  });
});
