import { ZERO, type Transfers } from "../transfers/transfers.ts";

/**
 * The least that each account must have had before its first row so that it never goes below zero, in base units by
 * account in ascending order; of the first `count` rows.
 */
export function cleanOpenings(transfers: Transfers, count: number): Map<number, bigint> {
  return transfers.isWide ? exact(transfers, count) : (quick(transfers, count) ?? exact(transfers, count));
}

/** In doubles, which are exact up to 2^53; undefined where a sum is greater. */
function quick({ from, to, amount, accounts }: Transfers, count: number): Map<number, bigint> | undefined {
  const flows = new Float64Array(accounts.size);
  const lowest = new Float64Array(accounts.size);
  const most = Number.MAX_SAFE_INTEGER;
  for (let row = 0; row < count; row++) {
    const [sender, receiver, value] = [from[row]!, to[row]!, amount[row]!];
    if (sender === receiver) continue;
    const out = flows[sender]! - value;
    flows[sender] = out;
    if (out < lowest[sender]!) lowest[sender] = out;
    const into = flows[receiver]! + value;
    flows[receiver] = into;
    if (out < -most || into > most) {
      if (sender !== ZERO && receiver !== ZERO) return undefined;
      flows[ZERO] = 0;
    }
  }
  return openingsOf(lowest.length, (account) => BigInt(-lowest[account]!));
}

function exact(transfers: Transfers, count: number): Map<number, bigint> {
  const { from, to, accounts } = transfers;
  const flows = new Array<bigint>(accounts.size).fill(0n);
  const lowest = new Array<bigint>(accounts.size).fill(0n);
  for (let row = 0; row < count; row++) {
    const [sender, receiver] = [from[row]!, to[row]!];
    if (sender === receiver) continue;
    const value = transfers.value(row);
    flows[sender]! -= value;
    flows[receiver]! += value;
    if (flows[sender]! < lowest[sender]!) lowest[sender] = flows[sender]!;
  }
  return openingsOf(lowest.length, (account) => -lowest[account]!);
}

function openingsOf(size: number, of: (account: number) => bigint): Map<number, bigint> {
  const openings = new Map<number, bigint>();
  for (let account = ZERO + 1; account < size; account++) {
    const opening = of(account);
    if (opening > 0n) openings.set(account, opening);
  }
  return openings;
}
