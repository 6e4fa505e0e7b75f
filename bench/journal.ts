// Measures how fast a journal is read, entry by entry as they come: its chain of hashes verified, its effects replayed, its entries kept in
// an index, and verified out of that by a later run.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Command, InvalidArgumentError } from "commander";
import { numberToHex, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { checksummed } from "../src/base/keccak.ts";
import { tableOf } from "../src/base/table.ts";
import { endedBy } from "../src/cli/told.ts";
import { firstHead, nextHead, verifyChain } from "../src/journal/chain.ts";
import { WHAT, type Effect } from "../src/journal/effects.ts";
import type { Entry, Head } from "../src/journal/entries.ts";
import { HOLD_KINDS, packHold } from "../src/journal/holds.ts";
import { replay } from "../src/journal/replay.ts";
import { JournalIndex } from "../src/journal/store.ts";
import { ACTS } from "../src/orders/types.ts";

type Work = "verify" | "replay" | "index" | "continue";

/** One work over one number of entries. */
interface Row {
  readonly work: Work;
  readonly entries: number;
  readonly entries_per_s: number;
  /** What lived in memory at most, beyond what did before, in MB: looked at a few times in between. */
  readonly memory_mb: number;
}

interface Bench {
  readonly schema: "sequester.bench.journal/1";
  readonly rows: readonly Row[];
}

interface Options {
  entries: number[];
  json?: boolean;
}

const CHAIN = 31_337;
const DOCKET: Address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const ASSET = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
/** Every case is frozen, arrested, seized and returned, in four accounts. */
const ACCOUNTS = 4;
const STEPS = ["Freeze", "Arrest", "Seize", "Return"] as const;
/** So many entries are made at once, while the clock stands. */
const PART = 4_000;
/** How often it is looked what lives in memory. */
const LOOKS = 8;

/** A clock that runs while the work is done, and stands while what it is done on is made. */
class Clock {
  ms = 0;
  #since = 0;
  start() {
    this.#since = performance.now();
  }
  stop() {
    this.ms += performance.now() - this.#since;
  }
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const program = new Command("bench:journal")
  .description("Entries of a journal that are verified, replayed and indexed in a second, of one process.")
  .option("--entries <n...>", "numbers of entries, each measured on its own", number, [])
  .option("--json", "print one line of JSON")
  .allowExcessArguments(false)
  .showHelpAfterError("Add --help to see what there is.")
  .exitOverride();

try {
  const { entries, json } = program.parse().opts<Options>();
  const rows = (entries.length > 0 ? entries : [1_000, 10_000, 100_000, 1_000_000]).flatMap(measure);
  const bench: Bench = { schema: "sequester.bench.journal/1", rows };
  console.log(json ? JSON.stringify(bench) : reportOf(bench).join("\n"));
} catch (error) {
  process.exitCode = endedBy(error);
}

function number(text: string, before: readonly number[]): number[] {
  if (!/^[1-9]\d{0,7}$/.test(text)) throw new InvalidArgumentError("needs to be 1 to 99999999.");
  return [...before, Number(text)];
}

function measure(entries: number): Row[] {
  const stored = headOf(entries);
  const of = { chainId: CHAIN, docket: DOCKET };
  const folder = mkdtempSync(path.join(os.tmpdir(), "sequester-journal-"));
  const inIndex = <T>(does: (index: JournalIndex) => T): T => {
    const index = new JournalIndex(path.join(folder, "index.db"), of);
    try {
      return does(index);
    } finally {
      index.close();
    }
  };
  const works: Record<Work, (watch: Watch) => unknown> = {
    verify: (watch) => verifyChain(watch(journal(entries, watch.clock)), { ...of, stored }),
    replay: (watch) => replay(watch(journal(entries, watch.clock))),
    index: (watch) => inIndex((index) => index.append(watch(journal(entries, watch.clock)))),
    continue: (watch) => inIndex((index) => verifyChain(watch(index.entries(stored.entries)), { ...of, stored })),
  };
  try {
    return Object.entries(works).map(([work, does]) => {
      const watch = watching(entries);
      watch.clock.start();
      const held = does(watch);
      watch.clock.stop();
      const memory_mb = watch.most(held);
      const entries_per_s = Math.round((entries * 1000) / watch.clock.ms);
      return { work: work as Work, entries, entries_per_s, memory_mb };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Passes entries on, and looks a few times at what lives in memory, while the clock stands. */
interface Watch {
  (entries: Iterable<Entry>): Generator<Entry>;
  readonly clock: Clock;
  /** The most in MB, what is held at the end counted. */
  most(...held: unknown[]): number;
}

function watching(entries: number): Watch {
  const clock = new Clock();
  const before = living();
  let most = before;
  const look = () => (most = Math.max(most, living()));
  const every = Math.ceil(entries / LOOKS);
  function* pass(of: Iterable<Entry>) {
    let n = 0;
    for (const entry of of) {
      if (++n % every === 0) {
        clock.stop();
        look();
        clock.start();
      }
      yield entry;
    }
  }
  return Object.assign(pass, {
    clock,
    most: (...held: unknown[]) => {
      look();
      // Named after the look, so that it lives until then.
      held.length = 0;
      return Math.round((most - before) / 2 ** 20);
    },
  });
}

/** Bytes of the heap that something refers to. */
function living(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

function headOf(entries: number): Head {
  let head = firstHead(CHAIN, DOCKET);
  for (const entry of journal(entries)) head = entry.head;
  return { entries: BigInt(entries), head };
}

/** A journal as the contracts write it, with other cases and accounts. */
function* journal(entries: number, clock?: Clock): Generator<Entry> {
  let head = firstHead(CHAIN, DOCKET);
  for (let first = 0; first < entries; first += PART) {
    clock?.stop();
    const part = Array.from({ length: Math.min(PART, entries - first) }, (_, i) => {
      const entry = entryOf(first + i);
      head = nextHead(head, entry);
      return { ...entry, head };
    });
    clock?.start();
    yield* part;
  }
}

function entryOf(index: number): Omit<Entry, "head"> {
  const caseNumber = 1 + Math.floor(index / STEPS.length);
  const step = STEPS[index % STEPS.length]!;
  return {
    seq: BigInt(index + 1),
    act: ACTS[step],
    caseId: word(caseNumber),
    order: word(2 ** 40 + index),
    document: word(2 ** 41 + caseNumber),
    officerIds: [1, 2, 3].map((n) => word(2 ** 42 + n)),
    effects: effectsOf(step, caseNumber),
    timestamp: BigInt(1_800_000_000 + index),
    blockNumber: BigInt(index + 1),
    transactionHash: zeroHash,
  };
}

function effectsOf(step: (typeof STEPS)[number], caseNumber: number): Hex {
  const effects: Effect[] = step === "Freeze" ? [effect("caseOpened", zeroAddress, zeroAddress, 0n, caseNumber)] : [];
  for (let i = 0; i < ACCOUNTS; i++) {
    const number = (caseNumber - 1) * ACCOUNTS + i + 1;
    const account = checksummed(number.toString(16).padStart(40, "a"));
    const amount = BigInt(number) * 1_000n;
    const terms = { opens: false, caseNumber, number, since: 1_800_000_000 };
    const frozen = { ...terms, kind: HOLD_KINDS.provisional, until: 1_800_864_000, amount };
    const arrested = { ...terms, kind: HOLD_KINDS.arrested, until: 1_815_000_000, amount };
    if (step === "Freeze") effects.push(effect("held", ASSET, account, amount, packHold(frozen)));
    if (step === "Arrest") effects.push(effect("confirmed", ASSET, account, amount, packHold(arrested)));
    if (step === "Seize") effects.push(effect("seized", ASSET, account, amount, packHold({ ...arrested, amount: 0n })));
    if (step === "Return") effects.push(effect("returned", ASSET, account, amount, BigInt(ASSET)));
  }
  const words = effects.flatMap(({ what, asset, account, amount, value }) =>
    [WHAT[what], asset, account, amount, value].map((it) => word(BigInt(it)).slice(2)),
  );
  return `${word(32)}${word(effects.length).slice(2)}${words.join("")}`;
}

function effect(
  what: Effect["what"],
  asset: Address,
  account: Address,
  amount: bigint,
  value: bigint | number,
): Effect {
  return { what, asset, account, amount, value: BigInt(value) };
}

function word(value: bigint | number): Hex {
  return numberToHex(value, { size: 32 });
}

/** The bench as lines for people. */
function reportOf({ rows }: Bench): string[] {
  return tableOf([
    ["work", "entries", "entries/s", "memory MB"],
    ...rows.map(({ work, ...figures }) => [work, ...Object.values(figures).map((it) => it.toLocaleString("en"))]),
  ]);
}
