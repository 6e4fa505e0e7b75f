import type { Position } from "./position.ts";
import { meets, type KeyRules, type Tally } from "./rules.ts";
import { play, tallyOf, type Move, type State } from "./transition.ts";

/** A move that the contracts take, and what it makes of the state. */
export interface Played<M extends Move = Move> {
  move: M;
  state: State;
}
export type Dismissal = Played<Move & { kind: "dismiss" }>;

/** Every way to take as many officers of each agency as needed; those that cannot be told apart are taken in order. */
export function choices({ state: { seats }, kinds }: Position, pool: readonly number[], need: Tally): number[][] {
  let chosen: number[][] = [[]];
  for (let agency = 0; agency < need.length; ++agency) {
    const count = need[agency]!;
    if (count === 0) continue;
    const officers = pool.filter((officer) => seats[officer]!.agency === agency);
    if (officers.length < count) return [];
    const ways = combinations(officers, count, kinds);
    chosen = chosen.flatMap((before) => ways.map((way) => [...before, ...way]));
  }
  return chosen;
}

/** Every way to take `count` of the officers, as many of a kind as of any other way counted once. */
function combinations(officers: readonly number[], count: number, kinds: readonly string[]): number[][] {
  if (count === 0) return [[]];
  if (officers.length < count) return [];
  const [first, ...rest] = officers;
  const others = rest.filter((officer) => kinds[officer] !== kinds[first!]);
  return [
    ...combinations(rest, count - 1, kinds).map((way) => [first!, ...way]),
    ...combinations(others, count, kinds),
  ];
}

/** One officer of each kind. */
export function oneOfEach({ kinds }: Position, officers: readonly number[]): number[] {
  return officers.filter((officer, i) => officers.findIndex((other) => kinds[other] === kinds[officer]) === i);
}

/** Dismissals of one of the targets by officers of the pool. */
export function dismissals(
  rules: KeyRules,
  position: Position,
  targets: readonly number[],
  pool: readonly number[],
): Dismissal[] {
  const { state } = position;
  return oneOfEach(position, targets).flatMap((officer) =>
    rules.dismiss.flatMap(({ needs }) =>
      choices(position, pool, needs(state.seats[officer]!.agency)).flatMap((by) => {
        const move = { kind: "dismiss", officer, compromised: true, by } as const;
        const { state: after } = play(rules, state, move);
        return after === undefined ? [] : [{ move, state: after }];
      }),
    ),
  );
}

const waits = ({ state }: Position, ofImpostor: boolean, roles: Position["roles"]): number[] =>
  state.admissions.flatMap((order, i) =>
    order.state === "waits" && (roles[order.candidate] === "impostor") === ofImpostor ? [i] : [],
  );

/** Orders that wait to seat an impostor. */
export const impostorOrders = (position: Position): number[] => waits(position, true, position.roles);
/** Orders that wait to seat somebody else. */
export const honestOrders = (position: Position): number[] => waits(position, false, position.roles);

/** Vetoes of the orders by officers of the pool. */
export function vetoes(
  rules: KeyRules,
  position: Position,
  orders: readonly number[],
  pool: readonly number[],
): Played<Move & { kind: "veto" }>[] {
  return orders.flatMap((admission) =>
    rules.veto.flatMap(({ needs }) =>
      choices(position, pool, needs(position.state.admissions[admission]!.agency)).flatMap((by) => {
        const move = { kind: "veto", admission, by } as const;
        const { state } = play(rules, position.state, move);
        return state === undefined ? [] : [{ move, state }];
      }),
    ),
  );
}

/** Admissions to an agency of somebody new by officers of the pool, by each alternative that they can meet. */
export function admissions(
  rules: KeyRules,
  position: Position,
  agency: number,
  pool: readonly number[],
): Played<Move & { kind: "admit" }>[] {
  const { state } = position;
  return rules.admit.flatMap(({ needs }) =>
    choices(position, pool, needs(agency)).flatMap((by) => {
      const candidate = state.seats.length;
      const move = { kind: "admit", admission: state.admissions.length, agency, candidate, by } as const;
      const { state: after } = play(rules, state, move);
      return after === undefined ? [] : [{ move, state: after }];
    }),
  );
}

/** Executions of the orders that are due. */
export function executions(
  rules: KeyRules,
  { state }: Position,
  orders: readonly number[],
  further: readonly number[],
): Played<Move & { kind: "execute" }>[] {
  return orders.flatMap((admission) => {
    const move = { kind: "execute", admission, further } as const;
    const { state: after } = play(rules, state, move);
    return after === undefined ? [] : [{ move, state: after }];
  });
}

/** Whether the officers meet one of the alternatives of an act that is about no agency. */
export function canDecide(position: Position, alternatives: KeyRules["dismiss"], officers: readonly number[]): boolean {
  const have = tallyOf(position.state, officers);
  return alternatives.some(({ needs }) => meets(have, needs(-1)));
}
