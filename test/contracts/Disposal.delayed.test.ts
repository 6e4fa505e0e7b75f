import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import type { Hex } from "viem";
import { ACTS, encodeCaseId, SELF } from "../../src/orders/index.ts";
import { type DisposalName, DISPOSALS } from "../system/acts/disposals.ts";
import { addressOf, at, goTo, loadFixture, now, type Sent, timeOf } from "../system/chain.ts";
import { tally } from "../system/charters.ts";
import { deployConverting } from "../system/custody.ts";
import { caseOf, type Effect, effect, effectsOf, entryOf, opened, WHAT } from "../system/entries.ts";
import { expectSums, inKind, UNIT } from "../system/money.ts";
import { DOCUMENT, idsOf, officerIdOf } from "../system/officers.ts";
import { AGENCY, type AgencyName, DAY, DECIDERS, DELAY, GRACE, type OfficerName } from "../system/parameters.ts";

type Given = Parameters<Awaited<ReturnType<typeof deployConverting>>["conversion"]>[1];

const tallyOf = (by: readonly OfficerName[]) =>
  by.reduce((sum, name) => sum + tally({ [AGENCY[name.split("-")[0] as AgencyName]]: 1 }), 0n);

/** One order of each act on 30 of the 300 KZTE in the vault, and what its entry says that it is to do. */
async function deploy() {
  const system = await deployConverting();
  const { kzte, treasury, alice, stranger, wallet } = system;
  const orders: Record<
    DisposalName,
    (
      given?: Given,
      amount?: bigint,
    ) => Promise<{
      digest: Hex;
      ids: Hex[];
      send: () => Sent;
      execute: (ids?: readonly Hex[]) => Sent;
      proposed: Effect;
    }>
  > = {
    Forfeit: async (given, amount = 30n * UNIT) => {
      const order = await system.forfeit({ asset: kzte, treasury: addressOf(treasury), amount }, given);
      const execute = (ids?: readonly Hex[]) => order.execute(stranger, ids);
      return { ...order, execute, proposed: effect(WHAT.PROPOSED, kzte, treasury, amount) };
    },
    Compensate: async (given, amount = 30n * UNIT) => {
      const list = [{ account: addressOf(stranger), amount }];
      const order = await system.compensate({ asset: kzte, list }, given);
      const execute = (ids?: readonly Hex[]) => order.execute(stranger, ids);
      const proposed = effect(WHAT.PROPOSED, kzte, ZeroAddress, amount, BigInt(order.tree.root));
      return { ...order, execute, proposed };
    },
    Convert: async (given, amount = 30n * UNIT) => {
      const order = await system.conversion({ amount }, given);
      const execute = (ids?: readonly Hex[]) => order.execute(wallet, 15n * UNIT, ids);
      return { ...order, execute, proposed: effect(WHAT.PROPOSED, kzte, wallet, amount, 15n * UNIT) };
    },
    Transfer: async (given, amount = 30n * UNIT) => {
      const order = await system.transfer(
        { asset: kzte, to: addressOf(stranger), amount, holder: addressOf(alice) },
        given,
      );
      const execute = (ids?: readonly Hex[]) => order.execute(stranger, ids);
      const value = (1n << 160n) | BigInt(alice.address);
      return { ...order, execute, proposed: effect(WHAT.PROPOSED, kzte, stranger, amount, value) };
    },
  };
  return { ...system, orders };
}

describe("Disposal: what takes money from its holders for good", () => {
  for (const act of DISPOSALS) {
    describe(act, () => {
      it("is scheduled as one entry that says what it is to do and when, and moves nothing", async () => {
        const system = await loadFixture(deploy);
        const { docket, tenge, kzte, caseId } = system;
        const order = await system.orders[act]();
        const [entries, money] = [await docket.entries(), await docket.moneyOf(caseId, kzte)];
        const sending = order.send();
        const start = (await timeOf(sending)) + DELAY[act];
        const deadline = start + GRACE[act];
        const entry = await entryOf(sending);
        expect([entry.seq, entry.act, entry.caseId, entry.document, entry.order]).to.deep.equal([
          entries + 1n,
          BigInt(ACTS[act]),
          caseId,
          DOCUMENT,
          order.digest,
        ]);
        expect(entry.officerIds).to.deep.equal(DECIDERS[act].map(officerIdOf).sort());
        expect(entry.effects).to.deep.equal([
          order.proposed,
          effect(WHAT.SCHEDULED, ZeroAddress, ZeroAddress, start, deadline),
        ]);
        expect(await system.timesOf(order.digest)).to.deep.equal({ start, deadline, state: 1n });
        expect(await docket.moneyOf(caseId, kzte)).to.deep.equal(money);
        await expectSums(system, tenge);
      });

      it("opens a case that no order named before", async () => {
        const system = await loadFixture(deploy);
        const order = await system.orders[act]({ caseId: "CASE-NEW" });
        expect((await effectsOf(order.send())).slice(0, 2)).to.deep.equal([opened(2n), order.proposed]);
        const state = await caseOf(system, encodeCaseId("CASE-NEW"));
        expect(state).to.deep.equal({ number: 2n, hasVault: false });
      });

      it("is executed from its first second to its last, and once", async () => {
        const system = await loadFixture(deploy);
        const { quorum, tenge, docket, kzte, caseId } = system;
        for (const late of [0n, GRACE[act]]) {
          const order = await system.orders[act]();
          await order.send();
          const { start, deadline } = await system.timesOf(order.digest);
          await at(start - 1n);
          await expect(order.execute())
            .to.be.revertedWithCustomError(quorum, "QuorumTooEarly")
            .withArgs(order.digest, start);
          await at(start + late);
          const entry = await entryOf(order.execute());
          expect(entry.timestamp).to.equal(late === 0n ? start : deadline);
          expect([entry.act, entry.caseId, entry.document, entry.order, entry.officerIds]).to.deep.equal([
            BigInt(ACTS.execute),
            caseId,
            DOCUMENT,
            order.digest,
            order.ids,
          ]);
          await expect(order.execute())
            .to.be.revertedWithCustomError(quorum, "QuorumOrderEnded")
            .withArgs(order.digest, 2);
        }
        expect((await docket.moneyOf(caseId, kzte)).left).to.equal(240n * UNIT);
        await expectSums(system, tenge);
      });

      it("is dead after its last second", async () => {
        const system = await loadFixture(deploy);
        const order = await system.orders[act]();
        await order.send();
        const { deadline } = await system.timesOf(order.digest);
        await at(deadline + 1n);
        await expect(order.execute())
          .to.be.revertedWithCustomError(system.quorum, "QuorumTooLate")
          .withArgs(order.digest, deadline);
      });

      it("is not executed unless it was scheduled, nor after a veto, nor with other approvers than it had", async () => {
        const system = await loadFixture(deploy);
        const { quorum, veto } = system;
        const order = await system.orders[act]();
        await expect(order.execute())
          .to.be.revertedWithCustomError(quorum, "QuorumNotScheduled")
          .withArgs(order.digest);
        await order.send();
        await goTo((await system.timesOf(order.digest)).start);
        for (const ids of [[], order.ids.slice(1), order.ids.toReversed(), idsOf([...DECIDERS[act], "FMA-1"])]) {
          await expect(order.execute(ids))
            .to.be.revertedWithCustomError(quorum, "QuorumWrongApprovers")
            .withArgs(order.digest);
        }
        await (await veto(order.digest, ["COURT-3"])).send();
        await expect(order.execute())
          .to.be.revertedWithCustomError(quorum, "QuorumOrderEnded")
          .withArgs(order.digest, 3);
      });

      it("goes stale when one of its approvers is dismissed as compromised", async () => {
        const system = await loadFixture(deploy);
        const order = await system.orders[act]();
        await order.send();
        await (await system.dismiss(officerIdOf("GPO-1"), ["GPO-2", "GPO-3"], { compromised: true })).send();
        await goTo((await system.timesOf(order.digest)).start);
        await expect(order.execute())
          .to.be.revertedWithCustomError(system.quorum, "QuorumStale")
          .withArgs(order.digest, tallyOf(DECIDERS[act].filter((name) => name !== "GPO-1")), tallyOf(DECIDERS[act]));
      });

      it("needs every officer of its rule", async () => {
        const system = await loadFixture(deploy);
        for (const missing of DECIDERS[act]) {
          const by = (DECIDERS[act] as readonly OfficerName[]).filter((name) => name !== missing);
          const order = await system.orders[act]({ by });
          await expect(order.send())
            .to.be.revertedWithCustomError(system.quorum, "QuorumNotMet")
            .withArgs(order.digest, ACTS[act], SELF, tallyOf(by));
        }
      });

      it("is scheduled once, and in time", async () => {
        const system = await loadFixture(deploy);
        const { quorum, docket } = system;
        const order = await system.orders[act]();
        await order.send();
        await expect(order.send())
          .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
          .withArgs(order.digest, await docket.entries());
        const signBy = (await now()) + 100n;
        const late = await system.orders[act]({ signBy });
        await at(signBy + 1n);
        await expect(late.send()).to.be.revertedWithCustomError(quorum, "OrderExpired").withArgs(late.digest, signBy);
      });

      it("rests on a document, and on an amount that is not 0 and fits 96 bits", async () => {
        const system = await loadFixture(deploy);
        const { disposal, docket } = system;
        const entries = await docket.entries();
        await expect((await system.orders[act]({ document: ZeroHash as Hex })).send()).to.be.revertedWithCustomError(
          disposal,
          "ZeroDocument",
        );
        for (const amount of [0n, 2n ** 96n]) {
          await expect((await system.orders[act]({}, amount)).send()).to.be.revertedWithCustomError(
            disposal,
            "DisposalInvalidAmount",
          );
        }
        expect(await docket.entries()).to.equal(entries);
      });

      it("rests on an asset that is installed", async () => {
        const system = await loadFixture(deploy);
        const { disposal, stranger, wallet, usdx } = system;
        const asset = addressOf(stranger);
        const to = addressOf(wallet);
        const order = {
          Forfeit: () => system.forfeit({ asset, treasury: to, amount: 1n }),
          Compensate: () => system.compensate({ asset, list: [{ account: to, amount: 1n }] }),
          Convert: () => system.convert({ asset, amount: 1n, wallet: to, proceedsAsset: usdx, leastProceeds: 1n }),
          Transfer: () => system.transfer({ asset, to, amount: 1n }),
        };
        await expect((await order[act]()).send())
          .to.be.revertedWithCustomError(disposal, "DisposalUnknownAsset")
          .withArgs(asset);
      });

      it("does not take what is no longer in custody, and waits until what came instead has lain its whole delay", async () => {
        const system = await loadFixture(deploy);
        const { docket, refund, take, tenge, kzte, alice, bob, caseId } = system;
        const order = await system.orders[act]();
        await order.send();
        await refund([inKind(kzte, alice, 80n * UNIT), inKind(kzte, bob, 191n * UNIT)]);
        const { start } = await system.timesOf(order.digest);
        await goTo(start - DAY);
        await take([{ asset: kzte, account: addressOf(alice), amount: 10n * UNIT }]);
        const came = await now();
        // The Transfer names alice, from whom was taken just now: of hers nothing goes.
        const free = act === "Transfer" ? 0n : 29n * UNIT;
        for (const second of [start, came + DELAY[act] - 1n]) {
          await at(second);
          await expect(order.execute())
            .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
            .withArgs(caseId, kzte, free, 30n * UNIT);
        }
        await at(came + DELAY[act]);
        await order.execute();
        await expectSums(system, tenge);
      });

      it("is stayed by an agency for its days, and executed when the stay is over", async () => {
        const system = await loadFixture(deploy);
        const { quorum, stay } = system;
        const order = await system.orders[act]();
        await order.send();
        const first = await system.timesOf(order.digest);
        const until = first.start + 89n * DAY;
        await (await stay(order.digest, until, ["COURT-3"])).send();
        await expect((await stay(order.digest, until + DAY + 1n, ["COURT-2"])).send())
          .to.be.revertedWithCustomError(quorum, "QuorumStayedTooLong")
          .withArgs(order.digest, AGENCY.COURT, 89n, 2n, 90n * DAY);
        const stayed = await system.timesOf(order.digest);
        expect(stayed).to.deep.equal({ start: until, deadline: first.deadline + 89n * DAY, state: 1n });
        await at(until - 1n);
        await expect(order.execute()).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
        await at(until);
        await order.execute();
      });
    });
  }
});
