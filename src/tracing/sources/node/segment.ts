import { keccak256, type Hex } from "viem";
import { createHash } from "node:crypto";
import { EXIT, SequesterError } from "../../../base/errors.ts";
import type { TransferRow } from "../../transfers/row.ts";
import {
  decodeTransfer,
  foreignFault,
  isForeign,
  TRANSFER_TOPIC,
  type BrokenFault,
  type ForeignFault,
  type RawLog,
} from "./decode.ts";
import { checkChain, headersOf, type Header } from "./headers.ts";
import { logsOfBlock, logsOfRange, type LogAnswer } from "./logs.ts";
import { numberOfQuantity } from "../../../chain/quantity.ts";
import { MalformedAnswerError, textOf, type Endpoint } from "../../../chain/rpc.ts";
import { countOf } from "../../../base/words.ts";

/** How many logs of each kind are not transfers of the asset and were left out. */
export type LeftOut = Readonly<Record<ForeignFault, number>>;

/** A run of blocks whose transfers were read and found complete. */
export interface Segment {
  readonly first: number;
  readonly last: number;
  /** Hash of the block before the first. */
  readonly parentHash: string;
  /** Hash of the last block. */
  readonly lastHash: string;
  /** Count of its transfers. */
  readonly transfers: number;
  /** Of `segmentText`: chain, asset, blocks, every transfer and the segment before. In hexadecimal without 0x. */
  readonly sha256: string;
}

/** What one node says of a segment. */
export interface ReadSegment {
  readonly segment: Segment;
  /** By block and log index. */
  readonly rows: readonly TransferRow[];
  readonly leftOut: LeftOut;
  /** Logs that the answer for a range lacked and the one for the block alone has. */
  readonly repaired: number;
}

/** What is read: the transfers of one asset on one chain. */
export interface Subject {
  readonly chainId: number;
  /** Lower-case address. */
  readonly asset: string;
}

/** A header says that a block has no such log, and the node gives one. Exit code 3. */
export class BloomContradictedError extends SequesterError {
  override name = "BloomContradictedError";
  constructor(endpoint: string, block: number) {
    super(`The node at ${endpoint} contradicts itself about block ${block}.`, {
      code: EXIT.verification,
      metaMessages: [
        "has: a transfer of the asset in a block whose header excludes any",
        "needs: a chain whose headers' bloom filters tell of every log",
      ],
    });
  }
}

/** Two answers of a node about one block differ in what they have, not only in what they leave out. Exit code 3. */
export class AnswersContradictError extends SequesterError {
  override name = "AnswersContradictError";
  constructor(endpoint: string, block: number, has: string, needs: string) {
    super(`The node at ${endpoint} gives two answers about block ${block}.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** A log of the asset that cannot be believed. Exit code 5. */
export class BrokenLogError extends SequesterError {
  override name = "BrokenLogError";
  readonly fault: BrokenFault;
  constructor(endpoint: string, log: RawLog, fault: BrokenFault) {
    super(`The node at ${endpoint} gives a log of the asset that is no transfer and should be: ${fault}.`, {
      code: EXIT.node,
      metaMessages: [
        `has: ${textOf(log)}`,
        "needs: two clean addresses, 32 bytes of value, and its place in the chain",
      ],
    });
    this.fault = fault;
  }
}

/** Reads the segment from `first` to `last`; `parent` is the hash of the block before, where it is known. */
export async function readSegment(
  endpoint: Endpoint,
  subject: Subject,
  { first, last, parent, previous }: { first: number; last: number; parent: string | undefined; previous: string },
): Promise<ReadSegment> {
  const headers = await headersOf(endpoint, first, last);
  checkChain(endpoint, headers, parent);
  const { logs, repaired, leftOut } = await completeLogs(endpoint, subject.asset, headers);
  const { rows, shapes } = rowsOf(endpoint, subject.asset, headers, logs);
  const span = { first, last, parentHash: headers[0]!.parentHash, lastHash: headers.at(-1)!.hash };
  const sha256 = createHash("sha256")
    .update(segmentText(subject, span, previous, rows))
    .digest("hex");
  return {
    segment: { ...span, transfers: rows.length, sha256 },
    rows,
    leftOut: { ...leftOut, ForeignShape: shapes },
    repaired,
  };
}

/** What a segment's hash is of: a line about it, then a line for each transfer. Anyone can write it from a list of transfers. */
export function segmentText(
  { chainId, asset }: Subject,
  span: Pick<Segment, "first" | "last" | "parentHash" | "lastHash">,
  previous: string,
  rows: readonly TransferRow[],
): string {
  const { first, last, parentHash, lastHash } = span;
  const lines = [["sequester.segment/1", chainId, asset, first, last, parentHash, lastHash, previous].join(",")];
  for (const { block, logIndex, hash, time, from, to, value } of rows) {
    lines.push(`${block},${logIndex},${hash},${time},${from},${to},${value}`);
  }
  return `${lines.join("\n")}\n`;
}

const bitsOf = (asset: string) => bloomBits(asset as `0x${string}`, TRANSFER_TOPIC);

/**
 * All logs of the blocks. An answer for a range may be empty or cut without a word, so that each block which the header's
 * filter admits and the answer has nothing of is asked for alone, and so are the first and the last block of each
 * answer, in the middle of which it may have been cut.
 */
async function completeLogs(
  endpoint: Endpoint,
  asset: string,
  headers: readonly Header[],
): Promise<{ logs: RawLog[]; repaired: number; leftOut: Omit<LeftOut, "ForeignShape"> }> {
  const first = headers[0]!.number;
  const leftOut = { ForeignEmitter: 0, ForeignEvent: 0 };
  const byBlock = new Map<number, readonly RawLog[]>();
  const suspect = new Set<number>();
  for (const answer of await logsOfRange(endpoint, asset, first, headers.at(-1)!.number)) {
    const own = answer.logs.filter((log) => isOwn(log, asset, leftOut));
    const blocks = placed(endpoint, { ...answer, logs: own });
    for (const [block, logs] of blocks) byBlock.set(block, logs);
    if (blocks.size > 0) suspect.add(Math.min(...blocks.keys())).add(Math.max(...blocks.keys()));
  }
  const bits = bitsOf(asset);
  for (const { number, logsBloom } of headers) {
    const admitted = hasBits(logsBloom, bits);
    if (!admitted && byBlock.has(number)) throw new BloomContradictedError(endpoint.name, number);
    if (admitted && !byBlock.has(number)) suspect.add(number);
  }
  let repaired = 0;
  for (const number of suspect) {
    const { logs, added } = await askedAlone(endpoint, asset, headers[number - first]!, byBlock.get(number) ?? []);
    byBlock.set(number, logs);
    repaired += added;
  }
  return { logs: [...byBlock.values()].flat(), repaired, leftOut };
}

/** The logs of one block by its own answer, which must have all that the answer for a range has. */
async function askedAlone(
  endpoint: Endpoint,
  asset: string,
  { number, hash }: Header,
  had: readonly RawLog[],
): Promise<{ logs: readonly RawLog[]; added: number }> {
  const answer = await logsOfBlock(endpoint, asset, hash);
  const logs = answer.filter((log) => foreignFault(log, asset) === undefined);
  const [hadIndexes, hasIndexes] = [had, logs].map((list) => new Set(list.map(({ logIndex }) => logIndex)));
  const missing = [...hadIndexes!].find((logIndex) => !hasIndexes!.has(logIndex));
  if (missing !== undefined) {
    const needs = `log ${missing}, which the answer for the range has`;
    throw new AnswersContradictError(
      endpoint.name,
      number,
      `${countOf(logs.length, "log")} in the block's own answer`,
      needs,
    );
  }
  return { logs, added: hasIndexes!.size - hadIndexes!.size };
}

/** Whether a log is of the asset's Transfer event; counts it if not. */
function isOwn(log: RawLog, asset: string, leftOut: { ForeignEmitter: number; ForeignEvent: number }): boolean {
  const foreign = foreignFault(log, asset);
  if (foreign !== undefined) leftOut[foreign] += 1;
  return foreign === undefined;
}

/** The logs of an answer by their blocks, which must be those that were asked for. */
function placed(endpoint: Endpoint, { first, last, logs }: LogAnswer): Map<number, RawLog[]> {
  const blocks = new Map<number, RawLog[]>();
  for (const log of logs) {
    if (log.removed) throw new BrokenLogError(endpoint.name, log, "RemovedLog");
    const block = numberOfQuantity(log.blockNumber);
    if (block === undefined) throw new BrokenLogError(endpoint.name, log, "BadPlace");
    if (block < first || block > last) {
      const needs = `logs of the blocks ${first} to ${last}`;
      throw new MalformedAnswerError(endpoint.name, "eth_getLogs", `a log of block ${block}`, needs);
    }
    const own = blocks.get(block);
    if (own === undefined) blocks.set(block, [log]);
    else own.push(log);
  }
  return blocks;
}

/** The transfers among the asset's logs, in order, each in the block that the header tells of; and the count of other shapes. */
function rowsOf(
  endpoint: Endpoint,
  asset: string,
  headers: readonly Header[],
  logs: readonly RawLog[],
): { rows: TransferRow[]; shapes: number } {
  const rows: TransferRow[] = [];
  for (const log of logs) {
    const decoded = decodeTransfer(log, asset);
    if (typeof decoded === "string") {
      if (!isForeign(decoded)) throw new BrokenLogError(endpoint.name, log, decoded);
      continue;
    }
    const { blockHash, ...row } = decoded;
    const header = headers[row.block - headers[0]!.number];
    if (header?.hash !== blockHash) {
      const needs = `block ${header?.hash ?? "of the range"}`;
      throw new AnswersContradictError(endpoint.name, row.block, `a log of block ${blockHash}`, needs);
    }
    rows.push({ ...row, time: header.time });
  }
  const shapes = logs.length - rows.length;
  rows.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
  const twice = rows.find((row, i) => row.block === rows[i - 1]?.block && row.logIndex === rows[i - 1]?.logIndex);
  if (twice !== undefined) {
    throw new AnswersContradictError(endpoint.name, twice.block, `log ${twice.logIndex} twice`, "each log once");
  }
  return { rows, shapes };
}

/** Bits of a header's bloom filter. */
const BITS = 2048;
/** Each value sets three bits, told by the first three pairs of bytes of its hash. */
const PAIRS = [0, 1, 2];

/**
 * The places in a bloom filter that are set whenever a log of the block has all of these values as its emitter or among
 * its topics. A filter knows no false "no": a block without one of the bits has no such log.
 */
export function bloomBits(...values: readonly Hex[]): readonly number[] {
  return values.flatMap((value) => {
    const hash = keccak256(value);
    return PAIRS.map((pair) => Number(`0x${hash.slice(2 + 4 * pair, 6 + 4 * pair)}`) % BITS);
  });
}

/** Whether a filter (256 bytes in hexadecimal with 0x) has all the bits. */
export const hasBits = (bloom: string, bits: readonly number[]): boolean => bits.every((bit) => hasBit(bloom, bit));

/** Bit 0 is the lowest of the last byte. */
function hasBit(bloom: string, bit: number): boolean {
  const digit = bloom.length - 1 - Math.floor(bit / 4);
  return ((parseInt(bloom.charAt(digit), 16) >> (bit % 4)) & 1) === 1;
}
