import { prove, type Finding } from "./proof.ts";
import { DAY, type KeyRules } from "./rules.ts";
import { lostAndStolen, stolen, twoWhole, wholeLost, wholeStolen, type Scenario } from "./scenarios.ts";
import { countOf } from "../../../src/base/words.ts";

/** How late honest officers answer at most, in the second half of the proof. */
const LATE = 5 * DAY;

export interface Report {
  schema: "sequester.prove.keys/1";
  parameters: string;
  findings: Finding[];
  /** Coalitions for which the rules are not made, all of whose thieves show themselves at once. */
  beyond: Finding;
}

/** Everything that is claimed of a jurisdiction's keys, and what is not. `told` hears of each finding. */
export function reportOf(parameters: string, rules: KeyRules, told: (finding: Finding) => void = () => {}): Report {
  const groups: [name: string, scenarios: Scenario[]][] = [
    ["one stolen key", stolen(rules, 1)],
    ["two stolen keys", stolen(rules, 2)],
    ["three stolen keys", stolen(rules, 3)],
    ["a whole agency stolen", wholeStolen(rules)],
    ["a whole agency lost", wholeLost(rules)],
    ["a whole agency lost and one more key stolen", lostAndStolen(rules)],
  ];
  const findings: Finding[] = [];
  const tell = (finding: Finding): Finding => {
    told(finding);
    return finding;
  };
  const play = (late: number) => {
    const when = late === 0 ? "answered at once" : `answered up to ${countOf(late / DAY, "day")} late`;
    for (const [name, scenarios] of groups) {
      findings.push(tell(prove(rules, `${name}, ${when}`, scenarios, { late, seen: false })));
    }
  };
  play(0);
  const terms = { late: LATE, seen: false, shown: true };
  const beyond = tell(prove(rules, "beyond the rules, two whole agencies stolen", twoWhole(rules), terms));
  play(LATE);
  return { schema: "sequester.prove.keys/1", parameters, findings, beyond };
}

export function lineOf({ name, scenarios, failures, within, positions }: Finding): string {
  return `${name}: ${failures.length} of ${scenarios} fail, well again within ${countOf(within / DAY, "day")} (${countOf(positions, "position")})`;
}

export const failuresOf = ({ failures }: Finding): string[] =>
  failures.map(({ stolen, lost, how }) => `  ${[stolen, lost && `lost ${lost}`].filter(Boolean).join(", ")}: ${how}`);
