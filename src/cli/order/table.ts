import { getAddress, type Address, type Hex } from "viem";
import { durationIn } from "../../base/languages.ts";
import { formatOffset, isoOf } from "../../base/time.ts";
import { amountsOf, tableOf } from "../../base/table.ts";
import { decodeCaseId } from "../../orders/caseId.ts";
import { languageOf } from "../../orders/acts/words.ts";
import { localTimes, type Words } from "../../orders/sentence.ts";
import { definitionOf } from "../../orders/acts/index.ts";
import { labelsOf } from "./labels.ts";
import type { OrderPaper } from "./papers.ts";
import { actIn } from "./shown.ts";

interface Entry {
  asset: Address;
  account: Address;
  amount: bigint;
}

/** A column: its name, and what an order has in it. */
type Column = readonly [name: string, cells: readonly string[]];

/**
 * Orders of one act in a table: case, entries and amount of each asset, with totals. What differs between them besides has
 * a column of its own; what they have in common stands in a line above, so that no field but salts goes unsaid.
 */
export function tableFor(listed: readonly OrderPaper[], words: Words): string[] {
  const labels = labelsOf(words);
  const orders = listed.toSorted((a, b) => (caseOf(a) < caseOf(b) ? -1 : 1));
  const { primaryType } = orders[0]!.order;
  const lists = Object.entries(definitionOf(primaryType).fields).filter(([, { items }]) => items !== undefined);
  const columns = Object.keys(definitionOf(primaryType).fields)
    .filter((name) => name !== "caseId" && name !== "salt" && !lists.some(([list]) => list === name))
    .map((name): Column => [
      name === "document" ? labels.ruling : name,
      orders.map((order) => told(name, order, words)),
    ]);
  const isCommon = ([, cells]: Column) => new Set(cells).size === 1;
  const common = columns.filter(isCommon).map(([name, cells]) => `${name} ${cells[0]}`);
  const amounts = lists.flatMap(([list]) => amountColumns(list, orders, words, lists.length > 1));
  const assets = new Set(
    orders.flatMap((order) => lists.flatMap(([list]) => entriesIn(list, order).map((it) => it.asset))),
  );
  const all: Column[] = [
    [labels.case, [...orders.map(caseOf), labels.total]],
    ...amounts,
    ...columns.filter((it) => !isCommon(it)),
  ];
  const rows = all.map(([name, cells]) => [name, ...cells, ...(cells.length === orders.length ? [""] : [])]);
  const places = new Set(
    orders.map(({ domain }) => labels.validOnly(domain.chainId, getAddress(domain.verifyingContract))),
  );
  return [
    labels.allOf(orders.length, primaryType, actIn(orders[0]!.order, words), common.join("; ")),
    "",
    ...tableOf(rows[0]!.map((_, row) => rows.map((column) => column[row]!))),
    "",
    ...entryRows(orders, lists, words),
    "",
    ...[...assets].map((asset) => labels.isAsset(nameOf(asset, words), asset)),
    ...places,
    ...localTimes(
      orders.map(({ order }) => order),
      words,
    ),
  ];
}

const caseOf = ({ order }: OrderPaper): string => decodeCaseId((order.message as { caseId: Hex }).caseId);

const entriesIn = (list: string, { order }: OrderPaper): readonly Entry[] =>
  (order.message as unknown as Record<string, readonly Entry[]>)[list]!;

/** A symbol is one asset's, as the deployment's file has it. */
const nameOf = (asset: Address, words: Words): string =>
  words.asset(asset)?.symbol ?? labelsOf(words).baseUnitsOf(asset);

function amountColumns(list: string, orders: readonly OrderPaper[], words: Words, isNamed: boolean): Column[] {
  const entries = orders.map((order) => entriesIn(list, order));
  const assets = [...new Set(entries.flat().map(({ asset }) => asset))];
  if (assets.length === 0) return [];
  const prefix = isNamed ? `${list} ` : "";
  const counts = entries.map(({ length }) => length);
  return [
    [isNamed ? list : labelsOf(words).targets, [...counts, counts.reduce((sum, n) => sum + n, 0)].map(String)],
    ...assets.map((asset): Column => {
      const known = words.asset(asset);
      const sums = entries.map((of) => of.reduce((sum, it) => (it.asset === asset ? sum + it.amount : sum), 0n));
      return [
        prefix + nameOf(asset, words),
        amountsOf([...sums, sums.reduce((a, b) => a + b, 0n)], known?.decimals ?? 0, languageOf(words)),
      ];
    }),
  ];
}

/** Every account with what is to become of it: an order with another one in its place has the same sums. */
function entryRows(orders: readonly OrderPaper[], lists: readonly (readonly [string, unknown])[], words: Words) {
  const rows = orders.flatMap((order) =>
    lists.flatMap(([list]) =>
      entriesIn(list, order).map(({ asset, account, amount }) => [
        getAddress(account),
        ...(lists.length > 1 ? [list] : []),
        ...amountsOf([amount], words.asset(asset)?.decimals ?? 0, languageOf(words)),
        nameOf(asset, words),
        caseOf(order),
      ]),
    ),
  );
  return tableOf(rows);
}

function told(name: string, { order, ruling }: OrderPaper, words: Words): string {
  const language = languageOf(words);
  const value = (order.message as Record<string, unknown>)[name];
  if (name === "document") return `${ruling!.file} (SHA-256 ${ruling!.sha256.slice(2)})`;
  if (name === "signBy" || name === "until") return isoOf(value as bigint);
  if (name === "term") return language === "en" ? formatOffset(value as number) : durationIn(value as number, language);
  if (typeof value === "boolean" && language !== "en") return value ? labelsOf(words).yes : labelsOf(words).no;
  return String(value);
}
