import type { Seed } from "../trace.ts";
import type { Transfers } from "../transfers/transfers.ts";
import { entriesOf, readTextFile, unitsIn, wholeIn, type Entry, type ListFile } from "./list.ts";
import type { Place } from "../sources/place.ts";
import { FileRefusedError, RowRefusedError, shown } from "../sources/refused.ts";
import type { ReadTransfers } from "../sources/transfers.ts";
import { countOf } from "../../base/words.ts";

/** The seeds of a trace: entries = seeds + repeated. */
export interface ReadSeeds {
  /** By row, each row once. */
  readonly seeds: readonly Seed[];
  readonly file: ListFile;
  /** Entries that say again what another entry said. */
  readonly repeated: number;
  /** Seeds that taint nothing, as they are of no value or the transfer is to its sender; in sentences. */
  readonly withoutEffect: readonly string[];
}

const KNOWN = ["transaction_hash,log_index,amount", "block_number,transaction_index,amount"];

/**
 * Reads seeds, JSON or CSV of `transaction_hash,log_index,amount` or `block_number,transaction_index,amount` (base units; no
 * amount means the whole transfer), and finds their transfers. A hash alone will do where its transaction has one transfer.
 * @throws HeaderRefusedError, RowRefusedError, FileRefusedError, FileAccessError
 */
export function readSeeds(path: string, { transfers, place }: Pick<ReadTransfers, "transfers" | "place">): ReadSeeds {
  const text = readTextFile(path);
  const entries = entriesOf(text, isKnown, KNOWN);
  if (entries.length === 0)
    throw new FileRefusedError(path, "it has no seed", "no entry", "one stolen transfer or more");
  const hashes = entries.flatMap(({ values }) => values.get("transaction_hash")?.toLowerCase() ?? []);
  const byHash = transfers.rowsOf(new Set(hashes));
  const found = new Map<number, { amount: bigint; entry: Entry }>();
  let repeated = 0;
  for (const entry of entries) {
    const row = rowOf(entry, transfers, place, byHash);
    const amount = amountOf(entry, transfers.value(row));
    const before = found.get(row);
    if (before === undefined) found.set(row, { amount, entry });
    else if (before.amount === amount) repeated += 1;
    else {
      const has = `${amount} here, ${before.amount} in line ${before.entry.line}`;
      throw new RowRefusedError(entry, "it contradicts another seed of the same transfer", has, "one amount");
    }
  }
  const rows = [...found.keys()].sort((a, b) => a - b);
  const withoutEffect = rows.flatMap((row) => {
    const { amount, entry } = found.get(row)!;
    const reason =
      amount === 0n ? "is of no value" : transfers.from[row] === transfers.to[row] ? "is to its sender" : "";
    return reason === "" ? [] : [`The seed at ${path}:${entry.line} ${reason}: it taints nothing.`];
  });
  const seeds = rows.map((row) => ({ row, amount: found.get(row)!.amount }));
  return { seeds, file: { path, sha256: text.sha256, entries: entries.length }, repeated, withoutEffect };
}

const isKnown = (header: readonly string[]): boolean =>
  header.includes("transaction_hash") ||
  (header.includes("block_number") && (header.includes("transaction_index") || header.includes("log_index")));

function rowOf(
  entry: Entry,
  transfers: Transfers,
  place: Place,
  byHash: ReadonlyMap<string, readonly number[]>,
): number {
  const hash = entry.values.get("transaction_hash")?.toLowerCase();
  const block = wholeIn(entry, "block_number");
  const indexes = {
    "log index": wholeIn(entry, "log_index"),
    "transaction index": wholeIn(entry, "transaction_index"),
  };
  if (hash !== undefined) {
    if (!/^0x[0-9a-f]{64}$/.test(hash)) {
      throw new RowRefusedError(entry, "its transaction_hash is none", shown(hash), "0x and 64 hexadecimal digits");
    }
    // A source that has no log index cannot tell which one is meant.
    const logIndex = place === "log index" ? indexes["log index"] : undefined;
    const ofTransaction = (byHash.get(hash) ?? []).filter(
      (row) => block === undefined || transfers.block[row] === block,
    );
    const rows = ofTransaction.filter((row) => logIndex === undefined || transfers.logIndex[row] === logIndex);
    if (rows.length === 1) return rows[0] as number;
    const what = rows.length === 0 ? "it matches no transfer" : "it matches several transfers";
    throw new RowRefusedError(entry, what, seedText(entry), needsOf(rows.length, ofTransaction, transfers, place));
  }
  const index = place === "order in the file" ? undefined : indexes[place];
  if (block === undefined || index === undefined) {
    const needs = place === "order in the file" ? "transaction_hash" : `transaction_hash, or block_number and ${place}`;
    throw new RowRefusedError(entry, "it names no transfer", seedText(entry), `${needs}, which the transfers have`);
  }
  const row = transfers.find(block, index);
  if (row !== undefined) return row;
  throw new RowRefusedError(entry, "it matches no transfer", seedText(entry), "a transfer that was read");
}

function needsOf(matched: number, ofTransaction: readonly number[], transfers: Transfers, place: Place): string {
  if (matched > 1) return place === "log index" ? "log_index" : "transfers of which each transaction has one";
  if (ofTransaction.length === 0) return "a transaction of the transfers that were read";
  return `a log index of this transaction: ${ofTransaction.map((row) => transfers.logIndex[row]).join(", ")}`;
}

const seedText = ({ values }: Entry): string =>
  [...values].map(([column, value]) => `${column} ${shown(value)}`).join(", ") || "nothing";

function amountOf(entry: Entry, value: bigint): bigint {
  const amount = unitsIn(entry, "amount") ?? value;
  if (amount <= value) return amount;
  throw new RowRefusedError(
    entry,
    "it is larger than its transfer",
    `${amount}`,
    `at most ${countOf(value, "base unit")}`,
  );
}
