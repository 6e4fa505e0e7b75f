import { encodeFunctionData } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { readBytes } from "../../base/files.ts";
import { decodeCaseId, encodeCaseId } from "../../orders/caseId.ts";
import { caseIn } from "../../orders/entries.ts";
import { documentHash, rulingHash } from "../../orders/document.ts";
import { bring, type BringOptions } from "../bring.ts";
import type { Surroundings } from "../operation.ts";
import { chainDeskOf, requireDomain } from "../order/desk.ts";
import { MOST_OF_RULING, readOrder } from "../order/papers.ts";

/** The order's file does not say enough to open its document. Exit code 64. */
export class NothingToOpenError extends SequesterError {
  override name = "NothingToOpenError";
  constructor(who: string, has: string) {
    const needs =
      has === "Appeal"
        ? "--case, the case of the order that the appeal is against"
        : "an order about a case, with the salt of its paper";
    super("It is not clear what is to be shown, and in which case.", {
      code: EXIT.usage,
      metaMessages: [`who: ${who}`, `has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** The paper is another one than the order's, or the case is. Exit code 3. */
export class OtherPaperError extends SequesterError {
  override name = "OtherPaperError";
  constructor(who: string, has: string, needs: string) {
    super("The paper is not the order's.", {
      code: EXIT.verification,
      metaMessages: [`who: ${who}`, `has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** Shows on the journal of which file an order's document is the hash: from then on anybody who has the file can tell. */
export async function openDocument(
  orderFile: string,
  options: BringOptions & { ruling: string; case?: string },
  surroundings: Surroundings,
): Promise<void> {
  const paper = await readOrder(orderFile);
  const { order, documentSalt } = paper;
  const desk = await chainDeskOf(options);
  requireDomain(orderFile, paper.domain, desk);
  const { message } = order;
  const own = caseIn(order);
  const asked = options.case === undefined ? undefined : encodeCaseId(options.case);
  const caseId = own ?? asked;
  if (asked !== undefined && asked !== caseId) {
    // The contracts take a paper for any case: what stands there is this command's word.
    throw new OtherPaperError(orderFile, `--case ${decodeCaseId(asked)}`, `the order's own, ${decodeCaseId(caseId!)}`);
  }
  if (documentSalt === undefined || !("document" in message) || caseId === undefined) {
    throw new NothingToOpenError(orderFile, order.primaryType);
  }
  const sha256 = rulingHash(await readBytes(options.ruling, MOST_OF_RULING));
  if (documentHash(documentSalt, sha256) !== message.document) {
    throw new OtherPaperError(options.ruling, `SHA-256 ${sha256}`, `that of which the order's document is the hash`);
  }
  const args = [caseId, documentSalt, sha256] as const;
  const data = encodeFunctionData({ abi: abiOf("Disposal"), functionName: "open", args });
  const sentence = `Show on the journal of the case ${decodeCaseId(caseId)} that its document is the file with the SHA-256 ${sha256}.`;
  await bring([{ sentence, call: { to: desk.deployment.addresses.disposal, data } }], desk, options, surroundings);
}
