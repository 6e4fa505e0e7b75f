import type { TraceResult } from "../trace.ts";
import { ZERO, type Transfers } from "../transfers.ts";
import { TraceInvariantError } from "./faults.ts";

/**
 * Proves the sums of a trace: taint, sinks and burns are what the seeds injected, for each method that conserves (all but
 * poison); no taint exceeds its balance; the balances are what openings, mints and burns of the first `count` rows leave.
 * @throws TraceInvariantError
 */
export function assertInvariants(
  { balanceOf, methods }: TraceResult,
  transfers: Transfers,
  openings: ReadonlyMap<number, bigint>,
  count: number,
): void {
  const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((total, amount) => total + amount, 0n);
  for (const { method, injected, taintOf, sinks, burned, touched } of methods) {
    for (const account of touched) {
      const [taint, balance] = [taintOf(account), balanceOf(account)];
      if (taint < 0n || taint > balance) {
        throw new TraceInvariantError(`${method} on ${transfers.accounts.address(account)}`, taint, balance);
      }
    }
    if (method === "poison") continue;
    const found = sum(touched.map(taintOf)) + sum(sinks.values()) + sum(burned.map(({ taint }) => taint));
    if (found !== injected) throw new TraceInvariantError(`${method} does not conserve`, found, injected);
  }
  const total = sum(suppliesOf(transfers, openings, count));
  let balances = 0n;
  for (let account = ZERO + 1; account < transfers.accounts.size; account++) {
    const balance = balanceOf(account);
    if (balance < 0n) throw new TraceInvariantError(transfers.accounts.address(account), balance, 0n);
    balances += balance;
  }
  if (balances !== total) throw new TraceInvariantError("the balances are not the supply", balances, total);
}

function* suppliesOf(transfers: Transfers, openings: ReadonlyMap<number, bigint>, count: number): Generator<bigint> {
  for (const [account, opening] of openings) if (account !== ZERO) yield opening;
  for (let row = 0; row < count; row++) {
    const [from, to] = [transfers.from[row], transfers.to[row]];
    if (from === to) continue;
    if (from === ZERO) yield transfers.value(row);
    if (to === ZERO) yield -transfers.value(row);
  }
}
