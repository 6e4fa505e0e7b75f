import { numberToHex, type Hex } from "viem";
import { answerOf, clientOf, nodeAt } from "../chain/node.ts";
import { saysTaken } from "../chain/nodeRefusals.ts";
import { NodeRefusedError, NodeUnreachableError } from "../chain/rpc.ts";
import { verifyDeployment, type Deployment } from "../chain/deployments.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { countOf } from "../base/words.ts";
import { isoOf } from "../base/time.ts";
import { LOCAL_CHAIN } from "../deployment/keys.ts";
import { readJournal } from "../journal/read.ts";
import type { KeptChain } from "./keep.ts";

/** The node has something else than the operation's calls so far. Exit code 64. */
export class OtherHistoryError extends SequesterError {
  override name = "OtherHistoryError";
  constructor(where: string, has: string, needs: string) {
    super("The operation cannot be brought to this node.", {
      code: EXIT.usage,
      metaMessages: [`who: ${where}`, `has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** The node took what makes a block, and makes none. Exit code 5. */
export class NoBlockError extends SequesterError {
  override name = "NoBlockError";
  constructor(block: number, ms: number) {
    super("The node makes no block.", {
      code: EXIT.node,
      metaMessages: [
        `who: block ${block}`,
        `has: no block after ${countOf(ms / 1000, "second")}`,
        "needs: a node that mines each transaction as it comes; then the same command",
      ],
    });
  }
}

/** The node's journal is another one than that of the operation, though every call was done. Exit code 3. */
export class OtherJournalError extends SequesterError {
  override name = "OtherJournalError";
  constructor(has: string, needs: string) {
    super("The node made another journal of the same calls.", {
      code: EXIT.verification,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

interface Transaction {
  from: string;
  to?: string | null;
  input: string;
}

interface Block {
  timestamp: Hex;
  transactions: Transaction[];
}

/** A transaction as the operation sent it. */
type Sent = { from: string; to?: string; data: string };

/** Milliseconds between two looks for a transaction's block. */
const PAUSE = 20;
/** Milliseconds that a block is waited for. */
const PATIENCE = 60_000;
/** So often is sent what made no block: a node that is asked may lose it, or its answer. */
const SENDS = 4;
/** The part of the patience after which what a line swallowed is sent again. */
const SOON = 1 / 60;

/**
 * Brings the calls that made an operation's chain to a node of the local chain id, each in a block of its own at its second. What
 * the node has already is compared and passed over: after an interruption the same call goes on. All of it was done once on the
 * embedded chain, so that what is sent here is known to be right.
 * @throws OtherHistoryError, NoBlockError, NodeRefusedError, NodeUnreachableError, MalformedAnswerError
 */
export async function bringCalls(
  url: string,
  { calls, start }: Pick<KeptChain, "calls" | "start">,
  progress: (done: number, total: number) => unknown = () => {},
  patience = PATIENCE,
): Promise<void> {
  const [patient, once] = [nodeAt(url), nodeAt(url, { attempts: 1 })];
  const node = async <T>(method: string, ...params: unknown[]) => (await patient.call(method, params)) as T;
  const chainId = Number(await node<Hex>("eth_chainId"));
  const needs = `${LOCAL_CHAIN}: keys of an operation derive from its seed`;
  if (chainId !== LOCAL_CHAIN) throw new OtherHistoryError("its chain id", String(chainId), needs);
  const newest = async () => Number(await node<Hex>("eth_blockNumber"));
  const had = await newest();
  if (had === 0) await requireEarlier();

  const nonces = new Map<string, number>();
  let block = 0;
  let seconds = start;
  for (const [i, { method, params }] of calls.entries()) {
    await progress(i, calls.length);
    if (method === "evm_setNextBlockTimestamp") seconds = Number(params[0]);
    // A node that was started again impersonates nobody.
    if (method === "hardhat_impersonateAccount") await node(method, ...params);
    if (method === "hardhat_setBalance" && block >= had) await node(method, ...params);
    if (method === "evm_mine" || method === "eth_sendTransaction") {
      block++;
      const sent = method === "evm_mine" ? undefined : (params[0] as Sent);
      const nonce = sent && (nonces.get(sent.from.toLowerCase()) ?? 0);
      if (sent !== undefined) nonces.set(sent.from.toLowerCase(), nonce! + 1);
      // With its nonce a transaction that was sent, and whose answer was lost, is not done twice.
      if (block > had) await make(sent && { ...sent, nonce: numberToHex(nonce!) });
      await requireSame(block, sent);
    }
  }
  await progress(calls.length, calls.length);

  /** Has the node make the next block, of a transaction or of none. Sent again is only what made no block in its time. */
  async function make(sent: (Sent & { nonce: Hex }) | undefined): Promise<void> {
    let fault: Error | undefined;
    for (let attempt = 1; attempt <= SENDS; attempt++) {
      await node("evm_setNextBlockTimestamp", seconds);
      fault = await (sent === undefined ? once.call("evm_mine", []) : once.call("eth_sendTransaction", [sent])).then(
        () => undefined,
        (error: Error) => error,
      );
      // A transaction that reverts is in a block all the same, though nodes answer with an error; any other fault is shown by its block.
      const isTaken = fault === undefined || wasTaken(fault);
      const part = isTaken ? 1 / SENDS : mayPass(fault) ? SOON : 0;
      if (await comes(block, part * patience)) return;
      if (fault !== undefined && !isTaken && !mayPass(fault)) throw fault;
    }
    throw fault === undefined || wasTaken(fault) ? new NoBlockError(block, patience) : fault;
  }

  /** Whether the node comes to a block in so many milliseconds. */
  async function comes(number: number, ms: number): Promise<boolean> {
    const until = performance.now() + ms;
    for (;;) {
      if ((await newest()) >= number) return true;
      if (performance.now() >= until) return false;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  async function requireEarlier(): Promise<void> {
    const has = Number((await node<Block>("eth_getBlockByNumber", "0x0", false)).timestamp);
    if (has <= start) return;
    const early = `a first block at ${isoOf(start)} or before, such as \`anvil --timestamp ${start}\``;
    throw new OtherHistoryError("its clock", isoOf(has), early);
  }

  async function requireSame(number: number, sent: Sent | undefined) {
    const { timestamp, transactions } = await node<Block>("eth_getBlockByNumber", numberToHex(number), true);
    const same = (has: Transaction, needs: Sent) =>
      has.from.toLowerCase() === needs.from.toLowerCase() &&
      (has.to ?? "").toLowerCase() === (needs.to ?? "").toLowerCase() &&
      has.input.toLowerCase() === needs.data.toLowerCase();
    const [has, ...more] = transactions;
    const isSame = more.length === 0 && (sent === undefined ? has === undefined : has !== undefined && same(has, sent));
    const told = has === undefined ? "no transaction" : `a transaction of ${has.from} to ${has.to ?? "a new contract"}`;
    const needs = "that of the operation, on a new node or one that began with it";
    if (!isSame) throw new OtherHistoryError(`block ${number}`, told, needs);
    const at = Number(timestamp);
    if (at !== seconds) throw new OtherHistoryError(`block ${number}`, isoOf(at), `${isoOf(seconds)}, ${needs}`);
  }
}

/** Whether a fault says nothing of what was sent: it may have been done, and may be sent again. */
const mayPass = (fault: unknown): boolean =>
  fault instanceof NodeUnreachableError ||
  (fault instanceof NodeRefusedError && (fault.kind === "rate" || fault.kind === "lagging"));

const wasTaken = (fault: unknown): boolean => fault instanceof NodeRefusedError && saysTaken(fault.reason);

/**
 * Holds the node's journal against that of the operation, entry by entry up to the head at the operation's last block.
 * @throws DeploymentMismatchError, OtherJournalError, JournalBrokenError, NodeBehindError, JournalBehindError
 */
export async function requireJournal(url: string, deployment: Deployment, needs: Hex, block: number): Promise<void> {
  // Of the chain that it was of when the calls were brought.
  const client = clientOf(url, LOCAL_CHAIN);
  await answerOf(verifyDeployment(client, deployment));
  const { head } = await answerOf(readJournal(client, deployment, BigInt(block)));
  if (head.head !== needs) throw new OtherJournalError(head.head, needs);
}
