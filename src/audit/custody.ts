import type { Address, Hex } from "viem";
import type { Deployment } from "../chain/deployments.ts";
import { isLive } from "../journal/holds.ts";
import type { CaseState, JournalState } from "../journal/replay.ts";
import type { Shown } from "./evidence.ts";
import { accountSlot, balanceIn } from "./slots.ts";
import { inCustodyOf, toldBy } from "./sums.ts";

/** The money of one case in one asset, in base units, as the journal tells it. */
export interface Money extends Omit<ReturnType<typeof toldBy>, "suspensePaid"> {
  /** Live at the block. */
  readonly held: bigint;
  /** Ended by time, whether or not anyone recorded it. */
  readonly lapsed: bigint;
  /** Taken and not paid out, what waits for claimants included. */
  readonly inCustody: bigint;
  /** Booked as suspense and not paid out. */
  readonly suspense: bigint;
}

/** The same of a case and an asset, beside what is proven of the vault. */
export interface Custody extends Money {
  readonly caseId: Hex;
  readonly asset: Address;
  readonly symbol: string;
  readonly vault?: Address;
  /** What the vault has, proven. */
  readonly balance: bigint;
  /** What the vault has beyond what the journal tells, or lacks: by no act. */
  readonly unexplained: bigint;
}

/** What the journal tells of any case's money at a second of Unix time. */
export function moneyAt({ accounts }: JournalState, at: number): (of: CaseState, asset: Address) => Money {
  const live = new Map<string, bigint>();
  for (const { asset, holds } of accounts.values()) {
    for (const hold of holds) {
      const key = `${hold.caseNumber} ${asset}`;
      if (isLive(hold, at)) live.set(key, (live.get(key) ?? 0n) + hold.amount);
    }
  }
  return ({ number, ledgers }, asset) => {
    const ledger = ledgers.get(asset);
    const { suspensePaid, ...told } = toldBy(ledger);
    const held = live.get(`${number} ${asset}`) ?? 0n;
    return {
      ...told,
      held,
      lapsed: told.placed - held - told.lifted - told.seized,
      inCustody: inCustodyOf(told),
      suspense: (ledger?.suspense ?? 0n) - suspensePaid,
    };
  };
}

/** Every case's money in every asset: as the journal tells it, beside what is proven of the vaults. Rows of zeros are left out. */
export function custodyOf({ state, accounts, header }: Shown, { addresses }: Deployment): Custody[] {
  const moneyOf = moneyAt(state, Number(header.timestamp));
  return [...state.cases.values()].flatMap((of) =>
    Object.entries(addresses.assets).flatMap(([symbol, asset]): Custody[] => {
      const { caseId, vault, ledgers } = of;
      const word = vault && accounts.get(asset)?.words.get(accountSlot(vault));
      const balance = balanceIn(word ?? 0n);
      if (!ledgers.has(asset) && balance === 0n) return [];
      const money = moneyOf(of, asset);
      const unexplained = balance - money.inCustody - money.suspense;
      return [{ caseId, asset, symbol, ...(vault && { vault }), ...money, balance, unexplained }];
    }),
  );
}
