import { expect } from "chai";
import { ZeroHash } from "ethers";
import type { Hex } from "viem";
import { ACTS, digestOf, type Order } from "../../src/orders/index.ts";
import { actingAs, addressOf, at, ethers, goTo, loadFixture, NEVER, now } from "../system/chain.ts";
import { deployConverting } from "../system/custody.ts";
import { effect, entryOf, target, WHAT } from "../system/entries.ts";
import { inKind, UNIT } from "../system/money.ts";
import { DOCUMENT, nextSalt, signOrder } from "../system/officers.ts";
import { APPEAL_TERM, DAY } from "../system/parameters.ts";

/** A Forfeit of all KZTE, scheduled; alice and bob are affected, carol is not. */
async function deploy() {
  const system = await deployConverting();
  const { kzte, treasury, domain, disposal, forfeit, timesOf } = system;
  const order = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: 300n * UNIT });
  await order.send();
  return {
    ...system,
    order,
    ...(await timesOf(order.digest)),
    /** An appeal that `by` signed, or that is brought with another signature. */
    appealSigned: async (
      by: Parameters<typeof signOrder>[0],
      changes: Partial<Order<"Appeal">["message"]> = {},
      signature?: Hex,
    ) => {
      const message = {
        order: order.digest,
        document: DOCUMENT,
        asset: kzte,
        holder: addressOf(system.alice),
        signBy: NEVER,
        salt: nextSalt(),
        ...changes,
      };
      const appeal: Order<"Appeal"> = { primaryType: "Appeal", message };
      const signed = signature ?? (await signOrder(by, domain, appeal));
      return {
        digest: digestOf(appeal, domain),
        send: () => disposal.connect(system.stranger).appeal(message, signed),
      };
    },
  };
}

const times = (start: bigint, deadline: bigint) => (start << 40n) | deadline;

describe("Disposal.appeal", () => {
  it("makes the delay 15 days longer, and the deadline as much later", async () => {
    const { quorum, docket, disposal, order, start, deadline, alice, kzte, caseId, appealSigned, timesOf } =
      await loadFixture(deploy);
    const appeal = await appealSigned(alice);
    await goTo(start - 10n);
    const entries = await docket.entries();
    const entry = await entryOf(appeal.send());
    const [moved, later] = [start + APPEAL_TERM, deadline + APPEAL_TERM];
    expect([entry.seq, entry.act, entry.caseId, entry.document, entry.order, entry.officerIds]).to.deep.equal([
      entries + 1n,
      BigInt(ACTS.appeal),
      caseId,
      DOCUMENT,
      appeal.digest,
      [],
    ]);
    expect(entry.effects).to.deep.equal([
      effect(WHAT.APPEALED, kzte, alice, BigInt(order.digest), times(moved, later)),
    ]);
    expect(await timesOf(order.digest)).to.deep.equal({ start: moved, deadline: later, state: 1n });
    expect(await disposal.isAppealed(order.digest, alice)).to.equal(true);
    await at(moved - 1n);
    await expect(order.execute()).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
    await at(moved);
    await order.execute();
  });

  it("adds its days to those of a stay", async () => {
    const { order, start, deadline, alice, kzte, stay, appeal, timesOf } = await loadFixture(deploy);
    await (await stay(order.digest, start + 20n * DAY, ["COURT-1"])).send();
    await goTo(start);
    await appeal(order.digest, kzte, alice);
    const moved = { start: start + 35n * DAY, deadline: deadline + 35n * DAY, state: 1n };
    expect(await timesOf(order.digest)).to.deep.equal(moved);
  });

  it("makes it longer once: later appeals are recorded and move nothing", async () => {
    const { disposal, order, start, alice, bob, kzte, appeal, timesOf } = await loadFixture(deploy);
    await goTo(start - DAY);
    await appeal(order.digest, kzte, alice);
    const once = await timesOf(order.digest);
    expect(once.start).to.equal(start + APPEAL_TERM);
    await goTo(once.start - 10n);
    const entry = await entryOf(appeal(order.digest, kzte, bob));
    expect(entry.effects).to.deep.equal([
      effect(WHAT.APPEALED, kzte, bob, BigInt(order.digest), times(once.start, once.deadline)),
    ]);
    expect(await timesOf(order.digest)).to.deep.equal(once);
    expect(await disposal.isAppealed(order.digest, bob)).to.equal(true);
  });

  it("has effect until the order is executed, in its last second too", async () => {
    const { quorum, order, start, deadline, alice, bob, kzte, appeal, timesOf } = await loadFixture(deploy);
    await at(deadline);
    await appeal(order.digest, kzte, alice);
    expect(await timesOf(order.digest)).to.deep.equal({
      start: start + APPEAL_TERM,
      deadline: deadline + APPEAL_TERM,
      state: 1n,
    });
    await order.execute();
    await expect(appeal(order.digest, kzte, bob))
      .to.be.revertedWithCustomError(quorum, "QuorumOrderEnded")
      .withArgs(order.digest, 2);
  });

  it("against an order that is dead comes to nothing", async () => {
    const { quorum, order, deadline, alice, kzte, appeal } = await loadFixture(deploy);
    await at(deadline + 1n);
    await expect(appeal(order.digest, kzte, alice))
      .to.be.revertedWithCustomError(quorum, "QuorumTooLate")
      .withArgs(order.digest, deadline);
  });

  it("is each holder's once, whoever brings it", async () => {
    const { disposal, order, alice, kzte, appeal, appealSigned } = await loadFixture(deploy);
    await appeal(order.digest, kzte, alice);
    await expect((await appealSigned(alice)).send())
      .to.be.revertedWithCustomError(disposal, "DisposalAppealedBefore")
      .withArgs(order.digest, alice.address);
  });

  it("is the affected holder's alone, in the asset of the order", async () => {
    const { disposal, order, start, carol, alice, kzte, usdx, appeal, timesOf } = await loadFixture(deploy);
    await expect(appeal(order.digest, kzte, carol))
      .to.be.revertedWithCustomError(disposal, "DisposalNotAffected")
      .withArgs(order.digest, kzte, carol.address);
    await expect(appeal(order.digest, usdx, alice))
      .to.be.revertedWithCustomError(disposal, "DisposalWrongAsset")
      .withArgs(order.digest, kzte, usdx);
    expect((await timesOf(order.digest)).start).to.equal(start);
    expect(await disposal.isAppealed(order.digest, carol)).to.equal(false);
  });

  it("is no longer a holder's that got everything back", async () => {
    const { disposal, order, alice, kzte, refund, appeal } = await loadFixture(deploy);
    await refund([inKind(kzte, alice, 100n * UNIT)]);
    await expect(appeal(order.digest, kzte, alice)).to.be.revertedWithCustomError(disposal, "DisposalNotAffected");
  });

  it("is signed by the holder, over this very appeal", async () => {
    const { disposal, order, alice, bob, kzte, appealSigned, domain } = await loadFixture(deploy);
    const message = { order: order.digest, document: DOCUMENT, asset: kzte, holder: addressOf(alice) };
    const other: Order<"Appeal"> = {
      primaryType: "Appeal",
      message: { ...message, signBy: NEVER, salt: nextSalt() },
    };
    for (const appeal of [
      await appealSigned(bob),
      await appealSigned(alice, {}, await signOrder(alice, domain, other)),
      await appealSigned(alice, {}, "0x"),
      await appealSigned(alice, {}, `0x${"00".repeat(65)}`),
      await appealSigned(alice, { holder: `0x${"00".repeat(20)}` }, `0x${"00".repeat(65)}`),
    ]) {
      await expect(appeal.send()).to.be.revertedWithCustomError(disposal, "ConsentMissing");
    }
    await (await appealSigned(alice)).send();
  });

  it("is also a contract's that holds money, by its own signature (ERC-1271)", async () => {
    const system = await loadFixture(deploy);
    const { disposal, tenge, issuer, order, kzte, take, appealSigned, stranger } = system;
    const account = await ethers.deployContract("AlwaysValid");
    const holder = (await account.getAddress()) as `0x${string}`;
    await tenge.connect(issuer).mint(holder, 5n);
    await take([target(kzte, holder, 5n)]);
    await (await appealSigned(stranger, { holder }, "0x")).send();
    expect(await disposal.isAppealed(order.digest, holder)).to.equal(true);
  });

  it("may also be sent by a contract that holds money", async () => {
    const system = await loadFixture(deploy);
    const { disposal, tenge, issuer, order, kzte, take, appeal } = system;
    const account = await ethers.deployContract("PlainToken");
    const holder = await actingAs(account);
    await tenge.connect(issuer).mint(holder, 5n);
    await take([target(kzte, holder, 5n)]);
    await appeal(order.digest, kzte, holder);
    expect(await disposal.isAppealed(order.digest, holder)).to.equal(true);
  });

  it("rests on a document, and is dead after its own signBy", async () => {
    const { disposal, order, alice, appealSigned, kzte, appeal } = await loadFixture(deploy);
    await expect((await appealSigned(alice, { document: ZeroHash as Hex })).send()).to.be.revertedWithCustomError(
      disposal,
      "ZeroDocument",
    );
    const signBy = (await now()) + 10n;
    const late = await appealSigned(alice, { signBy });
    await at(signBy + 1n);
    await expect(late.send()).to.be.revertedWithCustomError(disposal, "OrderExpired").withArgs(late.digest, signBy);
    await expect(appeal(order.digest, kzte, alice, { signBy })).to.be.revertedWithCustomError(disposal, "OrderExpired");
  });

  it("is against a delayed disposal: no other order can be appealed against", async () => {
    const { quorum, alice, treasury, kzte, appeal, setTreasury, bob } = await loadFixture(deploy);
    expect(treasury.address).not.to.equal(bob.address);
    const unknown = ethers.id("no order") as Hex;
    await expect(appeal(unknown, kzte, alice))
      .to.be.revertedWithCustomError(quorum, "QuorumNotScheduled")
      .withArgs(unknown);
    const change = await setTreasury(kzte, bob.address);
    await change.send();
    await expect(appeal(change.digest, kzte, alice))
      .to.be.revertedWithCustomError(quorum, "QuorumNotDisposal")
      .withArgs(change.digest, ACTS.SetTreasury);
  });

  it("against a vetoed order comes to nothing", async () => {
    const { quorum, order, alice, kzte, veto, appeal } = await loadFixture(deploy);
    await (await veto(order.digest, ["COURT-1"])).send();
    await expect(appeal(order.digest, kzte, alice))
      .to.be.revertedWithCustomError(quorum, "QuorumOrderEnded")
      .withArgs(order.digest, 3);
  });

  it("is told to the Quorum by the disposal alone", async () => {
    const { quorum, order, stranger } = await loadFixture(deploy);
    await expect(quorum.connect(stranger).appeal(order.digest))
      .to.be.revertedWithCustomError(quorum, "QuorumOnlyDisposal")
      .withArgs(stranger.address);
  });

  it("postpones a conversion as well, and is answered by a Return meanwhile", async () => {
    const { conversion, appeal, refund, kzte, alice, wallet, timesOf } = await loadFixture(deploy);
    const order = await conversion();
    await order.send();
    const { start } = await timesOf(order.digest);
    await appeal(order.digest, kzte, alice);
    expect((await timesOf(order.digest)).start).to.equal(start + APPEAL_TERM);
    await refund([inKind(kzte, alice, 100n * UNIT)]);
    await goTo(start + APPEAL_TERM);
    await order.execute(wallet, 15n * UNIT);
  });
});
