import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { accessed, isSystemError, makeFolder } from "../../base/files.ts";

/** There is something in a folder of results: nothing is written over or mixed. Exit code 64. */
export class FolderNotEmptyError extends SequesterError {
  override name = "FolderNotEmptyError";
  constructor(dir: string, entries: readonly string[]) {
    const more = entries.length - MOST_NAMED;
    const named = entries.slice(0, MOST_NAMED).join(", ");
    super(`The results cannot be written to ${dir}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${named}${more > 0 ? ` and ${more} more` : ""}`, "needs: an empty folder, or none yet"],
    });
  }
}

const MOST_NAMED = 3;

/** Refuses a folder that has anything in it. @throws FolderNotEmptyError, FileAccessError */
export function needEmpty(dir: string): void {
  const entries = accessed(dir, () => entriesOf(dir), "a folder that can be written, empty, or none yet");
  if (entries.length > 0) throw new FolderNotEmptyError(dir, entries.sort());
}

function entriesOf(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (cause) {
    if (isSystemError(cause) && cause.code === "ENOENT") return [];
    throw cause;
  }
}

/**
 * Lets `fill` write into a folder beside `dir`, which takes its name when all is written: whoever is stopped before leaves
 * nothing behind. @throws FolderNotEmptyError, FileAccessError, and what `fill` throws
 */
export async function writeWhole(dir: string, fill: (part: string) => void | Promise<void>): Promise<void> {
  needEmpty(dir);
  const target = path.resolve(dir);
  const needs = "a folder that can be written";
  makeFolder(path.dirname(target));
  const holder = accessed(dir, () => mkdtempSync(path.join(path.dirname(target), `.${path.basename(target)}-`)), needs);
  const clear = () => rmSync(holder, { recursive: true, force: true });
  // Whoever cancels ends the process here and now.
  process.once("exit", clear);
  // A temporary folder is its maker's alone; what takes the name is like any other one.
  const part = path.join(holder, "part");
  try {
    accessed(dir, () => mkdirSync(part), needs);
    await fill(part);
    needEmpty(dir);
    const name = () => {
      // A rename onto an empty folder is not everywhere one step.
      rmdirIfThere(target);
      renameSync(part, target);
    };
    accessed(dir, name, needs);
  } finally {
    clear();
    process.off("exit", clear);
  }
}

function rmdirIfThere(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (cause) {
    if (!isSystemError(cause) || cause.code !== "ENOENT") throw cause;
  }
}
