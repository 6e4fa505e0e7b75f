import { ZERO, type Transfers } from "../transfers.ts";
import { negativeBalance } from "./faults.ts";

/**
 * Moves the rows to before `end` in the balances, which are all that changes until the first seed; false where a sum is
 * beyond doubles. @throws NegativeBalanceError
 */
export function moveBalances(balances: Float64Array, transfers: Transfers, end: number): boolean {
  const { from, to, amount } = transfers;
  for (let row = 0; row < end; row++) {
    const sender = from[row]!;
    const receiver = to[row]!;
    const value = amount[row]!;
    if (sender === receiver) continue;
    if (sender !== ZERO) {
      const had = balances[sender]!;
      if (had < value) throw negativeBalance(transfers, row, BigInt(had));
      balances[sender] = had - value;
    }
    if (receiver !== ZERO) {
      const has = balances[receiver]! + value;
      if (has > Number.MAX_SAFE_INTEGER) return false;
      balances[receiver] = has;
    }
  }
  return true;
}
