import type { Method } from "../methods.ts";
import type { MethodResult } from "./found.ts";
import { ZERO, type Transfers } from "../transfers/transfers.ts";
import { bookOf, type Book } from "./books.ts";
import { negativeBalance } from "./faults.ts";
import type { Found } from "./found.ts";

/** What decides the taint of a transfer. */
export type Rule =
  /** Nothing changes: no value, or sender and receiver are one. */
  | "zero-value"
  | "self-transfer"
  /** The sender has no taint: new money, a stop, or an account that nothing reached. */
  | "mint"
  | "from-stop"
  | "untainted"
  /** A seed, which made tainted what was not. */
  | "seed"
  /** The rule of the method. */
  | Method;

/** An account after a transfer. */
export interface Standing {
  readonly account: number;
  readonly balance: bigint;
  readonly taint: bigint;
}

/** What one method makes of one transfer. Amounts are base units. */
export interface Move {
  readonly row: number;
  readonly method: Method;
  readonly value: bigint;
  readonly rule: Rule;
  /** Taint that left the sender. */
  readonly sent: bigint;
  /** Taint that arrived: what was sent and what a seed injected. */
  readonly arrived: bigint;
  readonly end: "account" | "stop" | "burn";
  /** Both after the transfer; undefined for the zero address, and for an account that the pass was not asked for. */
  readonly sender: Standing | undefined;
  readonly receiver: Standing | undefined;
}

export interface PlainInput {
  readonly transfers: Transfers;
  /** By row. */
  readonly seeds: ReadonlyMap<number, bigint>;
  readonly stops: ReadonlySet<number>;
  /** By account, in base units; none where there is none. */
  readonly openings: ReadonlyMap<number, bigint>;
  readonly methods: readonly Method[];
  /** How many rows count. */
  readonly count: number;
  /** The accounts that matter, with all that are ever tainted among them; all unless told. */
  readonly accounts?: Pick<ReadonlySet<number>, "has"> | undefined;
  /** Told of each row of these accounts, in order, for each method in turn. */
  readonly observe?: ((move: Move) => void) | undefined;
}

/**
 * The pass in integers of any size, one method beside the other. Taint depends on the sender alone: the rows of the
 * accounts that are ever tainted are enough, and then it is fast.
 * @throws NegativeBalanceError
 */
export function plainPass(input: PlainInput): Found {
  const { transfers, seeds, openings, accounts, count } = input;
  const balances = new Map<number, bigint>(openings);
  balances.delete(ZERO);
  const balanceOf = (account: number) => balances.get(account) ?? 0n;
  const runs = input.methods.map((method) => new Run(method, input, balanceOf));
  const isAsked = (account: number) => account !== ZERO && (accounts === undefined || accounts.has(account));
  for (let row = 0; row < count; row++) {
    const [from, to] = [transfers.from[row]!, transfers.to[row]!];
    const asked = { sender: isAsked(from) ? from : undefined, receiver: isAsked(to) ? to : undefined };
    if (asked.sender === undefined && asked.receiver === undefined && !seeds.has(row)) continue;
    const value = transfers.value(row);
    if (value === 0n || from === to) {
      for (const run of runs) run.still(row, asked, value === 0n ? "zero-value" : "self-transfer");
      continue;
    }
    const had = { sender: balanceOf(from), receiver: balanceOf(to) };
    if (asked.sender !== undefined && had.sender < value) throw negativeBalance(transfers, row, had.sender);
    if (asked.sender !== undefined) balances.set(from, had.sender - value);
    if (asked.receiver !== undefined) balances.set(to, had.receiver + value);
    for (const run of runs) run.move(row, asked, value, had);
  }
  return {
    balanceOf,
    totalBalance: () => [...balances.values()].reduce((sum, balance) => sum + balance, 0n),
    methods: runs.map((run) => run.result()),
  };
}

/** Sender and receiver, each where the pass was asked for it. */
interface Asked {
  readonly sender: number | undefined;
  readonly receiver: number | undefined;
}

/** One method on its way through the rows. */
class Run {
  readonly #method: Method;
  readonly #input: PlainInput;
  readonly #balanceOf: (account: number) => bigint;
  readonly #book: Book;
  readonly #sinks = new Map<number, bigint>();
  readonly #burned: { row: number; taint: bigint }[] = [];
  readonly #touched = new Set<number>();
  #injected = 0n;

  constructor(method: Method, input: PlainInput, balanceOf: (account: number) => bigint) {
    this.#method = method;
    this.#input = input;
    this.#balanceOf = balanceOf;
    this.#book = bookOf(method);
  }

  /** A row that changes nothing. */
  still(row: number, asked: Asked, rule: Rule): void {
    this.#tell(row, asked, rule, 0n, 0n);
  }

  /** @param had balances before the row. */
  move(row: number, asked: Asked, value: bigint, had: { readonly sender: bigint; readonly receiver: bigint }): void {
    const book = this.#book;
    const to = this.#input.transfers.to[row] as number;
    const rule = this.#ruleOf(row, had.sender);
    const natural = asked.sender === undefined ? book.clean(value) : book.send(asked.sender, value, had.sender);
    const more = (this.#input.seeds.get(row) ?? 0n) - natural.taint;
    const parcel = more > 0n ? book.taint(natural, more) : natural;
    if (more > 0n) this.#injected += more;
    if (parcel.taint > 0n && to === ZERO) this.#burned.push({ row, taint: parcel.taint });
    else if (parcel.taint > 0n && this.#input.stops.has(to)) {
      this.#sinks.set(to, (this.#sinks.get(to) ?? 0n) + parcel.taint);
    } else if (to !== ZERO && !this.#input.stops.has(to)) {
      if (parcel.taint > 0n) this.#touched.add(to);
      if (asked.receiver !== undefined) book.receive(to, parcel, value, had.receiver);
    }
    this.#tell(row, asked, more > 0n ? "seed" : rule, natural.taint, parcel.taint);
  }

  result(): MethodResult {
    const taintOf = (account: number) => this.#book.taintOf(account, this.#balanceOf(account));
    return {
      method: this.#method,
      injected: this.#injected,
      taintOf,
      sinks: new Map([...this.#sinks].sort(([a], [b]) => a - b)),
      burned: this.#burned,
      touched: [...this.#touched].sort((a, b) => a - b),
    };
  }

  #ruleOf(row: number, balance: bigint): Rule {
    const from = this.#input.transfers.from[row] as number;
    if (from === ZERO) return "mint";
    if (this.#input.stops.has(from)) return "from-stop";
    return this.#book.taintOf(from, balance) === 0n ? "untainted" : this.#method;
  }

  #tell(row: number, { sender, receiver }: Asked, rule: Rule, sent: bigint, arrived: bigint): void {
    const { transfers, stops, observe } = this.#input;
    if (observe === undefined) return;
    const to = transfers.to[row] as number;
    const standing = (account: number | undefined): Standing | undefined => {
      if (account === undefined) return undefined;
      const balance = this.#balanceOf(account);
      return { account, balance, taint: this.#book.taintOf(account, balance) };
    };
    observe({
      row,
      method: this.#method,
      value: transfers.value(row),
      rule,
      sent,
      arrived,
      end: to === ZERO ? "burn" : stops.has(to) ? "stop" : "account",
      sender: standing(sender),
      receiver: standing(receiver),
    });
  }
}
