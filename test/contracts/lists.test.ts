import { expect } from "chai";
import { ZeroHash, type ContractTransactionResponse, type Signer } from "ethers";
import type { Address, Hex } from "viem";
import {
  ACTS,
  buildArrest,
  buildFreeze,
  buildReturn,
  buildSeize,
  digestOf,
  encodeCaseId,
  type Order,
} from "../../src/orders/index.ts";
import { goTo, loadFixture, now } from "../system/chain.ts";
import { deploySystem, holderOf, type System } from "../system/deployed.ts";
import { entriesOf, holdsOn, target } from "../system/entries.ts";
import { approvalsOf, officerIdOf, struct } from "../system/officers.ts";
import { AGENCY, type AgencyName, DAY, type OfficerName } from "../system/parameters.ts";

type Listed = "Freeze" | "Arrest" | "Seize" | "Return";
type ListedOrder = Order<Listed>;

/** Base units: what a holder has and a case holds of it, and what each order names. */
const [HELD, NAMED] = [10n, 4n];
const TERM = 9n * DAY;
const CASES = "ABCDE";

interface Play {
  method: string;
  by: OfficerName[];
  /** Others for one order, of whom the last is dismissed by `dismissers`. */
  otherBy: OfficerName[];
  dismissers: OfficerName[];
  /** What comes before an order. */
  prepare: (system: System, caseId: string, account: Address) => Promise<unknown>;
  build: (system: System, caseId: string, account: Address) => Promise<ListedOrder>;
  /** What the order changes, in base units, and what that is when it was executed. */
  state: (system: System, account: Address) => Promise<bigint>;
  done: bigint;
}

const holds = ({ kzte }: System, account: Address) => [target(kzte, account, HELD)];
const named = ({ kzte }: System, account: Address) => [target(kzte, account, NAMED)];
const placed = async (system: System, caseId: string, account: Address) =>
  system.arrest({ place: holds(system, account), until: (await now()) + TERM }, { caseId });
const BY_FMA = { otherBy: ["GPO-1", "COURT-1", "NBK-1", "FMA-3"], dismissers: ["FMA-1", "FMA-2"] } as const;

const PLAYS: Record<Listed, Play> = {
  Freeze: {
    method: "freeze",
    by: ["FMA-1", "FMA-2", "GPO-1"],
    otherBy: ["FMA-1", "GPO-1", "FMA-3"],
    dismissers: [...BY_FMA.dismissers],
    prepare: async () => {},
    build: async (system, caseId, account) =>
      buildFreeze({ ...(await system.base({ caseId })), targets: named(system, account), term: Number(DAY) }),
    state: ({ tenge }, account) => tenge.getFrozenTokens(account),
    done: NAMED,
  },
  Arrest: {
    method: "arrest",
    by: ["COURT-1", "FMA-1", "GPO-1"],
    otherBy: ["COURT-1", "GPO-1", "FMA-3"],
    dismissers: [...BY_FMA.dismissers],
    prepare: async () => {},
    build: async (system, caseId, account) =>
      buildArrest({
        ...(await system.base({ caseId })),
        place: named(system, account),
        upTo: 0,
        until: (await now()) + TERM,
      }),
    state: ({ tenge }, account) => tenge.getFrozenTokens(account),
    done: NAMED,
  },
  Seize: {
    method: "seize",
    by: ["COURT-1", "FMA-1", "GPO-1", "NBK-1"],
    otherBy: [...BY_FMA.otherBy],
    dismissers: [...BY_FMA.dismissers],
    prepare: placed,
    build: async (system, caseId, account) =>
      buildSeize({
        ...(await system.base({ caseId })),
        holds: named(system, account),
        upTo: Number(await system.docket.placements()),
      }),
    state: ({ tenge }, account) => tenge.balanceOf(account),
    done: HELD - NAMED,
  },
  Return: {
    method: "refund",
    by: ["COURT-1", "NBK-1"],
    otherBy: ["NBK-1", "COURT-3"],
    dismissers: ["COURT-1", "COURT-2"],
    prepare: async (system, caseId, account) => {
      await placed(system, caseId, account);
      await system.seize(holds(system, account), { caseId });
    },
    build: async (system, caseId, account) =>
      buildReturn({
        ...(await system.base({ caseId })),
        holders: [{ taken: system.kzte, asset: system.kzte, account, amount: NAMED }],
      }),
    state: ({ tenge }, account) => tenge.balanceOf(account),
    done: NAMED,
  },
};

const tallyOf = (names: readonly OfficerName[]): bigint =>
  names.reduce((sum, name) => sum + 16n ** BigInt(AGENCY[name.split("-")[0] as AgencyName]), 0n);

/** Five cases with an order each, of one holder each. */
function fixtureOf(act: Listed) {
  const play = PLAYS[act];
  return async function deployListed() {
    const system = await deploySystem();
    const { domain, quorum, docket, disposal, stranger } = system;
    const executor = act === "Return" ? disposal : docket;
    const accounts: Address[] = [];
    for (const caseId of CASES) {
      const account = await holderOf(system, HELD);
      await play.prepare(system, caseId, account);
      accounts.push(account);
    }
    const orders = await Promise.all(accounts.map((account, i) => play.build(system, CASES[i]!, account)));
    const digests = orders.map((order) => digestOf(order, domain));
    const send = async (
      list: readonly ListedOrder[],
      approvals: readonly Awaited<ReturnType<typeof approvalsOf>>[],
      from: Signer = stranger,
    ) =>
      executor.connect(from).getFunction(play.method)(
        list.map(({ message }) => struct(message)),
        approvals,
        "0x",
      ) as Promise<ContractTransactionResponse>;
    const approve = (order: ListedOrder, by: readonly OfficerName[] = play.by) => approvalsOf(domain, order, by);
    return {
      ...system,
      executor,
      accounts,
      orders,
      digests,
      send,
      approveOne: approve,
      sendAll: async (list: readonly ListedOrder[]) =>
        send(list, await Promise.all(list.map((order) => approve(order)))),
      state: () => Promise.all(accounts.map((account) => play.state(system, account))),
      used: (digest: Hex, entry: bigint) => quorum.interface.encodeErrorResult("QuorumOrderUsed", [digest, entry]),
      withdrawn: (digest: Hex, have: readonly OfficerName[], given: readonly OfficerName[]) =>
        quorum.interface.encodeErrorResult("QuorumWithdrawn", [digest, tallyOf(have), tallyOf(given)]),
      /** The orders that a transaction skipped, and why. */
      skippedOf: async (sent: ContractTransactionResponse) =>
        (await sent.wait())!.logs
          .map((log) => executor.interface.parseLog(log))
          .filter((log) => log?.name === "Skipped")
          .map((log) => [log!.args[0] as bigint, log!.args[1] as string]),
      /** The digests of the orders that a transaction executed. */
      executedOf: async (sent: ContractTransactionResponse) => (await entriesOf(sent)).map(({ order }) => order),
    };
  };
}

type Scene = Awaited<ReturnType<ReturnType<typeof fixtureOf>>>;

for (const act of ["Freeze", "Arrest", "Seize", "Return"] as const) {
  const play = PLAYS[act];
  const deploy = fixtureOf(act);

  /** Nothing was entered, nothing changed, no order is used. */
  async function expectUntouched(scene: Scene, attempt: () => Promise<void>) {
    const read = async () => [
      await scene.docket.head(),
      await scene.docket.entries(),
      await scene.state(),
      await Promise.all(scene.digests.map((digest) => scene.quorum.entryOf(digest))),
    ];
    const before = await read();
    await attempt();
    expect(await read()).to.deep.equal(before);
  }

  describe(`A list of orders to ${play.method}`, () => {
    it("is executed whole by anyone, each order as an entry of its own, in their order", async () => {
      const scene = await loadFixture(deploy);
      const { quorum, docket, orders, digests } = scene;
      const before = await docket.entries();
      const sent = await scene.sendAll(orders);
      expect(await scene.executedOf(sent)).to.deep.equal(digests);
      expect(await scene.skippedOf(sent)).to.deep.equal([]);
      expect(await scene.state()).to.deep.equal(orders.map(() => play.done));
      for (const [i, digest] of digests.entries()) {
        expect(await quorum.entryOf(digest)).to.equal(before + BigInt(i) + 1n);
      }
    });

    it("names and passes over one used before, one withdrawn and one short through a dismissal; the others are executed", async () => {
      const scene = await loadFixture(deploy);
      const { domain, docket, quorum, cancel, orders, digests, approveOne, accounts } = scene;
      const [, used, withdrawn, short] = orders;
      const before = await scene.state();
      await scene.sendAll([used!]);
      const entry = await docket.entries();
      await cancel(digestOf(withdrawn!, domain), play.by.at(-1)!);
      const dismissed = play.otherBy.at(-1)!;
      await (await scene.dismiss(officerIdOf(dismissed), play.dismissers)).send();
      const approvals = await Promise.all(
        orders.map((order) => approveOne(order, order === short ? play.otherBy : play.by)),
      );
      const sent = await scene.send(orders, approvals);
      expect(await scene.skippedOf(sent)).to.deep.equal([
        [1n, scene.used(digests[1]!, entry)],
        [2n, scene.withdrawn(digests[2]!, play.by.slice(0, -1), play.by)],
        [3n, scene.withdrawn(digests[3]!, play.otherBy.slice(0, -1), play.otherBy)],
      ]);
      expect(await scene.executedOf(sent)).to.deep.equal([digests[0], digests[4]]);
      const after = await scene.state();
      expect(after).to.deep.equal(accounts.map((_, i) => ([2, 3].includes(i) ? before[i] : play.done)));
      // What was skipped is not used: it passes with an officer's approval that stands.
      const colleague = play.by.at(-1)!.replace("1", "2") as OfficerName;
      const instead = [...play.by.slice(0, -1), colleague];
      for (const i of [2, 3]) expect(await quorum.entryOf(digests[i]!)).to.equal(0n);
      await scene.send([withdrawn!], [await approveOne(withdrawn!, instead)]);
      await scene.send([short!], [await approveOne(short!)]);
      expect(await scene.state()).to.deep.equal(orders.map(() => play.done));
    });

    it("is not stopped by whoever executes any one of them first", async () => {
      for (const early of [0, 2, 4]) {
        const scene = await loadFixture(deploy);
        const { alice, docket, orders, digests, approveOne } = scene;
        await scene.send([orders[early]!], [await approveOne(orders[early]!)], alice);
        const entry = await docket.entries();
        const sent = await scene.sendAll(orders);
        expect(await scene.skippedOf(sent)).to.deep.equal([[BigInt(early), scene.used(digests[early]!, entry)]]);
        expect(await scene.executedOf(sent)).to.deep.equal(digests.filter((_, i) => i !== early));
        expect(await scene.state()).to.deep.equal(orders.map(() => play.done));
      }
    });

    it("executes an order once that stands in it twice", async () => {
      const scene = await loadFixture(deploy);
      const { docket, orders, digests } = scene;
      const sent = await scene.sendAll([orders[0]!, orders[1]!, orders[0]!]);
      expect(await scene.skippedOf(sent)).to.deep.equal([[2n, scene.used(digests[0]!, (await docket.entries()) - 1n)]]);
      expect(await scene.executedOf(sent)).to.deep.equal(digests.slice(0, 2));
      expect((await scene.state()).slice(0, 2)).to.deep.equal([play.done, play.done]);
    });

    it("of which one is short of approvals that nobody withdrew reverts whole", async () => {
      const scene = await loadFixture(deploy);
      const { quorum, orders, digests, approveOne } = scene;
      const approvals = await Promise.all(
        orders.map((order, i) => approveOne(order, i === 3 ? play.by.slice(1) : play.by)),
      );
      await expectUntouched(scene, async () => {
        await expect(scene.send(orders, approvals))
          .to.be.revertedWithCustomError(quorum, "QuorumNotMet")
          .withArgs(digests[3], ACTS[act], 15n, tallyOf(play.by.slice(1)));
      });
    });

    it("of which one has the approvals of another reverts whole", async () => {
      const scene = await loadFixture(deploy);
      const { quorum, orders, approveOne } = scene;
      const approvals = await Promise.all([0, 1, 2, 4, 3].map((i) => approveOne(orders[i]!)));
      await expectUntouched(scene, async () => {
        await expect(scene.send(orders, approvals)).to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer");
      });
    });

    it("of which one rests on no document reverts whole, though others are skipped", async () => {
      const scene = await loadFixture(deploy);
      const { executor, cancel, orders, digests } = scene;
      await cancel(digests[0]!, play.by[0]!);
      const bad = { ...orders[4]!, message: { ...orders[4]!.message, document: ZeroHash } } as ListedOrder;
      await expectUntouched(scene, async () => {
        await expect(scene.sendAll([...orders.slice(0, 4), bad])).to.be.revertedWithCustomError(
          executor,
          "ZeroDocument",
        );
      });
    });

    it("of which one is past its last second reverts whole", async () => {
      const scene = await loadFixture(deploy);
      const { quorum, orders } = scene;
      const late = { ...orders[2]!, message: { ...orders[2]!.message, signBy: await now() } } as ListedOrder;
      await expectUntouched(scene, async () => {
        await expect(scene.sendAll([orders[0]!, late, orders[1]!])).to.be.revertedWithCustomError(
          quorum,
          "OrderExpired",
        );
      });
    });

    it("of which none is executed reverts with the reason of the last", async () => {
      const scene = await loadFixture(deploy);
      const { quorum, docket, cancel, orders, digests } = scene;
      const [used, withdrawn] = orders;
      await scene.sendAll([used!]);
      const entry = await docket.entries();
      await cancel(digests[1]!, play.by[0]!);
      await expectUntouched(scene, async () => {
        await expect(scene.sendAll([used!, withdrawn!]))
          .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
          .withArgs(digests[1], tallyOf(play.by.slice(1)), tallyOf(play.by));
        await expect(scene.sendAll([withdrawn!, used!]))
          .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
          .withArgs(digests[0], entry);
      });
    });

    it("comes with one set of approvals an order", async () => {
      const scene = await loadFixture(deploy);
      const { executor, orders, approveOne } = scene;
      const [one, two] = [await approveOne(orders[0]!), await approveOne(orders[1]!)];
      for (const given of [[], [one], [one, two, two]]) {
        await expectUntouched(scene, async () => {
          await expect(scene.send(orders.slice(0, 2), given))
            .to.be.revertedWithCustomError(executor, "ListLengths")
            .withArgs(2n, given.length);
        });
      }
    });

    it("is not empty", async () => {
      const scene = await loadFixture(deploy);
      const { executor, orders, approveOne } = scene;
      for (const given of [[], [await approveOne(orders[0]!)]]) {
        await expect(scene.send([], given)).to.be.revertedWithCustomError(executor, "EmptyList");
      }
    });
  });
}

describe("A list of orders to seize, of which one finds nothing held,", () => {
  const deploy = fixtureOf("Seize");
  const LIFTERS: OfficerName[] = ["COURT-1", "GPO-1"];

  /** The court confirms what the others hold; B's hold ends. */
  const lapsed = async (scene: Scene) => {
    const { until } = (await holdsOn(scene, scene.kzte, scene.accounts[1]!))[0]!;
    for (const [i, caseId] of [...CASES].entries()) {
      const confirm = holds(scene, scene.accounts[i]!);
      if (caseId !== "B") await scene.arrest({ confirm, until: until + DAY }, { caseId });
    }
    await goTo(until);
  };
  const ends: [string, (scene: Scene) => Promise<unknown>][] = [
    ["lifted", (scene) => scene.lift(holds(scene, scene.accounts[1]!), { caseId: "B", by: LIFTERS, arrested: true })],
    ["seized whole by another order", (scene) => scene.seize(holds(scene, scene.accounts[1]!), { caseId: "B" })],
    ["ended by time, which nobody recorded", lapsed],
    [
      "ended by time, which is recorded",
      async (scene) => {
        await lapsed(scene);
        await scene.docket.lapse(encodeCaseId("B"), [{ asset: scene.kzte, account: scene.accounts[1]! }]);
      },
    ],
  ];
  for (const [how, end] of ends) {
    it(`since it was ${how}, names it, leaves it unused and executes the others`, async () => {
      const scene = await loadFixture(deploy);
      const { docket, quorum, kzte, orders, digests, accounts } = scene;
      await end(scene);
      const before = await scene.state();
      const reason = docket.interface.encodeErrorResult("DocketNothingHeld");
      const sent = await scene.sendAll(orders);
      expect(await scene.skippedOf(sent)).to.deep.equal([[1n, reason]]);
      expect(await scene.executedOf(sent)).to.deep.equal(digests.filter((_, i) => i !== 1));
      expect((await scene.state())[1]).to.equal(before[1]);
      expect(await quorum.entryOf(digests[1]!)).to.equal(0n);
      await expect(scene.sendAll([orders[1]!])).to.be.revertedWithCustomError(docket, "DocketNothingHeld");
      // A later hold is above what the order reaches: it stays unused for ever.
      await scene.arrest({ place: [target(kzte, accounts[1]!, NAMED)], until: (await now()) + TERM }, { caseId: "B" });
      await expect(scene.sendAll([orders[1]!])).to.be.revertedWithCustomError(docket, "DocketNothingHeld");
      expect(await quorum.entryOf(digests[1]!)).to.equal(0n);
    });
  }

  it("takes from the other targets where that is one of several", async () => {
    const scene = await loadFixture(deploy);
    const { docket, domain, quorum, orders, digests, accounts, tenge, kzte, alice, base } = scene;
    const upTo = Number(await docket.placements());
    const both = [target(kzte, accounts[1]!, NAMED), target(kzte, alice, NAMED)];
    both.sort((a, b) => (BigInt(a.account) < BigInt(b.account) ? -1 : 1));
    const mixed = buildSeize({ ...(await base({ caseId: "B" })), holds: both, upTo });
    const before = await tenge.balanceOf(alice);
    const sent = await scene.sendAll([mixed, orders[0]!]);
    expect(await scene.skippedOf(sent)).to.deep.equal([]);
    expect(await scene.executedOf(sent)).to.deep.equal([digestOf(mixed, domain), digests[0]]);
    expect(await quorum.entryOf(digestOf(mixed, domain))).not.to.equal(0n);
    expect([await tenge.balanceOf(accounts[1]!), await tenge.balanceOf(alice)]).to.deep.equal([HELD - NAMED, before]);
  });

  it("does not find what only another case holds", async () => {
    const scene = await loadFixture(deploy);
    const { docket, orders, accounts, base } = scene;
    const foreign = buildSeize({
      ...(await base({ caseId: "B" })),
      holds: named(scene, accounts[0]!),
      upTo: Number(await docket.placements()),
    });
    const sent = await scene.sendAll([orders[1]!, foreign]);
    expect(await scene.skippedOf(sent)).to.deep.equal([[1n, docket.interface.encodeErrorResult("DocketNothingHeld")]]);
    expect((await scene.state())[0]).to.equal(HELD);
  });

  it("was taken whole by a stranger who executed it first: it is named as used, and the others are executed", async () => {
    const scene = await loadFixture(deploy);
    const { docket, domain, quorum, orders, digests, accounts, base, tenge } = scene;
    const upTo = Number(await docket.placements());
    const whole = buildSeize({ ...(await base({ caseId: "C" })), holds: holds(scene, accounts[2]!), upTo });
    await scene.sendAll([whole]);
    const [digest, entry] = [digestOf(whole, domain), await docket.entries()];
    const sent = await scene.sendAll([orders[0]!, whole, orders[4]!]);
    expect(await scene.skippedOf(sent)).to.deep.equal([[1n, scene.used(digest, entry)]]);
    expect(await scene.executedOf(sent)).to.deep.equal([digests[0], digests[4]]);
    await expect(scene.sendAll([whole]))
      .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
      .withArgs(digest, entry);
    expect(await tenge.balanceOf(accounts[2]!)).to.equal(0n);
  });

  it("is named as withdrawn where its officers withdrew it too", async () => {
    const scene = await loadFixture(deploy);
    const { accounts, cancel, lift, orders, digests } = scene;
    const { by } = PLAYS.Seize;
    await lift(holds(scene, accounts[1]!), { caseId: "B", by: LIFTERS, arrested: true });
    await cancel(digests[1]!, by.at(-1)!);
    const sent = await scene.sendAll(orders.slice(0, 2));
    expect(await scene.skippedOf(sent)).to.deep.equal([[1n, scene.withdrawn(digests[1]!, by.slice(0, -1), by)]]);
  });

  const FAULTS: [
    string,
    string,
    (order: Order<"Seize">["message"], scene: Scene) => Partial<Order<"Seize">["message"]>,
  ][] = [
    ["of a case that was never opened", "DocketUnknownCase", () => ({ caseId: encodeCaseId("CASE-9") })],
    ["of no target", "DocketEmptyOrder", () => ({ holds: [] })],
    ["of holds that nobody placed", "DocketUnknownHold", () => ({ upTo: 1_000_000 })],
    [
      "of an unknown asset",
      "DocketUnknownAsset",
      ({ holds: [one] }, { stranger }) => ({ holds: [{ ...one!, asset: stranger.address as Address }] }),
    ],
  ];
  for (const [what, error, change] of FAULTS) {
    it(`reverts whole where another is ${what}`, async () => {
      const scene = await loadFixture(deploy);
      const { docket, orders, digests, quorum } = scene;
      const { message } = orders[1] as Order<"Seize">;
      const bad: Order<"Seize"> = { primaryType: "Seize", message: { ...message, ...change(message, scene) } };
      await expect(scene.sendAll([orders[0]!, bad, orders[2]!])).to.be.revertedWithCustomError(docket, error);
      expect(await quorum.entryOf(digests[0]!)).to.equal(0n);
    });
  }

  it("reverts whole where its approvals are too few", async () => {
    const scene = await loadFixture(deploy);
    const { quorum, accounts, lift, orders, approveOne, send } = scene;
    await lift(holds(scene, accounts[1]!), { caseId: "B", by: LIFTERS, arrested: true });
    const few = await approveOne(orders[1]!, PLAYS.Seize.by.slice(1));
    await expect(send(orders.slice(0, 2), [await approveOne(orders[0]!), few])).to.be.revertedWithCustomError(
      quorum,
      "QuorumNotMet",
    );
  });
});
