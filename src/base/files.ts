import { countOf } from "./words.ts";
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { getSystemErrorMap } from "node:util";
import { EXIT, SequesterError } from "./errors.ts";

/** A file or folder that cannot be read or written. Exit code 64. */
export class FileAccessError extends SequesterError {
  override name = "FileAccessError";

  constructor(path: string, needs: string, cause: unknown) {
    super(`${path} cannot be used.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${reasonOf(cause)}`, `needs: ${needs}`],
      cause,
    });
  }
}

/** A file of more bytes than one of its kind has. Exit code 64. */
export class FileTooLargeError extends SequesterError {
  override name = "FileTooLargeError";

  constructor(path: string, most: number) {
    super(`${path} is too large.`, {
      code: EXIT.usage,
      metaMessages: [`has: more than ${countOf(most, "byte")}`, `needs: ${countOf(most, "byte")} or less`],
    });
  }
}

/** What the system's errors about files mean to who named the file. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: "a place that this user may not use",
  EBUSY: "a file or folder that something else uses",
  EEXIST: "a file or folder of this name, which is not written over",
  EISDIR: "a folder, where a file is meant",
  ELOOP: "links that lead in a circle",
  EMFILE: "too many open files",
  ENAMETOOLONG: "a name that is too long",
  ENOENT: "no such file or folder",
  ENOSPC: "a disk without space",
  ENOTDIR: "a file, where a folder is meant",
  ENOTEMPTY: "a folder that is not empty",
  EPERM: "a place that the system lets nobody change",
  EROFS: "a disk that can only be read",
};

/** Whether the operating system refused something. */
export const isSystemError = (cause: unknown): cause is NodeJS.ErrnoException & { code: string; errno: number } =>
  cause instanceof Error && "errno" in cause && typeof cause.errno === "number";

/** Why something failed, where the operating system refused it: in plain words. */
export function reasonOf(cause: unknown): string {
  if (isSystemError(cause)) return WORDS[cause.code] ?? getSystemErrorMap().get(cause.errno)?.[1] ?? "a system's fault";
  return cause instanceof Error ? cause.message : String(cause);
}

/** The same, with the file or folder that it was about, for who does not know it. */
export const placedReasonOf = (cause: unknown): string =>
  isSystemError(cause) && cause.path !== undefined ? `${cause.path}: ${reasonOf(cause)}` : reasonOf(cause);

/** The result of an access to a file or folder; `needs` says what should be there. @throws FileAccessError */
export function accessed<T>(path: string, access: () => T, needs = "a file that can be read"): T {
  try {
    return access();
  } catch (cause) {
    throw cause instanceof SequesterError ? cause : new FileAccessError(path, needs, cause);
  }
}

/**
 * Makes a folder, with those above it; one that is there is left as it is. Node's own `recursive` tries for ever where the
 * system makes no folders, such as in /proc. @throws FileAccessError
 */
export function makeFolder(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return;
  if (path.dirname(dir) !== dir) makeFolder(path.dirname(dir));
  accessed(dir, () => mkdirSync(dir), "a folder, or a place in which one can be made");
}

/** Writes a file that is not there yet, whole or not at all; `mode` says who may use it. @throws FileAccessError */
export function writeNew(file: string, text: string | Uint8Array, mode?: number): void {
  const write = () => {
    const out = openSync(file, "wx", mode);
    try {
      writeFileSync(out, text);
    } catch (cause) {
      rmSync(file);
      throw cause;
    } finally {
      closeSync(out);
    }
  };
  accessed(file, write, "a name that is not taken, in a folder that can be written");
}

/** Writes files that are not there yet, all of them or none; the folder is made where it is missing. @throws FileAccessError */
export function writeAllNew(dir: string, files: Iterable<readonly [file: string, text: string]>): void {
  const isNew = !existsSync(dir);
  makeFolder(dir);
  const written: string[] = [];
  try {
    for (const [file, text] of files) {
      writeNew(file, text);
      written.push(file);
    }
  } catch (cause) {
    for (const file of written) rmSync(file);
    if (isNew) rmdirSync(dir);
    throw cause;
  }
}

/** Nobody may ever write into a pipe, and a device never ends. */
export function requireEnding(path: string | URL): void {
  const kind = statSync(path);
  if (!kind.isFile() && !kind.isDirectory()) throw new Error("a pipe or a device");
}

/** The bytes of a file at once, as the system's errors tell where there are none. */
export function bytesNow(path: string | URL): Buffer {
  requireEnding(path);
  return readFileSync(path);
}

/** Reads a file of at most so many bytes, and no byte more. Throws FileAccessError, FileTooLargeError. */
export async function readBytes(path: string, most = Infinity): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    requireEnding(path);
    for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > most) throw new FileTooLargeError(path, most);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw cause instanceof SequesterError ? cause : new FileAccessError(path, "a file that can be read", cause);
  }
  return Buffer.concat(chunks);
}

/** Reads a text file of at most so many bytes. Throws FileAccessError, FileTooLargeError. */
export const readText = async (path: string, most = Infinity): Promise<string> =>
  Buffer.from(await readBytes(path, most)).toString("utf8");

/** Writes a text file. Throws FileAccessError. */
export const writeText = (path: string, text: string): Promise<void> =>
  writeFile(path, text).catch((cause: unknown) => {
    throw new FileAccessError(path, "a place that can be written", cause);
  });
