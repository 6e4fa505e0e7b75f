import { hexToNumber, numberToHex, type Hex } from "viem";
import { clientOf } from "../chain/node.ts";
import { HttpEndpoint } from "../chain/rpc.ts";
import { verifyDeployment, type Deployment } from "../chain/deployments.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { countOf } from "../base/words.ts";
import { isoOf } from "../base/time.ts";
import { LOCAL_CHAIN } from "../deployment/keys.ts";
import { journalAt } from "../journal/read.ts";
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

/** Milliseconds between two looks for a transaction's block. */
const PAUSE = 20;
/** Milliseconds that a block is waited for. */
const PATIENCE = 60_000;

/**
 * Brings the calls that made an operation's chain to a node of the local chain id, each in a block of its own at its second. What
 * the node has already is compared and passed over: after an interruption the same call goes on. All of it was done once on the
 * embedded chain, so that what is sent here is known to be right.
 * @throws OtherHistoryError, OtherJournalError, NodeRefusedError, NodeUnreachableError
 */
export async function bringCalls(
  url: string,
  { calls, start }: Pick<KeptChain, "calls" | "start">,
  progress: (done: number, total: number) => unknown = () => {},
  patience = PATIENCE,
): Promise<void> {
  const endpoint = new HttpEndpoint(url);
  const node = async <T>(method: string, ...params: unknown[]) => (await endpoint.call(method, params)) as T;
  const chainId = hexToNumber(await node<Hex>("eth_chainId"));
  const needs = `${LOCAL_CHAIN}: keys of an operation derive from its seed`;
  if (chainId !== LOCAL_CHAIN) throw new OtherHistoryError("its chain id", String(chainId), needs);
  const newest = async () => hexToNumber(await node<Hex>("eth_blockNumber"));
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
      const sent = method === "evm_mine" ? undefined : (params[0] as { from: string; to?: string; data: string });
      const nonce = sent && (nonces.get(sent.from.toLowerCase()) ?? 0);
      if (sent !== undefined) nonces.set(sent.from.toLowerCase(), nonce! + 1);
      if (block > had) {
        await node("evm_setNextBlockTimestamp", seconds);
        if (sent === undefined) await node("evm_mine");
        // With its nonce a transaction that was sent, and whose answer was lost, is not done twice.
        else await node("eth_sendTransaction", { ...sent, nonce: numberToHex(nonce!) }).catch(passOverRefusal);
        const until = performance.now() + patience;
        while ((await newest()) < block) {
          if (performance.now() > until) {
            const has = `no block after ${countOf(patience / 1000, "second")}`;
            throw new OtherHistoryError(`block ${block}`, has, "a node that mines each transaction as it comes");
          }
          await new Promise((resolve) => setTimeout(resolve, PAUSE));
        }
      }
      await requireSame(block, sent);
    }
  }
  await progress(calls.length, calls.length);

  /** A transaction that reverts is in a block all the same, though nodes answer with an error; any other fault is shown by its block. */
  async function passOverRefusal(fault: unknown): Promise<void> {
    if ((await newest()) < block) throw fault;
  }

  async function requireEarlier(): Promise<void> {
    const { timestamp } = await node<{ timestamp: Hex }>("eth_getBlockByNumber", "0x0", false);
    const has = hexToNumber(timestamp);
    if (has <= start) return;
    const early = `a first block at ${isoOf(start)} or before, such as \`anvil --timestamp ${start}\``;
    throw new OtherHistoryError("its clock", isoOf(has), early);
  }

  async function requireSame(number: number, sent: { from: string; to?: string; data: string } | undefined) {
    const { transactions } = await node<{ transactions: Transaction[] }>(
      "eth_getBlockByNumber",
      numberToHex(number),
      true,
    );
    const same = (has: Transaction, needs: NonNullable<typeof sent>) =>
      has.from.toLowerCase() === needs.from.toLowerCase() &&
      (has.to ?? "").toLowerCase() === (needs.to ?? "").toLowerCase() &&
      has.input.toLowerCase() === needs.data.toLowerCase();
    const [has, ...more] = transactions;
    if (more.length === 0 && (sent === undefined ? has === undefined : has !== undefined && same(has, sent))) return;
    const told = has === undefined ? "no transaction" : `a transaction of ${has.from} to ${has.to ?? "a new contract"}`;
    throw new OtherHistoryError(
      `block ${number}`,
      told,
      "that of the operation, on a new node or one that began with it",
    );
  }
}

/**
 * Holds the node's journal against that of the operation, entry by entry up to the head.
 * @throws DeploymentMismatchError, OtherJournalError, JournalBrokenError
 */
export async function requireJournal(url: string, deployment: Deployment, needs: Hex): Promise<void> {
  const client = clientOf(url);
  await verifyDeployment(client, deployment);
  const { head } = await journalAt(client, deployment, await client.getBlockNumber());
  if (head.head !== needs) throw new OtherJournalError(head.head, needs);
}
