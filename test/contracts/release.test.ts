import { expect } from "chai";
import { concat, keccak256 } from "ethers";
import type { Address, Hex } from "viem";
import { buildFreeze, digestOf, documentHash, encodeCaseId } from "../../src/orders/index.ts";
import { type Claim, leafOf, SOURCE, treeOf } from "../system/acts/disposals.ts";
import {
  addressOf,
  atSecond,
  ethers,
  goTo,
  inTime,
  loadFixture,
  newAddress,
  now,
  reach,
  timeOf,
} from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { entryOf, execute, headAfter, target } from "../system/entries.ts";
import { deployFaultySystem } from "../system/faulty.ts";
import { carryOut, inKind, units } from "../system/money.ts";
import { DOCUMENT, documentOf, nextSalt, signOrder } from "../system/officers.ts";
import { APPEAL_TERM, DAY, DELAY, GRACE } from "../system/parameters.ts";

const TAKEN = units(300);

/** 300 of a holder in the vault, and a Forfeit of it that is ready to be scheduled. */
async function deployTaken() {
  const scene = await deploySystem();
  const { kzte, treasury, take, forfeit } = scene;
  const owner = await scene.holder(TAKEN);
  await take([target(kzte, owner, TAKEN)]);
  const order = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: TAKEN });
  return { ...scene, owner, order };
}

/** A list of three victims, whose 300 are reserved. */
async function deployReserved() {
  const scene = await deployTaken();
  const list: Claim[] = [units(150), units(100), units(50)].map((amount) => ({ account: newAddress(), amount }));
  const order = await scene.compensate({ asset: scene.kzte, list });
  await carryOut(scene, order);
  return { ...scene, list, order };
}

describe("Payees of a release", () => {
  it("one payee that is blacklisted or reverts blocks no other, neither in a Return nor among claims", async () => {
    const scene = await loadFixture(deployFaultySystem);
    const { faulty, docket, flty, caseId, take, refund, refuse, compensate } = scene;
    const holders = [newAddress(), newAddress(), newAddress()];
    for (const holder of holders) await faulty.mint(holder, 10n);
    await take(holders.map((holder) => target(flty, holder, 10n)));
    await refuse(holders[1]!);
    await refund(holders.map((address) => inKind(flty, { address }, 6n)));
    expect(await Promise.all(holders.map((holder) => faulty.balanceOf(holder)))).to.deep.equal([6n, 0n, 6n]);
    expect((await docket.owedTo(caseId, flty, holders[1]!)).claim).to.equal(6);
    const order = await compensate({ asset: flty, list: holders.map((account) => ({ account, amount: 4n })) });
    await carryOut(scene, order);
    await expect(order.claim(1)).to.be.revertedWithCustomError(docket, "DocketPaymentRefused");
    for (const index of [0, 2]) await order.claim(index);
    expect(await Promise.all(holders.map((holder) => faulty.balanceOf(holder)))).to.deep.equal([10n, 0n, 10n]);
  });

  it("an inner node of the list passes for no claim", async () => {
    const { docket, disposal, domain, kzte, caseId, order, list } = await loadFixture(deployReserved);
    const place = { chainId: domain.chainId, docket: (await docket.getAddress()) as Address, caseId, asset: kzte };
    const leaves = list.map((claim, index) => leafOf({ ...place, index, ...claim }));
    const { root } = await disposal.compensationOf(order.digest);
    expect(treeOf(leaves).root).to.equal(root);
    const inner = keccak256(concat([leaves[0]!, leaves[1]!].sort())) as Hex;
    // Taken for a leaf, the root itself and the node below it would need a claim that hashes to them: there is none.
    for (const [index, proof] of [
      [0, []],
      [0, [leaves[2]!]],
      [0, [inner]],
    ] as const) {
      await expect(
        disposal.claimCompensation(order.digest, index, list[0]!.account, list[0]!.amount, [...proof]),
      ).to.be.revertedWithCustomError(disposal, "DisposalNotInList");
    }
  });

  it("a claim is of one chain, docket, case, asset and place: a list for any other pays nothing", async () => {
    const scene = await loadFixture(deployTaken);
    const { docket, disposal, domain, kzte, usdx, quorum, caseId, compensate } = scene;
    const claim = { account: newAddress(), amount: 1n };
    const ours = {
      chainId: domain.chainId,
      docket: (await docket.getAddress()) as Address,
      caseId,
      asset: kzte,
      index: 0,
      ...claim,
    };
    for (const foreign of [
      { ...ours, chainId: 1 },
      { ...ours, docket: (await quorum.getAddress()) as Address },
      { ...ours, caseId: encodeCaseId("CASE-2") },
      { ...ours, asset: usdx },
      { ...ours, index: 1 },
    ]) {
      const order = await compensate({ asset: kzte, list: [claim], root: leafOf(foreign) });
      await carryOut(scene, order);
      await expect(order.claim(0))
        .to.be.revertedWithCustomError(disposal, "DisposalNotInList")
        .withArgs(order.digest, 0, claim.account, claim.amount);
    }
    const order = await compensate({ asset: kzte, list: [claim], root: leafOf(ours) });
    await carryOut(scene, order);
    await order.claim(0);
    expect(await scene.tenge.balanceOf(claim.account)).to.equal(1);
  });

  it("a list worth more than its total pays up to the total, and each claim once", async () => {
    const scene = await loadFixture(deployTaken);
    const { tenge, disposal, kzte, compensate, sums } = scene;
    const list: Claim[] = [units(150), units(150), 1n].map((amount) => ({ account: newAddress(), amount }));
    const order = await compensate({ asset: kzte, list, total: TAKEN });
    await carryOut(scene, order);
    await order.claim(0);
    await expect(order.claim(0)).to.be.revertedWithCustomError(disposal, "DisposalClaimPaid");
    await order.claim(1);
    await expect(order.claim(2))
      .to.be.revertedWithCustomError(disposal, "DisposalExceedsCompensation")
      .withArgs(order.digest, 0, 1);
    expect(await tenge.balanceOf(list[2]!.account)).to.equal(0);
    expect((await sums()).paid).to.equal(TAKEN);
  });

  it("no later list changes one whose claims are open, and what nobody claims leaves by an order alone", async () => {
    const scene = await loadFixture(deployReserved);
    const { docket, disposal, tenge, kzte, treasury, caseId, order, list, compensate, forfeit, sums } = scene;
    const thief = newAddress();
    const second = await compensate({ asset: kzte, list: [{ account: thief, amount: TAKEN }] });
    await second.send();
    await reach((await scene.timesOf(second.digest)).start);
    await expect(second.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, 0, TAKEN);
    await order.claim(0);
    const { until, root } = await disposal.compensationOf(order.digest);
    expect(root).not.to.equal((await disposal.compensationOf(second.digest)).root);
    await expect(atSecond(until, () => disposal.unreserve(order.digest))).to.be.revertedWithCustomError(
      disposal,
      "DisposalStillReserved",
    );
    await atSecond(until + 1n, () => disposal.unreserve(order.digest));
    await expect(order.claim(1)).to.be.revertedWithCustomError(disposal, "DisposalClaimTooLate");
    expect(await sums()).to.include({ balance: units(150), free: units(150) });
    await carryOut(scene, await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: units(150) }));
    expect(await tenge.balanceOf(list[1]!.account)).to.equal(0);
  });

  it("a Return pays the holder from whom it was taken; a changed key needs six officers, 30 days and no veto", async () => {
    const scene = await loadFixture(deployTaken);
    const { caseId, docket, tenge, kzte, owner, refund, transfer } = scene;
    const newKey = newAddress();
    await expect(refund([inKind(kzte, { address: newKey }, 1n)]))
      .to.be.revertedWithCustomError(docket, "DocketExceedsOwed")
      .withArgs(caseId, kzte, newKey, 0, 1);
    const successor = { asset: kzte, holder: owner.address as Address, to: newKey, amount: TAKEN };
    await carryOut(scene, await transfer({ ...successor, source: SOURCE.custody }));
    expect(await tenge.balanceOf(newKey)).to.equal(TAKEN);
    await expect(refund([inKind(kzte, owner, 1n)])).to.be.revertedWithCustomError(docket, "DocketExceedsOwed");
  });
});

describe("Delay and appeal of a release", () => {
  it("a stay and an appeal delay the disposal alone: the hold is lifted, the money returned, the lapse recorded", async () => {
    const scene = await loadFixture(deployTaken);
    const { docket, quorum, tenge, kzte, owner, order, caseId, freeze, lift, refund, appeal, stay, bob } = scene;
    const [lifted, lapsing] = [await scene.holder(5n), await scene.holder(5n)];
    await order.send();
    await appeal(order.digest, kzte, owner);
    await (await stay(order.digest, (await now()) + 80n * DAY, ["COURT-1"])).send();
    await freeze([target(kzte, lifted, 5n)]);
    const since = await timeOf(freeze([target(kzte, lapsing, 5n)]));
    await lift([target(kzte, lifted, 5n)], { by: ["FMA-1", "GPO-1"] });
    await tenge.connect(lifted).transfer(bob, 5n);
    await goTo(since + 10n * DAY + 1n);
    await docket.lapse(caseId, [{ asset: kzte, account: lapsing.address }]);
    await refund([inKind(kzte, owner, TAKEN)], { by: ["COURT-1", "COURT-2"] });
    expect(await tenge.balanceOf(owner)).to.equal(TAKEN);
    await expect(order.execute()).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
  });

  it("a disposal is not executed before its start nor after its grace", async () => {
    const { quorum, tenge, treasury, order, timesOf } = await loadFixture(deployTaken);
    const decided = await timeOf(order.send());
    const { start, deadline } = await timesOf(order.digest);
    expect([start, deadline]).to.deep.equal([decided + DELAY.Forfeit, decided + DELAY.Forfeit + GRACE.Forfeit]);
    await expect(atSecond(start - 1n, order.execute))
      .to.be.revertedWithCustomError(quorum, "QuorumTooEarly")
      .withArgs(order.digest, start);
    await expect(atSecond(deadline + 1n, order.execute))
      .to.be.revertedWithCustomError(quorum, "QuorumTooLate")
      .withArgs(order.digest, deadline);
    expect(await tenge.balanceOf(treasury)).to.equal(0);
  });

  it("a stay in time stops it, and ends; a veto by a judge kills it for ever", async () => {
    const scene = await loadFixture(deployTaken);
    const { quorum, tenge, kzte, treasury, order, forfeit, stay, veto, timesOf } = scene;
    await order.send();
    const { start, deadline } = await timesOf(order.digest);
    await goTo(start - 2n);
    await (await stay(order.digest, start + 5n * DAY, ["GPO-2"])).send();
    await expect(order.execute())
      .to.be.revertedWithCustomError(quorum, "QuorumTooEarly")
      .withArgs(order.digest, start + 5n * DAY);
    expect((await timesOf(order.digest)).deadline).to.equal(deadline + 5n * DAY);
    const half = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: 1n });
    await half.send();
    await (await veto(half.digest, ["COURT-3"])).send();
    await reach((await timesOf(half.digest)).start);
    await expect(half.execute()).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded").withArgs(half.digest, 3);
    await expect((await veto(half.digest, ["COURT-3"])).send()).to.be.revertedWithCustomError(
      quorum,
      "QuorumOrderEnded",
    );
    await order.execute();
    expect(await tenge.balanceOf(treasury)).to.equal(TAKEN);
  });

  it("the affected holder alone appeals, itself or by its signature, once per order and without a bond", async () => {
    const scene = await loadFixture(deployTaken);
    const { disposal, domain, tenge, kzte, usdx, owner, stranger, alice, order, take, appeal } = scene;
    await take([target(kzte, alice, 5n)]);
    await order.send();
    await expect(appeal(order.digest, kzte, stranger)).to.be.revertedWithCustomError(disposal, "DisposalNotAffected");
    await expect(appeal(order.digest, usdx, owner)).to.be.revertedWithCustomError(disposal, "DisposalWrongAsset");
    const message = {
      order: order.digest,
      document: DOCUMENT,
      asset: kzte,
      holder: addressOf(alice),
      signBy: await inTime(),
      salt: nextSalt(),
    };
    const signature = await signOrder(alice, domain, { primaryType: "Appeal", message });
    const consent = await ethers.getContractAt("Consent", disposal);
    await expect(disposal.connect(stranger).appeal({ ...message, document: documentOf("other") }, signature))
      .to.be.revertedWithCustomError(consent, "ConsentMissing")
      .withArgs(alice.address);
    const before = await tenge.balanceOf(alice);
    await disposal.connect(stranger).appeal(message, signature);
    await expect(disposal.connect(stranger).appeal(message, signature))
      .to.be.revertedWithCustomError(disposal, "DisposalAppealedBefore")
      .withArgs(order.digest, alice.address);
    await expect(appeal(order.digest, kzte, alice)).to.be.revertedWithCustomError(disposal, "DisposalAppealedBefore");
    expect(await tenge.balanceOf(alice)).to.equal(before);
    expect(await ethers.provider.getBalance(disposal)).to.equal(0);
  });

  it("a contract appeals by its own rules, and one that has none cannot be spoken for", async () => {
    const scene = await loadFixture(deployTaken);
    const { disposal, domain, tenge, issuer, kzte, stranger, order, take } = scene;
    const wallet = await ethers.deployContract("AlwaysValid");
    const mute = await ethers.deployContract("PlainToken");
    const [speaks, silent] = [(await wallet.getAddress()) as Address, (await mute.getAddress()) as Address];
    for (const holder of [speaks, silent]) await tenge.connect(issuer).mint(holder, 5n);
    await take([target(kzte, speaks, 5n), target(kzte, silent, 5n)]);
    await order.send();
    const signBy = await inTime();
    const of = (holder: Address) => ({
      order: order.digest,
      document: DOCUMENT,
      asset: kzte,
      holder,
      signBy,
      salt: nextSalt(),
    });
    const forged = await signOrder(stranger, domain, { primaryType: "Appeal", message: of(silent) });
    const consent = await ethers.getContractAt("Consent", disposal);
    await expect(disposal.connect(stranger).appeal(of(silent), forged)).to.be.revertedWithCustomError(
      consent,
      "ConsentMissing",
    );
    await disposal.connect(stranger).appeal(of(speaks), "0x");
    expect(await disposal.isAppealed(order.digest, speaks)).to.equal(true);
  });

  it("an appeal moves the order once and by fifteen days, and those scheduled in the fifteen days after it", async () => {
    const { kzte, owner, alice, order, take, appeal, timesOf, transfer } = await loadFixture(deployTaken);
    await take([target(kzte, alice, 5n)]);
    const decided = await timeOf(order.send());
    const later = decided + DELAY.Forfeit + APPEAL_TERM;
    const filed = decided + DELAY.Forfeit - 1n;
    await atSecond(filed, () => appeal(order.digest, kzte, owner));
    expect((await timesOf(order.digest)).start).to.equal(later);
    await appeal(order.digest, kzte, alice);
    expect((await timesOf(order.digest)).start).to.equal(later);
    for (const [second, moves] of [
      [filed + APPEAL_TERM, APPEAL_TERM],
      [filed + APPEAL_TERM + 2n, 0n],
    ] as const) {
      const next = await transfer({ asset: kzte, to: newAddress(), amount: 1n });
      await atSecond(second, next.send);
      expect((await timesOf(next.digest)).start).to.equal(second + DELAY.Transfer + moves);
    }
  });
});

describe("Corrections and documents of a release", () => {
  it("a wrong order is put right by a further one; both stand in the journal, and without the wrong one its head is another", async () => {
    const scene = await loadFixture(deploySystem);
    const { docket, quorum, domain, kzte, base, lift } = scene;
    const [wrong, right] = [await scene.holder(9n), await scene.holder(9n)];
    const freeze = async (who: { address: string }) =>
      buildFreeze({ ...(await base({})), targets: [target(kzte, who, 9n)], term: Number(DAY) });
    const [mistaken, corrected] = [await freeze(wrong), await freeze(right)];
    const before = await docket.head();
    const entries = [
      await entryOf(execute(scene, mistaken)),
      await entryOf(lift([target(kzte, wrong, 9n)], { by: ["FMA-1", "GPO-1"] })),
      await entryOf(execute(scene, corrected)),
    ];
    expect(entries.map(({ seq }) => seq)).to.deep.equal([2n, 3n, 4n]);
    expect(await quorum.entryOf(digestOf(mistaken, domain))).to.equal(2);
    expect(entries.reduce(headAfter, before)).to.equal(await docket.head());
    expect(entries.slice(1).reduce(headAfter, before)).not.to.equal(await docket.head());
    // The wrong one cannot be used again, as its own correction or otherwise.
    await expect(execute(scene, mistaken))
      .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
      .withArgs(digestOf(mistaken, domain), 2);
  });

  it("a sealed document is opened by whoever has salt and file; anything else opens as a document of no order", async () => {
    const scene = await loadFixture(deploySystem);
    const { disposal, kzte, alice, stranger, caseId, freeze } = scene;
    const [salt, file] = [documentOf("document salt"), documentOf("file")];
    const document = documentHash(salt, file);
    const placed = await entryOf(freeze([target(kzte, alice, 1n)], { document }));
    expect(placed.document).to.equal(document);
    const opened = await entryOf(disposal.connect(stranger).open(caseId, salt, file));
    expect([opened.document, opened.effects[0]!.amount, opened.effects[0]!.value]).to.deep.equal([
      document,
      BigInt(salt),
      BigInt(file),
    ]);
    for (const [otherSalt, otherFile] of [
      [documentOf("guess"), file],
      [salt, documentOf("another file")],
    ] as const) {
      const guessed = await entryOf(disposal.connect(stranger).open(caseId, otherSalt, otherFile));
      expect(guessed.document).not.to.equal(document);
    }
  });

  it("one ruling in two cases shows no likeness: each order has a document salt of its own", async () => {
    const { kzte, alice, bob, freeze, docket } = await loadFixture(deploySystem);
    const file = documentOf("file");
    const hashes = [documentHash(documentOf("one"), file), documentHash(documentOf("two"), file)] as const;
    expect(hashes[0]).not.to.equal(hashes[1]);
    await freeze([target(kzte, alice, 1n)], { caseId: "A", document: hashes[0] });
    await freeze([target(kzte, bob, 1n)], { caseId: "B", document: hashes[1] });
    const logged = await docket.queryFilter(docket.filters.Entry());
    expect(logged.slice(-2).map(({ args }) => args.document)).to.deep.equal([...hashes]);
    for (const { args } of logged) {
      expect(JSON.stringify([args.document, args.effects])).not.to.include(file.slice(2));
    }
  });
});
