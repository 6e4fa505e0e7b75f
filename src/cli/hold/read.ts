import type { Address, Hex } from "viem";
import { isoOf } from "../../base/time.ts";
import { HOLD_KINDS, isLive, type Hold } from "../../journal/holds.ts";
import { decodeName } from "../../orders/caseId.ts";
import type { CustodyAt } from "../custody.ts";
import { subAccountsIn, type SubAccount } from "../../journal/subAccounts.ts";

/** A hold as data: amounts are base units, times UTC. */
export interface HoldTold {
  number: number;
  case: string;
  symbol: string;
  asset: Address;
  account: Address;
  /** Where the account is a sub-account of a platform: which. All else of its wallet is free. */
  subAccount?: SubAccount;
  kind: string;
  /** What is withheld; the rest of the account is free. */
  amount: string;
  since: string;
  /** The last second. */
  until: string;
  live: boolean;
}

/** What is told of a hold. */
export function toldOf(custody: CustodyAt): (asset: Address, account: Address, hold: Hold) => HoldTold {
  const { state, units, at, entries } = custody;
  const cases = new Map<number, Hex>([...state.cases.values()].map(({ number, caseId }) => [number, caseId]));
  const subAccounts = subAccountsIn(entries);
  return (asset, account, hold) => {
    const caseId = cases.get(hold.caseNumber);
    const subAccount = subAccounts.get(account);
    return {
      number: hold.number,
      case: caseId === undefined ? "" : decodeName(caseId),
      symbol: units.symbol(asset),
      asset,
      account,
      ...(subAccount && { subAccount }),
      kind: hold.kind === HOLD_KINDS.arrested ? "arrested" : "provisional",
      amount: String(hold.amount),
      since: isoOf(hold.since),
      until: isoOf(hold.until),
      live: isLive(hold, at),
    };
  };
}
