import type { Hex } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { readBytes } from "../../base/files.ts";
import { isoOf } from "../../base/time.ts";
import { answerOf, clientOf } from "../../chain/node.ts";
import { admissionsOf } from "../../deployment/charter.ts";
import { domainOfCharter, readCharter, type CharterFile } from "../../deployment/charterFile.ts";
import { toDeploy } from "../../deployment/check.ts";
import { readPlan } from "../../deployment/planFile.ts";
import { changesFromPlan } from "../../deployment/planned.ts";
import { rulingHash } from "../../orders/document.ts";
import { orderSignable } from "../../signing/signer.ts";
import { ensureBuilt } from "../build.ts";
import { signerNamed } from "../officer/named.ts";
import type { Surroundings } from "../operation.ts";
import { addressIn } from "../order/fields.ts";
import { KeyChoiceError, requestOf, signerOf, type KeyOptions } from "../order/keys.ts";
import { MOST_OF_RULING } from "../order/papers.ts";
import { OtherRulingError, signed } from "../order/sign.ts";
import { agree } from "../terminal.ts";
import { otherCodes } from "./codes.ts";
import { WrongChainError } from "./run.ts";
import { charterLines } from "./shown.ts";

export interface DeploySignOptions extends KeyOptions {
  plan?: string;
  paper?: string;
  rpc?: string;
  safe?: string;
  out?: string;
  yes?: boolean;
  json?: boolean;
  dryRun?: boolean;
}

/** The key sits nowhere in the charter. Exit code 4. */
export class NoSeatError extends SequesterError {
  override name = "NoSeatError";
  constructor(signer: Hex) {
    super("This key has no seat in the charter.", {
      code: EXIT.key,
      metaMessages: [`who: ${signer}`, "needs: the key of a seat that the charter lists; --safe, if a Safe sits there"],
    });
  }
}

/** The charter is not that of the plan, or not of the contracts that are compiled here. Exit code 3. */
export class OtherCharterError extends SequesterError {
  override name = "OtherCharterError";
  constructor(file: string, differences: readonly string[]) {
    super(`${file} is not what it should be: do not sign it.`, { code: EXIT.verification, metaMessages: differences });
  }
}

/** Shows a charter, and signs the admission of the key's seat. */
export async function signCharter(file: string, options: DeploySignOptions, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, terminal } = surroundings;
  if (options.signerCommand !== undefined && options.signer === undefined)
    throw new KeyChoiceError(["--signer-command without --signer"], ["--signer-command with --signer"]);
  await ensureBuilt();
  const charter = await readCharter(file);
  stderr.write(`${charterLines(charter).join("\n")}\n`);
  await requireCharter(file, charter, options);
  if (options.rpc === undefined)
    stderr.write("No node was asked whether these contracts are those that are compiled here: --rpc asks one.\n");
  const now = Date.now() / 1000;
  if (charter.charter.signBy < now)
    stderr.write(`It is too late: it can be installed until ${isoOf(charter.charter.signBy)} alone.\n`);
  const domain = domainOfCharter(charter);
  const admissions = admissionsOf(charter.charter);
  const seatOf = (signer: Hex) => {
    const found = admissions.find(({ message }) => message.signer.toLowerCase() === signer.toLowerCase());
    if (found === undefined) throw new NoSeatError(signer);
    return orderSignable(found, domain);
  };
  const safe =
    options.safe === undefined ? undefined : { chainId: charter.chainId, address: addressIn(options.safe, "--safe") };
  if (options.webauthnKey !== undefined && options.webauthn === undefined) {
    const signable = seatOf(await signerNamed(options.webauthnKey, charter.addresses.verifiers));
    stdout.write(`${JSON.stringify(await requestOf(options, charter, signable))}\n`);
    return void stderr.write("Nothing was signed: bring the passkey's answer by --webauthn.\n");
  }
  if (options.dryRun) return void stderr.write("Dry run: nothing was signed.\n");
  await agree("Sign this charter?", options.yes, terminal);
  // Which key is asked before it is known which seat it has; nothing is signed by that.
  const key = await signerOf(options, charter, orderSignable(admissions[0]!, domain), terminal);
  const signable = seatOf(safe?.address ?? key.signer);
  const name = file.replace(/\.json$/, "");
  const written = await signed(signable, name, key, options.out, { deployment: charter }, surroundings, safe);
  stderr.write(`Signed for the seat of ${safe?.address ?? key.signer}, digest ${written.digest}.\n`);
  const data = { schema: "sequester.charter-signature/1", ...written };
  stdout.write(options.json ? `${JSON.stringify(data)}\n` : `${written.file}\n`);
}

/** Holds a charter against what the options name. @throws OtherCharterError, OtherRulingError, WrongChainError */
async function requireCharter(
  file: string,
  { chainId, addresses, charter, paper }: CharterFile,
  options: DeploySignOptions,
): Promise<void> {
  if (options.paper !== undefined) {
    const has = rulingHash(await readBytes(options.paper, MOST_OF_RULING));
    if (has !== paper.sha256) throw new OtherRulingError(options.paper, has, paper.sha256);
  }
  const planned = options.plan === undefined ? undefined : await readPlan(options.plan);
  if (planned !== undefined) {
    const { plan, file: read } = planned;
    const changes = changesFromPlan(charter, addresses, plan, BigInt(read.signBy));
    if (read.chainId !== chainId) changes.push(`chain: has ${chainId}, needs ${read.chainId}`);
    if (changes.length > 0) throw new OtherCharterError(file, changes);
  }
  if (options.rpc === undefined) return;
  const client = clientOf(options.rpc);
  const has = await answerOf(client.getChainId());
  if (has !== chainId) throw new WrongChainError(has, chainId);
  const own = planned === undefined ? [] : toDeploy(planned.plan.assets).map(({ symbol }) => symbol);
  const codes = await otherCodes(client, { chainId, addresses }, own);
  if (codes.length > 0) throw new OtherCharterError(file, codes);
}
