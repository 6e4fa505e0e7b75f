import { expect } from "chai";
import type { Hex } from "viem";
import { Wallet, ZeroHash } from "ethers";
import { buildArrest, buildFreeze, digestOf, encodeCaseId, ACTS, SELF, type Order } from "../../src/orders/index.ts";
import { CASE } from "../system/acts/signed.ts";
import { addressOf, atSecond, ethers, goTo, loadFixture, newAddress, now } from "../system/chain.ts";
import { deploySystem, holderOf, type System } from "../system/deployed.ts";
import { entriesOf, entryOf, execute, holdsOn, target } from "../system/entries.ts";
import { approvalsOf, officer, officerIdOf, struct } from "../system/officers.ts";
import { DAY, DECIDERS, type OfficerName } from "../system/parameters.ts";

describe("Approvals of one order", () => {
  it("a freeze of many targets by several agencies is one transaction, and none before it names a target or the case", async () => {
    const system = await loadFixture(deploySystem);
    const { kzte, quorum, docket, disposal, caseId } = system;
    const holders = await Promise.all([1n, 2n, 3n].map((amount) => holderOf(system, amount)));
    const from = await ethers.provider.getBlockNumber();
    const targets = holders
      .map((holder) => target(kzte, holder, 1n))
      .sort((a, b) => (a.account.toLowerCase() < b.account.toLowerCase() ? -1 : 1));
    const { hash } = await (await system.freezing(targets)).send();
    const block = (await ethers.provider.getTransaction(hash))!.blockNumber!;
    expect(block).to.equal(from + 1);
    const parts = await Promise.all([quorum, docket, disposal].map((contract) => contract.getAddress()));
    for (let number = 0; number <= from; ++number) {
      const { prefetchedTransactions } = (await ethers.provider.getBlock(number, true))!;
      for (const { to, data } of prefetchedTransactions.filter((sent) => parts.includes(sent.to ?? ""))) {
        for (const secret of [...holders, caseId]) {
          expect(data.toLowerCase(), `to ${to}`).not.to.include(secret.slice(2).toLowerCase());
        }
      }
    }
    for (const holder of holders) expect(await holdsOn(system, kzte, holder)).to.have.length(1);
  });

  it("an approval on chain tells nothing of account and amount: another salt gives an unrelated digest", async () => {
    const system = await loadFixture(deploySystem);
    const [one, other] = await Promise.all([0, 1].map(() => system.freezing([target(system.kzte, system.alice, 1n)])));
    expect(one!.digest).not.to.equal(other!.digest);
    // Guessing account and amount without the salt finds nothing.
    const guessed = digestOf(
      { ...one!.order, message: { ...one!.order.message, salt: ZeroHash as Hex } },
      system.domain,
    );
    expect(guessed).not.to.equal(one!.digest);
  });

  it("an approval can be withdrawn until the execution, and is dead after signBy", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, kzte, alice, cancel } = system;
    const withdrawn = await system.freezing([target(kzte, alice, 1n)]);
    await cancel(withdrawn.digest, "GPO-1");
    await expect(withdrawn.send()).to.be.revertedWithCustomError(quorum, "QuorumWithdrawn");
    const signBy = (await now()) + 1000n;
    const late = await system.freezing([target(kzte, alice, 1n)], { signBy });
    await expect(atSecond(signBy + 1n, late.send)).to.be.revertedWithCustomError(quorum, "OrderExpired");
  });

  it("the approvals of a dismissed key are dead, and the key is never seated again to revive them", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, kzte, alice, dismiss, admit } = system;
    const freeze = await system.freezing([target(kzte, alice, 1n)]);
    await (await dismiss(officerIdOf("FMA-2"), ["FMA-1", "FMA-3"])).send();
    await expect(freeze.send()).to.be.revertedWithCustomError(quorum, "QuorumWithdrawn");
    const again = await admit("FMA", new Wallet(officer("FMA-2").privateKey), ["FMA-1", "GPO-1", "COURT-1"]);
    await expect(again.send()).to.be.revertedWithCustomError(quorum, "QuorumDismissedOfficer");
  });

  it("an execution that failed leaves nothing half executed: the same order passes once the reason is gone", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, quorum, kzte, alice } = system;
    const treasury = addressOf(system.treasury);
    const pair = [target(kzte, alice, 1n), target(kzte, treasury, 1n)].sort((a, b) =>
      a.account.toLowerCase() < b.account.toLowerCase() ? -1 : 1,
    );
    const freeze = await system.freezing(pair);
    const head = await docket.head();
    await expect(freeze.send()).to.be.revertedWithCustomError(docket, "DocketCannotHold");
    expect([await quorum.entryOf(freeze.digest), await docket.head()]).to.deep.equal([0n, head]);
    expect(await holdsOn(system, kzte, alice)).to.deep.equal([]);
    const change = await system.setTreasury(kzte, newAddress());
    await change.send();
    const other = await system.setTreasury(system.usdx, newAddress());
    await other.send();
    await goTo((await now()) + 31n * DAY);
    await change.execute();
    await other.execute();
    await freeze.send();
  });

  it("a relayer can bring an order and change nothing in it", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, quorum, kzte, alice, bob, stranger } = system;
    const pair = [target(kzte, alice, 1n), target(kzte, bob, 2n)].sort((a, b) =>
      a.account.toLowerCase() < b.account.toLowerCase() ? -1 : 1,
    );
    const { order, approvals } = await system.freezing(pair);
    for (const targets of [
      pair.slice(1),
      [pair[0]!, { ...pair[1]!, amount: 3n }],
      [{ ...pair[0]!, account: addressOf(stranger) }],
    ]) {
      await expect(
        docket.connect(stranger).freeze([struct({ ...order.message, targets })], [approvals], "0x"),
      ).to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer");
    }
    await docket.connect(stranger).freeze([struct(order.message)], [approvals], "0x");
    expect(await holdsOn(system, kzte, stranger)).to.deep.equal([]);
  });

  it("a missing agency is not made good by the number of officers, and a dismissed one counts for nothing", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, kzte, alice, freeze } = system;
    await expect(freeze([target(kzte, alice, 1n)], { by: ["FMA-1", "FMA-2", "FMA-3"] })).to.be.revertedWithCustomError(
      quorum,
      "QuorumNotMet",
    );
    await expect(freeze([target(kzte, alice, 1n)], { by: ["FMA-1", "FMA-1", "GPO-1"] })).to.be.revert(ethers);
  });

  it("an order executes with no signature by none of its alternatives", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, quorum, kzte, alice, base } = system;
    const order = buildFreeze({ ...(await base({})), targets: [target(kzte, alice, 1n)], term: 60 });
    await expect(docket.freeze([struct(order.message)], [{ keys: "0x", others: [] }], "0x"))
      .to.be.revertedWithCustomError(quorum, "QuorumNotMet")
      .withArgs(digestOf(order, system.domain), ACTS.Freeze, SELF, 0);
  });

  it("an approval that was taken back, and an order out of time, stay dead whatever is signed later", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, quorum, kzte, alice, cancel, domain } = system;
    const freeze = await system.freezing([target(kzte, alice, 1n)]);
    await cancel(freeze.digest, "GPO-1");
    const again = await approvalsOf(domain, freeze.order, DECIDERS.Freeze);
    await expect(docket.freeze([struct(freeze.order.message)], [again], "0x")).to.be.revertedWithCustomError(
      quorum,
      "QuorumWithdrawn",
    );
  });

  it("a signature's twin, a compact form or a wrong v is no second approval", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, quorum, kzte, alice } = system;
    const { order, approvals } = await system.freezing([target(kzte, alice, 1n)]);
    for (const [keys, error] of [
      [ethers.dataSlice(approvals.keys, 0, 64), "QuorumSignatureLength"],
      [ethers.concat([ethers.dataSlice(approvals.keys, 0, 64), "0x05"]), "QuorumInvalidSignature"],
    ] as const) {
      await expect(
        docket.freeze([struct(order.message)], [{ ...approvals, keys }], "0x"),
      ).to.be.revertedWithCustomError(quorum, error);
    }
  });

  it("of all sets of one to three officers exactly those execute a freeze that meet its rule", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, kzte, alice, base, domain } = system;
    const names: OfficerName[] = ["FMA-1", "FMA-2", "KNB-1", "GPO-1", "COURT-1"];
    for (let set = 1; set < 32; ++set) {
      const by = names.filter((_, i) => (set >> i) & 1);
      const count = (agency: string) => by.filter((name) => name.startsWith(agency)).length;
      const meets = count("GPO") >= 1 && (count("FMA") >= 2 || (count("FMA") >= 1 && count("KNB") >= 1));
      const order = buildFreeze({ ...(await base({})), targets: [target(kzte, alice, 1n)], term: 60 });
      const call = docket.freeze.staticCall([struct(order.message)], [await approvalsOf(domain, order, by)], "0x");
      if (meets) await call;
      else await expect(call, by.join()).to.be.revert(ethers);
    }
  });
});

describe("One officer's Cancel", () => {
  const frozen = async ({ base, kzte, alice }: System, caseId = CASE): Promise<Order<"Freeze">> =>
    buildFreeze({ ...(await base({ caseId })), targets: [target(kzte, alice, 60n)], term: Number(DAY) });

  it("that leaves a quorum standing stops nothing; its approval no longer counts", async () => {
    const system = await loadFixture(deploySystem);
    const { cancel, domain, tenge, alice } = system;
    const order = await frozen(system);
    await cancel(digestOf(order, domain), "FMA-3");
    const entry = await entryOf(execute(system, order, ["FMA-1", "FMA-2", "FMA-3", "GPO-1"]));
    expect(entry.officerIds).to.deep.equal(DECIDERS.Freeze.map(officerIdOf).sort());
    expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
  });

  it("that leaves none standing stops the order, with who is left and who is needed", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, cancel, domain, tenge, alice } = system;
    const order = await frozen(system);
    await cancel(digestOf(order, domain), "FMA-2");
    await expect(execute(system, order, DECIDERS.Freeze))
      .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
      .withArgs(digestOf(order, domain), 0x101n, 0x102n);
    expect(await tenge.getFrozenTokens(alice)).to.equal(0n);
  });

  it("does not stop the order for the others: it passes with another officer's approval", async () => {
    const system = await loadFixture(deploySystem);
    const { cancel, domain, tenge, alice } = system;
    const order = await frozen(system);
    await cancel(digestOf(order, domain), "FMA-2");
    await execute(system, order, ["FMA-1", "FMA-3", "GPO-1"]);
    expect(await tenge.getFrozenTokens(alice)).to.equal(60n);
  });

  it("stops an Arrest, too", async () => {
    const system = await loadFixture(deploySystem);
    const { base, quorum, cancel, domain, kzte, alice } = system;
    const order = buildArrest({
      ...(await base({})),
      place: [target(kzte, alice, 1n)],
      upTo: 0,
      until: (await now()) + DAY,
    });
    await cancel(digestOf(order, domain), "COURT-1");
    await expect(execute(system, order)).to.be.revertedWithCustomError(quorum, "QuorumWithdrawn");
  });

  it("in a batch skips that one order and names it; the others execute", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, quorum, cancel, domain, approve } = system;
    const orders = await Promise.all(["A", "B", "C"].map((id) => frozen(system, id)));
    const digest = digestOf(orders[1]!, domain);
    await cancel(digest, "GPO-1");
    const sent = docket.freeze(
      orders.map(({ message }) => struct(message)),
      await Promise.all(orders.map((order) => approve(order, DECIDERS.Freeze))),
      "0x",
    );
    await expect(sent)
      .to.emit(docket, "Skipped")
      .withArgs(1n, quorum.interface.encodeErrorResult("QuorumWithdrawn", [digest, 0x002n, 0x102n]));
    expect((await entriesOf(sent)).map(({ caseId }) => caseId)).to.deep.equal([encodeCaseId("A"), encodeCaseId("C")]);
  });
});
