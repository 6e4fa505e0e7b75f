import { ZERO, type Accounts } from "./accounts.ts";
import type { Draw } from "./draw.ts";
import type { Pattern, Step } from "./step.ts";

/** Where a part of the stolen money ends. */
export interface Ending {
  readonly account: number;
  /** Base units, above zero. */
  readonly amount: bigint;
}

/** A wallet that is robbed, of how much, and how much of that it has to be given before. */
export interface Victim {
  readonly account: number;
  readonly amount: bigint;
  readonly lacks: bigint;
}

/** The fewest hops that a theft can have: to the collector, to the head of a group, to an ending. */
export const LEAST_HOPS = 3;
/** Endings that one chain of peels serves at most. */
const LONGEST_PEEL = 6;
/** Wallets that the loot is spread over before it comes together again. */
const FAN = [3, 8] as const;

/**
 * The way of stolen money from its victims to its endings, over accounts that nobody else uses: it bounces, is spread and
 * put together again, and goes in chains of peels, in at most `hops` transfers one after another, the theft counted. The
 * endings get exactly their amounts, and nothing stays on the way, so that every method of tracing finds the same there.
 */
export function planTheft(
  victims: readonly Victim[],
  endings: readonly Ending[],
  hops: number,
  accounts: Accounts,
  draw: Draw,
): Step[] {
  const steps: Step[] = [];
  const move = (from: number, to: number, value: bigint, pattern: Pattern) => {
    if (value > 0n) steps.push({ from, to, value, pattern });
  };
  const total = endings.reduce((sum, { amount }) => sum + amount, 0n);
  let holder = accounts.fresh();
  for (const { account, amount, lacks } of victims) {
    move(ZERO, account, lacks, "mint");
    move(account, holder, amount, "theft");
  }
  let left = hops - LEAST_HOPS;
  if (left >= 2) {
    const other = accounts.fresh();
    move(holder, other, total, "bounce");
    move(other, holder, total, "bounce");
    left -= 2;
  }
  if (left >= 2 && total >= BigInt(FAN[1])) {
    const hub = accounts.fresh();
    const parts = draw.split(total, draw.between(...FAN)).map((value) => ({ value, wallet: accounts.fresh() }));
    for (const { value, wallet } of parts) move(holder, wallet, value, "fan-out");
    for (const { value, wallet } of parts) move(wallet, hub, value, "merge");
    holder = hub;
    left -= 2;
  }
  for (const group of groupsOf(endings, Math.min(LONGEST_PEEL, 1 + left), draw)) {
    const head = accounts.fresh();
    const sum = group.reduce((all, { amount }) => all + amount, 0n);
    move(holder, head, sum, "fan-out");
    peel(head, sum, group, accounts, move);
  }
  return steps;
}

/** Each account of the chain serves one ending and sends the rest to the next. */
function peel(
  head: number,
  sum: bigint,
  endings: readonly Ending[],
  accounts: Accounts,
  move: (from: number, to: number, value: bigint, pattern: Pattern) => void,
): void {
  let [holder, rest] = [head, sum];
  for (const { account, amount } of endings) {
    move(holder, account, amount, "ending");
    rest -= amount;
    if (rest === 0n) return;
    const next = accounts.fresh();
    move(holder, next, rest, "peel");
    holder = next;
  }
}

/** The endings in groups of at most so many. The first is as large as can be. */
function groupsOf(endings: readonly Ending[], most: number, draw: Draw): Ending[][] {
  const groups: Ending[][] = [];
  for (let i = 0; i < endings.length; i += groups.at(-1)!.length) {
    groups.push(endings.slice(i, i + (i === 0 ? most : draw.between(1, most))));
  }
  return groups;
}
