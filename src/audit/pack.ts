import { createHash } from "node:crypto";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { EXIT, SequesterError } from "../base/errors.ts";
import { addressField, hexField, InvalidFileError, parseJson } from "../base/json.ts";
import { isoOf } from "../base/time.ts";
import { z } from "../base/zod.ts";
import { parseDeployment } from "../chain/deployments.ts";
import type { Entry } from "../journal/entries.ts";
import { custodyOf, type Custody } from "./custody.ts";
import { show, type Evidence, type Shown } from "./evidence.ts";
import type { AccountProof } from "./proof.ts";
import { LIMITS } from "./limits.ts";
import { csvOf, tablesOf } from "./tables.ts";

const PACK_SCHEMA = "sequester.pack/1";

/** The archive is no pack, or not what its own evidence makes of it. Exit code 3. */
export class PackError extends SequesterError {
  override name = "PackError";
  constructor(file: string, has: string, needs: string) {
    super("The pack is not what its evidence makes of it.", {
      code: EXIT.verification,
      metaMessages: [`file: ${file}`, `has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** A pack that was drawn up or read: its bytes, and what its evidence shows. */
export interface Pack {
  readonly bytes: Uint8Array;
  readonly evidence: Evidence;
  readonly shown: Shown;
  readonly custody: readonly Custody[];
}

/** Files of the evidence; all others follow from them. */
const EVIDENCE = {
  deployment: "deployment.json",
  header: "header.json",
  proofs: "proofs.json",
  codes: "codes.json",
  journal: "journal.jsonl",
};

/** Draws up the pack of the evidence: of the same evidence the same bytes, on any machine. @throws what `show` does */
export async function packOf(given: Evidence): Promise<Pack> {
  // As it will be read: what comes of the order of names must not be another thing then.
  const deployment = parseDeployment(canonical(given.deployment), EVIDENCE.deployment);
  const evidence = { ...given, deployment };
  const shown = await show(evidence);
  const custody = custodyOf(shown, evidence.deployment);
  const { number, hash, timestamp } = shown.header;
  const files: Record<string, string> = {
    [EVIDENCE.deployment]: canonical(evidence.deployment),
    [EVIDENCE.header]: canonical({ rlp: evidence.header }),
    [EVIDENCE.proofs]: canonical(evidence.proofs),
    [EVIDENCE.codes]: canonical(evidence.codes),
    [EVIDENCE.journal]: evidence.entries.map((entry) => canonical(entry)).join(""),
    "custody.json": canonical({ schema: "sequester.custody/1", block: { number, hash, timestamp }, custody }),
    ...Object.fromEntries(tablesOf(evidence, shown, custody).map((table) => [`${table.name}.csv`, csvOf(table)])),
  };
  const sums = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)]));
  files["manifest.json"] = canonical({
    schema: PACK_SCHEMA,
    chainId: evidence.deployment.chainId,
    block: { number, hash, time: isoOf(timestamp) },
    entries: evidence.entries.length,
    ...LIMITS.en,
    files: sums,
  });
  const all = { ...sums, "manifest.json": sha256(files["manifest.json"]) };
  files["SHA256SUMS"] = Object.entries(all)
    .sort()
    .map(([name, sum]) => `${sum}  ${name}\n`)
    .join("");
  return { bytes: zipped(files), evidence, shown, custody };
}

/**
 * Reads a pack, draws it up again from its evidence, and compares every byte.
 * @throws PackError, and what `show` does
 */
export async function readPack(bytes: Uint8Array): Promise<Pack> {
  const files = unzipped(bytes);
  const evidence = evidenceIn(files);
  const again = await packOf(evidence);
  const needs = unzipped(again.bytes);
  for (const name of new Set([...Object.keys(files), ...Object.keys(needs)])) {
    const [has, needed] = [files[name], needs[name]].map((it) => (it === undefined ? "no such file" : sha256(it)));
    if (has !== needed) throw new PackError(name, has!, needed!);
  }
  if (sha256(bytes) !== sha256(again.bytes)) {
    throw new PackError("the archive", `SHA-256 ${sha256(bytes)}`, `SHA-256 ${sha256(again.bytes)}`);
  }
  return again;
}

/** The evidence in a pack's files. @throws PackError */
function evidenceIn(files: Readonly<Record<string, Uint8Array>>): Evidence {
  const text = (name: string) => {
    const found = files[name];
    if (found === undefined) throw new PackError(name, "no such file", "the evidence");
    return strFromU8(found);
  };
  try {
    return {
      deployment: parseDeployment(text(EVIDENCE.deployment), EVIDENCE.deployment),
      header: parseJson(text(EVIDENCE.header), EVIDENCE.header, HEADER).rlp,
      proofs: parseJson(text(EVIDENCE.proofs), EVIDENCE.proofs, PROOFS),
      codes: parseJson(text(EVIDENCE.codes), EVIDENCE.codes, z.record(hexField(32), hexField())),
      entries: text(EVIDENCE.journal)
        .split("\n")
        .slice(0, -1)
        .map((line, i) => parseJson(line, `${EVIDENCE.journal}, line ${i + 1}`, ENTRY)),
    };
  } catch (error) {
    if (!(error instanceof InvalidFileError)) throw error;
    throw new PackError(error.file, error.metaMessages.join("; "), "the evidence as `audit snapshot` writes it");
  }
}

function zipped(files: Readonly<Record<string, string>>): Uint8Array {
  // A zip keeps the local time: the first that it can keep is the same everywhere.
  const options = { level: 6, mtime: new Date(1980, 0, 1) } as const;
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted.map(([name, text]) => [name, strToU8(text)])), options);
}

/** Bytes of a pack, and of what it holds, at most. */
const MOST_BYTES = 2 ** 30;

function unzipped(bytes: Uint8Array): Record<string, Uint8Array> {
  let size = 0;
  try {
    return unzipSync(bytes, {
      filter: ({ originalSize }) => {
        size += originalSize;
        if (size > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
        return true;
      },
    });
  } catch (error) {
    throw new PackError("the archive", (error as Error).message, "a zip as `audit snapshot` writes it");
  }
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** JSON with sorted keys, bigints and maps as text, a line end. */
export const canonical = (value: unknown): string =>
  `${JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === "bigint") return String(item);
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  })}\n`;

const whole = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,77})$/)
  .transform(BigInt);

const HEADER = z.strictObject({ rlp: hexField() });
const nodes = z.array(hexField());
const PROOFS: z.ZodType<AccountProof[]> = z.array(
  z.strictObject({
    address: addressField,
    codeHash: hexField(32),
    storageHash: hexField(32),
    accountProof: nodes,
    storageProof: z.array(z.strictObject({ key: hexField(32), proof: nodes })),
  }),
);
const ENTRY: z.ZodType<Entry> = z.strictObject({
  seq: whole,
  act: z.int().min(0).max(255),
  caseId: hexField(32),
  order: hexField(32),
  document: hexField(32),
  officerIds: z.array(hexField(32)),
  effects: hexField(),
  head: hexField(32),
  timestamp: whole,
  blockNumber: whole,
  transactionHash: hexField(32),
});
