import { expect } from "chai";
import type { Wallet } from "ethers";
import { concat } from "ethers";
import type { Hex } from "viem";
import { ACTS, digestOf, SELF, type ActName, type Order } from "../../src/orders/index.ts";
import { ascending, deployQuorum, idOf, NEVER, ruleOf, signaturesOf } from "./charters.ts";
import { DOCUMENT, ethers, networkHelpers, nextSalt } from "./fixture.ts";
import { atSecond } from "./change.ts";
import { loadFixture } from "./docket.ts";

const { time } = networkHelpers;
const DAY = 86_400;
const CASE_ID = ethers.encodeBytes32String("CASE-1");
const [COURT, GPO, MOF] = [0, 1, 2];

/** Delayed acts of which a mock stands in for the contract that executes them; the court stays 90 days, the prosecutor 30. */
async function deploy() {
  const delayed = ruleOf({ [COURT]: 1, [GPO]: 1 }, { delay: 15 * DAY, grace: 30 * DAY });
  const kit = await deployQuorum(
    [3, 3, 2],
    [
      { act: ACTS.Freeze, alternatives: [ruleOf({ [GPO]: 1 }, { term: DAY })] },
      { act: ACTS.Forfeit, alternatives: [delayed] },
      { act: ACTS.Transfer, alternatives: [delayed] },
      { act: ACTS.SetTreasury, alternatives: [delayed] },
      {
        act: ACTS.Stay,
        alternatives: [
          ruleOf({ [COURT]: 1 }, { term: 90 * DAY }),
          ruleOf({ [GPO]: 1 }, { term: 30 * DAY }),
          ruleOf({ [MOF]: 2 }, { term: 3 * DAY }),
        ],
      },
      { act: ACTS.Veto, alternatives: [ruleOf({ [COURT]: 1 })] },
    ],
  );
  const { quorum, system, officers, domain, digestOf: digestFor } = kit;
  const approve = (digest: Hex, by: readonly Wallet[], alternative = 0) => ({
    ...{ alternative, keys: signaturesOf(digest, ascending(by)), others: [] },
  });
  const deciders = [officers[COURT]![0]!, officers[GPO]![0]!];
  const ids = ascending(deciders).map(idOf);
  return {
    ...kit,
    ids,
    approve,
    /** A delayed order of an act, approved by court and prosecutor. */
    delayedOf: (act: ActName) => {
      const structHash = nextSalt();
      const digest = digestFor(structHash);
      const approvals = approve(digest, deciders);
      return {
        ...{ digest, structHash },
        schedule: () => system.schedule(ACTS[act], SELF, structHash, NEVER, CASE_ID, 9, approvals),
        use: () => system.use(ACTS[act], SELF, structHash, NEVER, 9, approvals),
        execute: (as: ActName = act, by = ids) => system.execute(ACTS[as], structHash, by),
        read: () => quorum.delayedOf(digest),
      };
    },
    stayBy: async (agency: number, order: Hex, until: bigint, document: Hex = DOCUMENT) => {
      const message = { order, document, until, signBy: NEVER, salt: nextSalt() };
      const stay: Order<"Stay"> = { primaryType: "Stay", message };
      const by = agency === MOF ? officers[MOF]! : [officers[agency]![1]!];
      return quorum.stay(message, approve(digestOf(stay, domain), by, agency));
    },
  };
}

const now = async () => BigInt(await time.latest());

describe("Quorum: a delayed order", () => {
  it("is kept with its act, case, times and approvers, and executed once by the contract that scheduled it", async () => {
    const { quorum, delayedOf, ids } = await loadFixture(deploy);
    const order = delayedOf("Forfeit");
    await order.schedule();
    const kept = await order.read();
    const start = (await now()) + 15n * BigInt(DAY);
    expect([kept.act, kept.alternative, kept.about, kept.state, kept.stays]).to.deep.equal([7n, 0n, 15n, 1n, 0n]);
    expect([kept.start, kept.deadline, kept.caseId]).to.deep.equal([start, start + 30n * BigInt(DAY), CASE_ID]);
    expect(kept.approvers).to.equal(ethers.keccak256(concat(ids)));
    expect(await quorum.entryOf(order.digest)).to.equal(9);
    await expect(atSecond(start - 1n, () => order.execute())).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
    await atSecond(start, () => order.execute());
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

  it("cannot be used at once, nor what is done at once be scheduled", async () => {
    const { quorum, delayedOf } = await loadFixture(deploy);
    await expect(delayedOf("Forfeit").use())
      .to.be.revertedWithCustomError(quorum, "QuorumDelay")
      .withArgs(ACTS.Forfeit, 0, 15 * DAY);
    await expect(delayedOf("Freeze").schedule())
      .to.be.revertedWithCustomError(quorum, "QuorumDelay")
      .withArgs(ACTS.Freeze, 0, 0);
  });
});

describe("Quorum: a stay", () => {
  it("moves start and deadline by as much; the order waits, then executes", async () => {
    const { quorum, delayedOf, stayBy } = await loadFixture(deploy);
    const order = delayedOf("Forfeit");
    await order.schedule();
    const { start, deadline } = await order.read();
    await stayBy(COURT, order.digest, start + 1000n);
    const stayed = await order.read();
    expect([stayed.start, stayed.deadline, stayed.stays]).to.deep.equal([start + 1000n, deadline + 1000n, 1n]);
    await expect(atSecond(start, () => order.execute()))
      .to.be.revertedWithCustomError(quorum, "QuorumTooEarly")
      .withArgs(order.digest, start + 1000n);
    await atSecond(deadline + 1000n, () => order.execute());
  });

  it("is each agency's once", async () => {
    const { quorum, delayedOf, stayBy } = await loadFixture(deploy);
    const order = delayedOf("Transfer");
    await order.schedule();
    const { start } = await order.read();
    await stayBy(GPO, order.digest, start + 1n);
    await expect(stayBy(GPO, order.digest, start + 2n))
      .to.be.revertedWithCustomError(quorum, "QuorumStayedBefore")
      .withArgs(order.digest, 2);
    await stayBy(COURT, order.digest, start + 2n);
    expect((await order.read()).stays).to.equal(3);
  });

  it("reaches as far as its rule's term from now, and must move the start", async () => {
    const { quorum, delayedOf, stayBy } = await loadFixture(deploy);
    const order = delayedOf("Forfeit");
    await order.schedule();
    const { start } = await order.read();
    const second = (await now()) + 100n;
    const latest = second + 30n * BigInt(DAY);
    await expect(atSecond(second, () => stayBy(GPO, order.digest, latest + 1n)))
      .to.be.revertedWithCustomError(quorum, "QuorumStayTerm")
      .withArgs(order.digest, latest + 1n, start, latest);
    for (const until of [0n, start]) {
      await expect(stayBy(GPO, order.digest, until)).to.be.revertedWithCustomError(quorum, "QuorumStayTerm");
    }
    await atSecond(second + 100n, () => stayBy(GPO, order.digest, latest + 100n));
    expect((await order.read()).start).to.equal(latest + 100n);
  });

  it("still comes after the start, as long as the order was not executed", async () => {
    const { quorum, delayedOf, stayBy } = await loadFixture(deploy);
    const order = delayedOf("Forfeit");
    await order.schedule();
    const { start } = await order.read();
    await time.increaseTo(start + 10n);
    await stayBy(COURT, order.digest, start + 5000n);
    await expect(order.execute()).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
    await time.increaseTo(start + 5000n);
    await order.execute();
    await expect(stayBy(GPO, order.digest, start + 9000n)).to.be.revertedWithCustomError(quorum, "QuorumOrderEnded");
  });

  it("is for disposals alone: nobody can put off a change of treasury by it", async () => {
    const { quorum, delayedOf, stayBy } = await loadFixture(deploy);
    const order = delayedOf("SetTreasury");
    await order.schedule();
    await expect(stayBy(COURT, order.digest, (await order.read()).start + 1n))
      .to.be.revertedWithCustomError(quorum, "QuorumCannotStay")
      .withArgs(order.digest, ACTS.SetTreasury);
  });

  it("of nothing, without a document, or after the deadline is refused", async () => {
    const { quorum, delayedOf, stayBy } = await loadFixture(deploy);
    const unknown = nextSalt();
    await expect(stayBy(COURT, unknown, 2n ** 39n))
      .to.be.revertedWithCustomError(quorum, "QuorumNotScheduled")
      .withArgs(unknown);
    await expect(stayBy(COURT, unknown, 2n ** 39n, `0x${"00".repeat(32)}`)).to.be.revertedWithCustomError(
      quorum,
      "QuorumZeroDocument",
    );
    const order = delayedOf("Forfeit");
    await order.schedule();
    const { deadline } = await order.read();
    await time.increaseTo(deadline + 1n);
    await expect(stayBy(COURT, order.digest, deadline + 100n))
      .to.be.revertedWithCustomError(quorum, "QuorumTooLate")
      .withArgs(order.digest, deadline);
  });
});
