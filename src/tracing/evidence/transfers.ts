import { closeSync, openSync } from "node:fs";
import type { Transfers } from "../transfers.ts";
import { writeTransferRows } from "../transfersFile.ts";

/** Transfers that were read from a node are part of the evidence: there is no file of them elsewhere. */
export const TRANSFERS_FILE = "transfers.csv";

/** Writes all transfers as CSV in our own columns. */
export function writeTransfers(file: string, transfers: Transfers): void {
  const out = openSync(file, "wx");
  try {
    writeTransferRows(out, rowsOf(transfers));
  } finally {
    closeSync(out);
  }
}

function* rowsOf(transfers: Transfers) {
  const { accounts, block, logIndex, from, to, count } = transfers;
  for (let row = 0; row < count; row++) {
    yield {
      ...{ block: block[row]!, logIndex: logIndex[row]!, hash: transfers.hash(row) },
      ...{ from: accounts.address(from[row]!), to: accounts.address(to[row]!), value: transfers.value(row) },
    };
  }
}
