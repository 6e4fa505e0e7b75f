import type { KeyRules } from "./rules.ts";
import type { Admission, Seat, State } from "./transition.ts";

/**
 * Who has an officer's key. A thief is hidden until it does what no honest officer would. An impostor is a candidate of
 * the thieves. Nobody has a lost key.
 */
export type Role = "honest" | "hidden" | "shown" | "lost" | "impostor";

/** A position of the game. Its time starts at 0. */
export interface Position {
  /** The same for positions that differ in the names of officers, and in `since`, alone. */
  key: string;
  state: State;
  /** By officer. */
  roles: readonly Role[];
  /** By officer: all that tells it from others but its name. */
  kinds: readonly string[];
  /** Since the last thief showed itself, or keys were lost; undefined while all is well. Seconds. */
  since: number | undefined;
  /** For how long that has not been answered; undefined where the honest officers are at work. Seconds. */
  unanswered: number | undefined;
}

type Draft = Omit<Position, "key" | "kinds">;

interface Sorted<T> {
  text: string;
  item: T;
}

const byText = <T>(a: Sorted<T>, b: Sorted<T>): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);

/** The position without what is over, its officers and orders sorted: exchangeable keys are one. */
export function positionOf({ law }: KeyRules, { state, roles, since, unanswered }: Draft): Position {
  const { now, seats } = state;
  const left = (second: number) => Math.max(0, second - now);
  // Where orders are counted anew, those of honest officers always are: worse for them, and far fewer positions.
  const spoilt = ({ approvers, candidate }: Admission) =>
    (law.compromised === "recount" && roles[candidate] !== "impostor") ||
    approvers.some((one) => seats[one]!.standing === "compromised");
  const orders = state.admissions
    .map((item, i) => ({ item, i }))
    .filter(({ item }) => item.state === "waits" && item.deadline >= now)
    .map(({ item, i }) => {
      const { agency, alternative, start, deadline, candidate } = item;
      const parts = [agency, alternative, left(start), left(deadline), roles[candidate], spoilt(item)];
      return { text: parts.join(","), item, i };
    })
    .sort(byText);

  const officers = seats
    .map((item, i) => ({ item, i }))
    .filter(({ item }) => item.standing === "seated")
    .map(({ item, i }) => {
      // Of an order that is counted anew it no longer matters who approved it: whoever sits can sign again.
      const approved = orders.flatMap(({ item: order }, n) =>
        !spoilt(order) && order.approvers.includes(i) ? [n] : [],
      );
      return { text: [item.agency, roles[i], left(item.freeAt), approved.join("+")].join(","), item, i };
    })
    .sort(byText);

  const place = new Map(officers.map(({ i }, n) => [i, n]));
  orders.forEach(({ item }, n) => place.set(item.candidate, officers.length + n));
  const nobody = officers.length + orders.length;
  const sorted: Seat[] = [
    ...officers.map(({ item }) => ({ ...item, freeAt: left(item.freeAt) })),
    ...orders.map(({ item }) => ({ ...seats[item.candidate]!, freeAt: 0 })),
  ];
  if (orders.some(({ item }) => spoilt(item))) sorted.push({ agency: 0, standing: "compromised", freeAt: 0 });
  const openAt = state.openAt.map(left);
  return {
    key: [
      officers.map(({ text }) => text).join(";"),
      orders.map(({ text }) => text).join(";"),
      openAt.some((at) => at > 0) ? openAt.join() : "",
      since === undefined,
      unanswered ?? "",
    ].join("|"),
    state: {
      now: 0,
      seats: sorted,
      admissions: orders.map(({ item }) => ({
        ...item,
        candidate: place.get(item.candidate)!,
        start: left(item.start),
        deadline: left(item.deadline),
        approvers: spoilt(item) ? [nobody] : item.approvers.flatMap((one) => place.get(one) ?? []),
      })),
      openAt,
    },
    roles: [
      ...officers.map(({ i }) => roles[i]!),
      ...orders.map(({ item }) => roles[item.candidate]!),
      ...(sorted.length > nobody ? ["lost" as const] : []),
    ],
    kinds: officers.map(({ text }) => text),
    since,
    unanswered,
  };
}

/** Seated officers of these roles. */
export const seatedAs = ({ state, roles }: Pick<Position, "state" | "roles">, ...wanted: Role[]): number[] =>
  state.seats.flatMap(({ standing }, i) => (standing === "seated" && wanted.includes(roles[i]!) ? [i] : []));

/** The officers of each agency that nobody knows to be stolen or lost. */
export function trusted(position: Pick<Position, "state" | "roles">): number[] {
  const counts = position.state.openAt.map(() => 0);
  for (const officer of seatedAs(position, "honest", "hidden")) ++counts[position.state.seats[officer]!.agency]!;
  return counts;
}

/** Whether every thief that showed itself is unseated and every agency has as many officers as any rule asks of it. */
export function isWell(rules: KeyRules, position: Position): boolean {
  if (seatedAs(position, "shown").length > 0) return false;
  const counts = trusted(position);
  return rules.enough.every((enough, agency) => counts[agency]! >= enough);
}
