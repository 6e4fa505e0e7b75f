import {
  admissions,
  canDecide,
  dismissals,
  executions,
  honestOrders,
  impostorOrders,
  vetoes,
  type Dismissal,
} from "./moves.ts";
import { isWell, positionOf, seatedAs, trusted, type Position, type Role } from "./position.ts";
import type { KeyRules } from "./rules.ts";
import { play, type State } from "./transition.ts";

export interface SearchOptions {
  /** Whether thieves see a dismissal before it is executed, and can bring it themselves in another way. */
  seen: boolean;
  /** Longest time in which the honest officers do not answer a thief that shows itself. Seconds. */
  late: number;
  /** In which all must be well again after the last thief showed itself, or keys were lost. Seconds. */
  within: number;
}

/** What is known of positions that differ in how long ago the last thief showed itself. Seconds. */
interface Known {
  /** Holds up to this. */
  holds: number;
  /** Fails from this on. */
  fails: number;
  failure: string;
}

/**
 * The game: in every block the thieves move first, as often as they like; then honest officers veto impostors, dismiss
 * thieves that showed themselves, and seat others in their place; then time passes. Thieves choose what is worst, also when
 * the honest officers awake; honest officers choose whom they dismiss by whom. Every duration is a multiple of the step
 * and every condition on time is met in its first and last second, so whole steps lose nothing.
 */
export class Search {
  readonly #rules: KeyRules;
  readonly #seen: boolean;
  readonly #late: number;
  readonly #within: number;
  readonly #step: number;
  readonly #known = new Map<string, Known>();

  constructor(rules: KeyRules, { seen, late, within }: SearchOptions) {
    this.#rules = rules;
    this.#seen = seen;
    this.#late = late;
    this.#within = within;
    this.#step = stepOf(rules, late);
  }

  /** How many positions were looked at. */
  get positions(): number {
    return this.#known.size;
  }

  /** How the thieves, who are to move, can win; undefined: they cannot. */
  failureOf(position: Position): string | undefined {
    const since = position.since ?? 0;
    const known = this.#known.get(position.key) ?? { holds: -1, fails: Infinity, failure: "" };
    if (since <= known.holds) return undefined;
    if (since >= known.fails) return known.failure;
    this.#known.set(position.key, known);
    const failure = this.#thievesWin(position);
    if (failure === undefined) known.holds = Math.max(known.holds, since);
    else if (since < known.fails) Object.assign(known, { fails: since, failure });
    return failure;
  }

  #thievesWin(position: Position): string | undefined {
    for (const moved of this.#thievesTurns(position)) {
      const failure = typeof moved === "string" ? moved : this.#answer(moved, position);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Everything that the thieves can make of a position before others move; or how they win at once. */
  *#thievesTurns(first: Position): Generator<Position | string> {
    const seen = new Set([first.key]);
    const open = [first];
    for (let position = open.pop(); position !== undefined; position = open.pop()) {
      yield this.#stopped(position) ?? position;
      for (const next of this.#thiefMoves(position)) {
        if (typeof next === "string") yield next;
        else if (!seen.has(next.key)) {
          seen.add(next.key);
          open.push(next);
        }
      }
    }
  }

  /** What can no longer be decided without thieves, though it must go on. */
  #stopped(position: Position): string | undefined {
    const honest = seatedAs(position, "honest");
    const stopped = Object.entries(this.#rules.releases).find(([, rules]) => !canDecide(position, rules, honest));
    return stopped && `no ${stopped[0]} without thieves`;
  }

  *#thiefMoves(position: Position): Generator<Position | string> {
    const rules = this.#rules;
    const thieves = seatedAs(position, "hidden", "shown");
    const everybody = seatedAs(position, "honest", "hidden", "shown", "lost");
    for (const order of executions(rules, position, impostorOrders(position), thieves)) {
      const { agency } = position.state.admissions[order.move.admission]!;
      yield `an impostor sits for ${rules.agencies[agency]}`;
    }
    for (const { move, state } of vetoes(rules, position, honestOrders(position), thieves)) {
      yield this.#shown(position, state, move.by);
    }
    for (const { move, state } of dismissals(rules, position, everybody, thieves)) {
      yield this.#shown(position, state, move.by);
    }
    const pending = new Set(impostorOrders(position).map((order) => position.state.admissions[order]!.agency));
    for (let agency = 0; agency < rules.agencies.length; ++agency) {
      if (pending.has(agency)) continue;
      for (const { move, state } of admissions(rules, position, agency, thieves)) {
        yield this.#shown(position, state, move.by, "impostor");
      }
    }
    // By what is outside this model: a Stay, a Suspend, the veto of a disposal.
    for (const thief of seatedAs(position, "hidden")) yield this.#shown(position, position.state, [thief]);
  }

  /** After a bad act of these officers. */
  #shown(position: Position, state: State, by: readonly number[], candidate?: Role): Position {
    const news = by.some((officer) => position.roles[officer] === "hidden");
    const roles = position.roles.map((role, officer) => (by.includes(officer) ? "shown" : role));
    return positionOf(this.#rules, {
      state,
      roles: candidate === undefined ? roles : [...roles, candidate],
      since: news ? 0 : position.since,
      unanswered: news ? (position.unanswered ?? 0) : position.unanswered,
    });
  }

  /** How the thieves win where the honest officers are to move. */
  #answer(position: Position, before: Position): string | undefined {
    if (position.unanswered !== undefined && position.unanswered < this.#late) {
      const failure = this.#wait(this.#settled(position, true), before);
      if (failure !== undefined) return failure;
    }
    return this.#work(this.#settled({ ...position, unanswered: undefined }, false), before);
  }

  /** How the thieves win whatever the honest officers do: one dismissal after the other, or none any more. */
  #work(position: Position, before: Position): string | undefined {
    const shown = seatedAs(position, "shown");
    const tried = new Set<string>();
    for (const option of dismissals(this.#rules, position, shown, seatedAs(position, "honest")).toReversed()) {
      const after = positionOf(this.#rules, { ...position, state: option.state });
      if (tried.has(after.key)) continue;
      tried.add(after.key);
      const outcomes = [after, ...(this.#seen ? this.#seized(position, option) : [])];
      if (outcomes.every((outcome) => this.failureOf(outcome) === undefined)) return undefined;
    }
    return this.#wait(this.#refilled(position), before);
  }

  /** A thief that sees a dismissal can bring it first, with its own signature in the place of others'. */
  #seized(position: Position, { move }: Dismissal): Position[] {
    const pool = [...move.by, ...seatedAs(position, "hidden", "shown")];
    return dismissals(this.#rules, position, [move.officer], pool)
      .filter(({ move: { by } }) => by.some((officer) => !move.by.includes(officer)) || by.length < move.by.length)
      .map(({ state }) => positionOf(this.#rules, { ...position, state }));
  }

  /** After what is done in time whoever else is late: vetoes of impostors, and admissions that are due. */
  #settled(position: Position, asleep: boolean): Position {
    const rules = this.#rules;
    let settled = positionOf(rules, position);
    for (;;) {
      const honest = seatedAs(settled, "honest");
      const { admissions } = settled.state;
      const urgent = impostorOrders(settled).filter((order) => !asleep || admissions[order]!.start <= this.#step);
      const [next] = [
        ...vetoes(rules, settled, urgent, honest),
        ...executions(rules, settled, honestOrders(settled), honest),
      ];
      if (next === undefined) return settled;
      settled = positionOf(rules, { ...settled, state: next.state });
    }
  }

  /** With an admission under way for every key that an agency had and nobody trusts any more. */
  #refilled(position: Position): Position {
    const rules = this.#rules;
    let refilled = position;
    for (let agency = 0; agency < rules.agencies.length; ++agency) {
      const underWay = honestOrders(refilled).filter((order) => refilled.state.admissions[order]!.agency === agency);
      let missing = rules.seats[agency]! - trusted(refilled)[agency]! - underWay.length;
      while (missing-- > 0) {
        const [first] = admissions(rules, refilled, agency, seatedAs(refilled, "honest"));
        if (first === undefined) break;
        refilled = positionOf(rules, { ...refilled, state: first.state, roles: [...refilled.roles, "honest"] });
      }
    }
    return refilled;
  }

  /** How the thieves win after a step of time. */
  #wait(position: Position, before: Position): string | undefined {
    const { unanswered } = position;
    const well = position.since === undefined || (unanswered === undefined && isWell(this.#rules, position));
    const since = well ? undefined : position.since! + this.#step;
    if (since !== undefined && since > this.#within) return this.#stuck(position);
    const { state } = play(this.#rules, position.state, { kind: "wait", seconds: this.#step });
    const next = positionOf(this.#rules, {
      ...position,
      state: state!,
      since,
      unanswered: unanswered === undefined ? undefined : unanswered + this.#step,
    });
    // Where all is well and nothing under way, waiting gains the thieves nothing.
    return next.key === before.key && since === undefined ? undefined : this.failureOf(next);
  }

  #stuck(position: Position): string {
    const { agencies, enough } = this.#rules;
    const known = new Set(seatedAs(position, "shown").map((officer) => position.state.seats[officer]!.agency));
    const counts = trusted(position);
    const stuck = agencies.filter((_, agency) => known.has(agency) || counts[agency]! < enough[agency]!);
    return `${stuck.join(", ")} not restored`;
  }
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/** The longest step of which every duration is a multiple. Seconds. */
export function stepOf({ admit, law }: KeyRules, late: number): number {
  const durations = [law.dismissalPause, law.rescuePause, late, ...admit.flatMap(({ delay, grace }) => [delay, grace])];
  return durations.reduce(greatestDivisor);
}

/** Longer than any thief can delay honest officers who can do anything at all. Seconds. */
export function longestOf({ admit, law }: KeyRules, late: number): number {
  return late + 2 * (law.dismissalPause + Math.max(...admit.map(({ delay }) => delay)));
}
