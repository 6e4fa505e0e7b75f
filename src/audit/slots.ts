import { concat, keccak256, pad, type Address, type Hex } from "viem";
import { wordOf } from "../journal/effects.ts";

/** Where the compiler lays out what is proved; a test holds them against it. */
export const SLOTS = {
  Docket: { _counters: 0n, head: 1n },
  Quorum: { _rules: 7n },
  Tenge: { _accounts: 10n },
} as const;

/** The slots of the journal: the counters, whose lowest 40 bits count entries, and the head. */
export const JOURNAL_SLOTS = { counters: wordOf(SLOTS.Docket._counters), head: wordOf(SLOTS.Docket.head) } as const;

export const entriesIn = (counters: bigint): bigint => counters & (2n ** 40n - 1n);

/** The slot of an account's word in a sovereign asset; its lowest 96 bits are the balance. */
export const accountSlot = (account: Address): Hex => inMapping(pad(account), wordOf(SLOTS.Tenge._accounts));

export const balanceIn = (account: bigint): bigint => account & (2n ** 96n - 1n);

/** The slot of an alternative of an act's rule, under the contract that executes the act. */
export const ruleSlot = (executor: Address, act: number, alternative: number): Hex => {
  const of = inMapping(wordOf(BigInt(act)), inMapping(pad(executor), wordOf(SLOTS.Quorum._rules)));
  return wordOf(BigInt(of) + BigInt(alternative));
};

const inMapping = (key: Hex, slot: Hex): Hex => keccak256(concat([key, slot]));
