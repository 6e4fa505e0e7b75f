import { isAddress } from "viem";
import { EXIT, SequesterError } from "../../../base/errors.ts";
import { ZERO_ADDRESS, type RowSink } from "../../transfers/row.ts";
import { hasCode } from "./calls.ts";
import { FinalizedHeads } from "./heads.ts";
import { proveBalances, proveSupply, type SupplyProof } from "./prove.ts";
import { numberOfQuantity } from "../../../chain/quantity.ts";
import { HttpEndpoint, MalformedAnswerError, textOf, type Endpoint, type Patience } from "../../../chain/rpc.ts";
import type { LeftOut, Segment, Subject } from "./segment.ts";
import { SegmentWalk } from "./walk.ts";
import { countOf } from "../../../base/words.ts";

export interface IndexOptions {
  /** Addresses of nodes of one chain. More than one must agree on every segment. */
  readonly urls: readonly string[];
  /** Address of the ERC-20 contract. */
  readonly asset: string;
  /** The block of the contract's creation, or the first one that matters. */
  readonly fromBlock: number;
  /** The evidence block; the latest block that is finalized by all nodes unless told. */
  readonly toBlock?: number | "finalized";
  /** Blocks in a segment; 1,000 unless told. Another length gives other hashes. */
  readonly blocksPerSegment?: number;
  readonly patience?: Partial<Patience>;
  /** Told after each segment. */
  readonly onSegment?: (segment: Segment) => void;
}

/** What was indexed, and what proves it complete. */
export interface Indexed extends Subject {
  readonly fromBlock: number;
  /** The evidence block. */
  readonly toBlock: number;
  /** Hash of the evidence block. */
  readonly toHash: string;
  readonly transfers: number;
  readonly segments: readonly Segment[];
  readonly leftOut: LeftOut;
  /** Logs that answers lacked and that were got by asking for their blocks alone. */
  readonly repaired: number;
  readonly supply: SupplyProof;
  /** What could not be proved, in sentences; a report must show them. */
  readonly unproved: readonly string[];
}

/** Blocks in a segment unless told. */
export const BLOCKS_PER_SEGMENT = 1_000;
/** What to index cannot be indexed. Exit code 64. */
export class IndexRefusedError extends SequesterError {
  override name = "IndexRefusedError";
  constructor(reason: string, has: string, needs: string) {
    super(`The transfers cannot be indexed: ${reason}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/**
 * Reads all transfers of an asset from nodes, up to a finalized block, and proves that none is missing: every block that
 * a header's filter admits was asked for, mints and burns explain the supply, all nodes agree. Rows go to the sink a
 * segment at a time, in order; a sink of a run that failed is to be thrown away.
 * @throws IndexRefusedError, NoFinalizedBlockError, EndpointsDisagreeError, SupplyMismatchError, and what reading throws.
 */
export async function indexTransfers(options: IndexOptions, sink: RowSink): Promise<Indexed> {
  const endpoints = options.urls.map((url) => new HttpEndpoint(url, options.patience));
  return indexFrom(endpoints, options, sink);
}

/** The same from nodes that are asked in another way than by HTTP. */
export async function indexFrom(
  endpoints: readonly Endpoint[],
  options: Omit<IndexOptions, "urls" | "patience">,
  sink: RowSink,
): Promise<Indexed> {
  const subject = await subjectOf(endpoints, options.asset);
  const { asset } = subject;
  const heads = new FinalizedHeads(endpoints);
  const last = await evidenceBlock(heads, options);
  for (const endpoint of endpoints) {
    if (await hasCode(endpoint, asset, last)) continue;
    throw new IndexRefusedError("there is no asset", `no contract at ${asset} at block ${last}`, "an ERC-20 contract");
  }
  const sums = { minted: 0n, burned: 0n };
  const walk = new SegmentWalk(endpoints, subject, options.fromBlock);
  while (walk.next <= last) {
    const end = Math.min(last, walk.next + (options.blocksPerSegment ?? BLOCKS_PER_SEGMENT) - 1);
    const { rows, segment } = await walk.readTo(end);
    for (const row of rows) {
      if (row.from === ZERO_ADDRESS) sums.minted += row.value;
      if (row.to === ZERO_ADDRESS) sums.burned += row.value;
      sink.add(row, `block ${row.block}, log ${row.logIndex}`);
    }
    options.onSegment?.(segment);
  }
  const blocks = { first: options.fromBlock, last };
  const proofs = [];
  for (const endpoint of endpoints) proofs.push(await proveSupply(endpoint, asset, blocks, sums));
  // A head that went back meanwhile would unsay the evidence.
  await heads.common();
  const supply = proofs.find(({ before }) => before !== null) ?? proofs[0]!;
  const { segments, transfers, leftOut, repaired } = walk;
  return {
    ...subject,
    fromBlock: options.fromBlock,
    toBlock: last,
    toHash: segments.at(-1)!.lastHash,
    transfers,
    segments,
    leftOut,
    repaired,
    supply,
    unproved: unprovedOf(options.fromBlock, supply),
  };
}

/** Holds computed balances against `balanceOf` of every node at the evidence block. @throws BalanceMismatchError */
export async function checkBalances(
  { urls, patience }: Pick<IndexOptions, "urls" | "patience">,
  { asset, toBlock }: Pick<Indexed, "asset" | "toBlock">,
  balances: ReadonlyMap<string, bigint>,
): Promise<void> {
  for (const url of urls) await proveBalances(new HttpEndpoint(url, patience), asset, toBlock, balances);
}

/** The chain that all nodes are of, and the asset in lower case. @throws IndexRefusedError */
export async function subjectOf(endpoints: readonly Endpoint[], asset: string): Promise<Subject> {
  if (endpoints.length === 0) throw new IndexRefusedError("there is no node", "no address", "one address or more");
  if (!isAddress(asset, { strict: false })) {
    throw new IndexRefusedError("the asset is no address", textOf(asset), "0x and 40 hexadecimal digits");
  }
  const ids = await Promise.all(endpoints.map(chainIdOf));
  const other = ids.findIndex((id) => id !== ids[0]);
  if (other > 0) {
    const has = `chain ${ids[0]} at ${endpoints[0]!.name}, chain ${ids[other]} at ${endpoints[other]!.name}`;
    throw new IndexRefusedError("the nodes are of different chains", has, "nodes of one chain");
  }
  return { chainId: ids[0]!, asset: asset.toLowerCase() };
}

async function evidenceBlock(
  heads: FinalizedHeads,
  { fromBlock, toBlock = "finalized" }: Pick<IndexOptions, "fromBlock" | "toBlock">,
): Promise<number> {
  if (!Number.isSafeInteger(fromBlock) || fromBlock < 0) {
    throw new IndexRefusedError("the first block is none", String(fromBlock), "a whole number from 0");
  }
  const finalized = await heads.common();
  const last = toBlock === "finalized" ? finalized : toBlock;
  if (!Number.isSafeInteger(last) || last > finalized) {
    throw new IndexRefusedError("the evidence block is not final", `block ${last}`, `a block up to ${finalized}`);
  }
  if (last < fromBlock) {
    throw new IndexRefusedError("there is no block", `from ${fromBlock} to ${last}`, "a first block up to the last");
  }
  return last;
}

async function chainIdOf(endpoint: Endpoint): Promise<number> {
  const answer = await endpoint.call("eth_chainId", []);
  const id = numberOfQuantity(answer);
  if (id === undefined) throw new MalformedAnswerError(endpoint.name, "eth_chainId", textOf(answer), "a quantity");
  return id;
}

function unprovedOf(fromBlock: number, { before }: SupplyProof): string[] {
  if (before === null) {
    return [`The supply before block ${fromBlock} is forgotten by the node: mints and burns were not held against it.`];
  }
  if (before > 0n) {
    return [
      `The history begins at block ${fromBlock}, with ${countOf(before, "base unit")} in accounts that it does not name.`,
    ];
  }
  return [];
}
