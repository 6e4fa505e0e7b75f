/** Kinds of holds, as contracts/types/Hold.sol numbers them. */
export const HOLD_KINDS = { provisional: 1, arrested: 2 } as const;

/** A case's claim on an amount of an asset in one account. Times are Unix seconds. */
export interface Hold {
  kind: number;
  /** From its `since` on no provisional hold of the account may roll over. */
  opens: boolean;
  caseNumber: number;
  /** Placement number: the lower, the earlier its claim is served. */
  number: number;
  since: number;
  /** Last second in which the hold is live. */
  until: number;
  /** Base units. */
  amount: bigint;
}

const mask = (bits: bigint) => (1n << bits) - 1n;

/** The hold that a word of contracts/types/Hold.sol packs. */
export function unpackHold(word: bigint): Hold {
  return {
    amount: word & mask(96n),
    until: Number((word >> 96n) & mask(40n)),
    since: Number((word >> 136n) & mask(40n)),
    number: Number((word >> 176n) & mask(32n)),
    caseNumber: Number((word >> 208n) & mask(32n)),
    kind: Number((word >> 240n) & mask(7n)),
    opens: (word >> 247n) % 2n === 1n,
  };
}

/** The word of contracts/types/Hold.sol for a hold. */
export function packHold({ kind, opens, caseNumber, number, since, until, amount }: Hold): bigint {
  const terms = (BigInt(until) << 96n) | (BigInt(since) << 136n) | (BigInt(number) << 176n);
  return amount | terms | (BigInt(caseNumber) << 208n) | (BigInt(kind) << 240n) | (BigInt(opens) << 247n);
}

/** Whether the hold is a claim in the second `at`. */
export const isLive = ({ amount, until }: Hold, at: number): boolean => amount > 0n && at <= until;
