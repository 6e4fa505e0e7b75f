import { expect } from "chai";
import { MaxUint256, ZeroAddress, ZeroHash } from "ethers";
import type { Address, Hex } from "viem";
import {
  ACTS,
  buildReturn,
  buildSeize,
  digestOf,
  encodeCaseId,
  type Order,
  type Refund,
} from "../../src/orders/index.ts";
import { decodeEffects, NEVER, tally, type Effect } from "./charters.ts";
import { deployCustody, expectSums, inKind, type Custody } from "./custody.ts";
import { deployFaultySystem, FAULT, type FaultySystem } from "./faulty.ts";
import {
  addressOf,
  approvalsOf,
  CASE,
  DAY,
  DOCUMENT,
  ethers,
  networkHelpers,
  nextSalt,
  now,
  officerIdOf,
  struct,
  UNIT,
  type OfficerName,
} from "./fixture.ts";

const { time } = networkHelpers;

const OTHER = "CASE-2";
const { GPO, COURT, NBK } = { GPO: 2, COURT: 3, NBK: 4 };
const { RETURNED, CLAIM_DUE, CLAIMED } = { RETURNED: 32n, CLAIM_DUE: 33n, CLAIMED: 34n };

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
      ...{ caseId: encodeCaseId(CASE), document: DOCUMENT, holders: [], signBy: NEVER, salt: nextSalt() },
      ...message,
    },
  };
  return disposal.refund(struct(order.message), await approvalsOf(domain, order, ["COURT-1", "NBK-1"]));
}

describe("Disposal", () => {
  describe("Return in kind", () => {
    it("gives a holder back the whole of what was taken", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { tenge, disposal, kzte, alice, vaultAt, caseId } = system;
      await expect(system.refund([inKind(kzte, alice, 100n * UNIT)])).to.changeTokenBalances(
        ethers,
        tenge,
        [alice, vaultAt],
        [100n * UNIT, -100n * UNIT],
      );
      expect(await tenge.balanceOf(alice)).to.equal(1_000n * UNIT);
      expect((await disposal.ledgerOf(caseId, kzte)).paid).to.equal(100n * UNIT);
      expect((await disposal.ledgerOf(caseId, kzte)).reserved).to.equal(0);
      expect(await disposal.returnedTo(caseId, kzte, alice)).to.equal(100n * UNIT);
      await expectSums(system, tenge);
    });

    it("is one entry of the journal, with order, document, officers and every payment", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { kzte, flty, alice, bob, domain, disposal, caseId } = system;
      const holders = [inKind(kzte, alice, 3n), inKind(flty, bob, 4n)];
      const order = buildReturn({ caseId: CASE, document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() });
      const before = await system.docket.entries();
      await disposal.refund(struct(order.message), await approvalsOf(domain, order, ["COURT-1", "NBK-1"]));
      const entry = await lastEntry(system);
      expect([entry.seq, entry.act, entry.caseId, entry.document, entry.order]).to.deep.equal([
        ...[before + 1n, BigInt(ACTS.Return), caseId, DOCUMENT, digestOf(order, domain)],
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
      const { tenge, disposal, kzte, alice, caseId } = system;
      let left = 100n * UNIT;
      for (const part of [1n, 30n * UNIT, 50n * UNIT, 20n * UNIT - 1n]) {
        await system.refund([inKind(kzte, alice, part)]);
        left -= part;
        expect(await disposal.returnedTo(caseId, kzte, alice)).to.equal(100n * UNIT - left);
        await expectSums(system, tenge);
      }
      expect(await tenge.balanceOf(alice)).to.equal(1_000n * UNIT);
      await expect(system.refund([inKind(kzte, alice, 1n)]))
        .to.be.revertedWithCustomError(disposal, "DisposalExceedsTaken")
        .withArgs(kzte, alice.address, 0, 1);
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
      const { disposal, kzte, alice } = system;
      await system.refund([inKind(kzte, alice, 60n * UNIT)]);
      for (const amount of [40n * UNIT + 1n, 200n * UNIT, 2n ** 96n, 2n ** 128n, MaxUint256]) {
        await expect(refundRaw(system, { holders: [inKind(kzte, alice, amount)] }))
          .to.be.revertedWithCustomError(disposal, "DisposalExceedsTaken")
          .withArgs(kzte, alice.address, 40n * UNIT, amount);
      }
    });

    it("gives nothing to somebody from whom nothing was taken, not in this case and not in this asset", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { disposal, kzte, usdx, alice, carol, treasury } = system;
      for (const [asset, account] of [
        [kzte, carol],
        [kzte, treasury],
        [usdx, alice],
      ] as const) {
        await expect(system.refund([inKind(asset, account, 1n)]))
          .to.be.revertedWithCustomError(disposal, "DisposalExceedsTaken")
          .withArgs(asset, account.address, 0, 1);
      }
      await expect(system.refund([inKind(kzte, alice, 1n)], { caseId: "NEVER-OPENED" }))
        .to.be.revertedWithCustomError(disposal, "DisposalExceedsTaken")
        .withArgs(kzte, alice.address, 0, 1);
    });

    it("moves the vault of its own case only, though another case took more from the same holder", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { disposal, docket, tenge, kzte, alice } = system;
      await system.take([{ asset: kzte, account: addressOf(alice), amount: 500n * UNIT }], { caseId: OTHER });
      const other = await docket.vaultOf(encodeCaseId(OTHER));
      await expect(system.refund([inKind(kzte, alice, 100n * UNIT + 1n)]))
        .to.be.revertedWithCustomError(disposal, "DisposalExceedsTaken")
        .withArgs(kzte, alice.address, 100n * UNIT, 100n * UNIT + 1n);
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
      const { disposal, kzte, alice, caseId } = system;
      await system.refund([inKind(kzte, alice, 100n * UNIT)]);
      await system.take([{ asset: kzte, account: addressOf(alice), amount: 10n * UNIT }]);
      await expect(system.refund([inKind(kzte, alice, 11n * UNIT)]))
        .to.be.revertedWithCustomError(disposal, "DisposalExceedsTaken")
        .withArgs(kzte, alice.address, 10n * UNIT, 11n * UNIT);
      await system.refund([inKind(kzte, alice, 10n * UNIT)]);
      expect(await disposal.returnedTo(caseId, kzte, alice)).to.equal(110n * UNIT);
    });

    it("is decided by court and custodian, by two judges, or without the court by three agencies", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { quorum, domain, disposal, kzte, alice } = system;
      const alternatives: [OfficerName[], bigint][] = [
        [["COURT-1", "NBK-1"], tally({ [COURT]: 1, [NBK]: 1 })],
        [["COURT-2", "COURT-3"], tally({ [COURT]: 2 })],
        [["FMA-1", "GPO-1", "NBK-2"], tally({ 0: 1, [GPO]: 1, [NBK]: 1 })],
      ];
      for (const [alternative, [by, need]] of alternatives.entries()) {
        for (const missing of by) {
          const rest = by.filter((name) => name !== missing);
          const holders = [inKind(kzte, alice, 1n)];
          const order = buildReturn({ caseId: CASE, document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() });
          const have = rest.reduce((sum, name) => sum + tally({ [AGENCY[name.split("-")[0]!]!]: 1 }), 0n);
          await expect(disposal.refund(struct(order.message), await approvalsOf(domain, order, rest, alternative)))
            .to.be.revertedWithCustomError(quorum, "QuorumNotMet")
            .withArgs(digestOf(order, domain), have, need);
        }
        await system.refund([inKind(kzte, alice, 1n)], { by, alternative });
      }
      expect(await disposal.returnedTo(system.caseId, kzte, alice)).to.equal(3);
      await expect(system.refund([inKind(kzte, alice, 1n)], { alternative: 3 }))
        .to.be.revertedWithCustomError(quorum, "QuorumNoRule")
        .withArgs(ACTS.Return, 3);
    });

    it("happens once by one order", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { kzte, alice, quorum, tenge } = system;
      const salt = nextSalt();
      await system.refund([inKind(kzte, alice, 10n * UNIT)], { salt });
      await expect(system.refund([inKind(kzte, alice, 10n * UNIT)], { salt })).to.be.revertedWithCustomError(
        quorum,
        "QuorumOrderUsed",
      );
      expect(await tenge.balanceOf(alice)).to.equal(910n * UNIT);
    });

    it("is no payment that a relayer can starve into a claim: any gas either pays or changes nothing", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { disposal, domain, kzte, alice, caseId } = system;
      const holders = [inKind(kzte, alice, 10n * UNIT)];
      const order = buildReturn({ caseId: CASE, document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() });
      const approvals = await approvalsOf(domain, order, ["COURT-1", "NBK-1"]);
      const enough = await disposal.refund.estimateGas(struct(order.message), approvals);
      let [paid, reverted] = [0, 0];
      for (let percent = 40n; percent <= 110n; percent += 2n) {
        const before = await networkHelpers.takeSnapshot();
        const gasLimit = (enough * percent) / 100n;
        try {
          await disposal.refund(struct(order.message), approvals, { gasLimit });
          ++paid;
          expect((await disposal.ledgerOf(caseId, kzte)).paid).to.equal(10n * UNIT);
        } catch {
          ++reverted;
          expect((await disposal.ledgerOf(caseId, kzte)).paid).to.equal(0);
        }
        expect((await disposal.ledgerOf(caseId, kzte)).reserved).to.equal(0, `a claim at ${percent} % of the gas`);
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
      ).to.be.revertedWithCustomError(system.disposal, "DisposalZeroDocument");
    });

    it("an amount of zero", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { kzte, alice } = system;
      await expect(refundRaw(system, { holders: [inKind(kzte, alice, 0n)] }))
        .to.be.revertedWithCustomError(system.disposal, "DisposalInvalidAmount")
        .withArgs(kzte, alice.address, 0);
    });

    it("proceeds of an asset that was never converted", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { kzte, flty, alice, caseId, disposal } = system;
      for (const [taken, asset] of [
        [kzte, flty],
        [flty, kzte],
        [ZeroAddress as Address, kzte],
      ] as const) {
        await expect(refundRaw(system, { holders: [{ taken, asset, account: addressOf(alice), amount: 1n }] }))
          .to.be.revertedWithCustomError(disposal, "DisposalExceedsProceeds")
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
      const { tenge, disposal, kzte, alice, bob, caseId } = system;
      await expect(
        system.refund([inKind(kzte, alice, 100n * UNIT), inKind(kzte, bob, 201n * UNIT)]),
      ).to.be.revertedWithCustomError(disposal, "DisposalExceedsTaken");
      expect(await tenge.balanceOf(alice)).to.equal(900n * UNIT);
      expect((await disposal.ledgerOf(caseId, kzte)).paid).to.equal(0);
      expect(await disposal.returnedTo(caseId, kzte, alice)).to.equal(0);
    });

    it("more than the case has left, even if the docket's sums did not add up", async () => {
      const { alice, kzte, caseId } = await networkHelpers.loadFixture(deploySeized);
      const loose = await ethers.deployContract("LooseDocket", [100]);
      const disposal = await ethers.deployContract("Disposal", [
        await ethers.deployContract("PassingQuorum"),
        await loose.getAddress(),
        alice,
      ]);
      const holders = [inKind(kzte, alice, 101n)];
      const order = { caseId, document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() };
      await expect(disposal.refund(order, { alternative: 0, keys: "0x", others: [] }))
        .to.be.revertedWithCustomError(disposal, "DisposalExceedsCustody")
        .withArgs(caseId, kzte, 100, 101);
    });
  });

  describe("a payee that an asset refuses", () => {
    for (const [how, fault] of [
      ["reverts", FAULT.revert],
      ["answers false", FAULT.returnFalse],
    ] as const) {
      it(`gets a claim and blocks no other, where the asset ${how}`, async () => {
        const system = await networkHelpers.loadFixture(deploySeized);
        const { faulty, disposal, flty, alice, bob, caseId } = system;
        await faulty.setFault(bob, fault);
        await system.refund([inKind(flty, alice, 100n * UNIT), inKind(flty, bob, 150n * UNIT)]);
        const at = await now();
        expect(await faulty.balanceOf(alice)).to.equal(1_000n * UNIT);
        expect(await faulty.balanceOf(bob)).to.equal(800n * UNIT);
        expect(await disposal.claimOf(caseId, flty, bob)).to.deep.equal([150n * UNIT, at]);
        expect(await disposal.claimOf(caseId, flty, alice)).to.deep.equal([0n, 0n]);
        expect((await disposal.ledgerOf(caseId, flty)).paid).to.equal(100n * UNIT);
        expect((await disposal.ledgerOf(caseId, flty)).reserved).to.equal(150n * UNIT);
        expect(await disposal.returnedTo(caseId, flty, bob)).to.equal(150n * UNIT);
        await expectSums(system, faulty);

        const told: Effect[] = [
          [RETURNED, flty, alice.address, 100n * UNIT, BigInt(flty)],
          [CLAIM_DUE, flty, bob.address, 150n * UNIT, BigInt(flty)],
        ];
        const { effects } = await lastEntry(system);
        expect(effects).to.have.deep.members(told);
      });
    }

    it("uses up the holder's limit by its claim: it cannot be promised twice", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, disposal, flty, bob } = system;
      await faulty.setFault(bob, FAULT.revert);
      await system.refund([inKind(flty, bob, 150n * UNIT)]);
      await faulty.setFault(bob, FAULT.none);
      await expect(system.refund([inKind(flty, bob, 50n * UNIT + 1n)]))
        .to.be.revertedWithCustomError(disposal, "DisposalExceedsTaken")
        .withArgs(flty, bob.address, 50n * UNIT, 50n * UNIT + 1n);
      await system.refund([inKind(flty, bob, 50n * UNIT)]);
      await disposal.claim(system.caseId, flty, bob);
      expect(await faulty.balanceOf(bob)).to.equal(1_000n * UNIT);
    });

    it("adds later claims to its first one, and the time starts again", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, disposal, flty, bob, caseId } = system;
      await faulty.setFault(bob, FAULT.revert);
      await system.refund([inKind(flty, bob, 10n * UNIT)]);
      await time.increase(5n * DAY);
      await system.refund([inKind(flty, bob, 20n * UNIT)]);
      expect(await disposal.claimOf(caseId, flty, bob)).to.deep.equal([30n * UNIT, await now()]);
      expect((await disposal.ledgerOf(caseId, flty)).reserved).to.equal(30n * UNIT);
      await expectSums(system, faulty);
    });
  });

  describe("claim", () => {
    /** A claim of bob for 150 FLTY, of which 50 more of bob's and all of alice's is still in the vault. */
    async function deployClaim() {
      const system = await deploySeized();
      await system.faulty.setFault(system.bob, FAULT.revert);
      await system.refund([inKind(system.flty, system.bob, 150n * UNIT)]);
      return system;
    }

    it("is paid by anyone to the claimant alone, once the asset accepts", async () => {
      const system = await networkHelpers.loadFixture(deployClaim);
      const { faulty, disposal, flty, bob, stranger, vaultAt, caseId } = system;
      await faulty.setFault(bob, FAULT.none);
      await expect(disposal.connect(stranger).claim(caseId, flty, bob)).to.changeTokenBalances(
        ethers,
        faulty,
        [bob, stranger, vaultAt],
        [150n * UNIT, 0n, -150n * UNIT],
      );
      expect((await disposal.ledgerOf(caseId, flty)).paid).to.equal(150n * UNIT);
      expect((await disposal.ledgerOf(caseId, flty)).reserved).to.equal(0);
      expect(await disposal.claimOf(caseId, flty, bob)).to.deep.equal([0n, 0n]);
      await expectSums(system, faulty);

      const entry = await lastEntry(system);
      expect([entry.act, entry.caseId, entry.document, entry.order, entry.officerIds]).to.deep.equal([
        ...[BigInt(ACTS.claim), caseId, ZeroHash, ZeroHash, []],
      ]);
      expect(entry.effects).to.deep.equal([[CLAIMED, flty, bob.address, 150n * UNIT, 0n]]);
    });

    it("is paid once", async () => {
      const system = await networkHelpers.loadFixture(deployClaim);
      const { faulty, disposal, flty, bob, caseId } = system;
      await faulty.setFault(bob, FAULT.none);
      await disposal.claim(caseId, flty, bob);
      await expect(disposal.claim(caseId, flty, bob))
        .to.be.revertedWithCustomError(disposal, "DisposalNoClaim")
        .withArgs(caseId, flty, bob.address);
    });

    it("is nobody else's, no other asset's and no other case's", async () => {
      const system = await networkHelpers.loadFixture(deployClaim);
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
        const system = await networkHelpers.loadFixture(deployClaim);
        const { faulty, disposal, docket, flty, bob, caseId } = system;
        await faulty.setFault(bob, fault);
        const [before, entries] = [await disposal.claimOf(caseId, flty, bob), await docket.entries()];
        await expect(disposal.claim(caseId, flty, bob))
          .to.be.revertedWithCustomError(disposal, "DisposalPaymentRefused")
          .withArgs(caseId, flty, bob.address, 150n * UNIT);
        expect(await disposal.claimOf(caseId, flty, bob)).to.deep.equal(before);
        expect((await disposal.ledgerOf(caseId, flty)).reserved).to.equal(150n * UNIT);
        expect(await docket.entries()).to.equal(entries);
        await expectSums(system, faulty);
      });
    }

    it("keeps its case open until it is paid", async () => {
      const system = await networkHelpers.loadFixture(deployFaultySystem);
      const { faulty, disposal, docket, flty, bob, caseId } = system;
      await system.take([{ asset: flty, account: addressOf(bob), amount: 150n * UNIT }]);
      await faulty.setFault(bob, FAULT.revert);
      await system.refund([inKind(flty, bob, 150n * UNIT)]);
      await expect(docket.close(caseId))
        .to.be.revertedWithCustomError(docket, "DocketCaseHoldsMoney")
        .withArgs(caseId, flty, 150n * UNIT, 0);
      await faulty.setFault(bob, FAULT.none);
      await disposal.claim(caseId, flty, bob);
      await docket.close(caseId);
      expect((await docket.caseOf(caseId)).closed).to.equal(true);
    });

    for (const [what, fault, moved] of [
      ["moves nothing", FAULT.moveNothing, 0n],
      ["moves less", FAULT.moveLess, 150n * UNIT - 1n],
      ["moves more", FAULT.feeOnTop, 150n * UNIT + 1n],
    ] as const) {
      it(`is not paid by an asset that says yes and ${what}`, async () => {
        const { faulty, disposal, flty, bob, caseId } = await networkHelpers.loadFixture(deployClaim);
        await faulty.setFault(bob, fault);
        await expect(disposal.claim(caseId, flty, bob))
          .to.be.revertedWithCustomError(disposal, "DisposalMoved")
          .withArgs(flty, bob.address, 150n * UNIT, moved);
        expect((await disposal.claimOf(caseId, flty, bob)).amount).to.equal(150n * UNIT);
      });
    }
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
        const { faulty, disposal, docket, flty, bob, vaultAt, caseId } = system;
        await faulty.setFault(bob, fault);
        const entries = await docket.entries();
        await expect(system.refund([inKind(flty, bob, 50n)]))
          .to.be.revertedWithCustomError(disposal, "DisposalMoved")
          .withArgs(flty, bob.address, expected, moved);
        expect(await faulty.balanceOf(vaultAt)).to.equal(300n * UNIT);
        expect(await disposal.returnedTo(caseId, flty, bob)).to.equal(0);
        expect(await docket.entries()).to.equal(entries);
      });
    }

    it("takes a fee from the payee: the vault is right, so the payment stands", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, disposal, flty, bob, caseId } = system;
      await faulty.setFault(bob, FAULT.feeFromPayee);
      await system.refund([inKind(flty, bob, 50n)]);
      expect(await faulty.balanceOf(bob)).to.equal(800n * UNIT + 49n);
      expect((await disposal.ledgerOf(caseId, flty)).paid).to.equal(50);
      await expectSums(system, faulty);
    });

    it("answers nothing at all, as old tokens do: the payment stands", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, disposal, flty, bob, caseId } = system;
      await faulty.setFault(bob, FAULT.returnNothing);
      await system.refund([inKind(flty, bob, 50n)]);
      expect(await faulty.balanceOf(bob)).to.equal(800n * UNIT + 50n);
      expect((await disposal.ledgerOf(caseId, flty)).paid).to.equal(50);
    });

    it("credits the vault while it pays: nothing is paid", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, disposal, flty, bob, vaultAt, caseId } = system;
      await faulty.setHook(flty, faulty.interface.encodeFunctionData("mint", [vaultAt, 20]));
      await expect(system.refund([inKind(flty, bob, 50n)]))
        .to.be.revertedWithCustomError(disposal, "DisposalMoved")
        .withArgs(flty, bob.address, 50, 30);
      await faulty.setHook(flty, faulty.interface.encodeFunctionData("mint", [vaultAt, 60]));
      await expect(system.refund([inKind(flty, bob, 50n)])).to.be.revert(ethers);
      expect((await disposal.ledgerOf(caseId, flty)).paid).to.equal(0);
    });
  });

  describe("an asset that calls back", () => {
    const REENTERED = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);

    /** What `disposal.refund` of another good order would be called with. */
    async function refundData({ disposal, domain }: Seized, holders: Refund[]) {
      const order = buildReturn({ caseId: CASE, document: DOCUMENT, holders, signBy: NEVER, salt: nextSalt() });
      const approvals = await approvalsOf(domain, order, ["COURT-1", "NBK-1"]);
      return disposal.interface.encodeFunctionData("refund", [struct(order.message), approvals]);
    }

    /** What `docket.seize` of a good order would be called with. */
    async function seizeData({ docket, domain }: Seized, asset: Address, { address }: { address: string }) {
      const holds = [{ asset, account: address as Address, amount: 5n * UNIT }];
      const order = buildSeize({ caseId: CASE, document: DOCUMENT, holds, signBy: NEVER, salt: nextSalt() });
      const approvals = await approvalsOf(domain, order, ["COURT-1", "FMA-1", "GPO-1", "NBK-1"]);
      return docket.interface.encodeFunctionData("seize", [struct(order.message), approvals]);
    }

    it("cannot enter refund or claim during a refund; the payment itself stands", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, disposal, flty, alice, bob, caseId } = system;
      await faulty.setFault(alice, FAULT.revert);
      await system.refund([inKind(flty, alice, 10n)]);
      await faulty.setFault(alice, FAULT.none);
      for (const data of [
        await refundData(system, [inKind(flty, bob, 7n)]),
        disposal.interface.encodeFunctionData("claim", [caseId, flty, alice.address]),
      ]) {
        await faulty.setHook(disposal, data);
        const before = await faulty.balanceOf(bob);
        await system.refund([inKind(flty, bob, 5n)]);
        expect([await faulty.hookSucceeded(), await faulty.hookAnswer()]).to.deep.equal([false, REENTERED]);
        expect((await faulty.balanceOf(bob)) - before).to.equal(5);
      }
      expect(await disposal.returnedTo(caseId, flty, bob)).to.equal(10);
      expect((await disposal.claimOf(caseId, flty, alice)).amount).to.equal(10);
      await expectSums(system, faulty);
    });

    it("cannot have a claim paid twice, nor refund during it", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, disposal, flty, bob, caseId } = system;
      for (const data of [
        disposal.interface.encodeFunctionData("claim", [caseId, flty, bob.address]),
        await refundData(system, [inKind(flty, bob, 7n)]),
      ]) {
        await faulty.setHook(ZeroAddress, "0x");
        await faulty.setFault(bob, FAULT.revert);
        await system.refund([inKind(flty, bob, 10n)]);
        await faulty.setFault(bob, FAULT.none);
        await faulty.setHook(disposal, data);
        const before = await faulty.balanceOf(bob);
        await disposal.claim(caseId, flty, bob);
        expect([await faulty.hookSucceeded(), await faulty.hookAnswer()]).to.deep.equal([false, REENTERED]);
        expect((await faulty.balanceOf(bob)) - before).to.equal(10);
      }
      expect((await disposal.ledgerOf(caseId, flty)).paid).to.equal(20);
      await expectSums(system, faulty);
    });

    it("cannot enter a seizure during a seizure", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, docket, flty, carol, caseId } = system;
      const holds = [{ asset: flty, account: addressOf(carol), amount: 10n * UNIT }];
      await system.freeze(holds);
      await faulty.setHook(docket, await seizeData(system, flty, carol));
      await system.seize([{ ...holds[0]!, amount: 5n * UNIT }]);
      expect([await faulty.hookSucceeded(), await faulty.hookAnswer()]).to.deep.equal([false, REENTERED]);
      expect((await docket.custodyOf(caseId, flty, carol)).takenFrom).to.equal(5n * UNIT);
      await expectSums(system, faulty);
    });

    it("cannot slip a seizure of the same asset into a payment", async () => {
      const system = await networkHelpers.loadFixture(deploySeized);
      const { faulty, disposal, docket, flty, bob, carol, caseId } = system;
      await system.freeze([{ asset: flty, account: addressOf(carol), amount: 10n * UNIT }]);
      await faulty.setFault(bob, FAULT.revert);
      await system.refund([inKind(flty, bob, 50n * UNIT)]);
      await faulty.setFault(bob, FAULT.none);
      await faulty.setHook(docket, await seizeData(system, flty, carol));
      await expect(disposal.claim(caseId, flty, bob))
        .to.be.revertedWithCustomError(disposal, "DisposalMoved")
        .withArgs(flty, bob.address, 50n * UNIT, 45n * UNIT);
      await expect(system.refund([inKind(flty, bob, 50n * UNIT)])).to.be.revertedWithCustomError(
        disposal,
        "DisposalMoved",
      );
      expect((await docket.custodyOf(caseId, flty, carol)).takenFrom).to.equal(0);
      await expectSums(system, faulty);
    });
  });

  it("knows its quorum and its docket", async () => {
    const { disposal, quorum, docket } = await networkHelpers.loadFixture(deploySeized);
    expect(await disposal.QUORUM()).to.equal(await quorum.getAddress());
    expect(await disposal.DOCKET()).to.equal(await docket.getAddress());
  });
});

/** The agencies' indices in the charter. */
const AGENCY: Record<string, number> = { FMA: 0, KNB: 1, GPO, COURT, NBK, MOF: 5 };
