import { expect } from "chai";
import { buildFreeze, digestOf } from "../../src/orders/index.ts";
import { goTo, loadFixture, newAddress, now } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { entriesOf, target } from "../system/entries.ts";
import { approvalsOf, struct } from "../system/officers.ts";
import { DAY, DECIDERS, TERM } from "../system/parameters.ts";

/** Above this a transaction is refused (EIP-7825). */
const MOST_GAS = 16_777_216n;

describe("A batch of 81 orders", () => {
  /** 81 orders of one account each, with their approvals. */
  async function deployWithOrders() {
    const system = await deploySystem();
    const { base, kzte, domain } = system;
    const bases = await Promise.all(Array.from({ length: 81 }, (_, i) => base({ caseId: `C-${i}` })));
    const orders = bases.map((of) =>
      buildFreeze({ ...of, targets: [target(kzte, newAddress(), 1n)], term: Number(DAY) }),
    );
    const approvals = await Promise.all(orders.map((order) => approvalsOf(domain, order, DECIDERS.Freeze)));
    const messages = orders.map(({ message }) => struct(message));
    return { ...system, orders, approvals, messages };
  }

  it("of which a stranger executed one early still executes the other 80, and names the skipped one", async () => {
    const system = await loadFixture(deployWithOrders);
    const { docket, quorum, domain, stranger, orders, approvals, messages } = system;
    await docket.connect(stranger).freeze([messages[33]!], [approvals[33]!], "0x");
    const sent = await docket.freeze(messages, approvals, "0x");
    await expect(sent)
      .to.emit(docket, "Skipped")
      .withArgs(33n, quorum.interface.encodeErrorResult("QuorumOrderUsed", [digestOf(orders[33]!, domain), 2n]));
    const entries = await entriesOf(sent);
    expect(entries.map(({ order }) => order)).to.deep.equal(
      orders.filter((_, i) => i !== 33).map((order) => digestOf(order, domain)),
    );
    expect(await docket.caseCount()).to.equal(81n);
    expect(await docket.entries()).to.equal(82n);
  });

  it("of which all were executed reverts with the reason of the last", async () => {
    const { docket, quorum, domain, orders, approvals, messages } = await loadFixture(deployWithOrders);
    const [some, given] = [messages.slice(0, 3), approvals.slice(0, 3)];
    await docket.freeze(some, given, "0x");
    await expect(docket.freeze(some, given, "0x"))
      .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
      .withArgs(digestOf(orders[2]!, domain), 4n);
  });

  it("skips one that was executed before, also after its last second", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, tenge, approve, base, kzte, alice, bob } = system;
    const signBy = (await now()) + DAY;
    const first = buildFreeze({
      ...(await base({ caseId: "A", signBy })),
      targets: [target(kzte, alice, 1n)],
      term: 1000,
    });
    const second = buildFreeze({ ...(await base({ caseId: "B" })), targets: [target(kzte, bob, 1n)], term: 1000 });
    const approvals = [await approve(first, DECIDERS.Freeze), await approve(second, DECIDERS.Freeze)];
    await docket.freeze([struct(first.message)], [approvals[0]!], "0x");
    await goTo(signBy + 1n);
    await docket.freeze([struct(first.message), struct(second.message)], approvals, "0x");
    expect(await tenge.getFrozenTokens(bob)).to.equal(1n);
  });

  it("of which one has another fault reverts all, though others would only be skipped", async () => {
    const { docket, quorum, approvals, messages } = await loadFixture(deployWithOrders);
    await docket.freeze([messages[0]!], [approvals[0]!], "0x");
    const swapped = approvals.with(40, approvals[41]!);
    await expect(docket.freeze(messages, swapped, "0x")).to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer");
    expect(await docket.caseCount()).to.equal(1n);
  });

  it("of 363 accounts fits into two transactions below the gas cap of EIP-7825", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, tenge, base, kzte, domain } = system;
    // 39 cases of five accounts and 42 of four.
    const accounts = Array.from({ length: 81 }, (_, i) => Array.from({ length: i < 39 ? 5 : 4 }, newAddress));
    expect(accounts.flat()).to.have.length(363);
    const bases = await Promise.all(accounts.map((_, i) => base({ caseId: `TUMAR-${i}` })));
    const orders = accounts.map((ofCase, i) =>
      buildFreeze({
        ...bases[i]!,
        targets: ofCase.map((account) => target(kzte, account, 1_000_000n)),
        term: Number(TERM.Freeze),
      }),
    );
    const approvals = await Promise.all(orders.map((order) => approvalsOf(domain, order, DECIDERS.Freeze)));
    for (const [from, to] of [
      [0, 40],
      [40, 81],
    ] as const) {
      const messages = orders.slice(from, to).map(({ message }) => struct(message));
      const sent = await docket.freeze(messages, approvals.slice(from, to), "0x", { gasLimit: MOST_GAS });
      expect((await sent.wait())!.gasUsed <= MOST_GAS).to.equal(true);
    }
    expect(await docket.caseCount()).to.equal(81n);
    for (const account of accounts.flat()) expect(await tenge.getFrozenTokens(account)).to.equal(1_000_000n);
  });
});

describe("A batch with an order that was used before", () => {
  it("one order of a batch that was used before does not stop the others, and each result is told", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, kzte, alice, bob } = system;
    const [used, fresh] = [
      await system.freezing([target(kzte, alice, 1n)]),
      await system.freezing([target(kzte, bob, 1n)]),
    ];
    await used.send();
    const sent = docket.freeze(
      [used, fresh].map(({ order }) => struct(order.message)),
      [used.approvals, fresh.approvals],
      "0x",
    );
    await expect(sent).to.emit(docket, "Skipped");
    expect((await entriesOf(sent)).map(({ order }) => order)).to.deep.equal([fresh.digest]);
  });
});
