import type { Address, Hex } from "viem";
import type { Head } from "../journal/entries.ts";

/** A hold as the lens shows it. Base units, Unix seconds. */
export interface HoldReading {
  caseId: Hex;
  vault: Address;
  number: number;
  kind: number;
  live: boolean;
  since: number;
  until: number;
  amount: bigint;
  covered: bigint;
  withheld: bigint;
}

/** What a case still has to answer for, as the lens shows it. Base units. */
export interface TakenReading {
  caseId: Hex;
  vault: Address;
  owed: bigint;
  claim: bigint;
  due: bigint;
}

/** A delayed order from the account's point of view, as the lens shows it. */
export interface PendingReading {
  order: Hex;
  delayed: { start: number; deadline: number };
  appealed: boolean;
  affected: boolean;
}

/** What the contracts say at one block about an account of an asset. */
export interface NoticeReading {
  chainId: number;
  block: { number: bigint; hash: Hex; timestamp: bigint };
  head: Head;
  asset: { address: Address; symbol: string; decimals: number };
  account: Address;
  disposal: Address;
  balance: bigint;
  held: bigint;
  covered: bigint;
  withheld: bigint;
  subAccount?: { wallet: Address; askedAt: number; answeredAt: number };
  holds: readonly HoldReading[];
  taken: readonly TakenReading[];
  pending: readonly PendingReading[];
}
