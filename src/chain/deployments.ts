import path from "node:path";
import { fileURLToPath } from "node:url";
import { keccak256, type Address, type Hex, type PublicClient } from "viem";
import { z } from "../base/zod.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import type { Domain } from "./domain.ts";
import { waitAfter, WHILE_IT_LAGS } from "./rpc.ts";
import { abiOf, type VerifierName } from "./artifacts.ts";
import { addressField, hexField, lineField, parseJson, textsField, timeZoneField } from "../base/json.ts";
import type { Texts } from "../base/languages.ts";
import { readJson, writeJson } from "../base/jsonFiles.ts";

/** One value per contract of the system, one per verifier by its kind of key, and one per asset by its symbol. */
export interface PerContract<T> {
  quorum: T;
  docket: T;
  disposal: T;
  /** The licence register. */
  register: T;
  /** The implementation that the cases' vaults are clones of. */
  vault: T;
  /** Digests, cases, holds and notices. */
  lens: T;
  /** ERC-7913 verifiers that the charter names. */
  verifiers: Record<VerifierName, T>;
  assets: Record<string, T>;
}

export const DEPLOYMENT_SCHEMA = "sequester.deployment/1";

/** What every command, verifier and pack pins: the content of `deployment.json`. */
export interface Deployment {
  schema: typeof DEPLOYMENT_SCHEMA;
  chainId: number;
  /** Number of the block in which the charter was installed; no act is older. */
  block: number;
  addresses: PerContract<Address>;
  /** keccak256 of the runtime code. */
  codeHashes: PerContract<Hex>;
  /** EIP-712 domain of all orders. */
  domain: Domain;
  /** Decimals of the assets by their symbols, for who reads amounts without a node; older files have none. */
  decimals?: Record<string, number> | undefined;
  /** Of the jurisdiction, by its name in the time zone database; where there is none, times are told in UTC alone. */
  timeZone?: string | undefined;
  /** Of the jurisdiction: where a holder contests a hold. */
  contact?: Texts | undefined;
}

/** The node does not have what the deployment file describes. Exit code 3. */
export class DeploymentMismatchError extends SequesterError {
  override name = "DeploymentMismatchError";
  constructor(differences: readonly string[]) {
    super("The node does not have the deployment that the file describes.", {
      code: EXIT.verification,
      metaMessages: differences,
    });
  }
}

/** The node has not come to the block of the deployment yet. Exit code 5. */
export class NodeBehindError extends SequesterError {
  override name = "NodeBehindError";
  constructor(newest: bigint, needs: number) {
    super("The node is behind the deployment.", {
      code: EXIT.node,
      metaMessages: [
        `has: block ${newest}, its newest, and nothing where the contracts are`,
        `needs: block ${needs}, in which the charter was installed; or the file of this chain's own deployment`,
      ],
    });
  }
}

const DEPLOYMENTS = fileURLToPath(new URL("../../deploy/deployments/", import.meta.url));

/** Folder of the deployment on a chain. */
export const deploymentFolder = (chainId: number): string => path.join(DEPLOYMENTS, `chain-${chainId}`);

/** The deployment's file in its folder. */
export const deploymentFileIn = (folder: string): string => path.join(folder, "deployment.json");

/** The deployment's file: the one that `--deployment` names, else that of the chain. */
export const deploymentFile = (chainId: number, named?: string): string =>
  named ?? deploymentFileIn(deploymentFolder(chainId));

/** A value per contract in JSON. */
export const perContract = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    quorum: value,
    docket: value,
    disposal: value,
    register: value,
    vault: value,
    lens: value,
    verifiers: z.strictObject({ P256: value, RSA: value, WebAuthn: value }),
    assets: z.record(lineField.min(1), value),
  });

const schema = z
  .strictObject({
    schema: z.literal(DEPLOYMENT_SCHEMA),
    chainId: z.int().positive(),
    block: z.int().nonnegative(),
    addresses: perContract(addressField),
    codeHashes: perContract(hexField(32)),
    domain: z.strictObject({
      name: z.literal("Sequester"),
      version: z.literal("1"),
      chainId: z.int().positive(),
      verifyingContract: addressField,
    }),
    decimals: z.record(z.string().min(1), z.int().min(0).max(255)).optional(),
    timeZone: timeZoneField.optional(),
    contact: textsField.optional(),
  })
  .superRefine(({ addresses, codeHashes, decimals = codeHashes.assets }, context) => {
    const symbolsOf = (assets: object) => Object.keys(assets).sort().join(", ");
    const needs = symbolsOf(addresses.assets);
    const compare = (path: string[], has: string) => {
      if (has !== needs) context.addIssue({ code: "custom", path, message: `has ${has}, needs ${needs}` });
    };
    compare(["codeHashes", "assets"], symbolsOf(codeHashes.assets));
    compare(["decimals"], symbolsOf(decimals));
  });

/** Reads the text of a deployment file; `file` is its name in errors. @throws InvalidFileError */
export const parseDeployment = (text: string, file: string): Deployment => parseJson(text, file, schema);

/** Reads a deployment file. @throws FileAccessError, InvalidFileError */
export const readDeployment = (file: string): Promise<Deployment> =>
  readJson(file, schema, "the file of a deployment: name one with --deployment, or deploy first");

/** Writes a deployment file, and its folder if it is missing. @throws FileAccessError */
export const writeDeployment = (file: string, deployment: Deployment): Promise<void> => writeJson(file, deployment);

/**
 * Checks chain id, code hashes, decimals and domain of a deployment against what a node has at its latest block.
 * @throws DeploymentMismatchError naming everything that differs; NodeBehindError where the node may yet come to it
 */
export async function verifyDeployment(client: PublicClient, deployment: Deployment): Promise<void> {
  // A node in which there is nothing where contracts should be may come to it.
  for (let attempt = 1; ; attempt++) {
    const { differences, isEmpty } = await differencesAt(client, deployment);
    if (differences.length === 0) return;
    if (!isEmpty) throw new DeploymentMismatchError(differences);
    if (attempt === WHILE_IT_LAGS.attempts) {
      const newest = await client.getBlockNumber({ cacheTime: 0 });
      const isBehind = newest < BigInt(deployment.block);
      throw isBehind ? new NodeBehindError(newest, deployment.block) : new DeploymentMismatchError(differences);
    }
    await waitAfter(attempt, WHILE_IT_LAGS);
  }
}

/** What differs; whether it is nothing but that some contracts are not there. */
async function differencesAt(
  client: PublicClient,
  deployment: Deployment,
): Promise<{ differences: string[]; isEmpty: boolean }> {
  const { addresses, codeHashes, domain } = deployment;
  const differences: string[] = [];
  let absent = 0;
  const compare = (what: string, has: unknown, needs: unknown) => {
    if (has !== needs) differences.push(`${what}: the node has ${String(has)}, the file ${String(needs)}`);
  };
  compare("chainId", await client.getChainId(), deployment.chainId);
  const has = await codeHashesOf(client, addresses);
  const needs = new Map(namedEntries(codeHashes));
  for (const [name, hash] of namedEntries(has)) {
    if (hash === undefined) absent++;
    compare(`code of ${name}`, hash ?? "none", needs.get(name));
  }
  for (const [symbol, needed] of Object.entries(deployment.decimals ?? {})) {
    if (has.assets[symbol] !== codeHashes.assets[symbol]) continue;
    compare(`decimals of ${symbol}`, await decimalsOf(client, addresses.assets[symbol]!), needed);
  }
  if (has.quorum === codeHashes.quorum) {
    const found = await domainAt(client, addresses.quorum);
    for (const field of ["name", "version", "chainId", "verifyingContract"] as const) {
      compare(`domain.${field}`, found[field], domain[field]);
    }
  }
  return { differences, isEmpty: absent > 0 && absent === differences.length };
}

/** keccak256 of the runtime code at each address; undefined where there is none. */
export async function codeHashesOf(
  client: PublicClient,
  { verifiers, assets, ...contracts }: PerContract<Address>,
): Promise<PerContract<Hex | undefined>> {
  const hashes = async <Name extends string>(addresses: Record<Name, Address>) => {
    const found = Object.entries<Address>(addresses).map(async ([name, address]) => {
      const code = await client.getCode({ address });
      return [name, code && keccak256(code)] as const;
    });
    return Object.fromEntries(await Promise.all(found)) as Record<Name, Hex | undefined>;
  };
  return { ...(await hashes(contracts)), verifiers: await hashes(verifiers), assets: await hashes(assets) };
}

/** Every value with its name: `quorum`, …, `verifiers.RSA`, `assets.KZTE`. */
export const namedEntries = <T>({ verifiers, assets, ...contracts }: PerContract<T>): [name: string, value: T][] => [
  ...Object.entries<T>(contracts),
  ...Object.entries<T>(verifiers).map(([name, value]): [string, T] => [`verifiers.${name}`, value]),
  ...Object.entries(assets).map(([symbol, value]): [string, T] => [`assets.${symbol}`, value]),
];

/** How many decimals an asset has. */
export const decimalsOf = (client: PublicClient, address: Address): Promise<number> =>
  client.readContract({ address, abi: abiOf("Tenge"), functionName: "decimals" });

async function domainAt(client: PublicClient, quorum: Address) {
  const [, name, version, chainId, verifyingContract] = await client.readContract({
    address: quorum,
    abi: abiOf("Quorum"),
    functionName: "eip712Domain",
  });
  return { name, version, chainId: Number(chainId), verifyingContract };
}
