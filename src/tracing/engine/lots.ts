/** Units of an account that came together, all tainted or all clean. */
interface Lot {
  amount: bigint;
  tainted: boolean;
  older: Lot | undefined;
  newer: Lot | undefined;
}

/** What an account has, oldest first, as few lots as can be: neighbours differ. Moving all of it costs the same for any number of lots. */
export class Lots {
  #oldest: Lot | undefined;
  #newest: Lot | undefined;
  /** Base units in all, and tainted ones. */
  total = 0n;
  taint = 0n;

  constructor(amount = 0n, tainted = false) {
    this.#add(amount, tainted);
  }

  /** Takes out the oldest `amount` units, in their order. There are so many. */
  takeOldest(amount: bigint): Lots {
    if (amount === this.total) return this.#takeAll();
    const taken = new Lots();
    for (let lot = this.#oldest; lot !== undefined && taken.total < amount; lot = this.#oldest) {
      const part = least(lot.amount, amount - taken.total);
      taken.#add(part, lot.tainted);
      this.#reduce(lot, part);
    }
    return taken;
  }

  /** Takes out the newest `amount` units, in their order. There are so many. */
  takeNewest(amount: bigint): Lots {
    if (amount === this.total) return this.#takeAll();
    const taken = new Lots();
    for (let lot = this.#newest; lot !== undefined && taken.total < amount; lot = this.#newest) {
      const part = least(lot.amount, amount - taken.total);
      taken.#addOldest(part, lot.tainted);
      this.#reduce(lot, part);
    }
    return taken;
  }

  /** Puts the units behind those that are there; `lots` is empty then. */
  add(lots: Lots): void {
    if (lots.#oldest === undefined) return;
    if (this.#newest?.tainted === lots.#oldest.tainted) {
      const { amount, tainted } = lots.#oldest;
      this.#add(amount, tainted);
      lots.#reduce(lots.#oldest, amount);
      if (lots.#oldest === undefined) return;
    }
    if (this.#newest === undefined) this.#oldest = lots.#oldest;
    else {
      this.#newest.newer = lots.#oldest;
      lots.#oldest.older = this.#newest;
    }
    this.#newest = lots.#newest;
    this.total += lots.total;
    this.taint += lots.taint;
    lots.#takeAll();
  }

  /** Makes the oldest `amount` clean units tainted. There are so many. */
  taintOldest(amount: bigint): void {
    const all = this.#takeAll();
    for (let left = amount; all.total > 0n;) {
      const lot = all.#oldest as Lot;
      const part = lot.tainted || left === 0n ? lot.amount : least(lot.amount, left);
      const turned = !lot.tainted && left > 0n;
      if (turned) left -= part;
      this.#add(part, lot.tainted || turned);
      all.#reduce(lot, part);
    }
  }

  /** Each lot, oldest first. */
  *list(): Generator<{ readonly amount: bigint; readonly tainted: boolean }> {
    for (let lot = this.#oldest; lot !== undefined; lot = lot.newer) yield lot;
  }

  #takeAll(): Lots {
    const all = new Lots();
    all.#oldest = this.#oldest;
    all.#newest = this.#newest;
    all.total = this.total;
    all.taint = this.taint;
    this.#oldest = this.#newest = undefined;
    this.total = this.taint = 0n;
    return all;
  }

  #add(amount: bigint, tainted: boolean): void {
    if (amount === 0n) return;
    this.total += amount;
    if (tainted) this.taint += amount;
    if (this.#newest?.tainted === tainted) {
      this.#newest.amount += amount;
      return;
    }
    const lot: Lot = { amount, tainted, older: this.#newest, newer: undefined };
    if (this.#newest === undefined) this.#oldest = lot;
    else this.#newest.newer = lot;
    this.#newest = lot;
  }

  #addOldest(amount: bigint, tainted: boolean): void {
    if (this.#oldest === undefined) {
      this.#add(amount, tainted);
      return;
    }
    this.total += amount;
    if (tainted) this.taint += amount;
    if (this.#oldest.tainted === tainted) this.#oldest.amount += amount;
    else this.#oldest = this.#oldest.older = { amount, tainted, older: undefined, newer: this.#oldest };
  }

  /** Takes a part out of a lot. */
  #reduce(lot: Lot, part: bigint): void {
    this.total -= part;
    if (lot.tainted) this.taint -= part;
    lot.amount -= part;
    if (lot.amount > 0n) return;
    if (lot.older === undefined) this.#oldest = lot.newer;
    else lot.older.newer = lot.newer;
    if (lot.newer === undefined) this.#newest = lot.older;
    else lot.newer.older = lot.older;
  }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
