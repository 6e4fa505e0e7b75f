import { ZERO, type Transfers } from "../transfers/transfers.ts";
import { negativeBalance } from "./faults.ts";
import type { Found } from "./found.ts";
import { plainPass, type PlainInput } from "./plain.ts";

/**
 * The pass for amounts beyond doubles. Balances are kept of everyone, taint only of those whom any of the stolen money
 * can have reached at all.
 * @throws NegativeBalanceError
 */
export function exactPass(input: Omit<PlainInput, "accounts" | "observe">): Found {
  const balances = balancesOf(input);
  const reached = reachedBy(input);
  const { methods } = plainPass({ ...input, accounts: { has: (account) => reached[account] === 1 } });
  return {
    balanceOf: (account) => balances[account] ?? 0n,
    totalBalance: () => balances.reduce((sum, balance) => sum + balance, 0n),
    methods,
  };
}

function balancesOf({ transfers, openings, count }: PlainInput): bigint[] {
  const { from, to, accounts } = transfers;
  const balances = new Array<bigint>(accounts.size).fill(0n);
  for (const [account, opening] of openings) balances[account] = opening;
  for (let row = 0; row < count; row++) {
    const [sender, receiver] = [from[row]!, to[row]!];
    if (sender === receiver) continue;
    const value = transfers.value(row);
    if (sender !== ZERO) {
      const had = balances[sender]!;
      if (had < value) throw negativeBalance(transfers, row, had);
      balances[sender] = had - value;
    }
    if (receiver !== ZERO) balances[receiver]! += value;
  }
  return balances;
}

/** 1 for each account that got something from a seed, or from an account that had. */
function reachedBy({ transfers, seeds, stops, count }: PlainInput): Uint8Array {
  const { from, to, amount, accounts }: Transfers = transfers;
  const reached = new Uint8Array(accounts.size);
  for (let row = 0; row < count; row++) {
    if (amount[row] === 0 || from[row] === to[row]) continue;
    if (reached[from[row]!] === 0 && !seeds.has(row)) continue;
    if (to[row] !== ZERO && !stops.has(to[row]!)) reached[to[row]!] = 1;
  }
  return reached;
}
