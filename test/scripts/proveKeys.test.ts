// Long: searches every position of stolen and lost keys.
import { expect } from "chai";
import { readParameters, type Parameters, type RuleParameters } from "../../src/deployment/parameters.ts";
import { prove } from "../../scripts/prove/keys/proof.ts";
import { DAY, keyRulesOf, type KeyRules, type Law } from "../../scripts/prove/keys/rules.ts";
import { firstPosition, lostAndStolen, stolen, wholeLost, wholeStolen } from "../../scripts/prove/keys/scenarios.ts";
import { chartered, play, type Move } from "../../scripts/prove/keys/transition.ts";
import { PARAMETERS } from "../system/parameters.ts";

const at = (officers: Record<string, number>): RuleParameters => ({ officers, delay: 0, grace: 0, term: 0 });

const OWN = at({ SELF: 2 });
const GUARDS = at({ COURT: 1, GPO: 1 });
const RESCUES = [at({ COURT: 2, FMA: 1, NBK: 1 }), at({ GPO: 2, KNB: 1, MOF: 1 })];

/** The country's parameters with these alternatives of Dismiss, and slow Admits of so many days. */
const withDismiss = (dismiss: RuleParameters[], slow: number): Parameters => ({
  ...PARAMETERS,
  rules: {
    ...PARAMETERS.rules,
    Dismiss: dismiss,
    Admit: PARAMETERS.rules.Admit!.map((rule, i) => (i === 0 ? rule : { ...rule, delay: slow * DAY })),
  },
});

const OLD_LAW: Partial<Law> = {
  pauses: "agency",
  firstRescue: Infinity,
  exact: false,
  compromised: "dead",
  noVeto: { self: [0], others: [2] },
};

const NEW = keyRulesOf(withDismiss([OWN, GUARDS, ...RESCUES], 21));
const OLD = keyRulesOf(withDismiss([OWN, GUARDS], 30), { law: OLD_LAW });
const SHARING = keyRulesOf(withDismiss([OWN, GUARDS, RESCUES[0]!, at({ GPO: 2, FMA: 1, NBK: 1 })], 21));

const pairs = (rules: KeyRules, late = 0, seen = false) =>
  prove(rules, "pairs", stolen(rules, 2), { late: late * DAY, seen });
const failing = (finding: ReturnType<typeof pairs>) => finding.failures.map(({ stolen }) => stolen).sort();

describe("prove:keys", () => {
  it("counts exchangeable keys once: 28 pairs and 79 triples", () => {
    expect([1, 2, 3].map((size) => stolen(NEW, size).length)).to.deep.equal([7, 28, 79]);
    expect([wholeStolen(NEW).length, wholeLost(NEW).length, lostAndStolen(NEW).length]).to.deep.equal([7, 7, 42]);
  });

  it("finds no pair of stolen keys that wins, and all well again in 21 days", () => {
    const { failures, within } = pairs(NEW);
    expect(failures).to.deep.equal([]);
    expect(within).to.equal(21 * DAY);
  });

  it("finds none where the honest officers are five days late, nor where thieves see each dismissal first", () => {
    expect(failing(pairs(NEW, 5))).to.deep.equal([]);
    expect(failing(pairs(NEW, 0, true))).to.deep.equal([]);
  });

  it("finds seven with the rules before", () => {
    expect(failing(pairs(OLD))).to.deep.equal(["AFSA 2", "COURT 2", "FMA 2", "GPO 2", "KNB 2", "MOF 2", "NBK 2"]);
  });

  it("finds two where the rescues share two agencies, and one where they share one", () => {
    expect(failing(pairs(SHARING))).to.deep.equal(["FMA 2", "NBK 2"]);
    const one = withDismiss([OWN, GUARDS, RESCUES[0]!, at({ GPO: 2, KNB: 1, NBK: 1 })], 21);
    expect(failing(pairs(keyRulesOf(one)))).to.deep.equal(["NBK 2"]);
  });

  it("finds every lost agency restored in 21 days, also with one more key stolen", () => {
    for (const scenarios of [wholeLost(NEW), lostAndStolen(NEW)]) {
      const { failures, within } = prove(NEW, "lost", scenarios, { late: 0, seen: false });
      expect([failures, within]).to.deep.equal([[], 21 * DAY]);
    }
  });

  it("finds two stolen keys of an agency winning where nothing rescues it", () => {
    const rules = keyRulesOf(withDismiss([OWN, GUARDS, RESCUES[0]!], 21));
    expect(failing(pairs(rules))).to.include.members(["FMA 2", "NBK 2"]);
  });

  it("finds one judge's and one prosecutor's stolen key winning where a dismissal pauses nobody", () => {
    const rules = keyRulesOf(withDismiss([OWN, GUARDS, ...RESCUES], 21), { law: { dismissalPause: 0 } });
    const [court, prosecutor] = ["COURT", "GPO"].map((agency) => rules.agencies.indexOf(agency));
    const both = stolen(rules, 2).filter(({ stolen: keys }) => keys[court!] === 1 && keys[prosecutor!] === 1);
    expect(both).to.have.length(1);
    expect(failing(prove(rules, "guards", both, { late: 0, seen: false }))).to.deep.equal(["GPO 1 + COURT 1"]);
    expect(failing(prove(NEW, "guards", both, { late: 0, seen: false }))).to.deep.equal([]);
  });

  it("reads a file of parameters: no single and no two stolen keys win in Exemplum, and no lost agency stays lost", () => {
    const rules = keyRulesOf(readParameters("deploy/parameters/exemplum.json5"));
    for (const scenarios of [stolen(rules, 1), stolen(rules, 2), wholeLost(rules)]) {
      const { failures, within } = prove(rules, "exemplum", scenarios, { late: 0, seen: false });
      expect(failures).to.deep.equal([]);
      expect(within).to.be.at.most(28 * DAY);
    }
  });

  it("moves only as the rules say, and names why it does not", () => {
    const place = (agency: string, n: number) =>
      NEW.seats.slice(0, NEW.agencies.indexOf(agency)).reduce((sum, count) => sum + count, 0) + n;
    const [judge, other, third, prosecutor] = [
      place("COURT", 0),
      place("COURT", 1),
      place("COURT", 2),
      place("GPO", 0),
    ];
    const start = chartered(NEW);
    const dismiss = (officer: number, by: number[]): Move => ({ kind: "dismiss", officer, compromised: true, by });
    expect(play(NEW, start, dismiss(judge, [other, third, prosecutor])).refusal).to.equal("TooMany");
    expect(play(NEW, start, dismiss(judge, [other])).refusal).to.equal("NotMet");
    const { state } = play(NEW, start, dismiss(judge, [other, prosecutor]));
    expect(play(NEW, state!, dismiss(third, [other, place("GPO", 1)])).refusal).to.equal("Paused");
    expect(play(NEW, state!, dismiss(judge, [third, place("COURT", 3)])).refusal).to.equal("DismissedOfficer");
    expect(firstPosition(NEW, stolen(NEW, 1)[0]!).roles.filter((role) => role === "hidden")).to.have.length(1);
  });
});
