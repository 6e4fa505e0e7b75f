import { readText, writeText } from "../base/files.ts";
import { InvalidFileError } from "../base/json.ts";
import { oneLine } from "../base/words.ts";
import type { Bundle } from "./bundle.ts";
import { parseSignatures } from "./signatures.ts";
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

/** Bytes that an order, a bundle or signatures have at most. */
export const MOST_BYTES = 2 ** 20;

/** The text of a file that people exchange. Its name is printed, so it must not be more than a name. */
function paper(path: string): Promise<string> {
  if (oneLine(path) === path) return readText(path, MOST_BYTES);
  throw new InvalidFileError(path, [{ field: "", reason: "needs a name of visible characters, in one line" }]);
}

/** Reads a `*.order.json`. */
export const readOrderFile = async (path: string): Promise<OrderFile> => parseOrderFile(await paper(path), path);

/** Writes a `*.order.json`, if it can be read again. */
export const writeOrderFile = (path: string, file: OrderFile): Promise<void> =>
  writeText(path, serializeOrderFile(file, path));

/** Reads a `*.bundle.json`. */
export const readBundleFile = async (path: string): Promise<Bundle> => parseBundleFile(await paper(path), path);

/** Writes a `*.bundle.json`, if it can be read again. */
export const writeBundleFile = (path: string, bundle: Bundle): Promise<void> =>
  writeText(path, serializeBundleFile(bundle, path));

/** Reads a `*.sig.json`. */
export const readSignatureFile = async (path: string): Promise<SignatureFile> =>
  parseSignatureFile(await paper(path), path);

/** Writes a `*.sig.json`, if it can be read again. */
export const writeSignatureFile = (path: string, file: SignatureFile): Promise<void> =>
  writeText(path, serializeSignatureFile(file, path));

/** Reads the signatures of a `*.sig.json`, one or merged. */
export const readSignatures = async (path: string): Promise<SignatureFile[]> =>
  parseSignatures(await paper(path), path);
