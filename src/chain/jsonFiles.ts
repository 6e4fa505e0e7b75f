import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { getAddress, isAddress, type Hex } from "viem";
import { z } from "zod";
import { FileAccessError } from "../orders/disk.ts";
import { InvalidFileError } from "../orders/files.ts";

export const addressField = z
  .string()
  .refine((value) => isAddress(value), "needs an address, in mixed case with a right checksum")
  .transform((value) => getAddress(value));

/** `length` bytes, any number of them unless told. */
export const hexField = (length?: number) =>
  z
    .string()
    .regex(
      length === undefined ? /^0x([0-9a-f]{2})*$/ : new RegExp(`^0x[0-9a-f]{${2 * length}}$`),
      `needs ${length ?? "whole"} bytes in lower case hexadecimal, with 0x`,
    )
    .transform((value) => value as Hex);

/** Checks the text of a JSON file against its schema; `file` is its name in errors. @throws InvalidFileError */
export function parseJson<T>(text: string, file: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InvalidFileError(file, [{ field: "", reason: `is no JSON: ${(cause as Error).message}` }], cause);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => ({ field: path.join("."), reason: message }));
  throw new InvalidFileError(file, faults, result.error);
}

/** Reads a JSON file; `needs` says in the error what should be there. @throws FileAccessError, InvalidFileError */
export async function readJson<T>(file: string, schema: z.ZodType<T>, needs: string): Promise<T> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new FileAccessError(file, needs, cause);
  });
  return parseJson(text, file, schema);
}

/** Writes JSON, whole or not at all, and its folder if it is missing. Bigints become decimal strings. @throws FileAccessError */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? String(item) : item), 2);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(`${file}.new`, `${text}\n`);
    await rename(`${file}.new`, file);
  } catch (cause) {
    throw new FileAccessError(file, "a place that can be written", cause);
  }
}
