// Measures how many Transfer logs a second are decoded: ours, viem's and ethers', one after another in one process.
import { Interface } from "ethers";
import { erc20Abi, parseEventLogs, toHex, type Log } from "viem";
import { decodeTransfer, TRANSFER_TOPIC, type RawLog } from "../src/tracing/sources/node/decode.ts";

/** One row of the tracing bench: milliseconds that `events` logs take. The naive one is viem's `parseEventLogs`. */
export interface DecodeRow {
  readonly work: "decode";
  readonly events: number;
  readonly ours_ms: number;
  readonly naive_ms: number;
  readonly ethers_ms: number;
}

const ASSET = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
/** Each of the slow decoders is given a part of the logs, and its time is counted for all. */
const SLOW_SHARE = 10;
/** The best of so many runs counts, for each decoder alike. */
const RUNS = 3;

/** Measures the decoding of `events` logs of random accounts and values. */
export function benchDecode(events = 200_000): DecodeRow[] {
  const logs = logsOf(events);
  const few = logs.slice(0, Math.max(1, Math.ceil(events / SLOW_SHARE)));
  const scale = events / few.length;
  const erc20 = new Interface(["event Transfer(address indexed from, address indexed to, uint256 value)"]);
  const decoders = {
    ours: () => sumOf(logs, (log) => valueOf(decodeTransfer(log, ASSET))),
    viem: () =>
      parseEventLogs({ abi: erc20Abi, eventName: "Transfer", logs: few as unknown as Log[] }).reduce(
        (sum, { args }) => sum ^ args.value,
        0n,
      ),
    ethers: () => sumOf(few, (log) => erc20.parseLog(log)?.args[2] as bigint),
  };
  const best = { ours: Infinity, viem: Infinity, ethers: Infinity };
  const sums = { ours: 0n, viem: 0n, ethers: 0n };
  // In turns, so that a slow moment of the machine does not fall on one decoder alone.
  for (let run = 0; run < RUNS; run++) {
    for (const name of ["ours", "viem", "ethers"] as const) {
      const started = performance.now();
      sums[name] = decoders[name]();
      best[name] = Math.min(best[name], performance.now() - started);
    }
  }
  const expected = sumOf(few, (log) => valueOf(decodeTransfer(log, ASSET)));
  if (sums.viem !== expected || sums.ethers !== expected) throw new Error("The decoders do not agree on the values.");
  const rounded = (ms: number) => Math.round(ms * 100) / 100;
  return [
    {
      work: "decode",
      events,
      ours_ms: rounded(best.ours),
      naive_ms: rounded(best.viem * scale),
      ethers_ms: rounded(best.ethers * scale),
    },
  ];
}

function valueOf(decoded: ReturnType<typeof decodeTransfer>): bigint {
  if (typeof decoded === "string") throw new Error(`A log of the bench was refused: ${decoded}`);
  return decoded.value;
}

/** Uses every value, so that no decoder can be lazy. */
function sumOf(logs: readonly RawLog[], read: (log: RawLog) => bigint): bigint {
  let sum = 0n;
  for (const log of logs) sum ^= read(log);
  return sum;
}

/** Every log through JSON, as a node's answer comes: its strings are what the parser makes, not what code has joined. */
function logsOf(count: number): RawLog[] {
  let state = 0x9e3779b9;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const word = (words: number) => Array.from({ length: words }, () => next().toString(16).padStart(8, "0")).join("");
  const logs = Array.from({ length: count }, (_, i) => ({
    address: ASSET,
    topics: [TRANSFER_TOPIC, `0x${"0".repeat(24)}${word(5)}`, `0x${"0".repeat(24)}${word(5)}`],
    data: toHex(next() * 1000, { size: 32 }),
    blockNumber: toHex(20_000_000 + Math.floor(i / 100)),
    blockHash: `0x${word(8)}`,
    transactionHash: `0x${word(8)}`,
    transactionIndex: toHex(i % 100),
    logIndex: toHex(i % 100),
    removed: false,
  }));
  return JSON.parse(JSON.stringify(logs)) as RawLog[];
}

if (import.meta.main) {
  for (const row of benchDecode()) console.log(JSON.stringify(row));
}
