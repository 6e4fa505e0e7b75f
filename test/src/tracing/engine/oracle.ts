import { METHODS, type Method } from "../../../../src/tracing/methods.ts";
import { ZERO_ADDRESS } from "../../../../src/tracing/transfers/row.ts";

/** A transfer of the tests, in order; the seed is the part that is stolen. */
export interface Step {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly seed?: bigint;
}

export interface OracleResult {
  readonly injected: bigint;
  readonly taints: Map<string, bigint>;
  readonly sinks: Map<string, bigint>;
  /** By row. */
  readonly burned: Map<number, bigint>;
  readonly touched: Set<string>;
}

/** Units of one colour, in order. */
type Lots = readonly (readonly [amount: bigint, tainted: boolean])[];

interface Wallet {
  lots: Lots;
  poisoned: boolean;
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);
const sumOf = (lots: Lots) => lots.reduce((sum, [amount]) => sum + amount, 0n);
const taintOf = (lots: Lots) => sumOf(lots.filter(([, tainted]) => tainted));

/** Splits a list of lots behind its first units. */
function split(lots: Lots, amount: bigint): [Lots, Lots] {
  const [front, back]: [[bigint, boolean][], [bigint, boolean][]] = [[], []];
  for (const [size, tainted] of lots) {
    const part = min(size, amount);
    amount -= part;
    if (part > 0n) front.push([part, tainted]);
    if (size > part) back.push([size - part, tainted]);
  }
  return [front, back];
}

const mixed = (taint: bigint, rest: bigint): Lots => [
  [rest, false],
  [taint, true],
];

/** What leaves and what stays, by the words of each method; of methods without an order the order is none. */
const SENDS: Readonly<Record<Method, (wallet: Wallet, value: bigint) => [sent: Lots, kept: Lots]>> = {
  fifo: ({ lots }, value) => split(lots, value),
  lifo: ({ lots }, value) => split(lots, sumOf(lots) - value).reverse() as [Lots, Lots],
  libr: ({ lots }, value) => byTaint(lots, value, value - min(value, sumOf(lots) - taintOf(lots))),
  "taint-first": ({ lots }, value) => byTaint(lots, value, min(value, taintOf(lots))),
  haircut: ({ lots }, value) => byTaint(lots, value, (taintOf(lots) * value) / sumOf(lots)),
  poison: ({ lots, poisoned }, value) => [[[value, poisoned]], [[sumOf(lots) - value, poisoned]]],
};

function byTaint(lots: Lots, value: bigint, taint: bigint): [Lots, Lots] {
  const kept = taintOf(lots) - taint;
  return [mixed(taint, value - taint), mixed(kept, sumOf(lots) - value - kept)];
}

/** Makes the oldest clean units tainted. */
function seeded(lots: Lots, more: bigint): Lots {
  return lots.flatMap(([amount, tainted]): Lots => {
    if (tainted) return [[amount, true]];
    const part = min(amount, more);
    more -= part;
    return [
      [part, true],
      [amount - part, false],
    ];
  });
}

/** One method by its words alone: slow, plain, and written apart from what it is held against. */
export function oracle(
  method: Method,
  steps: readonly Step[],
  stops: ReadonlySet<string> = new Set(),
  openings: ReadonlyMap<string, bigint> = new Map(),
): OracleResult {
  const wallets = new Map<string, Wallet>();
  for (const [account, amount] of openings) wallets.set(account, { lots: [[amount, false]], poisoned: false });
  const walletOf = (account: string): Wallet => {
    const wallet = wallets.get(account) ?? { lots: [], poisoned: false };
    wallets.set(account, wallet);
    return wallet;
  };
  const result: OracleResult = {
    injected: 0n,
    taints: new Map(),
    sinks: new Map(),
    burned: new Map(),
    touched: new Set(),
  };
  let injected = 0n;
  for (const [row, { from, to, value, seed }] of steps.entries()) {
    if (value === 0n || from === to) continue;
    let moved: Lots = [[value, false]];
    if (from !== ZERO_ADDRESS) {
      const sender = walletOf(from);
      if (sumOf(sender.lots) < value) throw new Error(`row ${row}: ${from} has ${sumOf(sender.lots)}`);
      [moved, sender.lots] = SENDS[method](sender, value);
    }
    if (seed !== undefined && seed > taintOf(moved)) {
      injected += seed - taintOf(moved);
      moved = seeded(moved, seed - taintOf(moved));
    }
    const taint = taintOf(moved);
    if (to === ZERO_ADDRESS) {
      if (taint > 0n) result.burned.set(row, taint);
      continue;
    }
    const receiver = walletOf(to);
    if (stops.has(to)) {
      if (taint > 0n) result.sinks.set(to, (result.sinks.get(to) ?? 0n) + taint);
      moved = [[value, false]];
    } else if (taint > 0n) {
      result.touched.add(to);
      receiver.poisoned = true;
    }
    receiver.lots = [...receiver.lots, ...moved];
    if (method === "poison" && receiver.poisoned) receiver.lots = [[sumOf(receiver.lots), true]];
  }
  for (const [account, { lots }] of wallets) if (taintOf(lots) > 0n) result.taints.set(account, taintOf(lots));
  return { ...result, injected };
}

/** The same of every method. */
export const oracles = (...rest: [readonly Step[], ReadonlySet<string>?, ReadonlyMap<string, bigint>?]) =>
  new Map(METHODS.map((method) => [method, oracle(method, ...rest)] as const));
