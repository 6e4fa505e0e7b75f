import { ZERO, type Transfers } from "../transfers/transfers.ts";
import { TraceInvariantError } from "./faults.ts";
import type { Found } from "./found.ts";
import { Total } from "./total.ts";

/**
 * Proves the sums of a trace: taint, sinks and burns are what the seeds injected, for each method that conserves (all but
 * poison); no taint exceeds its balance; the balances are what openings, mints and burns of the first `count` rows leave.
 * @throws TraceInvariantError
 */
export function assertInvariants(
  { balanceOf, totalBalance, methods }: Found,
  transfers: Transfers,
  openings: ReadonlyMap<number, bigint>,
  count: number,
): void {
  for (const { method, injected, taintOf, sinks, burned, touched } of methods) {
    let found = 0n;
    for (const account of touched) {
      const taint = taintOf(account);
      if (taint < 0n || taint > balanceOf(account)) {
        throw new TraceInvariantError(`${method} on account ${account}`, taint, balanceOf(account));
      }
      found += taint;
    }
    for (const taint of sinks.values()) found += taint;
    for (const { taint } of burned) found += taint;
    if (method !== "poison" && found !== injected) {
      throw new TraceInvariantError(`${method} does not conserve`, found, injected);
    }
  }
  const [balances, supply] = [totalBalance(), supplyOf(transfers, openings, count)];
  if (balances !== supply) throw new TraceInvariantError("the balances are not the supply", balances, supply);
}

/** Openings and mints without burns. */
function supplyOf(transfers: Transfers, openings: ReadonlyMap<number, bigint>, count: number): bigint {
  const { from, to, amount } = transfers;
  const total = new Total();
  for (const [account, opening] of openings) if (account !== ZERO) total.addLarge(opening);
  for (let row = 0; row < count; row++) {
    if (from[row] === to[row] || (from[row] !== ZERO && to[row] !== ZERO)) continue;
    const sign = from[row] === ZERO ? 1 : -1;
    const value = amount[row]!;
    if (value >= 0) total.add(sign * value);
    else total.addLarge(BigInt(sign) * transfers.value(row));
  }
  return total.sum;
}
