import { encodeFunctionData, type Abi, type Address, type Hex } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import type { Order, PrimaryType } from "../orders/index.ts";
import type { Call } from "./embedded.ts";
import type { Stage } from "./stage.ts";
import type { PreparedOrder } from "./prepare.ts";

type Executor = "docket" | "disposal" | "quorum" | "register";

const CONTRACTS = { docket: "Docket", disposal: "Disposal", quorum: "Quorum", register: "LicenceRegister" } as const;

/** Which contract takes an order with its approvals, and by which function. Freezes go in a batch. */
const TAKES: Partial<Record<PrimaryType, [Executor, string]>> = {
  Arrest: ["docket", "arrest"],
  Lift: ["docket", "lift"],
  Seize: ["docket", "seize"],
  Return: ["disposal", "refund"],
  Forfeit: ["disposal", "forfeit"],
  Compensate: ["disposal", "compensate"],
  Convert: ["disposal", "convert"],
  Transfer: ["disposal", "transfer"],
  ExchangeHold: ["register", "exchangeHold"],
  License: ["register", "license"],
  Suspend: ["register", "suspend"],
  Stay: ["quorum", "stay"],
  Veto: ["quorum", "veto"],
  Cancel: ["quorum", "cancel"],
  Dismiss: ["quorum", "dismiss"],
};

/** Which function of Disposal executes a scheduled order. */
const EXECUTES: Partial<Record<PrimaryType, string>> = {
  Forfeit: "executeForfeit",
  Compensate: "executeCompensate",
  Convert: "executeConvert",
  Transfer: "executeTransfer",
};

/** A call of a contract of the system. */
export function callTo(
  { deployment }: Stage,
  what: string,
  from: Address,
  [executor, functionName]: [Executor, string],
  args: readonly unknown[],
): Call {
  const abi = abiOf(CONTRACTS[executor]) as Abi;
  return { what, from, to: deployment.addresses[executor], data: encodeFunctionData({ abi, functionName, args }) };
}

/** A call of an asset. */
export function assetCall(
  what: string,
  from: Address,
  to: Address,
  functionName: "approve" | "mint" | "transfer",
  args: readonly [Address, bigint],
): Call {
  return { what, from, to, data: encodeFunctionData({ abi: abiOf("Tenge"), functionName, args }) };
}

/** The relayer's call that brings prepared orders: many Freezes, or one of any other act. */
export function callOf(stage: Stage, prepared: readonly PreparedOrder[]): Call {
  const { relayer } = stage.chain.roles;
  const [{ order, approvals, act, case: caseId, consent }] = prepared as [PreparedOrder];
  if (order.primaryType === "Freeze") {
    const what = prepared.length > 1 ? `${act} of ${prepared.length} cases` : whatOf(act, caseId);
    const args = [prepared.map((it) => it.order.message), prepared.map((it) => it.approvals)];
    return callTo(stage, what, relayer, ["docket", "freeze"], args);
  }
  const args = [order.message, approvals, ...(consent === undefined ? [] : [consent])];
  return callTo(stage, whatOf(act, caseId), relayer, TAKES[order.primaryType]!, args);
}

/** The call that executes a scheduled order: anyone's, or of a conversion the wallet's, which pays `proceeds`. */
export function executionOf(
  stage: Stage,
  { order, officerIds, case: caseId }: PreparedOrder,
  proceeds: bigint | undefined,
): Call {
  const from = payerOf(order) ?? stage.chain.roles.stranger;
  const args = [order.message, officerIds, ...(order.primaryType === "Convert" ? [proceeds] : [])];
  const what = whatOf(`execution of a ${order.primaryType}`, caseId);
  return callTo(stage, what, from, ["disposal", EXECUTES[order.primaryType]!], args);
}

const payerOf = (order: Order): Hex | undefined => (order.primaryType === "Convert" ? order.message.wallet : undefined);

/** An act and its case, for errors. */
export const whatOf = (act: string, caseId: string): string => (caseId === "" ? act : `${act} in case ${caseId}`);
