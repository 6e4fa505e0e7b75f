import { z } from "../base/zod.ts";
import { checked, InvalidFileError, jsonIn } from "../base/json.ts";
import { officerId } from "./approvals.ts";
import { signatureFields, parseSignatureFile, SIGNATURE_SCHEMA, type SignatureFile } from "./files.ts";

const SCHEMA = "sequester.signatures/1";

const head = z.looseObject({ schema: z.enum([SIGNATURE_SCHEMA, SCHEMA]) });
const several = z.strictObject({
  schema: z.literal(SCHEMA),
  signatures: z.array(z.strictObject(signatureFields)).min(1),
});

/**
 * Reads the text of a `*.sig.json`: one officer's signature, or many that were merged; `file` is its name in errors.
 * @throws InvalidFileError naming the fields at fault.
 */
export function parseSignatures(text: string, file: string): SignatureFile[] {
  const json = jsonIn(text, file);
  if (checked(head, json, file).schema === SIGNATURE_SCHEMA) return [parseSignatureFile(text, file)];
  const { signatures } = checked(several, json, file);
  const sorted = inOrder(signatures);
  if (sorted.length === signatures.length && sorted.every((it, i) => it === signatures[i])) return signatures;
  const reason = "needs each once, ascending by digest, officer and signature, as `order merge` writes them";
  throw new InvalidFileError(file, [{ field: "signatures", reason }]);
}

/** The one text of these signatures, in whatever order and however often they come. Throws what `parseSignatures` throws. */
export function serializeSignatures(signatures: Iterable<SignatureFile>, file = "signatures"): string {
  const content = inOrder([...signatures]).map(({ digest, signer, signature, safe }) => ({
    digest,
    signer,
    signature,
    safe,
  }));
  const text = `${JSON.stringify({ schema: SCHEMA, signatures: content }, null, 2)}\n`;
  parseSignatures(text, file);
  return text;
}

/** Each once, by digest, officer and signature. */
function inOrder(signatures: readonly SignatureFile[]): SignatureFile[] {
  const byKey = new Map<string, SignatureFile>();
  for (const it of signatures) {
    const safe = it.safe === undefined ? "" : ` ${it.safe.chainId} ${it.safe.address}`;
    const key = `${it.digest}${officerId(it.signer)}${it.signature}${safe}`.toLowerCase();
    if (!byKey.has(key)) byKey.set(key, it);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it);
}
