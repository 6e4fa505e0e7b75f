import { formatOffset } from "../base/time.ts";
import type { ActName } from "../orders/types.ts";
import type { Parameters, RuleParameters } from "./parameters.ts";
import { countOf } from "../base/words.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The least alternatives of acts without which a wrong could not be righted, or the officers never change. */
const LEAST_WAYS: Partial<Record<ActName, number>> = {
  Lift: 1,
  LiftArrested: 1,
  Return: 1,
  Configure: 1,
  /** With SELF, and two that share no agency. */
  Admit: 3,
  /** SELF, one that is no rescue, and two rescues. */
  Dismiss: 4,
};

/** The alternatives of Dismiss from this one on are rescues: they may dismiss the last officer of an agency. */
const FIRST_RESCUE = 2;

/** Acts whose holds are provisional: they end within the cooling time. */
const PROVISIONAL: readonly ActName[] = ["Freeze", "ExchangeHold"];

/** Acts whose rules set a longest term. */
const WITH_TERM: readonly ActName[] = [...PROVISIONAL, "Arrest", "Stay"];

/** Less would let a delayed order die before anybody can execute it. */
const LEAST_GRACE = DAY;
const LONGEST_CONVERT_GRACE = 7 * DAY;
/** The days for which an agency stayed an order are one byte. */
const LONGEST_STAY = 255 * DAY;

const MOST_SECONDS = 2 ** 32 - 1;
const MOST_DIGIT = 7;

/** Least seconds between the decision of an act and its execution, as contracts/libraries/Terms.sol fixes them. 0: it is done at once. */
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
    ...Object.entries(LEAST_WAYS)
      .map(([act, least]) => ({ act, least, has: rules[act as ActName]?.length ?? 0 }))
      .filter(({ least, has }) => has < least)
      .map(({ act, least, has }) => `rules.${act}: has ${countOf(has, "alternative")}, needs ${least} or more`),
    ...reasonsAgainstGuards(rules),
    ...Object.entries(rules).flatMap(([act, alternatives]) =>
      alternatives.flatMap((alternative, i) =>
        reasonsAgainstRule(act as ActName, i, alternative, cooling).map((reason) => `rules.${act}[${i}]: ${reason}`),
      ),
    ),
  ];
}

/** Stolen, an agency that stands in both rescues, or in every Admit after the first, could guard its own last seat. */
function reasonsAgainstGuards({ Admit = [], Dismiss = [] }: Parameters["rules"]): string[] {
  const namesOf = ({ officers }: RuleParameters) => Object.keys(officers);
  const rescues = Dismiss.slice(FIRST_RESCUE).map(namesOf);
  const shared = rescues.flatMap((names, i) => {
    const others = new Set(rescues.slice(0, i).flat());
    return names.filter((name) => others.has(name));
  });
  // Where there are too few, that is said already.
  const [first = [], ...others] = Admit.length < LEAST_WAYS.Admit! ? [] : Admit.slice(1).map(namesOf);
  const always = first.filter((name) => others.every((names) => names.includes(name)));
  return [
    ...[...new Set(shared)].map(
      (name) => `rules.Dismiss: ${name} stands in two rescues, needs to stand in one at most`,
    ),
    ...always.map((name) => `rules.Admit: ${name} stands in every alternative after the first, needs one without it`),
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
  const first = i === 0 && (act === "Admit" || act === "Dismiss");
  if (first) return self ? [] : [`the first alternative of ${act} needs SELF`];
  if (!self || act === "Veto") return [];
  return ["SELF stands only in the first alternative of Admit and of Dismiss, and in Veto"];
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
  if (act === "Stay" && term > LONGEST_STAY) {
    reasons.push(`term ${formatOffset(term)}, needs ${formatOffset(LONGEST_STAY)} or less`);
  }
  for (const [name, seconds] of Object.entries({ delay, grace, term })) {
    if (seconds > MOST_SECONDS) reasons.push(`${name} needs to be below 2^32 seconds`);
  }
  return reasons;
}
