import { formatOffset } from "../operation/values.ts";
import type { ActName } from "../orders/types.ts";
import type { Parameters, RuleParameters } from "./parameters.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Without rules for these a wrong could not be righted, or the officers never change. */
const NEEDED: readonly ActName[] = ["Lift", "LiftArrested", "Return", "Admit", "Dismiss", "Configure"];

/** Acts whose holds are provisional: they end within the cooling time. */
const PROVISIONAL: readonly ActName[] = ["Freeze", "ExchangeHold"];

/** Acts whose rules set a longest term. */
const WITH_TERM: readonly ActName[] = [...PROVISIONAL, "Arrest", "Stay"];

/** Less would let a delayed order die before anybody can execute it. */
const LEAST_GRACE = DAY;
const LONGEST_CONVERT_GRACE = 7 * DAY;

const MOST_SECONDS = 2 ** 32 - 1;
const MOST_DIGIT = 7;

/** Least seconds between the decision of an act and its execution, as contracts/base/RuleBook.sol fixes them. 0: it is done at once. */
function delayFloor(act: ActName, alternative: number): number {
  switch (act) {
    case "Forfeit":
    case "Compensate":
      return 7 * DAY;
    case "Convert":
      return 48 * HOUR;
    case "Admit":
      return alternative === 0 ? 48 * HOUR : 14 * DAY;
    case "Transfer":
    case "Configure":
    case "SetTreasury":
    case "SetAdapter":
      return 14 * DAY;
    default:
      return 0;
  }
}

/** Why the contracts would refuse the parameters, whoever is seated: each reason names the act and the alternative. */
export function reasonsAgainstRules({ court, prosecutor, rules, numbers }: Parameters): string[] {
  const { freezesPerDay, cooling, longestArrest } = numbers;
  return [
    ...(court === prosecutor ? [`${court} is both court and prosecutor: they need to be two agencies`] : []),
    ...(freezesPerDay === 0 ? ["numbers.freezesPerDay is 0: nothing could be frozen"] : []),
    ...(cooling === 0 ? ["numbers.cooling is 0: provisional holds could follow each other for ever"] : []),
    ...(longestArrest < cooling
      ? [
          `numbers.longestArrest is ${formatOffset(longestArrest)}, needs the cooling time ${formatOffset(cooling)} or more`,
        ]
      : []),
    ...Object.entries({ cooling, longestArrest })
      .filter(([, value]) => value > MOST_SECONDS)
      .map(([name]) => `numbers.${name} needs to be below 2^32 seconds`),
    ...NEEDED.filter((act) => rules[act] === undefined).map((act) => `rules.${act}: needs an alternative, has none`),
    ...Object.entries(rules).flatMap(([act, alternatives]) =>
      alternatives.flatMap((alternative, i) =>
        reasonsAgainstRule(act as ActName, i, alternative, cooling).map((reason) => `rules.${act}[${i}]: ${reason}`),
      ),
    ),
  ];
}

function reasonsAgainstRule(act: ActName, i: number, rule: RuleParameters, cooling: number): string[] {
  const { officers } = rule;
  const agencies = Object.keys(officers);
  const self = officers["SELF"] ?? 0;
  const crowded = agencies.filter((agency) => agency !== "SELF" && self > 0 && self + officers[agency]! > MOST_DIGIT);
  return [
    ...(agencies.length === 0 ? ["asks for nobody"] : []),
    ...reasonsAgainstSelf(act, i, self > 0),
    ...crowded.map((agency) => `asks for ${self} of SELF and ${officers[agency]} of ${agency}, at most 7 together`),
    ...(act === "Stay" && agencies.length > 1
      ? [`names ${agencies.join(" and ")}: an alternative of Stay names one agency`]
      : []),
    ...reasonsAgainstTimes(act, i, rule, cooling),
  ];
}

function reasonsAgainstSelf(act: ActName, i: number, self: boolean): string[] {
  if (act === "Admit" && i === 0) return self ? [] : ["the first alternative of Admit needs SELF"];
  if (!self || act === "Dismiss" || act === "Veto") return [];
  return ["SELF stands only in the first alternative of Admit, in Dismiss and in Veto"];
}

function reasonsAgainstTimes(act: ActName, i: number, { delay, grace, term }: RuleParameters, cooling: number) {
  const reasons: string[] = [];
  const floor = delayFloor(act, i);
  if (floor === 0) {
    if (delay !== 0) reasons.push(`delay ${formatOffset(delay)}, but the act is done at once`);
    if (grace !== 0) reasons.push(`grace ${formatOffset(grace)}, but the act is done at once`);
  } else {
    if (delay < floor) reasons.push(`delay ${formatOffset(delay)}, needs ${formatOffset(floor)} or more`);
    if (grace < LEAST_GRACE) reasons.push(`grace ${formatOffset(grace)}, needs ${formatOffset(LEAST_GRACE)} or more`);
    if (act === "Convert" && grace > LONGEST_CONVERT_GRACE) {
      reasons.push(`grace ${formatOffset(grace)}, needs ${formatOffset(LONGEST_CONVERT_GRACE)} or less`);
    }
  }
  if (term === 0 && WITH_TERM.includes(act)) reasons.push("needs a term");
  if (PROVISIONAL.includes(act) && term >= cooling) {
    reasons.push(`term ${formatOffset(term)}, needs less than the cooling time ${formatOffset(cooling)}`);
  }
  for (const [name, seconds] of Object.entries({ delay, grace, term })) {
    if (seconds > MOST_SECONDS) reasons.push(`${name} needs to be below 2^32 seconds`);
  }
  return reasons;
}
