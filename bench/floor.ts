import { getBytes } from "ethers";

/** What the EVM charges, in gas: Yellow Paper, EIP-2028, EIP-2929, EIP-3529. */
const EVM = {
  transaction: 21_000,
  zeroByte: 4,
  nonZeroByte: 16,
  coldAccount: 2_600,
  warmAccount: 100,
  coldWord: 2_100,
  newWord: 20_000,
  changedWord: 2_900,
  log: 375,
  topic: 375,
  logByte: 8,
  hash: 30,
  hashedWord: 6,
  recovery: 3_000,
  creation: 32_000,
  codeByte: 200,
} as const;

const WORD_BYTES = 32;

/** What the design needs of the EVM for a piece of work. Each word is met once, so it is cold. */
export interface Need {
  /** Transactions of their own. */
  transactions?: number;
  /** Contracts called for the first time in the transaction, besides the one that it is sent to. */
  firstCalls?: readonly string[];
  /** Calls of contracts that were called before. */
  furtherCalls?: readonly string[];
  /** Words of storage that are only read. */
  read?: readonly string[];
  /** Words of storage that were zero. */
  written?: readonly string[];
  /** Words of storage that were not zero. */
  changed?: readonly string[];
  /** Words that were read already in the work that this is on top of. */
  changedAfterRead?: readonly string[];
  logs?: readonly { topics: number; words: number }[];
  /** Words more in logs that are there already. */
  loggedWords?: number;
  /** Of each hash the words that it is over. */
  hashes?: readonly number[];
  /** Words more in hashes that are there already. */
  hashedWords?: number;
  /** Signatures of which the key is recovered. */
  recoveries?: number;
  /** Of each contract created the bytes of its code. */
  creations?: readonly number[];
}

/** Gas of call data. */
export function callDataGas(data: string): number {
  return getBytes(data).reduce((gas, byte) => gas + (byte === 0 ? EVM.zeroByte : EVM.nonZeroByte), 0);
}

/** Gas below which no contract can do the work: what it needs of the EVM, and its call data. */
export function floorOf(need: Need, callData: number): number {
  const count = (list: readonly unknown[] = []) => list.length;
  const logs = need.logs ?? [];
  const words = sum(logs.map((log) => log.words)) + (need.loggedWords ?? 0);
  const recoveries = need.recoveries ?? 0;
  return sum([
    callData,
    (need.transactions ?? 0) * EVM.transaction,
    count(need.firstCalls) * EVM.coldAccount,
    count(need.furtherCalls) * EVM.warmAccount,
    count(need.read) * EVM.coldWord,
    count(need.written) * (EVM.coldWord + EVM.newWord),
    count(need.changed) * (EVM.coldWord + EVM.changedWord),
    count(need.changedAfterRead) * EVM.changedWord,
    logs.length * EVM.log + sum(logs.map((log) => log.topics)) * EVM.topic + words * WORD_BYTES * EVM.logByte,
    count(need.hashes) * EVM.hash + (sum(need.hashes ?? []) + (need.hashedWords ?? 0)) * EVM.hashedWord,
    recoveries * (EVM.warmAccount + EVM.recovery),
    count(need.creations) * EVM.creation + sum(need.creations ?? []) * EVM.codeByte,
  ]);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What, asset, account, amount, value. */
const EFFECT_WORDS = 5;
/** The docket's `Entry`: act, document, head, two offsets and two lengths, the officers; the effects with offset and length. */
const entry = (officers: number, effects: number) => ({
  topics: 4,
  words: 7 + officers + 2 + effects * EFFECT_WORDS,
});
/** Officers' ids, the effects and the nine fields of an entry that are chained. */
const entryHashes = (officers: number, effects: number) => [officers, 2 + effects * EFFECT_WORDS, 9];
const FROZEN = { topics: 2, words: 1 };
const TRANSFER = { topics: 3, words: 1 };
/** Bytes 0x1901, the domain and the order. */
const DIGEST = 3;
/** A signer's 20 bytes. */
const OFFICER_ID = 1;

/** Three officers freeze one account that was never held. */
export const FREEZE_FIRST: Need = {
  transactions: 1,
  firstCalls: ["quorum", "asset"],
  read: ["rule", "officer 1", "officer 2", "officer 3", "case", "standing of the asset", "standing of the account"],
  written: ["order used", "hold"],
  changed: ["counters", "head of the journal", "balance and held amount of the account"],
  logs: [entry(3, 1), FROZEN],
  // The target with its type, the list of targets, the order with its type and six fields.
  hashes: [4, 1, 7, DIGEST, OFFICER_ID, OFFICER_ID, OFFICER_ID, ...entryHashes(3, 1)],
  recoveries: 3,
};

/** One account more. */
export const FREEZE_NEXT: Need = {
  furtherCalls: ["asset"],
  read: ["standing of the account"],
  written: ["hold"],
  changed: ["balance and held amount of the account"],
  logs: [FROZEN],
  loggedWords: EFFECT_WORDS,
  hashes: [4],
  hashedWords: 1 + EFFECT_WORDS,
};

/** What the orders of a bundle share: the officers' signatures, the rule, the counters, the head of the journal. */
export const sittingOf = (officers: number): Need => ({
  transactions: 1,
  firstCalls: ["quorum", "asset"],
  read: ["rule", ...Array.from({ length: officers }, (_, i) => `officer ${i + 1}`), "standing of the asset"],
  changed: ["counters", "head of the journal"],
  hashes: Array.from({ length: officers }, () => OFFICER_ID),
  recoveries: officers,
});

/** One order of one account more, in a bundle. */
export const ORDER_NEXT: Need = {
  furtherCalls: ["quorum", "rule", "officer 1", "officer 2", "officer 3", "asset"],
  read: ["standing of the account"],
  written: ["order used", "hold"],
  changed: ["balance and held amount of the account"],
  logs: [entry(3, 1), FROZEN],
  // As of the first order, and a leaf's node in place of the officers' ids.
  hashes: [4, 1, 7, DIGEST, 2, ...entryHashes(3, 1)],
};

/** The first order of a case: it gets a number, and its vault a standing. */
export const CASE_OPENED: Need = {
  written: ["case", "case by number", "standing of the vault"],
  read: ["words of the vault in the asset"],
  loggedWords: EFFECT_WORDS,
  hashedWords: EFFECT_WORDS,
};

/** One order more that seizes, with the vault that it creates: without its accounts. */
export const SEIZURE_NEXT: Need = {
  furtherCalls: ["quorum", "rule", "officer 1", "officer 2", "officer 3", "officer 4", "asset", "asset: balances"],
  written: ["order used", "balance of the vault", "what was taken", "what came when"],
  changed: ["case"],
  logs: [entry(4, 0)],
  hashes: [1, 6, DIGEST, 2, ...entryHashes(4, 0)],
  creations: [45],
  loggedWords: EFFECT_WORDS,
  hashedWords: EFFECT_WORDS,
};

/** One account more that is seized. */
export const SEIZED_NEXT: Need = {
  furtherCalls: ["asset"],
  read: ["standing of the account"],
  written: ["what is owed"],
  changed: ["hold", "balance and held amount of the account"],
  logs: [TRANSFER, FROZEN],
  loggedWords: EFFECT_WORDS,
  hashes: [4],
  hashedWords: 1 + EFFECT_WORDS,
};

/** One officer more. */
export const OFFICER_NEXT: Need = {
  read: ["officer"],
  loggedWords: 1,
  hashes: [OFFICER_ID],
  hashedWords: 1,
  recoveries: 1,
};

export const TRANSFER_NEVER_HELD: Need = {
  transactions: 1,
  changed: ["balance of the sender", "balance of the payee"],
  logs: [TRANSFER],
};

/** Three officers have a part of what was taken paid back. */
export const PAYOUT: Need = {
  transactions: 1,
  firstCalls: ["docket: number of the entry", "quorum", "asset: balance before", "vault", "code of the vault"],
  furtherCalls: ["docket: what was taken", "asset: transfer", "asset: balance after", "docket: entry"],
  read: ["rule", "officer 1", "officer 2", "officer 3", "disposal"],
  written: ["order used"],
  changed: [
    "counters",
    "head of the journal",
    "left of the case",
    "owed to the holder",
    "balance of the vault",
    "balance of the holder",
  ],
  logs: [entry(3, 1), TRANSFER],
  // The refund with its type, the list of refunds, the order with its type and five fields.
  hashes: [5, 1, 6, DIGEST, OFFICER_ID, OFFICER_ID, OFFICER_ID, ...entryHashes(3, 1)],
  recoveries: 3,
};

/** The vault that a seizure creates when it is the first of its case; its code is a clone's. */
export const VAULT_CREATE: Need = {
  changedAfterRead: ["case"],
  creations: [45],
  loggedWords: EFFECT_WORDS,
  hashedWords: EFFECT_WORDS,
};
