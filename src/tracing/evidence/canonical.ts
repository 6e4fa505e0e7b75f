import { createHash } from "node:crypto";

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

const isList = (value: Canonical): value is readonly Canonical[] => Array.isArray(value);
