import { formatOffset, isoOf } from "../../base/time.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import type { Way } from "../../orders/simulate.ts";
import type { ApprovedOrder } from "./approved.ts";
import type { ChainDesk } from "./desk.ts";

/** Orders that do not pass, or lack approvals. Exit code 1. */
export class NotReadyError extends SequesterError {
  override name = "NotReadyError";
  constructor(what: string, reasons: readonly string[]) {
    super(what, { code: EXIT.error, metaMessages: reasons });
  }
}

/** What a way lacks: agencies, each with the number of its officers. */
const lackIn = ({ missing }: Way, { words }: Pick<ChainDesk, "words">): string =>
  [...missing].map(([agency, n]) => `${words.agency(agency) ?? `agency ${agency}`} ${n}`).join(" + ");

/** What the contracts say of an order, in lines. */
export function toldOf(approved: ApprovedOrder, desk: ChainDesk): string[] {
  const { simulation, state, scheduledBy } = approved;
  const { passes, refusal, ways, at } = simulation;
  const when = state.start !== undefined ? `, from ${isoOf(state.start)} to ${isoOf(state.deadline!)}` : "";
  const what = scheduledBy === undefined ? "" : `its execution${when}: `;
  const now = at === "present" ? "now" : "then";
  if (ways.length === 0) {
    return [
      what + (passes ? `the contracts let it pass ${now}` : `the contracts refuse it ${now}: ${refusal!.reason}`),
    ];
  }
  return [
    "approvals are missing; any of these would do:",
    ...ways.map((way) => {
      const become = way.refusal === undefined ? "then it passes" : `then it is refused: ${way.refusal.reason}`;
      return `  ${lackIn(way, desk)} (alternative ${way.alternative + 1}): ${become}`;
    }),
  ];
}

/** Why an order cannot be brought now; nothing where it can. */
export function unreadiness({ path: file, simulation, state }: ApprovedOrder, desk: ChainDesk): string[] {
  const { ways, refusal } = simulation;
  if (state.entry !== undefined && state.is !== "scheduled") {
    return [`${file}: is ${state.is} already, by entry ${state.entry} of the journal`];
  }
  if (state.is === "scheduled" && state.start! > desk.now) {
    return [`${file}: waits ${formatOffset(state.start! - desk.now)} more, until ${isoOf(state.start!)}`];
  }
  if (ways.length > 0) return [`${file}: lacks ${ways.map((way) => lackIn(way, desk)).join(", or ")}`];
  return refusal === undefined ? [] : [`${file}: ${refusal.reason}`];
}
