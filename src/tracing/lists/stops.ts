import type { Accounts } from "../transfers/transfers.ts";
import { addressOf } from "../sources/cells.ts";
import { entriesOf, readTextFile, type ListFile, type TextFile } from "./list.ts";
import { RowRefusedError, shown } from "../sources/refused.ts";
import { oneLine, type Label, type Stop } from "./label.ts";
import { isTagPack, tagPackOf } from "./tagPack.ts";

/** A list of stops, and what became of its entries: entries = kept + notAddresses + notWallets + duplicates. */
export interface StopFile extends ListFile {
  readonly form: "list" | "tagpack";
  readonly kept: number;
  /** Of other chains. */
  readonly notAddresses: number;
  /** Below 2^96: the zero address, precompiles and slips of the pen. */
  readonly notWallets: number;
  /** In this list or an earlier one already; the first entry counts. */
  readonly duplicates: number;
  /** The date of the whole list, or the latest one of its entries; empty where none is told. */
  readonly date: string;
}

export type { Stop };

export interface ReadStops {
  /** Each address once, in order of the address. */
  readonly stops: readonly Stop[];
  readonly files: readonly StopFile[];
  /** Entries that look like an address of this kind of chain and are none, in sentences; only published packs may have them. */
  readonly doubtful: readonly string[];
}

const KNOWN = ["address,label,kind,source,date", "a GraphSense TagPack (YAML)"];
/** Addresses below are not made by keys. */
export const FIRST_WALLET = 2n ** 96n;

/**
 * Reads lists of stops: JSON or CSV of `address,label,kind,source,date`, or GraphSense TagPacks as published. What an entry
 * lacks but its address is left empty.
 * @throws HeaderRefusedError, RowRefusedError, FileRefusedError, FileAccessError
 */
export function readStops(paths: readonly string[]): ReadStops {
  const stops = new Map<string, Stop>();
  const doubtful: string[] = [];
  // Our own lists are for whoever wrote them to correct: a service that is left out lets the money through.
  const doubt = (file: string, { address, line }: Label, fault: string, form: StopFile["form"]): void => {
    const needs = "0x and 40 hexadecimal digits, in lower case or as EIP-55 has them";
    if (form === "list") throw new RowRefusedError({ file, line }, `its address ${fault}`, shown(address), needs);
    doubtful.push(`${file}:${line}: the address ${shown(address)} ${fault}; it is left out.`);
  };
  const files = paths.map((path) => {
    const text = readTextFile(path);
    const form = isTagPack(text) ? ("tagpack" as const) : ("list" as const);
    const { labels, date } = form === "tagpack" ? tagPackOf(text) : listOf(text);
    const counts = { kept: 0, notAddresses: 0, notWallets: 0, duplicates: 0 };
    for (const label of labels) {
      const address = addressOf(label.address);
      if (typeof address === "string") {
        if (seemsMeant(label.address)) doubt(path, label, address, form);
        counts.notAddresses += 1;
      } else if (BigInt(address.address) < FIRST_WALLET) counts.notWallets += 1;
      else if (stops.has(address.address)) counts.duplicates += 1;
      else {
        const { label: name, kind, source, date } = label;
        stops.set(address.address, { address: address.address, label: name, kind, source, date });
        counts.kept += 1;
      }
    }
    return { path, sha256: text.sha256, entries: labels.length, form, ...counts, date };
  });
  const sorted = [...stops.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
  return { stops: sorted, files, doubtful };
}

/** The stops that have transfers, by account. */
export function stopsByAccount(stops: readonly Stop[], accounts: Accounts): ReadonlyMap<number, Stop> {
  const found = new Map<number, Stop>();
  for (const stop of stops) {
    const account = accounts.find(stop.address);
    if (account !== undefined) found.set(account, stop);
  }
  return found;
}

/** 0x and anything but the 64 digits of some other chains. */
const seemsMeant = (text: string): boolean => /^0x/i.test(text) && !/^0x[0-9a-f]{50,}$/i.test(text);

function listOf(text: TextFile): { labels: readonly Label[]; date: string } {
  const entries = entriesOf(text, (header) => header.includes("address"), KNOWN);
  const labels = entries.map((entry): Label => {
    const value = (column: string): string => oneLine(entry.values.get(column) ?? "");
    const address = value("address");
    if (address === "")
      throw new RowRefusedError(entry, "its address is missing", "nothing", "the address of a service");
    return {
      address,
      label: value("label"),
      kind: value("kind"),
      source: value("source"),
      date: value("date"),
      get line() {
        return entry.line;
      },
    };
  });
  return { labels, date: labels.reduce((latest, { date }) => (date > latest ? date : latest), "") };
}
