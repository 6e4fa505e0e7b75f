import { meets, type KeyRules, type Tally } from "./rules.ts";

/** Whether an officer sits. Who was dismissed never comes back. */
export type Standing = "candidate" | "seated" | "dismissed" | "compromised";

/** An officer, known by its place in the list. */
export interface Seat {
  agency: number;
  standing: Standing;
  /** First second in which it may take part in a dismissal. */
  freeAt: number;
}

/** An Admit order that was scheduled, known by its place in the list. */
export interface Admission {
  agency: number;
  candidate: number;
  alternative: number;
  need: Tally;
  /** First and last second in which it may be executed. */
  start: number;
  deadline: number;
  approvers: readonly number[];
  state: "waits" | "executed" | "vetoed";
}

export interface State {
  now: number;
  seats: readonly Seat[];
  admissions: readonly Admission[];
  /** By agency: first second in which other agencies may dismiss one of its officers. Only where the law pauses agencies. */
  openAt: readonly number[];
}

/** What anybody may try. `by` are the officers whose signatures are brought; others are named by their place. */
export type Move =
  | { kind: "dismiss"; officer: number; compromised: boolean; by: readonly number[] }
  /** A new order where `admission` is one past the last; else the same order again, by an earlier alternative. */
  | { kind: "admit"; admission: number; agency: number; candidate: number; by: readonly number[] }
  | { kind: "veto"; admission: number; by: readonly number[] }
  /** `further` stand in for approvers dismissed as compromised. */
  | { kind: "execute"; admission: number; further: readonly number[] }
  | { kind: "wait"; seconds: number };

/** Why a move is refused. */
export type Refusal =
  | "UnknownOfficer"
  | "DismissedOfficer"
  | "SeatedOfficer"
  | "NotMet"
  | "TooMany"
  | "Paused"
  | "LastOfficer"
  | "NotScheduled"
  | "Ended"
  | "TooEarly"
  | "TooLate"
  | "NoEarlier"
  | "Stale"
  | "CannotVeto";

/** What a move makes of the state, or why it is refused. */
export type Outcome = { state: State; refusal?: never } | { state?: never; refusal: Refusal };

export const chartered = ({ seats }: KeyRules): State => ({
  now: 0,
  seats: seats.flatMap((count, agency) =>
    Array.from({ length: count }, (): Seat => ({ agency, standing: "seated", freeAt: 0 })),
  ),
  admissions: [],
  openAt: seats.map(() => 0),
});

export function play(rules: KeyRules, state: State, move: Move): Outcome {
  switch (move.kind) {
    case "dismiss":
      return dismiss(rules, state, move);
    case "admit":
      return admit(rules, state, move);
    case "veto":
      return veto(rules, state, move);
    case "execute":
      return execute(rules, state, move);
    case "wait":
      return { state: { ...state, now: state.now + move.seconds } };
  }
}

const refused = (refusal: Refusal): Outcome => ({ refusal });

const isSeated = ({ seats }: State, officer: number): boolean => seats[officer]?.standing === "seated";

/** Whether any of them has never been seated. */
const someUnknown = ({ seats }: State, officers: readonly number[]): boolean =>
  officers.some((officer) => seats[officer] === undefined || seats[officer].standing === "candidate");

/** Those of the officers that sit, by agency. */
export function tallyOf({ seats, openAt }: State, officers: readonly number[]): number[] {
  const tally = openAt.map(() => 0);
  for (const officer of officers) {
    const { agency, standing } = seats[officer]!;
    if (standing === "seated") ++tally[agency]!;
  }
  return tally;
}

const replaced = <T>(list: readonly T[], at: number, change: Partial<T>): T[] =>
  list.map((item, i) => (i === at ? { ...item, ...change } : item));

function dismiss(rules: KeyRules, state: State, { officer, compromised, by }: Move & { kind: "dismiss" }): Outcome {
  const { law } = rules;
  const target = state.seats[officer];
  if (target === undefined || target.standing === "candidate" || someUnknown(state, by))
    return refused("UnknownOfficer");
  const have = tallyOf(state, by);
  const enough = rules.dismiss.map(({ needs }) => meets(have, needs(target.agency)));
  if (!enough.includes(true)) return refused("NotMet");
  const met = enough.findIndex(
    (isMet, i) => isMet && (!law.exact || meets(rules.dismiss[i]!.needs(target.agency), have)),
  );
  if (met < 0) return refused("TooMany");
  const counted = by.filter((one) => isSeated(state, one));
  if (law.pauses === "officers" && counted.some((one) => state.seats[one]!.freeAt > state.now))
    return refused("Paused");

  const unseated = target.standing === "seated";
  if (!unseated && (!compromised || target.standing === "compromised")) return refused("DismissedOfficer");
  const rescue = met >= law.firstRescue;
  let openAt = state.openAt;
  if (unseated) {
    const last = state.seats.every(
      ({ agency, standing }, i) => i === officer || agency !== target.agency || standing !== "seated",
    );
    if (last && !rescue) return refused("LastOfficer");
    if (law.pauses === "agency" && !rules.dismiss[met]!.self) {
      if (openAt[target.agency]! > state.now) return refused("Paused");
      openAt = openAt.map((at, agency) => (agency === target.agency ? state.now + law.dismissalPause : at));
    }
  }
  const freeAt = state.now + (rescue ? law.rescuePause : law.dismissalPause);
  const paused = law.pauses === "officers" ? new Set(counted) : new Set<number>();
  const seats = state.seats.map((seat, i) => ({
    ...seat,
    ...(paused.has(i) ? { freeAt } : {}),
    ...(i === officer ? { standing: compromised ? ("compromised" as const) : ("dismissed" as const) } : {}),
  }));
  return { state: { ...state, seats, openAt } };
}

function admit(rules: KeyRules, state: State, { admission, agency, candidate, by }: Move & { kind: "admit" }): Outcome {
  const { now } = state;
  const standing = state.seats[candidate]?.standing;
  if (standing === "dismissed" || standing === "compromised") return refused("DismissedOfficer");
  if (standing === "seated") return refused("SeatedOfficer");
  if (someUnknown(state, by)) return refused("UnknownOfficer");
  const have = tallyOf(state, by);
  const alternative = rules.admit.findIndex(({ needs }) => meets(have, needs(agency)));
  if (alternative < 0) return refused("NotMet");
  const { needs, delay, grace } = rules.admit[alternative]!;
  const need = needs(agency);
  const approvers = by.filter((one) => isSeated(state, one) && need[state.seats[one]!.agency]! > 0);
  const start = now + delay;
  const decided = { alternative, need, approvers };

  const known = state.admissions[admission];
  if (known !== undefined) {
    if (known.state !== "waits") return refused("Ended");
    if (now > known.deadline) return refused("TooLate");
    if (alternative >= known.alternative || start >= known.start) return refused("NoEarlier");
    const admissions = replaced(state.admissions, admission, { ...decided, start, deadline: start + grace });
    return { state: { ...state, admissions } };
  }
  const order: Admission = { ...decided, agency, candidate, start, deadline: start + grace, state: "waits" };
  const seats =
    standing === undefined ? [...state.seats, { agency, standing: "candidate" as const, freeAt: 0 }] : state.seats;
  return { state: { ...state, seats, admissions: [...state.admissions, order] } };
}

/** The order while it can still be executed or vetoed. */
function waiting({ admissions, now }: State, admission: number): Admission | Refusal {
  const order = admissions[admission];
  if (order === undefined) return "NotScheduled";
  if (order.state !== "waits") return "Ended";
  return now > order.deadline ? "TooLate" : order;
}

function veto(rules: KeyRules, state: State, { admission, by }: Move & { kind: "veto" }): Outcome {
  const order = waiting(state, admission);
  if (someUnknown(state, by)) return refused("UnknownOfficer");
  if (typeof order === "string") return refused(order);
  const have = tallyOf(state, by);
  const met = rules.veto.filter(({ needs }) => meets(have, needs(order.agency)));
  if (met.length === 0) return refused("NotMet");
  const { noVeto } = rules.law;
  if (met.every(({ self }) => (self ? noVeto.self : noVeto.others).includes(order.alternative))) {
    return refused("CannotVeto");
  }
  return { state: { ...state, admissions: replaced(state.admissions, admission, { state: "vetoed" }) } };
}

function execute(rules: KeyRules, state: State, { admission, further }: Move & { kind: "execute" }): Outcome {
  const order = waiting(state, admission);
  if (typeof order === "string") return refused(order);
  if (state.now < order.start) return refused("TooEarly");
  if (order.approvers.some((one) => state.seats[one]!.standing === "compromised")) {
    if (rules.law.compromised === "dead") return refused("Stale");
    if (someUnknown(state, further)) return refused("UnknownOfficer");
    const have = tallyOf(state, [...new Set([...order.approvers, ...further])]);
    if (!meets(have, order.need)) return refused("NotMet");
  }
  const { agency, candidate } = order;
  const standing = state.seats[candidate]!.standing;
  if (standing !== "candidate") return refused(standing === "seated" ? "SeatedOfficer" : "DismissedOfficer");
  return {
    state: {
      ...state,
      seats: replaced(state.seats, candidate, { agency, standing: "seated" }),
      admissions: replaced(state.admissions, admission, { state: "executed" }),
    },
  };
}
