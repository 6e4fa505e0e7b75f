import type { Hex } from "viem";
import {
  buildArrest,
  buildCancel,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
  digestOf,
  type Order,
  type Refund,
  type Target,
} from "../../../src/orders/index.ts";
import { inTime, type Sent } from "../chain.ts";
import type { Contracts } from "../deployed.ts";
import { approvalsOf, nextSalt, struct, type Decider } from "../officers.ts";
import { DECIDERS, TERM, type OfficerName } from "../parameters.ts";
import { CASE, signed, type GivenInCase } from "./signed.ts";

/** One function per act on holds and in custody: builds the order, has it approved by default or given officers, and executes it. */
export function holdsIn({ domain, docket, disposal, quorum }: Contracts) {
  const base = async ({ caseId = CASE, ...given }: GivenInCase) => ({ caseId, ...(await signed(given)) });
  const approve = (order: Order, by: readonly Decider[]) => approvalsOf(domain, order, by);
  /** All holds there are. */
  const newest = async () => Number(await docket.placements());
  /** A freeze that officers approve, not executed yet. */
  const freezing = async (
    targets: Target[],
    { by = DECIDERS.Freeze, term = Number(TERM.Freeze), ...rest }: GivenInCase & { term?: number } = {},
  ) => {
    const order = buildFreeze({ ...(await base(rest)), targets, term });
    const approvals = await approve(order, by);
    return {
      order,
      approvals,
      digest: digestOf(order, domain),
      send: (): Sent => docket.freeze([struct(order.message)], [approvals], "0x"),
    };
  };
  return {
    approve,
    base,
    freezing,
    freeze: async (...given: Parameters<typeof freezing>) => (await freezing(...given)).send(),
    arrest: async (
      { upTo, ...order }: { confirm?: Target[]; place?: Target[]; until: bigint; upTo?: number },
      { by = DECIDERS.Arrest, ...rest }: GivenInCase = {},
    ) => {
      const built = buildArrest({ ...(await base(rest)), ...order, upTo: upTo ?? (await newest()) });
      return docket.arrest([struct(built.message)], [await approve(built, by)], "0x");
    },
    lift: async (
      holds: Target[],
      { by = DECIDERS.Lift, arrested = false, upTo, ...rest }: GivenInCase & { arrested?: boolean; upTo?: number } = {},
    ) => {
      const order = buildLift({ ...(await base(rest)), holds, arrested, upTo: upTo ?? (await newest()) });
      return docket.lift(struct(order.message), await approve(order, by));
    },
    seize: async (holds: Target[], { by = DECIDERS.Seize, upTo, ...rest }: GivenInCase & { upTo?: number } = {}) => {
      const order = buildSeize({ ...(await base(rest)), holds, upTo: upTo ?? (await newest()) });
      return docket.seize([struct(order.message)], [await approve(order, by)], "0x");
    },
    refund: async (holders: Refund[], { by = DECIDERS.Return, ...rest }: GivenInCase = {}) => {
      const order = buildReturn({ ...(await base(rest)), holders });
      return disposal.refund([struct(order.message)], [await approve(order, by)], "0x");
    },
    cancel: async (digest: Hex, by: OfficerName) => {
      const order = buildCancel({ order: digest, signBy: await inTime(), salt: nextSalt() });
      return quorum.cancel(order.message, await approve(order, [by]));
    },
  };
}
