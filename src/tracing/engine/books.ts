import type { Method } from "../methods.ts";
import { Lots } from "./lots.ts";

/** Money on its way from one account to another. */
export interface Parcel {
  /** Tainted base units. */
  readonly taint: bigint;
  /** All its units, where the method tells them apart. */
  readonly lots?: Lots;
}

/** What one method writes down of every account. Balances are kept beside it: the same for all methods. */
export interface Book {
  /** Tainted part of an account that has `balance`. */
  taintOf(account: number, balance: bigint): bigint;
  /** Takes `value` out of an account that has `balance`. */
  send(account: number, value: bigint, balance: bigint): Parcel;
  /** Money that a mint makes, or that leaves a stop. */
  clean(value: bigint): Parcel;
  /** Makes `more` clean units of a parcel tainted: its oldest ones. */
  taint(parcel: Parcel, more: bigint): Parcel;
  /** Puts a parcel of `value` into an account that has `balance`. */
  receive(account: number, parcel: Parcel, value: bigint, balance: bigint): void;
}

/** Base units of taint that leave an account which has `balance`, of it `taint`, with a transfer of `value`. */
type Rule = (taint: bigint, value: bigint, balance: bigint) => bigint;

const RULES: Readonly<Record<"haircut" | "libr" | "taint-first", Rule>> = {
  haircut: (taint, value, balance) => (taint * value) / balance,
  libr: (taint, value, balance) => (taint > balance - value ? taint - (balance - value) : 0n),
  "taint-first": (taint, value) => (taint < value ? taint : value),
};

/** An empty book of a method. */
export function bookOf(method: Method): Book {
  switch (method) {
    case "fifo":
      return new LotBook((lots, value) => lots.takeOldest(value));
    case "lifo":
      return new LotBook((lots, value) => lots.takeNewest(value));
    case "poison":
      return new PoisonBook();
    case "haircut":
    case "libr":
    case "taint-first":
      return new SumBook(RULES[method]);
  }
}

/** A method that knows only how much of an account is tainted. */
class SumBook implements Book {
  readonly #taints = new Map<number, bigint>();
  readonly #rule: Rule;

  constructor(rule: Rule) {
    this.#rule = rule;
  }

  taintOf(account: number): bigint {
    return this.#taints.get(account) ?? 0n;
  }

  send(account: number, value: bigint, balance: bigint): Parcel {
    const has = this.taintOf(account);
    if (has === 0n) return { taint: 0n };
    const taint = this.#rule(has, value, balance);
    this.#set(account, has - taint);
    return { taint };
  }

  clean(): Parcel {
    return { taint: 0n };
  }

  taint(parcel: Parcel, more: bigint): Parcel {
    return { taint: parcel.taint + more };
  }

  receive(account: number, { taint }: Parcel): void {
    if (taint > 0n) this.#set(account, this.taintOf(account) + taint);
  }

  #set(account: number, taint: bigint): void {
    if (taint === 0n) this.#taints.delete(account);
    else this.#taints.set(account, taint);
  }
}

/** A method that knows the order in which an account's units came. An account that is wholly clean needs no lots. */
class LotBook implements Book {
  readonly #mixed = new Map<number, Lots>();
  readonly #take: (lots: Lots, value: bigint) => Lots;

  constructor(take: (lots: Lots, value: bigint) => Lots) {
    this.#take = take;
  }

  taintOf(account: number): bigint {
    return this.#mixed.get(account)?.taint ?? 0n;
  }

  send(account: number, value: bigint): Parcel {
    const lots = this.#mixed.get(account);
    if (lots === undefined) return this.clean(value);
    const taken = this.#take(lots, value);
    if (lots.taint === 0n) this.#mixed.delete(account);
    return { taint: taken.taint, lots: taken };
  }

  clean(value: bigint): Parcel {
    return { taint: 0n, lots: new Lots(value) };
  }

  taint({ lots }: Parcel, more: bigint): Parcel {
    const turned = lots as Lots;
    turned.taintOldest(more);
    return { taint: turned.taint, lots: turned };
  }

  receive(account: number, { taint, lots }: Parcel, _value: bigint, balance: bigint): void {
    const own = this.#mixed.get(account) ?? (taint === 0n ? undefined : new Lots(balance));
    if (own === undefined) return;
    own.add(lots as Lots);
    this.#mixed.set(account, own);
  }
}

/** Any taint taints all, for ever. What it finds is not conserved: it grows with every wallet that it reaches. */
class PoisonBook implements Book {
  readonly #poisoned = new Set<number>();

  taintOf(account: number, balance: bigint): bigint {
    return this.#poisoned.has(account) ? balance : 0n;
  }

  send(account: number, value: bigint): Parcel {
    return { taint: this.#poisoned.has(account) ? value : 0n };
  }

  clean(): Parcel {
    return { taint: 0n };
  }

  taint(parcel: Parcel, more: bigint): Parcel {
    return { taint: parcel.taint + more };
  }

  receive(account: number, { taint }: Parcel): void {
    if (taint > 0n) this.#poisoned.add(account);
  }
}
