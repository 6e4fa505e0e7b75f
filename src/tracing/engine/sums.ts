import type { Method } from "../methods.ts";
import type { MethodResult } from "./found.ts";
import { ZERO } from "../transfers/transfers.ts";
import { shareOf } from "./divide.ts";
import {
  endsOf,
  loadArrays,
  loadTallies,
  totalOf,
  withBit,
  type Engine,
  type EngineInput,
  type Saved,
} from "./engine.ts";
import { negativeBalance } from "./faults.ts";
import { END, Tally } from "./tally.ts";

/** Methods that know of an account only how much is tainted; they share one pass. */
export const SUM_METHODS = ["haircut", "libr", "taint-first", "poison"] as const satisfies readonly Method[];

export type SumMethod = (typeof SUM_METHODS)[number];

const MOST = Number.MAX_SAFE_INTEGER;

/** Taint that leaves an account which had `had`, of it `taint` and not 0, with a transfer of `value`. */
const RULES: Readonly<Record<SumMethod, (taint: number, value: number, had: number) => number>> = {
  haircut: shareOf,
  libr: (taint, value, had) => Math.max(0, taint - (had - value)),
  "taint-first": (taint, value) => Math.min(taint, value),
  poison: (_, value) => value,
};

/**
 * The methods in one pass, in doubles. An account is a balance and then a taint for each method, side by side, since what
 * costs time is to fetch them from memory. Of poison the column is 1 where the account is poisoned.
 */
export class SumPass implements Engine {
  readonly #input: EngineInput;
  readonly #tallies: readonly Tally[];
  readonly #width: number;
  readonly #state: Float64Array;
  readonly #ends: Uint8Array;
  /** For each account, a bit for each method by which it was ever tainted. */
  readonly #touched: Uint8Array;

  /** @param methods each once. */
  constructor(input: EngineInput, methods: readonly SumMethod[]) {
    this.#input = input;
    this.#tallies = methods.map((method) => new Tally(method));
    this.#width = methods.length + 1;
    const { size } = input.transfers.accounts;
    this.#state = new Float64Array(size * this.#width);
    this.#touched = new Uint8Array(size);
    this.#ends = endsOf(input);
  }

  begin(balances: Float64Array): void {
    for (let account = 0; account < balances.length; account++) this.#state[account * this.#width] = balances[account]!;
  }

  run(start: number, end: number): boolean {
    const { transfers } = this.#input;
    const { from, to, amount } = transfers;
    const [state, ends, touched, width] = [this.#state, this.#ends, this.#touched, this.#width];
    const [haircut, libr, first, poison] = SUM_METHODS.map((method) => this.#columnOf(method)) as [
      number,
      number,
      number,
      number,
    ];
    for (let row = start; row < end; row++) {
      const value = amount[row]!;
      const sender = from[row]!;
      const receiver = to[row]!;
      if (value === 0 || sender === receiver) continue;
      let byHaircut = 0;
      let byLibr = 0;
      let byFirst = 0;
      let byPoison = 0;
      if (sender !== ZERO) {
        const at = sender * width;
        const had = state[at]!;
        const left = had - value;
        if (left < 0) throw negativeBalance(transfers, row, BigInt(had));
        state[at] = left;
        if (haircut !== 0) {
          const taint = state[at + haircut]!;
          if (taint !== 0) {
            byHaircut = left === 0 ? taint : taint === had ? value : shareOf(taint, value, had);
            state[at + haircut] = taint - byHaircut;
          }
        }
        if (libr !== 0) {
          const taint = state[at + libr]!;
          if (taint > left) {
            byLibr = taint - left;
            state[at + libr] = left;
          }
        }
        if (first !== 0) {
          const taint = state[at + first]!;
          if (taint !== 0) {
            byFirst = taint < value ? taint : value;
            state[at + first] = taint - byFirst;
          }
        }
        if (poison !== 0 && state[at + poison] !== 0) byPoison = value;
      }
      const at = receiver * width;
      if (receiver !== ZERO) {
        const has = state[at]! + value;
        if (has > MOST) return false;
        state[at] = has;
      }
      if (byHaircut === 0 && byLibr === 0 && byFirst === 0 && byPoison === 0) continue;
      if (ends[receiver] !== END.account) {
        if (byHaircut !== 0 && !this.#arrive(haircut, row, receiver, byHaircut)) return false;
        if (byLibr !== 0 && !this.#arrive(libr, row, receiver, byLibr)) return false;
        if (byFirst !== 0 && !this.#arrive(first, row, receiver, byFirst)) return false;
        if (byPoison !== 0 && !this.#arrive(poison, row, receiver, byPoison)) return false;
        continue;
      }
      let bits = 0;
      if (byHaircut !== 0) {
        state[at + haircut]! += byHaircut;
        bits |= 1 << haircut;
      }
      if (byLibr !== 0) {
        state[at + libr]! += byLibr;
        bits |= 1 << libr;
      }
      if (byFirst !== 0) {
        state[at + first]! += byFirst;
        bits |= 1 << first;
      }
      if (byPoison !== 0) {
        state[at + poison] = 1;
        bits |= 1 << poison;
      }
      touched[receiver]! |= bits;
    }
    return true;
  }

  seed(row: number, amount: number): boolean {
    const { transfers } = this.#input;
    const [sender, receiver, value] = [transfers.from[row]!, transfers.to[row]!, transfers.amount[row]!];
    if (value === 0 || sender === receiver) return true;
    const had = this.#state[sender * this.#width]!;
    if (sender !== ZERO) {
      if (had < value) throw negativeBalance(transfers, row, BigInt(had));
      this.#state[sender * this.#width] = had - value;
    }
    if (receiver !== ZERO && (this.#state[receiver * this.#width]! += value) > MOST) return false;
    return this.#tallies.every((tally, i) => {
      const at = sender * this.#width + i + 1;
      const tainted = this.#state[at]!;
      const natural = tainted === 0 ? 0 : RULES[tally.method as SumMethod](tainted, value, had);
      if (tally.method !== "poison") this.#state[at]! -= natural;
      const taint = Math.max(natural, amount);
      tally.injected += BigInt(taint - natural);
      return taint === 0 || this.#arrive(i + 1, row, receiver, taint);
    });
  }

  balanceOf(account: number): bigint {
    return BigInt(this.#state[account * this.#width]!);
  }

  totalBalance(): bigint {
    return totalOf(this.#state, this.#width);
  }

  results(): MethodResult[] {
    return this.#tallies.map((tally, i) => {
      const taintOf = (account: number) => {
        const taint = this.#state[account * this.#width + i + 1]!;
        if (tally.method !== "poison") return BigInt(taint);
        return taint === 0 ? 0n : this.balanceOf(account);
      };
      return tally.result(taintOf, withBit(this.#touched, 1 << (i + 1)));
    });
  }

  save(accounts: number): Saved {
    const state = this.#state.subarray(0, accounts * this.#width);
    return { arrays: [state, this.#touched.subarray(0, accounts)], tallies: this.#tallies };
  }

  load(saved: Saved): void {
    loadArrays([this.#state, this.#touched], saved);
    loadTallies(this.#tallies, saved);
  }

  /** Column of a method; 0 where it is not traced by it. */
  #columnOf(method: SumMethod): number {
    return this.#tallies.findIndex((tally) => tally.method === method) + 1;
  }

  /** Books tainted money with its receiver, or where it ends; false where a sum is beyond doubles. */
  #arrive(column: number, row: number, receiver: number, taint: number): boolean {
    const tally = this.#tallies[column - 1] as Tally;
    const end = this.#ends[receiver]!;
    if (end !== END.account) return tally.end(row, receiver, taint, end);
    const at = receiver * this.#width + column;
    this.#state[at] = tally.method === "poison" ? 1 : this.#state[at]! + taint;
    this.#touched[receiver]! |= 1 << column;
    return true;
  }
}
