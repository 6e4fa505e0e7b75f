import type { Address, Hex } from "viem";
import type { Deployment } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { decodeEffects, seatOf } from "../../journal/effects.ts";
import { entryLogs } from "../../journal/entries.ts";
import { isApprovedAt, type QuorumAt } from "../../orders/proofs.ts";
import { OFFICER_KINDS } from "../../orders/types.ts";
import type { SignaturePaper } from "./papers.ts";

/** Where an approval stands that no file brings. */
const ON_CHAIN = "approved on chain";

/** Approvals that contract officers gave by calling `Quorum.approve`, as signatures; a node without logs tells none. */
export async function approvalsOnChain(
  digests: readonly Hex[],
  { addresses, block }: Deployment,
  at: QuorumAt,
  { stderr }: { stderr: { write(text: string): unknown } },
): Promise<SignaturePaper[]> {
  try {
    const contracts = await answerOf(contractsIn(addresses.docket, BigInt(block), at));
    const pairs = digests.flatMap((digest) => contracts.map((signer) => ({ digest, signer })));
    const approved = await answerOf(Promise.all(pairs.map(({ digest, signer }) => isApprovedAt(at, digest, signer))));
    return pairs.filter((_, i) => approved[i]).map((it) => ({ ...it, signature: "0x", path: ON_CHAIN, loose: true }));
  } catch (fault) {
    if (!(fault instanceof SequesterError) || fault.code !== EXIT.node) throw fault;
    stderr.write(`Whether contract officers approved on chain is not known: ${fault.shortMessage}\n`);
    return [];
  }
}

/** The contracts that ever were officers, as the journal tells. */
async function contractsIn(docket: Address, fromBlock: bigint, { client, blockNumber }: QuorumAt): Promise<Address[]> {
  const logs = await entryLogs(client, docket, fromBlock, blockNumber);
  const admitted = logs.flatMap(({ args }) => decodeEffects(args.effects)).filter(({ what }) => what === "admitted");
  return admitted.filter(({ amount }) => seatOf(amount).kind === OFFICER_KINDS.contract).map(({ account }) => account);
}
