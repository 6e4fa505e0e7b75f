import type { Hex } from "viem";
import { writeNew } from "../../base/files.ts";
import { buildCancel } from "../../orders/build.ts";
import { readBundleFile } from "../../orders/disk.ts";
import { serializeOrderFile } from "../../orders/files.ts";
import { randomSalt } from "../../orders/salts.ts";
import { orderSignable } from "../../signing/signer.ts";
import type { Surroundings } from "../operation.ts";
import { agree } from "../terminal.ts";
import { digestIn, isDigest } from "./digest.ts";
import { deskOf, requireDomain, type DeskOptions } from "./desk.ts";
import { MissingFieldError } from "./draft.ts";
import { execute } from "./execute.ts";
import { momentOf } from "./fields.ts";
import { labelsOf } from "./labels.ts";
import { readOrder, type OrderPaper } from "./papers.ts";
import { accountOf, signerOf, type KeyOptions } from "./keys.ts";
import type { SendOptions } from "./sending.ts";
import { sentenceLines } from "./shown.ts";
import { signed } from "./sign.ts";

export interface CancelOptions extends DeskOptions, KeyOptions, SendOptions {
  valid: string;
  execute?: boolean;
  out?: string;
  yes?: boolean;
  json?: boolean;
  dryRun?: boolean;
}

/** What is meant: its digest, the beginning of the names of files, and the order itself where that is at hand. */
interface Meant {
  digest: Hex;
  name: string;
  order?: OrderPaper;
}

/** The order or bundle that a file or a digest names. */
export async function meantBy(text: string): Promise<Meant> {
  if (isDigest(text)) return { digest: digestIn(text), name: text.slice(2, 10) };
  const name = text.replace(/(?:\.order|\.bundle)?\.json$/, "");
  if (text.endsWith(".bundle.json")) return { digest: (await readBundleFile(text)).digest, name };
  const order = await readOrder(text);
  return { digest: order.digest, name, order };
}

/** Writes and signs the order by which an officer withdraws its own approval; brings it, if that is asked for. */
export async function cancel(text: string, options: CancelOptions, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, terminal } = surroundings;
  const { rpc } = options;
  if (options.execute && rpc === undefined) throw new MissingFieldError("--execute", "no node", "--rpc");
  const withdrawn = await meantBy(text);
  const desk = await deskOf(options, withdrawn.order?.domain.chainId);
  const { deployment, words } = desk;
  if (withdrawn.order !== undefined) requireDomain(text, withdrawn.order.domain, desk);
  const order = buildCancel({
    order: withdrawn.digest,
    signBy: momentOf(options.valid, "--valid", desk),
    salt: randomSalt(),
  });
  const { domain } = deployment;
  const labels = labelsOf(words);
  stderr.write(`${sentenceLines({ order, domain }, words).join("\n")}\n`);
  if (withdrawn.order !== undefined)
    stderr.write(`${labels.thatOrder}: ${sentenceLines(withdrawn.order, words).join("\n")}\n`);
  if (options.dryRun) return void stderr.write("Dry run: nothing was signed.\n");
  await agree(options.execute ? labels.signAndSendIt : labels.signIt, options.yes, terminal, words.language);

  const signable = orderSignable(order, domain);
  const account = options.execute ? await accountOf(options, deployment.chainId, terminal) : undefined;
  const { accountSigner } = await import("../../signing/keystore.ts");
  const key = account === undefined ? await signerOf(options, deployment, signable, terminal) : accountSigner(account);
  const file = options.out ?? `${withdrawn.name}.cancel.${signable.digest.slice(2, 10)}.order.json`;
  writeNew(file, serializeOrderFile({ domain, order }, file));
  const signature = await signed(signable, file.replace(/(?:\.order)?\.json$/, ""), key, undefined, desk, surroundings);
  if (account === undefined || rpc === undefined) {
    const data = { schema: "sequester.order-cancel/1", order: file, cancelled: withdrawn.digest, ...signature };
    stdout.write(options.json ? `${JSON.stringify(data)}\n` : `${file}\n${signature.file}\n`);
    return;
  }
  stderr.write(`The withdrawal is in ${file}, signed in ${signature.file}.\n`);
  await execute([file], { ...options, rpc, signatures: [signature.file], yes: true }, surroundings, account);
}
