import { makeList, proverOf, termsOf } from "../../compensation/index.ts";
import {
  buildAppeal,
  buildCompensate,
  buildConvert,
  buildForfeit,
  buildStay,
  buildTransfer,
  buildVeto,
  derivedSalt,
  documentHash,
  type Order,
} from "../../orders/index.ts";
import { ruleFor } from "./approve.ts";
import { announce, bring, playCalls } from "./bring.ts";
import { assetCall, callTo, executionOf, whatOf } from "./calls.ts";
import { Flaw } from "../folder/faults.ts";
import { DISPOSALS, type ActOf, type Disposal } from "../operation.ts";
import { prepareOrder, type Base } from "./prepare.ts";
import { type PreparedOrder } from "./stage.ts";
import { assetOf, type ScheduledOrder, type Stage } from "./stage.ts";
import { formatOffset } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";

/** Schedules disposals, an order each. */
export async function playDisposals(stage: Stage, act: ActOf<Disposal["act"]>): Promise<void> {
  const { at, id, disposals, by } = act;
  const scheduled: ScheduledOrder[] = [];
  for (const [done, disposal] of disposals.entries()) {
    await stage.progress({ step: act.act, at, done, total: disposals.length });
    const wanted = { at, act: DISPOSALS[disposal.act], case: disposal.case, ruling: disposal.ruling, by };
    const list = listOf(stage, disposal);
    const prepared = await prepareOrder(stage, wanted, (base) => draft(stage, base, disposal, list));
    await bring(stage, [prepared]);
    scheduled.push({ prepared, ...(list && { list }) });
  }
  stage.scheduled.set(id, scheduled);
  const cases = new Set(disposals.map((disposal) => disposal.case)).size;
  const start = formatOffset(at + ruleFor(DISPOSALS[act.act], stage.parameters, stage.officers, by).delay);
  const result = `${countOf(disposals.length, "order")} in ${countOf(cases, "case")}, from ${start} on unless stayed: ${id}`;
  await stage.progress({ step: act.act, at, done: disposals.length, total: disposals.length, result });
}

function listOf({ deployment, ...stage }: Stage, disposal: Disposal): ReturnType<typeof makeList> | undefined {
  if (disposal.act !== "compensate") return undefined;
  const { case: caseId, asset, claims, pool } = disposal;
  const { chainId, addresses } = deployment;
  const scope = { chainId, docket: addresses.docket, caseId, asset: assetOf({ ...stage, deployment }, asset) };
  return makeList(scope, claims, pool);
}

function draft(stage: Stage, base: Base, disposal: Disposal, list: ScheduledOrder["list"]): Order {
  const { amount } = disposal;
  const asset = assetOf(stage, disposal.asset);
  switch (disposal.act) {
    case "forfeit":
      return buildForfeit({ ...base, asset, amount, treasury: stage.chain.roles.treasury });
    case "compensate": {
      const { total, root, list: hash } = termsOf(list!);
      return buildCompensate({ ...base, asset, total, root, list: hash, claimTerm: disposal.claimTerm });
    }
    case "convert": {
      const { wallet, leastProceeds } = disposal;
      const proceedsAsset = assetOf(stage, disposal.proceedsAsset);
      return buildConvert({ ...base, asset, amount, wallet: wallet.address, proceedsAsset, leastProceeds });
    }
    case "transfer": {
      const { source, holder, to } = disposal;
      return buildTransfer({ ...base, asset, amount, source, to, ...(holder && { holder }) });
    }
  }
}

/** Executes scheduled orders: a stranger does, or the wallet that a conversion names, which pays in the same act. */
export async function playExecution(stage: Stage, act: ActOf<"execute">): Promise<void> {
  const { proceeds } = act;
  const orders = act.orders.flatMap((id) => stage.scheduled.get(id)!);
  const calls = orders.flatMap(({ prepared }) => {
    const { order } = prepared;
    const execution = executionOf(stage, prepared, proceeds);
    if (order.primaryType !== "Convert" || proceeds === undefined) return [execution];
    const { wallet, proceedsAsset } = order.message;
    const args = [stage.deployment.addresses.disposal, proceeds] as const;
    return [assetCall("Allowance for a conversion", wallet, proceedsAsset, "approve", args), execution];
  });
  await playCalls(stage, act, calls, `${countOf(orders.length, "order")} executed: ${act.orders.join(", ")}`);
}

/** One agency, by itself, holds an order back. */
export async function playStay(stage: Stage, act: ActOf<"stay">): Promise<void> {
  const until = BigInt(stage.operation.start + act.until);
  const of = only(stage, act.order);
  const prepared = await prepareOrder(
    stage,
    { at: act.at, act: "Stay", case: of.case, ruling: act.ruling, by: act.by },
    (base) => buildStay({ ...base, order: of.digest, until }),
  );
  await bring(stage, [prepared]);
  await announce(stage, act, `${act.order} until ${formatOffset(act.until)}, by ${prepared.approvedBy.join(" ")}`);
}

export async function playVeto(stage: Stage, act: ActOf<"veto">): Promise<void> {
  const of = only(stage, act.order);
  const wanted = { at: act.at, act: "Veto", case: of.case, ruling: act.ruling, by: act.by } as const;
  const prepared = await prepareOrder(stage, wanted, (base) => buildVeto({ ...base, order: of.digest }));
  await bring(stage, [prepared]);
  await announce(stage, act, `${act.order} for ever, by ${prepared.approvedBy.join(" ")}`);
}

/** The holder itself sends its appeal. */
export async function playAppeal(stage: Stage, act: ActOf<"appeal">): Promise<void> {
  const { at, order: id, holder, ruling } = act;
  const { seed, start } = stage.operation;
  const of = only(stage, id);
  // Of each order a holder may file one: its account keeps the salts apart.
  const source = { seed, caseId: of.case, act: "appeal", index: Number(BigInt(holder) % 2n ** 48n) } as const;
  const salts = { ...source, seed: `${seed} ${of.digest}` };
  const order = buildAppeal({
    order: of.digest,
    asset: assetOf(stage, act.asset),
    holder,
    signBy: BigInt(start + at),
    document: documentHash(derivedSalt({ ...salts, purpose: "documentSalt" }), ruling.sha256),
    salt: derivedSalt({ ...salts, purpose: "salt" }),
  });
  const call = callTo(stage, whatOf("Appeal", of.case), holder, ["disposal", "appeal"], [order.message, "0x"]);
  await playCalls(stage, act, [call], `against ${id}, by the holder`, holder);
}

/** Victims are paid what the list says; whoever brings the proof. */
export async function playClaims(stage: Stage, act: ActOf<"claim">): Promise<void> {
  const { prepared, list } = stage.scheduled.get(act.order)![0]!;
  const proofOf = proverOf(list!);
  const calls = act.claims.map((name) => {
    const { index, account, amount, proof } = proofOf(name);
    const args = [prepared.digest, index, account, amount, proof];
    const what = whatOf(`Claim ${name}`, prepared.case);
    return callTo(stage, what, stage.chain.roles.stranger, ["disposal", "claimCompensation"], args);
  });
  await playCalls(stage, act, calls, `${countOf(calls.length, "claim")} of ${act.order} paid`);
}

export async function playUnreserve(stage: Stage, act: ActOf<"unreserve">): Promise<void> {
  const { prepared } = stage.scheduled.get(act.order)![0]!;
  const what = whatOf("unreserve", prepared.case);
  const call = callTo(stage, what, stage.chain.roles.stranger, ["disposal", "unreserve"], [prepared.digest]);
  await playCalls(stage, act, [call], `what nobody claimed of ${act.order} is free again`);
}

/** The order that alone is scheduled under a name. Throws a Flaw: AmbiguousOrder. */
function only(stage: Stage, id: string): PreparedOrder {
  const [first, ...more] = stage.scheduled.get(id)!;
  if (more.length === 0) return first!.prepared;
  throw new Flaw("AmbiguousOrder", `${more.length + 1} orders are called ${id}, which needs to be one`);
}
