/** Most gas that one transaction may have (EIP-7825). */
export const GAS_CAP = 2n ** 24n;

/**
 * The longest beginning of a list that fits, found by bisection; `fits` holds for one item and for every beginning of
 * what it holds for.
 */
export async function longestFitting<T>(items: readonly T[], fits: (items: T[]) => Promise<boolean>): Promise<T[]> {
  let [least, most] = [1, items.length];
  for (let next = most; least < most; next = Math.ceil((least + most) / 2)) {
    if (await fits(items.slice(0, next))) least = next;
    else most = next - 1;
  }
  return items.slice(0, least);
}
