import { AccountTable, ADDRESS_WORDS } from "../src/tracing/transfers/accounts.ts";
import { TransferTable } from "../src/tracing/transfers/table.ts";

/** Transfers of the bench: columns of numbers, made anew in each process that measures. */
export interface Stream {
  /** Accounts, the zero address as 0 among them. */
  readonly accounts: number;
  readonly from: Uint32Array<ArrayBuffer>;
  readonly to: Uint32Array<ArrayBuffer>;
  readonly amount: Float64Array<ArrayBuffer>;
  /** Rows that are stolen money, as a whole. */
  readonly seeds: readonly number[];
}

const THEFTS = 130;
const COIN = 1_000_000;

/**
 * Transfers of `wallets` wallets, of which few are busy (Zipf), and nobody sends what it does not have: a quarter of the
 * senders send all they have; 8 in 100 send nothing, 5 dust, 1 to itself, 1 burns; the thefts are in the fourth tenth.
 * Accounts have numbers in the order in which they come up, as a builder gives them.
 */
export function streamOf(events: number, wallets: number, seed = 0x9e3779b9): Stream {
  const next = generator(seed);
  const numbers = new Uint32Array(wallets + 1);
  let accounts = 1;
  const wallet = () => {
    const rank = Math.min(wallets, Math.floor(Math.exp(next() * Math.log(wallets + 1))));
    return (numbers[rank] ||= accounts++);
  };
  const balances = new Float64Array(wallets + 1);
  const from = new Uint32Array(events);
  const to = new Uint32Array(events);
  const amount = new Float64Array(events);
  for (let row = 0; row < events; row++) {
    const sender = wallet();
    const has = balances[sender]!;
    const kind = next() * 100;
    const receiver = kind < 1 ? sender : kind < 2 ? 0 : wallet();
    const share = next();
    const value =
      kind >= 2 && kind < 10
        ? 0
        : kind >= 10 && kind < 15
          ? Math.min(has, 1 + Math.floor(share * 100))
          : kind >= 15 && kind < 40
            ? has
            : Math.ceil(has * share * share);
    if (value === 0 && (kind < 2 || kind >= 10)) {
      // Who has nothing is given new money.
      const minted = COIN + Math.floor(share * share * 10_000 * COIN);
      to[row] = sender;
      amount[row] = minted;
      balances[sender]! += minted;
      continue;
    }
    from[row] = sender;
    to[row] = receiver;
    amount[row] = value;
    balances[sender]! -= value;
    if (receiver !== 0) balances[receiver]! += value;
  }
  return { accounts, from, to, amount, seeds: theftsIn(from, to, amount) };
}

/** Some rows that move money between two wallets. */
function theftsIn(from: Uint32Array, to: Uint32Array, amount: Float64Array): number[] {
  const seeds = new Set<number>();
  const events = from.length;
  for (let theft = 0; theft < THEFTS; theft++) {
    let row = Math.floor(events * (0.3 + (0.1 * theft) / THEFTS));
    while (row < events && (from[row] === 0 || to[row] === 0 || from[row] === to[row] || amount[row]! < COIN)) row += 1;
    if (row < events) seeds.add(row);
  }
  return [...seeds];
}

/** Numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The stream as a builder gives transfers: with addresses, and a hundred in each block. */
export function tableOf({ accounts, from, to, amount }: Omit<Stream, "seeds">): TransferTable {
  const next = generator(accounts);
  const words = new Uint32Array(accounts * ADDRESS_WORDS);
  for (let i = ADDRESS_WORDS; i < words.length; i++) words[i] = next() * 2 ** 32;
  return new TransferTable({
    accounts: AccountTable.from(words),
    from,
    to,
    block: Float64Array.from({ length: from.length }, (_, row) => Math.floor(row / 100)),
    logIndex: Uint32Array.from({ length: from.length }, (_, row) => row % 100),
    amount,
    wide: new BigUint64Array(),
    transaction: undefined,
    hashes: new Uint32Array(),
    time: undefined,
    line: undefined,
    file: undefined,
    files: [],
  });
}
