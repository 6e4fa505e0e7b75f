import type { Method } from "../methods.ts";
import type { MethodResult } from "../trace.ts";
import type { Engine, EngineInput, Saved } from "./engine.ts";
import type { Found } from "./found.ts";
import { QUEUE_METHODS, QueuePass } from "./queues.ts";
import { SUM_METHODS, SumPass } from "./sums.ts";

export interface FastInput extends EngineInput {
  readonly methods: readonly Method[];
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

  save(): Saved[] {
    return this.#engines.map((engine) => engine.save());
  }

  /** Goes on after `row` rows, with what was saved there. */
  load(row: number, saved: readonly Saved[]): void {
    for (const [i, engine] of this.#engines.entries()) engine.load(saved[i] as Saved);
    this.#row = row;
  }
}
