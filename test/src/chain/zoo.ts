// Nodes that lag, limit, lie and fail, each a few lines: how one answers in place of an honest node.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { keccak256, type Hex } from "viem";

/** One request, as it came to a node. */
export interface Asked {
  method: string;
  params: unknown[];
  /** How often this method was asked for so far, this time counted. */
  n: number;
  /** What an honest node answers; asked for any number of times, it is done as often. */
  honest: (params?: unknown[], method?: string) => Promise<unknown>;
}

/** What a node does with the HTTP request itself. */
export class Http extends Error {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, string>;
  constructor(status: number, body: string, headers: Record<string, string> = {}) {
    super(`HTTP ${status}`);
    [this.status, this.body, this.headers] = [status, body, headers];
  }
}

/** The node refuses, in JSON-RPC's words. */
export class Refusal extends Error {
  readonly code: number;
  readonly data: unknown;
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    [this.code, this.data] = [code, data];
  }
}

/** The line breaks before an answer; no answer ever comes. */
export const BREAKS = Symbol("breaks");
export const SILENT = Symbol("silent");
/** The node answers as an honest one does. */
export const HONEST = undefined;

/** How a node answers: by a value, an error, or in one of the ways above; undefined: honestly. */
export type Species = (asked: Asked) => unknown;

/** An honest node behind the others. */
export type Honest = (method: string, params: unknown[]) => Promise<unknown>;

/** Another node, by HTTP. */
export const nodeBehind =
  (url: string): Honest =>
  async (method, params) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const { result, error } = (await answer.json()) as {
      result: unknown;
      error?: { code: number; message: string; data: unknown };
    };
    if (error !== undefined) throw new Refusal(error.code, error.message, error.data);
    return result;
  };

/** A node of a species, with what it was sent. */
export interface Zoo {
  url: string;
  /** Transactions that were handed to it, each as often as it was. */
  sent: string[];
  stop: () => void;
}

/** Opens a node of a species before an honest one. */
export async function zooNode(species: Species, honest: Honest): Promise<Zoo> {
  const times = new Map<string, number>();
  const sent: string[] = [];
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    let body = "";
    open.add(response.on("close", () => open.delete(response)));
    request.on("data", (text: Buffer) => (body += text.toString()));
    request.on("end", () => {
      const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: unknown[] };
      times.set(method, (times.get(method) ?? 0) + 1);
      if (method === "eth_sendRawTransaction") sent.push(String(params[0]));
      const asked: Asked = {
        method,
        params,
        n: times.get(method)!,
        honest: (other = params, by = method) => honest(by, other),
      };
      const answered = async () => {
        const told = await species(asked);
        if (told instanceof Error) throw told;
        return told === HONEST ? asked.honest() : told;
      };
      const say = (fields: object) => response.end(JSON.stringify({ jsonrpc: "2.0", id, ...fields }));
      answered().then(
        (result) => {
          if (result === BREAKS) response.destroy();
          else if (result !== SILENT) say({ result });
        },
        (fault: Error & { code?: number; data?: unknown }) => {
          if (fault instanceof Http) response.writeHead(fault.status, fault.headers).end(fault.body);
          else
            say({
              error: {
                code: typeof fault.code === "number" ? fault.code : -32_000,
                message: fault.message,
                data: fault.data,
              },
            });
        },
      );
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    for (const response of open) response.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent, stop };
}

/** Makes all waits of this process shorter, so that patience can be tested in little time; answers what ends that. */
export function hurry(times = 50): () => void {
  const [wait, timeout] = [globalThis.setTimeout, AbortSignal.timeout.bind(AbortSignal)];
  const quick = (run: () => void, ms = 0, ...args: unknown[]) => wait(run, ms / times, ...(args as []));
  globalThis.setTimeout = Object.assign(quick, wait);
  AbortSignal.timeout = (ms) => timeout(Math.ceil(ms / (2 * times)));
  return () => {
    globalThis.setTimeout = wait;
    AbortSignal.timeout = timeout;
  };
}

type Filter = { fromBlock: Hex; toBlock: Hex };

/** Refuses logs of more than so many blocks, in the way of one service or another. */
const limits =
  (refusal: () => Error, most = 2): Species =>
  ({ method, params }) => {
    if (method !== "eth_getLogs") return HONEST;
    const { fromBlock, toBlock } = params[0] as Filter;
    return Number(toBlock) - Number(fromBlock) + 1 > most ? refusal() : HONEST;
  };

/** The first time that each method is asked for, something else. */
const atFirst =
  (answer: () => unknown): Species =>
  ({ n }) =>
    n === 1 ? answer() : HONEST;

const always =
  (answer: () => unknown): Species =>
  () =>
    answer();

/** Of one method, always something else. */
const instead =
  (of: string, answer: (asked: Asked) => unknown): Species =>
  (asked) =>
    asked.method === of ? answer(asked) : HONEST;

const altered = (of: string, change: (answer: Record<string, unknown>) => unknown): Species =>
  instead(of, async ({ honest }) => {
    const answer = await honest();
    return answer === null ? null : change(answer as Record<string, unknown>);
  });

/** Those from which a command gets what it needs, if it is patient. */
export const PATIENT: Readonly<Record<string, () => Species>> = {
  "limits ranges by -32005": () => limits(() => new Refusal(-32_005, "limit exceeded")),
  "limits ranges by -32602": () => limits(() => new Refusal(-32_602, "invalid params")),
  "limits ranges by -32614": () => limits(() => new Refusal(-32_614, "eth_getLogs is limited")),
  "limits ranges by 413": () => limits(() => new Http(413, "no")),
  "limits ranges by 429": () => limits(() => new Http(429, "no", { "retry-after": "1" })),
  "limits ranges by 413 within JSON": () => limits(() => new Refusal(413, "no")),
  "is busy at first, 429 with Retry-After": () => atFirst(() => new Http(429, "", { "retry-after": "2" })),
  "is down at first, 500 with Retry-After": () => atFirst(() => new Http(500, "<html>", { "retry-after": "2" })),
  "drops every first connection": () => atFirst(() => BREAKS),
  "answers HTML at first": () => atFirst(() => new Http(200, "<html>Welcome</html>")),
  "answers truncated JSON at first": () => atFirst(() => new Http(200, '{"jsonrpc":"2.0","id":1,"resu')),
  "never answers at first": () => (asked) =>
    asked.n === 1 && ["eth_call", "eth_getLogs", "eth_sendRawTransaction"].includes(asked.method) ? SILENT : HONEST,
  "does not know the newest block at first": () =>
    instead("eth_getBlockByNumber", ({ n }) => (n === 1 ? null : HONEST)),
  "has no header for calls at first": () =>
    instead("eth_call", ({ n }) => (n === 1 ? new Refusal(-32_000, "header not found") : HONEST)),
  "has no contracts at first": () => instead("eth_getCode", ({ n }) => (n <= 12 ? "0x" : HONEST)),
  "lacks the last log at first": () =>
    instead("eth_getLogs", async ({ n, honest }) => (n === 1 ? ((await honest()) as unknown[]).slice(0, -1) : HONEST)),
};

const block = "eth_getBlockByNumber";
const without = (field: string) => (answer: Record<string, unknown>) => ({ ...answer, [field]: undefined });

/** Those that are at fault each time. */
export const HOPELESS: Readonly<Record<string, () => Species>> = {
  "answers HTML": () => always(() => new Http(200, "<html>Welcome</html>")),
  "answers truncated JSON": () => always(() => new Http(200, '{"jsonrpc":"2.0","id":1,"resu')),
  "answers no object": () => always(() => new Http(200, "7")),
  "answers neither result nor error": () => always(() => new Http(200, '{"jsonrpc":"2.0","id":1}')),
  "is down, 500": () => always(() => new Http(500, "no")),
  "is busy, 429": () => always(() => new Http(429, "no", { "retry-after": "1" })),
  "drops every connection": () => always(() => BREAKS),
  "never answers": () => always(() => SILENT),
  "answers null": () => always(() => null),
  "answers a number": () => always(() => 12_345),
  "answers a negative number": () => always(() => "-0x5"),
  "answers hexadecimal without 0x": () => always(() => "1f"),
  "answers an empty object": () => always(() => ({})),
  "answers an empty list": () => always(() => []),
  "knows no block": () => instead(block, () => null),
  "tells a block without its hash": () => altered(block, without("hash")),
  "tells a block without its time": () => altered(block, without("timestamp")),
  "tells a block's number as a number": () => altered(block, (it) => ({ ...it, number: 7 })),
  "tells a time that no date has": () => altered(block, (it) => ({ ...it, timestamp: `0x${"f".repeat(16)}` })),
  "tells logs as an object": () => instead("eth_getLogs", () => ({})),
  "tells logs without their topics": () =>
    instead("eth_getLogs", async ({ honest }) =>
      ((await honest()) as object[]).map((log) => ({ ...log, topics: undefined })),
    ),
  "tells logs of another contract": () =>
    instead("eth_getLogs", async ({ honest }) =>
      ((await honest()) as object[]).map((log) => ({ ...log, address: `0x${"11".repeat(20)}` })),
    ),
  "refuses all logs, -32005": () => instead("eth_getLogs", () => new Refusal(-32_005, "limit exceeded")),
  "answers calls with nothing": () => instead("eth_call", () => "0x"),
  "answers calls with too little": () => instead("eth_call", () => "0x01"),
  "answers calls with null": () => instead("eth_call", () => null),
  "answers calls with half a byte": () => instead("eth_call", () => "0x1"),
  "has forgotten the state": () => instead("eth_call", () => new Refusal(-32_000, "missing trie node 5e")),
  "has no contracts, and stands at block 1": () => (asked) =>
    asked.method === "eth_getCode" ? "0x" : asked.method === "eth_blockNumber" ? "0x1" : HONEST,
  "is of another chain half way": () => instead("eth_chainId", ({ n }) => (n === 1 ? HONEST : "0x1")),
  "tells another block than it was asked for": () =>
    instead(block, ({ params: [asked, ...more], honest }) =>
      String(asked).startsWith("0x") ? honest([`0x${(Number(asked) - 1).toString(16)}`, ...more]) : HONEST,
    ),
  "answers calls from an older block": () =>
    instead("eth_call", async ({ params: [call, at, ...more], honest }) => {
      if (typeof at !== "string" || !at.startsWith("0x")) return HONEST;
      return honest([call, `0x${(Number(at) - 3).toString(16)}`, ...more]);
    }),
  "tells logs up to an older block": () =>
    instead("eth_getLogs", async ({ honest }) => ((await honest()) as unknown[]).slice(0, -2)),
};

/** What becomes of a transaction that a node was handed; all of them do it in the end. */
export const TAKERS: Readonly<Record<string, () => Species>> = (() => {
  const send = "eth_sendRawTransaction";
  const taking = (answer: (asked: Asked) => unknown): Species =>
    instead(send, async (asked) => {
      // What it has already, an honest node refuses.
      await asked.honest().catch(() => undefined);
      return answer(asked);
    });
  return {
    "takes it and drops the connection": () => taking(({ n }) => (n === 1 ? BREAKS : HONEST)),
    "takes it and calls it known": () => taking(() => new Refusal(-32_000, "already known")),
    "takes it and calls its number too low": () => taking(() => new Refusal(-32_000, "nonce too low")),
    "takes it and is down": () => taking(({ n }) => (n === 1 ? new Http(500, "no") : HONEST)),
    "takes it and answers HTML": () => taking(() => new Http(200, "<html>")),
    "takes it and calls it by another hash": () => taking(() => `0x${"11".repeat(32)}`),
    "takes it and answers null": () => taking(() => null),
    "loses it at first": () => instead(send, ({ n, params: [raw] }) => (n === 1 ? keccak256(raw as Hex) : HONEST)),
    "tells its receipt late": () => instead("eth_getTransactionReceipt", ({ n }) => (n < 5 ? null : HONEST)),
    "tells its receipt from a block that is reorganized": () =>
      instead("eth_getTransactionReceipt", async ({ n, honest }) => {
        const receipt = (await honest()) as object | null;
        return receipt === null || n > 2 ? receipt : { ...receipt, blockHash: `0x${"22".repeat(32)}` };
      }),
    "limits how much it is asked, while it waits": () =>
      instead("eth_getTransactionReceipt", ({ n }) => (n < 3 ? new Http(429, "no") : HONEST)),
  };
})();
