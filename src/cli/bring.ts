import { formatEther, type PrivateKeyAccount } from "viem";
import { bigintsAsText } from "../base/json.ts";
import { countOf } from "../base/words.ts";
import type { OrderCall } from "../orders/calls.ts";
import type { Surroundings } from "./operation.ts";
import type { ChainDesk, DeskOptions } from "./order/desk.ts";
import { accountOf, type KeyOptions } from "./order/keys.ts";
import { labelsOf } from "./order/labels.ts";
import { NotReadyError } from "./order/refused.ts";
import { feesOf, gasOf, limitOf, send, type SendOptions, type Sent } from "./order/sending.ts";
import { showSent } from "./order/sent.ts";
import { agree } from "./terminal.ts";

export interface BringOptions extends DeskOptions, KeyOptions, SendOptions {
  rpc: string;
  yes?: boolean;
  json?: boolean;
  dryRun?: boolean;
}

/** A call that needs no officer, with what it does. */
export interface Step {
  sentence: string;
  call: OrderCall;
}

const TOO_LARGE = "needs more gas than a transaction may have";

/**
 * Says what will be done, tries the first step on the node, asks, and sends one step after the other, each tried when those
 * before it are done. `unlocked`: the account, where it was needed before; `agreed`: what is done once nothing is in the way. What was done is told, whatever becomes of the rest.
 * @throws CallRefusedError before the step that the contracts refuse is sent
 */
export async function bring(
  steps: readonly Step[],
  desk: ChainDesk,
  options: BringOptions,
  surroundings: Pick<Surroundings, "stdout" | "stderr" | "terminal">,
  { unlocked, agreed }: { unlocked?: PrivateKeyAccount; agreed?: () => void } = {},
): Promise<void> {
  const { stdout, stderr, terminal } = surroundings;
  for (const { sentence } of steps) stderr.write(`${sentence}\n`);
  const account = unlocked ?? (await accountOf(options, desk.deployment.chainId, terminal));
  const gasFor = async ({ call, sentence }: Step): Promise<bigint> => {
    const gas = await gasOf(desk, account.address, call);
    if (gas === undefined) throw new NotReadyError("It is not sent.", [`${sentence}: ${TOO_LARGE}`]);
    return gas;
  };
  const [first] = steps;
  const fees = await feesOf(desk);
  const cost = first === undefined ? 0n : limitOf(await gasFor(first)) * fees.maxFeePerGas;
  const parts = countOf(steps.length, "transaction");
  stderr.write(`${parts}, sent by ${account.address}, ${formatEther(cost)} ether at most for the first\n`);
  if (options.dryRun) return void stderr.write("Dry run: nothing was sent.\n");
  await agree(labelsOf(desk.words).sendIt, options.yes, terminal, desk.words.language);

  agreed?.();
  const done: Sent[] = [];
  try {
    for (const step of steps) {
      const sent = await send(desk, account, step.call, await gasFor(step), fees, options);
      done.push(sent);
      if (!options.json) showSent(sent, desk.words, surroundings);
    }
  } finally {
    const data = { schema: "sequester.transactions/1", transactions: done };
    if (options.json) stdout.write(`${JSON.stringify(data, bigintsAsText)}\n`);
  }
}
