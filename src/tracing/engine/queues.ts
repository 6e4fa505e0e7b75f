import type { MethodResult } from "./found.ts";
import { ZERO } from "../transfers/transfers.ts";
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

export const QUEUE_METHODS = ["fifo", "lifo"] as const;

export type QueueMethod = (typeof QUEUE_METHODS)[number];

const MOST = Number.MAX_SAFE_INTEGER;
const NO_LOT = 0;

/**
 * First in, first out, and last in, first out, in doubles. An account is a balance and a taint; only one that is partly
 * tainted has lots, which are linked by number, so that all of them move at once. Neighbours differ: tainted lots have
 * negative amounts.
 */
export class QueuePass implements Engine {
  readonly #input: EngineInput;
  readonly #tally: Tally;
  readonly #state: Float64Array;
  readonly #ends: Uint8Array;
  readonly #touched: Uint8Array;
  readonly #oldest: Int32Array;
  readonly #newest: Int32Array;
  /** Of each lot: signed amount, and its neighbours. */
  #lot = new Float64Array(1024);
  #older = new Int32Array(1024);
  #newer = new Int32Array(1024);
  #used = 1;
  /** Lots that are free, linked by `newer`. */
  #free = NO_LOT;
  /** Lots on their way from sender to receiver; none where they are all tainted or all clean. */
  #first = NO_LOT;
  #last = NO_LOT;

  constructor(input: EngineInput, method: QueueMethod) {
    const { size } = input.transfers.accounts;
    this.#input = input;
    this.#tally = new Tally(method);
    this.#state = new Float64Array(size * 2);
    this.#touched = new Uint8Array(size);
    this.#ends = endsOf(input);
    this.#oldest = new Int32Array(size);
    this.#newest = new Int32Array(size);
  }

  begin(balances: Float64Array): void {
    for (let account = 0; account < balances.length; account++) this.#state[account * 2] = balances[account]!;
  }

  run(start: number, end: number): boolean {
    const { from, to, amount } = this.#input.transfers;
    const state = this.#state;
    for (let row = start; row < end; row++) {
      const value = amount[row]!;
      const sender = from[row]!;
      const receiver = to[row]!;
      if (value === 0 || sender === receiver) continue;
      let taint = 0;
      if (sender !== ZERO) {
        const at = sender * 2;
        const had = state[at]!;
        if (had < value) throw negativeBalance(this.#input.transfers, row, BigInt(had));
        state[at] = had - value;
        if (state[at + 1] !== 0) taint = this.#take(sender, value, had);
      }
      if (taint !== 0 || state[receiver * 2 + 1] !== 0) {
        if (!this.#arrive(row, receiver, value, taint)) return false;
      } else if (receiver !== ZERO) {
        const has = state[receiver * 2]! + value;
        if (has > MOST) return false;
        state[receiver * 2] = has;
      }
    }
    return true;
  }

  seed(row: number, amount: number): boolean {
    const { transfers } = this.#input;
    const [sender, receiver, value] = [transfers.from[row]!, transfers.to[row]!, transfers.amount[row]!];
    if (value === 0 || sender === receiver) return true;
    let taint = 0;
    if (sender !== ZERO) {
      const had = this.#state[sender * 2]!;
      if (had < value) throw negativeBalance(transfers, row, BigInt(had));
      this.#state[sender * 2] = had - value;
      if (this.#state[sender * 2 + 1] !== 0) taint = this.#take(sender, value, had);
    }
    if (taint < amount) {
      this.#tally.injected += BigInt(amount - taint);
      this.#taintOldest(value, amount - taint);
      taint = amount;
    }
    return this.#arrive(row, receiver, value, taint);
  }

  balanceOf(account: number): bigint {
    return BigInt(this.#state[account * 2]!);
  }

  totalBalance(): bigint {
    return totalOf(this.#state, 2);
  }

  results(): MethodResult[] {
    const taintOf = (account: number) => BigInt(this.#state[account * 2 + 1]!);
    return [this.#tally.result(taintOf, withBit(this.#touched, 1))];
  }

  save(accounts: number): Saved {
    const state = this.#state.subarray(0, accounts * 2);
    const ends = [this.#touched, this.#oldest, this.#newest].map((array) => array.subarray(0, accounts));
    const lots = [this.#lot, this.#older, this.#newer].map((array) => array.subarray(0, this.#used));
    const free = Int32Array.of(this.#free);
    return {
      arrays: [state, ...(ends as [Uint8Array, Int32Array, Int32Array]), ...lots, free],
      tallies: [this.#tally],
    };
  }

  load(saved: Saved): void {
    this.#used = (saved.arrays[4] as Float64Array).length;
    this.#reserve(this.#used);
    const at = new Int32Array(1);
    const lots = [this.#lot, this.#older, this.#newer, at];
    loadArrays([this.#state, this.#touched, this.#oldest, this.#newest, ...lots], saved);
    loadTallies([this.#tally], saved);
    this.#free = at[0] as number;
  }

  /** Takes units out of an account that is tainted and had `had`; the taint of what is taken. */
  #take(account: number, value: number, had: number): number {
    const state = this.#state;
    const before = state[account * 2 + 1]!;
    if (before === had || value === had) {
      // All of one kind, or all there is.
      const taint = before === had ? value : before;
      state[account * 2 + 1] = before - taint;
      [this.#first, this.#last] = [this.#oldest[account]!, this.#newest[account]!];
      this.#oldest[account] = this.#newest[account] = NO_LOT;
      return taint;
    }
    const taint = this.#cut(account, value);
    const rest = before - taint;
    state[account * 2 + 1] = rest;
    if (rest === 0 || rest === had - value) {
      this.#release(this.#oldest[account]!, this.#newest[account]!);
      this.#oldest[account] = this.#newest[account] = NO_LOT;
    }
    if (taint === 0 || taint === value) this.#releaseMoved();
    return taint;
  }

  /** Cuts units, fewer than all, off the lots of an account: from the oldest on, or from the newest. Their taint. */
  #cut(account: number, value: number): number {
    const isFifo = this.#tally.method === "fifo";
    const end = isFifo ? this.#oldest : this.#newest;
    const outermost = end[account]!;
    let inward = isFifo ? this.#newer : this.#older;
    let outward = isFifo ? this.#older : this.#newer;
    let lot = outermost;
    let innermost = NO_LOT;
    let left = value;
    let taint = 0;
    for (let size = Math.abs(this.#lot[lot]!); size <= left; size = Math.abs(this.#lot[lot]!)) {
      if (this.#lot[lot]! < 0) taint += size;
      left -= size;
      innermost = lot;
      lot = inward[lot]!;
    }
    end[account] = lot;
    if (innermost !== NO_LOT) inward[innermost] = outward[lot] = NO_LOT;
    let moved = innermost === NO_LOT ? NO_LOT : outermost;
    if (left > 0) {
      const sign = Math.sign(this.#lot[lot]!);
      if (sign < 0) taint += left;
      this.#lot[lot]! -= sign * left;
      const part = this.#newLot(sign * left);
      // The columns may be others now.
      [inward, outward] = isFifo ? [this.#newer, this.#older] : [this.#older, this.#newer];
      if (innermost === NO_LOT) moved = part;
      else inward[innermost] = part;
      outward[part] = innermost;
      innermost = part;
    }
    [this.#first, this.#last] = isFifo ? [moved, innermost] : [innermost, moved];
    return taint;
  }

  /** Makes `more` clean units of what is on its way tainted, the oldest ones: all up to some unit are tainted then. */
  #taintOldest(value: number, more: number): void {
    let lot = this.#first === NO_LOT ? this.#newLot(value) : this.#first;
    if (this.#first === NO_LOT) this.#last = lot;
    let tainted = 0;
    for (let left = more; left > 0;) {
      const size = this.#lot[lot]!;
      const part = size < 0 ? -size : Math.min(size, left);
      tainted += part;
      if (size > 0) left -= part;
      if (part < size) {
        this.#lot[lot] = size - part;
        break;
      }
      const next = this.#newer[lot]!;
      this.#release(lot, lot);
      lot = next;
    }
    if (lot !== NO_LOT && this.#lot[lot]! < 0) {
      this.#lot[lot]! -= tainted;
      this.#older[lot] = NO_LOT;
      this.#first = lot;
    } else {
      this.#first = this.#newLot(-tainted);
      this.#newer[this.#first] = lot;
      if (lot === NO_LOT) this.#last = this.#first;
      else this.#older[lot] = this.#first;
    }
    if (this.#first === this.#last) this.#releaseMoved();
  }

  /** Books what is on its way with its receiver, or where it ends; false where a sum is beyond doubles. */
  #arrive(row: number, receiver: number, value: number, taint: number): boolean {
    const state = this.#state;
    const at = receiver * 2;
    const end = this.#ends[receiver]!;
    const had = state[at]!;
    const has = had + value;
    if (receiver !== ZERO) {
      if (has > MOST) return false;
      state[at] = has;
    }
    if (end !== END.account) {
      this.#releaseMoved();
      return taint === 0 || this.#tally.end(row, receiver, taint, end);
    }
    const before = state[at + 1]!;
    const after = before + taint;
    state[at + 1] = after;
    if (taint !== 0) this.#touched[receiver] = 1;
    if (after !== 0 && after !== has) this.#put(receiver, had, before, value, taint);
    return true;
  }

  /** Puts what is on its way behind what an account has; some of both together is tainted and some is not. */
  #put(account: number, had: number, before: number, value: number, taint: number): void {
    if (had === 0) {
      this.#oldest[account] = this.#first;
      this.#newest[account] = this.#last;
    } else {
      if (this.#oldest[account] === NO_LOT) {
        this.#oldest[account] = this.#newest[account] = this.#newLot(before === 0 ? had : -had);
      }
      if (this.#first === NO_LOT) this.#first = this.#last = this.#newLot(taint === 0 ? value : -value);
      this.#link(account);
    }
    this.#first = this.#last = NO_LOT;
  }

  #link(account: number): void {
    const newest = this.#newest[account]!;
    let first = this.#first;
    if (this.#lot[newest]! < 0 === this.#lot[first]! < 0) {
      this.#lot[newest]! += this.#lot[first]!;
      const next = this.#newer[first]!;
      this.#release(first, first);
      if (next === NO_LOT) return;
      first = next;
    }
    this.#newer[newest] = first;
    this.#older[first] = newest;
    this.#newest[account] = this.#last;
  }

  #newLot(amount: number): number {
    let lot = this.#free;
    if (lot === NO_LOT) {
      lot = this.#used++;
      this.#reserve(this.#used);
    } else {
      this.#free = this.#newer[lot]!;
    }
    this.#lot[lot] = amount;
    this.#older[lot] = this.#newer[lot] = NO_LOT;
    return lot;
  }

  #reserve(lots: number): void {
    if (lots <= this.#lot.length) return;
    const length = Math.max(lots, this.#lot.length * 2);
    const grown = <T extends Float64Array | Int32Array>(longer: T, old: T): T => {
      longer.set(old);
      return longer;
    };
    this.#lot = grown(new Float64Array(length), this.#lot);
    this.#older = grown(new Int32Array(length), this.#older);
    this.#newer = grown(new Int32Array(length), this.#newer);
  }

  #releaseMoved(): void {
    this.#release(this.#first, this.#last);
    this.#first = this.#last = NO_LOT;
  }

  /** Frees lots that are linked from the oldest to the newest. */
  #release(oldest: number, newest: number): void {
    if (oldest === NO_LOT) return;
    this.#newer[newest] = this.#free;
    this.#free = oldest;
  }
}
