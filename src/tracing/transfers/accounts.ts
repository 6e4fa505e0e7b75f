import { ZERO_ADDRESS } from "./row.ts";

/** Accounts of a history by number. The zero address is number 0. */
export interface Accounts {
  readonly size: number;
  /** Lower-case. */
  address(account: number): string;
  /** Upper or lower case; undefined for one that is in no transfer, and for what is no address. */
  find(address: string): number | undefined;
  /** Five big-endian words of 32 bits for each address, in order. */
  readonly words: Uint32Array;
}

/** Number of the zero address. */
export const ZERO = 0;

/** 32-bit words of an address. */
export const ADDRESS_WORDS = 5;
const DIGITS = 40;
const WORD_DIGITS = 8;

const DIGIT = new Uint8Array(256).fill(255);
for (const [value, digits] of Array.from({ length: 16 }, (_, n) => n.toString(16)).entries()) {
  for (const digit of [digits, digits.toUpperCase()]) DIGIT[digit.charCodeAt(0)] = value;
}

/** Value of a hexadecimal digit by its code; more than 15 for anything else. */
export const digitOf = (code: number | undefined): number => DIGIT[code ?? 0] ?? 255;

/**
 * Gives each address a number, in the order in which they come. A table of words with open addressing: a `Map` of
 * strings takes four times as long and ten times the memory.
 */
export class AccountTable implements Accounts {
  #words = new Uint32Array(1024 * ADDRESS_WORDS);
  /** Number + 1 of the account at each place, 0 where there is none. */
  #slots = new Uint32Array(4096);
  #size = 0;
  /** The address that is looked for. */
  readonly #sought = new Uint32Array(ADDRESS_WORDS);

  constructor() {
    this.of(ZERO_ADDRESS);
  }

  /** From the words of addresses, as `words` gives them; the first is zero. */
  static from(words: Uint32Array): AccountTable {
    const table = new AccountTable();
    for (let at = ADDRESS_WORDS; at < words.length; at += ADDRESS_WORDS) {
      for (let i = 0; i < ADDRESS_WORDS; i++) table.#sought[i] = words[at + i] as number;
      table.#place(true);
    }
    return table;
  }

  get size(): number {
    return this.#size;
  }

  get words(): Uint32Array {
    return this.#words.subarray(0, this.#size * ADDRESS_WORDS);
  }

  address(account: number): string {
    let text = "0x";
    for (let i = 0; i < ADDRESS_WORDS; i++) {
      text += (this.#words[account * ADDRESS_WORDS + i] as number).toString(16).padStart(WORD_DIGITS, "0");
    }
    return text;
  }

  find(address: string): number | undefined {
    const account = this.#read(address) ? this.#place(false) : -1;
    return account < 0 ? undefined : account;
  }

  /** The number of an address in hexadecimal with 0x, a new one if need be; -1 for what is no address. */
  of(address: string): number {
    return this.#read(address) ? this.#place(true) : -1;
  }

  /** The same, of the 40 hexadecimal digits (no 0x) that begin at `at`. */
  ofDigits(bytes: Uint8Array, at: number): number {
    if (at + DIGITS > bytes.length) return -1;
    for (let i = 0; i < ADDRESS_WORDS; i++) {
      let word = 0;
      let wrong = 0;
      for (let end = at + WORD_DIGITS; at < end; at++) {
        const digit = DIGIT[bytes[at] as number] as number;
        wrong |= digit;
        word = (word << 4) | (digit & 15);
      }
      if (wrong > 15) return -1;
      this.#sought[i] = word;
    }
    return this.#place(true);
  }

  #read(address: string): boolean {
    if (address.length !== DIGITS + 2 || address.charCodeAt(0) !== 0x30 || (address.charCodeAt(1) | 0x20) !== 0x78) {
      return false;
    }
    for (let i = 0, at = 2; i < ADDRESS_WORDS; i++) {
      let word = 0;
      let wrong = 0;
      for (let end = at + WORD_DIGITS; at < end; at++) {
        const code = address.charCodeAt(at);
        const digit = code < 256 ? (DIGIT[code] as number) : 255;
        wrong |= digit;
        word = (word << 4) | (digit & 15);
      }
      if (wrong > 15) return false;
      this.#sought[i] = word;
    }
    return true;
  }

  /** The number of what is sought; where it has none, a new one or -1. */
  #place(add: boolean): number {
    const words = this.#words;
    const sought = this.#sought as unknown as readonly number[];
    const [a, b, c, d, e] = [sought[0]!, sought[1]!, sought[2]!, sought[3]!, sought[4]!];
    const mask = this.#slots.length - 1;
    for (let at = hashOf(a, b, c, d, e) & mask; ; at = (at + 1) & mask) {
      const account = (this.#slots[at] as number) - 1;
      if (account < 0) return add ? this.#add(at) : -1;
      const first = account * ADDRESS_WORDS;
      if (
        words[first] === a &&
        words[first + 1] === b &&
        words[first + 2] === c &&
        words[first + 3] === d &&
        words[first + 4] === e
      ) {
        return account;
      }
    }
  }

  #add(at: number): number {
    const account = this.#size++;
    if (this.#size * ADDRESS_WORDS > this.#words.length) {
      const words = new Uint32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
    }
    this.#words.set(this.#sought, account * ADDRESS_WORDS);
    this.#slots[at] = account + 1;
    if (this.#size * 2 > this.#slots.length) this.#spread();
    return account;
  }

  #spread(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const words = this.#words as unknown as number[];
    for (let account = 0; account < this.#size; account++) {
      const i = account * ADDRESS_WORDS;
      let at = hashOf(words[i]!, words[i + 1]!, words[i + 2]!, words[i + 3]!, words[i + 4]!) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = account + 1;
    }
    this.#slots = slots;
  }
}

function hashOf(a: number, b: number, c: number, d: number, e: number): number {
  let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ c, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ d, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 16) ^ e, 0x165667b1);
  return (hash ^ (hash >>> 15)) >>> 0;
}
