import { zeroHash, type Hex, type PublicClient } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { DeploymentMismatchError, verifyDeployment, type Deployment } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import { waitAfter, WHILE_IT_LAGS } from "../../chain/rpc.ts";
import { verifyChain } from "../../journal/chain.ts";
import { readEntries, readHead, type Entry, type Head } from "../../journal/entries.ts";
import { powersOf } from "../../journal/powers.ts";
import { replay, type JournalState } from "../../journal/replay.ts";
import { BlockUnavailableError, known } from "../known.ts";
import { readChain } from "../readings.ts";
import { unexplainedAt } from "../reconcile.ts";
import { unitsOf } from "../tables.ts";
import {
  brokenJournal,
  endingSoon,
  otherContracts,
  stillWaiting,
  toldBy,
  unexplained,
  type Alert,
  type AlertKind,
} from "./alerts.ts";
import type { Block, Memory, Watched } from "./memory.ts";

/** The chain was reorganized while it was read. Exit code 5. */
export class ChainMovedError extends SequesterError {
  override name = "ChainMovedError";
  constructor(block: bigint, has: Hex, needs: Hex) {
    super(`The node has another block ${block} than a moment ago.`, {
      code: EXIT.node,
      metaMessages: [`has: ${has}`, `needs: ${needs}, or a moment in which the chain stays as it is`],
    });
  }
}

/** Blocks, the newest ones, at which the contracts are read: nodes that are no archives keep the state of so many. */
const READ = 128n;
/** Headers that are asked for at once. */
const AT_ONCE = 64;

/** What a look came to. */
export interface Looked {
  /** The newest block that was looked at. */
  readonly block: bigint;
  /** How many blocks were looked at for the first time. */
  readonly blocks: number;
  /** In how many of them the journal alone was checked: the state of the contracts is too old, or the contracts are unknown. */
  readonly unread: number;
}

/** What a deployment is remembered by. @throws DeploymentMismatchError, BlockUnavailableError */
export async function watchedAt(client: PublicClient, deployment: Deployment): Promise<Watched> {
  const { chainId, addresses, block } = deployment;
  const range = { fromBlock: BigInt(block), toBlock: BigInt(block) };
  const [first] = await known(String(block), readEntries(client, addresses.docket, range));
  if (first === undefined) {
    await answerOf(verifyDeployment(client, deployment));
    throw new BlockUnavailableError(String(block), "no entry of the journal");
  }
  return { chainId, docket: addresses.docket, charter: first.head };
}

/** Follows a chain block by block; what needs a person is told once, also after a restart or a reorganization. */
export class Watch {
  readonly #client: PublicClient;
  readonly #deployment: Deployment;
  readonly #memory: Memory;
  /** Blocks behind the newest one that are left to settle. */
  readonly #confirmations: bigint;
  readonly #read: bigint;
  /** The journal up to a block of this number; emptied where the chain is another one. */
  #entries: Entry[] = [];
  #upTo: bigint;
  /** The state after so many entries. */
  #replayed: { count: number; state: JournalState } | undefined;

  /** `confirmations`: blocks left to settle; `read`: newest blocks at which the contracts are read. */
  constructor(
    client: PublicClient,
    deployment: Deployment,
    memory: Memory,
    { confirmations = 0n, read = READ }: { confirmations?: bigint; read?: bigint } = {},
  ) {
    this.#client = client;
    this.#deployment = deployment;
    this.#memory = memory;
    this.#confirmations = confirmations;
    this.#read = read;
    this.#upTo = this.#before;
  }

  /**
   * Looks at every block since the last look and remembers what needs a person. A node that contradicts itself, as one of several
   * behind an address may that lags, is asked again first.
   * @throws NodeRefusedError, NodeUnreachableError, MalformedAnswerError, BlockUnavailableError, ChainMovedError, WatchStateError
   */
  async look(): Promise<Looked> {
    // All is asked again where the chain moved meanwhile, or what a node tells contradicts itself.
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#look();
      } catch (error) {
        const isBroken = error instanceof SequesterError && error.code === EXIT.verification;
        if (!isBroken && !(error instanceof ChainMovedError)) throw error;
        this.#upTo = this.#before;
        if (attempt < WHILE_IT_LAGS.attempts) await waitAfter(attempt, WHILE_IT_LAGS);
        else if (isBroken) return this.#stopAt(await this.#newest(), [brokenJournal(error)]);
        else throw error;
      }
    }
  }

  async #look(): Promise<Looked> {
    const newest = await this.#newest();
    const last = await this.#lastSeen(newest);
    if (last !== undefined && newest.number <= last.number) return { block: last.number, blocks: 0, unread: 0 };
    const code = await this.#otherContracts();
    const headers = last === undefined ? [newest] : await this.#headers(last, newest);
    try {
      await this.#readJournal(last?.number ?? this.#before, newest);
    } catch (error) {
      // Who knows what answers in place of the docket.
      if (code.length === 0) throw error;
      return this.#stopAt(newest, code);
    }
    let unread = 0;
    for (const block of headers) {
      const { state, alerts } = this.#toldUpTo(block, last === undefined);
      const lookedFor = new Set<AlertKind>(["hold", "journal"]);
      const isRead = newest.number - block.number < this.#read && code.length === 0;
      const found = isRead ? await this.#readAt(block, state, block === headers.at(-1)) : undefined;
      if (found === undefined) unread++;
      else {
        alerts.push(...found);
        lookedFor.add("difference").add("issuer");
      }
      if (block === headers.at(-1)) {
        alerts.push(...code);
        lookedFor.add("code");
      }
      this.#memory.record(block, alerts, lookedFor);
    }
    this.#memory.withdraw();
    return { block: newest.number, blocks: headers.length, unread };
  }

  /** Tells what keeps the watch from going on: the blocks since the last look are looked at once it is gone. */
  #stopAt(newest: Block, alerts: readonly Alert[]): Looked {
    this.#memory.record(newest, alerts, new Set(), false);
    return { block: this.#memory.blocks()[0]?.number ?? this.#before, blocks: 0, unread: 0 };
  }

  /** No act is older than the block after this one. */
  get #before(): bigint {
    return BigInt(this.#deployment.block) - 1n;
  }

  async #newest(): Promise<Block> {
    const number = (await answerOf(this.#client.getBlockNumber())) - this.#confirmations;
    if (number > this.#before) return this.#headerAt(number);
    const has = `block ${number + this.#confirmations}, and ${this.#confirmations} to settle`;
    throw new BlockUnavailableError(String(this.#deployment.block), has);
  }

  async #headerAt(blockNumber: bigint): Promise<Block & { parentHash: Hex }> {
    return known(String(blockNumber), this.#client.getBlock({ blockNumber }));
  }

  /**
   * The last block that was looked at and is of the chain; undefined: none was looked at. A node that only has fewer blocks lags:
   * the chain is another one where a block of the same number is.
   */
  async #lastSeen(newest: Block): Promise<{ number: bigint; hash?: Hex } | undefined> {
    const seen = this.#memory.blocks();
    const comparable = seen.filter(({ number }) => number <= newest.number);
    for (const [i, block] of comparable.entries()) {
      const { hash } = block.number === newest.number ? newest : await this.#headerAt(block.number);
      if (hash !== block.hash) continue;
      if (i === 0) return seen[0];
      this.#forgetAfter(block.number);
      return block;
    }
    if (comparable.length === 0) return seen[0];
    this.#forgetAfter(this.#before);
    return { number: this.#before };
  }

  #forgetAfter(last: bigint): void {
    this.#memory.reorganized(last);
    this.#upTo = this.#before;
  }

  /** The blocks after `last` up to the newest, found to follow one another. */
  async #headers(last: { number: bigint; hash?: Hex }, newest: Block): Promise<Block[]> {
    const headers: Block[] = [];
    let parent = last.hash;
    for (let from = last.number + 1n; from <= newest.number; from += BigInt(AT_ONCE)) {
      const count = Math.min(AT_ONCE, Number(newest.number - from) + 1);
      const some = Array.from({ length: count }, (_, i) => this.#headerAt(from + BigInt(i)));
      for (const { number, hash, timestamp, parentHash } of await Promise.all(some)) {
        // Hardhat links no blocks that it mines at once.
        const isLinked = parent === undefined || parentHash === parent || parentHash === zeroHash;
        if (!isLinked) throw new ChainMovedError(number - 1n, parentHash, parent!);
        headers.push({ number, hash, timestamp });
        parent = hash;
      }
    }
    if (parent !== newest.hash) throw new ChainMovedError(newest.number, parent!, newest.hash);
    return headers;
  }

  /** Reads what is new of the journal, and holds all of it against the docket's head at the newest block. */
  async #readJournal(last: bigint, newest: Block): Promise<void> {
    const { chainId, addresses } = this.#deployment;
    if (this.#upTo > last) this.#upTo = this.#before;
    if (this.#upTo === this.#before) [this.#entries, this.#replayed] = [[], undefined];
    const range = { fromBlock: this.#upTo + 1n, toBlock: newest.number };
    const at = String(newest.number);
    const more = await known(at, readEntries(this.#client, addresses.docket, range));
    const stored = await known(at, readHead(this.#client, addresses.docket, newest.number));
    await this.#requireStill(newest);
    const entries = [...this.#entries, ...more];
    if (more.length > 0 || !isHeadOf(stored, entries)) {
      verifyChain(entries, { chainId, docket: addresses.docket, stored });
    }
    [this.#entries, this.#upTo] = [entries, newest.number];
  }

  /** What the journal tells at a block: of its entries, to who begins those whose orders wait; and the holds that end soon. */
  #toldUpTo({ number, timestamp }: Block, begins: boolean): { state: JournalState; alerts: Alert[] } {
    const count = this.#countUpTo(number);
    if (this.#replayed?.count !== count) this.#replayed = { count, state: replay(this.#entries.slice(0, count)) };
    const { state } = this.#replayed;
    const units = unitsOf(this.#deployment);
    const at = Number(timestamp);
    const found = begins
      ? this.#entries.slice(0, count).filter((entry) => stillWaiting(entry, state, at))
      : this.#entries.slice(this.#countUpTo(number - 1n), count);
    const powers = once(() => powersOf(this.#entries.slice(0, count)));
    const told = found.flatMap((entry) => toldBy(entry, state, powers, units));
    return { state, alerts: [...told, ...endingSoon(state, at, units)] };
  }

  #countUpTo(number: bigint): number {
    return this.#entries.findLastIndex(({ blockNumber }) => blockNumber <= number) + 1;
  }

  /** What the contracts say at a block that nothing explains; undefined: the node has forgotten it, and it is not the newest. */
  async #readAt(block: Block, state: JournalState, isNewest: boolean): Promise<Alert[] | undefined> {
    const { chainId, addresses } = this.#deployment;
    const at = String(block.number);
    try {
      const readings = await known(at, readChain(this.#client, this.#deployment, state, block.number));
      const gaps = await known(at, unexplainedAt(this.#client, this.#deployment, state, readings));
      await this.#requireStill(block);
      const entries = this.#entries.slice(0, this.#countUpTo(block.number));
      if (!isHeadOf(readings.head, entries)) {
        verifyChain(entries, { chainId, docket: addresses.docket, stored: readings.head });
      }
      return unexplained(gaps, unitsOf(this.#deployment));
    } catch (error) {
      if (isNewest || !(error instanceof BlockUnavailableError)) throw error;
      return undefined;
    }
  }

  async #requireStill({ number, hash }: Block): Promise<void> {
    const now = await this.#headerAt(number);
    if (now.hash !== hash) throw new ChainMovedError(number, now.hash, hash);
  }

  async #otherContracts(): Promise<Alert[]> {
    try {
      await answerOf(verifyDeployment(this.#client, this.#deployment));
      return [];
    } catch (error) {
      if (error instanceof DeploymentMismatchError) return otherContracts(error);
      throw error;
    }
  }
}

const isHeadOf = ({ entries, head }: Head, journal: readonly Entry[]): boolean =>
  entries === BigInt(journal.length) && head === journal.at(-1)?.head;

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
