import { positionOf, type Position, type Role } from "./position.ts";
import type { KeyRules } from "./rules.ts";
import { chartered } from "./transition.ts";

/** Keys by agency, by its place. */
export type Keys = readonly number[];

/** Which keys are stolen, and which are lost. */
export interface Scenario {
  stolen: Keys;
  lost: Keys;
}

/** Every choice of so many keys, exchangeable ones counted once: of any agencies that have seats. */
export function coalitions({ seats }: KeyRules, size: number): Keys[] {
  const from = (agency: number, left: number): number[][] => {
    if (agency === seats.length) return left === 0 ? [[]] : [];
    return Array.from({ length: Math.min(left, seats[agency]!) + 1 }, (_, n) => n).flatMap((n) =>
      from(agency + 1, left - n).map((rest) => [n, ...rest]),
    );
  };
  return from(0, size);
}

const none = ({ seats }: KeyRules): Keys => seats.map(() => 0);

/** All keys of an agency, and no other. */
const whole = ({ seats }: KeyRules, agency: number): Keys => seats.map((count, i) => (i === agency ? count : 0));

const acting = ({ seats }: KeyRules): number[] => seats.flatMap((count, agency) => (count > 0 ? [agency] : []));

export const stolen = (rules: KeyRules, size: number): Scenario[] =>
  coalitions(rules, size).map((keys) => ({ stolen: keys, lost: none(rules) }));

export const wholeStolen = (rules: KeyRules): Scenario[] =>
  acting(rules).map((agency) => ({ stolen: whole(rules, agency), lost: none(rules) }));

export const wholeLost = (rules: KeyRules): Scenario[] =>
  acting(rules).map((agency) => ({ stolen: none(rules), lost: whole(rules, agency) }));

export const lostAndStolen = (rules: KeyRules): Scenario[] =>
  acting(rules).flatMap((lost) =>
    acting(rules)
      .filter((agency) => agency !== lost)
      .map((agency) => ({
        stolen: rules.seats.map((_, i) => (i === agency ? 1 : 0)),
        lost: whole(rules, lost),
      })),
  );

/** The position in which a scenario begins; where `shown`, with every thief having shown itself in the same second. */
export function firstPosition(rules: KeyRules, { stolen, lost }: Scenario, shown = false): Position {
  const state = chartered(rules);
  const places = rules.seats.map(() => 0);
  const roles = state.seats.map(({ agency }): Role => {
    const place = places[agency]!++;
    return place < stolen[agency]!
      ? shown
        ? "shown"
        : "hidden"
      : place < stolen[agency]! + lost[agency]!
        ? "lost"
        : "honest";
  });
  const known = shown || lost.some((count) => count > 0) ? 0 : undefined;
  return positionOf(rules, { state, roles, since: known, unanswered: known });
}

/** As the coalition is told: FMA 1, COURT 2. */
export const nameOf = ({ agencies }: KeyRules, keys: Keys): string =>
  keys.flatMap((count, agency) => (count > 0 ? [`${agencies[agency]} ${count}`] : [])).join(" + ");

/** Every two whole agencies. */
export const twoWhole = (rules: KeyRules): Scenario[] =>
  coalitions({ ...rules, seats: rules.seats.map((count) => Math.min(count, 1)) }, 2).map((chosen) => ({
    stolen: chosen.map((one, agency) => one * rules.seats[agency]!),
    lost: none(rules),
  }));
