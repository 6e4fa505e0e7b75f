import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import { EXIT, SequesterError } from "../../errors.ts";
import { FileAccessError } from "../../orders/disk.ts";

/** A folder of evidence is there already: nothing is written over or mixed. Exit code 64. */
export class EvidenceExistsError extends SequesterError {
  override name = "EvidenceExistsError";
  constructor(dir: string, entries: number) {
    super(`The evidence cannot be written to ${dir}.`, {
      code: EXIT.usage,
      metaMessages: [`has: a folder with ${entries} entries`, "needs: an empty folder, or none yet"],
    });
  }
}

/** Refuses a folder that has anything in it. @throws EvidenceExistsError, FileAccessError */
export function needEmpty(dir: string): void {
  let entries: string[];
  try {
    entries = readdirSync(dir);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return;
    throw new FileAccessError(dir, "a folder that can be written, empty, or none yet", cause);
  }
  if (entries.length > 0) throw new EvidenceExistsError(dir, entries.length);
}

/**
 * Lets `fill` write into a folder beside `dir`, which takes its name when all is written: whoever is stopped before leaves
 * no `dir` behind. @throws EvidenceExistsError, FileAccessError, and what `fill` throws
 */
export async function writeWhole(dir: string, fill: (part: string) => void | Promise<void>): Promise<void> {
  needEmpty(dir);
  const target = path.resolve(dir);
  const needs = "a folder that can be written";
  const holder = access(dir, needs, () => {
    mkdirSync(path.dirname(target), { recursive: true });
    return mkdtempSync(path.join(path.dirname(target), `.${path.basename(target)}-`));
  });
  // A temporary folder is its maker's alone; what takes the name is like any other one.
  const part = path.join(holder, "part");
  try {
    access(dir, needs, () => mkdirSync(part));
    await fill(part);
    needEmpty(dir);
    access(dir, needs, () => {
      // A rename onto an empty folder is not everywhere one step.
      rmdirIfThere(target);
      renameSync(part, target);
    });
  } finally {
    rmSync(holder, { recursive: true, force: true });
  }
}

function rmdirIfThere(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  }
}

function access<T>(dir: string, needs: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    throw new FileAccessError(dir, needs, cause);
  }
}
