import { formatEther, type Address, type PrivateKeyAccount } from "viem";
import { ownFault } from "../chain/node.ts";
import { refusalIn, returnedBy } from "../chain/refusals.ts";
import { waitAfter, WHILE_IT_LAGS } from "../chain/rpc.ts";
import { bigintsAsText } from "../base/json.ts";
import { countOf } from "../base/words.ts";
import type { OrderCall } from "../orders/calls.ts";
import type { Surroundings } from "./operation.ts";
import type { ChainDesk, DeskOptions } from "./order/desk.ts";
import { accountOf, type KeyOptions } from "./order/keys.ts";
import { labelsOf } from "./order/labels.ts";
import { NotReadyError } from "./order/refused.ts";
import {
  CallRefusedError,
  feesOf,
  gasOf,
  limitOf,
  RevertedError,
  send,
  type SendOptions,
  type Sent,
} from "./order/sending.ts";
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
  /** Of one that needs a step before it: the contracts' error as long as that is not done. */
  lacks?: string;
  /** Takes it back, where the contracts refuse what comes after it. */
  undo?: Step;
}

const TOO_LARGE = "needs more gas than a transaction may have";

/**
 * Says what will be done, tries the first step on the node, and of those that need it that nothing else is in the way, asks, and
 * sends one step after the other, each tried when those before it are done. `unlocked`: the account, where it was needed before;
 * `agreed`: what is done once nothing is in the way; `apart`: no step needs another, so that one which is refused holds up none.
 * What was done is told, whatever becomes of the rest.
 * @throws CallRefusedError before the step that the contracts refuse is sent; `apart`: where they refuse all
 * @throws NotReadyError `apart`: at the end, naming what was refused
 */
export async function bring(
  steps: readonly Step[],
  desk: ChainDesk,
  options: BringOptions,
  surroundings: Pick<Surroundings, "stdout" | "stderr" | "terminal">,
  { unlocked, agreed, apart }: { unlocked?: PrivateKeyAccount; agreed?: () => void; apart?: boolean } = {},
): Promise<void> {
  const { stdout, stderr, terminal } = surroundings;
  for (const { sentence } of steps) stderr.write(`${sentence}\n`);
  const account = unlocked ?? (await accountOf(options, desk.deployment.chainId, terminal));
  const gasFor = async ({ call, sentence }: Step): Promise<bigint> => {
    const gas = await gasOf(desk, account.address, call);
    if (gas === undefined) throw new NotReadyError("It is not sent.", [`${sentence}: ${TOO_LARGE}`]);
    return gas;
  };
  for (const step of steps) if (step.lacks !== undefined) await requireNothingElse(step, desk, account.address);
  const refused = new Map<Step, CallRefusedError>();
  const unlessRefused = <T>(step: Step, asked: Promise<T>): Promise<T | undefined> =>
    asked.catch((error: unknown) => {
      if (!apart || !(error instanceof CallRefusedError)) throw error;
      refused.set(step, error);
      return undefined;
    });
  const fees = await feesOf(desk);
  let cost = 0n;
  for (const step of steps) {
    const gas = await unlessRefused(step, gasFor(step));
    if (gas === undefined) continue;
    cost = limitOf(gas) * fees.maxFeePerGas;
    break;
  }
  const [why] = refused.values();
  if (why !== undefined && refused.size === steps.length) throw why;
  const parts = countOf(steps.length, "transaction");
  stderr.write(`${parts}, sent by ${account.address}, ${formatEther(cost)} ether at most for the first\n`);
  if (options.dryRun) return void stderr.write("Dry run: nothing was sent.\n");
  await agree(labelsOf(desk.words).sendIt, options.yes, terminal, desk.words.language);

  agreed?.();
  const done: Sent[] = [];
  try {
    for (const [i, step] of steps.entries()) if (!refused.has(step)) await unlessRefused(step, sendNow(step, i));
  } catch (fault) {
    for (const { sentence, undo } of steps.slice(0, done.length).reverse()) {
      if (undo !== undefined) await takeBack(undo, sentence, fault);
    }
    throw fault;
  } finally {
    const data = { schema: "sequester.transactions/1", transactions: done };
    if (options.json) stdout.write(`${JSON.stringify(data, bigintsAsText)}\n`);
  }
  if (refused.size > 0) {
    const reasons = [...refused].map(([{ sentence }, { metaMessages }]) => `${sentence} ${metaMessages.join(" ")}`);
    throw new NotReadyError("The contracts refuse some of it; that was not sent.", reasons);
  }

  /** What is allowed is taken back where it is for nothing; while nobody knows, it is for the same command, which goes on. */
  async function takeBack(undo: Step, sentence: string, fault: unknown): Promise<void> {
    if (isRefusal(fault)) {
      stderr.write(`${undo.sentence}\n`);
      if ((await sendNow(undo, 0).catch(ownFault)) === undefined) return;
    }
    stderr.write(`This stands: ${sentence}\n`);
  }

  async function sendNow(step: Step, place: number): Promise<void> {
    const sent = await send(desk, account, step.call, await patiently(() => gasFor(step), place > 0), fees, options);
    done.push(sent);
    if (!options.json) showSent(sent, desk.words, surroundings);
  }
}

const isRefusal = (fault: unknown): boolean => fault instanceof CallRefusedError || fault instanceof RevertedError;

async function patiently<T>(ask: () => Promise<T>, isBehind: boolean): Promise<T> {
  // Behind a step that is done a node that lags refuses the next one at first.
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (fault) {
      if (!isBehind || !(fault instanceof CallRefusedError) || attempt === WHILE_IT_LAGS.attempts) throw fault;
      await waitAfter(attempt, WHILE_IT_LAGS);
    }
  }
}

/** @throws CallRefusedError where more is in the way of a step than that the one before it is not done yet */
async function requireNothingElse({ call, lacks }: Step, { client }: ChainDesk, account: Address): Promise<void> {
  try {
    await client.call({ account, ...call });
  } catch (fault) {
    const refusal = refusalIn(returnedBy(fault) ?? "0x");
    if (refusal === undefined) throw ownFault(fault);
    if (refusal.error !== lacks) throw new CallRefusedError(refusal);
  }
}
