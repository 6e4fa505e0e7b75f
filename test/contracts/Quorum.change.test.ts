import { expect } from "chai";
import { Wallet, ZeroHash } from "ethers";
import type { Hex } from "viem";
import { ACTS, buildFreeze, digestOf, type ActName } from "../../src/orders/index.ts";
import { addressOf, atSecond, loadFixture, networkHelpers, NEVER, now } from "../system/chain.ts";
import { type Digits, packed, ruleOf, tally } from "../system/charters.ts";
import { deploySystem, type System } from "../system/deployed.ts";
import { entryOf } from "../system/entries.ts";
import {
  approvalsOf,
  documentOf,
  idOf,
  idsOf,
  nextSalt,
  NO_APPROVALS,
  officer,
  officerIdOf,
  signOrder,
  struct,
} from "../system/officers.ts";
import { AGENCY, type AgencyName, DAY, DECIDERS, type OfficerName } from "../system/parameters.ts";

const { time } = networkHelpers;
const ADMITTERS: OfficerName[] = ["FMA-1", "GPO-1", "COURT-1"];
const COURT_AND_GPO: OfficerName[] = ["COURT-2", "COURT-3", "GPO-2"];
const WITHOUT_COURT: OfficerName[] = ["FMA-1", "KNB-1", "NBK-1", "MOF-1"];
const COURT_RESCUE: OfficerName[] = ["COURT-1", "COURT-2", "FMA-1", "NBK-1"];
const GPO_RESCUE: OfficerName[] = ["GPO-1", "GPO-2", "KNB-1", "MOF-1"];
const candidate = () => new Wallet(nextSalt());

async function deploy() {
  const system = await deploySystem();
  return { ...system };
}

const startOf = async ({ quorum }: System, digest: Hex) => BigInt((await quorum.delayedOf(digest)).start);
const deadlineOf = async ({ quorum }: System, digest: Hex) => BigInt((await quorum.delayedOf(digest)).deadline);
const goTo = (second: bigint) => time.increaseTo(second);

/** Officers per agency in one word. */
const tallyOf = (by: readonly OfficerName[]) => {
  const digits: Record<number, number> = {};
  for (const name of by) {
    const agency = AGENCY[name.split("-")[0] as AgencyName];
    digits[agency] = (digits[agency] ?? 0) + 1;
  }
  return tally(digits);
};

/** A freeze of one unit of alice that officers approve, and what executes it. */
async function freezeBy(system: System, by: readonly OfficerName[] | Wallet[]) {
  const { base, kzte, alice, domain, docket } = system;
  const targets = [{ asset: kzte, account: addressOf(alice), amount: 1n }];
  const order = buildFreeze({ ...(await base({})), targets, term: 60 });
  const names = by.filter((one): one is OfficerName => typeof one === "string");
  const approvals = await approvalsOf(domain, order, names);
  return {
    order,
    digest: digestOf(order, domain),
    approvals,
    send: () => docket.freeze([struct(order.message)], [approvals], "0x"),
  };
}

describe("Quorum: change", () => {
  describe("an admission", () => {
    for (const { how, agency, by, delay } of [
      { how: "by its own agency, prosecutor and court, after 48 hours", agency: "FMA", by: ADMITTERS, delay: 2n * DAY },
      { how: "by two judges and the prosecutor, after 21 days", agency: "FMA", by: COURT_AND_GPO, delay: 21n * DAY },
      { how: "without the court, after 21 days", agency: "COURT", by: WITHOUT_COURT, delay: 21n * DAY },
    ] as const) {
      it(`seats an officer ${how}, from its start to its deadline`, async () => {
        const system = await loadFixture(deploy);
        const { quorum, admit } = system;
        for (const second of ["start", "deadline"] as const) {
          const person = candidate();
          const admission = await admit(agency, person, by);
          const scheduled = await entryOf(admission.send());
          const [start, deadline] = [scheduled.timestamp + delay, scheduled.timestamp + delay + 30n * DAY];
          const told = {
            order: scheduled.order,
            act: scheduled.act,
            ids: scheduled.officerIds,
            what: scheduled.effects[0],
          };
          expect([told.order, told.act, told.ids]).to.deep.equal([admission.digest, 14n, admission.ids]);
          expect([told.what!.what, told.what!.amount, told.what!.value]).to.deep.equal([64n, start, deadline]);

          await expect(atSecond(start - 1n, () => admission.execute()))
            .to.be.revertedWithCustomError(quorum, "QuorumTooEarly")
            .withArgs(admission.digest, start);
          expect(await quorum.officer(idOf(person))).to.deep.equal([0n, 0n]);
          const seated = await entryOf(atSecond(second === "start" ? start : deadline, () => admission.execute()));
          expect([seated.act, seated.order, seated.officerIds]).to.deep.equal([77n, admission.digest, admission.ids]);
          const seat = BigInt((1 << 8) | AGENCY[agency]);
          expect([seated.effects[0]!.what, seated.effects[0]!.amount, seated.effects[0]!.value]).to.deep.equal([
            48n,
            seat,
            BigInt(idOf(person)),
          ]);
          expect(await quorum.officer(idOf(person))).to.deep.equal([1n, BigInt(AGENCY[agency])]);
          await expect(admission.execute())
            .to.be.revertedWithCustomError(quorum, "QuorumOrderEnded")
            .withArgs(admission.digest, 2);
        }
      });
    }

    it("is dead after its deadline", async () => {
      const system = await loadFixture(deploy);
      const admission = await system.admit("FMA", candidate(), ADMITTERS);
      await admission.send();
      const deadline = await deadlineOf(system, admission.digest);
      await expect(atSecond(deadline + 1n, () => admission.execute()))
        .to.be.revertedWithCustomError(system.quorum, "QuorumTooLate")
        .withArgs(admission.digest, deadline);
    });

    it("needs the officers of the candidate's own agency, not of another", async () => {
      const { quorum, admit } = await loadFixture(deploy);
      const admission = await admit("KNB", candidate(), ADMITTERS);
      await expect(admission.send())
        .to.be.revertedWithCustomError(quorum, "QuorumNotMet")
        .withArgs(
          ...[admission.digest, ACTS.Admit, AGENCY.KNB],
          tally({ [AGENCY.FMA]: 1, [AGENCY.GPO]: 1, [AGENCY.COURT]: 1 }),
        );
    });

    it("of a judge needs two judges: SELF is added to the court's own digit", async () => {
      const { quorum, admit } = await loadFixture(deploy);
      const one = await admit("COURT", candidate(), ["GPO-1", "COURT-1"]);
      await expect(one.send()).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
      await (await admit("COURT", candidate(), ["GPO-1", "COURT-1", "COURT-2"])).send();
    });

    it("needs the candidate's own signature over this very order", async () => {
      const { quorum, admit } = await loadFixture(deploy);
      const person = candidate();
      const other = await admit("FMA", person, ADMITTERS);
      for (const consent of [
        "0x",
        await candidate().signMessage(other.digest),
        person.signingKey.sign(other.digest).serialized,
      ]) {
        const admission = await admit("FMA", person, ADMITTERS, { consent: consent as Hex });
        await expect(admission.send()).to.be.revertedWithCustomError(quorum, "QuorumNoConsent").withArgs(idOf(person));
      }
    });

    it("is refused for an agency that does not exist, without a document, and for who has or had a seat", async () => {
      const { quorum, admit, dismiss, domain } = await loadFixture(deploy);
      const person = candidate();
      const message = {
        agency: 8,
        kind: 1,
        signer: person.address as Hex,
        document: documentOf("x"),
        signBy: NEVER,
        salt: nextSalt(),
      };
      const order = { primaryType: "Admit", message } as const;
      await expect(
        quorum.admit(message, await approvalsOf(domain, order, ADMITTERS), await signOrder(person, domain, order)),
      )
        .to.be.revertedWithCustomError(quorum, "QuorumUnknownAgency")
        .withArgs(8, 8);
      const undocumented = await admit("FMA", person, ADMITTERS, { document: ZeroHash as Hex });
      await expect(undocumented.send()).to.be.revertedWithCustomError(quorum, "ZeroDocument");

      const seated = new Wallet(officer("FMA-3").privateKey);
      await expect((await admit("FMA", seated, ADMITTERS)).send())
        .to.be.revertedWithCustomError(quorum, "QuorumSeatedOfficer")
        .withArgs(idOf(seated));
      await (await dismiss(idOf(seated), ["FMA-1", "FMA-2"])).send();
      await expect((await admit("FMA", seated, ADMITTERS)).send())
        .to.be.revertedWithCustomError(quorum, "QuorumDismissedOfficer")
        .withArgs(idOf(seated));
    });

    it("of one signer twice seats it once", async () => {
      const system = await loadFixture(deploy);
      const person = candidate();
      const [first, second] = [
        await system.admit("FMA", person, ADMITTERS),
        await system.admit("FMA", person, ADMITTERS),
      ];
      await first.send();
      await second.send();
      await goTo(await startOf(system, second.digest));
      await first.execute();
      await expect(second.execute())
        .to.be.revertedWithCustomError(system.quorum, "QuorumSeatedOfficer")
        .withArgs(idOf(person));
    });

    it("is executed with exactly the officers whose approvals counted", async () => {
      const system = await loadFixture(deploy);
      const admission = await system.admit("FMA", candidate(), ADMITTERS);
      await admission.send();
      await goTo(await startOf(system, admission.digest));
      for (const ids of [
        [],
        admission.ids.slice(1),
        admission.ids.toReversed(),
        [...admission.ids, admission.ids[0]!],
      ]) {
        await expect(admission.execute(ids))
          .to.be.revertedWithCustomError(system.quorum, "QuorumWrongApprovers")
          .withArgs(admission.digest);
      }
      await admission.execute();
    });

    it("that was never scheduled cannot be executed", async () => {
      const { quorum, admit } = await loadFixture(deploy);
      const admission = await admit("FMA", candidate(), ADMITTERS);
      await expect(admission.execute())
        .to.be.revertedWithCustomError(quorum, "QuorumNotScheduled")
        .withArgs(admission.digest);
    });

    it("becomes sooner by an earlier alternative: nobody who executes can choose the slow one of two", async () => {
      const system = await loadFixture(deploy);
      const { quorum, admit } = system;
      const person = candidate();
      const salt = nextSalt();
      const all = await admit("FMA", person, [...ADMITTERS, ...COURT_AND_GPO], { salt });
      const slow = await admit("FMA", person, COURT_AND_GPO, { salt });
      expect(slow.digest).to.equal(all.digest);
      // A stranger sends what it saw, without the approval that makes it fast.
      const first = await entryOf(slow.send());
      expect(await startOf(system, slow.digest)).to.equal(first.timestamp + 21n * DAY);
      const second = await entryOf(all.send());
      const start = second.timestamp + 2n * DAY;
      expect([second.act, second.effects[0]!.what, second.effects[0]!.amount]).to.deep.equal([14n, 64n, start]);
      expect(await quorum.entryOf(all.digest)).to.equal(second.seq);
      const { alternative, deadline } = await quorum.delayedOf(all.digest);
      expect([alternative, deadline]).to.deep.equal([0n, start + 30n * DAY]);
      // Not back, and not again.
      for (const again of [slow, all]) {
        await expect(again.send()).to.be.revertedWithCustomError(quorum, "QuorumOrderUsed");
      }
      await expect(atSecond(start - 1n, () => all.execute())).to.be.revertedWithCustomError(quorum, "QuorumTooEarly");
      await atSecond(start, () => all.execute());
      await expect(all.send()).to.be.revertedWithCustomError(quorum, "QuorumSeatedOfficer");
    });

    it("never becomes later: an earlier alternative that would start after it changes nothing", async () => {
      const system = await loadFixture(deploy);
      const person = candidate();
      const salt = nextSalt();
      const [slow, fast] = [
        await system.admit("FMA", person, COURT_AND_GPO, { salt }),
        await system.admit("FMA", person, ADMITTERS, { salt }),
      ];
      await slow.send();
      const start = await startOf(system, slow.digest);
      await expect(atSecond(start - 2n * DAY, fast.send)).to.be.revertedWithCustomError(
        system.quorum,
        "QuorumOrderUsed",
      );
      expect(await startOf(system, slow.digest)).to.equal(start);
      await goTo(start);
      await slow.execute();
    });

    it("that was vetoed or is dead is not scheduled again", async () => {
      for (const dead of [false, true]) {
        const system = await loadFixture(deploy);
        const person = candidate();
        const salt = nextSalt();
        const slow = await system.admit("FMA", person, COURT_AND_GPO, { salt });
        const fast = await system.admit("FMA", person, ADMITTERS, { salt });
        await slow.send();
        if (dead) await goTo((await deadlineOf(system, slow.digest)) + 1n);
        else await (await system.veto(slow.digest, ["COURT-3"])).send();
        await expect(fast.send()).to.be.revertedWithCustomError(system.quorum, "QuorumOrderUsed");
      }
    });

    it("is scheduled once by one alternative, and then no approval of it can be withdrawn", async () => {
      const { quorum, admit, cancel } = await loadFixture(deploy);
      const admission = await admit("FMA", candidate(), ADMITTERS);
      const { seq } = await entryOf(admission.send());
      await expect(admission.send())
        .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
        .withArgs(admission.digest, seq);
      await expect(cancel(admission.digest, "FMA-1"))
        .to.be.revertedWithCustomError(quorum, "QuorumOrderUsed")
        .withArgs(admission.digest, seq);
    });
  });

  describe("a veto", () => {
    it("of one judge ends a delayed order for ever", async () => {
      const system = await loadFixture(deploy);
      const admission = await system.admit("FMA", candidate(), ADMITTERS);
      await admission.send();
      const veto = await system.veto(admission.digest, ["COURT-3"]);
      const entry = await entryOf(veto.send());
      expect([
        entry.act,
        entry.order,
        entry.officerIds,
        entry.effects[0]!.what,
        entry.effects[0]!.amount,
      ]).to.deep.equal([13n, veto.digest, idsOf(["COURT-3"]), 66n, BigInt(admission.digest)]);
      await goTo(await startOf(system, admission.digest));
      for (const again of [() => admission.execute(), (await system.veto(admission.digest, ["COURT-1"])).send]) {
        await expect(again())
          .to.be.revertedWithCustomError(system.quorum, "QuorumOrderEnded")
          .withArgs(admission.digest, 3);
      }
    });

    it("of one judge stops an admission that goes without the court, too", async () => {
      const { quorum, admit, veto } = await loadFixture(deploy);
      const admission = await admit("COURT", candidate(), WITHOUT_COURT);
      await admission.send();
      await (await veto(admission.digest, ["COURT-1"])).send();
      expect((await quorum.delayedOf(admission.digest)).state).to.equal(3);
    });

    for (const [how, by, agency] of [
      ["that it approved itself", ADMITTERS, "FMA"],
      ["by two judges and the prosecutor", COURT_AND_GPO, "NBK"],
      ["without the court", WITHOUT_COURT, "GPO"],
    ] as const) {
      it(`of one seated officer stops an admission to its agency ${how}, and no other agency's officer does`, async () => {
        const system = await loadFixture(deploy);
        const admission = await system.admit(agency, candidate(), by);
        await admission.send();
        await expect((await system.veto(admission.digest, ["KNB-2"])).send()).to.be.revertedWithCustomError(
          system.quorum,
          "QuorumNotMet",
        );
        await (await system.veto(admission.digest, [`${agency}-2`])).send();
        await expect(admission.execute()).to.be.revertedWithCustomError(system.quorum, "QuorumOrderEnded");
      });
    }

    it("of a seated officer stops no act but an admission", async () => {
      const system = await loadFixture(deploy);
      const change = await system.configure("Seize", []);
      await change.send();
      for (const name of ["FMA-1", "GPO-1", "NBK-1", "MOF-1", "AFSA-1"] as const) {
        await expect((await system.veto(change.digest, [name])).send(), name).to.be.revertedWithCustomError(
          system.quorum,
          "QuorumNotMet",
        );
      }
      await (await system.veto(change.digest, ["COURT-4"])).send();
    });

    it("is refused without a document, of what was never scheduled, and after the deadline", async () => {
      const system = await loadFixture(deploy);
      const { quorum, veto, admit } = system;
      const unknown = nextSalt();
      await expect(
        (await veto(unknown, ["COURT-1"], { document: ZeroHash as Hex })).send(),
      ).to.be.revertedWithCustomError(quorum, "ZeroDocument");
      await expect((await veto(unknown, ["COURT-1"])).send())
        .to.be.revertedWithCustomError(quorum, "QuorumNotScheduled")
        .withArgs(unknown);
      const admission = await admit("FMA", candidate(), ADMITTERS);
      await admission.send();
      await goTo((await deadlineOf(system, admission.digest)) + 1n);
      await expect((await veto(admission.digest, ["COURT-1"])).send()).to.be.revertedWithCustomError(
        quorum,
        "QuorumTooLate",
      );
    });
  });

  describe("a dismissal", () => {
    it("by two of its own agency unseats an officer at once and for ever", async () => {
      const system = await loadFixture(deploy);
      const { quorum, dismiss } = system;
      const dismissal = await dismiss(officerIdOf("FMA-3"), ["FMA-1", "FMA-2"]);
      const entry = await entryOf(dismissal.send());
      expect([entry.act, entry.order, entry.officerIds]).to.deep.equal([15n, dismissal.digest, dismissal.ids]);
      const { what, amount, value } = entry.effects[0]!;
      expect([what, amount, value]).to.deep.equal([56n, BigInt(AGENCY.FMA), BigInt(officerIdOf("FMA-3"))]);
      expect(await quorum.officer(officerIdOf("FMA-3"))).to.deep.equal([0n, 0n]);
      expect(await quorum.dismissalOf(officerIdOf("FMA-3"))).to.deep.equal([true, false]);
      expect(await quorum.agencyOf(AGENCY.FMA)).to.equal(2);
      const freeze = await freezeBy(system, ["FMA-1", "FMA-3", "GPO-1"]);
      await expect(freeze.send())
        .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
        .withArgs(freeze.digest, tally({ 0: 1, 2: 1 }), tally({ 0: 2, 2: 1 }));
      await expect(system.cancel(nextSalt(), "FMA-3"))
        .to.be.revertedWithCustomError(quorum, "QuorumDismissedOfficer")
        .withArgs(officerIdOf("FMA-3"));
    });

    it("is reached by no last second of more than a week", async () => {
      const { quorum, dismiss } = await loadFixture(deploy);
      const second = (await now()) + 100n;
      const latest = second + 7n * DAY;
      const id = officerIdOf("FMA-3");
      const [good, far] = [
        await dismiss(id, ["FMA-1", "FMA-2"], { signBy: latest }),
        await dismiss(id, ["FMA-1", "FMA-2"], { signBy: latest + 1n }),
      ];
      await expect(atSecond(second, far.send))
        .to.be.revertedWithCustomError(quorum, "OrderSignByTooFar")
        .withArgs(far.digest, latest + 1n, latest);
      await atSecond(second + 1n, good.send);
    });

    it("rests its officers for seven days: one stolen judge and one stolen prosecutor do not take two agencies", async () => {
      const system = await loadFixture(deploy);
      const { quorum, dismiss } = system;
      const first = await entryOf((await dismiss(officerIdOf("COURT-2"), ["COURT-1", "GPO-1"])).send());
      const next = first.timestamp + 7n * DAY;
      expect(await quorum.pauseOf(officerIdOf("COURT-1"))).to.equal(next);
      expect(await quorum.pauseOf(officerIdOf("COURT-3"))).to.equal(0);
      // Of whatever agency, and with whomever.
      for (const [victim, by, paused] of [
        ["GPO-2", ["COURT-1", "GPO-1"], undefined],
        ["COURT-3", ["COURT-1", "COURT-4"], "COURT-1"],
        ["KNB-2", ["COURT-3", "GPO-1"], "GPO-1"],
        ["KNB-2", ["COURT-1", "GPO-3"], "COURT-1"],
      ] as const) {
        const dismissal = await dismiss(officerIdOf(victim), [...by]);
        const refused = expect(dismissal.send()).to.be.revertedWithCustomError(quorum, "QuorumDismissalPause");
        await (paused === undefined ? refused : refused.withArgs(officerIdOf(paused), next));
      }
      // Who was not part of it may answer at once.
      await (await dismiss(officerIdOf("COURT-1"), ["COURT-3", "GPO-2"])).send();
      await goTo(next - DAY);
      const again = await dismiss(officerIdOf("FMA-2"), ["COURT-4", "GPO-1"]);
      await expect(atSecond(next - 1n, again.send)).to.be.revertedWithCustomError(quorum, "QuorumDismissalPause");
      await atSecond(next, again.send);
    });

    it("by a rescue rests its officers for two days", async () => {
      const { quorum, dismiss } = await loadFixture(deploy);
      const first = await entryOf((await dismiss(officerIdOf("FMA-3"), GPO_RESCUE)).send());
      const next = first.timestamp + 2n * DAY;
      for (const name of GPO_RESCUE) expect(await quorum.pauseOf(officerIdOf(name))).to.equal(next);
      const [early, late] = [
        await dismiss(officerIdOf("FMA-2"), GPO_RESCUE),
        await dismiss(officerIdOf("FMA-2"), ["GPO-1", "COURT-1"]),
      ];
      await expect(atSecond(next - 1n, early.send)).to.be.revertedWithCustomError(quorum, "QuorumDismissalPause");
      await atSecond(next, late.send);
      expect(await quorum.pauseOf(officerIdOf("GPO-1"))).to.equal(next + 7n * DAY);
      expect(await quorum.pauseOf(officerIdOf("GPO-2"))).to.equal(next);
    });

    it("takes exactly the officers of one alternative: nobody is paused who was not needed", async () => {
      const { quorum, dismiss } = await loadFixture(deploy);
      const id = officerIdOf("FMA-3");
      for (const by of [
        ["FMA-1", "FMA-2", "GPO-1"],
        ["COURT-1", "COURT-2", "GPO-1"],
        ["COURT-1", "GPO-1", "KNB-1"],
        [...COURT_RESCUE, "COURT-3"],
        [...COURT_RESCUE, "GPO-1"],
      ] as OfficerName[][]) {
        const dismissal = await dismiss(id, by);
        await expect(dismissal.send(), by.join(" "))
          .to.be.revertedWithCustomError(quorum, "QuorumTooManyApprovals")
          .withArgs(dismissal.digest, tallyOf(by));
      }
      await expect((await dismiss(id, ["FMA-1", "GPO-1"])).send()).to.be.revertedWithCustomError(
        quorum,
        "QuorumNotMet",
      );
      await (await dismiss(id, COURT_RESCUE)).send();
    });

    it("takes the last officer of an agency only after its successor sits", async () => {
      const { quorum, dismiss, admit } = await loadFixture(deploy);
      await (await dismiss(officerIdOf("MOF-2"), ["COURT-1", "GPO-1"])).send();
      const last = officerIdOf("MOF-1");
      await expect((await dismiss(last, ["COURT-2", "GPO-2"])).send())
        .to.be.revertedWithCustomError(quorum, "QuorumLastOfficer")
        .withArgs(AGENCY.MOF, last);
      const successor = await admit("MOF", candidate(), ["MOF-1", "GPO-1", "COURT-1"]);
      await successor.send();
      await goTo(BigInt((await quorum.delayedOf(successor.digest)).start));
      await successor.execute();
      await (await dismiss(last, ["COURT-2", "GPO-2"])).send();
    });

    for (const [agency, by, left] of [
      ["MOF", COURT_RESCUE, []],
      ["FMA", GPO_RESCUE, ["FMA-2"]],
      ["COURT", GPO_RESCUE, ["COURT-2", "COURT-3"]],
      ["GPO", COURT_RESCUE, ["GPO-2", "GPO-3"]],
    ] as const) {
      it(`frees ${agency} of a thief in its last seat by a rescue without it, and others are admitted after`, async () => {
        const system = await loadFixture(deploy);
        const { quorum, dismiss, admit } = system;
        // The thief alone is left.
        const others: OfficerName[] = [
          ...left,
          agency === "MOF" || agency === "FMA" ? `${agency}-${left.length + 2}` : `${agency}-4`,
        ];
        for (const other of others) {
          await goTo((await now()) + 8n * DAY);
          await (
            await dismiss(
              officerIdOf(other),
              agency === "GPO" ? COURT_RESCUE : agency === "COURT" ? GPO_RESCUE : ["COURT-1", "GPO-1"],
            )
          ).send();
        }
        await goTo((await now()) + 8n * DAY);
        expect(await quorum.agencyOf(AGENCY[agency])).to.equal(1);
        await (await dismiss(officerIdOf(`${agency}-1`), by, { compromised: true })).send();
        expect(await quorum.agencyOf(AGENCY[agency])).to.equal(0);
        const person = candidate();
        const without = agency === "COURT" || agency === "GPO" ? WITHOUT_COURT : COURT_AND_GPO;
        const admission = await admit(agency, person, without);
        await admission.send();
        await goTo(await startOf(system, admission.digest));
        await admission.execute();
        expect(await quorum.agencyOf(AGENCY[agency])).to.equal(1);
      });
    }

    it("is refused for who never sat, without a document, and twice", async () => {
      const { quorum, dismiss } = await loadFixture(deploy);
      const stranger = idOf(candidate());
      await expect((await dismiss(stranger, ["FMA-1", "FMA-2"])).send())
        .to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer")
        .withArgs(stranger);
      const id = officerIdOf("FMA-3");
      await expect(
        (await dismiss(id, ["FMA-1", "FMA-2"], { document: ZeroHash as Hex })).send(),
      ).to.be.revertedWithCustomError(quorum, "ZeroDocument");
      await (await dismiss(id, ["FMA-1", "FMA-2"])).send();
      await expect((await dismiss(id, ["COURT-1", "GPO-1"])).send())
        .to.be.revertedWithCustomError(quorum, "QuorumDismissedOfficer")
        .withArgs(id);
    });

    for (const [how, plainlyFirst] of [
      ["at once", false],
      ["after a plain dismissal", true],
    ] as const) {
      it(`as compromised, ${how}, leaves the delayed orders that the officer approved one approval short, and no other`, async () => {
        const system = await loadFixture(deploy);
        const { quorum, dismiss, admit } = system;
        const [approved, other] = [
          await admit("FMA", candidate(), ["FMA-3", "GPO-1", "COURT-1"]),
          await admit("FMA", candidate(), ADMITTERS),
        ];
        await approved.send();
        await other.send();
        const thief = officerIdOf("FMA-3");
        if (plainlyFirst) await (await dismiss(thief, ["COURT-1", "GPO-1"])).send();
        const entry = await entryOf((await dismiss(thief, ["FMA-1", "FMA-2"], { compromised: true })).send());
        expect(entry.effects[0]!.amount).to.equal(BigInt((1 << 8) | AGENCY.FMA));
        expect(await quorum.agencyOf(AGENCY.FMA)).to.equal(2);
        expect(await quorum.dismissalOf(thief)).to.deep.equal([true, true]);
        await goTo(await startOf(system, other.digest));
        await expect(approved.execute())
          .to.be.revertedWithCustomError(quorum, "QuorumStale")
          .withArgs(approved.digest, tallyOf(["GPO-1", "COURT-1"]), tallyOf(ADMITTERS));
        await other.execute();
        await expect(
          (await dismiss(thief, ["COURT-2", "GPO-2"], { compromised: true })).send(),
        ).to.be.revertedWithCustomError(quorum, "QuorumDismissedOfficer");
      });
    }

    describe("as compromised, of one that approved a delayed order", () => {
      const BY: OfficerName[] = ["FMA-3", "GPO-1", "COURT-1"];

      /** An admission by `by` at its start, after FMA-3 went as compromised. */
      async function afterTheft(by = BY) {
        const system = await loadFixture(deploy);
        const admission = await system.admit("FMA", candidate(), by);
        await admission.send();
        await (await system.dismiss(officerIdOf("FMA-3"), ["FMA-1", "FMA-2"], { compromised: true })).send();
        await goTo(await startOf(system, admission.digest));
        const further = (names: OfficerName[]) => approvalsOf(system.domain, admission.order, names);
        return { ...system, admission, further };
      }

      it("keeps the order that enough others approved: a thief's surplus signature kills nothing", async () => {
        const { admission, docket } = await afterTheft([...BY, "FMA-1"]);
        const entry = await entryOf(admission.execute());
        expect(entry.officerIds).to.deep.equal(admission.ids.filter((id) => id !== officerIdOf("FMA-3")));
        expect(await docket.entries()).to.equal(entry.seq);
      });

      it("lets another seated officer's approval of the same order stand in, at once, and the journal tells whose", async () => {
        const { admission, further } = await afterTheft();
        const entry = await entryOf(admission.execute(admission.ids, await further(["FMA-2"])));
        const before = admission.ids.filter((id) => id !== officerIdOf("FMA-3"));
        expect(entry.officerIds).to.deep.equal([...before, officerIdOf("FMA-2")]);
      });

      it("counts among the further approvals neither who counts already, nor who is not needed, nor a thief", async () => {
        const { admission, further, quorum } = await afterTheft();
        for (const names of [["GPO-1", "COURT-1"], ["KNB-1"], ["FMA-3"]] as OfficerName[][]) {
          await expect(admission.execute(admission.ids, await further(names)), names.join(" "))
            .to.be.revertedWithCustomError(quorum, "QuorumStale")
            .withArgs(admission.digest, tallyOf(["GPO-1", "COURT-1"]), tallyOf(ADMITTERS));
        }
        const entry = await entryOf(admission.execute(admission.ids, await further(["GPO-1", "FMA-1", "KNB-1"])));
        const before = admission.ids.filter((id) => id !== officerIdOf("FMA-3"));
        expect(entry.officerIds).to.deep.equal([...before, officerIdOf("FMA-1")]);
      });

      it("counts no one who was dismissed since, for whatever reason", async () => {
        const { admission, further, quorum, dismiss } = await afterTheft();
        await (await dismiss(officerIdOf("GPO-1"), ["COURT-2", "GPO-2"])).send();
        await expect(admission.execute(admission.ids, await further(["FMA-1"])))
          .to.be.revertedWithCustomError(quorum, "QuorumStale")
          .withArgs(admission.digest, tallyOf(["FMA-1", "COURT-1"]), tallyOf(ADMITTERS));
        await admission.execute(admission.ids, await further(["FMA-1", "GPO-3"]));
      });

      it("takes no approval of another order in its place", async () => {
        const { admission, quorum, admit, domain } = await afterTheft();
        const other = await admit("FMA", candidate(), ADMITTERS);
        await expect(
          admission.execute(admission.ids, await approvalsOf(domain, other.order, ["FMA-1"])),
        ).to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer");
      });
    });

    it("that is plain leaves the delayed orders standing that the officer approved", async () => {
      const system = await loadFixture(deploy);
      const admission = await system.admit("FMA", candidate(), ["FMA-3", "GPO-1", "COURT-1"]);
      await admission.send();
      await (await system.dismiss(officerIdOf("FMA-3"), ["FMA-1", "FMA-2"])).send();
      await goTo(await startOf(system, admission.digest));
      await admission.execute();
    });
  });

  describe("new rules", () => {
    it("hold from their execution on, 30 days after six agencies' officers decided", async () => {
      const system = await loadFixture(deploy);
      const { quorum, configure } = system;
      const rules = [ruleOf({ [AGENCY.COURT]: 1, [AGENCY.FMA]: 1 }, { term: 86_400 })];
      const change = await configure("Freeze", rules);
      const entry = await entryOf(change.send());
      expect([entry.act, entry.order, entry.effects[0]!.amount]).to.deep.equal([
        16n,
        change.digest,
        entry.timestamp + 30n * DAY,
      ]);
      const before = await quorum.rule(1, 0);
      const start = await startOf(system, change.digest);
      await expect(atSecond(start - 1n, () => change.execute())).to.be.revertedWithCustomError(
        quorum,
        "QuorumTooEarly",
      );
      expect(await quorum.rule(1, 0)).to.equal(before);
      const executed = await entryOf(atSecond(start, () => change.execute()));
      expect(await quorum.rule(1, 0)).to.equal(packed(rules[0]!));
      // The second alternative is gone, and the journal says so.
      expect(await quorum.rule(1, 1)).to.equal(0);
      expect(executed.effects.map(({ what, amount, value }) => [what, amount, value])).to.deep.equal([
        [50n, 0x100n, packed(rules[0]!)],
        [50n, 0x101n, 0n],
      ]);
    });

    it("leave the times of an order that was scheduled before as they were", async () => {
      const system = await loadFixture(deploy);
      const change = await system.configure("Admit", [
        ruleOf({ 15: 1, [AGENCY.COURT]: 1 }, { delay: 90 * 86_400, grace: 86_400 }),
        ruleOf({ [AGENCY.COURT]: 4 }, { delay: 90 * 86_400, grace: 86_400 }),
        ruleOf({ [AGENCY.FMA]: 3 }, { delay: 90 * 86_400, grace: 86_400 }),
      ]);
      await change.send();
      await goTo((await startOf(system, change.digest)) - 60n);
      const admission = await system.admit("FMA", candidate(), ADMITTERS);
      await admission.send();
      await goTo(await startOf(system, change.digest));
      await change.execute();
      await goTo(await startOf(system, admission.digest));
      await admission.execute();
    });

    it("of an act that may go are none: then it cannot execute", async () => {
      const system = await loadFixture(deploy);
      const change = await system.configure("Seize", []);
      await change.send();
      await goTo(await startOf(system, change.digest));
      await change.execute();
      expect(await system.quorum.rule(ACTS.Seize, 0)).to.equal(0);
    });

    it("are judged once more at execution: officers may have gone", async () => {
      const system = await loadFixture(deploy);
      const change = await system.configure("Seize", [ruleOf({ [AGENCY.FMA]: 3 })]);
      await change.send();
      await (await system.dismiss(officerIdOf("FMA-3"), ["FMA-1", "FMA-2"])).send();
      await goTo(await startOf(system, change.digest));
      await expect(change.execute())
        .to.be.revertedWithCustomError(system.quorum, "RuleUnreachable")
        .withArgs(ACTS.Seize, AGENCY.FMA, 2, 3);
      expect((await system.quorum.delayedOf(change.digest)).state).to.equal(1);
    });

    it("need every one of their officers", async () => {
      const { quorum, configure } = await loadFixture(deploy);
      for (const missing of DECIDERS.Configure) {
        const change = await configure("Seize", [], { by: DECIDERS.Configure.filter((name) => name !== missing) });
        await expect(change.send(), missing).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
      }
      const undocumented = await configure("Seize", [], { document: ZeroHash as Hex });
      await expect(undocumented.send()).to.be.revertedWithCustomError(quorum, "ZeroDocument");
    });

    const slow = { delay: 14 * 86_400, grace: 86_400 };
    const court: Digits = { [AGENCY.COURT]: 1 };
    /** Rules of Admit and Dismiss that are taken, but for what is given. */
    const admitting = (last = ruleOf({ [AGENCY.FMA]: 1 }, slow)) => [
      ruleOf({ 15: 1 }, { delay: 172_800, grace: 86_400 }),
      ruleOf(court, slow),
      last,
    ];
    const dismissing = (first = ruleOf({ 15: 2 }), last = ruleOf({ [AGENCY.GPO]: 2 })) => [
      first,
      ruleOf({ ...court, [AGENCY.GPO]: 1 }),
      ruleOf({ [AGENCY.COURT]: 2, [AGENCY.FMA]: 1 }),
      last,
    ];
    const refusals: [
      why: string,
      act: ActName | number,
      rules: ReturnType<typeof ruleOf>[],
      error: string,
      args: unknown[],
    ][] = [
      ["an act that does not exist", 21, [ruleOf(court)], "RuleInvalid", [21, 0]],
      ["act 0", 0, [], "RuleInvalid", [0, 0]],
      ["nobody", "Seize", [ruleOf({})], "RuleInvalid", [5, 0]],
      ["eight officers of an agency", "Seize", [ruleOf({ 3: 8 })], "RuleDigitTooLarge", [tally({ 3: 8 })]],
      [
        "SELF above seven together with an agency",
        "Dismiss",
        dismissing(ruleOf({ 3: 3, 15: 5 })),
        "RuleDigitTooLarge",
        [tally({ 3: 8 })],
      ],
      [
        "more officers than are seated",
        "Seize",
        [ruleOf({ [AGENCY.MOF]: 3 })],
        "RuleUnreachable",
        [5, AGENCY.MOF, 2, 3],
      ],
      [
        "seven alternatives",
        "Seize",
        Array<ReturnType<typeof ruleOf>>(7).fill(ruleOf(court)),
        "RuleAlternatives",
        [5, 7, 0, 6],
      ],
      ...(["Lift", "LiftArrested", "Return", "Configure"] as const).map(
        (act): [string, ActName, [], string, unknown[]] => [
          `none for ${act}`,
          act,
          [],
          "RuleAlternatives",
          [ACTS[act], 0, 1, 6],
        ],
      ),
      ["none for Admit", "Admit", [], "RuleAlternatives", [14, 0, 3, 6]],
      [
        "another number of ways for Admit",
        "Admit",
        [...admitting(), ruleOf(court, slow)],
        "RuleAlternatives",
        [14, 4, 3, 3],
      ],
      ["none for Dismiss", "Dismiss", [], "RuleAlternatives", [15, 0, 4, 6]],
      ["one rescue", "Dismiss", dismissing().slice(0, 3), "RuleAlternatives", [15, 3, 4, 6]],
      [
        "another number of ways to dismiss",
        "Dismiss",
        [...dismissing(), ruleOf({ 6: 1 })],
        "RuleAlternatives",
        [15, 5, 4, 4],
      ],
      [
        "two rescues with an agency in common, which could guard its own last seat",
        "Dismiss",
        dismissing(undefined, ruleOf({ [AGENCY.GPO]: 2, [AGENCY.FMA]: 1 })),
        "RuleGuardsItself",
        [15, 1 << AGENCY.FMA],
      ],
      [
        "a way to dismiss with SELF after the first",
        "Dismiss",
        dismissing(undefined, ruleOf({ 15: 2 })),
        "RuleSelf",
        [15, 3],
      ],
      ["a first way to dismiss without SELF", "Dismiss", dismissing(ruleOf({ 3: 1 })), "RuleSelf", [15, 0]],
      [
        "an agency in every Admit after the first, which nobody could restore",
        "Admit",
        admitting(ruleOf({ [AGENCY.FMA]: 1, [AGENCY.COURT]: 1 }, slow)),
        "RuleGuardsItself",
        [14, 1 << AGENCY.COURT],
      ],
      ["SELF in an act about no agency", "Freeze", [ruleOf({ 15: 1, 3: 1 }, { term: 1 })], "RuleSelf", [1, 0]],
      ["Admit's first way without SELF", "Admit", [ruleOf(court, slow), ...admitting().slice(1)], "RuleSelf", [14, 0]],
      [
        "Admit's second way with SELF",
        "Admit",
        admitting(ruleOf({ 15: 1 }, slow)).toSpliced(1, 1, ruleOf({ 15: 1 }, slow)),
        "RuleSelf",
        [14, 1],
      ],
      ["a stay by two agencies", "Stay", [ruleOf({ 0: 1, 1: 1 }, { term: 1 })], "RuleNotOneAgency", [12, 0]],
      [
        "a delay below its floor",
        "Configure",
        [ruleOf(court, { ...slow, delay: 14 * 86_400 - 1 })],
        "RuleDelay",
        [16, 0, 14 * 86_400 - 1, 14 * 86_400],
      ],
      ["a delay of what is done at once", "Lift", [ruleOf(court, { delay: 1 })], "RuleDelay", [3, 0, 1, 0]],
      [
        "a grace below a day",
        "Configure",
        [ruleOf(court, { ...slow, grace: 86_399 })],
        "RuleGrace",
        [16, 0, 86_399, 86_400, 2 ** 32 - 1],
      ],
      [
        "a conversion that stays open for more than a week",
        "Convert",
        [ruleOf(court, { delay: 172_800, grace: 604_801 })],
        "RuleGrace",
        [9, 0, 604_801, 86_400, 604_800],
      ],
      [
        "a stay of more days than a byte counts",
        "Stay",
        [ruleOf(court, { term: 255 * 86_400 + 1 })],
        "RuleTerm",
        [12, 0, 255 * 86_400 + 1, 255 * 86_400],
      ],
      ["a freeze without a term", "Freeze", [ruleOf(court)], "RuleTerm", [1, 0, 0, 40 * 86_400 - 1]],
      [
        "a freeze as long as the cooling",
        "Freeze",
        [ruleOf(court, { term: 40 * 86_400 })],
        "RuleTerm",
        [1, 0, 40 * 86_400, 40 * 86_400 - 1],
      ],
    ];
    for (const [why, act, rules, error, args] of refusals) {
      it(`are refused: ${why}`, async () => {
        const { quorum, configure } = await loadFixture(deploy);
        await expect((await configure(act, rules)).send())
          .to.be.revertedWithCustomError(quorum, error)
          .withArgs(...args);
      });
    }
  });

  it("an order that its contract does not execute is nobody's to execute", async () => {
    const { quorum, stranger } = await loadFixture(deploy);
    await expect(quorum.connect(stranger).execute(ACTS.SetTreasury, nextSalt(), [], NO_APPROVALS))
      .to.be.revertedWithCustomError(quorum, "QuorumNoRule")
      .withArgs(ACTS.SetTreasury);
  });
});

describe("Keys that come and go", () => {
  it("a key is seated only if it signs itself, and no rule can ask for more officers than sit", async () => {
    const { quorum, admit, configure } = await loadFixture(deploySystem);
    const unproven = await admit("FMA", new Wallet(nextSalt()), ["FMA-1", "GPO-1", "COURT-1"], { consent: "0x" });
    await expect(unproven.send()).to.be.revertedWithCustomError(quorum, "QuorumNoConsent");
    const unreachable = await configure("Seize", [ruleOf({ [AGENCY.MOF]: 3 })]);
    await expect(unreachable.send()).to.be.revertedWithCustomError(quorum, "RuleUnreachable");
  });

  it("a compromised officer's delayed orders go stale with its dismissal", async () => {
    const { quorum, admit, dismiss } = await loadFixture(deploySystem);
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
});
