import { getAddress, type Address, type Hex } from "viem";
import { amountsOf, tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { durationIn } from "../../base/languages.ts";
import { actTerm } from "../../orders/acts/terms.ts";
import { amountIn, languageOf, nameIn } from "../../orders/acts/words.ts";
import { decodeCaseId } from "../../orders/caseId.ts";
import { caseIn, entriesOf, type OrderEntry } from "../../orders/entries.ts";
import { jsonOfOrder } from "../../orders/files.ts";
import { hasSentence, localTimes, sentence, timeIn, type Words } from "../../orders/sentence.ts";
import { actName, actOf, ORDER_TYPES, type Order } from "../../orders/types.ts";
import { labelsOf, ordersIn } from "./labels.ts";
import type { OrderPaper } from "./papers.ts";

/** An order for programs: amounts in base units. */
export function orderData(paper: OrderPaper, words: Words) {
  const { path, order, domain, digest, ruling } = paper;
  return {
    file: path,
    chainId: domain.chainId,
    quorum: domain.verifyingContract,
    act: actOf(order),
    type: order.primaryType,
    case: caseOf(order) ?? null,
    digest,
    sentence: sentenceOf(paper, words) ?? null,
    message: jsonOfOrder(order),
    ...(ruling && { ruling }),
    ends: endOf(order, words),
    signBy: isoOf(order.message.signBy),
  };
}

export const caseOf = (order: Order): string | undefined => {
  const caseId = caseIn(order);
  return caseId && decodeCaseId(caseId);
};

export const sentenceOf = ({ order, domain }: Pick<OrderPaper, "order" | "domain">, words: Words) =>
  hasSentence(order) ? sentence(order, domain, words) : undefined;

/** The sentence, and below it the clock of the deployment; that there is none, where that is so. */
export const sentenceLines = ({ order, domain }: Pick<OrderPaper, "order" | "domain">, words: Words): string[] => [
  sentenceOf({ order, domain }, words) ?? labelsOf(words).noSentence(order.primaryType),
  ...localTimes([order], words),
];

/** What an act is called. */
export const actIn = (order: Order, words: Words): string => {
  const { primaryType } = order;
  return languageOf(words) === "en" ? primaryType : actTerm(actName(actOf(order))!, languageOf(words));
};

/** When what an order does ends; empty where it does not end. */
function endOf({ message }: Order, words: Words): string {
  const { fromExecution } = labelsOf(words);
  if ("term" in message) return fromExecution(durationIn(message.term, languageOf(words)));
  if ("claimTerm" in message) return fromExecution(durationIn(message.claimTerm, languageOf(words)));
  return "until" in message ? isoOf(message.until) : "";
}

/** One order for a reader: the sentence, then every field. */
export function orderForReaders({ order, domain, digest, ruling }: OrderPaper, words: Words): string[] {
  const labels = labelsOf(words);
  return [
    ...sentenceLines({ order, domain }, words),
    "",
    ...columns([
      [labels.act, labels.actIn(actIn(order, words), order.primaryType, actOf(order))],
      ...fieldRows(order, words),
      ...(ruling ? [[labels.ruling, `${ruling.file}, SHA-256 ${ruling.sha256}`] as const] : []),
      [labels.chain, String(domain.chainId)],
      [labels.quorum, domain.verifyingContract],
      [labels.digest, digest],
    ]),
  ];
}

type Row = readonly [name: string, value: string];

export function columns(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function fieldRows(order: Order, words: Words): Row[] {
  const entries = new Map(entriesOf(order).map((entry) => [entry.at, entry]));
  const values = order.message as unknown as Record<string, unknown>;
  return ORDER_TYPES[order.primaryType].flatMap(({ name, type }): Row[] => {
    const value = values[name];
    if (type.endsWith("[]")) {
      const items = value as Record<string, unknown>[];
      if (items.length === 0) return [[name, labelsOf(words).none]];
      return items.map((item, i) => {
        const entry = entries.get(`${name}[${i}]`);
        return [`${name}[${i}]`, entry ? entryIn(entry, item, words) : JSON.stringify(item)];
      });
    }
    return [[name, fieldIn(name, type, value, values["asset"] as Address, words)]];
  });
}

function entryIn(entry: OrderEntry, { taken }: Record<string, unknown>, words: Words): string {
  const amount = amountIn(entry.asset, entry.amount, words);
  const other = taken === entry.asset ? undefined : (taken as string | undefined);
  return labelsOf(words).account(amount, getAddress(entry.account!), other);
}

const AMOUNTS = ["amount", "total"];

function fieldIn(name: string, type: string, value: unknown, asset: Address, words: Words): string {
  const labels = labelsOf(words);
  if (AMOUNTS.includes(name)) return amountIn(asset, value as bigint, words);
  if (name === "caseId") return decodeCaseId(value as Hex);
  if (name === "platform" || name === "subAccount") return nameIn(value as Hex);
  if (name === "term" || name === "claimTerm") return durationIn(value as number, languageOf(words));
  if (name === "agency") {
    return `${words.agency(value as number) ?? labels.unknownAgency}, ${labels.agency(value as number)}`;
  }
  if (type === "uint64") return timeIn(value as bigint, words);
  if (type === "bool") return value === true ? labels.yes : labels.no;
  return String(value);
}

/** What orders name of one asset. */
export interface Total {
  asset: Address;
  targets: number;
  amount: bigint;
}

/** Entries and amounts of each asset, in the order in which orders name them. */
export function totalsOf(orders: readonly Pick<OrderPaper, "order">[]): Total[] {
  const totals = new Map<Address, Total>();
  for (const { asset, amount } of orders.flatMap(({ order }) => entriesOf(order))) {
    const { targets, amount: before } = totals.get(asset) ?? { targets: 0, amount: 0n };
    totals.set(asset, { asset, targets: targets + 1, amount: before + amount });
  }
  return [...totals.values()];
}

export const totalsData = (totals: readonly Total[], words: Words) =>
  totals.map(({ asset, targets, amount }) => ({
    asset,
    ...words.asset(asset),
    targets,
    amount: String(amount),
  }));

/** Orders of a folder for a reader, a line each, and their sums. */
export function orderTable(orders: readonly OrderPaper[], words: Words): string[] {
  const labels = labelsOf(words);
  const totals = totalsOf(orders);
  const cells = totals.map(({ asset, amount }) => {
    const sums = orders.map((paper) => totalsOf([paper]).find((it) => it.asset === asset)?.amount ?? 0n);
    const decimals = words.asset(asset)?.decimals ?? 0;
    return [words.asset(asset)?.symbol ?? asset, ...amountsOf([...sums, amount], decimals, languageOf(words))];
  });
  const row = (i: number, head: readonly string[], tail: readonly string[]) => [
    ...head,
    ...cells.map((column) => column[i]!),
    ...tail,
  ];
  const targets = orders.map(({ order }) => entriesOf(order).length);
  const places = new Set(orders.map(({ domain }) => labels.place(domain.chainId, domain.verifyingContract)));
  return [
    ...tableOf([
      row(0, [labels.case, labels.act, labels.targets], [labels.ends, labels.signBy]),
      ...orders.map(({ order }, i) =>
        row(
          i + 1,
          [caseOf(order) ?? "", actIn(order, words), String(targets[i])],
          [endOf(order, words), isoOf(order.message.signBy)],
        ),
      ),
      row(orders.length + 1, [labels.total, "", String(targets.reduce((sum, n) => sum + n, 0))], ["", ""]),
    ]),
    "",
    ...localTimes(
      orders.map(({ order }) => order),
      words,
    ),
    ...places,
    ...totals.map(({ asset }) => `${words.asset(asset)?.symbol ?? labels.inBaseUnits}: ${asset}`),
    labels.everyField(ordersIn(orders.length, words)),
  ];
}
