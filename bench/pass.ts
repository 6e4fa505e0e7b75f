// One work of the tracing bench, by ours or by the naive way, in a process of its own, so that its memory can be told.
//   node bench/pass.ts WORK ours|naive EVENTS WALLETS
import { createHash } from "node:crypto";
import type { Method } from "../src/tracing/methods.ts";
import { FastPass } from "../src/tracing/engine/fast.ts";
import type { TransferTable } from "../src/tracing/transfers/table.ts";
import { naiveFifo, naiveSums, type NaiveTransfer } from "./naive.ts";
import { streamOf, tableOf } from "./stream.ts";

export const WORKS = ["haircut", "libr", "taint-first", "fifo", "fused3"] as const;

export type Work = (typeof WORKS)[number];

/** What one process measured: processor time of the thread that works, which other work of the machine falsifies least. */
export interface Measured {
  readonly ms: number;
  /** Of ours: reading the same columns once, in the same process. */
  readonly scan_ms: number | undefined;
  /** Most memory that the process had, in bytes. */
  readonly rss: number;
  /** Hash of what was found, by account: the same for both. */
  readonly found: string;
}

/** The best of so many runs counts; the naive way takes too long for more than one. */
const RUNS = 5;
/** Rows to which a pass and a scan are repeated, since the clock of processor time is coarse. */
const LEAST_PASSED = 1_000_000;
const LEAST_SCANNED = 40_000_000;
const FUSED = ["haircut", "libr", "taint-first"] as const;

const methodsOf = (work: Work): readonly Exclude<Method, "lifo" | "poison">[] => (work === "fused3" ? FUSED : [work]);

function measureOurs(work: Work, events: number, wallets: number): Measured {
  const { seeds, ...columns } = streamOf(events, wallets);
  const transfers = tableOf(columns);
  const input = {
    transfers,
    stops: new Set<number>(),
    openings: new Map<number, bigint>(),
    methods: methodsOf(work),
    seeds: new Map(seeds.map((row) => [row, transfers.value(row)])),
  };
  let [ms, scan] = [Infinity, Infinity];
  let last: FastPass | undefined;
  let checksum = 0;
  const [passes, scans] = [Math.ceil(LEAST_PASSED / events), Math.ceil(LEAST_SCANNED / events)];
  // In turns, so that a slow moment of the machine does not fall on one of them alone.
  for (let run = 0; run < RUNS; run++) {
    const passed = cpuTime();
    for (let i = 0; i < passes; i++) {
      last = FastPass.of(input);
      if (last?.advance(events) !== true) throw new Error("The stream of the bench is beyond doubles.");
    }
    ms = Math.min(ms, (cpuTime() - passed) / passes);
    const scanned = cpuTime();
    for (let i = 0; i < scans; i++) checksum += scanOf(transfers);
    scan = Math.min(scan, (cpuTime() - scanned) / scans);
  }
  if (!(checksum > 0)) throw new Error("The scan read nothing.");
  const rss = mostMemory();
  const { methods } = (last as FastPass).found();
  const taints = methods.map(({ touched, taintOf }) =>
    touched.map((account) => [transfers.accounts.address(account), taintOf(account)] as const),
  );
  return { ms, scan_ms: scan, rss, found: hashOf(taints) };
}

/** Reads every row's sender, receiver and value once. */
function scanOf({ from, to, amount, count }: TransferTable): number {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += from[row]! + to[row]! + amount[row]!;
  return sum;
}

function measureNaive(work: Work, events: number, wallets: number): Measured {
  const { transfers, seeds } = naiveStream(events, wallets);
  const started = cpuTime();
  const taints =
    work === "fifo" ? [naiveFifo(transfers, seeds)] : naiveSums(methodsOf(work) as typeof FUSED, transfers, seeds);
  const ms = cpuTime() - started;
  return { ms, scan_ms: undefined, rss: mostMemory(), found: hashOf(taints) };
}

/** In a function of its own, so that the columns are gone when the pass begins. */
function naiveStream(events: number, wallets: number): { transfers: NaiveTransfer[]; seeds: Set<number> } {
  const { seeds, ...columns } = streamOf(events, wallets);
  const { accounts, from, to, block, logIndex, amount } = tableOf(columns);
  const addresses = Array.from({ length: accounts.size }, (_, account) => accounts.address(account));
  const transfers = Array.from({ length: events }, (_, row) => ({
    block: block[row]!,
    logIndex: logIndex[row]!,
    from: addresses[from[row]!]!,
    to: addresses[to[row]!]!,
    value: BigInt(amount[row]!),
  }));
  return { transfers, seeds: new Set(seeds) };
}

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const mostMemory = (): number => process.resourceUsage().maxRSS * 1024;

function hashOf(taints: readonly Iterable<readonly [string, bigint]>[]): string {
  const hash = createHash("sha256");
  for (const list of taints) {
    const lines = [...list].filter(([, taint]) => taint > 0n).map(([account, taint]) => `${account},${taint}\n`);
    for (const line of lines.sort()) hash.update(line);
    hash.update("\n");
  }
  return hash.digest("hex");
}

if (import.meta.main) {
  const [work, way, events, wallets] = process.argv.slice(2);
  const measure = way === "ours" ? measureOurs : measureNaive;
  console.log(JSON.stringify(measure(work as Work, Number(events), Number(wallets))));
}
