import { createHash } from "node:crypto";
import { CsvError, parse } from "csv-parse/sync";
import { locate } from "../../base/lines.ts";
import { accessed, bytesNow } from "../../base/files.ts";
import { unitsOf } from "../sources/cells.ts";
import { FileRefusedError, HeaderRefusedError, RowRefusedError, shown } from "../sources/refused.ts";

/** A list that was read: seeds, stops or opening balances. */
export interface ListFile {
  /** As it was named. */
  readonly path: string;
  /** In hexadecimal without 0x. */
  readonly sha256: string;
  readonly entries: number;
}

/** A file of text, in memory. */
export interface TextFile {
  readonly path: string;
  readonly sha256: string;
  readonly text: string;
}

/** One entry of a list. */
export interface Entry {
  readonly file: string;
  /** Line on which it begins; looked for only when it is asked for. */
  readonly line: number;
  /** Texts by column; what is missing, empty or null is not there. */
  readonly values: ReadonlyMap<string, string>;
}

/** Reads a file whole. @throws FileAccessError, FileRefusedError for one that is no UTF-8 */
export function readTextFile(path: string): TextFile {
  const bytes = accessed(path, () => bytesNow(path));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    return { path, sha256, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (cause) {
    throw new FileRefusedError(path, "it is no text", "bytes that are no UTF-8", "JSON or CSV", cause);
  }
}

/**
 * The entries of a list: a JSON array of objects, or CSV whose header `isKnown`.
 * @param known the headers that are known, a line each.
 * @throws HeaderRefusedError, FileRefusedError, RowRefusedError
 */
export const entriesOf = (
  file: TextFile,
  isKnown: (header: readonly string[]) => boolean,
  known: readonly string[],
): Entry[] => (/^\s*[[{]/.test(file.text) ? jsonEntries(file) : csvEntries(file, isKnown, known));

function jsonEntries({ path, text }: TextFile): Entry[] {
  const list = parseJson(path, text);
  if (!Array.isArray(list)) throw new FileRefusedError(path, "it is no list", "a JSON object", "an array of objects");
  let located: ReturnType<typeof locate> | undefined;
  return list.map((item: unknown, i): Entry => {
    const entry = {
      file: path,
      values: new Map<string, string>(),
      get line() {
        return (located ??= locate(text, { schema: "failsafe" })).lineOf([i]);
      },
    };
    if (typeof item !== "object" || item === null || Array.isArray(item)) {
      throw new RowRefusedError(entry, "it is no entry", shown(JSON.stringify(item)), "an object");
    }
    for (const [key, value] of Object.entries(item as Record<string, unknown>)) {
      if (value === null || value === "") continue;
      entry.values.set(key, textOf(value));
    }
    return entry;
  });
}

/** A number of JSON as it is written: a double would not hold all of its digits. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value.trim();
  return value instanceof Digits ? value.text : JSON.stringify(value);
}

/** Parses JSON with its numbers as texts. @throws FileRefusedError, also for an object with a key that comes twice */
export function parseJson(path: string, text: string): unknown {
  let keys = 0;
  const reviver = function (this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
    if (!Array.isArray(this)) keys += 1;
    return typeof value === "number" ? new Digits(context?.source ?? String(value)) : value;
  };
  let content: unknown;
  try {
    content = JSON.parse(text, reviver);
  } catch (cause) {
    throw new FileRefusedError(path, "it is no JSON", (cause as Error).message, "a whole JSON text", cause);
  }
  // A key that comes twice is called once. The outermost value is called with a key that is in no text.
  const written = text.match(/"(?:[^"\\]|\\.)*"\s*:?/g)?.filter((token) => token.endsWith(":")).length ?? 0;
  if (written !== keys - 1) {
    throw new FileRefusedError(path, "it is ambiguous", "an object with the same key twice", "each key once");
  }
  return content;
}

function csvEntries(
  { path, text }: TextFile,
  isKnown: (header: readonly string[]) => boolean,
  known: readonly string[],
): Entry[] {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    const options = { info: true, bom: true, relax_column_count: true, skip_empty_lines: true, trim: true };
    records = parse(text, options) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const at = { file: path, line: Number(error["lines"]) };
    throw new RowRefusedError(
      at,
      "it is no row of a CSV file",
      error.message,
      "quoted fields that end with their quote",
    );
  }
  const header = records[0]?.record ?? [];
  if (!isKnown(header) || new Set(header).size < header.length) throw new HeaderRefusedError(path, header, known);
  return records.slice(1).map(({ record, info: { lines: line } }) => {
    if (record.length !== header.length) {
      const what = "it has another number of fields than the header";
      throw new RowRefusedError({ file: path, line }, what, String(record.length), String(header.length));
    }
    const values = record.map((value, i): [string, string] => [header[i] as string, value]);
    return { file: path, line, values: new Map(values.filter(([, value]) => value !== "")) };
  });
}

/** Base units of an entry; undefined where the column is not there. @throws RowRefusedError */
export function unitsIn(entry: Entry, column: string): bigint | undefined {
  const text = entry.values.get(column);
  if (text === undefined) return undefined;
  const units = unitsOf(text);
  if (typeof units === "bigint") return units;
  throw new RowRefusedError(entry, `its ${column} ${units}`, shown(text), "base units: a whole number, 0 to 2^256 - 1");
}

/** A whole number of an entry; undefined where the column is not there. @throws RowRefusedError */
export function wholeIn(entry: Entry, column: string): number | undefined {
  const text = entry.values.get(column);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new RowRefusedError(entry, `its ${column} is no whole number`, shown(text), "a number of at most 15 digits");
}
