import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FileAccessError } from "../../orders/disk.ts";
import { generateTransfers, type GenerateOptions } from "../generate.ts";
import { writeTransferRows } from "../transfersFile.ts";

/** What was written. */
export interface GeneratedFiles {
  readonly transfers: string;
  readonly seeds: string;
  readonly stops: string;
}

/**
 * Writes generated transfers as CSV, and beside them `seeds.json` and `stops.json`. Takes no more memory for more
 * transfers. Nothing that is there is written over.
 * @throws GeneratorRefusedError, FileAccessError
 */
export function writeGenerated(options: GenerateOptions, file: string): GeneratedFiles {
  const folder = path.dirname(file);
  const files = { transfers: file, seeds: path.join(folder, "seeds.json"), stops: path.join(folder, "stops.json") };
  const { rows, seeds, stops } = generateTransfers(options);
  newFile(files.stops, () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(files.stops, jsonOf(stops), { flag: "wx" });
  });
  // Taken now, filled when the last transfer is known.
  newFile(files.seeds, () => writeFileSync(files.seeds, "", { flag: "wx" }));
  const out = newFile(files.transfers, () => openSync(file, "wx"));
  try {
    writeTransferRows(out, rows);
  } finally {
    closeSync(out);
  }
  writeFileSync(files.seeds, jsonOf(seeds));
  return files;
}

function newFile<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw new FileAccessError(file, "a name in a folder that can be written, which is not taken", cause);
  }
}

const jsonOf = (list: readonly unknown[]): string => `${JSON.stringify(list, null, 2)}\n`;
