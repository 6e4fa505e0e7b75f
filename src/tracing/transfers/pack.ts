import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../base/files.ts";

/** Kinds of arrays that a packed file has. Their bytes are little-endian. */
const KINDS = { Uint8Array, Uint32Array, Int32Array, Float64Array, BigUint64Array } as const;

type Kind = keyof typeof KINDS;
export type PackedArray = Uint8Array | Uint32Array | Int32Array | Float64Array | BigUint64Array;

/** A description as JSON, and arrays of numbers. */
export interface Packed<T> {
  readonly header: T;
  readonly arrays: readonly PackedArray[];
}

const ALIGNMENT = 8;
const HASH_BYTES = 32;

/** The bytes of a packed file, in parts; the last one is the SHA-256 of those before it. */
export function pack<T>({ header, arrays }: Packed<T>): { parts: readonly Uint8Array[]; sha256: string } {
  const shapes = arrays.map((array) => [array.constructor.name, array.length]);
  const text = Buffer.from(JSON.stringify({ header, arrays: shapes }));
  const length = Buffer.alloc(ALIGNMENT);
  length.writeUInt32LE(text.length);
  const parts = [length, padded(text)];
  for (const array of arrays) parts.push(padded(Buffer.from(array.buffer, array.byteOffset, array.byteLength)));
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  const digest = hash.digest();
  return { parts: [...parts, digest], sha256: digest.toString("hex") };
}

/** Writes a packed file so that it stands there whole or not at all, whatever happens meanwhile. */
export function writePacked(file: string, parts: readonly Uint8Array[]): void {
  makeFolder(path.dirname(file));
  const unfinished = `${file}.part`;
  const out = openSync(unfinished, "w");
  try {
    for (const part of parts) writeAll(out, part);
    fsyncSync(out);
  } finally {
    closeSync(out);
  }
  renameSync(unfinished, file);
}

/** Undefined where there is no such file, or one that is cut or changed: it is to be made anew. */
export function readPacked<T>(file: string): (Packed<T> & { readonly sha256: string }) | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const end = bytes.length - HASH_BYTES;
  if (end < ALIGNMENT) return undefined;
  const digest = createHash("sha256").update(bytes.subarray(0, end)).digest();
  if (!digest.equals(bytes.subarray(end))) return undefined;
  const length = bytes.readUInt32LE();
  const { header, arrays: shapes } = JSON.parse(bytes.toString("utf8", ALIGNMENT, ALIGNMENT + length)) as {
    header: T;
    arrays: [Kind, number][];
  };
  let at = ALIGNMENT + aligned(length);
  const arrays = shapes.map(([kind, count]) => {
    const array = new KINDS[kind](count);
    bytes.copy(new Uint8Array(array.buffer), 0, at, at + array.byteLength);
    at += aligned(array.byteLength);
    return array;
  });
  return { header, arrays, sha256: digest.toString("hex") };
}

const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

function padded(bytes: Buffer): Buffer {
  const missing = aligned(bytes.length) - bytes.length;
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
}

function writeAll(out: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(out, bytes, written);
}
