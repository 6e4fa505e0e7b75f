import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { createInterface } from "node:readline";

/** SHA-256 of a file in hexadecimal. */
export function hashOf(file: string): string {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, 1 + statSync(file).size));
  const input = openSync(file, "r");
  try {
    for (let read = 0; (read = readSync(input, buffer)) > 0;) hash.update(buffer.subarray(0, read));
  } finally {
    closeSync(input);
  }
  return hash.digest("hex");
}

const CHUNK_BYTES = 1 << 20;

/** Rows of a CSV or Parquet file as texts, the header first. */
export function rowsOf(file: string): AsyncGenerator<string[]> {
  return isParquet(file) ? parquetRows(file) : csvRows(file);
}

function isParquet(file: string): boolean {
  const head = Buffer.alloc(4);
  const input = openSync(file, "r");
  try {
    readSync(input, head, 0, 4, 0);
  } finally {
    closeSync(input);
  }
  return head.toString("latin1") === "PAR1";
}

async function* csvRows(file: string): AsyncGenerator<string[]> {
  let isFirst = true;
  let pending: string | undefined;
  for await (const line of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity })) {
    const begun: string = pending === undefined ? line : `${pending}\n${line}`;
    const text = isFirst ? begun.replace(/^\uFEFF/, "") : begun;
    // A field with a line break in it: a quote is still open.
    const isOpen = text.includes('"') && text.split('"').length % 2 === 0;
    pending = isOpen ? begun : undefined;
    if (isOpen || text === "") continue;
    yield text.includes('"') ? quotedCells(text) : text.split(",");
    isFirst = false;
  }
}

function quotedCells(line: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= line.length; at++) {
    let cell = "";
    if (line[at] === '"') {
      for (at += 1; at < line.length; at++) {
        if (line[at] !== '"') cell += line[at];
        else if (line[at + 1] === '"') cell += line[at++];
        else break;
      }
      at += 1;
    } else {
      const comma = line.indexOf(",", at);
      const end = comma < 0 ? line.length : comma;
      cell = line.slice(at, end);
      at = end;
    }
    cells.push(cell);
  }
  return cells;
}

async function* parquetRows(file: string): AsyncGenerator<string[]> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const source = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(source);
  const scales = new Map<string, number>();
  for (const element of metadata.schema) {
    if (element.converted_type !== "DECIMAL" && element.logical_type?.type !== "DECIMAL") continue;
    // Left alone, it would be read as a number that is not exact.
    scales.set(
      element.name,
      element.logical_type?.type === "DECIMAL" ? element.logical_type.scale : (element.scale ?? 0),
    );
    delete element.converted_type;
    delete element.logical_type;
  }
  let header: string[] | undefined;
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const rows = await parquetReadObjects({ file: source, metadata, compressors, rowStart, rowEnd, utf8: false });
    for (const row of rows) {
      header ??= Object.keys(row);
      if (rowStart === 0 && row === rows[0]) yield header;
      yield header.map((name) => textOf(row[name], scales.get(name)));
    }
    rowStart = rowEnd;
  }
}

/** Bytes that are no text become hexadecimal with 0x; a decimal of a column that has a scale gets its point. */
function textOf(value: unknown, scale: number | undefined): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return String(Math.floor(value.getTime() / 1000));
  if (scale !== undefined) return pointed(value instanceof Uint8Array ? signed(value) : BigInt(value as bigint), scale);
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return String(value);
  if (!(value instanceof Uint8Array)) return JSON.stringify(value);
  if (value.every((byte) => byte >= 32 && byte < 127)) return Buffer.from(value).toString("latin1");
  return `0x${Buffer.from(value).toString("hex")}`;
}

const signed = (bytes: Uint8Array): bigint =>
  bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString("hex")}`));

function pointed(units: bigint, scale: number): string {
  if (scale === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
