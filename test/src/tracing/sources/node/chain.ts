import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { decodeFunctionData, encodeFunctionResult, erc20Abi, keccak256, stringToHex, toHex, type Hex } from "viem";
import { TRANSFER_TOPIC, type RawLog } from "../../../../../src/tracing/sources/node/decode.ts";
import { NodeRefusedError, type Endpoint, type Patience } from "../../../../../src/chain/rpc.ts";
import { kindOfRefusal } from "../../../../../src/chain/nodeRefusals.ts";
import { ZERO_ADDRESS, type TransferRow } from "../../../../../src/tracing/transfers/row.ts";
import type { Random } from "../../../orders/random.ts";

export const ASSET = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
export const OTHER_ASSET = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512";

/** Hardly any waiting, so that tests of waiting end. */
export const IMPATIENT: Patience = { attempts: 3, firstMs: 1, longestMs: 2 };

export interface Move {
  from: string;
  to: string;
  value: bigint;
}

export interface Block {
  number: number;
  hash: Hex;
  parentHash: Hex;
  timestamp: number;
  logs: RawLog[];
}

/** What a node answers with instead of a result. */
export class Refusal extends Error {
  readonly code: number;
  constructor(message: string, code = -32000) {
    super(message);
    this.code = code;
  }
}

export const addressOf = (n: number): string => `0x${n.toString(16).padStart(40, "a")}`;
const wordOf = (address: string): Hex => `0x${address.slice(2).padStart(64, "0")}`;

/** The log of a transfer, wherever it is. */
export const transferLog = ({ from, to, value }: Move, address = ASSET) => ({
  address,
  topics: [TRANSFER_TOPIC, wordOf(from), wordOf(to)],
  data: toHex(value, { size: 32 }),
});

/** A chain in memory, with one asset whose balances follow its transfers, answered as a node does. */
export class FakeChain {
  readonly blocks: Block[] = [];
  chainId = 1;
  finalized = 0;
  safe = 0;
  /** Supply that the asset has beyond its mints, as one has that mints without a Transfer. */
  hiddenSupply = 0n;
  /** Blocks below have no state any more. */
  stateFrom = 0;
  #salt = 0;
  readonly #blooms = new WeakMap<RawLog[], Hex>();

  /** Adds a block with these logs and makes it final. */
  add(logs: Pick<RawLog, "address" | "topics" | "data">[]): Block {
    const block = this.addUnsafe(logs);
    this.finalized = this.safe = block.number;
    return block;
  }

  /** Adds a block that is not final. */
  addUnsafe(logs: Pick<RawLog, "address" | "topics" | "data">[]): Block {
    const number = this.blocks.length;
    const parentHash = this.blocks.at(-1)?.hash ?? toHex(0, { size: 32 });
    const hash = keccak256(stringToHex(`${parentHash}/${number}/${this.#salt}`));
    const placed = logs.map((log, i) => ({
      ...log,
      blockNumber: toHex(number),
      blockHash: hash,
      transactionHash: keccak256(stringToHex(`${hash}/${i >> 1}`)),
      logIndex: toHex(2 * i),
      removed: false,
    }));
    const block = { number, hash, parentHash, timestamp: 1_700_000_000 + 12 * number, logs: placed };
    this.blocks.push(block);
    return block;
  }

  /** Drops the last blocks; what is added then has other hashes. */
  turn(count: number): void {
    this.blocks.splice(this.blocks.length - count);
    this.#salt += 1;
  }

  /** A copy that can go another way. */
  copy(): FakeChain {
    const other = new FakeChain();
    other.blocks.push(...this.blocks.map((block) => ({ ...block, logs: block.logs.map((log) => ({ ...log })) })));
    Object.assign(other, { chainId: this.chainId, finalized: this.finalized, safe: this.safe });
    return other;
  }

  /** The asset's transfers, as an index should have them. */
  rows(last = this.finalized): TransferRow[] {
    return this.blocks.slice(0, last + 1).flatMap(({ number, timestamp, logs }) =>
      logs.filter(isTransfer).map((log) => ({
        block: number,
        logIndex: Number(log.logIndex),
        hash: log.transactionHash,
        time: timestamp,
        from: `0x${log.topics[1]!.slice(26)}`,
        to: `0x${log.topics[2]!.slice(26)}`,
        value: BigInt(log.data),
      })),
    );
  }

  /** @throws Refusal */
  answer(method: string, params: readonly unknown[]): unknown {
    switch (method) {
      case "eth_chainId":
        return toHex(this.chainId);
      case "eth_getBlockByNumber":
        return this.#header(params[0] as string);
      case "eth_getLogs":
        return this.#logs(params[0] as LogFilter);
      case "eth_getCode":
        return (params[0] as string).toLowerCase() === ASSET ? "0x60" : "0x";
      case "eth_call":
        return this.#call(params[0] as { to: string; data: Hex }, Number(params[1]));
      default:
        throw new Refusal(`the method ${method} does not exist`, -32601);
    }
  }

  #header(tag: string) {
    const number = tag === "finalized" ? this.finalized : tag === "safe" ? this.safe : Number(tag);
    const block = this.blocks[number];
    if (block === undefined) return null;
    return {
      number: toHex(number),
      hash: block.hash,
      parentHash: block.parentHash,
      timestamp: toHex(block.timestamp),
      logsBloom: this.#bloom(block),
    };
  }

  #bloom({ logs }: Block): Hex {
    const known = this.#blooms.get(logs) ?? bloomOf(logs);
    this.#blooms.set(logs, known);
    return known;
  }

  #logs({ fromBlock, toBlock, blockHash, address, topics }: LogFilter): RawLog[] {
    const within = ({ number, hash }: Block) =>
      blockHash === undefined ? number >= Number(fromBlock) && number <= Number(toBlock) : hash === blockHash;
    const found = this.blocks.filter(within);
    if (blockHash !== undefined && found.length === 0) throw new Refusal("unknown block");
    return found.flatMap(({ logs }) => logs).filter((log) => log.address === address && log.topics[0] === topics[0]);
  }

  #call({ data }: { to: string; data: Hex }, block: number): Hex {
    if (block < this.stateFrom) throw new Refusal("missing trie node 00 (path ) state is not available");
    const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data });
    const rows = this.rows(block);
    if (functionName === "totalSupply") {
      const total = balancesOf(rows).get(ZERO_ADDRESS) ?? 0n;
      return encodeFunctionResult({ abi: erc20Abi, functionName, result: this.hiddenSupply - total });
    }
    if (functionName !== "balanceOf") throw new Refusal("execution reverted", 3);
    const result = balancesOf(rows).get(args[0].toLowerCase()) ?? 0n;
    return encodeFunctionResult({ abi: erc20Abi, functionName, result });
  }
}

interface LogFilter {
  fromBlock?: string;
  toBlock?: string;
  blockHash?: string;
  address: string;
  topics: string[];
}

const isTransfer = ({ address, topics }: RawLog) =>
  address === ASSET && topics[0] === TRANSFER_TOPIC && topics.length === 3;

/** Balances that transfers make; the zero address has less than nothing by what it minted. */
export function balancesOf(rows: readonly TransferRow[]): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  const change = (account: string, by: bigint) => balances.set(account, (balances.get(account) ?? 0n) + by);
  for (const { from, to, value } of rows) {
    change(from, -value);
    change(to, value);
  }
  return balances;
}

/** The filter of a block with these logs, as the yellow paper says: written otherwise than the code under test. */
export function bloomOf(logs: readonly Pick<RawLog, "address" | "topics">[]): Hex {
  let bloom = 0n;
  for (const value of logs.flatMap(({ address, topics }) => [address, ...topics])) {
    const hash = BigInt(keccak256(value as Hex));
    for (const shift of [240n, 224n, 208n]) bloom |= 1n << ((hash >> shift) & 2047n);
  }
  return toHex(bloom, { size: 256 });
}

/** A chain of random transfers: mints, burns, nothing below zero, some blocks empty, other contracts' logs between. */
export function randomChain(random: Random, blocks: number, accounts = 12): FakeChain {
  const chain = new FakeChain();
  const balances = new Map<string, bigint>();
  chain.add([]);
  for (let i = 1; i < blocks; i++) {
    const logs = Array.from({ length: random.below(4) === 0 ? 0 : random.below(5) }, () => {
      const from = addressOf(1 + random.below(accounts));
      const to = random.below(12) === 0 ? ZERO_ADDRESS : addressOf(1 + random.below(accounts));
      const has = balances.get(from) ?? 0n;
      const move =
        has === 0n || random.below(8) === 0
          ? { from: ZERO_ADDRESS, to: from, value: BigInt(1 + random.below(1_000_000)) }
          : { from, to, value: (has * BigInt(random.below(101))) / 100n };
      for (const [account, by] of [
        [move.from, -move.value],
        [move.to, move.value],
      ] as const) {
        balances.set(account, (balances.get(account) ?? 0n) + by);
      }
      return transferLog(move);
    });
    const foreign =
      random.below(3) === 0 ? [transferLog({ from: addressOf(1), to: addressOf(2), value: 1n }, OTHER_ASSET)] : [];
    chain.add([...foreign, ...logs]);
  }
  return chain;
}

type Next = () => unknown;
/** Changes an answer of a node: gets the request and what the node would answer. */
export type Tamper = (method: string, params: readonly unknown[], next: Next) => unknown;

/** A node without a network. */
export class FakeEndpoint implements Endpoint {
  readonly name: string;
  readonly patience = IMPATIENT;
  readonly requests: { method: string; params: readonly unknown[] }[] = [];
  readonly #chain: FakeChain;
  readonly #tamper: Tamper;

  constructor(chain: FakeChain, tamper: Tamper = (_method, _params, next) => next(), name = "fake") {
    this.#chain = chain;
    this.#tamper = tamper;
    this.name = name;
  }

  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    this.requests.push({ method, params });
    try {
      const answer = this.#tamper(method, params, () => this.#chain.answer(method, params));
      return JSON.parse(JSON.stringify(answer)) as unknown;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new NodeRefusedError(this.name, method, kindOfRefusal(error.message), error.message, 1);
    }
  }

  async callAll(method: string, all: readonly (readonly unknown[])[]): Promise<unknown[]> {
    return Promise.all(all.map((params) => this.call(method, params)));
  }
}

/** What an HTTP server answers beside JSON-RPC; undefined lets the node answer. */
export type Gate = (request: IncomingMessage, response: ServerResponse, count: number) => boolean;

/** A node at an address of this machine. */
export async function serve(
  chain: FakeChain,
  { tamper = (_method, _params, next) => next(), gate = () => false }: { tamper?: Tamper; gate?: Gate } = {},
) {
  const requests: { method: string; params: readonly unknown[] }[] = [];
  let count = 0;
  const answerOne = ({ id, method, params }: { id: number; method: string; params: unknown[] }) => {
    requests.push({ method, params });
    try {
      return { jsonrpc: "2.0", id, result: tamper(method, params, () => chain.answer(method, params)) };
    } catch (error) {
      const { code, message } = error as Refusal;
      return { jsonrpc: "2.0", id, error: { code, message } };
    }
  };
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      if (gate(request, response, ++count)) return;
      const json = JSON.parse(text) as Parameters<typeof answerOne>[0] | Parameters<typeof answerOne>[0][];
      // The other way round: answers of a batch have no order.
      const answer = Array.isArray(json) ? json.map(answerOne).reverse() : answerOne(json);
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    httpRequests: () => count,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Keeps the rows it is given. */
export class Rows {
  readonly all: TransferRow[] = [];
  add(row: TransferRow): void {
    this.all.push(row);
  }
}

/** The error that something throws, which must be of this class. */
export async function thrown<T extends Error>(
  what: Promise<unknown>,
  kind: abstract new (...args: never[]) => T,
): Promise<T> {
  const error: unknown = await what.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof kind)) throw new Error(`needs a ${kind.name}, has ${String(error)}`, { cause: error });
  return error;
}
