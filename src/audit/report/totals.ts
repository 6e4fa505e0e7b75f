import type { Address } from "viem";
import { isLive } from "../../journal/holds.ts";
import type { JournalState } from "../../journal/replay.ts";
import { inCustodyOf } from "../sums.ts";

/** What the public is told of one asset, over all cases, in base units. */
export interface Totals {
  readonly asset: Address;
  readonly placed: bigint;
  /** Live. */
  readonly held: bigint;
  readonly lapsed: bigint;
  readonly lifted: bigint;
  readonly seized: bigint;
  readonly returned: bigint;
  /** Paid to victims by compensations. */
  readonly compensated: bigint;
  readonly forfeited: bigint;
  readonly transferred: bigint;
  readonly inCustody: bigint;
}

const SUMMED = ["placed", "lifted", "seized", "returned", "compensated", "forfeited", "transferred"] as const;

/** The sums of each installed asset in the second `at`. */
export function totalsOf({ assets, cases, accounts }: JournalState, at: number): Totals[] {
  const held = new Map<Address, bigint>();
  for (const { asset, holds } of accounts.values()) {
    for (const hold of holds) if (isLive(hold, at)) held.set(asset, (held.get(asset) ?? 0n) + hold.amount);
  }
  return assets.map((asset) => {
    const sums = { placed: 0n, lifted: 0n, seized: 0n, returned: 0n, compensated: 0n, forfeited: 0n, transferred: 0n };
    let inCustody = 0n;
    for (const { ledgers } of cases.values()) {
      const ledger = ledgers.get(asset);
      if (ledger === undefined) continue;
      for (const name of SUMMED) sums[name] += ledger[name];
      inCustody += inCustodyOf(ledger);
    }
    const live = held.get(asset) ?? 0n;
    return { asset, ...sums, held: live, lapsed: sums.placed - live - sums.lifted - sums.seized, inCustody };
  });
}
