/** Units of one kind. */
export interface Lot {
  units: bigint;
  tainted: boolean;
}

/** Puts lots at the young end of others, in their order. */
export function put(lots: Lot[], more: readonly Lot[]): void {
  for (const { units, tainted } of more) {
    const last = lots.at(-1);
    if (units === 0n) continue;
    if (last?.tainted === tainted) last.units += units;
    else lots.push({ units, tainted });
  }
}

/** Takes units from the old end (first in, first out) or the young end; they keep their order. */
export function take(lots: Lot[], units: bigint, end: "old" | "young"): Lot[] {
  const taken: Lot[] = [];
  for (let left = units; left > 0n;) {
    const lot = end === "old" ? lots[0] : lots.at(-1);
    if (lot === undefined) throw new Error(`what the lots lack is ${left}`);
    const part = lot.units < left ? lot.units : left;
    if (end === "old") taken.push({ units: part, tainted: lot.tainted });
    else taken.unshift({ units: part, tainted: lot.tainted });
    left -= part;
    lot.units -= part;
    if (lot.units > 0n) continue;
    if (end === "old") lots.shift();
    else lots.pop();
  }
  return taken;
}

/** Units of the lots that are tainted. */
export const taintOf = (lots: readonly Lot[]): bigint =>
  lots.reduce((sum, { units, tainted }) => (tainted ? sum + units : sum), 0n);

/** The lots with so many more units tainted: the oldest clean ones. */
export function taintOldest(lots: readonly Lot[], units: bigint): Lot[] {
  const result: Lot[] = [];
  let left = units;
  for (const lot of lots) {
    const part = lot.tainted ? 0n : lot.units < left ? lot.units : left;
    left -= part;
    put(result, [
      { units: part, tainted: true },
      { units: lot.units - part, tainted: lot.tainted },
    ]);
  }
  return result;
}
