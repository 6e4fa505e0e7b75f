import { closeSync, openSync, writeSync } from "node:fs";
import { TRANSFER_COLUMNS } from "../generate/files.ts";
import type { Transfers } from "../transfers.ts";

/** Transfers that were read from a node are part of the evidence: there is no file of them elsewhere. */
export const TRANSFERS_FILE = "transfers.csv";

const CHUNK = 1 << 20;

/** Writes all transfers as CSV in our own columns. */
export function writeTransfers(file: string, transfers: Transfers): void {
  const { accounts, block, logIndex, from, to, count } = transfers;
  const out = openSync(file, "wx");
  try {
    let text = `${TRANSFER_COLUMNS}\n`;
    for (let row = 0; row < count; row++) {
      const [sender, receiver] = [accounts.address(from[row]!), accounts.address(to[row]!)];
      text += `${block[row]},${logIndex[row]},${transfers.hash(row) ?? ""},${sender},${receiver},${transfers.value(row)}\n`;
      if (text.length < CHUNK) continue;
      writeSync(out, text);
      text = "";
    }
    writeSync(out, text);
  } finally {
    closeSync(out);
  }
}
