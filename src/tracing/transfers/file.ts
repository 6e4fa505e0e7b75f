import { writeSync } from "node:fs";
import type { TransferRow } from "./row.ts";

/** Header of the files of transfers that are our own. */
export const TRANSFER_COLUMNS = "block_number,log_index,transaction_hash,from,to,value";

type Row = Omit<TransferRow, "time">;

/** A line of such a file, without its end. */
export const transferLine = ({ block, logIndex, hash, from, to, value }: Row): string =>
  `${block},${logIndex},${hash ?? ""},${from},${to},${value}`;

/** Characters that are gathered before they are written. */
const CHUNK = 1 << 20;

/** Writes transfers as CSV in our own columns to an open file, in no more memory for more of them. */
export function writeTransferRows(out: number, rows: Iterable<Row>): void {
  let text = `${TRANSFER_COLUMNS}\n`;
  for (const row of rows) {
    text += `${transferLine(row)}\n`;
    if (text.length < CHUNK) continue;
    writeSync(out, text);
    text = "";
  }
  writeSync(out, text);
}
