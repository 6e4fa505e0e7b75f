import type { Hex } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { SequesterError } from "../../base/errors.ts";
import {
  derivedSalt,
  documentHash,
  isBundled,
  sentence,
  type ActName,
  type Order,
  type Target as OrderTarget,
} from "../../orders/index.ts";
import {
  ruleFor,
  RuleNotMetError,
  sign,
  signersOf,
  signTogether,
  type Approved,
  type SeatedOfficer,
} from "./approve.ts";
import { callOf } from "./calls.ts";
import { GAS_CAP } from "./batches.ts";
import type { Holding, PlannedOrder, RulingFile } from "../operation.ts";
import { assetOf, type PreparedOrder, type Progress, type Stage } from "./stage.ts";

/** An order that nobody signed yet. */
type Drafted = Omit<PreparedOrder, keyof Approved | "consent">;

/** What every order has, however it is built. */
export interface Base {
  caseId: string;
  document: Hex;
  signBy: bigint;
  salt: Hex;
}

/** Which order is to be prepared. */
export interface Wanted {
  at: number;
  act: ActName;
  /** Empty where it is of no case. */
  case: string;
  ruling: RulingFile;
  /** Who approves it, by name. */
  by?: readonly string[] | undefined;
  /** Its place among orders of one planned order. */
  part?: number;
  /** Whether approvals that meet no rule will do: the contracts are to refuse them. */
  short?: boolean;
}

/** Builds the order of an act over the targets; `place` are those that an arrest newly holds. */
export type Draft<T = OrderTarget> = (base: Base, targets: T[], place: OrderTarget[]) => Order;

/** One target alone needs more gas than a transaction may have. */
export class OrderTooLargeError extends SequesterError {
  override name = "OrderTooLargeError";
  constructor(act: ActName, caseId: string) {
    super(`${act} in case ${caseId} is too large for one transaction, and cannot be divided further.`, {
      metaMessages: [`needs: more than ${GAS_CAP} gas for one target`],
    });
  }
}

/** Seconds after an act's time in which its order may be brought. */
const APPROVAL_LIFE = 86_400;

/** What one order names: a part of a case's holdings, or all. */
type Planned<H> = Omit<PlannedOrder, "holdings"> & { holdings: readonly H[] };

/**
 * Has the planned orders of an act built and approved, one of each case: together where their act allows that. One that is
 * too large for a transaction is divided into as few equal ones as fit, and all are signed anew. What does not fit never
 * leaves this process.
 * @throws OrderTooLargeError, RuleNotMetError, CallRefusedError
 */
export async function prepare<H extends Holding, T extends OrderTarget>(
  stage: Stage,
  { step, ...wanted }: Omit<Wanted, "case" | "ruling" | "part"> & Pick<Progress, "step">,
  planned: readonly Planned<H>[],
  targetOf: (holding: H) => T,
  draft: Draft<T>,
): Promise<PreparedOrder[]> {
  const signers = approversOf(stage, wanted);
  const divided = (it: Planned<H>, parts: number) => draftParts(stage, wanted, it, parts, targetOf, draft);
  const drafts = planned.map((it) => divided(it, 1));
  let prepared = await approve(stage, drafts.flat(), signers);
  for (const [done, it] of planned.entries()) {
    await stage.progress({ step, at: wanted.at, done, total: planned.length });
    const ofCase = () => prepared.filter((order) => order.case === it.case);
    for (let parts = 2; !(await fitEach(stage, ofCase())); parts++) {
      if (parts > it.holdings.length) throw new OrderTooLargeError(wanted.act, it.case);
      drafts[done] = divided(it, parts);
      prepared = await approve(stage, drafts.flat(), signers);
    }
  }
  return prepared;
}

async function fitEach(stage: Stage, orders: readonly PreparedOrder[]): Promise<boolean> {
  for (const order of orders) if (!(await stage.chain.fits(callOf(stage, [order])))) return false;
  return true;
}

/** A planned order as so many equal ones; what an arrest newly holds is in the first. */
function draftParts<H extends Holding, T extends OrderTarget>(
  stage: Stage,
  wanted: Omit<Wanted, "case" | "ruling" | "part">,
  { case: caseId, ruling, holdings, place = [] }: Planned<H>,
  parts: number,
  targetOf: (holding: H) => T,
  draft: Draft<T>,
): Drafted[] {
  const targets = holdings.map(targetOf);
  const placed = place.map((holding) => targetIn(stage, holding));
  const size = Math.max(1, Math.ceil(targets.length / parts));
  const starts = targets.length === 0 ? [0] : targets.flatMap((_, i) => (i % size === 0 ? [i] : []));
  return starts.map((i, part) =>
    draftOrder(stage, { ...wanted, case: caseId, ruling, part }, (base) =>
      draft(base, targets.slice(i, i + size), part === 0 ? placed : []),
    ),
  );
}

/** Has one order built and approved. Throws RuleNotMetError. */
export async function prepareOrder(stage: Stage, wanted: Wanted, build: (base: Base) => Order): Promise<PreparedOrder> {
  const drafted = draftOrder(stage, wanted, build);
  const [prepared] = await approve(stage, [drafted], approversOf(stage, wanted));
  return prepared!;
}

/** Has orders of one act signed: several together where their act allows that. */
export async function approve<D extends Drafted>(
  { deployment: { domain } }: Stage,
  drafts: readonly D[],
  signers: readonly SeatedOfficer[],
): Promise<(D & Approved)[]> {
  const orders = drafts.map(({ order }) => order);
  const act = orders[0]!.primaryType;
  const approved =
    orders.length > 1 && isBundled(act)
      ? await signTogether(act, orders, domain, signers)
      : await Promise.all(orders.map((order) => sign(order, domain, signers)));
  return drafts.map((drafted, i) => ({ ...drafted, ...approved[i]! }));
}

function draftOrder(
  { operation, executed, words, deployment: { domain } }: Stage,
  { at, act, case: caseId, ruling, part = 0 }: Wanted,
  build: (base: Base) => Order,
): Drafted {
  const earlier = executed.filter((other) => other.case === caseId && other.act === act).length;
  const source = { seed: operation.seed, caseId, act, index: earlier + part };
  const documentSalt = derivedSalt({ ...source, purpose: "documentSalt" });
  const order = build({
    caseId,
    document: documentHash(documentSalt, ruling.sha256),
    signBy: BigInt(operation.start + at + APPROVAL_LIFE),
    salt: derivedSalt({ ...source, purpose: "salt" }),
  });
  const { file, sha256 } = ruling;
  const told = sentence(order, domain, words);
  return { act, case: caseId, order, documentSalt, ruling: { file, sha256 }, sentence: told };
}

function approversOf(
  { parameters, officers }: Stage,
  { act, by, short = false }: Pick<Wanted, "act" | "by" | "short">,
): SeatedOfficer[] {
  try {
    return signersOf(act, parameters, officers, by).signers;
  } catch (error) {
    if (!short || !(error instanceof RuleNotMetError)) throw error;
    return officers.filter(({ name }) => by?.includes(name));
  }
}

/** For how many seconds a provisional hold lasts that these officers place. */
export const termOf = ({ parameters, officers }: Stage, act: "Freeze" | "ExchangeHold", by?: readonly string[]) =>
  ruleFor(act, parameters, officers, by).term;

/** Number of the newest hold: an order that is built now concerns none that is placed later. */
export const newestPlacement = ({ chain, deployment }: Stage): Promise<number> =>
  chain.client.readContract({
    abi: abiOf("Docket"),
    address: deployment.addresses.docket,
    functionName: "placements",
  });

/** A holding as orders name it. */
export const targetIn = (stage: Stage, { asset, account, amount }: Holding): OrderTarget => ({
  asset: assetOf(stage, asset),
  account,
  amount,
});
