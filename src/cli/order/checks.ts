// What papers show by themselves: each check answers what it found wrong.
import { existsSync } from "node:fs";
import path from "node:path";
import type { Hex } from "viem";
import type { Deployment } from "../../chain/deployments.ts";
import { readBytes, readText } from "../../base/files.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { checkAgainstOrder, parseList } from "../../compensation/list.ts";
import { rulingHash } from "../../orders/document.ts";
import { NotCompensateError } from "../compensation/lists.ts";
import { placeIn } from "./desk.ts";
import { finding, findingOf, type Finding } from "./findings.ts";
import { isFolder, MOST_OF_LIST, MOST_OF_RULING, type BundlePaper, type OrderPaper, type Papers } from "./papers.ts";

/** Who computed a digest. */
export type Reckonings = Readonly<Record<string, Hex>>;

/** All who computed the digest of an order or a bundle agree. */
export function digestFindings(file: string, reckonings: Reckonings): Finding[] {
  if (new Set(Object.values(reckonings)).size === 1) return [];
  const has = Object.entries(reckonings).map(([who, digest]) => `${digest} by ${who}`);
  return [finding("DigestMismatch", file, has.join(", "), "one digest, whoever computes it")];
}

/** The order is for the deployment's chain and Quorum. */
export function domainFindings({ path: file, domain }: OrderPaper, deployment: Deployment): Finding[] {
  const [has, needs] = [placeIn(domain), placeIn(deployment.domain)];
  return has === needs ? [] : [finding("OtherDeployment", file, has, `${needs}, as the deployment has`)];
}

/** The ruling's file, if it is named or lies beside the order. */
function rulingFile({ path: file, ruling }: OrderPaper, named: string | undefined): string | undefined {
  if (named !== undefined && !isFolder(named)) return named;
  const beside = path.join(named ?? path.dirname(file), ruling!.file);
  return named !== undefined || existsSync(beside) ? beside : undefined;
}

/** The order rests on the ruling's file; undefined: there is no file to compare. */
export async function rulingFindings(order: OrderPaper, named: string | undefined): Promise<Finding[] | undefined> {
  if (order.ruling === undefined) return [];
  const file = rulingFile(order, named);
  if (file === undefined) return undefined;
  const has = rulingHash(await readBytes(file, MOST_OF_RULING));
  const needs = order.ruling.sha256;
  if (has === needs) return [];
  return [finding("OtherRuling", file, `SHA-256 ${has}`, `${needs}, on which ${order.path} rests`)];
}

/** The list is right, and the one of every Compensate among the orders. @throws NotCompensateError */
export async function listFindings(
  orders: readonly OrderPaper[],
  file: string,
  deployment: Deployment | undefined,
): Promise<Finding[]> {
  const text = await readText(file, MOST_OF_LIST);
  const compensations = orders.flatMap(({ order, domain }) =>
    order.primaryType === "Compensate" ? [{ message: order.message, chainId: domain.chainId }] : [],
  );
  if (compensations.length === 0) throw new NotCompensateError("What is verified", "no Compensate");
  try {
    const list = parseList(text, file);
    for (const { message, chainId } of compensations) checkAgainstOrder(list, message, chainId, file);
    const docket = deployment?.addresses.docket;
    if (docket === undefined || list.docket === docket) return [];
    return [finding("OtherDeployment", file, `docket ${list.docket}`, `${docket}, as the deployment has`)];
  } catch (fault) {
    if (!(fault instanceof SequesterError) || fault.code === EXIT.error) throw fault;
    return [findingOf(file, fault)];
  }
}

/** A bundle is of the orders that were read: of its act, and of a folder all of them. */
export function bundleFindings({ path: file, act, leaves }: BundlePaper, { orders, folder }: Papers): Finding[] {
  const byDigest = new Map(orders.map((order) => [order.digest, order]));
  return leaves.flatMap((leaf, i) => {
    const order = byDigest.get(leaf);
    if (order === undefined) {
      return folder ? [finding("MissingOrder", file, `leaf ${i}: ${leaf}`, "the order with this digest")] : [];
    }
    const type = order.order.primaryType;
    return type === act ? [] : [finding("OtherAct", file, `leaf ${i}: a ${type}, ${order.path}`, `a ${act}`)];
  });
}
