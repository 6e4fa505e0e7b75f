import { getAddress, isAddress, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "./errors.ts";
import { isTimeZone, LANGUAGES } from "./languages.ts";
import { oneLine } from "./words.ts";
import { z } from "./zod.ts";

/** A file that is not what it should be: which, and field by field why. Exit code 64. */
export class InvalidFileError extends SequesterError {
  override name = "InvalidFileError";
  readonly file: string;
  readonly fields: readonly string[];

  constructor(file: string, faults: readonly { field: string; reason: string }[], cause?: unknown) {
    const metaMessages = faults.map(({ field, reason }) => `${field || "the file"}: ${reason}`);
    super(`${file} is refused.`, { code: EXIT.usage, metaMessages, cause });
    this.file = file;
    this.fields = faults.map(({ field }) => field);
  }
}

export const addressField = z
  .string()
  .refine(
    (value) => isAddress(value) && getAddress(value) === value,
    "needs an address, in mixed case with a right checksum",
  )
  .transform((value) => value as Address);

/** `length` bytes, any number of them unless told. */
export const hexField = (length?: number) =>
  z
    .string()
    .regex(
      length === undefined ? /^0x([0-9a-f]{2})*$/ : new RegExp(`^0x[0-9a-f]{${2 * length}}$`),
      `needs ${length ?? "whole"} bytes in lower case hexadecimal, with 0x`,
    )
    .transform((value) => value as Hex);

/** A name of the time zone database. */
export const timeZoneField = z
  .string()
  .refine(isTimeZone, 'needs a time zone by its name in the time zone database, like "Asia/Almaty"');

/** A text that stands in a line of others: it ends none, moves no cursor, and all of it is seen. */
export const lineField = z
  .string()
  .refine((text) => oneLine(text) === text, "needs one line, without characters that are not seen");

/** One text in some of the languages that orders are told in, each in one line. */
export const textsField = z
  .partialRecord(z.enum(LANGUAGES), lineField.trim().min(1).max(1000))
  .refine(
    (texts) => Object.keys(texts).length > 0,
    `needs a text in one of the languages ${LANGUAGES.join(", ")} at least`,
  );

/** Checks the text of a JSON file against its schema; `file` is its name in errors. @throws InvalidFileError */
export const parseJson = <T>(text: string, file: string, schema: z.ZodType<T>): T =>
  checked(schema, jsonIn(text, file), file);

/** What of a JSON file its schema makes of it. @throws InvalidFileError */
export function checked<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => ({ field: pathOf(path), reason: message }));
  throw new InvalidFileError(file, faults, result.error);
}

const pathOf = (path: readonly PropertyKey[]) =>
  path.reduce<string>((field, key) => {
    if (typeof key === "number") return `${field}[${key}]`;
    return field === "" ? String(key) : `${field}.${String(key)}`;
  }, "");

/** For JSON.stringify, which knows no bigints. */
export const bigintsAsText = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? String(value) : value;

/** The JSON of a file that has each key once. @throws InvalidFileError */
export function jsonIn(text: string, file: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    refuseTwins(text, file);
    return json;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new InvalidFileError(file, [{ field: "", reason: `is no JSON: ${cause.message}` }], cause);
  }
}

/** Of two equal keys one program takes the first and another the last. */
function refuseTwins(text: string, file: string): void {
  const open: Set<string>[] = [];
  for (const { 0: token, 1: key, index } of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") open.push(new Set());
    if (token === "}") open.pop();
    if (key === undefined) continue;
    const name = JSON.parse(key) as string;
    if (open.at(-1)!.has(name)) {
      const line = text.slice(0, index).split("\n").length;
      throw new InvalidFileError(file, [{ field: name, reason: `comes twice, the second time in line ${line}` }]);
    }
    open.at(-1)!.add(name);
  }
}
