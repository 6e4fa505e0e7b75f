import type { AsyncBuffer, ColumnMetaData } from "hyparquet";
import { deserializeTCompactProtocol } from "hyparquet/src/thrift.js";
import { countOf } from "../../base/words.ts";

/** Bytes that a page may become when it is unpacked. */
const MOST_UNPACKED = 2 ** 30;

/** Fields of a page's header, by the numbers that Parquet's format gives them. */
interface PageHeader {
  readonly field_1?: unknown;
  readonly field_2?: unknown;
  readonly field_3?: unknown;
  readonly field_5?: { readonly field_1?: unknown };
  readonly field_8?: { readonly field_1?: unknown };
}

const DATA_PAGE = 0;
const DATA_PAGE_V2 = 3;

/**
 * Checks the chain of pages of a column of a row group before the library follows it: one that is spoilt would be followed
 * for ever, or unpacked into more than there is memory.
 * @throws Error that says what is wrong
 */
export async function checkPages(buffer: AsyncBuffer, column: ColumnMetaData, rows: number): Promise<void> {
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  const bytes = await buffer.slice(start, start + Number(column.total_compressed_size));
  const reader = { view: new DataView(bytes), offset: 0 };
  const name = column.path_in_schema.join(".");
  let values = 0;
  while (reader.offset < bytes.byteLength) {
    const header = deserializeTCompactProtocol(reader) as PageHeader;
    const [unpacked, packed] = [header.field_2, header.field_3];
    if (!isSize(unpacked) || !isSize(packed) || packed > bytes.byteLength - reader.offset || unpacked > MOST_UNPACKED) {
      throw new Error(`a page of the column ${name} has no size that can be`);
    }
    reader.offset += packed;
    if (header.field_1 !== DATA_PAGE && header.field_1 !== DATA_PAGE_V2) continue;
    const count = header.field_1 === DATA_PAGE ? header.field_5?.field_1 : header.field_8?.field_1;
    if (!isSize(count)) throw new Error(`a page of the column ${name} has no count of values`);
    values += count;
  }
  if (values !== rows) throw new Error(`the column ${name} has ${countOf(values, "value")} in a row group of ${rows}`);
}

const isSize = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value) && value >= 0;
