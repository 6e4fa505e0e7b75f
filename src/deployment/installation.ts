import { existsSync } from "node:fs";
import path from "node:path";
import type { Address, Hex } from "viem";
import { z } from "../base/zod.ts";
import { addressField, hexField } from "../base/json.ts";
import { readJson, writeJson } from "../base/jsonFiles.ts";
import { charterHash, type Charter } from "./charter.ts";

const INSTALLATION_SCHEMA = "sequester.installation/1";

/**
 * What a deployment that was interrupted must find again: the charter and its signatures, since officers sign once and
 * the contracts' module alone could not tell them. The content of `installation.json`.
 */
export interface Installation {
  schema: typeof INSTALLATION_SCHEMA;
  chainId: number;
  /** Hash of the chain's block 0: a local node that was started anew is another chain. */
  genesis: Hex;
  /** Number of the latest block when the deployment began. */
  since: number;
  /** Who deployed the contracts, and alone can install their charter; folders of earlier versions do not say. */
  deployer?: Address | undefined;
  /** Missing until the contracts are deployed. */
  charter?: Charter | undefined;
  /** Of the first seats of the charter, in order, as far as they are collected. */
  signatures: Hex[];
}

/** ERC-7913 bytes: an address as it is written elsewhere, or more bytes than one. */
const signerField = z
  .string()
  .refine(
    (text) => addressField.safeParse(text).success || /^0x(?:[0-9a-f]{2}){21,}$/.test(text),
    "needs an address, in mixed case with a right checksum, or more bytes in lower case hexadecimal",
  )
  .transform((text) => text as Hex);

const index = z.int().nonnegative();
const seconds = index;

/** A charter in JSON. */
export const charterSchema = z.strictObject({
  document: hexField(32),
  signBy: z
    .string()
    .regex(/^\d{1,20}$/, "needs a decimal string")
    .transform(BigInt),
  agencies: z.array(hexField(32)),
  court: index,
  prosecutor: index,
  verifiers: z.array(addressField),
  seats: z.array(z.strictObject({ agency: index, kind: index, signer: signerField })),
  rules: z.array(
    z.strictObject({
      act: index,
      alternatives: z.array(z.strictObject({ officers: hexField(8), delay: seconds, grace: seconds, term: seconds })),
    }),
  ),
  contracts: z.strictObject({
    docket: addressField,
    disposal: addressField,
    register: addressField,
    vault: addressField,
  }),
  assets: z.array(z.strictObject({ asset: addressField, adapter: addressField, treasury: addressField })),
  numbers: z.strictObject({ freezesPerDay: index, cooling: seconds, longestArrest: seconds }),
});

const schema = z.strictObject({
  schema: z.literal(INSTALLATION_SCHEMA),
  chainId: z.int().positive(),
  genesis: hexField(32),
  since: index,
  deployer: addressField.optional(),
  charter: charterSchema.optional(),
  signatures: z.array(hexField()),
});

/** The file in a deployment's folder that keeps the installation. */
export const installationFile = (folder: string): string => path.join(folder, "installation.json");

/** What a deployment's folder keeps; undefined if nothing yet. @throws FileAccessError, InvalidFileError */
export async function readInstallation(folder: string): Promise<Installation | undefined> {
  const file = installationFile(folder);
  return existsSync(file) ? readJson(file, schema, "the file that the interrupted deployment kept") : undefined;
}

/** Keeps the installation in the deployment's folder. @throws FileAccessError */
export function writeInstallation(folder: string, kept: Omit<Installation, "schema">): Promise<void> {
  const { chainId, genesis, since, deployer, charter, signatures } = kept;
  const installation = { schema: INSTALLATION_SCHEMA, chainId, genesis, since, deployer, charter, signatures };
  return writeJson(installationFile(folder), installation);
}

/** The parts in which two charters differ, by name. */
export function charterDifferences(a: Charter, b: Charter): (keyof Charter)[] {
  const parts = Object.keys(a) as (keyof Charter)[];
  return parts.filter((part) => charterHash({ ...a, [part]: b[part] }) !== charterHash(a));
}
