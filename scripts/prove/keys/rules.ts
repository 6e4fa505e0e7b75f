import type { Parameters, RuleParameters } from "../../../src/deployment/parameters.ts";
import type { ActName } from "../../../src/orders/types.ts";

export const DAY = 86_400;

/** Officers per agency, by its place in the list of agencies. */
export type Tally = readonly number[];

/** One alternative of an act. Times in seconds. */
export interface Alternative {
  /** What the alternative needs for an order about an agency, SELF added to it. */
  needs: (about: number) => Tally;
  /** Whether it names the agency that the order is about. */
  self: boolean;
  delay: number;
}

/** An alternative of Admit also ends: its order dies when its grace is over. */
export interface AdmitAlternative extends Alternative {
  grace: number;
}

/** What the contracts fix and no parameters can change. Times in seconds. */
export interface Law {
  /** Who is paused by a dismissal: the officers that took part, or the agency that others took an officer from. */
  pauses: "officers" | "agency";
  dismissalPause: number;
  /** After a dismissal by a rescue. */
  rescuePause: number;
  /** The alternatives of Dismiss from this one on are rescues: they may dismiss the last officer of an agency. */
  firstRescue: number;
  /** Whether a dismissal takes exactly the officers of one alternative, or at least these. */
  exact: boolean;
  /** An order approved by an officer dismissed as compromised is counted anew, or it is dead. */
  compromised: "recount" | "dead";
  /** Alternatives of Admit that the agency itself, and that others, cannot veto. */
  noVeto: { self: readonly number[]; others: readonly number[] };
}

export const LAW: Law = {
  pauses: "officers",
  dismissalPause: 7 * DAY,
  rescuePause: 2 * DAY,
  firstRescue: 2,
  exact: true,
  compromised: "recount",
  noVeto: { self: [], others: [] },
};

/** Everything that the model of keys knows of a jurisdiction. */
export interface KeyRules {
  agencies: readonly string[];
  /** Keys per agency when the charter is installed. */
  seats: Tally;
  /** Most officers of an agency that any rule asks for: with so many, every act is possible again. */
  enough: Tally;
  admit: readonly AdmitAlternative[];
  dismiss: readonly Alternative[];
  veto: readonly Alternative[];
  /** What must go on whoever is a thief. */
  releases: Readonly<Partial<Record<ActName, readonly Alternative[]>>>;
  law: Law;
}

/** Keys in court and prosecutor, and in every other agency that a rule names, as a charter needs them at least. */
const LEAST_SEATS = { guard: 4, other: 2 };

const SELF = "SELF";

const alternativeOf = (agencies: readonly string[], { officers, delay }: RuleParameters): Alternative => {
  const fixed = agencies.map((agency) => officers[agency] ?? 0);
  const self = officers[SELF] ?? 0;
  const tallies = agencies.map((_, about) => fixed.map((count, i) => (i === about ? count + self : count)));
  return { needs: (about) => tallies[about] ?? fixed, self: self > 0, delay };
};

const RELEASES: readonly ActName[] = ["Return", "Lift"];

/** The rules of keys that a jurisdiction's parameters set, with as few keys as a charter may have but where `seats` says more. */
export function keyRulesOf(
  { agencies, court, prosecutor, rules }: Pick<Parameters, "agencies" | "court" | "prosecutor" | "rules">,
  { seats = {}, law = {} }: { seats?: Readonly<Record<string, number>>; law?: Partial<Law> } = {},
): KeyRules {
  const all = Object.values(rules).flat();
  const named = (agency: string) => all.some(({ officers }) => (officers[agency] ?? 0) > 0);
  const least = (agency: string) =>
    agency === court || agency === prosecutor ? LEAST_SEATS.guard : named(agency) ? LEAST_SEATS.other : 0;
  const seated = agencies.map((agency) => seats[agency] ?? least(agency));
  const enough = agencies.map((agency, i) =>
    seated[i] === 0 ? 0 : Math.max(...all.map(({ officers }) => (officers[agency] ?? 0) + (officers[SELF] ?? 0))),
  );
  const alternatives = (act: ActName) => (rules[act] ?? []).map((rule) => alternativeOf(agencies, rule));
  return {
    agencies,
    seats: seated,
    enough,
    admit: (rules.Admit ?? []).map((rule) => ({ ...alternativeOf(agencies, rule), grace: rule.grace })),
    dismiss: alternatives("Dismiss"),
    veto: alternatives("Veto"),
    releases: Object.fromEntries(RELEASES.map((act) => [act, alternatives(act)])),
    law: { ...LAW, ...law },
  };
}

export const meets = (have: Tally, need: Tally): boolean => need.every((count, agency) => have[agency]! >= count);
