import { readDeployment, type Deployment } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import { FileTooLargeError, writeNew } from "../../base/files.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { countOf, oneLine } from "../../base/words.ts";
import { MOST_BYTES } from "../../orders/disk.ts";
import { keepOwn } from "../../orders/keep.ts";
import type { QuorumAt } from "../../orders/proofs.ts";
import { serializeSignatures } from "../../orders/signatures.ts";
import { signaturesIn } from "./papers.ts";
import { quorumOf } from "./approved.ts";
import { chainDeskOf } from "./desk.ts";
import type { Streams } from "./place.ts";
import { judge, type Judged } from "./signed.ts";

export interface MergeOptions {
  out: string;
  rpc?: string;
  deployment?: string;
  json?: boolean;
  dryRun?: boolean;
}

/** Nothing is left of what was to be merged. Exit code 3. */
export class NoSignatureError extends SequesterError {
  override name = "NoSignatureError";
  constructor(reasons: readonly string[]) {
    super("No signature is left to be merged.", {
      code: EXIT.verification,
      metaMessages: [
        ...(reasons.length === 0 ? ["has: no signature"] : reasons),
        "needs: a signature of its signer's own",
      ],
    });
  }
}

/** Merges signatures into one file. */
export async function merge(
  places: readonly string[],
  options: MergeOptions,
  { stdout, stderr }: Streams,
): Promise<void> {
  const refused: { file: string; reason: string }[] = [];
  const read = await signaturesIn(places, (file, { message }) => refused.push({ file, reason: message }));
  const { at, deployment } = await placeOf(options);
  const judged = await answerOf(judge(read, { at, verifiers: deployment?.addresses.verifiers }));
  const { kept: officers, leftOut } = keepOwn(judged.filter(({ safe }) => safe === undefined));
  const owners = judged.filter((it) => it.safe !== undefined && it.proof.is !== "forged" && !isJoined(it, judged));
  const kept = [...officers, ...owners];
  const forged = judged.filter(({ safe, proof }) => safe !== undefined && proof.is === "forged");
  const candidates = [...leftOut, ...forged.map((candidate) => ({ candidate, reason: candidate.proof.has }))];
  const out = [
    ...refused,
    ...candidates.map(({ candidate: { path, signer, digest }, reason }) => ({
      file: path,
      reason: `the signature of ${signer} over ${digest} is ${reason}`,
    })),
  ];
  const reasons = out.map(({ file, reason }) => `${oneLine(file)}: ${reason}`);
  if (kept.length === 0) throw new NoSignatureError(reasons);
  const text = serializeSignatures(kept);
  if (Buffer.byteLength(text) > MOST_BYTES) throw new FileTooLargeError(options.out, MOST_BYTES);
  if (!options.dryRun) writeNew(options.out, text);

  const digests = new Set(kept.map(({ digest }) => digest)).size;
  const data = { schema: "sequester.order.merge/1", signatures: kept.length, digests, leftOut: out };
  const told = `${countOf(kept.length, "signature")} over ${countOf(digests, "digest")}\n`;
  stdout.write(options.json ? `${JSON.stringify(data)}\n` : told);
  for (const reason of reasons) stderr.write(`Left out: ${reason}.\n`);
  const displaced = new Set(leftOut.map(({ candidate }) => candidate));
  for (const it of judged) {
    if (it.lacking !== undefined) stderr.write(`Kept: ${it.path}: ${it.lacking}.\n`);
    if (it.proof.is !== "open" || displaced.has(it)) continue;
    stderr.write(`Kept, and not shown to be its signer's own: ${it.path}: ${it.proof.has}.\n`);
  }
  stderr.write(options.dryRun ? "Dry run: nothing was written.\n" : `All signatures are in ${options.out}.\n`);
}

/** Whether the Safe of an owner has signed as a whole, so that nobody needs the owner's part. One on another chain is open. */
const isJoined = ({ digest, safe, proof }: Judged, judged: readonly Judged[]): boolean =>
  proof.is === "own" &&
  judged.some((it) => it.digest === digest && it.proof.is === "own" && it.signer === safe?.address.toLowerCase());

/** What is held against: the deployment that is named, the node and its Quorum. */
async function placeOf({ rpc, deployment: named }: MergeOptions): Promise<{ deployment?: Deployment; at?: QuorumAt }> {
  if (rpc === undefined) return named === undefined ? {} : { deployment: await readDeployment(named) };
  const desk = await chainDeskOf({ rpc, deployment: named });
  return { deployment: desk.deployment, at: await quorumOf(desk) };
}
