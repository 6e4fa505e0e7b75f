import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { accessed } from "../../base/files.ts";
import { BROKEN, CsvRecord, GOES_ON } from "./record.ts";
import { RowRefusedError, shown } from "./refused.ts";

/** Bytes that are read at a time unless told. */
export const CHUNK_BYTES = 1 << 22;
/** Bytes of a row at most. */
const MOST_ROW = 1 << 20;

/** A file that was read to its end. */
export interface FileEnd {
  /** In hexadecimal without 0x. */
  readonly sha256: string;
  readonly bytes: number;
  /** Line of a last row that no line break ends; undefined where one does. */
  readonly openEnd: number | undefined;
}

/**
 * Gives each row of a CSV file but blank ones to `take`, with its line. Takes no more memory for a larger file.
 * @throws FileAccessError, RowRefusedError
 */
export function readCsv(
  file: string,
  take: (record: CsvRecord, line: number) => void,
  chunkBytes: number = CHUNK_BYTES,
): FileEnd {
  const input = accessed(file, () => openSync(file, "r"));
  try {
    const hash = createHash("sha256");
    const record = new CsvRecord();
    const buffer = Buffer.allocUnsafe(chunkBytes + MOST_ROW);
    let [held, total, line] = [0, 0, 1];
    let openEnd: number | undefined;
    for (let isLast = false; !isLast;) {
      const read = accessed(file, () => readSync(input, buffer, held, chunkBytes, null));
      hash.update(buffer.subarray(held, held + read));
      isLast = read === 0;
      const end = held + read;
      let at = total === held && end >= BOM.length && BOM.equals(buffer.subarray(0, BOM.length)) ? BOM.length : 0;
      // A beginning of fewer bytes may still become a byte order mark.
      const tooShort = total === held && end < BOM.length && !isLast;
      total += read;
      while (at < end && !tooShort) {
        const next = record.read(buffer, at, end, isLast);
        if (next === GOES_ON) break;
        if (next === BROKEN) throw broken(file, line, buffer.toString("utf8", at, Math.min(end, at + 200)));
        if (isLast && buffer[next - 1] !== LINE_FEED) openEnd = line;
        if (!record.isBlank) take(record, line);
        line += record.lines;
        at = next;
      }
      held = end - at;
      if (held > MOST_ROW) throw broken(file, line, buffer.toString("utf8", at, at + 200));
      buffer.copyWithin(0, at, end);
    }
    return { sha256: hash.digest("hex"), bytes: total, openEnd };
  } finally {
    closeSync(input);
  }
}

const LINE_FEED = 10;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

function broken(file: string, line: number, has: string): RowRefusedError {
  const needs = `quoted fields that end with their quote, at most 1,024 fields, at most ${MOST_ROW} bytes`;
  return new RowRefusedError({ file, line }, "it is no row of a CSV file", shown(has), needs);
}
