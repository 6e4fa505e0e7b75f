import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { EXIT, SequesterError } from "../base/errors.ts";
import { accessed, isSystemError, makeFolder } from "../base/files.ts";

/** Another run works in the folder. Exit code 64. */
export class BusyFolderError extends SequesterError {
  override name = "BusyFolderError";
  constructor(file: string, by: string) {
    super("Another run works in the folder of this deployment.", {
      code: EXIT.usage,
      metaMessages: [`who: ${file}`, `has: ${by}`, "needs: its end; if there is no such process, remove the file"],
    });
  }
}

/** Files of this process's own runs. */
const held = new Set<string>();

/**
 * Works in a deployment's folder as the only run, since two would sign for one nonce and write one journal. A run that was
 * killed holds nobody up. @throws BusyFolderError, FileAccessError
 */
export async function aloneIn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  makeFolder(folder);
  const file = path.join(folder, "run.lock");
  accessed(file, () => take(file), "a folder that can be written");
  try {
    return await work();
  } finally {
    held.delete(path.resolve(file));
    rmSync(file, { force: true });
  }
}

function take(file: string): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `process ${process.pid} on ${os.hostname()}\n`);
  try {
    // A link is there with its content or not at all.
    while (!linked(own, file)) {
      const by = readOr(file);
      if (by === undefined) continue;
      if (works(by, file)) throw new BusyFolderError(file, by.trim());
      renameSync(file, `${own}.left`);
      // Somebody else may have taken its place meanwhile.
      if (readOr(`${own}.left`) !== by) linked(`${own}.left`, file);
      rmSync(`${own}.left`);
    }
    held.add(path.resolve(file));
  } finally {
    rmSync(own, { force: true });
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (fault) {
    if (isSystemError(fault) && fault.code === "EEXIST") return false;
    throw fault;
  }
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (fault) {
    if (isSystemError(fault) && fault.code === "ENOENT") return undefined;
    throw fault;
  }
}

/** Whether the process that a lock names is still there; of another machine nobody here can tell. */
function works(by: string, file: string): boolean {
  const [, pid, host] = /^process (\d+) on (.*)\n$/.exec(by) ?? [];
  if (pid === undefined || host !== os.hostname()) return true;
  if (Number(pid) === process.pid) return held.has(path.resolve(file));
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (fault) {
    return !(isSystemError(fault) && fault.code === "ESRCH");
  }
}
