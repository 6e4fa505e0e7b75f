import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { InputRefusedError } from "../../../src/operation/folder/readOperation.ts";
import type { Fault } from "../../../src/operation/folder/faults.ts";
import { writeOperationFiles, type OperationFiles } from "../../../src/operation/folder/writeOperation.ts";

const made: string[] = [];

export function temporaryFolder(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), "sequester-"));
  made.push(dir);
  return dir;
}

export function removeTemporaryFolders(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true });
}

export function folderOf(files: OperationFiles): string {
  const dir = temporaryFolder();
  writeOperationFiles(dir, files);
  return dir;
}

/** The faults for which `read` refuses its input, with exit code 64; none if it takes it. */
export function refusal(read: () => unknown): readonly Fault[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InputRefusedError && error.code === 64) return error.faults;
    throw error;
  }
}
