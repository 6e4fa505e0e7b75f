import { encodeFunctionData } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { checkAgainstOrder, parseList, proverOf } from "../../compensation/index.ts";
import { readText } from "../../base/files.ts";
import { countOf } from "../../base/words.ts";
import { decodeEffects } from "../../journal/effects.ts";
import { decodeCaseId } from "../../orders/caseId.ts";
import { bring, type BringOptions, type Step } from "../bring.ts";
import { custodyOf } from "../custody.ts";
import type { Surroundings } from "../operation.ts";
import { chainDeskOf, requireDomain } from "../order/desk.ts";
import { MOST_OF_LIST, readOrder } from "../order/papers.ts";
import { NotCompensateError } from "./lists.ts";

export interface ClaimOptions extends BringOptions {
  order: string;
  claim: string[];
}

/** Pays shares of an executed compensation: those named, else all; what is paid already is passed over, so that it may be called again. */
export async function claimShares(file: string, options: ClaimOptions, surroundings: Surroundings): Promise<void> {
  const { order, domain, digest } = await readOrder(options.order);
  if (order.primaryType !== "Compensate") throw new NotCompensateError(options.order, order.primaryType);
  const list = parseList(await readText(file, MOST_OF_LIST), file);
  checkAgainstOrder(list, order.message, domain.chainId, file);
  const proof = proverOf(list);
  const ids = options.claim.length === 0 ? list.shares.map(({ id }) => id) : [...new Set(options.claim)];
  const asked = ids.map((id) => ({ id, ...proof(id) }));

  const desk = await chainDeskOf(options);
  requireDomain(options.order, domain, desk);
  const { entries } = await custodyOf(desk.client, desk.deployment);
  const effects = entries.filter((entry) => entry.order === digest).flatMap((entry) => decodeEffects(entry.effects));
  const paid = new Set(effects.filter(({ what }) => what === "compensated").map(({ value }) => value));
  const waiting = asked.filter(({ index }) => !paid.has(index));
  const { stderr } = surroundings;
  if (waiting.length < asked.length) stderr.write(`${countOf(asked.length - waiting.length, "share")} paid already.\n`);
  if (waiting.length === 0) return;
  const caseId = decodeCaseId(order.message.caseId);
  const steps = waiting.map(({ id, index, account, amount, proof: nodes }): Step => {
    const args = [digest, index, account, amount, nodes] as const;
    const data = encodeFunctionData({ abi: abiOf("Disposal"), functionName: "claimCompensation", args });
    const sentence = `Pay the claim ${id} of the case ${caseId} to ${account}.`;
    return { sentence, call: { to: desk.deployment.addresses.disposal, data } };
  });
  await bring(steps, desk, options, surroundings, { apart: true });
}
