import { createHash } from "node:crypto";
import { ZERO_ADDRESS } from "../../src/tracing/transfers/row.ts";

/** Number of the zero address. */
export const ZERO = 0;

/** 32-bit words in an address and in a hash. */
const ADDRESS_WORDS = 5;
const HASH_WORDS = 8;

/** Two bytes each: looking up costs a tenth of writing, and every transfer has a hash. */
const HEX: readonly string[] = Array.from({ length: 1 << 16 }, (_, n) => n.toString(16).padStart(4, "0"));

/** Digits at either end that a look-alike has in common with its model: what a wallet's screen shows of an address. */
const ALIKE = 4;

/**
 * Accounts by number, with addresses that follow from the seed. The numbers from 1 on are those of the wallets; accounts
 * that come up on the way (fresh ones, look-alikes, named ones) have the numbers after them.
 */
export class Accounts {
  readonly wallets: number;
  readonly #words: readonly number[];
  readonly #addresses: (string | undefined)[] = [ZERO_ADDRESS];
  readonly #named = new Map<string, number>();
  #next: number;

  constructor(seed: string, wallets: number) {
    const digest = createHash("sha256").update(`${seed}/accounts`).digest();
    this.#words = Array.from({ length: HASH_WORDS }, (_, i) => digest.readUInt32BE(4 * i));
    this.wallets = wallets;
    this.#next = wallets + 1;
  }

  /** Lower-case. */
  address(account: number): string {
    return (this.#addresses[account] ??= `0x${this.#hex(account, ADDRESS_WORDS, 0)}`);
  }

  /** A transaction hash; another one for each number. */
  hash(transaction: number): string {
    return `0x${this.#hex(transaction, HASH_WORDS, 0x7f4a7c15)}`;
  }

  /** An account that nobody has used. */
  fresh(): number {
    return this.#next++;
  }

  /** The account with this address. */
  named(address: string): number {
    const lower = address.toLowerCase();
    const known = this.#named.get(lower);
    if (known !== undefined) return known;
    const account = this.fresh();
    this.#addresses[account] = lower;
    this.#named.set(lower, account);
    return account;
  }

  /** A fresh account whose address begins and ends as the model's does. */
  lookAlike(model: number): number {
    const [shown, account] = [this.address(model), this.fresh()];
    const own = this.address(account);
    this.#addresses[account] = shown.slice(0, 2 + ALIKE) + own.slice(2 + ALIKE, -ALIKE) + shown.slice(-ALIKE);
    return account;
  }

  /** The first word is another one for each number, since every step of the mixing can be undone. */
  #hex(n: number, words: number, salt: number): string {
    let word = n ^ salt;
    let text = "";
    for (let i = 0; i < words; i++) {
      word = mixed(word ^ (this.#words[i] as number));
      text += HEX[word >>> 16]! + HEX[word & 0xffff]!;
    }
    return text;
  }
}

function mixed(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
