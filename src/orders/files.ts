import { getAddress, isAddress, recoverAddress, type Address, type Hex } from "viem";
import { z } from "zod";
import { EXIT, SequesterError } from "../errors.ts";
import { isKeyByLength, mergeApprovals, type Approval, type IsKey } from "./approvals.ts";
import { BUNDLED, bundleOfDigests, DuplicateOrderError, type Bundle } from "./bundle.ts";
import { documentHash } from "./document.ts";
import { ORDER_TYPES, PRIMARY_TYPES, type Domain, type Order, type PrimaryType } from "./types.ts";

/** The ruling that an order rests on. */
export interface Ruling {
  /** File name, without a folder. */
  file: string;
  sha256: Hex;
}

/** The content of `*.order.json`. An order that has a document travels with what proves it; a Cancel has none. */
export interface OrderFile {
  domain: Domain;
  order: Order;
  documentSalt?: Hex | undefined;
  ruling?: Ruling | undefined;
}

/** The content of `*.sig.json`: one officer's signature over the order or bundle with this digest. */
export interface SignatureFile extends Approval {
  digest: Hex;
}

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

/** The order names another document than the ruling beside it. Exit code 3. */
export class DocumentMismatchError extends SequesterError {
  override name = "DocumentMismatchError";

  constructor(file: string, has: Hex, needs: Hex) {
    super(`${file}: the order does not rest on the ruling that the file names.`, {
      code: EXIT.verification,
      metaMessages: [`has: message.document ${has}`, `needs: ${needs}, the hash of documentSalt and ruling.sha256`],
    });
  }
}

/** A signature over another order or bundle. Exit code 3. */
export class ForeignSignatureError extends SequesterError {
  override name = "ForeignSignatureError";

  constructor(signer: Hex, has: Hex, needs: Hex) {
    super("The signature is for another order or bundle.", {
      code: EXIT.verification,
      metaMessages: [`who: ${signer}`, `has: digest ${has}`, `needs: digest ${needs}`],
    });
  }
}

/** A signature that its signer has not made. Exit code 3. */
export class WrongSignerError extends SequesterError {
  override name = "WrongSignerError";

  constructor(signer: Hex, has: string, digest: Hex) {
    super("The signature is not by its signer.", {
      code: EXIT.verification,
      metaMessages: [`who: ${signer}`, `has: ${has}`, `needs: its own signature over ${digest}`],
    });
  }
}

/** The bundle is not of the orders beside it. Exit code 3. */
export class RootMismatchError extends SequesterError {
  override name = "RootMismatchError";

  constructor(file: string, has: Hex, needs: Hex) {
    super(`${file}: the root is not that of the orders that the file lists.`, {
      code: EXIT.verification,
      metaMessages: [`has: root ${has}`, `needs: ${needs}, of the leaves in this order`],
    });
  }
}

const ORDER_SCHEMA = "sequester.order/1";
const BUNDLE_SCHEMA = "sequester.bundle/1";
const SIGNATURE_SCHEMA = "sequester.signature/1";

const address = z
  .string()
  .refine((value) => isAddress(value), "needs an address, in mixed case with a right checksum")
  .transform((value) => getAddress(value));

const bytes = (least: number, most = Infinity) =>
  z
    .string()
    .regex(/^0x([0-9a-fA-F]{2})*$/, "needs whole bytes in hexadecimal, with 0x")
    .refine(
      (value) => value.length >= 2 + 2 * least && value.length <= 2 + 2 * most,
      least === most ? `needs ${least} bytes` : `needs ${least} bytes or more`,
    )
    .transform((value) => value.toLowerCase() as Hex);

const word = bytes(32, 32);

function integer(bits: number) {
  // As in viem's types: what a number holds exactly is a number, what it may not is a decimal string.
  if (bits <= 48)
    return z
      .int()
      .min(0)
      .max(2 ** bits - 1);
  return z
    .string()
    .regex(/^(0|[1-9][0-9]{0,77})$/, "needs a decimal string")
    .transform(BigInt)
    .refine((value) => value < 2n ** BigInt(bits), `needs less than 2^${bits}`);
}

function schemaOf(type: string): z.ZodType {
  if (type.endsWith("[]")) return z.array(schemaOf(type.slice(0, -2)));
  if (type in ORDER_TYPES) return struct(type as keyof typeof ORDER_TYPES);
  if (type === "address") return address;
  if (type === "bool") return z.boolean();
  if (type === "bytes") return bytes(0);
  if (type.startsWith("bytes")) return bytes(Number(type.slice(5)), Number(type.slice(5)));
  return integer(Number(type.slice(4)));
}

function struct(name: keyof typeof ORDER_TYPES) {
  return z.strictObject(Object.fromEntries(ORDER_TYPES[name].map((field) => [field.name, schemaOf(field.type)])));
}

const domain = z.strictObject({
  name: z.literal("Sequester"),
  version: z.literal("1"),
  chainId: z.int().positive(),
  verifyingContract: address,
});

const ruling = z.strictObject({
  file: z.string().regex(/^(?!\.\.?$)[^/\\\p{Cc}]{1,255}$/u, "needs a file name without a folder"),
  sha256: word,
});

const rests = (primaryType: PrimaryType) => ORDER_TYPES[primaryType].some(({ name }) => name === "document");

const orderHead = z.looseObject({ schema: z.literal(ORDER_SCHEMA), primaryType: z.enum(PRIMARY_TYPES) });

const orderFile = (primaryType: PrimaryType) =>
  z.strictObject({
    schema: z.literal(ORDER_SCHEMA),
    domain,
    primaryType: z.literal(primaryType),
    message: struct(primaryType),
    ...(rests(primaryType) ? { documentSalt: word, ruling } : {}),
  });

const bundleFile = z
  .strictObject({
    schema: z.literal(BUNDLE_SCHEMA),
    act: z.enum(BUNDLED),
    root: word,
    count: z.int().positive(),
    leaves: z.array(word),
  })
  .refine(({ count, leaves }) => count === leaves.length, { path: ["count"], error: "needs the number of the leaves" });

const signatureFile = z.strictObject({
  schema: z.literal(SIGNATURE_SCHEMA),
  digest: word,
  signer: bytes(20),
  signature: bytes(1),
});

/**
 * Reads the text of an order file; `file` is its name in errors.
 * @throws InvalidFileError naming the fields at fault, DocumentMismatchError if the ruling is another one.
 */
export function parseOrderFile(text: string, file: string): OrderFile {
  const json = parseJson(text, file);
  const { primaryType } = check(orderHead, json, file);
  const parsed = check(orderFile(primaryType), json, file) as unknown as {
    domain: Domain;
    message: { document: Hex; salt: Hex };
    documentSalt?: Hex;
    ruling?: Ruling;
  };
  const { message, documentSalt, ruling } = parsed;
  const order = { primaryType, message } as unknown as Order;
  if (documentSalt === undefined || ruling === undefined) return { domain: parsed.domain, order };
  if (documentSalt === message.salt) {
    throw new InvalidFileError(file, [{ field: "documentSalt", reason: "needs another value than message.salt" }]);
  }
  const needs = documentHash(documentSalt, ruling.sha256);
  if (message.document !== needs) throw new DocumentMismatchError(file, message.document, needs);
  return { domain: parsed.domain, order, documentSalt, ruling };
}

/**
 * The canonical text of an order file: fields in the order of the types, bigints as decimal strings.
 * @throws what `parseOrderFile` throws, so that nothing is written that cannot be read.
 */
export function serializeOrderFile({ domain, order, documentSalt, ruling }: OrderFile, file = "order"): string {
  const text = print({
    schema: ORDER_SCHEMA,
    domain: {
      name: domain.name,
      version: domain.version,
      chainId: domain.chainId,
      verifyingContract: domain.verifyingContract,
    },
    primaryType: order.primaryType,
    message: jsonOf(order.primaryType, order.message),
    documentSalt,
    ruling: ruling && { file: ruling.file, sha256: ruling.sha256 },
  });
  parseOrderFile(text, file);
  return text;
}

/**
 * Reads the text of a `*.bundle.json`; `file` is its name in errors. The leaves are the digests of the orders, as signed.
 * @throws InvalidFileError naming the fields at fault, RootMismatchError if the root is not that of the leaves.
 */
export function parseBundleFile(text: string, file: string): Bundle {
  const { act, root, leaves } = check(bundleFile, parseJson(text, file), file);
  const bundle = bundleIn(file, act, leaves);
  if (bundle.root !== root) throw new RootMismatchError(file, root, bundle.root);
  return bundle;
}

function bundleIn(file: string, act: Bundle["act"], leaves: readonly Hex[]): Bundle {
  try {
    return bundleOfDigests(act, leaves);
  } catch (fault) {
    if (!(fault instanceof DuplicateOrderError)) throw fault;
    const field = fault.field.replace("orders", "leaves");
    throw new InvalidFileError(file, [{ field, reason: "needs each order once" }], fault);
  }
}

/** The canonical text of a bundle's file. Throws what `parseBundleFile` throws. */
export function serializeBundleFile({ act, root, count, leaves }: Bundle, file = "bundle"): string {
  const text = print({ schema: BUNDLE_SCHEMA, act, root, count, leaves });
  parseBundleFile(text, file);
  return text;
}

/**
 * Reads the text of a signature file; `file` is its name in errors.
 * @throws InvalidFileError naming the fields at fault.
 */
export function parseSignatureFile(text: string, file: string): SignatureFile {
  const { digest, signer, signature } = check(signatureFile, parseJson(text, file), file);
  return { digest, signer, signature };
}

/** The canonical text of a signature file. Throws what `parseSignatureFile` throws. */
export function serializeSignatureFile({ digest, signer, signature }: SignatureFile, file = "signature"): string {
  const text = print({ schema: SIGNATURE_SCHEMA, digest, signer, signature });
  parseSignatureFile(text, file);
  return text;
}

/**
 * Signatures over the order or bundle with this digest from several hands, each officer once, ascending by officer id.
 * Commutative and idempotent. Signatures of keys are checked, so that a forged file cannot displace a true one; those of
 * other kinds of officers can only be checked on the chain.
 * @throws ForeignSignatureError, WrongSignerError, and what `mergeApprovals` throws.
 */
export async function mergeSignatures(
  digest: Hex,
  files: Iterable<SignatureFile>,
  isKey: IsKey = isKeyByLength,
): Promise<SignatureFile[]> {
  const approvals: Approval[] = [];
  for (const file of files) {
    if (file.digest.toLowerCase() !== digest.toLowerCase()) {
      throw new ForeignSignatureError(file.signer, file.digest, digest);
    }
    const [approval] = mergeApprovals([file], isKey) as [Approval];
    if (isKey(file.signer)) await checkSigner(digest, approval);
    approvals.push(approval);
  }
  const lower = digest.toLowerCase() as Hex;
  return mergeApprovals(approvals, isKey).map((approval) => ({ digest: lower, ...approval }));
}

async function checkSigner(hash: Hex, { signer, signature }: Approval): Promise<void> {
  const by: Address | undefined = await recoverAddress({ hash, signature }).catch(() => undefined);
  if (by?.toLowerCase() !== signer) throw new WrongSignerError(signer, by ? `one by ${by}` : "one by nobody", hash);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidFileError(file, [{ field: "", reason: `is no JSON: ${(cause as Error).message}` }], cause);
  }
}

function check<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => ({ field: fieldOf(path), reason: message }));
  throw new InvalidFileError(file, faults, result.error);
}

const fieldOf = (path: readonly PropertyKey[]) =>
  path.reduce<string>((field, key) => {
    if (typeof key === "number") return `${field}[${key}]`;
    return field === "" ? String(key) : `${field}.${String(key)}`;
  }, "");

function jsonOf(type: string, value: unknown): unknown {
  if (type.endsWith("[]")) return (value as unknown[]).map((item) => jsonOf(type.slice(0, -2), item));
  if (type in ORDER_TYPES) {
    const fields = ORDER_TYPES[type as keyof typeof ORDER_TYPES];
    const values = value as Record<string, unknown>;
    return Object.fromEntries(fields.map((field) => [field.name, jsonOf(field.type, values[field.name])]));
  }
  if (type === "address") return getAddress(value as Address);
  if (type.startsWith("bytes")) return (value as Hex).toLowerCase();
  return typeof value === "bigint" ? String(value) : value;
}

const print = (json: unknown) => `${JSON.stringify(json, null, 2)}\n`;
