import { isAddressEqual, keccak256, parseEventLogs, type Hex, type PrivateKeyAccount, type PublicClient } from "viem";
import { estimateGas } from "viem/actions";
import { abiOf } from "../../chain/artifacts.ts";
import { handOver } from "../../chain/handing.ts";
import { answerOf, callsOf, nodeAt } from "../../chain/node.ts";
import { FOREIGN_ERROR, refusalIn, refusalOf, type Refusal } from "../../chain/refusals.ts";
import { waitAfter, WHILE_IT_LAGS } from "../../chain/rpc.ts";
import { SequesterError } from "../../base/errors.ts";
import { entriesIn, type Entry } from "../../journal/entries.ts";
import { GAS_CAP } from "../../operation/play/batches.ts";
import type { OrderCall } from "../../orders/calls.ts";
import type { ChainDesk } from "./desk.ts";
import { minedOf, NotMinedError } from "./handing.ts";

/** A transaction that is in a block and changed nothing. Exit code 1. */
export class RevertedError extends SequesterError {
  override name = "RevertedError";
  constructor(hash: Hex, block: bigint) {
    super("The transaction changed nothing.", {
      metaMessages: [`who: ${hash}`, `has: reverted in block ${block}`, "needs: order simulate, which says why"],
    });
  }
}

/** The contracts refuse a call before it is sent. Exit code 1. */
export class CallRefusedError extends SequesterError {
  override name = "CallRefusedError";
  /** The name of the contracts' error. */
  readonly error: string;
  constructor({ error, reason }: Refusal) {
    const known = error === FOREIGN_ERROR ? [] : [`needs: what docs/errors.md says of ${error}`];
    super("The contracts refuse it; it was not sent.", { metaMessages: [`has: ${reason}`, ...known] });
    this.error = error;
  }
}

/** The sender cannot pay for the transaction. Exit code 1. */
export class PoorSenderError extends SequesterError {
  override name = "PoorSenderError";
  constructor(sender: Hex, has: bigint, needs: bigint) {
    super("The sender cannot pay for the transaction.", {
      metaMessages: [`who: ${sender}`, `has: ${has} wei`, `needs: ${needs} wei, or another sender: ${PAYERS}`],
    });
  }
}

/** Who can pay; an order is brought by whoever has money for it, an officer or not. */
const PAYERS = "--keystore, or on a local node --account deployer and the --seed of its deployment";

export interface SendOptions {
  /** Blocks that the transaction is to be under, its own among them. */
  confirmations: number;
  /** Another endpoint, which gets the raw transaction instead of the node. */
  relay?: string;
}

/** What came of a transaction. */
export interface Sent {
  hash: Hex;
  block: bigint;
  gasUsed: bigint;
  entries: readonly Entry[];
  /** Places of the orders that a list passed over, and why. */
  skipped: { index: number; reason: string }[];
}

/** Gas that a call needs; undefined where no transaction may have so much. @throws CallRefusedError */
export async function gasOf({ client }: ChainDesk, from: Hex, { to, data }: OrderCall): Promise<bigint | undefined> {
  try {
    const gas = await estimateGas(client, { account: from, to, data });
    return gas > GAS_CAP ? undefined : gas;
  } catch (fault) {
    const refusal = refusalOf(fault);
    if (refusal !== undefined) throw new CallRefusedError(refusal);
    const own = await answerOf(Promise.reject<never>(fault as Error)).catch((error: unknown) => error as Error);
    // Nodes say it as they like: "out of gas", "gas required exceeds allowance", "exceeds transaction gas cap"; or that the
    // call was reverted, and nothing more, where a contract of ours would have named its reason.
    if (/out of gas|gas .*exceeds|exceeds .*gas|reverted/i.test(own.message)) return undefined;
    throw own;
  }
}

/** What a transaction may cost at most, in wei per gas. */
export interface Fees {
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

/** The fees that the node names, with room for a price that doubles until the last transaction. */
export async function feesOf({ client }: ChainDesk): Promise<Fees> {
  const { maxFeePerGas, maxPriorityFeePerGas } = await answerOf(client.estimateFeesPerGas());
  return { maxFeePerGas: 2n * maxFeePerGas, maxPriorityFeePerGas };
}

/** The gas that a transaction gets: what others do before it may cost a little more. */
export function limitOf(gas: bigint): bigint {
  const limit = gas + gas / 5n;
  return limit > GAS_CAP ? GAS_CAP : limit;
}

/** Signs a call as a transaction, sends it, and waits for it. @throws PoorSenderError, UnknownOutcomeError, NotMinedError, RevertedError */
export async function send(
  desk: ChainDesk,
  account: PrivateKeyAccount,
  { to, data }: OrderCall,
  gas: bigint,
  fees: Fees,
  { confirmations, relay }: SendOptions,
): Promise<Sent> {
  const { client, deployment } = desk;
  const { docket } = deployment.addresses;
  const request = {
    type: "eip1559" as const,
    chainId: deployment.chainId,
    nonce: await numberOf(client, account.address),
    gas: limitOf(gas),
    to,
    data,
    ...fees,
  };
  const [balance, cost] = [await answerOf(client.getBalance(account)), request.gas * request.maxFeePerGas];
  if (balance < cost) throw new PoorSenderError(account.address, balance, cost);
  const raw = await account.signTransaction(request);
  const hash = keccak256(raw);
  const node = callsOf(client);
  const handed = { raw, hash, taker: relay === undefined ? node : nodeAt(relay) };
  await handOver(handed, node);
  const { receipt, timestamp } = await minedOf(handed, client, confirmations);
  const { blockNumber, status, gasUsed, logs } = receipt;
  if (status === "reverted") throw new RevertedError(hash, blockNumber);
  const skipped = parseEventLogs({ abi: abiOf("Docket"), logs, eventName: "Skipped" });
  return {
    hash,
    block: blockNumber,
    gasUsed,
    entries: entriesIn(receipt, docket, timestamp),
    skipped: skipped
      .filter(({ address }) => isAddressEqual(address, docket))
      .map(({ args }) => ({ index: Number(args.index), reason: refusalIn(args.reason)?.reason ?? args.reason })),
  };
}

/** The number of the sender's next transaction. What waits may be the same act, sent before. @throws NotMinedError */
async function numberOf(client: PublicClient, address: Hex): Promise<number> {
  const count = (blockTag: "latest" | "pending") => answerOf(client.getTransactionCount({ address, blockTag }));
  // Its last transaction may be in a block that a node does not have yet.
  for (let attempt = 1; ; attempt++) {
    const [mined, all] = [await count("latest"), await count("pending")];
    if (all <= mined) return mined;
    if (attempt === WHILE_IT_LAGS.attempts) throw new NotMinedError(`transaction ${mined} of ${address}, sent before`);
    await waitAfter(attempt, WHILE_IT_LAGS);
  }
}
