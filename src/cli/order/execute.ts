import { formatEther, type PrivateKeyAccount } from "viem";
import { bigintsAsText } from "../../base/json.ts";
import { countOf } from "../../base/words.ts";
import { longestFitting } from "../../operation/play/batches.ts";
import { packApprovals } from "../../orders/approvals.ts";
import { isBundled, rangeOf, type BundledType } from "../../orders/bundle.ts";
import { bringing, bringingList, executing, type OrderCall } from "../../orders/calls.ts";
import type { Order } from "../../orders/types.ts";
import type { Surroundings } from "../operation.ts";
import { agree } from "../terminal.ts";
import { readApproved, type ApprovalOptions, type ApprovedOrder } from "./approved.ts";
import { chainDeskOf, type ChainDesk, type DeskOptions } from "./desk.ts";
import { amountIn, requireAsset } from "./fields.ts";
import { accountOf, type KeyOptions } from "./keys.ts";
import { labelsOf } from "./labels.ts";
import { NotReadyError, unreadiness } from "./refused.ts";
import { sentenceLines } from "./shown.ts";
import { feesOf, gasOf, limitOf, send, type SendOptions, type Sent } from "./sending.ts";
import { showSent } from "./sent.ts";

export interface ExecuteOptions extends DeskOptions, ApprovalOptions, KeyOptions, SendOptions {
  rpc: string;
  proceeds?: string;
  yes?: boolean;
  json?: boolean;
  dryRun?: boolean;
}

/** Orders in one transaction. */
interface Batch {
  orders: readonly ApprovedOrder[];
  call: OrderCall;
  gas: bigint;
}

/** One order needs more gas than a transaction may have. Exit code 1. */
const TOO_LARGE = "needs more gas than a transaction may have: split its targets over two orders, and have both signed";

/** What nobody has to bring again. */
const DONE: readonly string[] = ["used", "executed"];

/** Acts whose targets can still move their money while the transaction waits. */
const HASTY: readonly string[] = ["Freeze", "Arrest", "ExchangeHold"];

/**
 * Simulates orders, and sends what the contracts let pass; `unlocked` is who sends it, where the options need not be asked.
 * @throws NotReadyError before anything is sent
 */
export async function execute(
  places: readonly string[],
  options: ExecuteOptions,
  surroundings: Surroundings,
  unlocked?: PrivateKeyAccount,
): Promise<void> {
  const { stderr, terminal } = surroundings;
  const desk = await chainDeskOf(options);
  const proceeds = options.proceeds === undefined ? undefined : amountIn(options.proceeds, "--proceeds", desk);
  const all = await readApproved(places, options, desk, surroundings, { proceeds: proceeds?.amount });
  for (const { order } of all) {
    if (proceeds === undefined || order.primaryType !== "Convert") continue;
    requireAsset("--proceeds", proceeds.asset, order.message.proceedsAsset, desk);
  }
  // Who goes on after an interruption brings what is done, too.
  const waiting = all.filter(({ state }) => !DONE.includes(state.is));
  const orders = waiting.length === 0 ? all : waiting;
  const reasons = orders.flatMap((order) => unreadiness(order, desk));
  if (reasons.length > 0) throw new NotReadyError("Nothing was sent.", reasons);
  const passed = all.filter((order) => !orders.includes(order));
  for (const order of passed) stderr.write(`Passed over: ${unreadiness(order, desk)[0]!}\n`);
  for (const order of orders) stderr.write(`${sentenceLines(order, desk.words).join("\n")}\n`);
  if (options.relay === undefined && orders.some(({ order }) => HASTY.includes(order.primaryType))) {
    stderr.write(
      "The node's mempool may be public: whoever watches it sees this before it is done. --relay names another way.\n",
    );
  }

  const account = unlocked ?? (await accountOf(options, desk.deployment.chainId, terminal));
  const batches = await batchesOf(orders, desk, account.address, proceeds?.amount);
  const shares = batches.map((batch) => batch.orders.length).join(" + ");
  const parts = batches.length > 1 ? ` in ${countOf(batches.length, "transaction")} (${shares})` : "";
  // The node names the price once, before somebody agrees to it.
  const fees = await feesOf(desk);
  const cost = batches.reduce((sum, { gas }) => sum + limitOf(gas), 0n) * fees.maxFeePerGas;
  const price = `for ${formatEther(cost)} ether at most`;
  stderr.write(`${countOf(orders.length, "order")}${parts}, sent by ${account.address} ${price}\n`);
  if (options.dryRun) return void stderr.write("Dry run: nothing was sent.\n");
  await agree(labelsOf(desk.words).sendIt, options.yes, terminal, desk.words.language);

  const done: Sent[] = [];
  const over: string[] = [];
  try {
    for (const { orders: sentOrders, call, gas } of batches) {
      const sent = await send(desk, account, call, gas, fees, options);
      done.push(sent);
      for (const { index, reason } of sent.skipped) over.push(`${sentOrders[index]!.path}: passed over, ${reason}`);
      if (!options.json) showSent(sent, desk.words, surroundings);
    }
  } finally {
    // What was done is told, whatever becomes of the rest.
    const data = { schema: "sequester.order-execution/1", transactions: done };
    if (options.json) surroundings.stdout.write(`${JSON.stringify(data, bigintsAsText)}\n`);
  }
  if (over.length > 0) throw new NotReadyError("Not every order was executed.", over);
}

/** As few transactions as the gas cap allows. @throws NotReadyError, CallRefusedError */
async function batchesOf(
  orders: readonly ApprovedOrder[],
  desk: ChainDesk,
  from: `0x${string}`,
  proceeds: bigint | undefined,
): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (const run of runsOf(orders)) {
    for (let waiting = run; waiting.length > 0;) {
      const gasFor = (some: readonly ApprovedOrder[]) => gasOf(desk, from, callOf(some, desk, proceeds));
      const fitting = await longestFitting(waiting, async (some) => (await gasFor(some)) !== undefined);
      const gas = await gasFor(fitting);
      if (gas === undefined) throw new NotReadyError("Nothing was sent.", [`${fitting[0]!.path}: ${TOO_LARGE}`]);
      batches.push({ orders: fitting, call: callOf(fitting, desk, proceeds), gas });
      waiting = waiting.slice(fitting.length);
    }
  }
  return batches;
}

/** Orders that one call can bring: of one act, each with its own approvals or all in a row of one bundle. */
function runsOf(orders: readonly ApprovedOrder[]): ApprovedOrder[][] {
  const place = ({ bundled, digest }: ApprovedOrder) => bundled?.leaves.indexOf(digest) ?? -1;
  const sorted = orders.toSorted((a, b) => place(a) - place(b));
  const runs: ApprovedOrder[][] = [];
  for (const order of sorted) {
    const last = runs.at(-1)?.at(-1);
    const joins =
      last !== undefined &&
      isBundled(order.order.primaryType) &&
      last.order.primaryType === order.order.primaryType &&
      last.bundled?.digest === order.bundled?.digest &&
      (order.bundled === undefined || place(last) + 1 === place(order));
    if (joins) runs.at(-1)!.push(order);
    else runs.push([order]);
  }
  return runs;
}

function callOf(orders: readonly ApprovedOrder[], { deployment }: ChainDesk, proceeds?: bigint): OrderCall {
  const [{ order, digest, approvals, isKey, bundled, consent, scheduledBy }] = orders as [ApprovedOrder];
  const { addresses } = deployment;
  if (scheduledBy !== undefined) {
    return executing(addresses, order, scheduledBy, packApprovals(approvals, isKey), proceeds);
  }
  if (!isBundled(order.primaryType)) return bringing(addresses, order, packApprovals(approvals, isKey), consent);
  const listed = orders.map((it) => it.order) as unknown as [Order<BundledType>, ...Order<BundledType>[]];
  if (bundled === undefined) {
    return bringingList(
      addresses,
      listed,
      orders.map((it) => packApprovals(it.approvals, it.isKey)),
    );
  }
  const range = rangeOf(bundled, bundled.leaves.indexOf(digest), orders.length);
  return bringingList(addresses, listed, [packApprovals(approvals, isKey)], range);
}
