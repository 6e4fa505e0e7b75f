/** An exact sum of many whole numbers: in a double as long as it can be, since adding bigints takes ten times as long. */
export class Total {
  #sum = 0n;
  #small = 0;

  /** @param amount a whole number between -2^53 and 2^53, not included. */
  add(amount: number): void {
    const small = this.#small + amount;
    if (Number.isSafeInteger(small)) this.#small = small;
    else {
      this.#sum += BigInt(this.#small);
      this.#small = amount;
    }
  }

  addLarge(amount: bigint): void {
    this.#sum += amount;
  }

  get sum(): bigint {
    return this.#sum + BigInt(this.#small);
  }
}
