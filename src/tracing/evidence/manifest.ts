import { z } from "../../base/zod.ts";
import { canonicalJson } from "./canonical.ts";
import { METHODS } from "../methods.ts";

export const MANIFEST_SCHEMA = "sequester.trace/1";
export const MANIFEST_FILE = "manifest.json";

const units = z.string().regex(/^(0|[1-9][0-9]*)$/, "needs base units as a decimal string");
const signedUnits = z.string().regex(/^(0|-?[1-9][0-9]*)$/, "needs base units as a decimal string");
const address = z.string().regex(/^0x[0-9a-f]{40}$/, "needs a lower-case address");
const hash = z.string().regex(/^[0-9a-f]{64}$/, "needs a SHA-256 in lower-case hexadecimal");
const word = z.string().regex(/^0x[0-9a-f]{64}$/, "needs 32 bytes in lower-case hexadecimal");
const count = z.int().nonnegative();
const list = { name: z.string(), sha256: hash, entries: count };

/**
 * `manifest.json`: everything that decides the result, and the hash of everything that was written. Amounts are base units
 * as decimal strings, hashes SHA-256. It names files, not where they lie, and no clock: same inputs, same bytes.
 */
export const manifestSchema = z.strictObject({
  schema: z.literal(MANIFEST_SCHEMA),
  tool: z.strictObject({ name: z.literal("sequester"), version: z.string() }),
  asset: address.nullable(),
  /** Of the asset; null where nobody told. */
  decimals: z.int().min(0).max(255).nullable(),
  /** In the order of the columns. */
  methods: z.array(z.enum(METHODS)).min(1),
  /** The last block that counts; its hash where a node told it. */
  evidence: z.strictObject({ block: count, hash: word.nullable(), time: count.nullable() }),
  /** `index`: what a node was asked for. */
  inputs: z.strictObject({
    transfers: z.array(z.strictObject({ ...list, format: z.string(), otherAssets: count })).min(1),
    seeds: z.strictObject({ ...list, repeated: count }),
    stops: z.array(
      z.strictObject({
        ...list,
        kept: count,
        notAddresses: count,
        notWallets: count,
        duplicates: count,
        date: z.string(),
      }),
    ),
    opening: z.strictObject({ ...list, withoutTransfers: count }).nullable(),
    node: z
      .strictObject({ chainId: count, fromBlock: count, toBlock: count, segments: z.array(hash), repaired: count })
      .nullable(),
  }),
  /** What orders the transfers of one block. */
  place: z.enum(["log index", "transaction index", "order in the file"]),
  /** Transfers up to the evidence block, and all that were read. */
  transfers: z.strictObject({ traced: count, read: count, accounts: count }),
  opening: z.enum(["none", "clean", "file"]),
  seeds: z.array(
    z.strictObject({
      block: count,
      logIndex: count,
      transaction: word.nullable(),
      from: address,
      to: address,
      amount: units,
    }),
  ),
  stops: z.array(
    z.strictObject({ address, label: z.string(), kind: z.string(), source: z.string(), date: z.string() }),
  ),
  /** What was taken for granted: in sentences, and clean money that accounts must have had before their first transfer. */
  assumptions: z.strictObject({
    statements: z.array(z.string()),
    openings: z.array(z.strictObject({ account: address, amount: units })),
  }),
  /** injected = held + sinks + burned + difference. Poison conserves nothing: its difference says by how much. */
  totals: z.array(
    z.strictObject({
      method: z.enum(METHODS),
      conserves: z.boolean(),
      accounts: count,
      injected: units,
      held: units,
      sinks: units,
      burned: units,
      difference: signedUnits,
    }),
  ),
  /** SHA-256 of every file but this one and inputs.json, by its name. */
  files: z.record(z.string(), hash),
  /** SHA-256 of result.csv. */
  result: hash,
});

export type Manifest = z.output<typeof manifestSchema>;

/** What a manifest says before there are files. */
export type Facts = Omit<Manifest, "files" | "result">;

/** The bytes of the file: canonical JSON, no line's end. */
export const manifestText = (manifest: Manifest): string => canonicalJson(manifest);
