import { expect } from "chai";
import { buildFreeze, digestOf, encodeCaseId, type Order } from "../../src/orders/index.ts";
import { itRefusesBrokenOrders, twoByTwo } from "./brokenOrders.ts";
import { CASE } from "../system/acts/signed.ts";
import { at, goTo, loadFixture, newAddress, now, timeOf } from "../system/chain.ts";
import {
  actsIn,
  deployContracts,
  deployPartlySeized,
  deploySystem,
  holderOf,
  install,
  type System,
} from "../system/deployed.ts";
import {
  caseOf,
  changed,
  effectsOf,
  entriesOf,
  entryOf,
  execute,
  headAfter,
  holdsOn,
  MAX_AMOUNT,
  onHold,
  opened,
  PROVISIONAL,
  STANDING,
  target,
  WHAT,
} from "../system/entries.ts";
import { UNIT } from "../system/money.ts";
import { DOCUMENT, nextSalt, officerIdOf, struct } from "../system/officers.ts";
import { DAY, DECIDERS, type OfficerName, TERM, PARAMETERS } from "../system/parameters.ts";

const BY = DECIDERS.Freeze;

const idsOf = (names: OfficerName[]) => names.map(officerIdOf).sort();

/** One order of a batch, over one account. */
const orderOver = async (
  { base, kzte }: System,
  caseId: string,
  accounts: (string | { address: string })[],
): Promise<Order<"Freeze">> =>
  buildFreeze({
    ...(await base({ caseId })),
    targets: accounts.map((account) => target(kzte, account, 10n * UNIT)),
    term: Number(TERM.Freeze),
  });

const approveAll = ({ approve }: System, orders: Order<"Freeze">[]) =>
  Promise.all(orders.map((order) => approve(order, BY)));

describe("Docket.freeze", () => {
  describe("one order", () => {
    it("places a provisional hold for the order's term, counted from its execution", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, tenge, freeze, kzte, alice } = system;
      const since = (await now()) + 100n;
      await at(since);
      await freeze([target(kzte, alice, 60n)], { term: Number(3n * DAY) });
      const hold = {
        kind: PROVISIONAL,
        caseNumber: 1n,
        number: 1n,
        since,
        until: since + 3n * DAY,
        amount: 60n,
        opens: true as const,
      };
      expect(await holdsOn(system, kzte, alice)).to.deep.equal([hold]);
      expect([...(await docket.heldOf(kzte, alice))]).to.deep.equal([60n, hold.until]);
      expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
    });

    it("is one entry of the journal, with the order, its document, its officers and exactly what changed", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, domain, kzte, alice, caseId } = system;
      const [head, order] = [await docket.head(), await orderOver(system, CASE, [alice])];
      const sent = execute(system, order);
      const entry = await entryOf(sent);
      const since = await timeOf(sent);
      const hold = {
        kind: PROVISIONAL,
        caseNumber: 1n,
        number: 1n,
        amount: 10n * UNIT,
        since,
        until: since + TERM.Freeze,
        opens: true as const,
      };
      expect(entry.effects).to.deep.equal([opened(1n), onHold(WHAT.HELD, kzte, alice, 10n * UNIT, hold)]);
      expect(entry).to.deep.include({ seq: 2n, act: 1n, caseId, document: DOCUMENT, order: digestOf(order, domain) });
      expect(entry.officerIds).to.deep.equal(idsOf(BY));
      expect(entry.head).to.equal(headAfter(head, entry));
      expect(await docket.head()).to.equal(entry.head);
      expect(await docket.entries()).to.equal(2n);
    });

    it("tells the token, which says so", async () => {
      const { tenge, freeze, kzte, alice } = await loadFixture(deploySystem);
      await expect(freeze([target(kzte, alice, 60n)]))
        .to.emit(tenge, "Frozen")
        .withArgs(alice.address, 60n);
    });

    it("opens the case that it names", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, freeze, kzte, alice, caseId } = system;
      expect(await caseOf(system, caseId)).to.deep.equal({ number: 0n, hasVault: false });
      await freeze([target(kzte, alice, 60n)]);
      expect(await caseOf(system, caseId)).to.deep.equal({ number: 1n, hasVault: false });
      expect(await docket.caseCount()).to.equal(1n);
      expect(await docket.caseIdOf(1n)).to.equal(caseId);
    });

    it("opens a case once; holds are numbered on over all cases", async () => {
      const system = await loadFixture(deploySystem);
      const { freeze, kzte, alice, bob, carol } = system;
      await freeze([target(kzte, alice, 1n)]);
      const second = await effectsOf(freeze([target(kzte, bob, 2n)]));
      const third = await effectsOf(freeze([target(kzte, carol, 3n)], { caseId: "CASE-2" }));
      expect(second.map(({ what }) => what)).to.deep.equal([WHAT.HELD]);
      expect(third[0]).to.deep.equal(opened(2n));
      const [onBob, onCarol] = [await holdsOn(system, kzte, bob), await holdsOn(system, kzte, carol)];
      expect(onBob[0]).to.include({ caseNumber: 1n, number: 2n });
      expect(onCarol[0]).to.include({ caseNumber: 2n, number: 3n });
    });

    it("holds accounts in several assets, in the order's own order", async () => {
      const system = await loadFixture(deploySystem);
      const { freeze, tenge, other, alice, bob } = system;
      const targets = twoByTwo(system, 5n);
      const effects = await effectsOf(freeze(targets));
      expect(effects.slice(1).map(({ asset, account, amount }) => ({ asset, account, amount }))).to.deep.equal(targets);
      for (const token of [tenge, other]) {
        expect(await token.getFrozenTokens(alice)).to.equal(5n);
        expect(await token.getFrozenTokens(bob)).to.equal(5n);
      }
    });

    it("may hold more than the account has, up to 2^96-1", async () => {
      const system = await loadFixture(deploySystem);
      const { tenge, freeze, kzte, alice } = system;
      await freeze([target(kzte, alice, MAX_AMOUNT)]);
      expect((await holdsOn(system, kzte, alice))[0]!.amount).to.equal(MAX_AMOUNT);
      expect(await tenge.getFrozenTokens(alice)).to.equal(MAX_AMOUNT);
    });

    it("passes by its other alternative too: FMA 1, KNB 1 and GPO 1", async () => {
      const system = await loadFixture(deploySystem);
      const { freeze, kzte, alice } = system;
      const by: OfficerName[] = ["FMA-3", "GPO-2", "KNB-1"];
      const entry = await entryOf(freeze([target(kzte, alice, 60n)], { by }));
      expect(entry.officerIds).to.deep.equal(idsOf(by));
    });

    it("is executed by anyone who brings the approvals", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, stranger, alice, tenge } = system;
      const order = await orderOver(system, CASE, [alice]);
      await docket.connect(stranger).freeze([struct(order.message)], await approveAll(system, [order]), "0x");
      expect(await tenge.getFrozenTokens(alice)).to.equal(10n * UNIT);
    });

    it("adds an entry with its own end beside an earlier one of the same case, which stays as it was", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, freeze, kzte, alice } = system;
      await freeze([target(kzte, alice, 60n)]);
      const [first] = await holdsOn(system, kzte, alice);
      await freeze([target(kzte, alice, 20n)], { term: Number(DAY) });
      const holds = await holdsOn(system, kzte, alice);
      expect(holds).to.have.length(2);
      expect(holds[0]).to.deep.equal(first);
      expect(holds[1]).to.include({ caseNumber: 1n, number: 2n, amount: 20n });
      expect([...(await docket.heldOf(kzte, alice))]).to.deep.equal([80n, holds[1]!.until]);
    });

    it("takes the longest term of its rule and no second more, and no term of 0", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, alice } = system;
      const order = await orderOver(system, CASE, [alice]);
      for (const term of [0, Number(TERM.Freeze) + 1, 2 ** 32 - 1]) {
        await expect(execute(system, changed(order, { term })))
          .to.be.revertedWithCustomError(docket, "DocketInvalidTerm")
          .withArgs(term, TERM.Freeze);
      }
      await execute(system, order);
    });

    it("cannot execute before the system is installed", async () => {
      const system = await loadFixture(deployContracts);
      const { quorum } = system;
      const { freeze } = actsIn(system);
      await expect(freeze([target(system.kzte, system.alice, 1n)])).to.be.revertedWithCustomError(
        quorum,
        "QuorumUnknownOfficer",
      );
    });

    it("cannot execute in the second after its signBy, and can in that second", async () => {
      const system = await loadFixture(deploySystem);
      const { quorum, domain, alice } = system;
      const signBy = (await now()) + 100n;
      const order = changed(await orderOver(system, CASE, [alice]), { signBy });
      const tooLate = changed(order, { salt: nextSalt() });
      await at(signBy);
      await execute(system, order);
      await at(signBy + 1n);
      await expect(execute(system, tooLate))
        .to.be.revertedWithCustomError(quorum, "OrderExpired")
        .withArgs(digestOf(tooLate, domain), signBy);
    });

    it("executes once", async () => {
      const system = await loadFixture(deploySystem);
      const { quorum, domain, alice } = system;
      const order = await orderOver(system, CASE, [alice]);
      await execute(system, order);
      await expect(execute(system, order))
        .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
        .withArgs(digestOf(order, domain), 2n);
    });

    it("needs its officers: two of FMA do not stand in for the prosecutor, nor one of FMA for two", async () => {
      const system = await loadFixture(deploySystem);
      const { quorum, domain, alice, docket } = system;
      const order = await orderOver(system, CASE, [alice]);
      for (const [by, have] of [
        [["FMA-1", "FMA-2"], 0x002n],
        [["FMA-1", "GPO-1"], 0x101n],
        [[], 0n],
      ] as [OfficerName[], bigint][]) {
        await expect(execute(system, order, by))
          .to.be.revertedWithCustomError(quorum, "QuorumNotMet")
          .withArgs(digestOf(order, domain), 1n, 15n, have);
      }
      expect(await docket.entries()).to.equal(1n);
    });

    itRefusesBrokenOrders(
      async function deployForFreeze() {
        const system = await deploySystem();
        return { ...system, targets: twoByTwo(system) };
      },
      async ({ base }, targets) => buildFreeze({ ...(await base({})), targets, term: Number(DAY) }),
      (targets) => ({ targets }),
    );
  });

  describe("accounts that cannot be held", () => {
    const accounts: [string, bigint, (system: System) => Promise<string>][] = [
      ["the quorum", STANDING.SYSTEM, ({ quorum }) => quorum.getAddress()],
      ["the docket", STANDING.SYSTEM, ({ docket }) => docket.getAddress()],
      ["the disposal", STANDING.SYSTEM, ({ disposal }) => disposal.getAddress()],
      ["the vaults' implementation", STANDING.SYSTEM, ({ vault }) => vault.getAddress()],
      ["the asset itself", STANDING.ASSET, async ({ kzte }) => kzte],
      ["another asset", STANDING.ASSET, async ({ usdx }) => usdx],
      ["the treasury", STANDING.TREASURY, async ({ treasury }) => treasury.address],
      [
        "the vault of a case",
        STANDING.VAULT,
        async ({ docket, freeze, seize, kzte, alice, caseId }) => {
          await freeze([target(kzte, alice, 10n)]);
          await seize([target(kzte, alice, 10n)]);
          return docket.vaultOf(caseId);
        },
      ],
    ];

    for (const [who, standing, find] of accounts) {
      it(`are refused: ${who}`, async () => {
        const system = await loadFixture(deploySystem);
        const account = await find(system);
        const order = changed(await orderOver(system, "CASE-2", [newAddress()]), {
          targets: [target(system.kzte, account, 1n)],
        });
        expect(await system.docket.standingOf(account)).to.equal(standing);
        await expect(execute(system, order))
          .to.be.revertedWithCustomError(system.docket, "DocketCannotHold")
          .withArgs(account, standing);
      });
    }

    it("are refused: address 0", async () => {
      const system = await loadFixture(deploySystem);
      const order = changed(await orderOver(system, CASE, [newAddress()]), {
        targets: [{ asset: system.kzte, account: `0x${"0".repeat(40)}`, amount: 1n }],
      });
      await expect(execute(system, order)).to.be.revertedWithCustomError(system.docket, "DocketCannotHold");
    });
  });

  describe("many orders in one transaction", () => {
    it("are executed one after the other, each one entry", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, domain, alice, bob, carol } = system;
      const orders = [
        await orderOver(system, "A", [alice]),
        await orderOver(system, "B", [bob]),
        await orderOver(system, "A", [carol]),
      ];
      const entries = await entriesOf(
        docket.freeze(
          orders.map(({ message }) => struct(message)),
          await approveAll(system, orders),
          "0x",
        ),
      );
      expect(entries.map(({ seq }) => seq)).to.deep.equal([2n, 3n, 4n]);
      expect(entries.map(({ order }) => order)).to.deep.equal(orders.map((order) => digestOf(order, domain)));
      expect(entries.map(({ effects }) => effects.map(({ what }) => what))).to.deep.equal([
        [WHAT.CASE_OPENED, WHAT.HELD],
        [WHAT.CASE_OPENED, WHAT.HELD],
        [WHAT.HELD],
      ]);
      expect(await caseOf(system, encodeCaseId("A"))).to.include({ number: 1n });
      expect(await caseOf(system, encodeCaseId("B"))).to.include({ number: 2n });
    });

    it("must be at least one", async () => {
      const { docket } = await loadFixture(deploySystem);
      await expect(docket.freeze([], [], "0x")).to.be.revertedWithCustomError(docket, "EmptyList");
    });

    it("must come with as many approvals", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, alice } = system;
      const order = await orderOver(system, CASE, [alice]);
      const [approvals] = await approveAll(system, [order]);
      for (const given of [[], [approvals!, approvals!]]) {
        await expect(docket.freeze([struct(order.message)], given, "0x"))
          .to.be.revertedWithCustomError(docket, "ListLengths")
          .withArgs(1n, given.length);
      }
    });

    it("skip an order that stands in it twice", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, quorum, domain, alice, kzte } = system;
      const order = await orderOver(system, CASE, [alice]);
      const reason = quorum.interface.encodeErrorResult("QuorumOrderUsed", [digestOf(order, domain), 2n]);
      await expect(
        docket.freeze([struct(order.message), struct(order.message)], await approveAll(system, [order, order]), "0x"),
      )
        .to.emit(docket, "Skipped")
        .withArgs(1n, reason);
      expect(await holdsOn(system, kzte, alice)).to.have.length(1);
    });

    it("revert all where one is short of approvals that nobody withdrew", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, quorum, approve, alice, bob } = system;
      const [good, short] = [await orderOver(system, "A", [alice]), await orderOver(system, "B", [bob])];
      await expect(
        docket.freeze(
          [struct(good.message), struct(short.message)],
          [await approve(good, BY), await approve(short, ["FMA-1", "GPO-1"])],
          "0x",
        ),
      ).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
      expect(await docket.caseCount()).to.equal(0n);
    });

    it("revert all where one has any other fault", async () => {
      const system = await loadFixture(deploySystem);
      const { docket, alice, bob, usdx } = system;
      const good = await orderOver(system, "A", [alice]);
      const faults: [string, Order<"Freeze">][] = [
        ["DocketCannotHold", changed(await orderOver(system, "B", [bob]), { targets: [target(usdx, usdx, 1n)] })],
        ["DocketInvalidTerm", changed(await orderOver(system, "B", [bob]), { term: 0 })],
        ["DocketEmptyOrder", changed(await orderOver(system, "B", [bob]), { targets: [] })],
      ];
      for (const [error, bad] of faults) {
        const orders = [good, bad];
        await expect(
          docket.freeze(
            orders.map(({ message }) => struct(message)),
            await approveAll(system, orders),
            "0x",
          ),
        ).to.be.revertedWithCustomError(docket, error);
      }
      expect(await docket.caseCount()).to.equal(0n);
    });
  });

  describe("the most targets in 24 hours", () => {
    const SPAN = 10_800n;

    /** A system under which at most four targets may be frozen in any 24 hours, at the beginning of a span of it. */
    async function deployLimited() {
      const contracts = await deployContracts();
      await install(contracts, {
        parameters: { ...PARAMETERS, numbers: { ...PARAMETERS.numbers, freezesPerDay: 4 } },
      });
      const start = ((await now()) / SPAN + 2n) * SPAN;
      const { freeze, arrest } = actsIn(contracts);
      const freezeNew = (count: number) =>
        freeze(
          Array.from({ length: count }, () => target(contracts.kzte, newAddress(), 1n)),
          { term: Number(DAY) },
        );
      return { ...contracts, start, freezeNew, arrest };
    }

    it("may be frozen in one order, and not one more", async () => {
      const { docket, freezeNew } = await loadFixture(deployLimited);
      await expect(freezeNew(5)).to.be.revertedWithCustomError(docket, "FreezeWindowFull").withArgs(0n, 5n, 4n);
      await freezeNew(4);
      await expect(freezeNew(1)).to.be.revertedWithCustomError(docket, "FreezeWindowFull").withArgs(4n, 1n, 4n);
    });

    it("count over all orders and spans of the day", async () => {
      const { docket, freezeNew, start } = await loadFixture(deployLimited);
      for (const hours of [0n, 7n, 15n, 23n]) {
        await at(start + hours * 3600n);
        await freezeNew(1);
      }
      await at(start + DAY - 1n);
      await expect(freezeNew(1)).to.be.revertedWithCustomError(docket, "FreezeWindowFull").withArgs(4n, 1n, 4n);
    });

    it("slide: what is older than nine spans of three hours no longer counts, the rest does", async () => {
      const { docket, freezeNew, start } = await loadFixture(deployLimited);
      await at(start);
      await freezeNew(1);
      await at(start + 20n * 3600n);
      await freezeNew(3);
      await at(start + 9n * SPAN - 1n);
      await expect(freezeNew(1)).to.be.revertedWithCustomError(docket, "FreezeWindowFull").withArgs(4n, 1n, 4n);
      await at(start + 9n * SPAN);
      await expect(freezeNew(2)).to.be.revertedWithCustomError(docket, "FreezeWindowFull").withArgs(3n, 2n, 4n);
      await freezeNew(1);
      await expect(freezeNew(1)).to.be.revertedWithCustomError(docket, "FreezeWindowFull").withArgs(4n, 1n, 4n);
    });

    it("hold for 24 hours that begin in the last second of a span", async () => {
      const { docket, freezeNew, start } = await loadFixture(deployLimited);
      const last = start + SPAN - 1n;
      await at(last);
      await freezeNew(4);
      await at(last + DAY);
      await expect(freezeNew(1)).to.be.revertedWithCustomError(docket, "FreezeWindowFull").withArgs(4n, 1n, 4n);
      await at(last + DAY + 1n);
      await freezeNew(4);
    });

    it("are all free again after a long time without a freeze", async () => {
      const { freezeNew, start } = await loadFixture(deployLimited);
      await freezeNew(4);
      await goTo(start + 365n * DAY);
      await freezeNew(4);
    });

    it("are not used up by an order that reverts", async () => {
      const { freezeNew, docket } = await loadFixture(deployLimited);
      await expect(freezeNew(5)).to.be.revertedWithCustomError(docket, "FreezeWindowFull");
      await freezeNew(4);
    });

    it("do not bind the court", async () => {
      const { freezeNew, arrest, kzte } = await loadFixture(deployLimited);
      await freezeNew(4);
      const place = Array.from({ length: 5 }, () => target(kzte, newAddress(), 1n));
      await arrest({ place, until: (await now()) + DAY });
    });
  });

  it("holds nothing but the named account", async () => {
    const system = await loadFixture(deploySystem);
    const { tenge, freeze, kzte, alice, bob } = system;
    const dave = await holderOf(system, 50n);
    await freeze([target(kzte, alice, MAX_AMOUNT)]);
    expect(await tenge.getFrozenTokens(dave)).to.equal(0n);
    await tenge.connect(bob).transfer(alice, 1000n * UNIT);
    expect(await tenge.balanceOf(alice)).to.equal(2000n * UNIT);
  });
});

describe("Over-freezing", () => {
  it("withholds later receipts up to the amount", async () => {
    const { tenge, freeze, kzte, alice, bob } = await loadFixture(deploySystem);
    const all = await tenge.balanceOf(alice);
    await freeze([target(kzte, alice, all + 50n)]);
    await tenge.connect(bob).transfer(alice, 50n);
    expect(await tenge.canTransfer(alice, bob, 1n)).to.equal(false);
    await tenge.connect(bob).transfer(alice, 7n);
    await expect(tenge.connect(alice).transfer(bob, 8n))
      .to.be.revertedWithCustomError(tenge, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(alice.address, 8n, 7n);
    await tenge.connect(alice).transfer(bob, 7n);
  });

  it("makes the one-unit dodge useless: a freeze of the whole balance lands after a unit left, and withholds its return", async () => {
    const { tenge, freeze, kzte, alice, bob } = await loadFixture(deploySystem);
    const all = await tenge.balanceOf(alice);
    await tenge.connect(alice).transfer(bob, 1n);
    await freeze([target(kzte, alice, all)]);
    expect(await tenge.getFrozenTokens(alice)).to.equal(all);
    await tenge.connect(bob).transfer(alice, 1n);
    expect(await tenge.canTransfer(alice, bob, 1n)).to.equal(false);
  });

  it("of an empty account withholds what comes first", async () => {
    const { tenge, freeze, seize, docket, kzte, alice, caseId } = await loadFixture(deploySystem);
    const empty = newAddress();
    await freeze([target(kzte, empty, 100n)]);
    await tenge.connect(alice).transfer(empty, 30n);
    await seize([target(kzte, empty, 100n)]);
    expect((await docket.owedTo(caseId, kzte, empty)).owed).to.equal(30n);
  });
});

describe("What no freeze reaches", () => {
  it("vault, docket, treasury, asset and address 0 cannot be frozen", async () => {
    const { docket, kzte, usdx, treasury, freeze, vaultAt } = await loadFixture(deployPartlySeized);
    for (const account of [vaultAt, await docket.getAddress(), treasury.address, usdx]) {
      await expect(freeze([target(kzte, account, 1n)]), account).to.be.revertedWithCustomError(
        docket,
        "DocketCannotHold",
      );
    }
  });

  it("no more targets are frozen in a day than the charter allows, and no order of officers raises that at once", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, kzte, charter } = system;
    const most = charter.numbers.freezesPerDay;
    const targets = (length: number) => Array.from({ length }, () => target(kzte, newAddress(), 1n));
    for (let i = 0; i < 3; ++i) await (await system.freezing(targets(300))).send();
    const last = await system.freezing(targets(most - 900 + 1));
    await expect(last.send())
      .to.be.revertedWithCustomError(docket, "FreezeWindowFull")
      .withArgs(900, most - 900 + 1, most);
    await (await system.freezing(targets(most - 900))).send();
    // The number stands in the charter: no act of the table changes it.
    expect(docket.interface.getFunction("setFreezesPerDay" as never)).to.equal(null);
  });
});
