import path from "node:path";
import { writeEvidence } from "../tracing/evidence/write.ts";
import type { Traced } from "./traced.ts";

/**
 * Writes the evidence of each asset to `trace/SYMBOL`.
 * @param place where the folder will lie, if it is moved when all is written.
 * @throws FolderNotEmptyError, FileAccessError
 */
export async function writeTraces(dir: string, { evidence }: Traced, version: string, place = dir): Promise<void> {
  for (const [symbol, input] of evidence) {
    const at = (folder: string) => path.join(folder, "trace", symbol);
    await writeEvidence(at(dir), { ...input, version }, at(place));
  }
}
