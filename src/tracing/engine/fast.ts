import { negativeBalance } from "./faults.ts";
import { ZERO, type Transfers } from "../transfers/transfers.ts";
import type { Method } from "../methods.ts";
import type { MethodResult } from "./found.ts";
import type { Engine, EngineInput, Saved } from "./engine.ts";
import type { Found } from "./found.ts";
import { QUEUE_METHODS, QueuePass } from "./queues.ts";
import { SUM_METHODS, SumPass } from "./sums.ts";

export interface FastInput extends EngineInput {
  readonly methods: readonly Method[];
  /** By account, in base units. */
  readonly openings: ReadonlyMap<number, bigint>;
  /** By row, in ascending order. */
  readonly seeds: ReadonlyMap<number, bigint>;
}

/** All methods in doubles, up to some row: the sums in one pass, each queue in one of its own. */
export class FastPass {
  readonly #input: FastInput;
  readonly #engines: readonly Engine[];
  #row = 0;

  private constructor(input: FastInput) {
    this.#input = input;
    const sums = SUM_METHODS.filter((method) => input.methods.includes(method));
    const queues = QUEUE_METHODS.filter((method) => input.methods.includes(method));
    this.#engines = [
      ...(sums.length > 0 || queues.length === 0 ? [new SumPass(input, sums)] : []),
      ...queues.map((method) => new QueuePass(input, method)),
    ];
  }

  /** Undefined where an amount is beyond doubles from the start. */
  static of(input: FastInput): FastPass | undefined {
    const large = [...input.openings.values()].some((opening) => opening > Number.MAX_SAFE_INTEGER);
    return large || input.transfers.isWide ? undefined : new FastPass(input);
  }

  /** The row that is next. */
  get row(): number {
    return this.#row;
  }

  /** Takes the rows to before `end`; false where a sum is beyond doubles, and then nothing of the pass is of use. */
  advance(end: number): boolean {
    if (this.#row === 0 && !this.#begin(end)) return false;
    for (const [row, amount] of this.#input.seeds) {
      if (row < this.#row || row >= end) continue;
      if (!this.#engines.every((engine) => engine.run(this.#row, row) && engine.seed(row, Number(amount))))
        return false;
      this.#row = row + 1;
    }
    if (!this.#engines.every((engine) => engine.run(this.#row, end))) return false;
    this.#row = end;
    return true;
  }

  found(): Found {
    const results = this.#engines.flatMap((engine) => engine.results());
    const first = this.#engines[0] as Engine;
    return {
      balanceOf: (account) => first.balanceOf(account),
      totalBalance: () => first.totalBalance(),
      methods: this.#input.methods.map((method) => results.find((one) => one.method === method) as MethodResult),
    };
  }

  /** What it knows of the first `accounts` accounts; to be written or copied before it goes on. */
  save(accounts: number): Saved[] {
    return this.#engines.map((engine) => engine.save(accounts));
  }

  /**
   * Goes on after `row` rows, with what was saved there; false, and nothing is changed, where that does not fit.
   * @param raised by how much accounts had more in the beginning than they have in what was saved; which changes
   * nothing but the balance of one that was never tainted, and does not fit one that was.
   */
  load(row: number, saved: readonly Saved[], raised: ReadonlyMap<number, number>): boolean {
    if (saved.length !== this.#engines.length) return false;
    const columns = saved.map(({ arrays: [state, touched] }) => ({
      state,
      touched,
      width: state.length / touched.length,
    }));
    for (const { state, touched, width } of columns) {
      for (const [account, more] of raised) {
        if (touched[account] !== 0 || !Number.isSafeInteger(state[account * width]! + more)) return false;
      }
    }
    for (const { state, width } of columns) for (const [account, more] of raised) state[account * width]! += more;
    const openings = this.#openings();
    for (const [i, engine] of this.#engines.entries()) {
      engine.begin(openings);
      engine.load(saved[i] as Saved);
    }
    this.#row = row;
    return true;
  }

  /** To the first seed, or to `end`: there is nothing to trace yet. */
  #begin(end: number): boolean {
    const [first = end] = this.#input.seeds.keys();
    const balances = this.#openings();
    this.#row = Math.min(first, end);
    if (!moveBalances(balances, this.#input.transfers, this.#row)) return false;
    for (const engine of this.#engines) engine.begin(balances);
    return true;
  }

  #openings(): Float64Array {
    const balances = new Float64Array(this.#input.transfers.accounts.size);
    for (const [account, opening] of this.#input.openings) balances[account] = Number(opening);
    return balances;
  }
}

/**
 * Moves the rows to before `end` in the balances, which are all that changes until the first seed; false where a sum is
 * beyond doubles. @throws NegativeBalanceError
 */
function moveBalances(balances: Float64Array, transfers: Transfers, end: number): boolean {
  const { from, to, amount } = transfers;
  for (let row = 0; row < end; row++) {
    const sender = from[row]!;
    const receiver = to[row]!;
    const value = amount[row]!;
    if (sender === receiver) continue;
    if (sender !== ZERO) {
      const had = balances[sender]!;
      if (had < value) throw negativeBalance(transfers, row, BigInt(had));
      balances[sender] = had - value;
    }
    if (receiver !== ZERO) {
      const has = balances[receiver]! + value;
      if (has > Number.MAX_SAFE_INTEGER) return false;
      balances[receiver] = has;
    }
  }
  return true;
}
