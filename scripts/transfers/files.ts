import { closeSync, openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { accessed, makeFolder, writeNew } from "../../src/base/files.ts";
import { generateTransfers, type GenerateOptions } from "./generate.ts";
import { writeTransferRows } from "../../src/tracing/transfers/file.ts";

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
  makeFolder(folder);
  writeNew(files.stops, jsonOf(stops));
  // Taken now, filled when the last transfer is known.
  writeNew(files.seeds, "");
  const out = accessed(file, () => openSync(file, "wx"), "a name that is not taken, in a folder that can be written");
  try {
    writeTransferRows(out, rows);
  } finally {
    closeSync(out);
  }
  writeFileSync(files.seeds, jsonOf(seeds));
  return files;
}

const jsonOf = (list: readonly unknown[]): string => `${JSON.stringify(list, null, 2)}\n`;
