import type { Method } from "../methods.ts";
import type { MethodResult } from "./found.ts";

/** Where a transfer ends: with an account that keeps the taint, at a stop, or nowhere (a burn). */
export const END = { account: 0, stop: 1, burn: 2 } as const;

/** What leaves the wallets by one method, in doubles. */
export class Tally {
  readonly method: Method;
  injected = 0n;
  readonly sinks = new Map<number, number>();
  readonly burnedRows: number[] = [];
  readonly burnedTaints: number[] = [];

  constructor(method: Method) {
    this.method = method;
  }

  /** Books taint that ends at a stop or in a burn; false where a sum is beyond doubles. */
  end(row: number, to: number, taint: number, end: number): boolean {
    if (end === END.burn) {
      this.burnedRows.push(row);
      this.burnedTaints.push(taint);
      return true;
    }
    const sum = (this.sinks.get(to) ?? 0) + taint;
    this.sinks.set(to, sum);
    return sum <= Number.MAX_SAFE_INTEGER;
  }

  result(taintOf: (account: number) => bigint, touched: readonly number[]): MethodResult {
    return {
      method: this.method,
      injected: this.injected,
      taintOf,
      sinks: new Map([...this.sinks].sort(([a], [b]) => a - b).map(([stop, taint]) => [stop, BigInt(taint)])),
      burned: this.burnedRows.map((row, i) => ({ row, taint: BigInt(this.burnedTaints[i] as number) })),
      touched,
    };
  }
}
