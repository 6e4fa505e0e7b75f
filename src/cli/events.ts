import type { Address } from "viem";
import type { Chronicle } from "../operation/statement/chronicle.ts";
import type { AssetStatement, Statement } from "../operation/statement/statement.ts";
import { formatOffset } from "../base/time.ts";
import { amountsOf, tableOf } from "../base/table.ts";

type Row = readonly string[];

/** A list of the statement: its title, the columns after time and case, and a row of each event. */
interface Section<Name extends keyof Chronicle> {
  title: string;
  columns: Row;
  row: (event: Chronicle[Name][number], told: Teller) => Row;
}

/** An amount with its symbol. */
type Teller = (units: string | null, asset: Address) => string;

const SECTIONS: { [Name in keyof Chronicle]: Section<Name> } = {
  lapses: {
    title: "holds that ended by time",
    columns: ["account", "amount", "recorded"],
    row: ({ account, amount, asset, recorded }, told) => [account, told(amount, asset), recorded ?? "by nobody"],
  },
  wrongfulHolds: {
    title: "holds that were wrong and lifted",
    columns: ["account", "amount", "held for", "by"],
    row: ({ account, amount, asset, seconds, arrested }, told) => {
      return [account, told(amount, asset), formatOffset(seconds), arrested ? "arrest" : "freeze"];
    },
  },
  appeals: {
    title: "appeals",
    columns: ["holder", "against a", "postponed to"],
    row: ({ holder, act, start }) => [holder, act, start],
  },
  claims: {
    title: "claims paid",
    columns: ["account", "amount"],
    row: ({ account, amount, asset }, told) => [account, told(amount, asset)],
  },
  exchangeHolds: {
    title: "holds in platforms' sub-accounts",
    columns: ["sub-account", "amount", "acknowledged", "after", "surrendered"],
    row: ({ asset, subAccount, amount, acknowledged, answeredAfter, surrendered }, told) => [
      subAccount,
      told(amount, asset),
      told(acknowledged, asset),
      answeredAfter === null ? "no answer" : formatOffset(answeredAfter),
      told(surrendered, asset),
    ],
  },
  conversions: {
    title: "conversions",
    columns: ["amount", "worth at seizure", "least of the order", "paid"],
    row: ({ amount, asset, worthAtSeizure, leastProceeds, proceeds, proceedsAsset }, told) => [
      told(amount, asset),
      ...[worthAtSeizure, leastProceeds, proceeds].map((units) => told(units, proceedsAsset)),
    ],
  },
  transfers: {
    title: "payments to free payees",
    columns: ["payee", "amount"],
    row: ({ account, amount, asset }, told) => [account, told(amount, asset)],
  },
  stays: {
    title: "stays",
    columns: ["of a", "by", "postponed to"],
    row: ({ act, by, start }) => [act, by.join(" "), start],
  },
  vetoes: { title: "vetoes", columns: ["of a", "by"], row: ({ act, by }) => [act, by.join(" ")] },
};

/** Columns of addresses, which few read. */
const ADDRESSES: readonly string[] = ["account", "holder", "payee"];

/** Every event of a statement for a reader, in lists; of none no list. `verbose` shows addresses. */
export function eventsForReaders(statement: Statement, verbose = false): string[] {
  const assets = new Map(statement.assets.map((row) => [row.asset, row]));
  return (Object.keys(SECTIONS) as (keyof Chronicle)[]).flatMap((name) => section(name, statement, assets, verbose));
}

function section<Name extends keyof Chronicle>(
  name: Name,
  statement: Statement,
  assets: ReadonlyMap<Address, AssetStatement>,
  verbose: boolean,
): string[] {
  const { title, columns, row } = SECTIONS[name] as Section<Name>;
  const events: readonly Chronicle[Name][number][] = statement[name];
  if (events.length === 0) return [];
  const told: Teller = (units, asset) => {
    if (units === null) return "unknown";
    const { symbol, decimals } = assets.get(asset) ?? { symbol: asset, decimals: 0 };
    return `${amountsOf([BigInt(units)], decimals)[0]} ${symbol}`;
  };
  const rows = [columns, ...events.map((event) => row(event, told))].map((cells) =>
    verbose ? cells : cells.filter((_, column) => !ADDRESSES.includes(columns[column]!)),
  );
  const places = [["at", "case"], ...events.map((event) => [event.at, event.case])];
  return [`${title}: ${events.length}`, ...tableOf(rows.map((cells, i) => [...places[i]!, ...cells])), ""];
}
