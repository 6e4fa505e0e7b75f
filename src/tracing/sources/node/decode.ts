import { wordOf, numberOfQuantity } from "../../../chain/quantity.ts";

/** keccak256 of `Transfer(address,address,uint256)`: the first topic of every ERC-20 transfer, and of every ERC-721 one. */
export const TRANSFER_TOPIC = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/** A log as a node answers it. Nothing in it is trusted: any field may be of another type than it should be. */
export interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string | null;
  readonly blockHash: string | null;
  readonly transactionHash: string | null;
  readonly logIndex: string | null;
  readonly removed?: boolean;
}

/** What a log says that is a transfer. Addresses and hashes are lower-case, the value is in base units. */
export interface DecodedTransfer {
  readonly block: number;
  readonly blockHash: string;
  readonly logIndex: number;
  readonly hash: string;
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
}

/**
 * Why a log is no transfer of the asset though the node is not at fault: another contract's log, another event, or a
 * Transfer of another shape (ERC-721 has four topics, some old tokens index nothing). To be counted and left out.
 */
export const FOREIGN_FAULTS = ["ForeignEmitter", "ForeignEvent", "ForeignShape"] as const;

/** Why a log cannot be believed at all. Evidence is not made from a feed that has one. */
export const BROKEN_FAULTS = [
  /** A reorganisation took the log back. */
  "RemovedLog",
  /** No block yet, or a block number, log index or hash that is none. */
  "BadPlace",
  /** A topic is not 32 bytes. */
  "BadTopic",
  /** An address topic has other high bytes than zeros. */
  "DirtyAddress",
  /** The value is not 32 bytes. */
  "BadData",
] as const;

export type ForeignFault = (typeof FOREIGN_FAULTS)[number];
export type BrokenFault = (typeof BROKEN_FAULTS)[number];
export type LogFault = ForeignFault | BrokenFault;

/** Whether a fault is of a log that merely is not ours. */
export const isForeign = (fault: LogFault): fault is ForeignFault =>
  (FOREIGN_FAULTS as readonly LogFault[]).includes(fault);

const CLEAN = `0x${"0".repeat(24)}`;
/** Where the 20 bytes of an address begin in a word of hexadecimal with 0x. */
const ADDRESS_AT = 26;

/**
 * Reads a log as a transfer of the asset (lower-case address), by hand: a generic ABI decoder costs some fifty times
 * as much and accepts what must not pass (more data than a value, dirty addresses, logs that were taken back).
 * @returns the transfer, or the name of the fault.
 */
export function decodeTransfer(log: RawLog, asset: string): DecodedTransfer | LogFault {
  const { topics, data } = log;
  if (log.removed !== undefined && log.removed !== false) return "RemovedLog";
  const foreign = foreignFault(log, asset);
  if (foreign !== undefined) return foreign;
  if (topics.length !== 3) return "ForeignShape";
  const from = wordOf(topics[1]);
  const to = wordOf(topics[2]);
  if (from === undefined || to === undefined) return "BadTopic";
  if (!from.startsWith(CLEAN) || !to.startsWith(CLEAN)) return "DirtyAddress";
  const value = wordOf(data);
  if (value === undefined) return "BadData";
  const block = numberOfQuantity(log.blockNumber);
  const logIndex = numberOfQuantity(log.logIndex);
  const blockHash = wordOf(log.blockHash);
  const hash = wordOf(log.transactionHash);
  if (block === undefined || logIndex === undefined || blockHash === undefined || hash === undefined) return "BadPlace";
  return { block, blockHash, logIndex, hash, from: addressIn(from), to: addressIn(to), value: BigInt(value) };
}

/** Why a log is not of the asset's event Transfer, in whatever shape; undefined if it is. */
export function foreignFault(
  { address, topics }: RawLog,
  asset: string,
): "ForeignEmitter" | "ForeignEvent" | undefined {
  if (!isSame(address, asset)) return "ForeignEmitter";
  return Array.isArray(topics) && isSame(topics[0], TRANSFER_TOPIC) ? undefined : "ForeignEvent";
}

const isSame = (has: unknown, needs: string): boolean =>
  has === needs || (typeof has === "string" && has.length === needs.length && has.toLowerCase() === needs);
const addressIn = (word: string): string => `0x${word.slice(ADDRESS_AT)}`;
