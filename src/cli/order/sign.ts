import { existsSync } from "node:fs";
import path from "node:path";
import { size, type Hex } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { readBytes, writeNew } from "../../base/files.ts";
import { isoOf } from "../../base/time.ts";
import { answerOf } from "../../chain/node.ts";
import { refusePublished } from "../../deployment/keys.ts";
import { mergeApprovals, officerId } from "../../orders/approvals.ts";
import { readBundleFile } from "../../orders/disk.ts";
import { rulingHash } from "../../orders/document.ts";
import {
  RootMismatchError,
  serializeBundleFile,
  serializeSignatureFile,
  WrongSignerError,
  type SafeAt,
} from "../../orders/files.ts";
import { isWithdrawnAt, seatAt } from "../../orders/proofs.ts";
import { isOwners, ownersOf, proofOfOwner } from "../../orders/safe.ts";
import { requireOwn } from "../../signing/check.ts";
import {
  bundleSignable,
  KeyUnusableError,
  orderSignable,
  ownerSignable,
  type Signable,
  type Signer,
} from "../../signing/signer.ts";
import type { Surroundings } from "../operation.ts";
import { agree } from "../terminal.ts";
import { consentingIn, quorumOf } from "./approved.ts";
import { deskOf, requireDomain, type ChainDesk, type Desk, type DeskOptions } from "./desk.ts";
import { bundleIn, readFolder } from "./folder.ts";
import { isFolder, MOST_OF_RULING, readOrder, type OrderPaper } from "./papers.ts";
import { addressIn } from "./fields.ts";
import { requestOf, signerOf, type KeyOptions, type KeyPlace } from "./keys.ts";
import { labelsOf } from "./labels.ts";
import { sentenceLines } from "./shown.ts";
import { tableFor } from "./table.ts";

/** The paper is not the one that the order rests on. Exit code 3. */
export class OtherRulingError extends SequesterError {
  override name = "OtherRulingError";
  constructor(file: string, has: Hex, needs: Hex) {
    super(`${file} is not the paper that the order rests on.`, {
      code: EXIT.verification,
      metaMessages: [`has: SHA-256 ${has}`, `needs: ${needs}`],
    });
  }
}

/** Not one order, or one folder, to sign. Exit code 64. */
export class NothingToSignError extends SequesterError {
  override name = "NothingToSignError";
  constructor(has: string) {
    super("There is not one thing to sign.", {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, "needs: the file of an order, or --bundle with the folder of several"],
    });
  }
}

export interface SignOptions extends DeskOptions, KeyOptions {
  bundle?: string;
  rulings?: string;
  safe?: string;
  out?: string;
  yes?: boolean;
  json?: boolean;
  dryRun?: boolean;
}

/** What is signed, and where its signature is to stand. */
interface Task {
  orders: readonly OrderPaper[];
  signable: Signable;
  /** The beginning of the names of signatures. */
  name: string;
  /** Of a bundle that has no file yet: writes it. */
  keep?(this: void): void;
}

/** Shows what an order, or a bundle, does, and signs it. */
export async function sign(file: string | undefined, options: SignOptions, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, terminal } = surroundings;
  const { orders, signable, name, keep } = await taskOf(file, options);
  const desk = await deskOf(options, orders[0]!.domain.chainId);
  for (const order of orders) {
    requireDomain(order.path, order.domain, desk);
    if (options.rulings !== undefined) await requireRuling(order, options.rulings);
  }
  stderr.write(`${shown(orders, desk).join("\n")}\ndigest ${signable.digest}\n`);
  const clock = desk.client === undefined ? ", by this machine's clock: --rpc asks the chain's" : "";
  for (const { path, order } of orders)
    if (order.message.signBy < desk.now)
      stderr.write(`${path} is too late: it was void after ${isoOf(order.message.signBy)}${clock}.\n`);
  if (options.rulings === undefined)
    stderr.write("No ruling was compared: --rulings names the folder with the papers.\n");
  const safe = safeIn(options, desk);
  if (safe !== undefined) {
    const { digest } = ownerSignable(signable, safe);
    stderr.write(`as an owner of the Safe ${safe.address} on chain ${safe.chainId}, digest ${digest}\n`);
  }
  const request = await requestOf(options, desk.deployment, signable);
  if (request !== undefined) stdout.write(`${JSON.stringify(request)}\n`);
  if (request !== undefined)
    return void stderr.write("Nothing was signed: bring the passkey's answer by --webauthn.\n");
  if (options.dryRun) return void stderr.write("Dry run: nothing was signed.\n");
  await agree(labelsOf(desk.words).signIt, options.yes, terminal, desk.words.language);
  const own = safe === undefined ? signable : ownerSignable(signable, safe);
  const key = await signerOf(options, desk.deployment, own, terminal);
  keep?.();
  const written = await signed(signable, name, key, options.out, desk, surroundings, safe);
  stderr.write(`Signed by ${await seatOf(written, orders, desk)}.\n`);
  const data = { schema: "sequester.order-signature/1", ...written };
  stdout.write(options.json ? `${JSON.stringify(data)}\n` : `${written.file}\n`);
}

type Written = Awaited<ReturnType<typeof signed>>;

/** Whose signature it is, and whether it counts, as far as can be told. */
async function seatOf(
  written: Written,
  orders: readonly OrderPaper[],
  desk: Desk & Partial<ChainDesk>,
): Promise<string> {
  const { client } = desk;
  const { digest, safe } = written;
  const whose = safe?.address ?? written.signer;
  // A key that is no address may have hundreds of bytes.
  const own = whose.length === 42 ? whose : `the officer ${written.officerId}`;
  const signer = safe === undefined ? own : `${written.signer} for the Safe ${own}`;
  if (client === undefined) return `${signer}; whether that is an officer was not asked: --rpc`;
  const at = await answerOf(quorumOf({ ...desk, client }));
  if (safe !== undefined) {
    const owners = (await answerOf(ownersOf(client, safe.address, at.blockNumber)))?.owners ?? [];
    if (!owners.some((owner) => owner.toLowerCase() === written.signer))
      return `${signer}, which it does not own: it counts for nothing`;
  }
  const { kind, agency, dismissed } = await answerOf(seatAt(at, whose));
  if (dismissed) return `${signer}, an officer who is dismissed: it counts for nothing`;
  if (orders.every((order) => consentingIn(order) === whose.toLowerCase())) return `${signer}, whose consent it needs`;
  if (kind === undefined) return `${signer}, who is no officer: it counts as no approval`;
  const withdrawn = await answerOf(isWithdrawnAt(at, digest, whose));
  const of = desk.words.agency(agency!) ?? `agency ${agency}`;
  return `${signer}, an officer of ${of}${withdrawn ? ", who withdrew this approval for ever: it counts for nothing" : ""}`;
}

/** Signs with a key, as an owner of a Safe if one is named, and writes the signature if it is that key's. */
export async function signed(
  signable: Signable,
  name: string,
  key: Signer,
  out: string | undefined,
  { deployment }: { deployment: KeyPlace },
  { stderr }: Pick<Surroundings, "stderr">,
  safe?: SafeAt,
) {
  const { digest } = signable;
  refusePublished(deployment.chainId, key.signer);
  const id = officerId(key.signer);
  if (safe !== undefined && size(key.signer) !== 20) {
    throw new KeyUnusableError("--safe", "a key that owns no account", "an owner's: --keystore, or --signer-command");
  }
  const of = safe === undefined ? signable : ownerSignable(signable, safe);
  const given = { digest, signer: key.signer, signature: await key.sign(of), ...(safe && { safe }) };
  const proof = isOwners(given) ? await proofOfOwner(given) : await requireOwn(given, deployment.addresses.verifiers);
  if (proof.is === "forged") throw new WrongSignerError(given.signer, proof.has, of.digest);
  if (proof.is === "open") stderr.write("Whether the signature is its signer's, only the chain can tell.\n");
  const [approval] = mergeApprovals([given], () => proof.recovered === true);
  const whose = safe === undefined ? "" : `${officerId(safe.address).slice(2, 10)}-`;
  const file = out ?? `${name}.${whose}${id.slice(2, 10)}.sig.json`;
  const content = { ...given, ...approval! };
  writeNew(file, serializeSignatureFile(content, file));
  return { file, digest, signer: content.signer, officerId: id, ...(safe && { safe }) };
}

/** The Safe that is named, on the chain of the deployment. @throws InvalidAddressError */
function safeIn({ safe }: SignOptions, { deployment: { chainId } }: Desk): SafeAt | undefined {
  return safe === undefined ? undefined : { chainId, address: addressIn(safe, "--safe") };
}

async function taskOf(file: string | undefined, { bundle: folder }: SignOptions): Promise<Task> {
  if ((file === undefined) === (folder === undefined))
    throw new NothingToSignError(file === undefined ? "neither" : "both");
  if (file !== undefined) {
    if (isFolder(file)) throw new NothingToSignError("a folder");
    const order = await readOrder(file);
    return {
      orders: [order],
      signable: orderSignable(order.order, order.domain),
      name: file.replace(/\.order\.json$|\.json$/, ""),
    };
  }
  const orders = await readFolder(folder!);
  const bundle = bundleIn(orders);
  const name = path.join(folder!, bundle.act.toLowerCase());
  const kept = `${name}.bundle.json`;
  const task = { orders, signable: bundleSignable(bundle), name: `${name}.bundle` };
  if (!existsSync(kept)) return { ...task, keep: () => writeNew(kept, serializeBundleFile(bundle, kept)) };
  const { root } = await readBundleFile(kept);
  if (root !== bundle.root) throw new RootMismatchError(kept, root, bundle.root);
  return task;
}

const shown = (orders: readonly OrderPaper[], { words }: Desk): string[] =>
  orders.length === 1 ? sentenceLines(orders[0]!, words) : tableFor(orders, words);

/** @throws OtherRulingError */
async function requireRuling({ ruling }: OrderPaper, place: string): Promise<void> {
  if (ruling === undefined) return;
  const paper = isFolder(place) ? path.join(place, ruling.file) : place;
  const has = rulingHash(await readBytes(paper, MOST_OF_RULING));
  if (has !== ruling.sha256) throw new OtherRulingError(paper, has, ruling.sha256);
}
