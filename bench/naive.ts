import { ZERO_ADDRESS } from "../src/tracing/transfers/row.ts";

/** A transfer as one writes it down without thinking of time or memory. */
export interface NaiveTransfer {
  readonly block: number;
  readonly logIndex: number;
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
}

type SumMethod = "haircut" | "libr" | "taint-first";

/** Taint that leaves an account which has `balance`, of it `taint`, with a transfer of `value`. */
const RULES: Readonly<Record<SumMethod, (taint: bigint, value: bigint, balance: bigint) => bigint>> = {
  haircut: (taint, value, balance) => (taint * value) / balance,
  libr: (taint, value, balance) => (taint > balance - value ? taint - (balance - value) : 0n),
  "taint-first": (taint, value) => (taint < value ? taint : value),
};

/** Sum methods over a `Map` of bigints by address; what they find, by method. */
export function naiveSums(
  methods: readonly SumMethod[],
  transfers: readonly NaiveTransfer[],
  seeds: ReadonlySet<number>,
): Map<string, bigint>[] {
  const balances = new Map<string, bigint>();
  const taints = methods.map(() => new Map<string, bigint>());
  for (let row = 0; row < transfers.length; row++) {
    const { from, to, value } = transfers[row]!;
    if (value === 0n || from === to) continue;
    const balance = balances.get(from) ?? 0n;
    if (from !== ZERO_ADDRESS) {
      if (balance < value) throw new Error(`Row ${row} takes ${value} of ${balance}.`);
      balances.set(from, balance - value);
    }
    if (to !== ZERO_ADDRESS) balances.set(to, (balances.get(to) ?? 0n) + value);
    for (let i = 0; i < methods.length; i++) {
      const own = taints[i]!;
      const taint = own.get(from) ?? 0n;
      let moved = taint === 0n ? 0n : RULES[methods[i]!](taint, value, balance);
      if (moved > 0n) own.set(from, taint - moved);
      if (seeds.has(row)) moved = value;
      if (moved > 0n && to !== ZERO_ADDRESS) own.set(to, (own.get(to) ?? 0n) + moved);
    }
  }
  return taints;
}

/** First in, first out, over a `Map` of arrays of lots by address; what it finds. */
export function naiveFifo(transfers: readonly NaiveTransfer[], seeds: ReadonlySet<number>): Map<string, bigint> {
  const wallets = new Map<string, { amount: bigint; tainted: boolean }[]>();
  for (let row = 0; row < transfers.length; row++) {
    const { from, to, value } = transfers[row]!;
    if (value === 0n || from === to) continue;
    let moved = [{ amount: value, tainted: false }];
    if (from !== ZERO_ADDRESS) {
      const lots = wallets.get(from) ?? [];
      moved = [];
      for (let left = value; left > 0n;) {
        const lot = lots[0];
        if (lot === undefined) throw new Error(`Row ${row} takes ${value} and ${left} of it is not there.`);
        const amount = lot.amount < left ? lot.amount : left;
        moved.push({ amount, tainted: lot.tainted });
        lot.amount -= amount;
        left -= amount;
        if (lot.amount === 0n) lots.shift();
      }
    }
    if (seeds.has(row)) moved = [{ amount: value, tainted: true }];
    if (to === ZERO_ADDRESS) continue;
    const own = wallets.get(to);
    if (own === undefined) wallets.set(to, moved);
    else own.push(...moved);
  }
  const taints = new Map<string, bigint>();
  for (const [account, lots] of wallets) {
    const taint = lots.reduce((sum, { amount, tainted }) => (tainted ? sum + amount : sum), 0n);
    if (taint > 0n) taints.set(account, taint);
  }
  return taints;
}
