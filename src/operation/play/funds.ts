import type { Address } from "viem";
import type { Case, Holding, Wallet } from "../operation.ts";

/**
 * What lies in accounts when an operation begins, in base units: the amounts of their targets, but for what a move of the
 * timeline brings there later, and the contents of the platforms' wallets.
 */
export function fundsOf(
  cases: Iterable<Case>,
  wallets: Iterable<Wallet>,
  moves: readonly { asset: string; to: Address; amount: bigint }[],
): Holding[] {
  const funds = new Map<string, Holding>();
  const add = (asset: string, account: Address, amount: bigint) => {
    const key = `${asset} ${account}`;
    funds.set(key, { asset, account, amount: amount + (funds.get(key)?.amount ?? 0n) });
  };
  for (const { targets } of cases) for (const { asset, account, amount } of targets) add(asset, account, amount);
  for (const { asset, to, amount } of moves) if (funds.has(`${asset} ${to}`)) add(asset, to, -amount);
  for (const { holds, address } of wallets) for (const [asset, amount] of holds) add(asset, address, amount);
  return [...funds.values()].filter(({ amount }) => amount > 0n);
}
