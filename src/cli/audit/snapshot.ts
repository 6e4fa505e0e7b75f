import { gather } from "../../audit/gather.ts";
import { packOf } from "../../audit/pack.ts";
import { writeNew } from "../../base/files.ts";
import { countOf } from "../../base/words.ts";
import { answerOf } from "../../chain/node.ts";
import { withIndex } from "./indexed.ts";
import { nodeOf, type NodeOptions } from "../node.ts";
import type { Streams } from "../order/place.ts";

export interface SnapshotOptions extends NodeOptions {
  block?: bigint;
  index?: string;
  out: string;
  json?: boolean;
}

/** Writes the pack of a deployment at a block. */
export async function snapshot(options: SnapshotOptions, { stdout, stderr }: Streams): Promise<void> {
  const { client, deployment } = await nodeOf(options);
  const block = options.block ?? "latest";
  const evidence = withIndex(options.index, deployment, (index) => gather(client, deployment, block, index));
  const pack = await packOf(await answerOf(evidence));
  writeNew(options.out, pack.bytes);
  const { number, hash } = pack.shown.header;
  const entries = pack.evidence.entries.length;
  stderr.write(
    `${countOf(entries, "entry")} and ${countOf(pack.evidence.proofs.length, "account")} are proven at block ${number}.\n` +
      "Whoever verifies it needs the block's hash from somewhere else than this file.\n",
  );
  const data = {
    schema: "sequester.audit.snapshot/1",
    file: options.out,
    chainId: deployment.chainId,
    block: String(number),
    hash,
    entries,
  };
  stdout.write(options.json ? `${JSON.stringify(data)}\n` : `${hash}\n`);
}
