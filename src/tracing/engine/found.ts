import type { Method } from "../methods.ts";

/** What one method finds. Amounts are base units. */
export interface MethodResult {
  readonly method: Method;
  /** What the seeds brought in: what of them was not tainted already. */
  readonly injected: bigint;
  /** Tainted part of an account's balance. */
  readonly taintOf: (account: number) => bigint;
  /** What reached each stop; only those that it reached. */
  readonly sinks: ReadonlyMap<number, bigint>;
  /** Burns of tainted money, in order. */
  readonly burned: readonly { readonly row: number; readonly taint: bigint }[];
  /** All accounts that ever held tainted money, in ascending order. */
  readonly touched: readonly number[];
}

/** What a pass finds, before its sums are proved. */
export interface Found {
  readonly balanceOf: (account: number) => bigint;
  /** Sum of all balances, none of which is negative. */
  readonly totalBalance: () => bigint;
  /** In the order in which they were asked for. */
  readonly methods: readonly MethodResult[];
}
