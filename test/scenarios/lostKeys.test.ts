// Long: a case from its beginning to its end.
import { expect } from "chai";
import { Wallet } from "ethers";
import type { Address } from "viem";
import { buildArrest, buildFreeze, buildSeize, type Order } from "../../src/orders/index.ts";
import { addressOf, goTo, loadFixture, newAddress, now, reach } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { target } from "../system/entries.ts";
import { carryOut, inKind, units } from "../system/money.ts";
import { approvalsOf, type Decider, idOf, nextSalt, struct } from "../system/officers.ts";
import { AGENCY, type AgencyName, DAY, DECIDERS, type OfficerName } from "../system/parameters.ts";

const TAKEN = units(500);

/** Who seats new officers of an agency none of whose keys is left. */
const RESTORERS: Record<Exclude<AgencyName, "AUDIT">, OfficerName[]> = {
  FMA: ["COURT-1", "COURT-2", "GPO-1"],
  KNB: ["COURT-1", "COURT-2", "GPO-1"],
  NBK: ["COURT-1", "COURT-2", "GPO-1"],
  MOF: ["COURT-1", "COURT-2", "GPO-1"],
  AFSA: ["COURT-1", "COURT-2", "GPO-1"],
  GPO: ["FMA-1", "KNB-1", "NBK-1", "MOF-1"],
  COURT: ["FMA-1", "KNB-1", "NBK-1", "MOF-1"],
};
const AGENCIES = Object.keys(RESTORERS) as (keyof typeof RESTORERS)[];

/** Money of one holder in the vault. */
async function deployTaken() {
  const scene = await deploySystem();
  const owner = await scene.holder(TAKEN);
  await scene.take([target(scene.kzte, owner, TAKEN)]);
  return { ...scene, owner };
}

type Taken = Awaited<ReturnType<typeof deployTaken>>;

/** Seats two new officers of an agency without it; answers them. */
async function restore({ admit, quorum }: Taken, agency: keyof typeof RESTORERS): Promise<Wallet[]> {
  const by = RESTORERS[agency];
  expect(by.some((name) => name.startsWith(agency))).to.equal(false);
  const people = [new Wallet(nextSalt()), new Wallet(nextSalt())];
  const admissions = [];
  for (const person of people) {
    const admission = await admit(agency, person, by);
    await admission.send();
    admissions.push(admission);
  }
  await reach((await now()) + 30n * DAY);
  for (const admission of admissions) await admission.execute();
  for (const person of people) {
    expect(await quorum.officer(idOf(person))).to.deep.equal([1n, BigInt(AGENCY[agency])]);
  }
  return people;
}

/** The usual deciders, with the new people in place of those who lost their keys. */
const replaced = (by: readonly OfficerName[], agency: AgencyName, people: readonly Wallet[]): Decider[] => {
  const rest = [...people];
  return by.map((name) => (name.startsWith(agency) ? rest.shift()! : name));
};

describe("When all keys of one agency are lost", () => {
  for (const agency of AGENCIES) {
    it(`${agency}: the money goes back to its holder at once, by those who are left`, async () => {
      const { tenge, kzte, owner, refund } = await loadFixture(deployTaken);
      const how =
        agency === "COURT"
          ? { by: ["FMA-1", "GPO-1", "NBK-1"] as OfficerName[] }
          : { by: ["COURT-1", "COURT-2"] as OfficerName[] };
      await refund([inKind(kzte, owner, TAKEN)], how);
      expect(await tenge.balanceOf(owner)).to.equal(TAKEN);
    });

    it(`${agency}: others seat new people for it in 30 days, and every disposal is possible again`, async () => {
      const scene = await loadFixture(deployTaken);
      const { tenge, kzte, treasury, compensate, forfeit, transfer, sums } = scene;
      const people = await restore(scene, agency);
      const [partner, victim] = [newAddress(), newAddress()];
      const by = (act: keyof typeof DECIDERS) => ({ by: replaced(DECIDERS[act], agency, people) });
      await carryOut(scene, await transfer({ asset: kzte, to: partner, amount: units(100) }, by("Transfer")));
      const amount = units(300);
      await carryOut(scene, await forfeit({ asset: kzte, treasury: addressOf(treasury), amount }, by("Forfeit")));
      const list = [{ account: victim, amount: units(100) }];
      const order = await compensate({ asset: kzte, list }, by("Compensate"));
      await carryOut(scene, order);
      await order.claim(0);
      expect(await Promise.all([partner, treasury, victim].map((who) => tenge.balanceOf(who)))).to.deep.equal([
        units(100),
        units(300),
        units(100),
      ]);
      expect((await sums()).balance).to.equal(0);
    });
  }

  for (const agency of ["FMA", "KNB", "GPO", "COURT", "NBK"] as const) {
    it(`${agency}: its new people freeze, arrest and seize with the others`, async () => {
      const scene = await loadFixture(deployTaken);
      const { docket, domain, kzte, base, sums } = scene;
      const suspect = await scene.holder(units(7));
      const people = await restore(scene, agency);
      const held = [target(kzte, suspect, units(7))];
      const approve = (order: Order, by: readonly OfficerName[]) =>
        approvalsOf(domain, order, replaced(by, agency, people));
      const newest = async () => Number(await docket.placements());
      const freeze = buildFreeze({ ...(await base({})), targets: held, term: Number(DAY) });
      await docket.freeze([struct(freeze.message)], [await approve(freeze, ["FMA-1", "KNB-1", "GPO-1"])], "0x");
      const arrest = buildArrest({
        ...(await base({})),
        confirm: held,
        upTo: await newest(),
        until: (await now()) + 100n * DAY,
      });
      await docket.arrest([struct(arrest.message)], [await approve(arrest, ["COURT-1", "FMA-1", "GPO-1"])], "0x");
      const seize = buildSeize({ ...(await base({})), holds: held, upTo: await newest() });
      await docket.seize([struct(seize.message)], [await approve(seize, ["COURT-1", "FMA-1", "GPO-1", "NBK-1"])], "0x");
      expect((await sums()).taken).to.equal(TAKEN + units(7));
    });
  }

  it("COURT: a forfeiture that it decided before is executed by anyone, and needs none of its keys any more", async () => {
    const scene = await loadFixture(deployTaken);
    const { tenge, kzte, treasury, stranger, forfeit, timesOf } = scene;
    const order = await forfeit({ asset: kzte, treasury: addressOf(treasury), amount: TAKEN });
    await order.send();
    await goTo((await timesOf(order.digest)).start);
    await order.execute(stranger);
    expect(await tenge.balanceOf(treasury)).to.equal(TAKEN);
  });

  it("COURT: an arrest that nobody can lift ends by itself, two years after the hold began at the latest", async () => {
    const scene = await loadFixture(deployTaken);
    const { docket, tenge, kzte, bob, arrest } = scene;
    const suspect = await scene.holder(units(7));
    const held = [target(kzte, suspect, units(7))];
    const since = (await now()) + 1n;
    await arrest({ place: held, until: since + 180n * DAY }, { caseId: "OTHER" });
    for (const months of [1n, 2n, 3n]) {
      await reach(since + months * 175n * DAY);
      await arrest({ confirm: held, until: (await now()) + 180n * DAY }, { caseId: "OTHER" });
    }
    await reach(since + 700n * DAY);
    await expect(
      arrest({ confirm: held, until: since + 731n * DAY }, { caseId: "OTHER" }),
    ).to.be.revertedWithCustomError(docket, "DocketHoldTooLong");
    await arrest({ confirm: held, until: since + 730n * DAY }, { caseId: "OTHER" });
    await reach(since + 730n * DAY + 1n);
    await tenge.connect(suspect).transfer(bob, units(7));
    expect(await tenge.balanceOf(suspect)).to.equal(0);
  });
});

describe("When every key that decided has been lost since, and none was replaced", () => {
  it("what is reserved for victims is still paid, and what they leave is free again", async () => {
    const scene = await loadFixture(deployTaken);
    const { tenge, disposal, kzte, stranger, compensate, sums } = scene;
    const [one, other]: Address[] = [newAddress(), newAddress()];
    const order = await compensate({
      asset: kzte,
      list: [
        { account: one!, amount: units(200) },
        { account: other!, amount: units(300) },
      ],
    });
    await carryOut(scene, order);
    await order.claim(0);
    await goTo((await disposal.compensationOf(order.digest)).until + 1n);
    await disposal.connect(stranger).unreserve(order.digest);
    expect(await tenge.balanceOf(one!)).to.equal(units(200));
    expect(await sums()).to.include({ reserved: 0n, free: units(300) });
  });
});
