import type { MethodResult } from "../trace.ts";

/** What a pass finds, before its sums are proved. */
export interface Found {
  readonly balanceOf: (account: number) => bigint;
  /** Sum of all balances, none of which is negative. */
  readonly totalBalance: () => bigint;
  /** In the order in which they were asked for. */
  readonly methods: readonly MethodResult[];
}
