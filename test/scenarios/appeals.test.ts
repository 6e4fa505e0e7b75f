// Long: a case from its beginning to its end.
import { expect } from "chai";
import { addressOf, atSecond, loadFixture, now, reach, timeOf } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { target } from "../system/entries.ts";
import { inKind, units } from "../system/money.ts";
import { APPEAL_TERM, DAY, DELAY, PARAMETERS } from "../system/parameters.ts";

const HOLDERS = 100;
const EACH = units(10);
const ALL = EACH * BigInt(HOLDERS);

/** A hundred holders from whom 10 each were taken, all of it to be forfeited. */
async function deployHundred() {
  const scene = await deploySystem();
  const { kzte, treasury, take, forfeit, timesOf } = scene;
  const holders = [];
  for (let i = 0; i < HOLDERS; ++i) holders.push(await scene.holder(EACH));
  await take(holders.map((holder) => target(kzte, holder, EACH)));
  const order = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: ALL });
  const decided = await timeOf(order.send());
  return { ...scene, holders, order, decided, times: () => timesOf(order.digest) };
}

describe("Appeals of a hundred holders against one Forfeit", () => {
  it("make its delay 15 days longer, once, however they follow", async () => {
    const { kzte, holders, order, decided, appeal, times, disposal } = await loadFixture(deployHundred);
    await reach(decided + DELAY.Forfeit - DAY);
    await appeal(order.digest, kzte, holders[0]!);
    const start = decided + DELAY.Forfeit + APPEAL_TERM;
    const moved = { start, deadline: start + 90n * DAY, state: 1n };
    expect(await times()).to.deep.equal(moved);
    for (const [i, holder] of holders.entries()) {
      if (i === 0) continue;
      if (i % 10 === 0) await reach((await now()) + DAY);
      await appeal(order.digest, kzte, holder);
      expect(await times(), `after appeal ${i}`).to.deep.equal(moved);
      expect(await disposal.isAppealed(order.digest, holder)).to.equal(true);
    }
  });

  it("cannot put it off for longer than 15 days from its first start, even by the last second; then it is executed", async () => {
    const scene = await loadFixture(deployHundred);
    const { tenge, kzte, treasury, holders, order, decided, appeal, times } = scene;
    const start = decided + DELAY.Forfeit;
    await atSecond(start - 1n, () => appeal(order.digest, kzte, holders[0]!));
    const moved = (await times()).start;
    expect(moved).to.equal(start + APPEAL_TERM);
    for (const holder of holders.slice(1, 50)) await appeal(order.digest, kzte, holder);
    await atSecond(moved - 1n, () => appeal(order.digest, kzte, holders[50]!));
    await atSecond(moved, () => appeal(order.digest, kzte, holders[51]!));
    expect((await times()).start).to.equal(moved);
    await order.execute();
    expect(await tenge.balanceOf(treasury)).to.equal(ALL);
  });

  it("with a stay by every agency, each at the last second, put it off for 147 days in all and not for ever", async () => {
    const scene = await loadFixture(deployHundred);
    const { quorum, tenge, kzte, treasury, holders, order, decided, appeal, stay, times } = scene;
    const stays = PARAMETERS.rules.Stay!;
    const longest = APPEAL_TERM + stays.reduce((sum, { term }) => sum + BigInt(term), 0n);
    expect(longest).to.equal(147n * DAY);
    const first = decided + DELAY.Forfeit;
    await atSecond(first - 1n, () => appeal(order.digest, kzte, holders[0]!));
    for (const [i, { officers, term }] of stays.entries()) {
      const { start } = await times();
      const by = [`${Object.keys(officers)[0] as "FMA"}-1`] as const;
      const deed = await stay(order.digest, start + BigInt(term), by);
      await atSecond(start - 1n, deed.send);
      await appeal(order.digest, kzte, holders[i + 1]!);
    }
    const { start } = await times();
    expect(start).to.equal(first + longest);
    for (const { officers } of stays) {
      const by = [`${Object.keys(officers)[0] as "FMA"}-1`] as const;
      const again = await stay(order.digest, start + 1n, by);
      await expect(again.send()).to.be.revertedWithCustomError(quorum, "QuorumStayedTooLong");
    }
    await atSecond(start, order.execute);
    expect(await tenge.balanceOf(treasury)).to.equal(ALL);
  });

  it("are each answered by a Return within the time, and bind nothing of what was given back", async () => {
    const scene = await loadFixture(deployHundred);
    const { tenge, docket, kzte, holders, order, appeal, refund, caseId, times, sums } = scene;
    for (const holder of holders) await appeal(order.digest, kzte, holder);
    await refund(holders.map((holder) => inKind(kzte, holder, EACH)));
    for (const holder of holders) expect(await tenge.balanceOf(holder)).to.equal(EACH);
    await reach((await times()).start);
    await expect(order.execute())
      .to.be.revertedWithCustomError(docket, "DocketExceedsFree")
      .withArgs(caseId, kzte, 0, ALL);
    expect((await sums()).balance).to.equal(0);
  });

  it("cost nobody else: whoever lost nothing, and whoever got all of it back, cannot appeal", async () => {
    const scene = await loadFixture(deployHundred);
    const { disposal, kzte, holders, stranger, order, appeal, refund } = scene;
    await refund([inKind(kzte, holders[0]!, EACH)]);
    for (const who of [stranger, holders[0]!]) {
      await expect(appeal(order.digest, kzte, who))
        .to.be.revertedWithCustomError(disposal, "DisposalNotAffected")
        .withArgs(order.digest, kzte, who.address);
    }
  });
});
