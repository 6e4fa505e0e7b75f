import { zeroHash, type Hex } from "viem";
import { harmless } from "../../base/csv.ts";
import { countOf } from "../../base/words.ts";
import { decodeEffects, wordOf } from "../../journal/effects.ts";
import type { Entry } from "../../journal/entries.ts";
import { powersOf } from "../../journal/powers.ts";
import { decodeName } from "../../orders/caseId.ts";
import { ACTS, actName } from "../../orders/types.ts";
import { entriesOf, type Entry as Row, type TextFile } from "../../tracing/lists/list.ts";
import { RowRefusedError, shown } from "../../tracing/sources/refused.ts";
import type { Difference } from "./difference.ts";

/** The columns of `orders.csv`. */
export const ORDER_COLUMNS = [
  ...(["act", "case", "digest", "bundle", "ruling", "sha256", "approvedBy", "transaction", "sentence"] as const),
] as const;
type Column = (typeof ORDER_COLUMNS)[number];

/** The lines of an `orders.csv`. @throws HeaderRefusedError, RowRefusedError */
export function readOrders(file: TextFile): Row[] {
  const columns = ORDER_COLUMNS.join(",");
  return entriesOf(file, (header) => header.join(",") === columns, [columns]);
}

/** What came of holding orders against a journal. */
export interface OrdersChecked {
  readonly orders: number;
  readonly differences: readonly Difference[];
  /** Orders whose document nobody opened: what is told of its file cannot be held against the journal. */
  readonly unopened: number;
}

/**
 * Holds every line of an `orders.csv` against the journal: digest, act, case, transaction, how many officers of which agencies approved,
 * the hash of the document that its sentence names, and of its file where the document was opened. Orders of the journal that the file lacks are
 * named. Names of officers have to stand for one officer each.
 * @throws RowRefusedError
 */
export function checkOrders(rows: readonly Row[], entries: readonly Entry[]): OrdersChecked {
  const told = ordersIn(entries);
  const files = openedIn(entries);
  const { agencies, officers } = powersOf(entries);
  /** Lines that name an officer, and lines whose orders one approved. */
  const named = new Map<string, number[]>();
  const signed = new Map<Hex, number[]>();
  const seen = new Map<Hex, number>();
  const differences: Difference[] = [];
  let unopened = 0;
  for (const row of rows) check(row);
  const approved = new Set([...signed.values()].map(String));
  for (const [name, lines] of named) {
    if (approved.has(String(lines))) continue;
    const has = `lines ${lines.join(", ")}`;
    differences.push({ where: `approvedBy ${name}`, has, needs: "the lines that one officer approved, and no other" });
  }
  for (const [digest, { seq, act }] of told) {
    if (seen.has(digest)) continue;
    differences.push({ where: `order ${digest}`, has: "no line", needs: `${actName(act) ?? act}, entry ${seq}` });
  }
  return { orders: rows.length, differences, unopened };

  function check(row: Row): void {
    const cell = (column: Column) => row.values.get(column) ?? "";
    const digest = hashIn(row, "digest");
    const sha256 = hashIn(row, "sha256");
    const transaction = hashIn(row, "transaction");
    const differs = (column: string, has: string, needs: string) => {
      if (has !== needs)
        differences.push({ where: `line ${row.line}, ${column}`, has: has || "nothing", needs: needs || "nothing" });
    };
    const before = seen.get(digest);
    if (before !== undefined) return differs("digest", digest, `each order once: line ${before} has it`);
    seen.set(digest, row.line);
    const entry = told.get(digest);
    if (entry === undefined) return differs("digest", digest, "an order of the journal");
    differs("act", cell("act"), actName(entry.act) ?? String(entry.act));
    differs("transaction", transaction, entry.transactionHash);
    const caseId = caseOf(entry);
    if (caseId !== undefined) differs("case", cell("case"), caseId === zeroHash ? "" : harmless(decodeName(caseId)));
    const document = DOCUMENT.exec(cell("sentence"))?.[1] ?? zeroHash;
    differs("sentence's document", document, entry.document);
    const opened = files.get(entry.document);
    if (opened === undefined) unopened++;
    else differs("sha256", sha256, opened);
    const names = cell("approvedBy").split(" ").filter(Boolean);
    const { officerIds } = entry;
    differs("approvedBy", countOf(names.length, "officer"), countOf(officerIds.length, "officer"));
    const has = names.map((name) => [...agencies.values()].find((agency) => agency === name.replace(/-\d+$/, "")));
    const needs = officerIds.map((id) => agencies.get(officers.get(id)?.agency ?? -1));
    const known = has.filter((agency) => agency !== undefined);
    // A name that tells of no agency may be of any; those beside it are of theirs.
    const left = [...needs];
    const isTold = known.every((agency) => left.includes(agency) && left.splice(left.indexOf(agency), 1));
    if (!isTold) differs("approvedBy", known.sort().join(" "), needs.sort().join(" "));
    for (const name of names) named.set(name, [...(named.get(name) ?? []), row.line]);
    for (const id of officerIds) signed.set(id, [...(signed.get(id) ?? []), row.line]);
  }

  /** The case of an entry, or of the order that it is about; undefined: no entry tells it. */
  function caseOf(entry: Entry): Hex | undefined {
    if (entry.act !== ACTS.cancel) return entry.caseId;
    const withdrawn = decodeEffects(entry.effects).find(({ what }) => what === "approvalWithdrawn");
    return withdrawn && told.get(wordOf(withdrawn.amount))?.caseId;
  }
}

/** How a sentence names the document that an order rests on. */
const DOCUMENT = /on the document (0x[0-9a-f]{64})/;

/** What officers ordered, by its digest: the entry that first tells of it. */
function ordersIn(entries: readonly Entry[]): Map<Hex, Entry> {
  const orders = new Map<Hex, Entry>();
  for (const entry of entries) {
    const { order, officerIds, act } = entry;
    if (order === zeroHash || officerIds.length === 0 || act === ACTS.install || orders.has(order)) continue;
    orders.set(order, entry);
  }
  return orders;
}

/** SHA-256 of the files of documents that were opened, by the documents' hashes. */
const openedIn = (entries: readonly Entry[]): Map<Hex, Hex> =>
  new Map(
    entries.flatMap(({ document, effects }) =>
      decodeEffects(effects).flatMap(({ what, value }) =>
        what === "documentOpened" ? [[document, wordOf(value)] as const] : [],
      ),
    ),
  );

function hashIn(row: Row, column: Column): Hex {
  const text = row.values.get(column) ?? "";
  if (/^0x[0-9a-f]{64}$/.test(text)) return text as Hex;
  throw new RowRefusedError(row, `its ${column} is none`, shown(text), "32 bytes in lower case hexadecimal, with 0x");
}
