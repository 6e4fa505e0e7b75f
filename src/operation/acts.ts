import { encodeFunctionData, type ContractFunctionArgs, type EncodeFunctionDataParameters } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import { HOLD_KINDS, isLive, unpackHold } from "../journal/holds.ts";
import {
  buildArrest,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
  encodeCaseId,
  type ActName,
} from "../orders/index.ts";
import { longestFitting } from "./batches.ts";
import type { Call } from "./embedded.ts";
import type { Act, Holding, PlannedOrder } from "./operation.ts";
import { TERMS } from "./plan.ts";
import { callOf, prepare, type Draft, type PreparedOrder } from "./prepare.ts";
import { assetOf, type Stage } from "./stage.ts";
import { countOf } from "./words.ts";

type ActOf<Name extends Act["act"]> = Extract<Act, { act: Name }>;

/** What an act came to on the chain. */
interface Tally {
  transactions: number;
  gas: bigint;
}

/**
 * Plays one act of the timeline in its second: its orders are built, approved, executed by the relayer; what needs no
 * order is done by a stranger.
 * @throws ActRefusedError, RuleNotMetError, OrderTooLargeError
 */
export async function playAct(stage: Stage, act: Act): Promise<void> {
  stage.chain.setTime(stage.operation.start + act.at);
  switch (act.act) {
    case "freeze":
      return freeze(stage, act);
    case "arrest": {
      const until = BigInt(stage.operation.start + act.until);
      return playOrders(stage, act, "Arrest", (base, confirm) => buildArrest({ ...base, confirm, until }));
    }
    case "lift": {
      const ruled = (await touchesArrested(stage, act.orders[0])) ? "LiftArrested" : "Lift";
      return playOrders(stage, act, ruled, (base, holds) => buildLift({ ...base, holds }));
    }
    case "seize":
      return playOrders(stage, act, "Seize", (base, holds) => buildSeize({ ...base, holds }));
    case "return":
      return playOrders(stage, act, "Return", (base, targets) =>
        buildReturn({ ...base, holders: targets.map((target) => ({ ...target, taken: target.asset })) }),
      );
    case "lapse":
      return lapse(stage, act);
    case "deposit":
      return deposit(stage, act);
    case "book": {
      const calls = act.deposits.map((it) =>
        strangersCall(stage, it.case, {
          functionName: "book",
          args: [encodeCaseId(it.case), assetOf(stage, it.asset)],
        }),
      );
      return playCalls(stage, act, calls, `${countOf(calls.length, "deposit")} booked as suspense`);
    }
    case "close": {
      const calls = act.cases.map((caseId) =>
        strangersCall(stage, caseId, { functionName: "close", args: [encodeCaseId(caseId)] }),
      );
      return playCalls(stage, act, calls, `${countOf(calls.length, "case")} closed`);
    }
  }
}

/** All cases in as few transactions as the gas cap allows: what is not public cannot be evaded. */
async function freeze(stage: Stage, { act, at, orders }: ActOf<"freeze">): Promise<void> {
  const draft: Draft = (base, targets) => buildFreeze({ ...base, targets, term: TERMS.freeze });
  const waiting: PreparedOrder[] = [];
  for (const [done, planned] of orders.entries()) {
    await stage.progress({ step: act, at, done, total: orders.length });
    waiting.push(...(await prepare(stage, at, "Freeze", planned, draft)));
  }
  const tally = { transactions: 0, gas: 0n };
  const built = waiting.length;
  while (waiting.length > 0) {
    const batch = await longestFitting(waiting, (some) => stage.chain.fits(callOf(stage, some)));
    await execute(stage, batch, tally);
    waiting.splice(0, batch.length);
  }
  const result = told(orders, built, tally);
  await stage.progress({ step: act, at, done: orders.length, total: orders.length, result });
}

/** One order per case, or several where one would be too large. */
async function playOrders(
  stage: Stage,
  { act, at, orders }: ActOf<"arrest" | "lift" | "seize" | "return">,
  ruled: ActName,
  draft: Draft,
): Promise<void> {
  const tally = { transactions: 0, gas: 0n };
  for (const [done, planned] of orders.entries()) {
    await stage.progress({ step: act, at, done, total: orders.length });
    for (const prepared of await prepare(stage, at, ruled, planned, draft)) await execute(stage, [prepared], tally);
  }
  const result = told(orders, tally.transactions, tally);
  await stage.progress({ step: act, at, done: orders.length, total: orders.length, result });
}

async function execute(stage: Stage, prepared: readonly PreparedOrder[], tally: Tally): Promise<void> {
  const { transactionHash, gasUsed } = await stage.chain.send(callOf(stage, prepared));
  stage.executed.push(...prepared.map((order) => ({ ...order, transaction: transactionHash })));
  tally.transactions++;
  tally.gas += gasUsed;
}

async function lapse(stage: Stage, act: ActOf<"lapse">): Promise<void> {
  const calls: Call[] = [];
  for (const { case: caseId, holdings } of act.ended) {
    const waiting = [...holdings];
    while (waiting.length > 0) {
      const callFor = (some: readonly Holding[]) => {
        const accounts = some.map(({ asset, account }) => ({ asset: assetOf(stage, asset), account }));
        return strangersCall(stage, caseId, { functionName: "lapse", args: [encodeCaseId(caseId), accounts] });
      };
      const batch = await longestFitting(waiting, (some) => stage.chain.fits(callFor(some)));
      calls.push(callFor(batch));
      waiting.splice(0, batch.length);
    }
  }
  const holds = act.ended.reduce((sum, { holdings }) => sum + holdings.length, 0);
  const result = holds === 0 ? "no hold had ended" : `the end of ${countOf(holds, "hold")} recorded by a stranger`;
  await playCalls(stage, act, calls, result);
}

async function deposit(stage: Stage, act: ActOf<"deposit">): Promise<void> {
  const { chain, deployment } = stage;
  const vault = await chain.client.readContract({
    abi: abiOf("Docket"),
    address: deployment.addresses.docket,
    functionName: "vaultOf",
    args: [encodeCaseId(act.case)],
  });
  const data = encodeFunctionData({ abi: abiOf("Tenge"), functionName: "transfer", args: [vault, act.amount] });
  const call = { what: `Deposit in case ${act.case}`, from: chain.roles.stranger, to: assetOf(stage, act.asset), data };
  await playCalls(stage, act, [call], `by a stranger into the vault of ${act.case}`);
}

/** A stranger's calls, one transaction each. */
async function playCalls(stage: Stage, { act, at }: Act, calls: readonly Call[], result: string): Promise<void> {
  for (const [done, call] of calls.entries()) {
    await stage.progress({ step: act, at, done, total: calls.length });
    await stage.chain.send(call);
  }
  await stage.progress({ step: act, at, done: calls.length, total: calls.length, result });
}

type DocketAbi = ReturnType<typeof abiOf<"Docket">>;

/** A stranger's call of the docket about a case. */
function strangersCall<Name extends "lapse" | "book" | "close">(
  { chain, deployment }: Stage,
  caseId: string,
  call: { functionName: Name; args: ContractFunctionArgs<DocketAbi, "nonpayable", Name> },
): Call {
  return {
    what: `${call.functionName} in case ${caseId}`,
    from: chain.roles.stranger,
    to: deployment.addresses.docket,
    data: encodeFunctionData({ abi: abiOf("Docket"), ...call } as EncodeFunctionDataParameters),
  };
}

/** Whether lifting these amounts, youngest holds first, touches an arrested one. */
async function touchesArrested(stage: Stage, { case: caseId, holdings }: PlannedOrder): Promise<boolean> {
  const { chain, deployment } = stage;
  const docket = { abi: abiOf("Docket"), address: deployment.addresses.docket } as const;
  const blockNumber = await chain.settle();
  const now = Number((await chain.client.getBlock({ blockNumber })).timestamp);
  const { number } = await chain.client.readContract({
    ...docket,
    functionName: "caseOf",
    args: [encodeCaseId(caseId)],
    blockNumber,
  });
  for (const { asset, account, amount } of holdings) {
    const args = [assetOf(stage, asset), account] as const;
    const words = await chain.client.readContract({ ...docket, functionName: "holdsOf", args, blockNumber });
    let rest = amount;
    for (const hold of words.map(unpackHold).reverse()) {
      if (rest <= 0n) break;
      if (hold.caseNumber !== number || !isLive(hold, now)) continue;
      if (hold.kind === HOLD_KINDS.arrested) return true;
      rest -= hold.amount;
    }
  }
  return false;
}

function told(orders: readonly PlannedOrder[], built: number, { transactions, gas }: Tally): string {
  const targets = orders.reduce((sum, { holdings }) => sum + holdings.length, 0);
  return (
    `${countOf(targets, "target")} in ${countOf(orders.length, "case")}: ` +
    `${countOf(built, "order")}, ${countOf(transactions, "transaction")}, ${gas.toLocaleString("en")} gas`
  );
}
