// The two stages of a deployment: contracts, which are bound to nobody yet, and the charter that its officers signed.
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";
import { zeroAddress, type Address, type Hex, type PublicClient } from "viem";
import { charterModule } from "../../deploy/modules/Charter.ts";
import { assetId, contractsModule, issuerParameter } from "../../deploy/modules/Contracts.ts";
import { VERIFIERS, type VerifierName, abiOf } from "../chain/artifacts.ts";
import {
  codeHashesOf,
  DEPLOYMENT_SCHEMA,
  namedEntries,
  verifyDeployment,
  type Deployment,
  type PerContract,
} from "../chain/deployments.ts";
import { waitAfter, WHILE_IT_LAGS } from "../chain/rpc.ts";
import { entryLogs } from "../journal/entries.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { digestOf } from "../orders/digest.ts";
import { mergeSignatures, WrongSignerError } from "../orders/files.ts";
import { proofAt } from "../orders/proofs.ts";
import { officerKind } from "../orders/acts/officers.ts";
import { domainOf, OFFICER_KINDS, type Domain, type Order } from "../orders/types.ts";
import { admissionsOf, type Charter, type SignAdmission } from "./charter.ts";
import { changesOf } from "./charterWords.ts";
import { DeploymentRefusedError, toDeploy, type DeploymentPlan, type PlannedAsset } from "./check.ts";
import { deployedIn, forget, runModule, stateOf, type Site } from "./ignition.ts";
import {
  charterDifferences,
  installationFile,
  readInstallation,
  writeInstallation,
  type Installation,
} from "./installation.ts";
import { charterOf } from "./planned.ts";

/** The folder keeps the deployment of another chain, for example of a local node that ran before. Exit code 64. */
export class OtherChainError extends SequesterError {
  override name = "OtherChainError";
  constructor(folder: string, has: string, needs: string) {
    super("The folder keeps a deployment of another chain.", {
      code: EXIT.usage,
      metaMessages: [`who: ${folder}`, `has: ${has}`, `needs: ${needs}, or another folder, or an empty one`],
    });
  }
}

/** The charter that the officers signed is not the one that would be installed now. Exit code 64. */
export class KeptCharterError extends SequesterError {
  override name = "KeptCharterError";
  constructor(folder: string, reasons: readonly string[]) {
    super("The charter that was signed cannot be installed.", {
      code: EXIT.usage,
      metaMessages: [`who: ${installationFile(folder)}`, ...reasons],
    });
  }
}

/** The plan is another than the one that the charter's file was made of, which nobody has signed. Exit code 64. */
export class ChangedPlanError extends SequesterError {
  override name = "ChangedPlanError";
  constructor(file: string, changes: readonly string[], needs: string) {
    super("The plan changed after the contracts were deployed.", {
      code: EXIT.usage,
      metaMessages: [`who: ${file}`, ...changes, `needs: ${needs}`],
    });
  }
}

/** The node installed the charter and does not tell the journal's first entry. Exit code 5. */
export class NoFirstEntryError extends SequesterError {
  override name = "NoFirstEntryError";
  constructor(docket: Address, since: number, newest: bigint) {
    super("The charter is installed, and the node lacks the journal's first entry.", {
      code: EXIT.node,
      metaMessages: [
        `has: no log of the docket ${docket} from block ${since} to ${newest}`,
        "needs: a node that has all logs; then the same command",
      ],
    });
  }
}

/** The node told that it deployed contracts, and has none of their code. Exit code 5. */
export class VanishedError extends SequesterError {
  override name = "VanishedError";
  constructor(has: string) {
    super("The node does not have what it has deployed.", {
      code: EXIT.node,
      metaMessages: [`has: ${has}`, "needs: a node that does not lag; then the same command, which goes on"],
    });
  }
}

/** The folder, the node, and who answers what is sent. */
export type Place = Pick<Site, "folder" | "client" | "provider" | "sending">;

/** Contracts that are deployed, and the charter of a plan that names them. */
export interface Deployed {
  site: Site;
  kept: Omit<Installation, "schema">;
  addresses: PerContract<Address>;
  codeHashes: PerContract<Hex>;
  domain: Domain;
  charter: Charter;
}

/**
 * Deploys the contracts of a plan, or what is missing of them. The charter keeps the first `signBy` that it had.
 * @throws OtherChainError, KeptCharterError, KeptContractsError, DeploymentFailedError
 */
export async function deployContracts(place: Place, plan: DeploymentPlan, signBy: bigint): Promise<Deployed> {
  const { folder, client } = place;
  const { assets, deployer } = plan;
  const kept = await begin(folder, client, signBy, deployer);
  const signedAssets = kept.charter?.assets;
  if (signedAssets !== undefined && signedAssets.length !== assets.length) {
    throw new KeptCharterError(folder, [differsIn([partOf("assets", signedAssets, assets)])]);
  }
  const site: Site = { ...place, deployer, since: kept.since };
  const isKept = (await missingIn(folder, assets)).length === 0;
  const addresses = await deployMissing(site, assets);
  const { codeHashes, missing } = await codesOf(client, addresses, assets);
  if (missing.length > 0) {
    const has = `contracts without code here: ${missing.join(", ")}`;
    throw isKept ? new OtherChainError(folder, has, "the chain of that deployment") : new VanishedError(has);
  }
  const charter = charterOf(plan, addresses, kept.charter?.signBy ?? signBy);
  return {
    site,
    kept,
    addresses,
    codeHashes: codeHashes as PerContract<Hex>,
    domain: domainOf(kept.chainId, addresses.quorum),
    charter,
  };
}

/**
 * Has whoever is missing sign the charter, and installs it. Each signature is kept as soon as it is there.
 * @throws KeptCharterError, ChangedPlanError, WrongSignerError, InvalidSignatureError, DeploymentFailedError
 */
export async function installCharter(
  deployed: Deployed,
  plan: DeploymentPlan,
  sign: SignAdmission,
): Promise<Deployment> {
  const { site, addresses, codeHashes, domain, charter } = deployed;
  const { folder, client } = site;
  let { kept } = deployed;
  const { assets } = plan;
  const { timeZone, contact } = plan.parameters;
  if (kept.charter !== undefined) await checkKept(deployed, kept.charter);
  kept = { ...kept, charter };
  await writeInstallation(folder, kept);
  for (const admission of admissionsOf(charter).slice(kept.signatures.length)) {
    const signature = await signed(client, admission, domain, sign);
    kept = { ...kept, signatures: [...kept.signatures, signature] };
    await writeInstallation(folder, kept);
  }

  const parameters = { ...parametersOf(assets), Charter: { charter, signatures: kept.signatures } };
  const [installed, state] = [await isInstalled(client, addresses), await stateOf(folder, INSTALL)];
  // The chain took back what counted as done.
  if (!installed && state === "done") await forget(folder, INSTALL);
  if (!installed || state === "begun")
    await runModule(site, charterModule(toDeploy(assets)), parameters as unknown as DeploymentParameters);
  const deployment: Deployment = {
    schema: DEPLOYMENT_SCHEMA,
    chainId: kept.chainId,
    block: await blockOfInstall(client, addresses.docket, kept.since),
    addresses,
    codeHashes,
    domain,
    decimals: Object.fromEntries(assets.map(({ symbol, decimals }) => [symbol, decimals])),
    ...(timeZone && { timeZone }),
    ...(contact && { contact }),
  };
  await verifyDeployment(client, deployment);
  return deployment;
}

/** What the folder keeps of an earlier run on this chain, or the beginning of the first. */
async function begin(
  folder: string,
  client: PublicClient,
  signBy: bigint,
  deployer: Address,
): Promise<Omit<Installation, "schema">> {
  const [chainId, { hash: genesis }, latest] = await Promise.all([
    client.getChainId(),
    client.getBlock({ blockNumber: 0n }),
    client.getBlock(),
  ]);
  const kept = await readInstallation(folder);
  if (kept !== undefined) {
    if (kept.chainId !== chainId || kept.genesis !== genesis) {
      const name = (chain: number, hash: Hex) => `chain ${chain} that began with block ${hash}`;
      throw new OtherChainError(folder, name(kept.chainId, kept.genesis), name(chainId, genesis));
    }
    return kept;
  }
  if (signBy < latest.timestamp || signBy >= 2n ** 64n) {
    throw new DeploymentRefusedError([`signBy is ${signBy}, needs a second from ${latest.timestamp} on`]);
  }
  const first = { chainId, genesis, since: Number(latest.number), deployer, signatures: [] };
  await writeInstallation(folder, first);
  return first;
}

async function checkKept(
  { site: { folder, client }, kept: { signatures }, addresses, charter: now }: Deployed,
  kept: Charter,
) {
  const differences = charterDifferences(kept, now);
  if (differences.length > 0 && signatures.length === 0) {
    const changes = changesOf(kept, now, { has: addresses, needs: addresses });
    throw new ChangedPlanError(
      installationFile(folder),
      changes,
      "the plan as it was, or an empty folder; nobody has signed",
    );
  }
  if (differences.length > 0) {
    throw new KeptCharterError(folder, [differsIn(differences.map((part) => partOf(part, kept[part], now[part])))]);
  }
  const { timestamp } = await client.getBlock();
  if (!(await isInstalled(client, addresses)) && timestamp > kept.signBy) {
    const reason = `its signBy ${kept.signBy} has passed, at ${timestamp} on this chain: deploy anew, into an empty folder`;
    throw new KeptCharterError(folder, [reason]);
  }
}

/** A part of a charter that is not what was signed, with its size where that is another. */
function partOf(part: keyof Charter, has: unknown, needs: unknown): string {
  if (!Array.isArray(has) || !Array.isArray(needs) || has.length === needs.length) return part;
  return `${part} (${has.length} signed, ${needs.length} needed)`;
}

const differsIn = (parts: readonly string[]): string => `differs in: ${parts.join(", ")}`;

/** The candidate's signature, found to be its own. */
async function signed(
  client: PublicClient,
  admission: Order<"Admit">,
  domain: Domain,
  sign: SignAdmission,
): Promise<Hex> {
  const digest = digestOf(admission, domain);
  const { kind, signer } = admission.message;
  const file = { digest, signer, signature: await sign(admission, domain) };
  if (kind === OFFICER_KINDS.key) {
    const [own] = await mergeSignatures(digest, [file]);
    return own!.signature;
  }
  const at = { client, quorum: domain.verifyingContract, blockNumber: await client.getBlockNumber({ cacheTime: 0 }) };
  const { is, has } = await proofAt(at, { kind: officerKind(kind), dismissed: false }, file);
  if (is !== "own") throw new WrongSignerError(signer, has, digest);
  return file.signature;
}

/** Contracts of a plan that the folder does not have yet, by Ignition's id. */
export async function missingIn(folder: string, assets: readonly PlannedAsset[]): Promise<string[]> {
  const found = await deployedIn(folder);
  return [...CONTRACTS, ...toDeploy(assets).map((_, n) => assetId(n))].filter((id) => !found.has(`Contracts#${id}`));
}

/** Ignition's id of the installation. */
const INSTALL = "Charter#Contracts~Quorum.install";

/** Whether the installation of a folder was sent, or may have been, so that it goes on with the signatures that it has. */
export async function isBegun(folder: string): Promise<boolean> {
  const state = await stateOf(folder, INSTALL);
  return state !== undefined && state !== "failed";
}

/** Whether the Quorum has its charter. */
export async function isInstalled(
  client: PublicClient,
  { quorum }: Pick<PerContract<Address>, "quorum">,
): Promise<boolean> {
  const docket = { address: quorum, abi: abiOf("Quorum"), functionName: "docket" } as const;
  return (await client.readContract(docket)) !== zeroAddress;
}

/** Contracts of every deployment besides its assets, by Ignition's id; the vault comes with the docket. */
const CONTRACTS = ["Quorum", "Docket", "LicenceRegister", "Disposal", "CaseVault", "Lens", ...Object.values(VERIFIERS)];

/** Deploys what is missing of the contracts. */
async function deployMissing(site: Site, assets: readonly PlannedAsset[]): Promise<PerContract<Address>> {
  const made = toDeploy(assets);
  // Ignition calls a module unfinished while any of the folder's is, so a finished one is left alone.
  if ((await missingIn(site.folder, assets)).length > 0)
    await runModule(site, contractsModule(made), parametersOf(assets));
  const found = await deployedIn(site.folder);
  const at = (id: string) => found.get(`Contracts#${id}`)!;
  return {
    quorum: at("Quorum"),
    docket: at("Docket"),
    disposal: at("Disposal"),
    register: at("LicenceRegister"),
    vault: at("CaseVault"),
    lens: at("Lens"),
    verifiers: Object.fromEntries(Object.entries(VERIFIERS).map(([name, contract]) => [name, at(contract)])) as Record<
      VerifierName,
      Address
    >,
    assets: Object.fromEntries(
      assets.map((asset) => [asset.symbol, "address" in asset ? asset.address : at(assetId(made.indexOf(asset)))]),
    ),
  };
}

const parametersOf = (assets: readonly PlannedAsset[]) => ({
  Contracts: Object.fromEntries(toDeploy(assets).map(({ issuer }, n) => [issuerParameter(n), issuer])),
});

/** The code of contracts, and which have none though they should. A node that lags is asked again. */
async function codesOf(client: PublicClient, addresses: PerContract<Address>, assets: readonly PlannedAsset[]) {
  const existing = new Set(assets.flatMap((it) => ("address" in it ? [`assets.${it.symbol}`] : [])));
  for (let attempt = 1; ; attempt++) {
    const codeHashes = await codeHashesOf(client, addresses);
    const missing = namedEntries(codeHashes)
      .filter(([name, hash]) => hash === undefined && !existing.has(name))
      .map(([name]) => name);
    if (missing.length === 0 || attempt === WHILE_IT_LAGS.attempts) return { codeHashes, missing };
    await waitAfter(attempt, WHILE_IT_LAGS);
  }
}

/** The block of the journal's first entry. @throws NoFirstEntryError */
async function blockOfInstall(client: PublicClient, docket: Address, since: number): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const newest = await client.getBlockNumber({ cacheTime: 0 });
    const [entry] = await entryLogs(client, docket, BigInt(since), newest);
    if (entry?.args.seq === 1n) return Number(entry.blockNumber);
    if (attempt === WHILE_IT_LAGS.attempts) throw new NoFirstEntryError(docket, since, newest);
    await waitAfter(attempt, WHILE_IT_LAGS);
  }
}
