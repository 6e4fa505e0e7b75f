import path from "node:path";
import { assetOf } from "../../chain/assets.ts";
import { readBytes, writeNew } from "../../base/files.ts";
import { NO_APPROVALS } from "../../orders/approvals.ts";
import { buildAppeal } from "../../orders/build.ts";
import { bringing } from "../../orders/calls.ts";
import { documentHash, rulingHash } from "../../orders/document.ts";
import { serializeOrderFile } from "../../orders/files.ts";
import { randomSalt } from "../../orders/salts.ts";
import { bring, type BringOptions } from "../bring.ts";
import type { Surroundings } from "../operation.ts";
import { chainDeskOf } from "./desk.ts";
import { digestIn } from "./digest.ts";
import { accountOf } from "./keys.ts";
import { MOST_OF_RULING } from "./papers.ts";
import { sentenceLines } from "./shown.ts";

export interface AppealOptions extends BringOptions {
  asset: string;
  ruling: string;
  out?: string;
}

/** Seconds for which the appeal may be brought: it is, at once. */
const IN_TIME = 3_600;

/** The holder, whose the key is, appeals against an order that waits, with a paper that says why. */
export async function appeal(digest: string, options: AppealOptions, surroundings: Surroundings): Promise<void> {
  const against = digestIn(digest);
  const desk = await chainDeskOf(options);
  const { deployment, words, now } = desk;
  const asset = assetOf(deployment, options.asset).address;
  const sha256 = rulingHash(await readBytes(options.ruling, MOST_OF_RULING));
  const holder = await accountOf(options, deployment.chainId, surroundings.terminal);
  const documentSalt = randomSalt();
  const order = buildAppeal({
    order: against,
    document: documentHash(documentSalt, sha256),
    asset,
    holder: holder.address,
    signBy: BigInt(now + IN_TIME),
    salt: randomSalt(),
  });
  const { domain, addresses } = deployment;
  const sentence = sentenceLines({ order, domain }, words).join("\n");
  const file = options.out ?? `appeal.${against.slice(2, 10)}.order.json`;
  const agreed = () => {
    // Without the salt nobody could show later of which paper the document is the hash.
    const ruling = { file: path.basename(options.ruling), sha256 };
    writeNew(file, serializeOrderFile({ order, domain, documentSalt, ruling }, file));
    surroundings.stderr.write(`The appeal is in ${file}: keep it beside the paper.\n`);
  };
  const steps = [{ sentence, call: bringing(addresses, order, NO_APPROVALS) }];
  await bring(steps, desk, options, surroundings, { unlocked: holder, agreed });
}
