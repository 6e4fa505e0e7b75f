// Long: a case from its beginning to its end.
import { expect } from "chai";
import type { ActName } from "../../src/orders/index.ts";
import { addressOf, goTo, loadFixture, newAddress, now, reach, timeOf } from "../system/chain.ts";
import { target } from "../system/entries.ts";
import { deployFaultySystem } from "../system/faulty.ts";
import { carryOut, inKind } from "../system/money.ts";
import { type AgencyName, DAY, DELAY, type OfficerName, PARAMETERS, TERM } from "../system/parameters.ts";

const RULES = PARAMETERS.rules;
const AGENCIES: AgencyName[] = ["FMA", "KNB", "GPO", "COURT", "NBK", "MOF", "AFSA", "AUDIT"];

/** How an act is decided while an agency is silent: the first alternative that needs nobody of it. */
function without(agency: AgencyName, act: ActName): { by: OfficerName[] } | undefined {
  const rule = RULES[act]!.find(({ officers }) => !(agency in officers) && !("SELF" in officers));
  if (rule === undefined) return undefined;
  const by = Object.entries(rule.officers).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, i) => `${name}-${i + 1}` as OfficerName),
  );
  return { by };
}

const [ARRESTED, HELD, TAKEN, SHARE, REFUSED] = [100n, 50n, 300n, 40n, 20n];

/**
 * A case in which everything is contested: an arrested and a provisional hold, money taken from two, of which one share
 * waits for a victim and one payment was refused, and a Forfeit, a Compensate, a Convert and a Transfer that every agency
 * stayed and both holders appealed.
 */
async function deployBeset() {
  const scene = await deployFaultySystem();
  const { flty, carol: wallet, freeze, arrest, take, refund, refuse, stay, appeal, license } = scene;
  const [arrested, held, first, second] = await Promise.all([0, 1, 2, 3].map(() => scene.holder(1_000n, flty)));
  const victim = newAddress();
  await license(wallet, "SARY-ARKA");
  await take([target(flty, first!, TAKEN), target(flty, second!, TAKEN)]);
  const paid = await scene.compensate({ asset: flty, list: [{ account: victim, amount: SHARE }] });
  await carryOut(scene, paid);

  const convert = await scene.convert({
    asset: flty,
    amount: 10n,
    wallet: addressOf(wallet),
    proceedsAsset: scene.kzte,
    leastProceeds: 1n,
  });
  const forfeit = await scene.forfeit({ asset: flty, treasury: addressOf(scene.treasury), amount: 10n });
  const compensate = await scene.compensate({ asset: flty, list: [{ account: victim, amount: 10n }] });
  const transfer = await scene.transfer({ asset: flty, to: addressOf(wallet), amount: 10n });
  const waiting = [
    { ...transfer, attempt: () => transfer.execute() },
    { ...forfeit, attempt: () => forfeit.execute() },
    { ...compensate, attempt: () => compensate.execute() },
    { ...convert, attempt: () => convert.execute(wallet, 1n) },
  ];
  // All start at about the same time.
  const start = (await now()) + DELAY.Transfer;
  const delays = [DELAY.Transfer, DELAY.Forfeit, DELAY.Compensate, DELAY.Convert];
  for (const [i, order] of waiting.entries()) {
    await reach(start - delays[i]!);
    await order.send();
  }
  for (const { digest } of waiting) {
    for (const agency of ["FMA", "KNB", "NBK", "MOF", "GPO", "COURT"] as const) {
      const { term } = stayOf(agency);
      const until = (await scene.timesOf(digest)).start + BigInt(term);
      await (await stay(digest, until, [`${agency}-1`])).send();
    }
    for (const holder of [first!, second!]) await appeal(digest, flty, holder);
  }

  await refuse(second!.address);
  await refund([inKind(flty, second!, REFUSED)]);
  await arrest({ place: [target(flty, arrested!, ARRESTED)], until: (await now()) + 120n * DAY });
  const since = await timeOf(freeze([target(flty, held!, HELD)]));
  const accounts = { arrested: arrested!, held: held!, first: first!, second: second! };
  return { ...scene, ...accounts, victim, paid, waiting, since };
}

/** By which alternative an agency stays, and for how many seconds at most. */
function stayOf(agency: AgencyName) {
  const alternative = RULES.Stay!.findIndex(({ officers }) => agency in officers);
  return { alternative, term: RULES.Stay![alternative]!.term };
}

/** None of the contested orders can be executed now. */
async function expectAllWait({ waiting, quorum }: Awaited<ReturnType<typeof deployBeset>>) {
  for (const { attempt, digest } of waiting) {
    await expect(attempt(), digest).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
  }
}

describe("While every disposal of a case is stayed by all agencies and appealed by all holders", () => {
  it("holds are lifted", async () => {
    const scene = await loadFixture(deployBeset);
    const { docket, flty, arrested, held, lift } = scene;
    await expectAllWait(scene);
    await lift([target(flty, arrested, ARRESTED)], { by: ["COURT-1", "GPO-1"], arrested: true });
    await lift([target(flty, held, HELD)], { by: ["FMA-1", "GPO-1"] });
    for (const account of [arrested, held]) expect((await docket.heldOf(flty, account)).held).to.equal(0);
  });

  it("holds end by time", async () => {
    const scene = await loadFixture(deployBeset);
    const { docket, flty, held, stranger, caseId, since } = scene;
    await goTo(since + TERM.Freeze + 1n);
    await expectAllWait(scene);
    expect((await docket.heldOf(flty, held)).held).to.equal(0);
    await docket.connect(stranger).lapse(caseId, [{ asset: flty, account: held.address }]);
  });

  it("money is returned", async () => {
    const scene = await loadFixture(deployBeset);
    const { faulty, flty, first, refund } = scene;
    await expectAllWait(scene);
    await refund([inKind(flty, first, TAKEN)]);
    expect(await faulty.balanceOf(first)).to.equal(1_000n);
  });

  it("claims are paid, those of a compensation and those of a refused payment", async () => {
    const scene = await loadFixture(deployBeset);
    const { faulty, disposal, flty, second, victim, stranger, caseId, paid, refuse, sums } = scene;
    await expectAllWait(scene);
    await paid.claim(0);
    await refuse(second.address, false);
    await disposal.connect(stranger).claim(caseId, flty, second);
    expect([await faulty.balanceOf(victim), await faulty.balanceOf(second)]).to.deep.equal([
      SHARE,
      1_000n - TAKEN + REFUSED,
    ]);
    expect((await sums(flty)).reserved).to.equal(0);
  });
});

describe("While one agency is silent", () => {
  for (const agency of AGENCIES) {
    it(`${agency}: holds are lifted or end, money is returned, claims are paid, contested as the case is`, async () => {
      const scene = await loadFixture(deployBeset);
      const { docket, disposal, faulty, flty, arrested, held, first, second, victim, caseId, paid, refuse } = scene;
      await scene.lift([target(flty, held, HELD)], without(agency, "Lift"));
      await scene.refund([inKind(flty, first, TAKEN)], without(agency, "Return"));
      await paid.claim(0);
      await refuse(second.address, false);
      await disposal.claim(caseId, flty, second);
      const release = without(agency, "LiftArrested");
      expect(release === undefined, "only a court's own hold needs the court").to.equal(agency === "COURT");
      if (release === undefined) await goTo((await now()) + 121n * DAY);
      else await scene.lift([target(flty, arrested, ARRESTED)], { ...release, arrested: true });
      for (const account of [arrested, held]) {
        expect((await docket.heldOf(flty, account)).held).to.equal(0);
      }
      expect(await Promise.all([first, second, victim].map((who) => faulty.balanceOf(who)))).to.deep.equal([
        1_000n,
        1_000n - TAKEN + REFUSED,
        SHARE,
      ]);
    });
  }

  it("COURT: the lead agency, the prosecutor and the custodian return what was taken", async () => {
    expect(without("COURT", "Return")).to.deep.equal({ by: ["FMA-1", "GPO-1", "NBK-1"] });
    const { faulty, flty, first, refund } = await loadFixture(deployBeset);
    await refund([inKind(flty, first, TAKEN)], { by: ["FMA-1", "GPO-1", "NBK-1"] });
    expect(await faulty.balanceOf(first)).to.equal(1_000n);
  });

  it("NBK: two judges return what was taken", async () => {
    expect(without("NBK", "Return")).to.deep.equal({ by: ["COURT-1", "COURT-2"] });
    const { faulty, flty, first, refund } = await loadFixture(deployBeset);
    await refund([inKind(flty, first, TAKEN)], { by: ["COURT-1", "COURT-2"] });
    expect(await faulty.balanceOf(first)).to.equal(1_000n);
  });
});

describe("Stays and appeals together", () => {
  it("of all agencies and holders end: each order is executed once its start has come", async () => {
    const scene = await loadFixture(deployBeset);
    const { faulty, tenge, disposal, kzte, carol: wallet, treasury, waiting, timesOf } = scene;
    await tenge.connect(wallet).approve(disposal, 1n);
    const [before, delivered] = [await tenge.balanceOf(wallet), await faulty.balanceOf(wallet)];
    for (const { digest, attempt } of waiting) {
      await reach((await timesOf(digest)).start);
      await attempt();
      expect((await timesOf(digest)).state).to.equal(2);
    }
    expect(await faulty.balanceOf(treasury)).to.equal(10);
    expect([await tenge.balanceOf(wallet), await faulty.balanceOf(wallet)]).to.deep.equal([
      before - 1n,
      delivered + 20n,
    ]);
    expect((await scene.sums(kzte)).proceeds).to.equal(1);
  });
});
