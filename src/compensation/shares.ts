import { MAX_AMOUNT } from "../orders/types.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { CLAIM_CLASSES, type Claim } from "./claims.ts";
import { countOf } from "../base/words.ts";

/** What a claim gets of the pool. */
export interface Share extends Claim {
  /** Base units, never more than the loss. */
  amount: bigint;
}

/** A pool that cannot be shared out. Exit code 64. */
export class InvalidPoolError extends SequesterError {
  override name = "InvalidPoolError";
  constructor(has: bigint, needs: string) {
    super("The pool cannot be shared out.", {
      code: EXIT.usage,
      metaMessages: [`has: ${countOf(has, "base unit")}`, `needs: ${needs}`],
    });
  }
}

/** A pool for nobody. Exit code 64. */
export class NoClaimsError extends SequesterError {
  override name = "NoClaimsError";
  constructor() {
    super("There is nobody to compensate.", {
      code: EXIT.usage,
      metaMessages: ["has: no claim", "needs: at least one"],
    });
  }
}

/**
 * Shares a pool out: owners before victims, and within a class by the losses, each rounded down and the rest to the largest
 * remainders, of equal ones to the lower claim id. The shares add up to the pool, or to all losses where it is larger.
 * @param pool Base units.
 * @returns By class, then by claim id (in the order of its characters' codes), whatever the order of the claims.
 * @throws NoClaimsError, InvalidPoolError
 */
export function shareOut(claims: readonly Claim[], pool: bigint): Share[] {
  if (claims.length === 0) throw new NoClaimsError();
  if (pool <= 0n || pool > MAX_AMOUNT) throw new InvalidPoolError(pool, "1 to 2^96-1");
  let rest = pool;
  return CLAIM_CLASSES.flatMap((of) => {
    const ofClass = claims.filter((claim) => claim.class === of).sort((a, b) => (a.id < b.id ? -1 : 1));
    const shares = proRata(ofClass, rest);
    rest -= sumOf(shares.map(({ amount }) => amount));
    return shares;
  });
}

/** @param claims By claim id. */
function proRata(claims: readonly Claim[], pool: bigint): Share[] {
  const losses = sumOf(claims.map(({ loss }) => loss));
  if (losses <= pool) return claims.map((claim) => ({ ...claim, amount: claim.loss }));
  const shares = claims.map((claim) => ({
    share: { ...claim, amount: (pool * claim.loss) / losses },
    remainder: (pool * claim.loss) % losses,
  }));
  const rest = Number(pool - sumOf(shares.map(({ share }) => share.amount)));
  // A stable sort, so that of equal remainders the lower claim id comes first.
  const largest = shares.toSorted((a, b) => (a.remainder === b.remainder ? 0 : a.remainder > b.remainder ? -1 : 1));
  for (const { share } of largest.slice(0, rest)) share.amount++;
  return shares.map(({ share }) => share);
}

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
