import type { PublicClient } from "viem";
import { foundationChecks, requireRight } from "../../audit/findings.ts";
import { readPack, type Pack } from "../../audit/pack.ts";
import { known } from "../../audit/known.ts";
import { blockOf, pinned, type Pinned } from "../../audit/pinned.ts";
import { readBytes } from "../../base/files.ts";
import { countOf } from "../../base/words.ts";
import { verifyDeployment, type Deployment } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import type { Entry } from "../../journal/entries.ts";
import { journalAt } from "../../journal/read.ts";
import { FileDiffersError, type Difference } from "../../operation/check/difference.ts";
import { checkOrders, readOrders } from "../../operation/check/orders.ts";
import {
  checkStatement,
  denominations,
  drawnFrom,
  parseStatement,
  type Received,
  type Redrawn,
} from "../../operation/check/statement.ts";
import { drawStatement } from "../../operation/statement/statement.ts";
import { readTextFile } from "../../tracing/lists/list.ts";
import { ensureBuilt } from "../build.ts";
import { nodeOf } from "../node.ts";
import { OptionsRefusedError } from "../optionsRefused.ts";
import type { Streams } from "../order/place.ts";
import { blockHashIn } from "./verify.ts";

export interface CheckOptions {
  rpc?: string;
  pack?: string;
  blockHash?: string;
  deployment?: string;
  json?: boolean;
}

/** What a file was held against: a pack whose proofs were followed, or a node. */
type Source = { readonly pack: Pack } | { readonly client: PublicClient; readonly deployment: Deployment };

interface Checked {
  readonly block: Pinned;
  /** What the file has, in words. */
  readonly told: string;
  readonly differences: readonly Difference[];
  /** What stands in the file and was held against nothing. */
  readonly unchecked: readonly string[];
}

/** Holds a received `statement.json` or `orders.csv` against the journal, and names what differs. */
export async function check(file: string, options: CheckOptions, { stdout, stderr }: Streams): Promise<void> {
  const { rpc, pack, blockHash, json } = options;
  if ((rpc === undefined) === (pack === undefined)) {
    throw new OptionsRefusedError(rpc === undefined ? "neither --rpc nor --pack" : "--rpc and --pack", "one of them");
  }
  if (rpc !== undefined && blockHash !== undefined)
    throw new OptionsRefusedError("--block-hash with --rpc", "a --pack");
  const text = readTextFile(file);
  const received = text.text.trimStart().startsWith("{") ? parseStatement(text.text, file) : readOrders(text);
  const kind = Array.isArray(received) ? "orders" : "statement";
  const source = await sourceOf(options);
  const checked = await (Array.isArray(received) ? orders(received, source) : statement(received, source));
  const { block, told, differences, unchecked } = checked;
  const { number, hash } = block;
  const data = { schema: "sequester.audit.check/1", kind, block: String(number), hash, differences, unchecked };
  if (json) stdout.write(`${JSON.stringify(data)}\n`);
  if (differences.length > 0) throw new FileDiffersError(file, differences);
  if (!json) stdout.write(`${told}, as the journal tells up to block ${number}.\n`);
  stderr.write(`Held against nothing: ${unchecked.join("; ")}.\n`);
  if (pack !== undefined && blockHash === undefined)
    stderr.write(`Hold the block's hash against another source: ${hash}\n`);
}

async function sourceOf({ rpc, pack: file, blockHash, deployment }: CheckOptions): Promise<Source> {
  const asked = blockHash === undefined ? undefined : blockHashIn(blockHash);
  if (rpc !== undefined) {
    const node = await nodeOf({ rpc, deployment });
    await answerOf(verifyDeployment(node.client, node.deployment));
    return node;
  }
  await ensureBuilt();
  const pack = await readPack(await readBytes(file!));
  requireRight(foundationChecks(pack, { blockHash: asked ?? pack.shown.header.hash }));
  return { pack };
}

async function orders(rows: ReturnType<typeof readOrders>, source: Source): Promise<Checked> {
  const { block, entries } = await journalOf(source);
  const { orders: count, differences, unopened } = checkOrders(rows, entries);
  return {
    block,
    told: countOf(count, "order"),
    differences,
    unchecked: [
      "names of officers and papers",
      "what a sentence says beside its document, and in which bundle it was signed",
      ...(unopened === 0 ? [] : [`the files of ${countOf(unopened, "order")}, whose documents nobody opened`]),
      "hashes of transactions are as a node tells them",
    ],
  };
}

async function journalOf(source: Source): Promise<{ block: Pinned; entries: readonly Entry[] }> {
  if ("pack" in source) return { block: source.pack.shown.header, entries: source.pack.evidence.entries };
  const { client, deployment } = source;
  return pinned(blockOf(client), "latest", async (block) => {
    const { entries } = await known(String(block.number), journalAt(client, deployment, block.number));
    return { block, entries };
  });
}

async function statement(received: Received, source: Source): Promise<Checked> {
  const redrawn = await ("pack" in source ? drawnFrom(source.pack, received) : drawnAt(source, received));
  const { block, assets, cases } = redrawn.statement;
  const { decimals } = "pack" in source ? source.pack.evidence.deployment : source.deployment;
  const unproven = decimals === undefined ? [...redrawn.unproven, "decimals"] : redrawn.unproven;
  return {
    block: { number: BigInt(block.number), hash: block.hash },
    told: `Statement of ${countOf(cases, "case")} in ${countOf(assets.length, "asset")}`,
    differences: checkStatement(received, { ...redrawn, unproven }),
    unchecked: [
      "the trace, and worth at rates of the operation",
      ...unproven.map((name) => `${name} of the statement`),
    ],
  };
}

const drawnAt = (
  { client, deployment }: { client: PublicClient; deployment: Deployment },
  { block }: Received,
): Promise<Redrawn> =>
  pinned(blockOf(client), block.number, async ({ number: blockNumber }) => {
    const denominate = denominations(deployment);
    const drawn = known(String(blockNumber), drawStatement(client, deployment, { blockNumber, denominate }));
    return { statement: await drawn, unproven: [] };
  });
