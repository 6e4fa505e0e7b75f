import { ZERO_ADDRESS } from "../transfers/row.ts";
import type { Accounts } from "../transfers/transfers.ts";
import { addressOf } from "../sources/cells.ts";
import { entriesOf, readTextFile, unitsIn, type Entry, type ListFile } from "./list.ts";
import { RowRefusedError, shown } from "../sources/refused.ts";

/** Balances before the first transfer: entries = accounts of the map + withoutTransfers. */
export interface ReadOpening {
  /** Base units by account. */
  readonly opening: ReadonlyMap<number, bigint>;
  readonly file: ListFile;
  /** Entries whose account has no transfer, so that they change nothing. */
  readonly withoutTransfers: number;
}

const KNOWN = ["account,balance"];

/**
 * Reads opening balances: JSON or CSV of `account,balance` in base units.
 * @throws HeaderRefusedError, RowRefusedError, FileRefusedError, FileAccessError
 */
export function readOpening(path: string, accounts: Accounts): ReadOpening {
  const text = readTextFile(path);
  const entries = entriesOf(text, (header) => header.includes("account") && header.includes("balance"), KNOWN);
  const seen = new Map<string, Entry>();
  const opening = new Map<number, bigint>();
  for (const entry of entries) {
    const written = entry.values.get("account") ?? "";
    const account = addressOf(written);
    if (typeof account === "string") {
      throw new RowRefusedError(entry, `its account ${account}`, shown(written), "0x and 40 hexadecimal digits");
    }
    const { address } = account;
    if (address === ZERO_ADDRESS) {
      throw new RowRefusedError(entry, "its account is the zero address", address, "an account that can hold");
    }
    const before = seen.get(address);
    if (before !== undefined) {
      throw new RowRefusedError(
        entry,
        "its account is there twice",
        `${address}, in line ${before.line} too`,
        "each once",
      );
    }
    seen.set(address, entry);
    const balance = unitsIn(entry, "balance");
    if (balance === undefined) throw new RowRefusedError(entry, "its balance is missing", "nothing", "base units");
    const found = accounts.find(address);
    if (found !== undefined) opening.set(found, balance);
  }
  const file = { path, sha256: text.sha256, entries: entries.length };
  return { opening, file, withoutTransfers: entries.length - opening.size };
}
