import type { MethodResult } from "./found.ts";
import { ZERO, type Transfers } from "../transfers/transfers.ts";
import { TraceInvariantError } from "./faults.ts";
import { END, type Tally } from "./tally.ts";
import { Total } from "./total.ts";

/** What the passes in doubles have in common: numbers up to 2^53 - 1, and a word when they are greater. */
export interface Engine {
  /** Gives everyone a balance, of which nothing is tainted. */
  begin(balances: Float64Array): void;
  /** Takes the rows from `start` to before `end`, none of which is a seed; false where a sum is beyond doubles. */
  run(start: number, end: number): boolean;
  /** Takes one row of which `amount` base units are stolen; false as above. */
  seed(row: number, amount: number): boolean;
  balanceOf(account: number): bigint;
  /** Sum of all balances. @throws TraceInvariantError for a negative one. */
  totalBalance(): bigint;
  results(): MethodResult[];
  /** All that it knows of the first accounts: the same arrays, in the same order, for the same methods. */
  save(accounts: number): Saved;
  load(saved: Saved): void;
}

export interface Saved {
  /** Some columns for each account, of which the first is its balance; one that is not 0 if it was ever tainted; others. */
  readonly arrays: readonly [Float64Array, Uint8Array, ...NumberArray[]];
  readonly tallies: readonly {
    readonly injected: bigint;
    readonly sinks: ReadonlyMap<number, number>;
    readonly burnedRows: readonly number[];
    readonly burnedTaints: readonly number[];
  }[];
}

export type NumberArray = Float64Array | Int32Array | Uint8Array;

export interface EngineInput {
  readonly transfers: Transfers;
  readonly stops: ReadonlySet<number>;
}

/** How each account ends a transfer, by its number. */
export function endsOf({ transfers, stops }: EngineInput): Uint8Array {
  const ends = new Uint8Array(transfers.accounts.size);
  for (const stop of stops) ends[stop] = END.stop;
  ends[ZERO] = END.burn;
  return ends;
}

/** Sum of the balances, which stand in every `width`th place. @throws TraceInvariantError for a negative one. */
export function totalOf(state: Float64Array, width: number): bigint {
  const total = new Total();
  for (let at = 0; at < state.length; at += width) {
    const balance = state[at]!;
    if (balance < 0) throw new TraceInvariantError(`account ${at / width} is below zero`, BigInt(balance), 0n);
    total.add(balance);
  }
  return total.sum;
}

/** Accounts that have a bit, in ascending order. */
export function withBit(bits: Uint8Array, bit: number): number[] {
  const accounts: number[] = [];
  for (let account = 0; account < bits.length; account++) if ((bits[account]! & bit) !== 0) accounts.push(account);
  return accounts;
}

/** Copies what was saved into arrays of the same kinds; accounts that came since keep what they have. */
export function loadArrays(arrays: readonly NumberArray[], saved: Saved): void {
  for (const [i, array] of arrays.entries()) array.set(saved.arrays[i] as NumberArray);
}

export function loadTallies(tallies: readonly Tally[], saved: Saved): void {
  for (const [i, tally] of tallies.entries()) {
    const { injected, sinks, burnedRows, burnedTaints } = saved.tallies[i] as Saved["tallies"][number];
    tally.injected = injected;
    for (const [stop, taint] of sinks) tally.sinks.set(stop, taint);
    for (const row of burnedRows) tally.burnedRows.push(row);
    for (const taint of burnedTaints) tally.burnedTaints.push(taint);
  }
}
