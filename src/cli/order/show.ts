import type { Address } from "viem";
import type { Language } from "../../base/languages.ts";
import { namedEntries } from "../../chain/deployments.ts";
import type { Words } from "../../orders/sentence.ts";
import { decodeCaseId } from "../../orders/caseId.ts";
import { amountIn, languageOf } from "../../orders/acts/words.ts";
import {
  differences,
  EXCEPTION_WORDS,
  largeOnes,
  lookAlikes,
  serviceWallets,
  type OrderException,
} from "../../orders/exceptions.ts";
import { readTargetList } from "../../operation/folder/readTargets.ts";
import { OptionsRefusedError } from "../optionsRefused.ts";
import { oneLine } from "../../base/words.ts";
import { exceptionsIn, labelsOf } from "./labels.ts";
import { isFolder, readOrders, type OrderPaper } from "./papers.ts";
import { knownPlace, wordsOf, type KnownPlace, type PlaceOptions, type Streams } from "./place.ts";
import { servicesIn } from "./services.ts";
import { caseOf, orderData, orderForReaders, orderTable, totalsOf, totalsData } from "./shown.ts";

export interface ShowOptions extends PlaceOptions {
  targets?: string;
  stops: string[];
  json?: boolean;
}

/** Shows an order, or all of a folder in one table. */
export async function show(place: string, options: ShowOptions, { stdout, stderr }: Streams): Promise<void> {
  const orders = await readOrders(place);
  const known = await knownPlace(orders[0]!.domain.chainId, options);
  const words = await wordsOf(known);
  const exceptions = exceptionsOf(place, orders, known, words, options);
  if (options.json) {
    const data = {
      schema: "sequester.order.show/1",
      orders: orders.map((order) => orderData(order, words)),
      totals: totalsData(totalsOf(orders), words),
      exceptions,
    };
    stdout.write(`${JSON.stringify(data)}\n`);
  } else {
    const shown = isFolder(place) ? orderTable(orders, words) : orderForReaders(orders[0]!, words);
    stdout.write([...exceptionLines(exceptions, words), ...shown, ""].join("\n"));
  }
  stderr.write(`${comparedWith(known)}\n`);
}

function comparedWith({ file, deployment, client }: KnownPlace): string {
  if (deployment === undefined)
    return "No deployment was compared: amounts are in base units; name one with --deployment.";
  const unread = deployment.decimals === undefined && client === undefined;
  return `The deployment is that of ${file!}.${unread ? " It has no decimals: amounts are in base units without --rpc." : ""}`;
}

function exceptionsOf(
  place: string,
  orders: readonly OrderPaper[],
  { deployment }: KnownPlace,
  words: Words,
  { targets, stops }: ShowOptions,
): OrderException[] {
  const named = orders.map(({ path, order }) => ({ name: path, order }));
  const tell = (asset: Address, amount: bigint) => amountIn(asset, amount, words);
  const language = languageOf(words);
  const services = servicesIn(stops);
  const addresses = deployment === undefined ? [] : namedEntries(deployment.addresses);
  const assetOf = (symbol: string) => {
    const address = deployment?.addresses.assets[symbol];
    const asset = address && words.asset(address);
    return asset && { address, decimals: asset.decimals };
  };
  if (targets !== undefined && deployment === undefined) {
    throw new OptionsRefusedError("--targets without a deployment", "--deployment FILE, whose symbols the list uses");
  }
  const approved = targets === undefined ? undefined : readTargetList(targets, assetOf);
  const listed = [...(approved?.values() ?? [])].flat().map(({ account }) => account);
  const known = [...listed, ...addresses.map(([, it]) => it), ...([...services.keys()] as Address[])];
  return [
    ...elsewhere(orders, deployment, words),
    ...(approved === undefined
      ? []
      : differences(named, (caseId) => approved.get(decodeCaseId(caseId)) ?? [], tell, language)),
    ...(isFolder(place) ? missingCases(place, orders, [...(approved?.keys() ?? [])], language) : []),
    ...serviceWallets(named, (account) => services.get(account.toLowerCase()), language),
    ...lookAlikes(named, known, language),
    ...largeOnes(named, tell, language),
  ];
}

/** Cases of the approved list for which a folder has no order. */
function missingCases(
  folder: string,
  orders: readonly OrderPaper[],
  approved: readonly string[],
  language: Language,
): OrderException[] {
  const there = new Set(orders.map(({ order }) => caseOf(order)));
  const missing = approved.filter((caseId) => !there.has(caseId));
  if (missing.length === 0) return [];
  const { theFolder, nothing, orderEach } = EXCEPTION_WORDS[language];
  const needs = orderEach(oneLine(missing.join(", ")));
  return [{ kind: "different from the list", order: folder, at: theFolder, has: nothing, needs }];
}

/** Orders for another chain or Quorum than the deployment's, or than the first order's. */
function elsewhere(
  orders: readonly OrderPaper[],
  deployment: KnownPlace["deployment"],
  words: Words,
): OrderException[] {
  const needs = deployment?.domain ?? orders[0]!.domain;
  const told = ({ chainId, verifyingContract }: typeof needs) => labelsOf(words).place(chainId, verifyingContract);
  return orders
    .filter(({ domain }) => told(domain) !== told(needs))
    .map(({ path, domain }) => ({
      kind: "other deployment" as const,
      order: path,
      at: "domain",
      has: told(domain),
      needs: told(needs),
    }));
}

function exceptionLines(exceptions: readonly OrderException[], words: Words): string[] {
  if (exceptions.length === 0) return [];
  const labels = labelsOf(words);
  return [
    labels.lookFirst(exceptionsIn(exceptions.length, words)),
    ...exceptions.flatMap(({ kind, order, at, has, needs }) => [
      `  ${order}: ${at}: ${labels.kinds[kind]}`,
      `    ${labels.has}: ${has}`,
      `    ${labels.needs}: ${needs}`,
    ]),
    "",
  ];
}
