import { getAddress, recoverAddress, type Address, type Hex } from "viem";
import { addressField, checked, InvalidFileError, jsonIn } from "../base/json.ts";
import { z } from "../base/zod.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import type { Field, Fields, MessageOf, Struct } from "./acts/fields.ts";
import { definitionOf } from "./acts/index.ts";
import { isKeyByLength, mergeApprovals, type Approval, type IsKey } from "./approvals.ts";
import { BUNDLED, bundleOfDigests, DuplicateOrderError, type Bundle } from "./bundle.ts";
import { documentHash } from "./document.ts";
import { OrderFieldError } from "./errors.ts";
import { ORDER_TYPES, PRIMARY_TYPES, type Domain, type Order, type PrimaryType } from "./types.ts";
import { countOf, kebab } from "../base/words.ts";

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
  /** Of an owner of a Safe that is an officer: the Safe that is to approve. */
  safe?: SafeAt | undefined;
}

/** A Safe, on the chain where it stands. */
export interface SafeAt {
  chainId: number;
  address: Address;
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
export const SIGNATURE_SCHEMA = "sequester.signature/1";

const bytes = (least: number, most = Infinity) =>
  z
    .string()
    .regex(/^0x([0-9a-fA-F]{2})*$/, "needs whole bytes in hexadecimal, with 0x")
    .refine(
      (value) => value.length >= 2 + 2 * least && value.length <= 2 + 2 * most,
      `needs ${countOf(least, "byte")}${least === most ? "" : " or more"}`,
    )
    .transform((value) => value.toLowerCase() as Hex);

const word = bytes(32, 32);

const decimal = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, "needs a decimal string")
  .transform(BigInt);

/** How a value is written, by its Solidity type. */
function writtenAs({ type, items }: Field): z.ZodType {
  if (items !== undefined) return z.array(struct(items));
  if (type === "address") return addressField;
  if (type === "bool") return z.boolean();
  if (type === "bytes") return bytes(0);
  if (type.startsWith("bytes")) return bytes(Number(type.slice(5)), Number(type.slice(5)));
  // As in viem's types: what a number holds exactly is a number, what it may not is a decimal string.
  return Number(type.slice(4)) <= 48 ? z.number() : decimal;
}

/** A signed type, refused for whatever its builder refuses. */
const struct = ({ fields, check }: Struct): z.ZodType =>
  z.strictObject(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldOf(field)]))).transform(
    refusing((message) => {
      check?.("", message as MessageOf<Fields>);
      return message;
    }),
  );

const fieldOf = (field: Field) => writtenAs(field).transform(refusing((value) => field.check("", value)));

/** A fault that a definition finds, told with its name at its place. */
const refusing =
  (take: (value: unknown) => unknown) =>
  (value: unknown, context: z.RefinementCtx): unknown => {
    try {
      return take(value);
    } catch (fault) {
      if (!(fault instanceof SequesterError)) throw fault;
      const at = fault instanceof OrderFieldError ? (fault.field.match(/[^.[\]]+/g) ?? []) : [];
      const path = at.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
      context.addIssue({ code: "custom", path, message: [fault.name, ...fault.metaMessages].join(", ") });
      return z.NEVER;
    }
  };

const domain = z.strictObject({
  name: z.literal("Sequester"),
  version: z.literal("1"),
  chainId: z.int().positive(),
  verifyingContract: addressField,
});

const ruling = z.strictObject({
  file: z
    .string()
    .regex(/^(?!\.\.?$)[^/\\]{1,255}$/u, "needs a file name without a folder")
    // Two names must not look the same.
    .regex(
      /^[^\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]*$/u,
      "needs visible characters that turn no text around",
    ),
  sha256: word,
});

const rests = (primaryType: PrimaryType) => ORDER_TYPES[primaryType].some(({ name }) => name === "document");

const orderHead = z.looseObject({ schema: z.literal(ORDER_SCHEMA), primaryType: z.enum(PRIMARY_TYPES) });

const orderFile = (primaryType: PrimaryType) =>
  z.strictObject({
    schema: z.literal(ORDER_SCHEMA),
    domain,
    primaryType: z.literal(primaryType),
    message: struct(definitionOf(primaryType)),
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

/** What a signature is in a file. */
export const signatureFields = {
  digest: word,
  signer: bytes(20),
  signature: bytes(1),
  safe: z.strictObject({ chainId: z.int().positive(), address: addressField }).optional(),
};

const signatureFile = z.strictObject({ schema: z.literal(SIGNATURE_SCHEMA), ...signatureFields });

/**
 * Reads the text of an order file; `file` is its name in errors.
 * @throws InvalidFileError naming the fields at fault, DocumentMismatchError if the ruling is another one.
 */
export function parseOrderFile(text: string, file: string): OrderFile {
  const json = jsonIn(text, file);
  const { primaryType } = checked(orderHead, json, file);
  const parsed = checked(orderFile(primaryType), json, file) as unknown as {
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

/** What the file of an order is called unless told otherwise. */
export const orderFileName = (primaryType: PrimaryType, caseId = "order"): string =>
  `${caseId.replace(/[^A-Za-z0-9._-]/g, "_")}.${kebab(primaryType)}.order.json`;

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
    message: jsonOfOrder(order),
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
  const { act, root, leaves } = checked(bundleFile, jsonIn(text, file), file);
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
  const { schema: _, ...signature } = checked(signatureFile, jsonIn(text, file), file);
  return signature;
}

/** The canonical text of a signature file. Throws what `parseSignatureFile` throws. */
export function serializeSignatureFile({ digest, signer, signature, safe }: SignatureFile, file = "signature"): string {
  const text = print({ schema: SIGNATURE_SCHEMA, digest, signer, signature, safe });
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
    if (file.safe !== undefined)
      throw new WrongSignerError(file.signer, `one for the Safe ${file.safe.address}`, digest);
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

/** The message of an order as its file has it. */
export const jsonOfOrder = ({ primaryType, message }: Order): unknown => jsonOf(primaryType, message);

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
