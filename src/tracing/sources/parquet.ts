import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { parquetMetadataAsync, parquetScan, type AsyncBuffer, type FileMetaData, type SchemaElement } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { SequesterError } from "../../base/errors.ts";
import { accessed } from "../../base/files.ts";
import { CHUNK_BYTES, type FileEnd } from "./csv.ts";
import type { Recognised } from "./formats.ts";
import { checkPages } from "./pages.ts";
import { CsvRecord } from "./record.ts";
import { FileRefusedError } from "./refused.ts";
import { countOf } from "../../base/words.ts";

/** First bytes of a Parquet file. */
const MAGIC = "PAR1";
/** Bytes of one cell that are looked at: what is longer is none of what is read. */
const MOST_CELL = 1024;

/** Whether a file begins as a Parquet file does. @throws FileAccessError */
export function isParquet(file: string): boolean {
  const input = accessed(file, () => openSync(file, "r"));
  try {
    const bytes = Buffer.alloc(MAGIC.length);
    return (
      accessed(file, () => readSync(input, bytes, 0, MAGIC.length, 0)) === MAGIC.length &&
      bytes.toString("latin1") === MAGIC
    );
  } finally {
    closeSync(input);
  }
}

/**
 * Gives each row of a Parquet file to `take` as if it were one of a CSV file with the same columns, with its number from
 * 1. `begin` takes the names of the columns and says which are read. Takes the memory of one row group.
 * @throws FileAccessError, FileRefusedError
 */
export async function readParquet(
  file: string,
  begin: (header: readonly string[]) => Recognised,
  take: (record: CsvRecord, row: number) => void,
): Promise<FileEnd> {
  const input = accessed(file, () => openSync(file, "r"));
  try {
    const { sha256, bytes } = hashOf(file, input);
    await readRows(file, bufferOf(file, input, bytes), begin, take);
    return { sha256, bytes, openEnd: undefined };
  } catch (error) {
    if (error instanceof SequesterError) throw error;
    const has = (error as Error).message;
    throw new FileRefusedError(file, "it cannot be read as Parquet", has, "a whole Parquet file", error);
  } finally {
    closeSync(input);
  }
}

async function readRows(
  file: string,
  buffer: AsyncBuffer,
  begin: (header: readonly string[]) => Recognised,
  take: (record: CsvRecord, row: number) => void,
): Promise<void> {
  const metadata = await parquetMetadataAsync(buffer);
  const elements = topElements(metadata);
  const recognised = begin(elements.map(({ name }) => name));
  const columns = [...new Set(Object.values(recognised.columns))].map((place) => {
    const element = elements[place] as SchemaElement;
    checkColumn(file, element, recognised, place);
    return { place, name: element.name, cell: cellOf(element) };
  });
  // Decimals are taken as they are stored: the library would make floating-point numbers of them.
  for (const element of metadata.schema) {
    if (isDecimal(element)) {
      delete element.converted_type;
      delete element.logical_type;
    }
  }
  const stringFromBytes = (bytes: Uint8Array) => bytes;
  const names = columns.map(({ name }) => name);
  for (const { columns: chunks, num_rows } of metadata.row_groups) {
    for (const { meta_data } of chunks) {
      if (meta_data === undefined) throw new Error("a column has no description");
      if (names.includes(meta_data.path_in_schema[0] ?? "")) await checkPages(buffer, meta_data, Number(num_rows));
    }
  }
  const scan = await parquetScan({
    file: buffer,
    metadata,
    columns: names,
    compressors,
    utf8: false,
    geoparquet: false,
    parsers: { stringFromBytes },
  });
  const record = new ParquetRecord(elements.length);
  for (const { rowStart, rowEnd } of scan.ranges) {
    const data: ArrayLike<unknown>[] = [];
    for (const column of names) {
      const cells = (await scan.readColumn({ column, rowStart, rowEnd })) as ArrayLike<unknown>;
      if (cells.length !== rowEnd - rowStart) {
        const has = `${countOf(cells.length, "value")} of ${column} in the rows ${rowStart + 1} to ${rowEnd}`;
        throw new FileRefusedError(file, "its columns are of different lengths", has, `${rowEnd - rowStart}`);
      }
      data.push(cells);
    }
    for (let i = 0; i < rowEnd - rowStart; i++) {
      record.clear();
      columns.forEach(({ place, cell }, column) => record.put(place, cell(data[column]?.[i])));
      take(record, rowStart + i + 1);
    }
  }
}

/** The columns of the table, nested ones as one. */
function topElements({ schema }: FileMetaData): SchemaElement[] {
  const top: SchemaElement[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) next = skip(next);
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) top.push(schema[at] as SchemaElement);
  return top;
}

const isDecimal = ({ converted_type, logical_type }: SchemaElement): boolean =>
  converted_type === "DECIMAL" || logical_type?.type === "DECIMAL";

function checkColumn(file: string, element: SchemaElement, { format, columns }: Recognised, place: number): void {
  const what = `its column ${element.name} cannot be read`;
  if ((element.num_children ?? 0) > 0 || element.repetition_type === "REPEATED") {
    throw new FileRefusedError(file, what, "nested values", "one value a row");
  }
  const isFloat = element.type === "DOUBLE" || element.type === "FLOAT";
  if (isFloat && columns.value === place && format.values === "base units") {
    throw new FileRefusedError(file, what, "floating-point numbers, which are not exact", "texts, integers or bytes");
  }
}

type Cell = (value: unknown) => string | Uint8Array;

/** How a column's values become texts. */
function cellOf(element: SchemaElement): Cell {
  const { type, converted_type, logical_type, scale = 0 } = element;
  const isDecimalColumn = isDecimal(element);
  const places = logical_type?.type === "DECIMAL" ? logical_type.scale : scale;
  const isText = converted_type === "UTF8" || logical_type?.type === "STRING";
  return (value) => {
    if (value === null || value === undefined) return "";
    if (isDecimalColumn) {
      const units = value instanceof Uint8Array ? signedOf(value) : BigInt(value as number | bigint);
      return decimalText(units, places);
    }
    if (value instanceof Uint8Array) return isText || isPlainText(value, type) ? value : hexOf(value, element.name);
    if (value instanceof Date) return String(Math.floor(value.getTime() / 1000));
    return typeof value === "number" || typeof value === "bigint" ? String(value) : JSON.stringify(value);
  };
}

/** Old writers do not say of bytes that they are a text. */
const isPlainText = (bytes: Uint8Array, type: SchemaElement["type"]): boolean =>
  type === "BYTE_ARRAY" && bytes.every((code) => code >= 32 && code < 127);

/** Bytes in hexadecimal; a value in digits, so that it is read in the same way as one in a text. */
function hexOf(bytes: Uint8Array, column: string): string {
  const hex = `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
  return column.startsWith("value") && bytes.length > 0 && bytes.length <= 32 ? String(BigInt(hex)) : hex;
}

function signedOf(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  return bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${hex}`));
}

function decimalText(units: bigint, places: number): string {
  if (places === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** A row whose cells are put one after another. */
class ParquetRecord extends CsvRecord {
  #end = 0;

  constructor(width: number) {
    super();
    this.count = width;
    this.bytes = Buffer.alloc(width * MOST_CELL);
  }

  clear(): void {
    this.#end = 0;
  }

  put(column: number, cell: string | Uint8Array): void {
    this.starts[column] = this.#end;
    if (typeof cell === "string") this.#end += this.bytes.write(cell, this.#end, MOST_CELL);
    else {
      const part = cell.subarray(0, MOST_CELL);
      this.bytes.set(part, this.#end);
      this.#end += part.length;
    }
    this.ends[column] = this.#end;
  }
}

function hashOf(file: string, input: number): { sha256: string; bytes: number } {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const size = fstatSync(input).size;
  let bytes = 0;
  while (bytes < size) {
    const read = accessed(file, () => readSync(input, chunk, 0, chunk.length, bytes));
    if (read === 0) break;
    hash.update(chunk.subarray(0, read));
    bytes += read;
  }
  return { sha256: hash.digest("hex"), bytes };
}

const bufferOf = (file: string, input: number, byteLength: number): AsyncBuffer => ({
  byteLength,
  slice(start, end = byteLength) {
    if (start < 0 || end > byteLength || start > end) throw new Error(`no bytes ${start} to ${end} in ${byteLength}`);
    const part = new Uint8Array(end - start);
    let at = 0;
    while (at < part.length) {
      const read = accessed(file, () => readSync(input, part, at, part.length - at, start + at));
      if (read === 0) throw new Error(`the file ended at ${start + at}`);
      at += read;
    }
    return part.buffer;
  },
});
