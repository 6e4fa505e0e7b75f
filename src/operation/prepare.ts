import type { Hex } from "viem";
import { SequesterError } from "../errors.ts";
import {
  derivedSalt,
  documentHash,
  sentence,
  type ActName,
  type Order,
  type Target as OrderTarget,
} from "../orders/index.ts";
import { RuleNotMetError, sign, signersOf, type SeatedOfficer } from "./approve.ts";
import { callOf } from "./calls.ts";
import { GAS_CAP } from "./embedded.ts";
import type { Holding, PlannedOrder, RulingFile } from "./operation.ts";
import { assetOf, type ExecutedOrder, type Stage } from "./stage.ts";

/** An approved order that waits for its execution. */
export type PreparedOrder = Omit<ExecutedOrder, "transaction"> & {
  /** Of a licence: the wallet's own signature. */
  consent?: Hex;
};

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

/**
 * Has a planned order built and approved: as one order, or divided into as few equal ones as fit into a transaction each.
 * What does not fit never leaves this process.
 * @throws OrderTooLargeError, RuleNotMetError, ActRefusedError
 */
export async function prepare<H extends Holding, T extends OrderTarget>(
  stage: Stage,
  wanted: Omit<Wanted, "case" | "ruling" | "part">,
  { case: caseId, ruling, holdings, place = [] }: Omit<PlannedOrder, "holdings"> & { holdings: readonly H[] },
  targetOf: (holding: H) => T,
  draft: Draft<T>,
): Promise<PreparedOrder[]> {
  const placed = place.map((holding) => targetIn(stage, holding));
  const targets = holdings.map(targetOf);
  for (let parts = 1; parts <= Math.max(targets.length, 1); parts++) {
    const size = Math.max(1, Math.ceil(targets.length / parts));
    const starts = targets.length === 0 ? [0] : targets.flatMap((_, i) => (i % size === 0 ? [i] : []));
    const prepared: PreparedOrder[] = [];
    for (const [part, i] of starts.entries()) {
      const order = await prepareOrder(stage, { ...wanted, case: caseId, ruling, part }, (base) =>
        draft(base, targets.slice(i, i + size), part === 0 ? placed : []),
      );
      if (!(await stage.chain.fits(callOf(stage, [order])))) break;
      prepared.push(order);
    }
    if (prepared.length === starts.length) return prepared;
  }
  throw new OrderTooLargeError(wanted.act, caseId);
}

/** Has one order built and approved. Throws RuleNotMetError. */
export async function prepareOrder(
  stage: Stage,
  { at, act, case: caseId, ruling, by, part = 0, short = false }: Wanted,
  build: (base: Base) => Order,
): Promise<PreparedOrder> {
  const { operation, executed, words, deployment } = stage;
  const earlier = executed.filter((other) => other.case === caseId && other.act === act).length;
  const source = { seed: operation.seed, caseId, act, index: earlier + part };
  const documentSalt = derivedSalt({ ...source, purpose: "documentSalt" });
  const order = build({
    caseId,
    document: documentHash(documentSalt, ruling.sha256),
    signBy: BigInt(operation.start + at + APPROVAL_LIFE),
    salt: derivedSalt({ ...source, purpose: "salt" }),
  });
  return {
    act,
    case: caseId,
    order,
    documentSalt,
    ruling: { file: ruling.file, sha256: ruling.sha256 },
    sentence: sentence(order, words),
    ...(await sign(order, deployment.domain, approversOf(stage, act, by, short))),
  };
}

function approversOf(
  { parameters, officers }: Stage,
  act: ActName,
  by: readonly string[] | undefined,
  short: boolean,
): SeatedOfficer[] {
  try {
    return signersOf(act, parameters, officers, by).signers;
  } catch (error) {
    if (!short || !(error instanceof RuleNotMetError)) throw error;
    return officers.filter(({ name }) => by?.includes(name));
  }
}

/** A holding as orders name it. */
export const targetIn = (stage: Stage, { asset, account, amount }: Holding): OrderTarget => ({
  ...{ asset: assetOf(stage, asset), account, amount },
});
