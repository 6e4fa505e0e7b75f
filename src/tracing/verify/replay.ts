import { put, take, taintOf, taintOldest, type Lot } from "./lots.ts";

/** A transfer as the files tell it; `line` says where it stands. */
export interface Row {
  readonly block: number;
  readonly log: number;
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  /** Kept where a seed or a ledger needs it. */
  readonly tx: string | null;
}

/** What is traced: everything in base units, accounts in lower case. */
export interface Case {
  /** In order of (block, log). */
  readonly rows: readonly Row[];
  /** Tainted units by "block/log". */
  readonly seeds: ReadonlyMap<string, bigint>;
  readonly stops: ReadonlySet<string>;
  /** Balances before the first row, or "clean": the least that keeps every account from going below zero. */
  readonly opening: ReadonlyMap<string, bigint> | "clean";
  readonly methods: readonly string[];
}

/** What a method says of one transfer: taint that left and that arrived, and what both have of it afterwards. */
export interface Moved {
  readonly left: bigint;
  readonly arrived: bigint;
  readonly from: bigint;
  readonly to: bigint;
}

/** Told after each transfer. */
export type Watch = (row: Row, balances: { from: bigint; to: bigint }, byMethod: readonly Moved[]) => void;

/** What became of one method's taint. */
export interface Outcome {
  injected: bigint;
  readonly sinks: Map<string, bigint>;
  /** By "block/log". */
  readonly burned: Map<string, bigint>;
  /** What is left with the accounts that have any. */
  readonly taints: Map<string, bigint>;
}

export interface Replayed {
  readonly balances: ReadonlyMap<string, bigint>;
  readonly assumed: ReadonlyMap<string, bigint>;
  readonly outcomes: readonly Outcome[];
}

export const NOBODY = `0x${"0".repeat(40)}`;

/** How a method keeps the taint of accounts; balances are kept beside it. */
interface Book {
  /** Takes `value` out of an account that has `balance`: what leaves, oldest first. */
  send(account: string, value: bigint, balance: bigint): Lot[];
  receive(account: string, lots: readonly Lot[]): void;
  /** Taint of an account that has `balance` now. */
  taint(account: string, balance: bigint): bigint;
}

/** Plays the transfers once more, one after another, with nothing but whole numbers. Throws where an account lacks money. */
export function replay({ rows, seeds, stops, opening, methods }: Case, watch?: Watch): Replayed {
  const assumed = opening === "clean" ? missing(rows) : new Map<string, bigint>();
  const balances = new Map(opening === "clean" ? assumed : opening);
  const books = methods.map((method) => bookOf(method, balances));
  const outcomes = methods.map((): Outcome => ({
    injected: 0n,
    sinks: new Map(),
    burned: new Map(),
    taints: new Map(),
  }));
  const has = (account: string) => (account === NOBODY ? 0n : (balances.get(account) ?? 0n));

  const tell = (row: Row, taints: readonly { left: bigint; arrived: bigint }[]) => {
    if (watch === undefined) return;
    const [from, to] = [has(row.from), has(row.to)];
    const told = books.map((book, i) => ({
      ...taints[i]!,
      from: book.taint(row.from, from),
      to: book.taint(row.to, to),
    }));
    watch(row, { from, to }, told);
  };
  const still = methods.map(() => ({ left: 0n, arrived: 0n }));

  for (const row of rows) {
    const { from, to, value } = row;
    if (value === 0n || from === to) {
      tell(row, still);
      continue;
    }
    const before = has(from);
    if (from !== NOBODY && before < value) {
      throw new Error(`${from} has ${before} and sends ${value} in block ${row.block}, log ${row.log}`);
    }
    const place = placeOf(row);
    const seed = seeds.get(place) ?? 0n;
    if (from !== NOBODY) balances.set(from, before - value);
    if (to !== NOBODY) balances.set(to, has(to) + value);
    const taints = books.map((book, i) => {
      const outcome = outcomes[i]!;
      const natural = from === NOBODY ? [{ units: value, tainted: false }] : book.send(from, value, before);
      const left = taintOf(natural);
      const more = seed > left ? seed - left : 0n;
      const lots = more > 0n ? taintOldest(natural, more) : natural;
      outcome.injected += more;
      const arrived = left + more;
      if (to === NOBODY) grow(outcome.burned, place, arrived);
      else if (stops.has(to)) {
        // What came in tainted stays in the sink: the stop itself has clean money only.
        grow(outcome.sinks, to, arrived);
        book.receive(to, [{ units: value, tainted: false }]);
      } else book.receive(to, lots);
      return { left, arrived };
    });
    tell(row, taints);
  }
  for (const [i, book] of books.entries()) {
    for (const [account, balance] of balances) grow(outcomes[i]!.taints, account, book.taint(account, balance));
  }
  return { balances, assumed, outcomes };
}

export const placeOf = ({ block, log }: Pick<Row, "block" | "log">): string => `${block}/${log}`;

/** The opening balances without which an account would go below zero. */
function missing(rows: readonly Row[]): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  const least = new Map<string, bigint>();
  for (const { from, to, value } of rows) {
    if (from === to) continue;
    const after = (balances.get(from) ?? 0n) - value;
    balances.set(from, after);
    balances.set(to, (balances.get(to) ?? 0n) + value);
    if (from !== NOBODY && after < (least.get(from) ?? 0n)) least.set(from, after);
  }
  return new Map([...least].map(([account, lack]) => [account, -lack]));
}

function grow(sums: Map<string, bigint>, key: string, by: bigint): void {
  if (by > 0n) sums.set(key, (sums.get(key) ?? 0n) + by);
}

function bookOf(method: string, opening: ReadonlyMap<string, bigint>): Book {
  switch (method) {
    case "fifo":
      return lotBook("old", opening);
    case "lifo":
      return lotBook("young", opening);
    case "haircut":
      return shareBook((taint, value, balance) => (taint * value) / balance);
    case "libr":
      return shareBook((taint, value, balance) => (value > balance - taint ? value - (balance - taint) : 0n));
    case "taint-first":
      return shareBook((taint, value) => (taint < value ? taint : value));
    case "poison":
      return poisonBook();
    default:
      throw new Error(`the method ${method} is not known`);
  }
}

function lotBook(end: "old" | "young", opening: ReadonlyMap<string, bigint>): Book {
  const lots = new Map<string, Lot[]>();
  for (const [account, units] of opening) lots.set(account, units > 0n ? [{ units, tainted: false }] : []);
  const of = (account: string): Lot[] => {
    const own = lots.get(account) ?? [];
    lots.set(account, own);
    return own;
  };
  return {
    send: (account, value) => take(of(account), value, end),
    receive: (account, more) => put(of(account), more),
    taint: (account) => taintOf(lots.get(account) ?? []),
  };
}

function shareBook(rule: (taint: bigint, value: bigint, balance: bigint) => bigint): Book {
  const taints = new Map<string, bigint>();
  return {
    send(account, value, balance) {
      const taint = taints.get(account) ?? 0n;
      const moved = rule(taint, value, balance);
      if (moved > 0n) taints.set(account, taint - moved);
      return [
        { units: moved, tainted: true },
        { units: value - moved, tainted: false },
      ];
    },
    receive: (account, lots) => grow(taints, account, taintOf(lots)),
    taint: (account) => taints.get(account) ?? 0n,
  };
}

/** A drop of taint taints all that an account has and will have. */
function poisonBook(): Book {
  const poisoned = new Set<string>();
  return {
    send: (account, value) => [{ units: value, tainted: poisoned.has(account) }],
    receive(account, lots) {
      if (taintOf(lots) > 0n) poisoned.add(account);
    },
    taint: (account, balance) => (poisoned.has(account) ? balance : 0n),
  };
}
