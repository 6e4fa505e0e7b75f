const SPLIT = 2 ** 27 + 1;
/** Up to here every step below is exact. */
const MOST = 2 ** 51;

/**
 * floor(a × b / c) for whole numbers with a, b <= c < 2^53. The product may have 106 bits: it is held as the sum of two
 * doubles (Dekker), so that the remainder of an estimated quotient is exact and puts it right.
 */
export function shareOf(a: number, b: number, c: number): number {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const quotient = Math.floor(product / c);
    return quotient * c > product ? quotient - 1 : quotient;
  }
  if (c > MOST) return Number((BigInt(a) * BigInt(b)) / BigInt(c));
  let quotient = Math.floor(product / c);
  const back = quotient * c;
  let rest = product - back + (errorOf(a, b, product) - errorOf(quotient, c, back));
  while (rest < 0) {
    quotient -= 1;
    rest += c;
  }
  while (rest >= c) {
    quotient += 1;
    rest -= c;
  }
  return quotient;
}

/** What a product in doubles lacks. */
function errorOf(a: number, b: number, product: number): number {
  const bigA = SPLIT * a;
  const highA = bigA - (bigA - a);
  const lowA = a - highA;
  const bigB = SPLIT * b;
  const highB = bigB - (bigB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}
