import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Wallet, ZeroHash } from "ethers";
import type { Hex } from "viem";
import { readEntries } from "../../../src/journal/entries.ts";
import { verifyChain } from "../../../src/journal/chain.ts";
import { replay } from "../../../src/journal/replay.ts";
import { ACTS, buildArrest, buildFreeze, digestOf, SELF, type Target } from "../../../src/orders/index.ts";
import { client, storedHead } from "../../src/journal/journal.ts";
import { ruleOf, tally } from "../charters.ts";
import { AGENCY, atSecond, changesOf } from "../change.ts";
import { deployFaultySystem, FAULT } from "../faulty.ts";
import {
  actingAs,
  changed,
  entriesOf,
  execute,
  goTo,
  holderOf,
  holdsOn,
  loadFixture,
  newAddress,
  target,
  timeOf,
} from "../docket.ts";
import {
  addressOf,
  approvalsOf,
  DAY,
  deploySystem,
  documentOf,
  ethers,
  networkHelpers,
  nextSalt,
  now,
  officer,
  officerIdOf,
  struct,
  type OfficerName,
  type System,
} from "../fixture.ts";

const BY: OfficerName[] = ["FMA-1", "FMA-2", "GPO-1"];

async function deploy() {
  const system = await deploySystem();
  return { ...system, ...changesOf(system) };
}

async function freezeOf({ base, domain, docket }: System, targets: Target[], signBy?: bigint) {
  const order = buildFreeze({
    ...(await base(signBy === undefined ? {} : { signBy })),
    targets,
    term: Number(10n * DAY),
  });
  const approvals = await approvalsOf(domain, order, BY);
  return {
    order,
    approvals,
    digest: digestOf(order, domain),
    send: () => docket.freeze([struct(order.message)], [approvals], "0x"),
  };
}

/** Seizes 100 of alice's units in the case. */
async function deploySeized() {
  const system = await deploy();
  const { kzte, alice, arrest, seize } = system;
  await arrest({ place: [target(kzte, alice, 150n)], until: (await now()) + 100n * DAY });
  await seize([target(kzte, alice, 100n)]);
  return { ...system, vaultAt: await system.docket.vaultOf(system.caseId) };
}

const until100 = async () => (await now()) + 100n * DAY;

describe("Known failures: approvals", () => {
  it("A1: a freeze of many targets by several agencies is one transaction, and none before it names a target or the case", async () => {
    const system = await loadFixture(deploy);
    const { kzte, quorum, docket, disposal, caseId } = system;
    const holders = await Promise.all([1n, 2n, 3n].map((amount) => holderOf(system, amount)));
    const from = await ethers.provider.getBlockNumber();
    const targets = holders
      .map((holder) => target(kzte, holder, 1n))
      .sort((a, b) => (a.account.toLowerCase() < b.account.toLowerCase() ? -1 : 1));
    const { hash } = await (await freezeOf(system, targets)).send();
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

  it("A2: an approval on chain tells nothing of account and amount: another salt gives an unrelated digest", async () => {
    const system = await loadFixture(deploy);
    const [one, other] = await Promise.all([0, 1].map(() => freezeOf(system, [target(system.kzte, system.alice, 1n)])));
    expect(one!.digest).not.to.equal(other!.digest);
    // Guessing account and amount without the salt finds nothing.
    const guessed = digestOf(
      { ...one!.order, message: { ...one!.order.message, salt: ZeroHash as Hex } },
      system.domain,
    );
    expect(guessed).not.to.equal(one!.digest);
  });

  it("A3: an approval can be withdrawn until the execution, and is dead after signBy", async () => {
    const system = await loadFixture(deploy);
    const { quorum, kzte, alice, cancel } = system;
    const withdrawn = await freezeOf(system, [target(kzte, alice, 1n)]);
    await cancel(withdrawn.digest, "GPO-1");
    await expect(withdrawn.send()).to.be.revertedWithCustomError(quorum, "QuorumWithdrawn");
    const signBy = (await now()) + 1000n;
    const late = await freezeOf(system, [target(kzte, alice, 1n)], signBy);
    await expect(atSecond(signBy + 1n, late.send)).to.be.revertedWithCustomError(quorum, "OrderExpired");
  });

  it("A4: the approvals of a dismissed key are dead, and the key is never seated again to revive them", async () => {
    const system = await loadFixture(deploy);
    const { quorum, kzte, alice, dismiss, admit } = system;
    const freeze = await freezeOf(system, [target(kzte, alice, 1n)]);
    await (await dismiss(officerIdOf("FMA-2"), ["FMA-1", "FMA-3"])).send();
    await expect(freeze.send()).to.be.revertedWithCustomError(quorum, "QuorumWithdrawn");
    const again = await admit("FMA", new Wallet(officer("FMA-2").privateKey), ["FMA-1", "GPO-1", "COURT-1"]);
    await expect(again.send()).to.be.revertedWithCustomError(quorum, "QuorumDismissedOfficer");
  });

  it("A5: an execution that failed leaves nothing half executed: the same order passes once the reason is gone", async () => {
    const system = await loadFixture(deploy);
    const { docket, quorum, kzte, alice } = system;
    const treasury = addressOf(system.treasury);
    const pair = [target(kzte, alice, 1n), target(kzte, treasury, 1n)].sort((a, b) =>
      a.account.toLowerCase() < b.account.toLowerCase() ? -1 : 1,
    );
    const freeze = await freezeOf(system, pair);
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

  it("A6: a relayer can bring an order and change nothing in it", async () => {
    const system = await loadFixture(deploy);
    const { docket, quorum, kzte, alice, bob, stranger } = system;
    const pair = [target(kzte, alice, 1n), target(kzte, bob, 2n)].sort((a, b) =>
      a.account.toLowerCase() < b.account.toLowerCase() ? -1 : 1,
    );
    const { order, approvals } = await freezeOf(system, pair);
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

  it("A7: one order of a batch that was used before does not stop the others, and each result is told", async () => {
    const system = await loadFixture(deploy);
    const { docket, kzte, alice, bob } = system;
    const [used, fresh] = [
      await freezeOf(system, [target(kzte, alice, 1n)]),
      await freezeOf(system, [target(kzte, bob, 1n)]),
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

describe("Known failures: quorum and keys", () => {
  it("B8: a missing agency is not made good by the number of officers, and a dismissed one counts for nothing", async () => {
    const system = await loadFixture(deploy);
    const { quorum, kzte, alice, freeze } = system;
    await expect(freeze([target(kzte, alice, 1n)], { by: ["FMA-1", "FMA-2", "FMA-3"] })).to.be.revertedWithCustomError(
      quorum,
      "QuorumNotMet",
    );
    await expect(freeze([target(kzte, alice, 1n)], { by: ["FMA-1", "FMA-1", "GPO-1"] })).to.be.revert(ethers);
  });

  it("B9: an order executes with no signature by none of its alternatives", async () => {
    const system = await loadFixture(deploy);
    const { docket, quorum, kzte, alice, base } = system;
    const order = buildFreeze({ ...(await base({})), targets: [target(kzte, alice, 1n)], term: 60 });
    await expect(docket.freeze([struct(order.message)], [{ keys: "0x", others: [] }], "0x"))
      .to.be.revertedWithCustomError(quorum, "QuorumNotMet")
      .withArgs(digestOf(order, system.domain), ACTS.Freeze, SELF, 0);
  });

  it("B12: an approval that was taken back, and an order out of time, stay dead whatever is signed later", async () => {
    const system = await loadFixture(deploy);
    const { docket, quorum, kzte, alice, cancel, domain } = system;
    const freeze = await freezeOf(system, [target(kzte, alice, 1n)]);
    await cancel(freeze.digest, "GPO-1");
    const again = await approvalsOf(domain, freeze.order, BY);
    await expect(docket.freeze([struct(freeze.order.message)], [again], "0x")).to.be.revertedWithCustomError(
      quorum,
      "QuorumWithdrawn",
    );
  });

  it("B14: a signature's twin, a compact form or a wrong v is no second approval", async () => {
    const system = await loadFixture(deploy);
    const { docket, quorum, kzte, alice } = system;
    const { order, approvals } = await freezeOf(system, [target(kzte, alice, 1n)]);
    for (const [keys, error] of [
      [ethers.dataSlice(approvals.keys, 0, 64), "QuorumSignatureLength"],
      [ethers.concat([ethers.dataSlice(approvals.keys, 0, 64), "0x05"]), "QuorumInvalidSignature"],
    ] as const) {
      await expect(
        docket.freeze([struct(order.message)], [{ ...approvals, keys }], "0x"),
      ).to.be.revertedWithCustomError(quorum, error);
    }
  });

  it("B15: a key is seated only if it signs itself, and no rule can ask for more officers than sit", async () => {
    const { quorum, admit, configure } = await loadFixture(deploy);
    const unproven = await admit("FMA", new Wallet(nextSalt()), ["FMA-1", "GPO-1", "COURT-1"], { consent: "0x" });
    await expect(unproven.send()).to.be.revertedWithCustomError(quorum, "QuorumNoConsent");
    const unreachable = await configure("Seize", [ruleOf({ [AGENCY.MOF]: 3 })]);
    await expect(unreachable.send()).to.be.revertedWithCustomError(quorum, "RuleUnreachable");
  });

  it("B16: a compromised officer's delayed orders go stale with its dismissal", async () => {
    const { quorum, admit, dismiss } = await loadFixture(deploy);
    const admission = await admit("FMA", new Wallet(nextSalt()), ["FMA-1", "GPO-1", "COURT-1"]);
    await admission.send();
    await (await dismiss(officerIdOf("COURT-1"), ["COURT-2", "COURT-3"], { compromised: true })).send();
    await goTo((await now()) + 3n * DAY);
    await expect(admission.execute())
      .to.be.revertedWithCustomError(quorum, "QuorumStale")
      .withArgs(
        admission.digest,
        tally({ [AGENCY.FMA]: 1, [AGENCY.GPO]: 1 }),
        tally({ [AGENCY.FMA]: 1, [AGENCY.GPO]: 1, [AGENCY.COURT]: 1 }),
      );
  });

  it("B17: no single agency can act alone, but stay, veto, lift or return by two judges, dismiss its own, license and suspend", async () => {
    const { charter } = await loadFixture(deploy);
    const alone = new Set<number>();
    for (const { act, alternatives } of charter.rules) {
      for (const { officers } of alternatives) {
        if ([...BigInt(officers).toString(16)].filter((digit) => digit !== "0").length === 1) alone.add(act);
      }
    }
    expect([...alone].sort((a, b) => a - b)).to.deep.equal([3, 4, 6, 12, 13, 15, 19, 20]);
  });

  it("B18: of all sets of one to three officers exactly those execute a freeze that meet its rule", async () => {
    const system = await loadFixture(deploy);
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

describe("Known failures: the token", () => {
  it("D22, D26, D27: a frozen holder spends nothing of what is held, by no way; receipts are withheld up to the amount", async () => {
    const { tenge, kzte, alice, bob, carol, freeze } = await loadFixture(deploy);
    await tenge.connect(alice).approve(bob, 2n ** 256n - 1n);
    const balance = await tenge.balanceOf(alice);
    await freeze([target(kzte, alice, balance + 10n)]);
    const error = "ERC7943InsufficientUnfrozenBalance";
    await expect(tenge.connect(alice).transfer(bob, 1n)).to.be.revertedWithCustomError(tenge, error);
    await expect(tenge.connect(bob).transferFrom(alice, bob, 1n)).to.be.revertedWithCustomError(tenge, error);
    await expect(tenge.connect(alice).burn(1n)).to.be.revertedWithCustomError(tenge, error);
    await expect(tenge.connect(bob).burnFrom(alice, 1n)).to.be.revertedWithCustomError(tenge, error);
    await tenge.connect(carol).transfer(alice, 11n);
    await expect(tenge.connect(alice).transfer(bob, 2n)).to.be.revertedWithCustomError(tenge, error);
    await tenge.connect(alice).transfer(bob, 1n);
  });

  it("D25: a transfer to oneself frees nothing, and one of zero changes nothing", async () => {
    const { tenge, kzte, alice, freeze } = await loadFixture(deploy);
    const balance = await tenge.balanceOf(alice);
    await freeze([target(kzte, alice, balance)]);
    await expect(tenge.connect(alice).transfer(alice, 1n)).to.be.revertedWithCustomError(
      tenge,
      "ERC7943InsufficientUnfrozenBalance",
    );
    await tenge.connect(alice).transfer(alice, 0n);
    expect([await tenge.balanceOf(alice), await tenge.getFrozenTokens(alice)]).to.deep.equal([balance, balance]);
  });

  it("D28: lifting one case's hold leaves another's on the same account", async () => {
    const system = await loadFixture(deploy);
    const { tenge, kzte, freeze, lift } = system;
    const holder = await holderOf(system, 80n);
    await freeze([target(kzte, holder, 60n)], { caseId: "A" });
    await freeze([target(kzte, holder, 50n)], { caseId: "B", term: 3600 });
    await lift([target(kzte, holder, 60n)], { caseId: "A" });
    expect(await tenge.getFrozenTokens(holder)).to.equal(50);
  });

  it("D29, D31: a forced transfer to the same account changes nothing, and the way of force stays closed to others", async () => {
    const { tenge, docket, alice, bob, kzte, freeze } = await loadFixture(deploy);
    await freeze([target(kzte, alice, 7n)]);
    const system = await actingAs(docket);
    await tenge.connect(system).forcedTransfer(alice, alice, 5n);
    expect(await tenge.getFrozenTokens(alice)).to.equal(7);
    await expect(tenge.connect(bob).forcedTransfer(alice, bob, 1n)).to.be.revertedWithCustomError(
      tenge,
      "TengeOnlyDocket",
    );
    await expect(tenge.connect(bob).setFrozenTokens(alice, 0n)).to.be.revertedWithCustomError(tenge, "TengeOnlyDocket");
  });

  it("D30, D32: seized money leaves a frozen account with Frozen, Transfer, ForcedTransfer, and the holder is never free between", async () => {
    const { tenge, kzte, alice, arrest, seize } = await loadFixture(deploy);
    const balance = await tenge.balanceOf(alice);
    await arrest({ place: [target(kzte, alice, balance)], until: await until100() });
    const receipt = (await (await seize([target(kzte, alice, balance)])).wait())!;
    const names = receipt.logs.map((log) => tenge.interface.parseLog(log)?.name).filter((name) => name !== undefined);
    expect(names).to.deep.equal(["Frozen", "Transfer", "ForcedTransfer"]);
  });

  it("D33: canTransfer agrees with the transfer and never reverts", async () => {
    const { tenge, kzte, alice, bob, freeze } = await loadFixture(deploy);
    const balance = await tenge.balanceOf(alice);
    await freeze([target(kzte, alice, balance - 5n)]);
    for (const amount of [0n, 5n, 6n, balance]) {
      const can = await tenge.canTransfer(alice, bob, amount);
      const does = await tenge
        .connect(alice)
        .transfer.staticCall(bob, amount)
        .then(
          () => true,
          () => false,
        );
      expect(can, String(amount)).to.equal(does);
    }
    expect(await tenge.canTransfer(ethers.ZeroAddress, bob, 1n)).to.equal(false);
  });

  it("D34: vault, docket, treasury, asset and address 0 cannot be frozen", async () => {
    const { docket, kzte, usdx, treasury, freeze, vaultAt } = await loadFixture(deploySeized);
    for (const account of [vaultAt, await docket.getAddress(), treasury.address, usdx]) {
      await expect(freeze([target(kzte, account, 1n)]), account).to.be.revertedWithCustomError(
        docket,
        "DocketCannotHold",
      );
    }
  });
});

describe("Known failures: terms", () => {
  it("E35, E38: a hold counts at its last second and not after, without a transaction; unconfirmed it lapses, a second late is late", async () => {
    const { docket, tenge, kzte, alice, freeze, arrest } = await loadFixture(deploy);
    const since = await timeOf(freeze([target(kzte, alice, 9n)]));
    const until = since + 10n * DAY;
    const before = await networkHelpers.takeSnapshot();
    await atSecond(until, () => arrest({ confirm: [target(kzte, alice, 9n)], until: until + 50n * DAY }));
    expect(await tenge.getFrozenTokens(alice)).to.equal(9);
    await before.restore();
    await goTo(until);
    expect(await tenge.getFrozenTokens(alice)).to.equal(9);
    await goTo(until + 1n);
    expect(await tenge.getFrozenTokens(alice)).to.equal(0);
    await expect(
      arrest({ confirm: [target(kzte, alice, 9n)], until: until + 50n * DAY }),
    ).to.be.revertedWithCustomError(docket, "DocketHoldTooSmall");
  });

  it("E36: a term above the rule's, an end in the past, and an extension after the end are refused", async () => {
    const { docket, kzte, alice, freeze, arrest } = await loadFixture(deploy);
    await expect(freeze([target(kzte, alice, 1n)], { term: Number(10n * DAY) + 1 })).to.be.revertedWithCustomError(
      docket,
      "DocketInvalidTerm",
    );
    await expect(arrest({ place: [target(kzte, alice, 1n)], until: (await now()) - 1n })).to.be.revertedWithCustomError(
      docket,
      "DocketInvalidTerm",
    );
    const until = (await now()) + 1000n;
    await arrest({ place: [target(kzte, alice, 1n)], until });
    await goTo(until + 1n);
    await expect(arrest({ confirm: [target(kzte, alice, 1n)], until: until + 9000n })).to.be.revertedWithCustomError(
      docket,
      "DocketHoldTooSmall",
    );
  });

  it("E37: provisional holds do not follow each other inside of the cooling; only the court goes on", async () => {
    const { docket, kzte, alice, freeze, arrest } = await loadFixture(deploy);
    const since = await timeOf(freeze([target(kzte, alice, 1n)]));
    await goTo(since + 20n * DAY);
    await expect(freeze([target(kzte, alice, 1n)], { term: 60 })).to.be.revertedWithCustomError(
      docket,
      "DocketRollover",
    );
    await arrest({ place: [target(kzte, alice, 1n)], until: await until100() });
    await goTo(since + 40n * DAY);
    await freeze([target(kzte, alice, 1n)]);
  });

  it("E39: an end that 40 bits would cut off is refused", async () => {
    const system = await loadFixture(deploy);
    const { docket, kzte, alice, base } = system;
    const order = buildArrest({
      ...(await base({})),
      place: [target(kzte, alice, 1n)],
      upTo: 0,
      until: await until100(),
    });
    for (const until of [2n ** 40n, 2n ** 48n, 2n ** 64n - 1n]) {
      await expect(execute(system, changed(order, { until }))).to.be.revertedWithCustomError(
        docket,
        "DocketInvalidTerm",
      );
    }
  });
});

describe("Known failures: custody", () => {
  it("F40, F42: a donation enlarges nobody's payment, and what is in the vault is what is left and the suspense", async () => {
    const { tenge, docket, disposal, kzte, alice, bob, caseId, vaultAt, refund } = await loadFixture(deploySeized);
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

  it("F43: a vault answers its docket alone, the implementation pays nobody, and the address is the predicted one", async () => {
    const { docket, disposal, vaultAt, caseId, kzte, stranger } = await loadFixture(deploySeized);
    const clone = await ethers.getContractAt("CaseVault", vaultAt);
    expect(await clone.DOCKET()).to.equal(await docket.getAddress());
    expect(await docket.vaultOf(caseId)).to.equal(vaultAt);
    await expect(clone.connect(stranger).pay(kzte, stranger, 1n)).to.be.revertedWithCustomError(
      clone,
      "CaseVaultOnlyDocket",
    );
    const implementation = await ethers.getContractAt("CaseVault", await docket.VAULT());
    await expect(
      implementation.connect(await actingAs(disposal)).pay(kzte, stranger, 1n),
    ).to.be.revertedWithCustomError(implementation, "CaseVaultOnlyDocket");
  });

  it("F44: one case's order cannot move another case's vault", async () => {
    const { docket, tenge, kzte, alice, vaultAt, refund, freeze } = await loadFixture(deploySeized);
    await freeze([target(kzte, alice, 1n)], { caseId: "B" });
    await expect(refund([{ taken: kzte, ...target(kzte, alice, 1n) }], { caseId: "B" })).to.be.revertedWithCustomError(
      docket,
      "DocketExceedsOwed",
    );
    expect(await tenge.balanceOf(vaultAt)).to.equal(100);
  });

  it("F45: an entry is made only where the balances moved as it says", async () => {
    const system = await loadFixture(deployFaultySystem);
    const { disposal, docket, faulty, flty, alice, refund } = system;
    await system.take([target(flty, alice, 100n)]);
    await faulty.setFault(alice, FAULT.moveLess);
    const entries = await docket.entries();
    await expect(refund([{ taken: flty, ...target(flty, alice, 10n) }])).to.be.revertedWithCustomError(
      disposal,
      "MovedOtherwise",
    );
    expect(await docket.entries()).to.equal(entries);
  });

  it("F46: no more is seized than the case holds: not twice, not after the end, not another case's", async () => {
    const { docket, kzte, alice, seize, freeze, vaultAt, tenge } = await loadFixture(deploySeized);
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

describe("Known failures: the system", () => {
  it("I60: the head recomputed from the events is the stored one, and no altered journal gives it", async () => {
    const system = await loadFixture(deploySeized);
    const read = await readEntries(client, system.addresses.docket, { toBlock: await client.getBlockNumber() });
    const of = { chainId: 31337, docket: system.addresses.docket, stored: await storedHead(system) };
    verifyChain(read, of);
    const altered = read.map((entry, i) => (i === 1 ? { ...entry, document: documentOf("another") } : entry));
    for (const wrong of [read.slice(1), read.slice(0, -1), read.toReversed(), altered])
      expect(() => verifyChain(wrong, of)).to.throw();
  });

  it("I61: after a reorganisation the journal of the blocks that stand gives their state, and nothing of those that went", async () => {
    const system = await loadFixture(deploySeized);
    const { kzte, alice, bob, freeze, docket } = system;
    const stateNow = async () =>
      replay(await readEntries(client, system.addresses.docket, { toBlock: await client.getBlockNumber() }));
    const fork = await networkHelpers.takeSnapshot();
    await freeze([target(kzte, bob, 5n)], { caseId: "GONE" });
    const gone = await stateNow();
    await fork.restore();
    await freeze([target(kzte, alice, 6n)], { caseId: "STANDS", term: 60 });
    const stands = await stateNow();
    expect([[...gone.cases.keys()].length, [...stands.cases.keys()].length]).to.deep.equal([2, 2]);
    expect([...stands.cases.keys()].join()).not.to.equal([...gone.cases.keys()].join());
    expect(await docket.caseCount()).to.equal(2);
  });

  it("I62: there is no pause: no function of any contract could block a release", async () => {
    const { quorum, docket, disposal, tenge } = await loadFixture(deploy);
    for (const contract of [quorum, docket, disposal, tenge]) {
      contract.interface.forEachFunction(({ name, constant }) => {
        if (!constant) expect(name).not.to.match(/pause|halt|stop|upgrade|owner/i);
      });
    }
  });

  it("I63: what an officer, a target and a transfer cost stands in a snapshot that every change must show", async () => {
    const snapshot = JSON.parse(readFileSync(new URL("../../../bench/gas.snapshot.json", import.meta.url), "utf8")) as {
      rows: { work: string }[];
    };
    expect(snapshot.rows.map(({ work }) => work)).to.include.members([
      "freeze.first",
      "freeze.next",
      "officer.next",
      "transfer.neverHeld",
      "payout",
    ]);
  });

  it("I64: no more targets are frozen in a day than the charter allows, and no order of officers raises that at once", async () => {
    const system = await loadFixture(deploy);
    const { docket, kzte, charter } = system;
    const most = charter.numbers.freezesPerDay;
    const targets = (length: number) => Array.from({ length }, () => target(kzte, newAddress(), 1n));
    for (let i = 0; i < 3; ++i) await (await freezeOf(system, targets(300))).send();
    const last = await freezeOf(system, targets(most - 900 + 1));
    await expect(last.send())
      .to.be.revertedWithCustomError(docket, "FreezeWindowFull")
      .withArgs(900, most - 900 + 1, most);
    await (await freezeOf(system, targets(most - 900))).send();
    // The number stands in the charter: no act of the table changes it.
    expect(docket.interface.getFunction("setFreezesPerDay" as never)).to.equal(null);
  });
});
