import {
  buildArrest,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
  type ActName,
  type Target as OrderTarget,
} from "../../orders/index.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { CallRefusedError } from "./embedded.ts";
import { Flaw } from "../folder/faults.ts";
import { CASE_FILE } from "../folder/parts.ts";
import type { Act, ActOf, Departure, Holding, PlannedOrder, ToldAct } from "../operation.ts";
import { playAttempt, playDismissal, requireRefusal, withoutApprovalOf } from "./playChanges.ts";
import {
  playAppeal,
  playClaims,
  playDisposals,
  playExecution,
  playStay,
  playUnreserve,
  playVeto,
} from "./playDisposals.ts";
import { playAcknowledgement, playExchangeHold, playLicence, playSurrender, playSuspension } from "./playPlatforms.ts";
import { playBooking, playDeposit, playLapse, playMove, playOpening } from "./playStrangers.ts";
import { newestPlacement, prepare, targetIn, termOf, type Draft } from "./prepare.ts";
import { refusalInWords } from "./refusal.ts";
import { needsArrested, resolve } from "./resolve.ts";
import { bringAll } from "./bring.ts";
import { assetOf, type Stage } from "./stage.ts";
import { countOf } from "../../base/words.ts";

/**
 * An act of the timeline that cannot be played: where it stands, what refuses it (an error of the contracts, or a fault that
 * is found before they are asked), who is concerned, what it has and what it needs. The exit code is that of its cause.
 */
export class ActFailedError extends SequesterError {
  override name = "ActFailedError";
  /** Name of the contracts' error, of the fault, or of the error. */
  readonly reason: string;

  constructor(stage: Stage, { line, act }: ToldAct, cause: SequesterError | Flaw) {
    const { reason, what, code, metaMessages } = factsOf(stage, cause);
    super(`${CASE_FILE}:${line}: ${act}: ${reason}: ${what}`, { code, metaMessages, cause });
    this.reason = reason;
  }
}

function factsOf(stage: Stage, cause: SequesterError | Flaw) {
  if (cause instanceof Flaw) return { reason: cause.fault, what: cause.message, code: EXIT.usage, metaMessages: [] };
  const { name, shortMessage, code, metaMessages } = cause;
  if (!(cause instanceof CallRefusedError) || cause.refusal === undefined) {
    return { reason: name, what: shortMessage, code, metaMessages };
  }
  const { refusal, call } = cause;
  return { reason: refusal.error, what: call.what, code, metaMessages: refusalInWords(stage, refusal, call.to) };
}

/**
 * Plays one act of the timeline in its second, on what the journal tells by then: its orders are built, approved, brought by
 * the relayer; what needs no order is done by a stranger, and by holders and platforms what is theirs to do.
 * @throws ActFailedError
 */
export async function playAct(stage: Stage, told: ToldAct): Promise<void> {
  stage.chain.setTime(stage.operation.start + told.at);
  try {
    const act = await resolve(stage, told);
    await play(stage, act);
    stage.acts.push(act);
  } catch (error) {
    if (error instanceof SequesterError || error instanceof Flaw) throw new ActFailedError(stage, told, error);
    throw error;
  }
}

async function play(stage: Stage, act: Act): Promise<void> {
  const inKind = (holding: Holding) => targetIn(stage, holding);
  switch (act.act) {
    case "freeze":
      return playOrders(stage, act, "Freeze", inKind, (base, targets) =>
        buildFreeze({ ...base, targets, term: termOf(stage, "Freeze", act.by) }),
      );
    case "arrest": {
      const until = BigInt(stage.operation.start + act.until);
      const upTo = await newestPlacement(stage);
      return playOrders(stage, act, "Arrest", inKind, (base, confirm, place) =>
        buildArrest({ ...base, confirm, place, upTo, until }),
      );
    }
    case "lift": {
      const upTo = await newestPlacement(stage);
      const arrested = await needsArrested(stage, act, act.orders[0]);
      const ruled = arrested ? "LiftArrested" : "Lift";
      return playOrders(stage, act, ruled, inKind, (base, holds) => buildLift({ ...base, holds, upTo, arrested }));
    }
    case "seize": {
      const upTo = await newestPlacement(stage);
      return playOrders(stage, act, "Seize", inKind, (base, holds) => buildSeize({ ...base, holds, upTo }));
    }
    case "return": {
      const refundOf = (it: ActOf<"return">["orders"][0]["holdings"][number]) => ({
        ...targetIn(stage, it),
        taken: assetOf(stage, it.taken),
      });
      return playOrders(stage, act, "Return", refundOf, (base, holders) => buildReturn({ ...base, holders }));
    }
    case "lapse":
      return playLapse(stage, act);
    case "forfeit":
    case "compensate":
    case "convert":
    case "transfer":
      return playDisposals(stage, act);
    case "execute":
      return playExecution(stage, act);
    case "stay":
      return playStay(stage, act);
    case "veto":
      return playVeto(stage, act);
    case "appeal":
      return playAppeal(stage, act);
    case "claim":
      return playClaims(stage, act);
    case "unreserve":
      return playUnreserve(stage, act);
    case "license":
      return playLicence(stage, act);
    case "suspend":
      return playSuspension(stage, act);
    case "exchange-hold":
      return playExchangeHold(stage, act);
    case "acknowledge":
      return playAcknowledgement(stage, act);
    case "surrender":
      return playSurrender(stage, act);
    case "dismiss":
      return playDismissal(stage, act);
    case "move":
      return playMove(stage, act);
    case "deposit":
      return playDeposit(stage, act);
    case "book":
      return playBooking(stage, act);
    case "open":
      return playOpening(stage, act);
    case "attempt":
      return playAttempt(stage, act);
  }
}

/** One order per case, or several where one would be too large. */
async function playOrders<H extends Holding, T extends OrderTarget>(
  stage: Stage,
  act: { act: Act["act"]; at: number; orders: (Omit<PlannedOrder, "holdings"> & { holdings: H[] })[] } & {
    by?: readonly string[];
    leaves?: Departure;
  },
  ruled: ActName,
  targetOf: (holding: H) => T,
  draft: Draft<T>,
): Promise<void> {
  const { at, act: step, orders, by, leaves } = act;
  let prepared = await prepare(stage, { step, at, act: ruled, by }, orders, targetOf, draft);
  if (leaves !== undefined) {
    const renewed = await withoutApprovalOf(stage, at, leaves, prepared);
    await requireRefusal(stage, at, prepared[0]!, "QuorumWithdrawn");
    prepared = renewed;
  }
  const tally = await bringAll(stage, prepared);
  const left = leaves === undefined ? "" : `; without ${leaves.officer}, who left`;
  const result = told(orders, prepared.length, tally.transactions) + left;
  const detail = `${tally.gas.toLocaleString("en")} gas`;
  await stage.progress({ step, at, done: orders.length, total: orders.length, result, detail });
}

function told(
  orders: readonly { holdings: readonly unknown[]; place?: readonly unknown[] }[],
  built: number,
  transactions: number,
): string {
  const targets = orders.reduce((sum, { holdings, place = [] }) => sum + holdings.length + place.length, 0);
  return (
    `${countOf(targets, "target")} in ${countOf(orders.length, "case")}: ` +
    `${countOf(built, "order")}, ${countOf(transactions, "transaction")}`
  );
}
