const DIGIT = 1 << 16;

/**
 * The order of rows by (block, log index): for each place, which row is there; rows of one place stay as they are.
 * Counts digits (radix sort), because comparing ten million rows takes ten times as long.
 */
export function orderOf(block: Float64Array, logIndex: Uint32Array): Uint32Array {
  const first = block.reduce((least, number) => Math.min(least, number), Infinity);
  let order = Uint32Array.from({ length: block.length }, (_, i) => i);
  let spare = new Uint32Array(block.length);
  const sortBy = (digitOf: (row: number) => number) => {
    const starts = new Uint32Array(DIGIT + 1);
    for (let row = 0; row < block.length; row++) starts[digitOf(row) + 1]! += 1;
    if (starts.includes(block.length)) return;
    for (let digit = 0; digit < DIGIT; digit++) starts[digit + 1]! += starts[digit]!;
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!;
      spare[starts[digitOf(row)]!++] = row;
    }
    [order, spare] = [spare, order];
  };
  sortBy((row) => logIndex[row]! & (DIGIT - 1));
  sortBy((row) => logIndex[row]! >>> 16);
  for (const scale of [1, 2 ** 16, 2 ** 32, 2 ** 48]) {
    sortBy((row) => Math.floor((block[row]! - first) / scale) % DIGIT);
  }
  return order;
}

/** Whether each row stands after the one before it or at the same place. */
export function isOrdered(block: Float64Array, logIndex: Uint32Array): boolean {
  for (let i = 1; i < block.length; i++) {
    if (block[i]! < block[i - 1]! || (block[i] === block[i - 1] && logIndex[i]! < logIndex[i - 1]!)) return false;
  }
  return true;
}
