import { expect } from "chai";
import type { Wallet } from "ethers";
import { concat } from "ethers";
import type { Hex } from "viem";
import { ACTS, digestOf, SELF, type ActName, type Order } from "../../src/orders/index.ts";
import { atSecond, ethers, loadFixture, networkHelpers, NEVER } from "../system/chain.ts";
import { deployQuorum, ruleOf, tally } from "../system/charters.ts";
import { decodeEffects } from "../system/entries.ts";
import { ascending, DOCUMENT, idOf, nextSalt, NO_APPROVALS, signaturesOf } from "../system/officers.ts";

const { time } = networkHelpers;
const DAY = 86_400;
const DAYS = BigInt(DAY);
const CASE_ID = ethers.encodeBytes32String("CASE-1");
const [COURT, GPO, FMA, KNB, NBK, MOF, LAST] = [0, 1, 2, 3, 4, 5, 14];
/** Days that each agency may stay an order. */
const TERMS = new Map([
  [COURT, 90] as const,
  [GPO, 30] as const,
  [FMA, 3] as const,
  [KNB, 3] as const,
  [NBK, 3] as const,
  [LAST, 3] as const,
]);

/** The delayed acts, of which a mock stands in for the contract that executes them, with the times of the design. */
async function deploy() {
  const delayed = (delay: number, grace: number) => [
    ruleOf({ [COURT]: 1, [GPO]: 1 }, { delay: delay * DAY, grace: grace * DAY }),
  ];
  const seats = Array.from({ length: 15 }, (_, agency) => (agency < 2 ? 4 : 2));
  const kit = await deployQuorum(seats, [
    { act: ACTS.Freeze, alternatives: [ruleOf({ [GPO]: 1 }, { term: DAY })] },
    { act: ACTS.Forfeit, alternatives: delayed(15, 90) },
    { act: ACTS.Compensate, alternatives: delayed(15, 30) },
    { act: ACTS.Convert, alternatives: delayed(2, 7) },
    { act: ACTS.Transfer, alternatives: delayed(30, 30) },
    { act: ACTS.SetTreasury, alternatives: delayed(30, 30) },
    { act: ACTS.Stay, alternatives: [...TERMS].map(([agency, days]) => ruleOf({ [agency]: 1 }, { term: days * DAY })) },
    { act: ACTS.Veto, alternatives: [ruleOf({ [COURT]: 1 })] },
  ]);
  const { quorum, system, officers, domain, digestOf: digestFor } = kit;
  const approve = (digest: Hex, by: readonly Wallet[]) => ({ keys: signaturesOf(digest, ascending(by)), others: [] });
  const deciders = [officers[COURT]![0]!, officers[GPO]![0]!];
  const ids = ascending(deciders).map(idOf);
  // Whole days are counted from here.
  const zero = BigInt(await time.latest()) + 1000n;
  return {
    ...kit,
    ids,
    approve,
    zero,
    /** Sends what is sent on a day, or some seconds after it. */
    on: <T>(day: number, send: () => Promise<T>, seconds = 0n): Promise<T> =>
      atSecond(zero + BigInt(Math.round(day * DAY)) + seconds, send),
    /** A delayed order of an act on the mock's asset, approved by court and prosecutor. */
    delayedOf: (act: ActName, caseId = CASE_ID) => {
      const structHash = nextSalt();
      const digest = digestFor(structHash);
      const approvals = approve(digest, deciders);
      const read = () => quorum.delayedOf(digest);
      return {
        digest,
        structHash,
        read,
        schedule: () => system.schedule(ACTS[act], SELF, structHash, NEVER, caseId, 9, approvals),
        use: () => system.use(ACTS[act], SELF, structHash, NEVER, 9, approvals),
        execute: (as: ActName = act, by = ids) => system.execute(ACTS[as], structHash, by, NO_APPROVALS),
        age: async () => (await system.execute.staticCall(ACTS[act], structHash, ids, NO_APPROVALS)).age,
        appeal: () => system.appeal(digest),
        /** First and last second, in days from zero. */
        days: async () => {
          const { start, deadline } = await read();
          return [start, deadline].map((second) => Number(second - zero) / DAY);
        },
      };
    },
    stayBy: async (agencies: number | number[], order: Hex, until: bigint, document: Hex = DOCUMENT) => {
      const message = { order, document, until, signBy: NEVER, salt: nextSalt() };
      const stay: Order<"Stay"> = { primaryType: "Stay", message };
      const by = [agencies].flat().map((agency) => officers[agency]![1]!);
      const digest = digestOf(stay, domain);
      return { digest, by, send: () => quorum.stay(message, approve(digest, by)) };
    },
  };
}

type Kit = Awaited<ReturnType<typeof deploy>>;
type DelayedOrder = ReturnType<Kit["delayedOf"]>;

/** Has the agency stay the order until a day, some seconds after it. */
async function stayUntil(kit: Kit, agency: number, order: DelayedOrder, day: number, at: number, seconds = 0n) {
  const { send } = await kit.stayBy(agency, order.digest, kit.zero + BigInt(day * DAY) + seconds);
  return kit.on(at, send);
}

/** That the order opens on a day and not a second before; nothing is changed. */
async function expectOpens(kit: Kit, order: DelayedOrder, day: number, seconds = 0n) {
  const sandbox = await networkHelpers.takeSnapshot();
  await expect(kit.on(day, order.execute, seconds - 1n)).to.be.revertedWithCustomError(kit.quorum, "QuorumTooEarly");
  await kit.on(day, order.execute, seconds);
  await sandbox.restore();
}

/** That the order can be executed until a day, and not a second after. */
async function expectDies(kit: Kit, order: DelayedOrder, day: number, seconds = 0n) {
  const sandbox = await networkHelpers.takeSnapshot();
  await kit.on(day, order.execute, seconds);
  await sandbox.restore();
  await expect(kit.on(day, order.execute, seconds + 1n)).to.be.revertedWithCustomError(kit.quorum, "QuorumTooLate");
  for (const late of [order.appeal, (await kit.stayBy(COURT, order.digest, kit.zero + BigInt((day + 9) * DAY))).send]) {
    await expect(late()).to.be.revertedWithCustomError(kit.quorum, "QuorumTooLate");
  }
}

describe("Quorum: a delayed order", () => {
  it("is kept with its act, case, times and approvers, and executed once by the contract that scheduled it", async () => {
    const { quorum, system, delayedOf, ids, zero, on } = await loadFixture(deploy);
    const order = delayedOf("Forfeit");
    await on(0, order.schedule);
    const kept = await order.read();
    const start = zero + 15n * DAYS;
    expect([kept.act, kept.alternative, kept.about, kept.state, kept.delay]).to.deep.equal([
      7n,
      0n,
      15n,
      1n,
      15n * DAYS,
    ]);
    expect([kept.start, kept.deadline, kept.caseId, kept.asset]).to.deep.equal([
      start,
      start + 90n * DAYS,
      CASE_ID,
      await system.getAddress(),
    ]);
    expect([kept.firstAppeal, kept.needed]).to.deep.equal([0n, tally({ [COURT]: 1, [GPO]: 1 })]);
    expect(kept.approvers).to.equal(ethers.keccak256(concat(ids)));
    expect(await quorum.entryOf(order.digest)).to.equal(9);
    await expect(on(15, order.execute, -1n)).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
    await on(15, order.execute);
    expect((await order.read()).state).to.equal(2);
    await expect(order.execute()).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded").withArgs(order.digest, 2);
  });

  it("is not executed as another act", async () => {
    const { quorum, delayedOf } = await loadFixture(deploy);
    const order = delayedOf("Forfeit");
    await order.schedule();
    await time.increase(16 * DAY);
    await expect(order.execute("Transfer"))
      .to.be.revertedWithCustomError(quorum, "QuorumNotScheduled")
      .withArgs(order.digest);
  });

  it("is scheduled once: only an admission becomes sooner", async () => {
    const { quorum, delayedOf } = await loadFixture(deploy);
    const order = delayedOf("Forfeit");
    await order.schedule();
    await expect(order.schedule()).to.be.revertedWithCustomError(quorum, "QuorumOrderUsed").withArgs(order.digest, 9);
  });

  it("cannot be used at once, nor what is done at once be scheduled", async () => {
    const { quorum, delayedOf } = await loadFixture(deploy);
    await expect(delayedOf("Forfeit").use())
      .to.be.revertedWithCustomError(quorum, "QuorumDelay")
      .withArgs(ACTS.Forfeit, 15 * DAY);
    await expect(delayedOf("Freeze").schedule())
      .to.be.revertedWithCustomError(quorum, "QuorumDelay")
      .withArgs(ACTS.Freeze, 0);
  });

  it("asks for money as old as its delay, and an appeal's time", async () => {
    const { delayedOf, on } = await loadFixture(deploy);
    const [plain, appealed] = [delayedOf("Forfeit"), delayedOf("Forfeit", ethers.encodeBytes32String("CASE-2"))];
    await on(0, plain.schedule);
    await on(0, appealed.schedule, 1n);
    await on(3, appealed.appeal);
    await time.increase(40 * DAY);
    expect(await plain.age()).to.equal(15n * DAYS);
    expect(await appealed.age()).to.equal(30n * DAYS);
  });
});

describe("Quorum: a stay", () => {
  it("moves start and deadline by as much; the order waits, then executes", async () => {
    const kit = await loadFixture(deploy);
    const order = kit.delayedOf("Forfeit");
    await kit.on(0, order.schedule);
    await stayUntil(kit, COURT, order, 40, 3);
    expect(await order.days()).to.deep.equal([40, 130]);
    expect(await kit.quorum.stayedBy(order.digest, COURT)).to.equal(25);
    await expectOpens(kit, order, 40);
    await expectDies(kit, order, 130);
  });

  it("is entered in the journal under its order's case, with the times as they are now", async () => {
    const kit = await loadFixture(deploy);
    const order = kit.delayedOf("Forfeit");
    await kit.on(0, order.schedule);
    await kit.on(2, order.appeal);
    const until = kit.zero + 40n * DAYS;
    const { digest, by, send } = await kit.stayBy(GPO, order.digest, until);
    const { deadline } = await order.read();
    await kit.on(3, send);
    // The deadline moved from day 120 by the ten days from day 30, on which the order would have opened, to day 40.
    expect(deadline).to.equal(kit.zero + 120n * DAYS);
    const recorded = await kit.system.last();
    expect([recorded.act, recorded.caseId, recorded.document, recorded.order]).to.deep.equal([
      12n,
      CASE_ID,
      DOCUMENT,
      digest,
    ]);
    expect(recorded.officerIds).to.deep.equal(by.map(idOf));
    expect(decodeEffects(recorded.effects)).to.deep.equal([
      [65n, ethers.ZeroAddress, ethers.ZeroAddress, BigInt(order.digest), (until << 40n) | (deadline + 10n * DAYS)],
    ]);
    expect(await order.days()).to.deep.equal([40, 130]);
  });

  it("uses up begun days only: one of a second leaves an agency the rest of its days", async () => {
    const kit = await loadFixture(deploy);
    const order = kit.delayedOf("Forfeit");
    await kit.on(0, order.schedule);
    await stayUntil(kit, GPO, order, 15, 5, 1n);
    expect(await kit.quorum.stayedBy(order.digest, GPO)).to.equal(1);
    await stayUntil(kit, GPO, order, 44, 6, 1n);
    expect(await kit.quorum.stayedBy(order.digest, GPO)).to.equal(30);
    const { start } = await order.read();
    const further = await kit.stayBy(GPO, order.digest, start + 1n);
    await expect(further.send())
      .to.be.revertedWithCustomError(kit.quorum, "QuorumStayedTooLong")
      .withArgs(order.digest, GPO, 30, 1, 30 * DAY);
    // Another agency's days are its own.
    await stayUntil(kit, COURT, order, 60, 7);
  });

  it("rounds days up: a second more than a day is two", async () => {
    const kit = await loadFixture(deploy);
    const order = kit.delayedOf("Forfeit");
    await kit.on(0, order.schedule);
    await stayUntil(kit, FMA, order, 16, 1);
    expect(await kit.quorum.stayedBy(order.digest, FMA)).to.equal(1);
    await stayUntil(kit, FMA, order, 17, 2, 1n);
    expect(await kit.quorum.stayedBy(order.digest, FMA)).to.equal(3);
  });

  it("in the last second moves the deadline by its own days, and revives no window", async () => {
    const kit = await loadFixture(deploy);
    const order = kit.delayedOf("Convert");
    await kit.on(0, order.schedule);
    // Open on day 2, dead after day 9.
    await stayUntil(kit, KNB, order, 12, 9);
    expect(await order.days()).to.deep.equal([12, 12]);
    await expectOpens(kit, order, 12);
    await expectDies(kit, order, 12);
  });

  it("of all six agencies together puts an order off by 132 days, with an appeal by 147, and then it is dead for ever", async () => {
    for (const [act, opens, dies] of [
      ["Forfeit", 162, 252],
      ["Compensate", 162, 192],
      ["Transfer", 177, 207],
      ["Convert", 149, 156],
    ] as const) {
      const kit = await loadFixture(deploy);
      const order = kit.delayedOf(act);
      await kit.on(0, order.schedule);
      await kit.on(1, order.appeal);
      let [day = 0] = await order.days();
      for (const [i, [agency, days]] of [...TERMS].entries()) {
        day += days;
        await stayUntil(kit, agency, order, day, 1.1 + i / 10);
        expect(await kit.quorum.stayedBy(order.digest, agency), `${agency}`).to.equal(days);
      }
      expect(await order.days(), act).to.deep.equal([opens, dies]);
      await expectOpens(kit, order, opens);
      await expectDies(kit, order, dies);
    }
  });

  it("is of one agency: signatures of a second one are refused, so that nobody chooses whose days are used", async () => {
    const kit = await loadFixture(deploy);
    const order = kit.delayedOf("Forfeit");
    await kit.on(0, order.schedule);
    for (const agencies of [
      [COURT, GPO],
      [GPO, FMA],
      [FMA, MOF],
    ]) {
      const { digest, send } = await kit.stayBy(agencies, order.digest, kit.zero + 16n * DAYS);
      await expect(send())
        .to.be.revertedWithCustomError(kit.quorum, "QuorumTooManyApprovals")
        .withArgs(digest, tally({ [agencies[0]!]: 1, [agencies[1]!]: 1 }));
    }
    const alone = await kit.stayBy(MOF, order.digest, kit.zero + 16n * DAYS);
    await expect(alone.send()).to.be.revertedWithCustomError(kit.quorum, "QuorumNotMet");
  });

  it("must move the start, or the present second where the order is open", async () => {
    const kit = await loadFixture(deploy);
    const order = kit.delayedOf("Forfeit");
    await kit.on(0, order.schedule);
    for (const until of [0n, kit.zero + 15n * DAYS]) {
      await expect((await kit.stayBy(GPO, order.digest, until)).send())
        .to.be.revertedWithCustomError(kit.quorum, "QuorumStayTooShort")
        .withArgs(order.digest, until, kit.zero + 15n * DAYS);
    }
    const late = await kit.stayBy(GPO, order.digest, kit.zero + 20n * DAYS);
    await expect(kit.on(20, late.send))
      .to.be.revertedWithCustomError(kit.quorum, "QuorumStayTooShort")
      .withArgs(order.digest, kit.zero + 20n * DAYS, kit.zero + 20n * DAYS);
    const endless = await kit.stayBy(COURT, order.digest, 2n ** 64n - 1n);
    await expect(endless.send()).to.be.revertedWithCustomError(kit.quorum, "QuorumStayedTooLong");
    const next = await kit.stayBy(COURT, order.digest, 2n ** 40n + kit.zero + 21n * DAYS);
    await expect(next.send()).to.be.revertedWithCustomError(kit.quorum, "QuorumStayedTooLong");
  });

  it("is for disposals alone, as an appeal is: nobody can put off a change of treasury by it", async () => {
    const { quorum, delayedOf, stayBy } = await loadFixture(deploy);
    const order = delayedOf("SetTreasury");
    await order.schedule();
    const stay = await stayBy(COURT, order.digest, (await order.read()).start + 1n);
    for (const send of [stay.send, order.appeal]) {
      await expect(send())
        .to.be.revertedWithCustomError(quorum, "QuorumNotDisposal")
        .withArgs(order.digest, ACTS.SetTreasury);
    }
  });

  it("of nothing, without a document, or after the deadline is refused", async () => {
    const { quorum, delayedOf, stayBy } = await loadFixture(deploy);
    const unknown = nextSalt();
    const far = 2n ** 39n;
    await expect((await stayBy(COURT, unknown, far)).send())
      .to.be.revertedWithCustomError(quorum, "QuorumNotScheduled")
      .withArgs(unknown);
    await expect((await stayBy(COURT, unknown, far, `0x${"00".repeat(32)}`)).send()).to.be.revertedWithCustomError(
      quorum,
      "ZeroDocument",
    );
    const order = delayedOf("Forfeit");
    await order.schedule();
    const { deadline } = await order.read();
    await time.increaseTo(deadline + 1n);
    await expect((await stayBy(COURT, order.digest, deadline + 100n)).send())
      .to.be.revertedWithCustomError(quorum, "QuorumTooLate")
      .withArgs(order.digest, deadline);
  });
});

describe("Quorum: a veto", () => {
  it("is entered in the journal under its order's case", async () => {
    const kit = await loadFixture(deploy);
    const { quorum, officers, domain, approve, delayedOf } = kit;
    const order = delayedOf("Transfer");
    await order.schedule();
    const message = { order: order.digest, document: DOCUMENT, signBy: NEVER, salt: nextSalt() };
    const veto: Order<"Veto"> = { primaryType: "Veto", message };
    const digest = digestOf(veto, domain);
    await quorum.veto(message, approve(digest, [officers[COURT]![2]!]));
    const recorded = await kit.system.last();
    expect([recorded.act, recorded.caseId, recorded.document, recorded.order]).to.deep.equal([
      13n,
      CASE_ID,
      DOCUMENT,
      digest,
    ]);
    expect(decodeEffects(recorded.effects)).to.deep.equal([
      [66n, ethers.ZeroAddress, ethers.ZeroAddress, BigInt(order.digest), 0n],
    ]);
    await expect(order.appeal()).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded").withArgs(order.digest, 3);
  });
});

/** Days and seconds of `research/clocks.md`, "Disposals"; money is not counted here. */
describe("Quorum: an appeal", () => {
  it("makes the delay 15 days longer once, whoever appeals and how often (case 3)", async () => {
    const kit = await loadFixture(deploy);
    const order = kit.delayedOf("Forfeit");
    await kit.on(0, order.schedule);
    await kit.on(1, order.appeal);
    await kit.on(15, order.appeal, -1n);
    await kit.on(29.9, order.appeal);
    expect(await order.days()).to.deep.equal([30, 120]);
    await expectOpens(kit, order, 30);
    await expectDies(kit, order, 120);
  });

  it("in the first second does not burn the right of those who come later: the order is closed until 15 days after", async () => {
    const kit = await loadFixture(deploy);
    const order = kit.delayedOf("Forfeit");
    await kit.on(0, order.schedule);
    await kit.on(0, order.appeal, 1n);
    await expectOpens(kit, order, 30);
    // The last one in time still has 15 days for its answer.
    await kit.on(15, order.appeal, -1n);
    await expectOpens(kit, order, 30);
  });

  it("closes an open order until its 15 days are over, and moves its end as far (case 5)", async () => {
    const kit = await loadFixture(deploy);
    const { on, quorum, zero } = kit;
    const [first, second] = [kit.delayedOf("Convert"), kit.delayedOf("Convert")];
    await on(20, first.schedule);
    await on(20, second.schedule, 1n);
    expect(await first.days()).to.deep.equal([22, 29]);
    const unappealed = await networkHelpers.takeSnapshot();
    await expectDies(kit, first, 29);
    await unappealed.restore();
    await on(28, first.appeal);
    for (const order of [first, second]) {
      await expect(order.execute()).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
    }
    expect(await first.days()).to.deep.equal([37, 44]);
    await expectOpens(kit, first, 37);
    await expectOpens(kit, second, 37, 1n);
    await expectDies(kit, first, 44);
    expect((await quorum.delayedOf(second.digest)).start).to.equal(zero + 37n * DAYS + 1n);
  });

  it("of a dead order's case opens it never: only those that wait become later (case 5)", async () => {
    const kit = await loadFixture(deploy);
    const [convert, forfeit] = [kit.delayedOf("Convert"), kit.delayedOf("Forfeit")];
    await kit.on(20, convert.schedule);
    await kit.on(20, forfeit.schedule, 1n);
    await kit.on(30, forfeit.appeal);
    expect(await convert.days()).to.deep.equal([22, 29]);
    for (const day of [30.5, 37, 38, 44, 45]) {
      await expect(kit.on(day, convert.execute)).to.be.revertedWithCustomError(kit.quorum, "QuorumTooLate");
    }
    await expectOpens(kit, forfeit, 50, 1n);
  });

  it("counts for a twin of another salt, and for orders of the 15 days after it, and no later one (case 6)", async () => {
    const kit = await loadFixture(deploy);
    const compensate = kit.delayedOf("Compensate");
    const [early, late, last, after] = Array.from({ length: 4 }, () => kit.delayedOf("Convert"));
    await kit.on(0, compensate.schedule);
    await kit.on(13, early!.schedule);
    await kit.on(14, compensate.appeal);
    await kit.on(20, late!.schedule);
    await kit.on(29, last!.schedule, -1n);
    await kit.on(29, after!.schedule);
    expect(await compensate.days()).to.deep.equal([30, 60]);
    expect(await early!.days()).to.deep.equal([30, 37]);
    expect(await late!.days()).to.deep.equal([37, 44]);
    expect(await last!.days()).to.deep.equal([46 - 1 / DAY, 53 - 1 / DAY]);
    expect(await after!.days()).to.deep.equal([31, 38]);
    await expectOpens(kit, early!, 30);
    await expectDies(kit, early!, 37);
    expect((await after!.read()).firstAppeal).to.equal(1);
  });

  it("that moves nothing is kept all the same: it counts for the orders of the 15 days after it", async () => {
    const kit = await loadFixture(deploy);
    const [first, later] = [kit.delayedOf("Transfer"), kit.delayedOf("Convert")];
    await kit.on(0, first.schedule);
    await kit.on(1, first.appeal);
    await kit.on(14, first.appeal);
    await kit.on(20, later.schedule);
    expect(await first.days()).to.deep.equal([45, 75]);
    expect(await later.days()).to.deep.equal([37, 44]);
    const kept = await kit.quorum.appealsOf(CASE_ID, await kit.system.getAddress());
    expect(kept).to.deep.equal([kit.zero + DAYS, kit.zero + 14n * DAYS]);
  });

  it("changes nothing of an order that was executed: its times stay as they were then", async () => {
    const kit = await loadFixture(deploy);
    const [done, waits] = [kit.delayedOf("Forfeit"), kit.delayedOf("Forfeit")];
    await kit.on(0, done.schedule);
    await kit.on(1, waits.schedule);
    await kit.on(15, () => done.execute());
    await kit.on(16, waits.appeal);
    expect([await done.days(), await waits.days()]).to.deep.equal([
      [15, 105],
      [31, 121],
    ]);
  });

  it("concerns the case and the asset of its order alone", async () => {
    const kit = await loadFixture(deploy);
    const [order, elsewhere] = [
      kit.delayedOf("Forfeit"),
      kit.delayedOf("Forfeit", ethers.encodeBytes32String("CASE-2")),
    ];
    await kit.on(0, order.schedule);
    await kit.on(0, elsewhere.schedule, 1n);
    const answer = await kit.system.appeal.staticCall(order.digest);
    expect(answer.start - kit.zero).to.equal(30n * DAYS);
    await kit.on(1, order.appeal);
    const asset = await kit.system.getAddress();
    expect([answer.caseId, answer.asset]).to.deep.equal([CASE_ID, asset]);
    expect(await kit.quorum.appealsOf(CASE_ID, asset)).to.deep.equal([kit.zero + DAYS]);
    expect(await kit.quorum.appealsOf(ethers.encodeBytes32String("CASE-2"), asset)).to.deep.equal([]);
    expect(await elsewhere.days()).to.deep.equal([15 + 1 / DAY, 105 + 1 / DAY]);
  });

  it("is the disposal's to bring", async () => {
    const { quorum, delayedOf } = await loadFixture(deploy);
    const order = delayedOf("Forfeit");
    await order.schedule();
    const [deployer] = await ethers.getSigners();
    await expect(quorum.appeal(order.digest))
      .to.be.revertedWithCustomError(quorum, "QuorumOnlyDisposal")
      .withArgs(deployer!.address);
  });

  it("and stays add up: neither takes the other's days (case 7)", async () => {
    const kit = await loadFixture(deploy);
    const order = kit.delayedOf("Forfeit");
    await kit.on(0, order.schedule);
    await stayUntil(kit, GPO, order, 45, 10);
    expect(await order.days()).to.deep.equal([45, 135]);
    await kit.on(40, order.appeal);
    expect(await order.days()).to.deep.equal([60, 150]);
    await stayUntil(kit, KNB, order, 61, 61, 1n);
    expect(await order.days()).to.deep.equal([61 + 1 / DAY, 150 + 1 / DAY]);
    expect(await kit.quorum.stayedBy(order.digest, KNB)).to.equal(1);
    const again = await kit.stayBy(GPO, order.digest, kit.zero + 62n * DAYS);
    await expect(again.send()).to.be.revertedWithCustomError(kit.quorum, "QuorumStayedTooLong");

    const other = kit.delayedOf("Forfeit", ethers.encodeBytes32String("CASE-2"));
    await kit.on(100, other.schedule);
    await kit.on(101, other.appeal);
    await stayUntil(kit, GPO, other, 160, 129);
    expect(await other.days()).to.deep.equal([160, 250]);
    await expectOpens(kit, other, 160);
  });
});
