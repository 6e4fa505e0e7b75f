import { ZERO_ADDRESS, type TransferRow } from "../../../src/tracing/transfers/row.ts";

/** Coins of one kind, oldest first. */
interface Lot {
  amount: bigint;
  readonly tainted: boolean;
}

type Method = "haircut" | "libr" | "taint-first" | "fifo";

/** A plain reading of four methods, to hold the generator's promises against: whole stolen transfers become tainted. */
export function taintsOf(
  method: Method,
  rows: readonly TransferRow[],
  stolen: ReadonlyMap<string, bigint>,
  stops: ReadonlySet<string>,
): { taints: Map<string, bigint>; sinks: Map<string, bigint> } {
  const lots = new Map<string, Lot[]>();
  const sinks = new Map<string, bigint>();
  const of = (account: string) => lots.get(account) ?? lots.set(account, []).get(account)!;
  for (const { from, to, value, hash, logIndex } of rows) {
    if (value === 0n || from === to) continue;
    let moved = from === ZERO_ADDRESS ? [{ amount: value, tainted: false }] : taken(method, of(from), value);
    if (stolen.has(`${hash}/${logIndex}`)) moved = [{ amount: value, tainted: true }];
    if (stops.has(to)) {
      const dirty = sumOf(moved, true);
      if (dirty > 0n) sinks.set(to, (sinks.get(to) ?? 0n) + dirty);
      moved = [{ amount: value, tainted: false }];
    }
    if (to !== ZERO_ADDRESS) of(to).push(...moved);
  }
  const taints = new Map([...lots].map(([account, own]) => [account, sumOf(own, true)]));
  return { taints: new Map([...taints].filter(([, taint]) => taint > 0n)), sinks };
}

const sumOf = (lots: readonly Lot[], tainted: boolean): bigint =>
  lots.reduce((sum, lot) => (lot.tainted === tainted ? sum + lot.amount : sum), 0n);

/** Takes an amount out of the lots, in the order of the method. */
function taken(method: Method, lots: Lot[], value: bigint): Lot[] {
  if (method === "fifo") return front(lots, value);
  const [clean, dirty] = [sumOf(lots, false), sumOf(lots, true)];
  const least = (a: bigint, b: bigint) => (a < b ? a : b);
  const share = {
    haircut: () => (dirty * value) / (clean + dirty),
    libr: () => value - least(value, clean),
    "taint-first": () => least(value, dirty),
  }[method]();
  const rest = [
    { amount: clean - (value - share), tainted: false },
    { amount: dirty - share, tainted: true },
  ];
  lots.splice(0, lots.length, ...rest.filter(({ amount }) => amount > 0n));
  return [
    { amount: value - share, tainted: false },
    { amount: share, tainted: true },
  ].filter(({ amount }) => amount > 0n);
}

function front(lots: Lot[], value: bigint): Lot[] {
  const moved: Lot[] = [];
  for (let left = value; left > 0n;) {
    const first = lots[0]!;
    const amount = first.amount < left ? first.amount : left;
    moved.push({ amount, tainted: first.tainted });
    first.amount -= amount;
    left -= amount;
    if (first.amount === 0n) lots.shift();
  }
  return moved;
}
