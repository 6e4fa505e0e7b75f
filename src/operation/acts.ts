import {
  buildArrest,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
  type ActName,
  type Target as OrderTarget,
} from "../orders/index.ts";
import type { Act, ActOf, Departure, Holding, PlannedOrder } from "./operation.ts";
import { needsArrested, newestPlacement } from "./placements.ts";
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
import { prepare, targetIn, termOf, type Draft } from "./prepare.ts";
import { bringAll, type Tally } from "./bring.ts";
import { assetOf, type Stage } from "./stage.ts";
import { countOf } from "./words.ts";

/**
 * Plays one act of the timeline in its second: its orders are built, approved, brought by the relayer; what needs no
 * order is done by a stranger, and by holders and platforms what is theirs to do.
 * @throws ActRefusedError, NotRefusedError, RuleNotMetError, OrderTooLargeError
 */
export async function playAct(stage: Stage, act: Act): Promise<void> {
  stage.chain.setTime(stage.operation.start + act.at);
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
      const arrested = await needsArrested(stage, act.orders[0]);
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
  const result = told(orders, prepared.length, tally) + left;
  await stage.progress({ step, at, done: orders.length, total: orders.length, result });
}

function told(
  orders: readonly { holdings: readonly unknown[]; place?: readonly unknown[] }[],
  built: number,
  { transactions, gas }: Tally,
): string {
  const targets = orders.reduce((sum, { holdings, place = [] }) => sum + holdings.length + place.length, 0);
  return (
    `${countOf(targets, "target")} in ${countOf(orders.length, "case")}: ` +
    `${countOf(built, "order")}, ${countOf(transactions, "transaction")}, ${gas.toLocaleString("en")} gas`
  );
}
