import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { needEmpty } from "../tracing/evidence/folder.ts";
import { MANIFEST_FILE } from "../tracing/evidence/manifest.ts";
import { writeEvidence } from "../tracing/evidence/write.ts";
import type { Operation } from "./operation.ts";
import type { Traced } from "./traced.ts";

const folderOf = (dir: string, symbol: string): string => path.join(dir, "trace", symbol);

/**
 * Refuses results in which there is something in the place of a trace's evidence that is no evidence: a run does not end
 * with that news. @throws EvidenceExistsError, FileAccessError
 */
export function needPlaces(dir: string, { trace }: Operation): void {
  for (const { asset } of trace?.assets ?? []) {
    const folder = folderOf(dir, asset.symbol);
    if (!existsSync(path.join(folder, MANIFEST_FILE))) needEmpty(folder);
  }
}

/** Writes the evidence of each asset to `trace/SYMBOL`, over that of an earlier run. @throws FileAccessError */
export async function writeTraces(dir: string, { evidence }: Traced, version: string): Promise<void> {
  for (const [symbol, input] of evidence) {
    const folder = folderOf(dir, symbol);
    if (existsSync(path.join(folder, MANIFEST_FILE))) rmSync(folder, { recursive: true });
    await writeEvidence(folder, { ...input, version });
  }
}
