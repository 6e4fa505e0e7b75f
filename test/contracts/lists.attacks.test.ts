import { expect } from "chai";
import type { BaseContract, ContractTransactionResponse } from "ethers";
import { hashStruct, type Address, type Hex } from "viem";
import {
  ACTS,
  buildCancel,
  buildFreeze,
  buildReturn,
  buildSeize,
  bundleOf,
  bundleOfDigests,
  digestOf,
  ORDER_TYPES,
  packApprovals,
  rangeOf,
  type Bundle,
  type Order,
} from "../../src/orders/index.ts";
import { ethers, goTo, inTime, loadFixture, newAddress, now } from "../system/chain.ts";
import { deployConverting } from "../system/custody.ts";
import { deploySystem, holderOf } from "../system/deployed.ts";
import { entriesOf, headAfter, target } from "../system/entries.ts";
import { inKind, inProceeds, UNIT } from "../system/money.ts";
import { approvalsOf, nextSalt, officer, officerIdOf, struct } from "../system/officers.ts";
import { DAY, DECIDERS, type OfficerName } from "../system/parameters.ts";

const BY = DECIDERS.Freeze;
const NO_AGENCY = 15;
const HELD = 10n;

type Approvals = Awaited<ReturnType<typeof approvalsOf>>;

/** Approvals of a bundle by keys. */
const bundledBy = ({ digest }: Bundle, by: readonly OfficerName[] = BY): Approvals =>
  packApprovals(
    by.map(officer).map((key) => ({
      signer: key.address as Hex,
      signature: key.signingKey.sign(digest).serialized as Hex,
    })),
  );

const structHashOf = ({ message, primaryType }: Order): Hex =>
  hashStruct({ data: message, primaryType, types: ORDER_TYPES });

/** Four cases with a freeze of one holder each in one bundle, and whoever makes several calls in one transaction. */
async function deployBundled() {
  const system = await deploySystem();
  const { domain, docket, base, kzte } = system;
  const accounts: Address[] = [];
  const orders: Order<"Freeze">[] = [];
  for (const caseId of "ABCD") {
    const account = await holderOf(system, HELD);
    accounts.push(account);
    orders.push(
      buildFreeze({ ...(await base({ caseId })), targets: [target(kzte, account, HELD)], term: Number(DAY) }),
    );
  }
  const bundle = bundleOf("Freeze", orders, domain);
  const calls = await ethers.deployContract("Calls");
  const callOf = async (contract: BaseContract, method: string, args: readonly unknown[]) => ({
    target: await contract.getAddress(),
    data: contract.interface.encodeFunctionData(method, args),
  });
  return {
    ...system,
    accounts,
    orders,
    bundle,
    callOf,
    digests: orders.map((order) => digestOf(order, domain)),
    freezes: (index: number, n: number) =>
      callOf(docket, "freeze", [
        orders.slice(index, index + n).map(({ message }) => struct(message)),
        [bundledBy(bundle)],
        rangeOf(bundle, index, n),
      ]),
    inOne: async (parts: readonly Promise<{ target: string; data: string }>[]) => calls.all(await Promise.all(parts)),
    skippedOf: async (sent: ContractTransactionResponse) =>
      (await sent.wait())!.logs
        .map((log) => docket.interface.parseLog(log))
        .filter((log) => log?.name === "Skipped")
        .map((log) => [Number(log!.args[0]), (log!.args[1] as string).slice(0, 10)]),
  };
}

describe("attacks: several lists of one bundle in one transaction", () => {
  it("do not outlive an officer's withdrawal between them, of one order or of the bundle", async () => {
    const system = await loadFixture(deployBundled);
    const { quorum, docket, domain, digests, bundle, callOf, freezes, inOne, skippedOf } = system;
    const withdraw = async (order: Hex) => {
      const cancel = buildCancel({ order, signBy: await inTime(), salt: nextSalt() });
      return callOf(quorum, "cancel", [cancel.message, await approvalsOf(domain, cancel, ["FMA-2"])]);
    };
    const withdrawn = quorum.interface.getError("QuorumWithdrawn")!.selector;
    const sent = await inOne([freezes(0, 1), withdraw(digests[1]!), freezes(1, 2)]);
    expect(await skippedOf(sent)).to.deep.equal([[0, withdrawn]]);
    expect((await entriesOf(sent)).map(({ order }) => order)).to.include.members([digests[0], digests[2]]);
    expect(await quorum.entryOf(digests[1]!)).to.equal(0n);
    await expect(inOne([withdraw(bundle.digest), freezes(3, 1)])).to.be.revertedWithCustomError(
      quorum,
      "QuorumWithdrawn",
    );
    expect(await docket.caseCount()).to.equal(2n);
  });

  it("do not outlive the dismissal of an officer between them", async () => {
    const system = await loadFixture(deployBundled);
    const { quorum, domain, digests, callOf, freezes, inOne } = system;
    const dismissal: Order<"Dismiss"> = {
      primaryType: "Dismiss",
      message: {
        officerId: officerIdOf("FMA-2"),
        document: `0x${"11".repeat(32)}`,
        compromised: false,
        signBy: (await now()) + DAY,
        salt: nextSalt(),
      },
    };
    const dismiss = callOf(quorum, "dismiss", [
      dismissal.message,
      await approvalsOf(domain, dismissal, ["FMA-1", "FMA-3"]),
    ]);
    await expect(inOne([freezes(0, 2), dismiss, freezes(2, 2)])).to.be.revertedWithCustomError(
      quorum,
      "QuorumWithdrawn",
    );
    expect(await quorum.entryOf(digests[0]!)).to.equal(0n);
  });

  it("execute no order twice, whichever parts they name", async () => {
    const system = await loadFixture(deployBundled);
    const { quorum, digests, freezes, inOne, skippedOf } = system;
    const used = quorum.interface.getError("QuorumOrderUsed")!.selector;
    const sent = await inOne([freezes(1, 2), freezes(0, 3), freezes(2, 2)]);
    expect((await entriesOf(sent)).map(({ order }) => order)).to.deep.equal([1, 2, 0, 3].map((i) => digests[i]));
    expect(await skippedOf(sent)).to.deep.equal([
      [1, used],
      [2, used],
      [0, used],
    ]);
  });
});

describe("attacks: a stranger's contract that speaks to the Quorum as an executor does", () => {
  it("lists a bundle for itself alone: its signatures approve no order that comes without its place", async () => {
    const system = await loadFixture(deployBundled);
    const { quorum, docket, orders, bundle, callOf, inOne, digests } = system;
    const enlist = callOf(quorum, "enlist", [ACTS.Freeze, orders.map(structHashOf), rangeOf(bundle, 0, 4)]);
    const alone = callOf(docket, "freeze", [
      orders.map(({ message }) => struct(message)),
      orders.map(() => bundledBy(bundle)),
      "0x",
    ]);
    await expect(inOne([enlist, alone])).to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer");
    expect(await quorum.entryOf(digests[0]!)).to.equal(0n);
  });

  it("uses no order, bundled or not, with an entry or without", async () => {
    const system = await loadFixture(deployBundled);
    const { quorum, domain, orders, bundle, callOf, inOne, digests } = system;
    const [order] = orders as [Order<"Freeze">];
    const enlist = callOf(quorum, "enlist", [ACTS.Freeze, orders.map(structHashOf), rangeOf(bundle, 0, 4)]);
    const alone = await approvalsOf(domain, order, BY);
    for (const entry of [0, 2]) {
      for (const bundled of [true, false]) {
        const approvals = bundled ? bundledBy(bundle) : alone;
        const args = [ACTS.Freeze, NO_AGENCY, structHashOf(order), order.message.signBy, entry, bundled, approvals];
        await expect(inOne([enlist, callOf(quorum, "use", args)])).to.be.revertedWithCustomError(
          quorum,
          "QuorumNoRule",
        );
      }
    }
    expect(await quorum.entryOf(digests[0]!)).to.equal(0n);
  });

  it("names no bundle of another act", async () => {
    const system = await loadFixture(deployBundled);
    const { quorum, docket, orders, digests } = system;
    for (const act of ["Arrest", "Seize", "Return"] as const) {
      const foreign = bundleOfDigests(act, digests);
      const messages = orders.map(({ message }) => struct(message));
      await expect(docket.freeze(messages, [bundledBy(foreign)], rangeOf(foreign, 0, 4))).to.be.revertedWithCustomError(
        quorum,
        "QuorumUnknownOfficer",
      );
    }
  });
});

describe("A list of orders of very different sizes, some of them skipped,", () => {
  it("tells of each what it would have done alone: what one leaves in memory is no other's", async () => {
    const system = await loadFixture(deployBundled);
    const { quorum, docket, domain, base, kzte, tenge, cancel } = system;
    const sizes = [1, 40, 2, 1, 17, 3, 60, 1];
    const orders = await Promise.all(
      sizes.map(async (size, i) =>
        buildFreeze({
          ...(await base({ caseId: `SIZE-${i % 5}` })),
          targets: Array.from({ length: size }, () => target(kzte, newAddress(), HELD + BigInt(i))),
          term: 86_400,
        }),
      ),
    );
    const bundle = bundleOf("Freeze", orders, domain);
    for (const i of [1, 5]) await cancel(digestOf(orders[i]!, domain), "FMA-1");
    await docket.freeze([struct(orders[3]!.message)], [bundledBy(bundle)], rangeOf(bundle, 3, 1));
    let head: string = await docket.head();
    const sent = await docket.freeze(
      orders.map(({ message }) => struct(message)),
      [bundledBy(bundle)],
      rangeOf(bundle, 0, sizes.length),
    );
    const done = [0, 2, 4, 6, 7];
    const entries = await entriesOf(Promise.resolve(sent));
    expect(entries.map(({ order }) => order)).to.deep.equal(done.map((i) => digestOf(orders[i]!, domain)));
    for (const [n, entry] of entries.entries()) {
      const { caseId, document, targets } = orders[done[n]!]!.message;
      expect([entry.caseId, entry.document]).to.deep.equal([caseId, document]);
      expect(entry.officerIds).to.have.members(BY.map(officerIdOf));
      const held = entry.effects.filter(({ what }) => what === 1n);
      expect(held.map(({ account, amount }) => [account, amount])).to.deep.equal(
        targets.map(({ account, amount }) => [account, amount]),
      );
      expect(entry.effects.length - held.length).to.be.at.most(1);
      head = headAfter(head, entry);
      for (const { account, amount } of targets) expect(await tenge.getFrozenTokens(account)).to.equal(amount);
    }
    expect(await docket.head()).to.equal(head);
    expect(await quorum.entryOf(digestOf(orders[1]!, domain))).to.equal(0n);
  });
});

describe("attacks: a seizure that finds nothing held", () => {
  it("stays unused, however often it is brought in one transaction, and finds no hold placed meanwhile", async () => {
    const system = await loadFixture(deployBundled);
    const { quorum, docket, domain, base, kzte, accounts, arrest, lift, callOf, inOne, tenge } = system;
    const [account, other] = accounts as [Address, Address];
    const by: OfficerName[] = ["COURT-1", "FMA-1", "GPO-1", "NBK-1"];
    const until = (await now()) + 9n * DAY;
    await arrest({ place: [target(kzte, account, HELD)], until }, { caseId: "A" });
    await arrest({ place: [target(kzte, other, HELD)], until }, { caseId: "B" });
    const seizeOf = async (caseId: string, at: Address) =>
      buildSeize({
        ...(await base({ caseId })),
        holds: [target(kzte, at, HELD)],
        upTo: Number(await docket.placements()),
      });
    const [idle, full] = [await seizeOf("A", account), await seizeOf("B", other)];
    await lift([target(kzte, account, HELD)], { caseId: "A", by: ["COURT-1", "GPO-1"], arrested: true });
    await arrest({ place: [target(kzte, account, HELD)], until }, { caseId: "A" });
    const bundle = bundleOf("Seize", [idle, full], domain);
    const messages = [struct(idle.message), struct(full.message)];
    await inOne([callOf(docket, "seize", [messages, [bundledBy(bundle, by)], rangeOf(bundle, 0, 2)])]);
    expect([await tenge.balanceOf(account), await tenge.balanceOf(other)]).to.deep.equal([HELD, 0n]);
    expect(await quorum.entryOf(digestOf(idle, domain))).to.equal(0n);
    await expect(
      inOne([callOf(docket, "seize", [messages, [bundledBy(bundle, by)], rangeOf(bundle, 0, 2)])]),
    ).to.be.revertedWithCustomError(quorum, "QuorumOrderUsed");
  });
});

describe("attacks: a list of Returns in proceeds, of which a stranger executes one first,", () => {
  /** Alice is owed one unit. 11 are converted into 7: how the first two are rounded decides what is left to answer for hers. */
  async function deployRounding() {
    const system = await loadFixture(deployConverting);
    const { disposal, domain, base, kzte, usdx, alice, bob, wallet, conversion, timesOf, refund } = system;
    await refund([inKind(kzte, alice, 100n * UNIT - 1n)]);
    const order = await conversion({ amount: 11n, leastProceeds: 7n });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await order.execute(wallet, 7n);
    const holders = [
      inProceeds(kzte, usdx, bob, 2n),
      inProceeds(kzte, usdx, bob, 3n),
      inProceeds(kzte, usdx, alice, 1n),
    ];
    const orders = await Promise.all(
      holders.map(async (holder) => buildReturn({ ...(await base({})), holders: [holder] })),
    );
    const bundle = bundleOf("Return", orders, domain);
    const messages = orders.map(({ message }) => struct(message));
    return {
      ...system,
      send: (index: number, n: number) =>
        disposal.refund(
          messages.slice(index, index + n),
          [bundledBy(bundle, ["COURT-1", "NBK-1"])],
          rangeOf(bundle, index, n),
        ),
    };
  }

  it("may leave the last unit short by its rounding: that is told by name, and the others execute without it", async () => {
    const { docket, caseId, kzte, usdx, alice, bob, other, send } = await deployRounding();
    await send(1, 1);
    await expect(send(0, 3))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, alice.address, 1n, 2n);
    await send(0, 2);
    expect([await other.balanceOf(bob), await other.balanceOf(alice)]).to.deep.equal([5n, 0n]);
    expect([...(await docket.conversionOf(caseId, kzte, usdx))][1]).to.equal(2n);
  });

  it("changes nothing where nobody comes first", async () => {
    const { other, alice, bob, send } = await deployRounding();
    await send(0, 3);
    expect([await other.balanceOf(bob), await other.balanceOf(alice)]).to.deep.equal([5n, 1n]);
  });
});
