import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { accessed, makeFolder } from "../../base/files.ts";
import { sha256Of, sha256OfFile } from "../evidence/canonical.ts";
import { readTransfers, type ReadTransfers, type ReadTransfersOptions } from "./transfers.ts";
import { readTransfers as readSegments, SegmentedTransfers } from "../transfers/segmented.ts";

/** What was read besides the transfers. */
interface Kept {
  readonly key: string;
  /** SHA-256 of the rest: a file that was changed is not believed. */
  readonly sha256: string;
  readonly read: Omit<ReadTransfers, "transfers">;
}

const FILE = "read.json";

/** Folder of a work folder in which the pass keeps its state. */
export const stateFolder = (folder: string): string => path.join(folder, "state");

/**
 * Reads transfers of files, or takes them from the segments that an earlier run left in a folder, if the files are still the
 * same to the byte. What comes back is the same.
 * @throws FileAccessError for a folder that cannot be written, and what reading throws.
 */
export async function readOnce(folder: string, options: ReadTransfersOptions): Promise<ReadTransfers> {
  const { files = [], asset = null, decimals = null } = options;
  const key = sha256Of(JSON.stringify([files.map((file) => [file, hashIfThere(file)]), asset, decimals]));
  const segments = path.join(folder, "transfers");
  const kept = keptIn(folder);
  const transfers = kept?.key === key ? readSegments(segments, key) : undefined;
  if (kept !== undefined && transfers !== undefined) return { ...kept.read, transfers };
  const { transfers: fresh, ...read } = await readTransfers(options);
  makeFolder(folder);
  const keep = () => {
    new SegmentedTransfers(fresh).write(segments, key);
    const file = path.join(folder, FILE);
    writeFileSync(`${file}.new`, JSON.stringify({ key, sha256: sha256Of(JSON.stringify(read)), read } satisfies Kept));
    renameSync(`${file}.new`, file);
  };
  accessed(folder, keep, "a folder that can be written");
  return { ...read, transfers: fresh };
}

/** What is not there is for the reader to refuse. */
function hashIfThere(file: string): string | null {
  try {
    return sha256OfFile(file);
  } catch {
    return null;
  }
}

/** Undefined where nothing was kept, or not to its end. */
function keptIn(folder: string): Kept | undefined {
  try {
    const kept = JSON.parse(readFileSync(path.join(folder, FILE), "utf8")) as Kept;
    return kept.sha256 === sha256Of(JSON.stringify(kept.read)) ? kept : undefined;
  } catch {
    return undefined;
  }
}
