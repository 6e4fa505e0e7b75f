import { expect } from "chai";
import { Wallet, ZeroHash } from "ethers";
import type { Hex } from "viem";
import { ACTS, buildFreeze, digestOf, type ActName } from "../../src/orders/index.ts";
import { idOf, NEVER, packed, ruleOf, tally, type Digits } from "./charters.ts";
import { AGENCY, atSecond, changesOf, CONFIGURERS, idsOf } from "./change.ts";
import { entryOf, loadFixture } from "./docket.ts";
import {
  addressOf,
  approvalsOf,
  DAY,
  deploySystem,
  documentOf,
  networkHelpers,
  nextSalt,
  officer,
  officerIdOf,
  signOrder,
  struct,
  type OfficerName,
  type System,
} from "./fixture.ts";

const { time } = networkHelpers;
const ADMITTERS: OfficerName[] = ["FMA-1", "GPO-1", "COURT-1"];
const COURT_AND_GPO: OfficerName[] = ["COURT-2", "COURT-3", "GPO-2"];
const WITHOUT_COURT: OfficerName[] = ["FMA-1", "KNB-1", "NBK-1", "MOF-1"];
const candidate = () => new Wallet(nextSalt());

async function deploy() {
  const system = await deploySystem();
  return { ...system, ...changesOf(system) };
}

const startOf = async ({ quorum }: System, digest: Hex) => BigInt((await quorum.delayedOf(digest)).start);
const deadlineOf = async ({ quorum }: System, digest: Hex) => BigInt((await quorum.delayedOf(digest)).deadline);
const goTo = (second: bigint) => time.increaseTo(second);

/** A freeze of one unit of alice that officers approve, and what executes it. */
async function freezeBy(system: System, by: readonly OfficerName[] | Wallet[]) {
  const { base, kzte, alice, domain, docket } = system;
  const targets = [{ asset: kzte, account: addressOf(alice), amount: 1n }];
  const order = buildFreeze({ ...base({}), targets, term: 60 });
  const names = by.filter((one): one is OfficerName => typeof one === "string");
  const approvals = await approvalsOf(domain, order, names);
  return {
    order,
    digest: digestOf(order, domain),
    approvals,
    send: () => docket.freeze([struct(order.message)], [approvals]),
  };
}

describe("Quorum: change", () => {
  describe("an admission", () => {
    for (const { how, agency, by, alternative, delay } of [
      {
        how: "by its own agency, prosecutor and court, after 48 hours",
        agency: "FMA",
        by: ADMITTERS,
        alternative: 0,
        delay: 2n * DAY,
      },
      {
        how: "by two judges and the prosecutor, after 30 days",
        agency: "FMA",
        by: COURT_AND_GPO,
        alternative: 1,
        delay: 30n * DAY,
      },
      { how: "without the court, after 30 days", agency: "COURT", by: WITHOUT_COURT, alternative: 2, delay: 30n * DAY },
    ] as const) {
      it(`seats an officer ${how}, from its start to its deadline`, async () => {
        const system = await loadFixture(deploy);
        const { quorum, admit } = system;
        for (const second of ["start", "deadline"] as const) {
          const person = candidate();
          const admission = await admit(agency, person, by, { alternative });
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
            ...[48n, seat, BigInt(idOf(person))],
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
          admission.digest,
          tally({ [AGENCY.FMA]: 1, [AGENCY.GPO]: 1, [AGENCY.COURT]: 1 }),
          tally({ [AGENCY.KNB]: 1, [AGENCY.GPO]: 1, [AGENCY.COURT]: 1 }),
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
      await expect(undocumented.send()).to.be.revertedWithCustomError(quorum, "QuorumZeroDocument");

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

    it("is scheduled once, and then no approval of it can be withdrawn", async () => {
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
      ]).to.deep.equal([...[13n, veto.digest, idsOf(["COURT-3"]), 66n, BigInt(admission.digest)]]);
      await goTo(await startOf(system, admission.digest));
      for (const again of [() => admission.execute(), (await system.veto(admission.digest, ["COURT-1"])).send]) {
        await expect(again())
          .to.be.revertedWithCustomError(system.quorum, "QuorumOrderEnded")
          .withArgs(admission.digest, 3);
      }
    });

    it("of the court cannot stop the admission that goes without it", async () => {
      const { quorum, admit, veto } = await loadFixture(deploy);
      const admission = await admit("COURT", candidate(), WITHOUT_COURT, { alternative: 2 });
      await admission.send();
      await expect((await veto(admission.digest, ["COURT-1"])).send())
        .to.be.revertedWithCustomError(quorum, "QuorumCannotVeto")
        .withArgs(admission.digest, 14, 2);
    });

    for (const [by, alternative, agency] of [
      [COURT_AND_GPO, 1, "NBK"],
      [WITHOUT_COURT, 2, "GPO"],
    ] as const) {
      it(`of a living officer stops an admission to its own agency by alternative ${alternative}, and no other agency's officer does`, async () => {
        const system = await loadFixture(deploy);
        const admission = await system.admit(agency, candidate(), by, { alternative });
        await admission.send();
        await expect(
          (await system.veto(admission.digest, ["KNB-2"], { alternative: 1 })).send(),
        ).to.be.revertedWithCustomError(system.quorum, "QuorumNotMet");
        await (await system.veto(admission.digest, [`${agency}-1`], { alternative: 1 })).send();
        await expect(admission.execute()).to.be.revertedWithCustomError(system.quorum, "QuorumOrderEnded");
      });
    }

    it("of the own agency stops neither an admission that it approved itself, nor any other act", async () => {
      const system = await loadFixture(deploy);
      const admission = await system.admit("FMA", candidate(), ADMITTERS);
      await admission.send();
      await expect((await system.veto(admission.digest, ["FMA-2"], { alternative: 1 })).send())
        .to.be.revertedWithCustomError(system.quorum, "QuorumCannotVeto")
        .withArgs(admission.digest, 14, 0);
    });

    it("is refused without a document, of what was never scheduled, and after the deadline", async () => {
      const system = await loadFixture(deploy);
      const { quorum, veto, admit } = system;
      const unknown = nextSalt();
      await expect(
        (await veto(unknown, ["COURT-1"], { document: ZeroHash as Hex })).send(),
      ).to.be.revertedWithCustomError(quorum, "QuorumZeroDocument");
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
      expect((await quorum.agencyOf(AGENCY.FMA)).seated).to.equal(2);
      const freeze = await freezeBy(system, ["FMA-1", "FMA-3", "GPO-1"]);
      await expect(freeze.send())
        .to.be.revertedWithCustomError(quorum, "QuorumWithdrawn")
        .withArgs(freeze.digest, tally({ 0: 1, 2: 1 }), tally({ 0: 2, 2: 1 }));
      await expect(system.cancel(nextSalt(), "FMA-3"))
        .to.be.revertedWithCustomError(quorum, "QuorumDismissedOfficer")
        .withArgs(officerIdOf("FMA-3"));
    });

    it("by court and prosecutor hits one officer of an agency in seven days, and any other agency's", async () => {
      const system = await loadFixture(deploy);
      const { quorum, dismiss } = system;
      const by: OfficerName[] = ["COURT-1", "GPO-1"];
      const first = await entryOf((await dismiss(officerIdOf("FMA-3"), by, { alternative: 1 })).send());
      await (await dismiss(officerIdOf("KNB-2"), by, { alternative: 1 })).send();
      const second = await dismiss(officerIdOf("FMA-2"), by, { alternative: 1 });
      const next = first.timestamp + 7n * DAY;
      await expect(atSecond(next - 1n, second.send))
        .to.be.revertedWithCustomError(quorum, "QuorumDismissalPause")
        .withArgs(AGENCY.FMA, next);
      await atSecond(next, second.send);
      expect((await quorum.agencyOf(AGENCY.FMA)).seated).to.equal(1);
    });

    it("by the agency itself waits for nobody", async () => {
      const { quorum, dismiss } = await loadFixture(deploy);
      await (await dismiss(officerIdOf("COURT-3"), ["COURT-1", "GPO-1"], { alternative: 1 })).send();
      await (await dismiss(officerIdOf("COURT-2"), ["COURT-1", "COURT-2"])).send();
      expect((await quorum.agencyOf(AGENCY.COURT)).seated).to.equal(1);
    });

    it("never takes the last officer of an agency", async () => {
      const { quorum, dismiss, admit } = await loadFixture(deploy);
      const by: OfficerName[] = ["COURT-1", "GPO-1"];
      const last = officerIdOf("MOF-1");
      await expect((await dismiss(last, by, { alternative: 1 })).send())
        .to.be.revertedWithCustomError(quorum, "QuorumLastOfficer")
        .withArgs(AGENCY.MOF, last);
      const successor = await admit("MOF", candidate(), ["MOF-1", "GPO-1", "COURT-1"]);
      await successor.send();
      await goTo(BigInt((await quorum.delayedOf(successor.digest)).start));
      await successor.execute();
      await (await dismiss(last, by, { alternative: 1 })).send();
    });

    it("is refused for who never sat, without a document, and twice", async () => {
      const { quorum, dismiss } = await loadFixture(deploy);
      const stranger = idOf(candidate());
      await expect((await dismiss(stranger, ["FMA-1", "FMA-2"])).send())
        .to.be.revertedWithCustomError(quorum, "QuorumUnknownOfficer")
        .withArgs(stranger);
      const id = officerIdOf("FMA-3");
      await expect(
        (await dismiss(id, ["FMA-1", "FMA-2"], { document: ZeroHash as Hex })).send(),
      ).to.be.revertedWithCustomError(quorum, "QuorumZeroDocument");
      await (await dismiss(id, ["FMA-1", "FMA-2"])).send();
      await expect((await dismiss(id, ["FMA-1", "FMA-2"])).send())
        .to.be.revertedWithCustomError(quorum, "QuorumDismissedOfficer")
        .withArgs(id);
    });

    for (const [how, plainlyFirst] of [
      ["at once", false],
      ["after a plain dismissal", true],
    ] as const) {
      it(`as compromised, ${how}, makes the delayed orders stale that the officer approved, and no other`, async () => {
        const system = await loadFixture(deploy);
        const { quorum, dismiss, admit } = system;
        const [approved, other] = [
          await admit("FMA", candidate(), ["FMA-3", "GPO-1", "COURT-1"]),
          await admit("FMA", candidate(), ADMITTERS),
        ];
        await approved.send();
        await other.send();
        const thief = officerIdOf("FMA-3");
        if (plainlyFirst) await (await dismiss(thief, ["FMA-1", "FMA-2"])).send();
        const entry = await entryOf((await dismiss(thief, ["FMA-1", "FMA-2"], { compromised: true })).send());
        expect(entry.effects[0]!.amount).to.equal(BigInt((1 << 8) | AGENCY.FMA));
        expect((await quorum.agencyOf(AGENCY.FMA)).seated).to.equal(2);
        expect(await quorum.dismissalOf(thief)).to.deep.equal([true, true]);
        await goTo(await startOf(system, other.digest));
        await expect(approved.execute())
          .to.be.revertedWithCustomError(quorum, "QuorumStale")
          .withArgs(approved.digest, thief);
        await other.execute();
        await expect(
          (await dismiss(thief, ["FMA-1", "FMA-2"], { compromised: true })).send(),
        ).to.be.revertedWithCustomError(quorum, "QuorumDismissedOfficer");
      });
    }

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
        ...[16n, change.digest, entry.timestamp + 30n * DAY],
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
        ruleOf({ [AGENCY.COURT]: 3 }, { delay: 90 * 86_400, grace: 86_400 }),
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
      for (const missing of CONFIGURERS) {
        const change = await configure("Seize", [], { by: CONFIGURERS.filter((name) => name !== missing) });
        await expect(change.send(), missing).to.be.revertedWithCustomError(quorum, "QuorumNotMet");
      }
      const undocumented = await configure("Seize", [], { document: ZeroHash as Hex });
      await expect(undocumented.send()).to.be.revertedWithCustomError(quorum, "QuorumZeroDocument");
    });

    const delayed = { delay: 14 * 86_400, grace: 86_400 };
    const court: Digits = { [AGENCY.COURT]: 1 };
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
        [ruleOf({ 3: 3, 15: 5 })],
        "RuleDigitTooLarge",
        [tally({ 3: 8 })],
      ],
      [
        "more officers than are seated",
        "Seize",
        [ruleOf({ [AGENCY.MOF]: 2 })],
        "RuleUnreachable",
        [5, AGENCY.MOF, 1, 2],
      ],
      [
        "seven alternatives",
        "Seize",
        Array<ReturnType<typeof ruleOf>>(7).fill(ruleOf(court)),
        "RuleAlternatives",
        [5, 7, 0, 6],
      ],
      ...(["Lift", "LiftArrested", "Return", "Dismiss", "Configure"] as const).map(
        (act): [string, ActName, [], string, unknown[]] => [
          `none for ${act}`,
          act,
          [],
          "RuleAlternatives",
          [ACTS[act], 0, 1, 6],
        ],
      ),
      ["none for Admit", "Admit", [], "RuleAlternatives", [14, 0, 1, 6]],
      ["another number of ways for Admit", "Admit", [ruleOf({ 15: 1 }, delayed)], "RuleAlternatives", [14, 1, 3, 3]],
      ["SELF in an act about no agency", "Freeze", [ruleOf({ 15: 1, 3: 1 }, { term: 1 })], "RuleSelf", [1, 0]],
      ["Admit's first way without SELF", "Admit", [ruleOf(court, delayed)], "RuleSelf", [14, 0]],
      [
        "Admit's second way with SELF",
        "Admit",
        [ruleOf({ 15: 1 }, delayed), ruleOf({ 15: 1 }, delayed)],
        "RuleSelf",
        [14, 1],
      ],
      ["a stay by two agencies", "Stay", [ruleOf({ 0: 1, 1: 1 }, { term: 1 })], "RuleNotOneAgency", [12, 0]],
      [
        "a delay below its floor",
        "Configure",
        [ruleOf(court, { ...delayed, delay: 14 * 86_400 - 1 })],
        "RuleDelay",
        [16, 0, 14 * 86_400 - 1, 14 * 86_400],
      ],
      ["a delay of what is done at once", "Lift", [ruleOf(court, { delay: 1 })], "RuleDelay", [3, 0, 1, 0]],
      [
        "a grace below a day",
        "Configure",
        [ruleOf(court, { ...delayed, grace: 86_399 })],
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
    await expect(quorum.connect(stranger).execute(ACTS.SetTreasury, nextSalt(), []))
      .to.be.revertedWithCustomError(quorum, "QuorumNoRule")
      .withArgs(ACTS.SetTreasury, 0);
  });
});
