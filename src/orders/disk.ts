import { readFile, writeFile } from "node:fs/promises";
import { EXIT, SequesterError } from "../errors.ts";
import type { Bundle } from "./bundle.ts";
import {
  parseBundleFile,
  parseOrderFile,
  parseSignatureFile,
  serializeBundleFile,
  serializeOrderFile,
  serializeSignatureFile,
  type OrderFile,
  type SignatureFile,
} from "./files.ts";

/** A file that cannot be read or written. Exit code 64. */
export class FileAccessError extends SequesterError {
  override name = "FileAccessError";

  constructor(path: string, needs: string, cause: unknown) {
    super(`${path} cannot be used.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${(cause as Error).message}`, `needs: ${needs}`],
      cause,
    });
  }
}

/** Reads a `*.order.json`. */
export const readOrderFile = async (path: string): Promise<OrderFile> => parseOrderFile(await readText(path), path);

/** Writes a `*.order.json`, if it can be read again. */
export const writeOrderFile = (path: string, file: OrderFile): Promise<void> =>
  writeText(path, serializeOrderFile(file, path));

/** Reads a `*.bundle.json`. */
export const readBundleFile = async (path: string): Promise<Bundle> => parseBundleFile(await readText(path), path);

/** Writes a `*.bundle.json`, if it can be read again. */
export const writeBundleFile = (path: string, bundle: Bundle): Promise<void> =>
  writeText(path, serializeBundleFile(bundle, path));

/** Reads a `*.sig.json`. */
export const readSignatureFile = async (path: string): Promise<SignatureFile> =>
  parseSignatureFile(await readText(path), path);

/** Writes a `*.sig.json`, if it can be read again. */
export const writeSignatureFile = (path: string, file: SignatureFile): Promise<void> =>
  writeText(path, serializeSignatureFile(file, path));

/** Reads a text file. Throws FileAccessError. */
export const readText = (path: string): Promise<string> =>
  readFile(path, "utf8").catch((cause: unknown) => {
    throw new FileAccessError(path, "a file that can be read", cause);
  });

/** Writes a text file. Throws FileAccessError. */
export const writeText = (path: string, text: string): Promise<void> =>
  writeFile(path, text).catch((cause: unknown) => {
    throw new FileAccessError(path, "a place that can be written", cause);
  });
