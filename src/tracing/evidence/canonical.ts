import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

/** What canonical JSON can hold here: no fractions, nothing undefined. Amounts are decimal strings. */
export type Canonical = string | number | boolean | null | readonly Canonical[] | { readonly [key: string]: Canonical };

/** JSON by RFC 8785: keys in order of UTF-16 code units, no space, so that equal content has equal bytes. */
export function canonicalJson(value: Canonical): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new RangeError(`${value} is no whole number that JSON holds exactly`);
  }
  // A lone surrogate has no UTF-8: it becomes what a decoder would put in its place.
  return JSON.stringify(typeof value === "string" ? value.toWellFormed() : value);
}

/** SHA-256 in lower-case hexadecimal, without 0x. */
export const sha256Of = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** The same of a file of any size. */
export function sha256OfFile(file: string): string {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const input = openSync(file, "r");
  try {
    for (let read = 0; (read = readSync(input, buffer)) > 0;) hash.update(buffer.subarray(0, read));
  } finally {
    closeSync(input);
  }
  return hash.digest("hex");
}

const CHUNK_BYTES = 1 << 20;

const isList = (value: Canonical): value is readonly Canonical[] => Array.isArray(value);
