import { expect } from "chai";
import { encodeCaseId } from "../../src/orders/index.ts";
import { SOURCE } from "../system/acts/disposals.ts";
import { addressOf, at, goTo, loadFixture, now, type Sent } from "../system/chain.ts";
import { type Custody, deployConverting } from "../system/custody.ts";
import { inKind, UNIT } from "../system/money.ts";
import { DAY, type OfficerName } from "../system/parameters.ts";

/**
 * The cases of disposals with their days and amounts. X is alice, Y is bob, A is KZTE, P is USDX; the case is one of its own,
 * and an amount of 100 stands for 100 units.
 */
const LAB = "CASE-CLOCKS";

type Order = { digest: `0x${string}`; send: () => Sent; go: () => Sent };

async function deploy() {
  const system = await deployConverting();
  const { quorum, docket, kzte, usdx, alice, bob, treasury, stranger, wallet, tenge, issuer } = system;
  for (const holder of [alice, bob, wallet]) await tenge.connect(issuer).mint(holder, 10_000n * UNIT);
  const caseId = encodeCaseId(LAB);
  // Whole days are counted from here.
  const zero = (await now()) + 60n * DAY;
  const given = { caseId: LAB };
  const second = (day: number, seconds = 0n) => zero + BigInt(Math.round(day * Number(DAY))) + seconds;
  const plain = <T extends { digest: `0x${string}`; send: () => Sent; execute: () => Sent }>(order: T): Order => ({
    digest: order.digest,
    send: order.send,
    go: () => order.execute(),
  });
  return {
    ...system,
    zero,
    caseId,
    second,
    /** Does something on a day, or some seconds after it. */
    on: async <T>(day: number, act: () => Promise<T>, seconds = 0n): Promise<T> => {
      await at(second(day, seconds));
      return act();
    },
    /** A seizure of one second: the hold is placed before. */
    takeOn: async (day: number, holder: Custody["alice"], amount: bigint) => {
      const holds = [{ asset: kzte, account: addressOf(holder), amount: amount * UNIT }];
      await goTo(second(day) - 10n);
      await system.arrest({ place: holds, until: second(day) + 100n * DAY }, given);
      await at(second(day));
      await system.seize(holds, given);
    },
    forfeitOf: async (amount: bigint, asset = kzte) =>
      plain(await system.forfeit({ asset, treasury: addressOf(treasury), amount: amount * UNIT }, given)),
    compensateOf: async (amount: bigint) =>
      plain(
        await system.compensate(
          { asset: kzte, list: [{ account: addressOf(stranger), amount: amount * UNIT }] },
          given,
        ),
      ),
    transferOf: async (amount: bigint, source: number = SOURCE.custody) =>
      plain(await system.transfer({ asset: kzte, to: addressOf(stranger), amount: amount * UNIT, source }, given)),
    /** At one P for one A. */
    convertOf: async (amount: bigint): Promise<Order> => {
      const order = await system.conversion({ asset: kzte, amount: amount * UNIT, leastProceeds: 1n }, given);
      return { digest: order.digest, send: order.send, go: () => order.execute(wallet, amount * UNIT) };
    },
    appealOf: (order: Order, holder: Custody["alice"], asset = kzte) => system.appeal(order.digest, asset, holder),
    stayOf: async (order: Order, until: bigint, by: OfficerName) => system.stay(order.digest, until, [by]),
    /** First and last second of an order, in seconds from day zero. */
    windowOf: async ({ digest }: Order) => {
      const { start, deadline } = await quorum.delayedOf(digest);
      return [start - zero, deadline - zero];
    },
    /** That an order is refused because a part of the money is too young. */
    young: (sent: Sent, asset = kzte) =>
      expect(sent)
        .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
        .withArgs(
          caseId,
          asset,
          (free: bigint) => free >= 0n,
          (need: bigint) => need > 0n,
        ),
    early: (sent: Sent) => expect(sent).to.be.revertedWithCustomError(quorum, "QuorumTooEarly"),
    late: (sent: Sent) => expect(sent).to.be.revertedWithCustomError(quorum, "QuorumTooLate"),
    usdx,
  };
}

const days = (start: number, deadline: number, startSeconds = 0n, deadlineSeconds = 0n) => [
  BigInt(Math.round(start * Number(DAY))) + startSeconds,
  BigInt(Math.round(deadline * Number(DAY))) + deadlineSeconds,
];

describe("clocks of disposals", () => {
  it("each order waits for its own delay, and for the money that it takes", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(0, lab.alice, 100n);
    const [small, large] = [await lab.forfeitOf(100n), await lab.forfeitOf(150n)];
    await lab.on(0, small.send, 1n);
    await lab.on(0, large.send, 2n);
    // Scheduled a second apart, so each edge is a second later than the other's.
    await lab.takeOn(20, lab.bob, 50n);
    expect(await lab.windowOf(small)).to.deep.equal(days(15, 105, 1n, 1n));
    await lab.on(35, () => lab.young(large.go()), -1n);
    await lab.on(35, large.go);
  });

  it("to the last second of the window, and in the first second of the delay", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(0, lab.alice, 100n);
    const [first, last, dead] = [await lab.forfeitOf(40n), await lab.forfeitOf(30n), await lab.forfeitOf(30n)];
    await lab.on(0, first.send, 1n);
    await lab.on(0, last.send, 2n);
    await lab.on(0, dead.send, 3n);
    await lab.on(15, () => lab.early(first.go()));
    await lab.on(15, first.go, 1n);
    await lab.on(105, last.go, 2n);
    await lab.on(105, () => lab.late(dead.go()), 4n);
  });

  it("drops of others' money postpone nothing but themselves", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(0, lab.alice, 100n);
    const [whole, more] = [await lab.convertOf(100n), await lab.convertOf(110n)];
    await lab.on(10, whole.send);
    await lab.on(10, more.send, 1n);
    await lab.takeOn(10.5, lab.bob, 10n);
    await lab.takeOn(11.5, lab.bob, 10n);
    await lab.on(12, () => lab.early(whole.go()), -1n);
    await lab.on(12.5, () => lab.young(more.go()), -1n);
    await lab.on(12.5, more.go);
  });

  it("the 100 that were there go on day 12, whatever came since", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(0, lab.alice, 100n);
    const whole = await lab.convertOf(100n);
    await lab.on(10, whole.send);
    await lab.takeOn(10.5, lab.bob, 10n);
    await lab.takeOn(11.5, lab.bob, 10n);
    await lab.on(12, whole.go);
  });

  it("what leaves counts as the oldest", async () => {
    const lab = await loadFixture(deploy);
    const { kzte, bob, refund } = lab;
    await lab.takeOn(0, lab.alice, 100n);
    const [whole, half] = [await lab.forfeitOf(100n), await lab.forfeitOf(50n)];
    await lab.on(0, whole.send, 1n);
    await lab.on(0, half.send, 2n);
    await lab.takeOn(20, bob, 50n);
    await lab.on(21, () => refund([inKind(kzte, bob, 50n * UNIT)], { caseId: LAB }));
    await lab.on(35, () => lab.young(whole.go()), -1n);
    await lab.on(35, whole.go);
  });

  it("of 100 that are left after a Return, the 50 that are old go at once", async () => {
    const lab = await loadFixture(deploy);
    const { kzte, bob, refund } = lab;
    await lab.takeOn(0, lab.alice, 100n);
    const half = await lab.forfeitOf(50n);
    await lab.on(0, half.send, 1n);
    await lab.takeOn(20, bob, 50n);
    await lab.on(21, () => refund([inKind(kzte, bob, 50n * UNIT)], { caseId: LAB }));
    await lab.on(21, half.go, 1n);
  });

  it("appeals make the delay longer once, whoever files them and when", async () => {
    const lab = await loadFixture(deploy);
    const { alice, bob } = lab;
    await lab.takeOn(-1, alice, 60n);
    await lab.takeOn(-0.5, bob, 40n);
    const orders = [await lab.forfeitOf(50n), await lab.forfeitOf(50n)];
    await lab.on(0, orders[0]!.send);
    await lab.on(0, orders[1]!.send, 1n);
    await lab.on(1, () => lab.appealOf(orders[0]!, alice));
    await lab.on(15, () => lab.appealOf(orders[0]!, bob), -1n);
    await lab.on(29.9, () => lab.appealOf(orders[1]!, alice));
    expect(await lab.windowOf(orders[0]!)).to.deep.equal(days(30, 120));
    await lab.on(30, () => lab.early(orders[0]!.go()), -1n);
    await lab.on(30, orders[0]!.go);
    await lab.on(120, () => lab.late(orders[1]!.go()), 2n);
  });

  it("a holder of young money appeals for it, and postpones nothing that was there before", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(0, lab.alice, 100n);
    const [open, larger] = [await lab.forfeitOf(100n), await lab.forfeitOf(150n)];
    await lab.on(0, larger.send, 1n);
    await lab.on(0, open.send, 2n);
    await lab.takeOn(20, lab.bob, 50n);
    await lab.on(35, () => lab.appealOf(larger, lab.bob), -1n);
    await lab.on(35, () => lab.young(larger.go()));
    await lab.on(50, () => lab.young(larger.go()), -1n);
    await lab.on(50, larger.go);
  });

  it("the 100 that lay for their delay and an appeal's time still go", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(0, lab.alice, 100n);
    const [open, larger] = [await lab.forfeitOf(100n), await lab.forfeitOf(150n)];
    await lab.on(0, open.send, 1n);
    await lab.on(0, larger.send, 2n);
    await lab.takeOn(20, lab.bob, 50n);
    await lab.on(35, () => lab.appealOf(larger, lab.bob), -1n);
    await lab.on(35, open.go);
  });

  it("an appeal closes a Convert's window and opens another of the same length", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(0, lab.alice, 100n);
    const [sixty, forty, dead] = [await lab.convertOf(60n), await lab.convertOf(20n), await lab.convertOf(20n)];
    await lab.on(20, sixty.send);
    await lab.on(20, forty.send, 1n);
    await lab.on(20, dead.send, 2n);
    await lab.on(28, () => lab.appealOf(forty, lab.alice));
    expect(await lab.windowOf(sixty)).to.deep.equal(days(37, 44));
    await lab.on(37, () => lab.early(sixty.go()), -1n);
    await lab.on(37, sixty.go);
    await lab.on(44, forty.go, 1n);
    await lab.on(44, () => lab.late(dead.go()), 3n);
  });

  it("what is dead can be neither appealed against nor stayed", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(0, lab.alice, 100n);
    const order = await lab.convertOf(100n);
    await lab.on(20, order.send);
    const stay = await lab.stayOf(order, lab.second(40), "COURT-1");
    await lab.on(29, () => lab.late(order.go()), 1n);
    await lab.on(29, () => lab.late(lab.appealOf(order, lab.alice)), 2n);
    await lab.on(29, () => lab.late(stay.send()), 3n);
  });

  it("an appeal against the Forfeit revives no Convert that was dead", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(0, lab.alice, 100n);
    const [convert, forfeit] = [await lab.convertOf(50n), await lab.forfeitOf(50n)];
    await lab.on(20, convert.send);
    await lab.on(20, forfeit.send, 1n);
    await lab.on(30, () => lab.appealOf(forfeit, lab.alice));
    for (const day of [30.5, 37, 44]) await lab.on(day, () => lab.late(convert.go()));
    await lab.on(50, () => lab.early(forfeit.go()));
    await lab.on(50, forfeit.go, 1n);
  });

  it("a twin order does not run past an appeal; an order that is decided after its answer does not wait", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(-30, lab.alice, 100n);
    const compensate = await lab.compensateOf(60n);
    const converts = await Promise.all([0, 1, 2, 3].map(() => lab.convertOf(60n)));
    await lab.on(0, compensate.send);
    await lab.on(13, converts[0]!.send);
    await lab.on(14, () => lab.appealOf(compensate, lab.alice));
    await lab.on(20, converts[1]!.send);
    await lab.on(29, converts[2]!.send, -1n);
    await lab.on(29, converts[3]!.send);
    expect(await Promise.all([compensate, ...converts].map((order) => lab.windowOf(order)))).to.deep.equal([
      days(30, 60),
      days(30, 37),
      days(37, 44),
      days(46, 53, -1n, -1n),
      days(31, 38),
    ]);
  });

  it("an agency has its days once, and an appeal adds to what was stayed", async () => {
    const lab = await loadFixture(deploy);
    const { quorum, alice } = lab;
    await lab.takeOn(-1, alice, 100n);
    const order = await lab.forfeitOf(100n);
    await lab.on(0, order.send);
    await lab.on(10, (await lab.stayOf(order, lab.second(45), "GPO-1")).send);
    expect(await lab.windowOf(order)).to.deep.equal(days(45, 135));
    await lab.on(40, () => lab.appealOf(order, alice));
    expect(await lab.windowOf(order)).to.deep.equal(days(60, 150));
    await lab.on(61, (await lab.stayOf(order, lab.second(61, 1n), "KNB-1")).send);
    expect(await lab.windowOf(order)).to.deep.equal(days(61, 150, 1n, 1n));
    expect(await quorum.stayedBy(order.digest, 1)).to.equal(1n);
    await lab.on(62, async () =>
      expect((await lab.stayOf(order, lab.second(63), "GPO-2")).send()).to.be.revertedWithCustomError(
        quorum,
        "QuorumStayedTooLong",
      ),
    );
    await lab.on(62, order.go, 1n);
  });

  it("all agencies together, and an appeal", async () => {
    const lab = await loadFixture(deploy);
    await lab.takeOn(-1, lab.alice, 100n);
    const order = await lab.forfeitOf(100n);
    await lab.on(0, order.send);
    await lab.on(0, () => lab.appealOf(order, lab.alice), 1n);
    let start = 30;
    const stays: [OfficerName, number][] = [
      ["COURT-1", 90] as [OfficerName, number],
      ["GPO-1", 30] as [OfficerName, number],
      ...(["FMA-1", "KNB-1", "NBK-1", "MOF-1"] as const).map((name): [OfficerName, number] => [name, 3]),
    ];
    for (const [by, long] of stays) await (await lab.stayOf(order, lab.second((start += long)), by)).send();
    expect(await lab.windowOf(order)).to.deep.equal(days(162, 252));
    await lab.on(162, () => lab.early(order.go()), -1n);
    await lab.on(162, order.go);
  });

  it("proceeds lie for the whole delay, and who is owed what was converted appeals for them", async () => {
    const lab = await loadFixture(deploy);
    const { usdx } = lab;
    await lab.takeOn(-3, lab.alice, 100n);
    const [convert, forfeit] = [await lab.convertOf(100n), await lab.forfeitOf(100n, usdx)];
    await lab.on(0, convert.send);
    await lab.on(0, forfeit.send, 1n);
    await lab.on(2, convert.go);
    await lab.on(17, () => lab.young(forfeit.go(), usdx), -2n);
    await lab.on(17, () => lab.appealOf(forfeit, lab.alice, usdx), -1n);
    await lab.on(17, () => lab.early(forfeit.go()));
    await lab.on(32, () => lab.young(forfeit.go(), usdx), -1n);
    await lab.on(32, forfeit.go);
  });

  it("unappealed, the proceeds go 15 days after they came", async () => {
    const lab = await loadFixture(deploy);
    const { usdx } = lab;
    await lab.takeOn(-3, lab.alice, 100n);
    const [convert, forfeit] = [await lab.convertOf(100n), await lab.forfeitOf(100n, usdx)];
    await lab.on(0, convert.send);
    await lab.on(0, forfeit.send, 1n);
    await lab.on(2, convert.go);
    await lab.on(17, () => lab.young(forfeit.go(), usdx), -1n);
    await lab.on(17, forfeit.go);
  });

  it("also: suspense is as old as its booking", async () => {
    const lab = await loadFixture(deploy);
    const { docket, disposal, tenge, kzte, carol, caseId, take } = lab;
    await take([{ asset: kzte, account: addressOf(lab.alice), amount: UNIT }], { caseId: LAB });
    const order = await lab.transferOf(10n, SOURCE.suspense);
    await lab.on(0, order.send);
    await tenge.connect(carol).transfer(await docket.vaultOf(caseId), 10n * UNIT);
    await lab.on(20, () => disposal.book(caseId, kzte));
    await lab.on(50, () => lab.young(order.go()), -1n);
    await lab.on(50, order.go);
  });

  it("also: what was reserved and nobody claimed is as old as it was", async () => {
    const lab = await loadFixture(deploy);
    const { disposal } = lab;
    await lab.takeOn(-1, lab.alice, 100n);
    const compensate = await lab.compensateOf(100n);
    await lab.on(0, compensate.send);
    await lab.on(15, compensate.go);
    const forfeit = await lab.forfeitOf(100n);
    await lab.on(100, forfeit.send);
    await lab.on(115, () => lab.young(forfeit.go()));
    await lab.on(115, () => disposal.unreserve(compensate.digest), 1n);
    await lab.on(115, forfeit.go, 2n);
  });

  it("also: an appeal names the asset of the order that it contests", async () => {
    const lab = await loadFixture(deploy);
    const { disposal, kzte, usdx } = lab;
    await lab.takeOn(0, lab.alice, 100n);
    const order = await lab.forfeitOf(100n);
    await lab.on(1, order.send);
    await lab.on(2, () =>
      expect(lab.appealOf(order, lab.alice, usdx))
        .to.be.revertedWithCustomError(disposal, "DisposalWrongAsset")
        .withArgs(order.digest, kzte, usdx),
    );
  });
});
