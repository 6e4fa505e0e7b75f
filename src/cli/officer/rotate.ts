import { existsSync } from "node:fs";
import path from "node:path";
import { getAddress, size, type Hex } from "viem";
import { makeFolder, readBytes, writeNew } from "../../base/files.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { shellWord } from "../../base/words.ts";
import { answerOf } from "../../chain/node.ts";
import { officerId } from "../../orders/approvals.ts";
import { buildAdmit, buildDismiss } from "../../orders/build.ts";
import { documentHash, rulingHash } from "../../orders/document.ts";
import { serializeOrderFile } from "../../orders/files.ts";
import { seatAt, seatOfId, type QuorumAt } from "../../orders/proofs.ts";
import { randomSalt } from "../../orders/salts.ts";
import { sentence } from "../../orders/sentence.ts";
import { aboutOf } from "../../orders/simulate.ts";
import { stateAt } from "../../orders/state.ts";
import { OFFICER_KINDS, type OfficerKind, type Order } from "../../orders/types.ts";
import type { Surroundings } from "../operation.ts";
import { quorumOf, readApproved } from "../order/approved.ts";
import { chainDeskOf, requireDomain, type ChainDesk, type DeskOptions } from "../order/desk.ts";
import { momentOf } from "../order/fields.ts";
import { filesIn, MOST_OF_RULING, readOrder } from "../order/papers.ts";
import { unreadiness } from "../order/refused.ts";
import { signerNamed } from "./named.ts";

export interface RotateOptions extends DeskOptions {
  old: string;
  new: string;
  ruling: string;
  rpc: string;
  out: string;
  valid: string;
  json?: boolean;
  dryRun?: boolean;
}

/** One of the two has, or never had, a seat as the other needs it. Exit code 64. */
export class RotationError extends SequesterError {
  override name = "RotationError";
  constructor(who: Hex, has: string, needs: string) {
    super("This key cannot follow that one.", {
      code: EXIT.usage,
      metaMessages: [`who: ${who}`, `has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** Where one stands. */
interface Step {
  is: "admit" | "dismiss" | "done";
  /** The order of this step. */
  order?: string;
  /** What is there, or is missing. */
  told: readonly string[];
  /** What is to be called next, before this again. */
  next: readonly string[];
}

/** The order that a step needs. */
interface Needed {
  is: "admit" | "dismiss";
  build(this: void, common: { document: Hex; signBy: bigint; salt: Hex }): Order;
  /** Whether an order that is there already is this one, or lets another key follow, or another one end. */
  isThis(this: void, order: Order): boolean;
  isOther(this: void, order: Order): boolean;
}

type Streams = Pick<Surroundings, "stdout" | "stderr">;

/** Writes the next order by which another key follows an officer's, and tells what is to be done with it. */
export async function rotate(options: RotateOptions, streams: Streams): Promise<void> {
  const { stdout, stderr } = streams;
  const desk = await chainDeskOf(options);
  const needed = await neededBy(options, desk);
  const step: Step =
    needed === undefined
      ? { is: "done", told: ["The new key sits, the old one is dismissed: nothing is left to do."], next: [] }
      : await stepOf(needed, options, desk, streams);
  const data = { schema: "sequester.officer-rotate/1", ...step };
  const lines = [...step.told, ...step.next.map((call) => `  npx --no-install sequester ${call}`)];
  stdout.write(options.json ? `${JSON.stringify(data)}\n` : `${lines.join("\n")}\n`);
  if (options.dryRun) stderr.write("Dry run: no order was written.\n");
}

/** Which order comes next, by the seats of both; none where the old one is dismissed. @throws RotationError */
async function neededBy(options: RotateOptions, desk: ChainDesk): Promise<Needed | undefined> {
  const { verifiers } = desk.deployment.addresses;
  const signer = (await signerNamed(options.new, verifiers)).toLowerCase() as Hex;
  const old = /^0x[0-9a-f]{64}$/i.test(options.old)
    ? (options.old.toLowerCase() as Hex)
    : officerId(await signerNamed(options.old, verifiers));
  const at = await quorumOf(desk);
  const [seat, ending] = [await answerOf(seatAt(at, signer)), await answerOf(seatOfId(at, old))];
  if (officerId(signer) === old) throw new RotationError(old, "one key as the old and the new one", "two keys");
  if (seat.dismissed) throw new RotationError(signer, "a dismissal, which is for ever", "a key that never sat");
  if (ending.kind === undefined && !ending.dismissed) throw new RotationError(old, "no seat", "an officer");
  // The Quorum's storage tells the agency also of one that is dismissed.
  const about = { primaryType: "Dismiss", message: { officerId: old } } as Order<"Dismiss">;
  const agency = await answerOf(aboutOf(desk.client, desk.deployment, about));
  if (seat.kind === undefined) {
    const kind = await kindOf(signer, at);
    return {
      is: "admit",
      build: (common) => buildAdmit({ agency, kind, signer, ...common }),
      isThis: ({ primaryType, message }) =>
        primaryType === "Admit" &&
        message.signer.toLowerCase() === signer &&
        message.agency === agency &&
        message.kind === OFFICER_KINDS[kind],
      isOther: ({ primaryType, message }) => primaryType === "Admit" && message.signer.toLowerCase() !== signer,
    };
  }
  if (seat.agency !== agency) throw new RotationError(signer, `agency ${seat.agency}`, `agency ${agency}, or no seat`);
  if (ending.dismissed) return undefined;
  if (!(await isAdmittedIn(options.out, signer))) {
    const needs = "a key without a seat, or the folder with the Admit that seated it";
    throw new RotationError(signer, "a seat of its own already", needs);
  }
  return {
    is: "dismiss",
    build: (common) => buildDismiss({ officerId: old, compromised: false, ...common }),
    isThis: ({ primaryType, message }) =>
      primaryType === "Dismiss" && message.officerId === old && !message.compromised,
    isOther: ({ primaryType, message }) => primaryType === "Dismiss" && message.officerId !== old,
  };
}

/** Whether the key's Admit is in the folder: a colleague's key, who sits anyway, follows nobody. */
async function isAdmittedIn(out: string, signer: Hex): Promise<boolean> {
  const files = existsSync(out) ? filesIn(out).orders : [];
  const orders = await Promise.all(files.map((file) => readOrder(file)));
  return orders.some(
    ({ order: { primaryType, message } }) => primaryType === "Admit" && message.signer.toLowerCase() === signer,
  );
}

/** The beginning of the code of a key that delegates to a contract (EIP-7702): it sits as the key that it is. */
const DELEGATION = "0xef0100";

async function kindOf(signer: Hex, { client, blockNumber }: QuorumAt): Promise<OfficerKind> {
  if (size(signer) !== 20) return "verifier";
  const code = await answerOf(client.getCode({ address: getAddress(signer), blockNumber }));
  return code === undefined || code.startsWith(DELEGATION) ? "key" : "contract";
}

/** The order of a step, written if it is not there, with what it lacks. */
async function stepOf(needed: Needed, options: RotateOptions, desk: ChainDesk, streams: Streams): Promise<Step> {
  const { is } = needed;
  const { deployment } = options;
  const at = `--rpc ${shellWord(options.rpc)}${deployment === undefined ? "" : ` --deployment ${shellWord(deployment)}`}`;
  const paper = rulingHash(await readBytes(options.ruling, MOST_OF_RULING));
  const file = (await findOrder(needed, options, desk, paper)) ?? writeOrder(needed, options, desk, streams, paper);
  if (file === undefined)
    return { is, told: [`The ${is === "admit" ? "Admit" : "Dismiss"} is to be written.`], next: [] };
  const { signatures } = filesIn(options.out);
  const [approved] = await readApproved([file], { signatures }, desk, streams);
  const { state, consent, simulation } = approved!;
  const consents = is === "dismiss" || state.is === "scheduled" || consent !== undefined;
  // Without consent the contracts refuse what has all its approvals, too.
  const lacks = consents || simulation.ways.length > 0 ? unreadiness(approved!, desk) : [];
  const told = [...(consents ? [] : [`${file}: lacks the consent of the new key, which signs it as well`]), ...lacks];
  if (state.is === "scheduled" && lacks.length > 0) return { is, order: file, told, next: [] };
  if (told.length > 0) {
    const rulings = shellWord(path.dirname(options.ruling));
    return { is, order: file, told, next: [`order sign ${shellWord(file)} --rulings ${rulings} --keystore KEYSTORE`] };
  }
  const what = state.is === "scheduled" ? "may be executed now" : "has all its approvals";
  const given = signatures.length === 0 ? "" : ` --signatures ${shellWord(options.out)}/*.sig.json`;
  return {
    is,
    order: file,
    told: [`${file}: ${what}`],
    next: [`order execute ${shellWord(file)}${given} ${at} --keystore SENDER`],
  };
}

/**
 * The order of this step that is in the folder, rests on the paper, and may still be used. A file of a key that was changed
 * between two steps would begin another rotation unseen: nothing of one may be there.
 * @throws RotationError
 */
async function findOrder(
  { isThis, isOther }: Needed,
  { out }: RotateOptions,
  desk: ChainDesk,
  paper: Hex,
): Promise<string | undefined> {
  if (!existsSync(out)) return undefined;
  const at = await quorumOf(desk);
  for (const file of filesIn(out).orders) {
    const { order, domain, digest, ruling } = await readOrder(file);
    const other = isOther(order);
    if (!other && !(isThis(order) && ruling?.sha256 === paper)) continue;
    requireDomain(file, domain, desk);
    const { is } = await answerOf(stateAt(at, BigInt(desk.now), order, digest));
    if (is !== "open" && is !== "scheduled") continue;
    if (!other) return file;
    throw new RotationError(digest, `another officer's order, ${file}`, "a folder of its own for each change of a key");
  }
  return undefined;
}

/** Writes the order of this step; nothing where that is not asked for. */
function writeOrder(
  { is, build }: Needed,
  { ruling: paper, out, valid, dryRun }: RotateOptions,
  desk: ChainDesk,
  { stderr }: Streams,
  sha256: Hex,
): string | undefined {
  const { domain } = desk.deployment;
  const documentSalt = randomSalt();
  const ruling = { file: path.basename(paper), sha256 };
  const document = documentHash(documentSalt, ruling.sha256);
  const salt = randomSalt();
  const order = build({ document, signBy: momentOf(valid, "--valid", desk), salt });
  stderr.write(`${sentence(order, domain, desk.words)}\n`);
  if (dryRun) return undefined;
  makeFolder(out);
  const file = path.join(out, `${is}.${salt.slice(2, 10)}.order.json`);
  writeNew(file, serializeOrderFile({ domain, order, documentSalt, ruling }, file));
  return file;
}
