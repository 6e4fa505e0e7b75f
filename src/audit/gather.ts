import { numberToHex, type Hex, type PublicClient } from "viem";
import type { Deployment } from "../chain/deployments.ts";
import { journalAt, type Known } from "../journal/read.ts";
import { hexField } from "../base/json.ts";
import { z } from "../base/zod.ts";
import { powersOf } from "../journal/powers.ts";
import { replay } from "../journal/replay.ts";
import { show, wantedBy, type Evidence } from "./evidence.ts";
import { encodeHeader, readHeader } from "./header.ts";
import { BlockUnavailableError, known } from "./known.ts";
import { pinned, type BlockAsked } from "./pinned.ts";
import type { AccountProof } from "./proof.ts";

/**
 * Gathers what proves a deployment's custody at one block, all of it held against that block's hash. Where the chain was
 * reorganized meanwhile, or the node contradicts itself, as one of several behind an address may that lags, all is asked again.
 * @throws BlockUnavailableError, HeaderError, ProofError, JournalBrokenError, JournalContradictionError, NodeRefusedError
 */
export const gather = (
  client: PublicClient,
  deployment: Deployment,
  asked: BlockAsked,
  index?: Known,
): Promise<Evidence> =>
  pinned(
    async (block) => {
      const header = await headerAt(client, block);
      return { header, ...readHeader(header) };
    },
    asked,
    ({ header }) => gatherAt(client, deployment, header, index),
  );

async function headerAt(client: PublicClient, asked: BlockAsked): Promise<Hex> {
  const at = typeof asked === "bigint" ? numberToHex(asked) : asked;
  const block = await request(client, "eth_getBlockByNumber", [at, false], String(asked));
  if (typeof block !== "object" || block === null) throw new BlockUnavailableError(String(asked), "no block");
  return encodeHeader(block as Record<string, unknown>);
}

/** Every answer is held against the header: one of another block does not lead from its state root. */
async function gatherAt(
  client: PublicClient,
  deployment: Deployment,
  header: Hex,
  index: Known | undefined,
): Promise<Evidence> {
  const { number } = readHeader(header);
  const [at, block] = [numberToHex(number), String(number)];
  const { entries } = await known(block, journalAt(client, deployment, number, index));
  const proofs: AccountProof[] = [];
  for (const { address, slots } of wantedBy(deployment, replay(entries), powersOf(entries))) {
    const answer = PROOF_ANSWER.safeParse(await request(client, "eth_getProof", [address, slots, at], block));
    if (!answer.success) throw new BlockUnavailableError(block, `no proof of ${address}: ${answer.error.message}`);
    const { codeHash, storageHash, accountProof, storageProof } = answer.data;
    const words = slots.map((key, i) => ({ key, proof: storageProof[i]?.proof ?? [] }));
    proofs.push({ address, codeHash, storageHash, accountProof, storageProof: words });
  }
  const codes: Record<Hex, Hex> = {};
  for (const { address, codeHash } of proofs) {
    if (codeHash in codes) continue;
    const code = hexField().safeParse(await request(client, "eth_getCode", [address, at], block));
    if (!code.success) throw new BlockUnavailableError(block, `no code of ${address}`);
    codes[codeHash] = code.data;
  }
  const evidence = { deployment, header, proofs, entries, codes };
  await show(evidence);
  return evidence;
}

const nodes = z.array(hexField());
const PROOF_ANSWER = z.object({
  codeHash: hexField(32),
  storageHash: hexField(32),
  accountProof: nodes,
  storageProof: z.array(z.object({ proof: nodes })),
});

const request = (client: PublicClient, method: string, params: readonly unknown[], block: string): Promise<unknown> => {
  const call = client.request as (call: { method: string; params: readonly unknown[] }) => Promise<unknown>;
  return known(block, call({ method, params }));
};
