import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { accessed, bytesNow, FileAccessError, makeFolder } from "./files.ts";
import { bigintsAsText, parseJson } from "./json.ts";
import type { z } from "./zod.ts";

/** Reads a JSON file; `needs` says in the error what should be there. @throws FileAccessError, InvalidFileError */
export async function readJson<T>(file: string, schema: z.ZodType<T>, needs: string): Promise<T> {
  return parseJson(accessed(file, () => bytesNow(file), needs).toString(), file, schema);
}

/** Writes JSON, whole or not at all, and its folder if it is missing. Bigints become decimal strings. @throws FileAccessError */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, bigintsAsText, 2);
  makeFolder(path.dirname(file));
  try {
    await writeFile(`${file}.new`, `${text}\n`);
    await rename(`${file}.new`, file);
  } catch (cause) {
    throw new FileAccessError(file, "a place that can be written", cause);
  }
}
