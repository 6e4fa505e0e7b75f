import { ZERO, type Accounts } from "./accounts.ts";
import type { Draw } from "./draw.ts";
import type { Pattern, Step } from "./step.ts";

/** What ordinary people do, so many times in a thousand; the rest are payments. */
const WEIGHTS: readonly (readonly [act: Act, perMille: number])[] = [
  ["mint", 20],
  ["burn", 5],
  ["deposit", 110],
  ["withdrawal", 110],
  ["sweep", 60],
  ["self", 8],
  ["dust", 4],
  ["poison", 40],
  ["dustPoison", 10],
];
type Act = "mint" | "burn" | "deposit" | "withdrawal" | "sweep" | "self" | "dust" | "poison" | "dustPoison" | "payment";

/** Draws of a sender, until one has money. */
const TRIES = 12;
/** Payments that a poisoner remembers. */
const REMEMBERED = 64;
/** Look-alikes for each thousand wallets, before they are used again. */
const LOOK_ALIKES_PER_MILLE = 20;
/** Base units of dust at most. */
const MOST_DUST = 999;
const DUSTED = [5, 30] as const;

/** Everyday transfers between the wallets and the services. Nobody sends more than it has. */
export class Traffic {
  readonly #accounts: Accounts;
  readonly #services: readonly number[];
  readonly #balances: readonly (bigint | undefined)[];
  readonly #draw: Draw;
  /** One whole coin in base units. */
  readonly #coin: bigint;
  readonly #queue: Step[] = [];
  readonly #payments: { from: number; to: number }[] = [];
  readonly #lookAlikes: number[] = [];
  #firstMints: number;

  constructor(
    accounts: Accounts,
    services: readonly number[],
    balances: readonly (bigint | undefined)[],
    { draw, coin, events }: { draw: Draw; coin: bigint; events: number },
  ) {
    this.#accounts = accounts;
    this.#services = services;
    this.#balances = balances;
    this.#draw = draw;
    this.#coin = coin;
    this.#firstMints = Math.max(1, Math.min(Math.floor(accounts.wallets / 10), Math.floor(events / 50)));
  }

  /** The next transfer, which the balances must follow before another one is asked for. */
  next(): Step {
    const waiting = this.#queue.shift();
    if (waiting !== undefined && this.has(waiting.from) >= waiting.value) return waiting;
    this.#queue.length = 0;
    if (this.#firstMints > 0) {
      this.#firstMints -= 1;
      return this.#mint();
    }
    return this.#do(this.#act());
  }

  /** A wallet, a busy one more likely. */
  wallet(): number {
    return 1 + this.#draw.ranked(this.#accounts.wallets);
  }

  /** Base units of an account. */
  has(account: number): bigint {
    return this.#balances[account] ?? 0n;
  }

  #act(): Act {
    let ticket = this.#draw.below(1000);
    for (const [act, perMille] of WEIGHTS) {
      if (ticket < perMille) return act;
      ticket -= perMille;
    }
    return "payment";
  }

  #do(act: Act): Step {
    const draw = this.#draw;
    switch (act) {
      case "mint":
        return this.#mint();
      case "burn":
        return this.#send((from) => this.#step(from, ZERO, this.#part(from), "burn"));
      case "deposit":
        return this.#send((from) => this.#step(from, draw.pick(this.#services), this.#part(from), "deposit"));
      case "withdrawal":
        return this.#withdrawal();
      case "sweep":
        return this.#send((from) => this.#step(from, this.wallet(), this.has(from), "sweep"));
      case "self":
        return this.#send((from) => this.#step(from, from, this.#part(from), "self"));
      case "dust":
        return this.#send((from) => this.#dust(from));
      case "poison":
        return this.#poison();
      case "dustPoison":
        return this.#send((from) => this.#dustPoison(from));
      case "payment":
        return this.#send((from) => this.#step(from, this.wallet(), this.#part(from), "payment"));
    }
  }

  /** A transfer of a wallet that has money; a mint where none was drawn. */
  #send(step: (from: number) => Step): Step {
    for (let i = 0; i < TRIES; i++) {
      const from = this.wallet();
      if (this.has(from) > 0n) return step(from);
    }
    return this.#mint();
  }

  #step(from: number, to: number, value: bigint, pattern: Pattern): Step {
    if (from === to && pattern !== "self") return { from, to, value, pattern: "self" };
    if (pattern === "payment") {
      if (this.#payments.length === REMEMBERED) this.#payments.shift();
      this.#payments.push({ from, to });
    }
    return { from, to, value, pattern };
  }

  /** From ten coins to ten million, small ones more often. */
  #mint(): Step {
    const size = 10n ** BigInt(this.#draw.between(1, 6));
    const to = this.#draw.chance(150) ? this.#draw.pick(this.#services) : this.wallet();
    return { from: ZERO, to, value: size * this.#coin * BigInt(this.#draw.between(1, 10)), pattern: "mint" };
  }

  #withdrawal(): Step {
    const from = this.#draw.pick(this.#services);
    if (this.has(from) === 0n) return this.#mint();
    const tenth = this.has(from) / 10n;
    return this.#step(from, this.wallet(), tenth === 0n ? this.has(from) : this.#draw.partOf(tenth), "withdrawal");
  }

  #part(from: number): bigint {
    return this.#draw.partOf(this.has(from));
  }

  #dust(from: number): Step {
    const count = this.#draw.between(...DUSTED);
    for (let i = 0; i < count; i++) {
      this.#queue.push({ from, to: this.wallet(), value: BigInt(this.#draw.between(1, MOST_DUST)), pattern: "dust" });
    }
    const first = this.#queue.shift() as Step;
    return { ...first, value: first.value < this.has(from) ? first.value : this.has(from) };
  }

  /** Nothing, in the victim's name, to an account that looks like one that it has paid. Anybody can send that. */
  #poison(): Step {
    const { from, to } = this.#remembered();
    return { from, to: this.#lookAlike(to), value: 0n, pattern: "poison" };
  }

  /** Next to nothing, from an account that looks like one that the victim has paid. */
  #dustPoison(poisoner: number): Step {
    const { from: victim, to } = this.#remembered();
    const bait = this.#lookAlike(to);
    this.#queue.push({ from: bait, to: victim, value: 1n, pattern: "poison" });
    return { from: poisoner, to: bait, value: 1n, pattern: "poison" };
  }

  #remembered(): { from: number; to: number } {
    if (this.#payments.length === 0) return { from: this.wallet(), to: this.wallet() };
    return this.#draw.pick(this.#payments);
  }

  #lookAlike(model: number): number {
    const most = 10 + Math.floor((this.#accounts.wallets * LOOK_ALIKES_PER_MILLE) / 1000);
    if (this.#lookAlikes.length >= most) return this.#draw.pick(this.#lookAlikes);
    const account = this.#accounts.lookAlike(model);
    this.#lookAlikes.push(account);
    return account;
  }
}
