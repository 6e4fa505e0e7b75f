import { createHash } from "node:crypto";

/** Numbers that a text decides: the same on every computer, for ever (xorshift128, started by SHA-256). Integers only. */
export class Draw {
  #x: number;
  #y: number;
  #z: number;
  #w: number;

  constructor(seed: string) {
    const start = createHash("sha256").update(seed).digest();
    [this.#x, this.#y, this.#z] = [start.readUInt32BE(0), start.readUInt32BE(4), start.readUInt32BE(8)];
    // Nothing but zeros would stay zeros.
    this.#w = (start.readUInt32BE(12) | 1) >>> 0;
  }

  /** 32 bits. */
  next(): number {
    const t = this.#x ^ (this.#x << 11);
    this.#x = this.#y;
    this.#y = this.#z;
    this.#z = this.#w;
    this.#w = (this.#w ^ (this.#w >>> 19) ^ t ^ (t >>> 8)) >>> 0;
    return this.#w;
  }

  /** From 0 to below `n`, which is at most 2^32. */
  below(n: number): number {
    return this.next() % n;
  }

  /** From `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True so many times in a thousand. */
  chance(perMille: number): boolean {
    return this.below(1000) < perMille;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** From 0 to below `n`, the number k about as often as 1/(k + 1): a few are drawn nearly always, most hardly ever. */
  ranked(n: number): number {
    const bits = 32 - Math.clz32(n);
    for (;;) {
      const size = 2 ** this.below(bits);
      const rank = size - 1 + this.below(size);
      if (rank < n) return rank;
    }
  }

  /** From 1 to all of an amount that is above zero. */
  partOf(amount: bigint): bigint {
    const part = (amount * BigInt(1 + this.below(1 << 16))) >> 16n;
    return part === 0n ? 1n : part;
  }

  /** An amount in so many parts, none of them zero and all of them together the amount, which is no less than their count. */
  split(amount: bigint, parts: number): bigint[] {
    const weights = Array.from({ length: parts }, () => BigInt(this.between(1, 1000)));
    const sum = weights.reduce((a, b) => a + b);
    const free = amount - BigInt(parts);
    const shares = weights.map((weight) => 1n + (free * weight) / sum);
    const rest = amount - shares.reduce((a, b) => a + b);
    shares[0] = (shares[0] ?? 0n) + rest;
    return shares;
  }
}
