export type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>;

/** Elements of a piece of the list, and of the first one at the beginning. */
const CHUNK = 1 << 18;
const FIRST = 1 << 8;

/** A list of numbers of one type that grows without being copied, as doubling would. */
export class Column<T extends Numbers> {
  readonly #make: (length: number) => T;
  readonly #full: T[] = [];
  #last: T;
  #used = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#last = make(FIRST);
  }

  get length(): number {
    return this.#full.length * CHUNK + this.#used;
  }

  push(value: T[number]): void {
    if (this.#used === this.#last.length) this.#grow();
    this.#last[this.#used++] = value;
  }

  at(index: number): T[number] {
    const chunk = this.#full[Math.floor(index / CHUNK)] ?? this.#last;
    return chunk[index % CHUNK] as T[number];
  }

  /** All of it in one piece, and in the order that is given; the column is empty then. */
  take(order?: Uint32Array): T {
    const length = this.length;
    const all = this.#make(length);
    const chunks = [...this.#full, this.#last.subarray(0, this.#used) as T];
    if (order === undefined) {
      for (const [i, chunk] of chunks.entries()) all.set(chunk as never, i * CHUNK);
    } else {
      for (let i = 0; i < length; i++) {
        const from = order[i] as number;
        all[i] = (chunks[(from / CHUNK) | 0] as T)[from % CHUNK] as T[number];
      }
    }
    this.#full.length = 0;
    this.#last = this.#make(FIRST);
    this.#used = 0;
    return all;
  }

  #grow(): void {
    const { length } = this.#last;
    const next = this.#make(Math.min(CHUNK, length * 2));
    if (length < CHUNK) next.set(this.#last as never);
    else {
      this.#full.push(this.#last);
      this.#used = 0;
    }
    this.#last = next;
  }
}

export const doubles = (): Column<Float64Array<ArrayBuffer>> => new Column((length) => new Float64Array(length));
export const words = (): Column<Uint32Array<ArrayBuffer>> => new Column((length) => new Uint32Array(length));
export const longs = (): Column<BigUint64Array<ArrayBuffer>> => new Column((length) => new BigUint64Array(length));
