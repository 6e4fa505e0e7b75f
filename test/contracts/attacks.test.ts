import { expect } from "chai";
import { Wallet } from "ethers";
import {
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
  digestOf,
  domainOf,
  encodeCaseId,
} from "../../src/orders/index.ts";
import { ethers, goTo, loadFixture, networkHelpers, now, timeOf, type Who } from "../system/chain.ts";
import { charterFor, signCharter } from "../system/charters.ts";
import { deployContracts, deploySystem, holderOf, type System } from "../system/deployed.ts";
import { holdsOn, target } from "../system/entries.ts";
import { approvalsOf, idOf, nextSalt, officerIdOf, struct } from "../system/officers.ts";
import { AGENCY, DAY, DECIDERS, type OfficerName } from "../system/parameters.ts";

const isHeld = async ({ tenge }: System, who: Who) =>
  (await tenge.getFrozenTokens(typeof who === "string" ? who : who.address)) !== 0n;

describe("Attacks", () => {
  it("more than seven signatures of one agency neither count nor carry into the next agency", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, kzte, alice, domain, base, docket } = system;
    // Five more officers of FMA: eight in all.
    const people = Array.from({ length: 5 }, () => Wallet.createRandom());
    const orders = [];
    for (const person of people) {
      const admission = await system.admit("FMA", new Wallet(person.privateKey), ["FMA-1", "GPO-1", "COURT-1"]);
      await admission.send();
      orders.push(admission);
    }
    await goTo((await now()) + 3n * DAY);
    for (const admission of orders) await admission.execute();
    const order = buildFreeze({ ...(await base({})), targets: [target(kzte, alice, 1n)], term: 60 });
    const signed = await approvalsOf(domain, order, ["FMA-1", "FMA-2", "FMA-3"]);
    const digest = digestOf(order, domain);
    const all = [
      ...[0, 1, 2].map((i) => ({ id: "", signature: ethers.dataSlice(signed.keys, 65 * i, 65 * i + 65) })),
      ...people.map((person) => ({ id: idOf(person), signature: person.signingKey.sign(digest).serialized })),
    ].map(({ signature }) => ({ id: ethers.keccak256(ethers.recoverAddress(digest, signature)), signature }));
    all.sort((a, b) => (a.id < b.id ? -1 : 1));
    const keys = ethers.concat(all.map(({ signature }) => signature));
    await expect(docket.freeze([struct(order.message)], [{ keys, others: [] }], "0x"))
      .to.be.revertedWithCustomError(quorum, "RuleDigitTooLarge")
      .withArgs(8);
    const seven = ethers.concat(all.slice(0, 7).map(({ signature }) => signature));
    await expect(
      docket.freeze([struct(order.message)], [{ keys: seven, others: [] }], "0x"),
    ).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
  });

  it("a relayer who starves gas executes all of a freeze or nothing of it", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, kzte, alice, bob, carol, stranger } = system;
    const targets = [alice, bob, carol]
      .map((who) => target(kzte, who, 5n))
      .sort((a, b) => (a.account < b.account ? -1 : 1));
    const { order, approvals } = await system.freezing(targets);
    const enough = await docket.freeze.estimateGas([struct(order.message)], [approvals], "0x");
    let [failed, done] = [0, 0];
    for (let share = 30n; share <= 100n; share += 5n) {
      const before = await networkHelpers.takeSnapshot();
      const gasLimit = (enough * share) / 100n;
      const sent = docket.connect(stranger).freeze([struct(order.message)], [approvals], "0x", { gasLimit });
      const receipt = await sent.then(async (tx) => tx.wait()).catch(() => null);
      const held = await Promise.all([alice, bob, carol].map((who) => isHeld(system, who)));
      const executed = receipt?.status === 1;
      if (executed) ++done;
      else ++failed;
      expect(held, `${share} %`).to.deep.equal([executed, executed, executed]);
      await before.restore();
    }
    expect([failed > 0, done > 0]).to.deep.equal([true, true]);
  });

  it("a dismissal that front-runs a freeze stops that one order, not the batch, and not with one signature more", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, quorum, kzte, alice, bob, dismiss } = system;
    const hit = await system.freezing([target(kzte, alice, 1n)], { by: ["FMA-1", "FMA-3", "GPO-1"], caseId: "A" });
    const other = await system.freezing([target(kzte, bob, 1n)], { caseId: "B" });
    await (await dismiss(officerIdOf("FMA-3"), ["FMA-1", "FMA-2"])).send();
    await expect(hit.send()).to.be.revertedWithCustomError(quorum, "QuorumWithdrawn");
    const sent = docket.freeze(
      [hit, other].map(({ order }) => struct(order.message)),
      [hit.approvals, other.approvals],
      "0x",
    );
    await expect(sent).to.emit(docket, "Skipped");
    expect([await isHeld(system, alice), await isHeld(system, bob)]).to.deep.equal([false, true]);
    const spare = await approvalsOf(system.domain, hit.order, ["FMA-1", "FMA-2", "FMA-3", "GPO-1"]);
    await docket.freeze([struct(hit.order.message)], [spare], "0x");
    expect(await isHeld(system, alice)).to.equal(true);
  });

  it("one stolen key that sees a freeze in the mempool withdraws its own approval and nothing else", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, quorum, kzte, alice, cancel, domain } = system;
    const freeze = await system.freezing([target(kzte, alice, 1n)]);
    await cancel(freeze.digest, "KNB-1");
    await cancel(freeze.digest, "FMA-2");
    await expect(freeze.send()).to.be.revertedWithCustomError(quorum, "QuorumWithdrawn");
    const spare = await approvalsOf(domain, freeze.order, ["FMA-1", "FMA-2", "FMA-3", "GPO-1"]);
    await docket.freeze([struct(freeze.order.message)], [spare], "0x");
    expect(await isHeld(system, alice)).to.equal(true);
  });

  it("one stolen judge key alone frees nothing, pays nothing, seats and unseats nobody", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, docket, disposal, kzte, alice, base, approve, arrest, seize, admit, dismiss } = system;
    const held = [target(kzte, alice, 9n)];
    await arrest({ place: held, until: (await now()) + 100n * DAY });
    await seize([target(kzte, alice, 5n)]);
    const thief: OfficerName[] = ["COURT-3"];
    const upTo = Number(await docket.placements());
    const lift = buildLift({ ...(await base({})), holds: [target(kzte, alice, 4n)], upTo, arrested: true });
    const refund = buildReturn({ ...(await base({})), holders: [{ taken: kzte, ...target(kzte, alice, 5n) }] });
    await expect(docket.lift(struct(lift.message), await approve(lift, thief))).to.be.revert(ethers);
    await expect(
      disposal.refund([struct(refund.message)], [await approve(refund, thief)], "0x"),
    ).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    const candidate = new Wallet(nextSalt());
    await expect((await admit("COURT", candidate, thief)).send()).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    const dismissal = await dismiss(officerIdOf("COURT-1"), thief);
    await expect(dismissal.send()).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    expect(await isHeld(system, alice)).to.equal(true);
  });

  it("a judge's with a prosecutor's stolen key cannot empty an agency, and is itself dismissed at once", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, dismiss } = system;
    const thieves: OfficerName[] = ["COURT-3", "GPO-3"];
    await (await dismiss(officerIdOf("COURT-2"), thieves)).send();
    for (const next of ["COURT-1", "MOF-1"] as const) {
      await expect((await dismiss(officerIdOf(next), thieves)).send()).to.be.revertedWithCustomError(
        quorum,
        "QuorumDismissalPause",
      );
    }
    // The prosecutor's honest officers end the stolen key that the thieves need beside the judge's.
    await (await dismiss(officerIdOf("GPO-3"), ["GPO-1", "GPO-2"], { compromised: true })).send();
    await expect((await dismiss(officerIdOf("KNB-1"), thieves)).send()).to.be.revertedWithCustomError(
      quorum,
      "QuorumWithdrawn",
    );
    expect(await quorum.agencyOf(AGENCY.COURT)).to.equal(3);
  });

  it("a judge's with a prosecutor's stolen key can lift, and pay nobody", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, docket, disposal, kzte, alice, base, approve, arrest, seize } = system;
    await arrest({ place: [target(kzte, alice, 9n)], until: (await now()) + 100n * DAY });
    await seize([target(kzte, alice, 5n)]);
    const upTo = Number(await docket.placements());
    const thieves: OfficerName[] = ["COURT-3", "GPO-3"];
    const refund = buildReturn({ ...(await base({})), holders: [{ taken: kzte, ...target(kzte, alice, 5n) }] });
    await expect(
      disposal.refund([struct(refund.message)], [await approve(refund, thieves)], "0x"),
    ).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    const again = buildSeize({ ...(await base({})), holds: [target(kzte, alice, 4n)], upTo });
    await expect(
      docket.seize([struct(again.message)], [await approve(again, thieves)], "0x"),
    ).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
    // What they can do by the design; a new freeze or arrest holds again what is left.
    const lift = buildLift({ ...(await base({})), holds: [target(kzte, alice, 4n)], upTo, arrested: true });
    await docket.lift(struct(lift.message), await approve(lift, thieves));
    expect(await isHeld(system, alice)).to.equal(false);
  });

  it("a stolen judge key's vetoes end with its dismissal by two honest judges", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, admit, veto, dismiss } = system;
    const first = await admit("NBK", new Wallet(nextSalt()), ["NBK-1", "GPO-1", "COURT-1"]);
    await first.send();
    await (await veto(first.digest, ["COURT-3"])).send();
    await (await dismiss(officerIdOf("COURT-3"), ["COURT-1", "COURT-2"], { compromised: true })).send();
    const second = await admit("NBK", new Wallet(nextSalt()), ["NBK-1", "GPO-1", "COURT-1"]);
    await second.send();
    await expect((await veto(second.digest, ["COURT-3"])).send()).to.be.revertedWithCustomError(
      quorum,
      "QuorumWithdrawn",
    );
    await goTo((await now()) + 3n * DAY);
    await second.execute();
  });

  for (const [agency, by] of [
    ["MOF", ["COURT-1", "COURT-2", "GPO-1"]],
    ["COURT", ["FMA-1", "KNB-1", "NBK-1", "MOF-1"]],
  ] as const) {
    it(`an agency all of whose keys are lost, ${agency}, is seated anew without it, in the open for 21 days`, async () => {
      const system = await loadFixture(deploySystem);
      const { quorum, admit } = system;
      const person = new Wallet(nextSalt());
      const admission = await admit(agency, person, by);
      const second = await timeOf(admission.send());
      await expect(admission.execute())
        .to.be.revertedWithCustomError(quorum, "QuorumTooEarly")
        .withArgs(admission.digest, second + 21n * DAY);
      await goTo(second + 21n * DAY);
      await admission.execute();
      expect(await quorum.officer(idOf(person))).to.deep.equal([1n, BigInt(AGENCY[agency])]);
    });
  }

  it("an agency whose keys are said to be lost refuses by any living officer", async () => {
    const system = await loadFixture(deploySystem);
    const admission = await system.admit("COURT", new Wallet(nextSalt()), ["FMA-1", "KNB-1", "NBK-1", "MOF-1"]);
    await admission.send();
    await (await system.veto(admission.digest, ["COURT-2"])).send();
    await goTo((await now()) + 31n * DAY);
    await expect(admission.execute()).to.be.revertedWithCustomError(system.quorum, "QuorumOrderEnded");
  });

  it("a case id invented to roll a hold over holds nobody any longer", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, kzte, alice, freeze } = system;
    const since = await timeOf(freeze([target(kzte, alice, 1n)], { caseId: "A" }));
    await goTo(since + 9n * DAY);
    await expect(freeze([target(kzte, alice, 1n)], { caseId: "INVENTED" })).to.be.revertedWithCustomError(
      docket,
      "DocketRollover",
    );
    await goTo(since + 11n * DAY);
    await expect(freeze([target(kzte, alice, 1n)], { caseId: "INVENTED-2", term: 60 })).to.be.revertedWithCustomError(
      docket,
      "DocketRollover",
    );
    expect(await isHeld(system, alice)).to.equal(false);
  });

  it("sixteen holds on one account leave the court its eight, and a full list drops what has ended", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, kzte, freeze, arrest } = system;
    const holder = await holderOf(system, 100n);
    const one = [target(kzte, holder, 1n)];
    const since = await timeOf(freeze(one, { caseId: "F1", term: 3600 }));
    for (let n = 2; n <= 8; ++n) await freeze(one, { caseId: `F${n}`, term: 3600 });
    await expect(freeze(one, { caseId: "F9", term: 3600 }))
      .to.be.revertedWithCustomError(docket, "DocketHoldsFull")
      .withArgs(kzte, holder, 8);
    const until = (await now()) + 100n * DAY;
    for (let n = 1; n <= 8; ++n) await arrest({ place: one, until }, { caseId: `A${n}` });
    await expect(arrest({ place: one, until }, { caseId: "A9" }))
      .to.be.revertedWithCustomError(docket, "DocketHoldsFull")
      .withArgs(kzte, holder, 16);
    await goTo(since + 2n * 3600n);
    await arrest({ place: one, until }, { caseId: "A9" });
    expect((await holdsOn(system, kzte, holder)).filter(({ amount }) => amount !== 0n)).to.have.length(9);
  });

  it("a hold on a future vault address ends with the first order of its case, and keeps no money there", async () => {
    const system = await loadFixture(deploySystem);
    const { docket, tenge, kzte, alice, arrest, seize } = system;
    const vault = await docket.vaultOf(encodeCaseId("LATER"));
    const until = (await now()) + 100n * DAY;
    await arrest({ place: [target(kzte, vault, 50n)], until }, { caseId: "A" });
    expect(await isHeld(system, vault)).to.equal(true);
    await arrest({ place: [target(kzte, alice, 20n)], until }, { caseId: "LATER" });
    expect(await isHeld(system, vault)).to.equal(false);
    await seize([target(kzte, alice, 20n)], { caseId: "LATER" });
    expect(await tenge.balanceOf(vault)).to.equal(20);
    await expect(arrest({ place: [target(kzte, vault, 1n)], until }, { caseId: "A" })).to.be.revertedWithCustomError(
      docket,
      "DocketCannotHold",
    );
  });

  it("a replay on another chain id and another Quorum is nobody's signature there", async () => {
    const system = await loadFixture(deploySystem);
    const { quorum, docket, kzte, alice, base, domain, addresses } = system;
    const order = buildFreeze({ ...(await base({})), targets: [target(kzte, alice, 1n)], term: 60 });
    for (const foreign of [domainOf(1, domain.verifyingContract), domainOf(31337, addresses.docket)]) {
      const approvals = await approvalsOf(foreign, order, DECIDERS.Freeze);
      await expect(docket.freeze([struct(order.message)], [approvals], "0x")).to.be.revertedWithCustomError(
        quorum,
        "QuorumUnknownOfficer",
      );
    }
    expect(await isHeld(system, alice)).to.equal(false);
  });

  it("an install by a stranger, or a second one, changes nothing", async () => {
    const ready = await loadFixture(deployContracts);
    const { quorum, docket, domain, stranger, addresses } = ready;
    const charter = charterFor(addresses);
    const signatures = await signCharter(charter, domain);
    await expect(quorum.connect(stranger).install(struct(charter), signatures))
      .to.be.revertedWithCustomError(quorum, "QuorumNotInstaller")
      .withArgs(stranger.address);
    await quorum.install(struct(charter), signatures);
    const head = await docket.head();
    await expect(quorum.install(struct(charter), signatures)).to.be.revertedWithCustomError(quorum, "QuorumInstalled");
    expect(await docket.head()).to.equal(head);
  });

  it("one unit moved away just before does not let an exact freeze fail, nor a unit sent back go free", async () => {
    const system = await loadFixture(deploySystem);
    const { tenge, kzte, alice, bob } = system;
    const balance = await tenge.balanceOf(alice);
    const freeze = await system.freezing([target(kzte, alice, balance)]);
    await tenge.connect(alice).transfer(bob, 1n);
    await freeze.send();
    await tenge.connect(bob).transfer(alice, 1n);
    await expect(tenge.connect(alice).transfer(bob, 1n)).to.be.revertedWithCustomError(
      tenge,
      "ERC7943InsufficientUnfrozenBalance",
    );
  });
});
