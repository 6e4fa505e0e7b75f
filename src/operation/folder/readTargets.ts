import type { Address } from "viem";
import { entriesOf, readTextFile, type Entry } from "../../tracing/lists/list.ts";
import { RowRefusedError, shown } from "../../tracing/sources/refused.ts";
import { TARGET_COLUMNS } from "./schema.ts";
import { parseAccount, parseAmount } from "./values.ts";

/** A target of a list that was approved; `amount` in base units. */
export interface ListedTarget {
  asset: Address;
  account: Address;
  amount: bigint;
}

/**
 * The targets of a list in the form of an operation's targets.csv, by case. Unlike an operation's it stands alone: its
 * assets are those that `assetOf` knows by their symbols.
 * @throws FileAccessError, HeaderRefusedError, RowRefusedError
 */
export function readTargetList(
  path: string,
  assetOf: (symbol: string) => { address: Address; decimals: number } | undefined,
): Map<string, ListedTarget[]> {
  const columns = TARGET_COLUMNS.join(",");
  const targets = new Map<string, ListedTarget[]>();
  for (const entry of entriesOf(readTextFile(path), (header) => header.join(",") === columns, [columns])) {
    const text = (column: (typeof TARGET_COLUMNS)[number]) => entry.values.get(column) ?? "";
    const asset = assetOf(text("asset"));
    if (asset === undefined) {
      throw new RowRefusedError(
        entry,
        "its asset is not known with its decimals",
        shown(text("asset")),
        "a symbol of the deployment",
      );
    }
    const account = taken(entry, () => parseAccount(text("account")));
    const amount = taken(entry, () => parseAmount(text("amount"), asset.decimals));
    targets.set(text("case"), [...(targets.get(text("case")) ?? []), { asset: asset.address, account, amount }]);
  }
  return targets;
}

function taken<T>(entry: Entry, parse: () => T): T {
  try {
    return parse();
  } catch (flaw) {
    throw new RowRefusedError(entry, (flaw as Error).message, shown([...entry.values.values()].join(",")), "a target");
  }
}
