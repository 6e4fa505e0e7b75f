import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";
import type { NetworkConnection } from "hardhat/types/network";
import { createPublicClient, custom, zeroAddress, type Address, type Hex, type PublicClient } from "viem";
import { charterModule } from "../../deploy/modules/Charter.ts";
import { assetId, contractsModule, issuerParameter } from "../../deploy/modules/Contracts.ts";
import { VERIFIERS, type VerifierName, abiOf } from "../chain/artifacts.ts";
import {
  codeHashesOf,
  deploymentFileIn,
  deploymentFolder,
  DEPLOYMENT_SCHEMA,
  namedEntries,
  verifyDeployment,
  writeDeployment,
  type Deployment,
  type PerContract,
} from "../chain/deployments.ts";
import { EXIT, SequesterError } from "../errors.ts";
import { digestOf } from "../orders/digest.ts";
import { mergeSignatures } from "../orders/files.ts";
import { domainOf, type Domain, type Order } from "../orders/types.ts";
import { admissionsOf, buildCharter, type Charter } from "./charter.ts";
import { checkPlan, DeploymentRefusedError, type DeploymentPlan } from "./check.ts";
import { deployedIn, runModule, type Site } from "./ignition.ts";
import {
  charterDifferences,
  installationFile,
  readInstallation,
  writeInstallation,
  type Installation,
} from "./installation.ts";

/** Has the candidate of a seat sign its admission (EIP-712), which names the charter by its hash. */
export type SignAdmission = (admission: Order<"Admit">, domain: Domain) => Promise<Hex>;

export interface DeployInput extends DeploymentPlan {
  /** Of `hre.network.create`; the deployer, which keeps no right, is one of its accounts. */
  connection: NetworkConnection<string>;
  /** Asked once per seat and deployment: a rerun goes on with the signatures that were kept. */
  sign: SignAdmission;
  /** Last Unix second in which the charter may be installed. A rerun keeps the first one. */
  signBy: bigint;
  /** The deployment's folder; the chain's own unless told, and none on an in-process chain, which nothing outlives. */
  dir?: string | undefined;
}

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

/**
 * Deploys the contracts, has the first officers sign the charter, installs it and writes the deployment's file. Run again
 * after an interruption, it goes on where it stopped: same contracts, same charter, same signatures.
 * @throws DeploymentRefusedError before anything is sent; KeptCharterError, OtherChainError if the folder does not fit;
 * WrongSignerError, InvalidSignatureError if `sign` answers with what the seat did not sign; DeploymentFailedError.
 */
export async function deploy({ dir, ...input }: DeployInput): Promise<Deployment> {
  checkPlan(input);
  const client = createPublicClient({ transport: custom(input.connection.provider) });
  if (dir === undefined && input.connection.networkConfig.type === "edr-simulated") {
    const folder = await mkdtemp(path.join(tmpdir(), "sequester-"));
    try {
      return await deployIn(folder, client, input);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  const folder = dir ?? deploymentFolder(await client.getChainId());
  const deployment = await deployIn(folder, client, input);
  await writeDeployment(deploymentFileIn(folder), deployment);
  return deployment;
}

async function deployIn(folder: string, client: PublicClient, input: Omit<DeployInput, "dir">): Promise<Deployment> {
  let kept = await begin(folder, client, input.signBy);
  const { connection, deployer, assets, sign } = input;
  const site = { folder, connection, client, deployer, since: kept.since };
  const addresses = await deployContracts(site, assets);
  const codeHashes = await codeHashesOf(client, addresses);
  const missing = namedEntries(codeHashes).filter(([, hash]) => hash === undefined);
  if (missing.length > 0) {
    const names = missing.map(([name]) => name).join(", ");
    throw new OtherChainError(folder, `contracts without code here: ${names}`, "the chain of that deployment");
  }

  const domain = domainOf(kept.chainId, addresses.quorum);
  const charter = charterOf(input, addresses, kept.charter?.signBy ?? input.signBy);
  if (kept.charter !== undefined) await checkKept(folder, client, kept.charter, charter, addresses.quorum);
  kept = { ...kept, charter };
  await writeInstallation(folder, kept);
  for (const admission of admissionsOf(charter).slice(kept.signatures.length)) {
    const signature = await signed(admission, domain, sign);
    kept = { ...kept, signatures: [...kept.signatures, signature] };
    await writeInstallation(folder, kept);
  }

  const parameters = { ...parametersOf(assets), Charter: { charter, signatures: kept.signatures } };
  await runModule(site, charterModule(assets), parameters as unknown as DeploymentParameters);
  const deployment: Deployment = {
    schema: DEPLOYMENT_SCHEMA,
    chainId: kept.chainId,
    block: await blockOfInstall(client, addresses.docket, kept.since),
    addresses,
    codeHashes: codeHashes as PerContract<Hex>,
    domain,
  };
  await verifyDeployment(client, deployment);
  return deployment;
}

/** What the folder keeps of an earlier run on this chain, or the beginning of the first. */
async function begin(folder: string, client: PublicClient, signBy: bigint): Promise<Omit<Installation, "schema">> {
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
  const first = { chainId, genesis, since: Number(latest.number), signatures: [] };
  await writeInstallation(folder, first);
  return first;
}

const charterOf = ({ parameters, seats, assets, document }: DeploymentPlan, at: PerContract<Address>, signBy: bigint) =>
  buildCharter({
    ...{ parameters, seats, document, signBy },
    contracts: { docket: at.docket, disposal: at.disposal, register: at.register, vault: at.vault },
    assets: assets.map(({ symbol, treasury }) => ({ asset: at.assets[symbol]!, treasury })),
    verifiers: Object.values(at.verifiers),
  });

async function checkKept(folder: string, client: PublicClient, kept: Charter, now: Charter, quorum: Address) {
  const differences = charterDifferences(kept, now);
  if (differences.length > 0) {
    const print = (charter: Charter, part: keyof Charter) => JSON.stringify(charter[part]);
    const reasons = differences.map((part) => `${part}: signed ${print(kept, part)}, needs ${print(now, part)}`);
    throw new KeptCharterError(folder, reasons);
  }
  const { timestamp } = await client.getBlock();
  const installed = await client.readContract({ address: quorum, abi: abiOf("Quorum"), functionName: "docket" });
  if (installed === zeroAddress && timestamp > kept.signBy) {
    const reason = `its signBy ${kept.signBy} has passed, at ${timestamp} on this chain: deploy anew, into an empty folder`;
    throw new KeptCharterError(folder, [reason]);
  }
}

/** The candidate's signature, found to be its own. */
async function signed(admission: Order<"Admit">, domain: Domain, sign: SignAdmission): Promise<Hex> {
  const digest = digestOf(admission, domain);
  const file = { digest, signer: admission.message.signer, signature: await sign(admission, domain) };
  const [own] = await mergeSignatures(digest, [file]);
  return own!.signature;
}

/** Deploys what is missing of the contracts. */
async function deployContracts(site: Site, assets: DeploymentPlan["assets"]): Promise<PerContract<Address>> {
  const ids = [
    "Quorum",
    "Docket",
    "LicenceRegister",
    "Disposal",
    "CaseVault",
    "Lens",
    ...Object.values(VERIFIERS),
    ...assets.map((_, n) => assetId(n)),
  ];
  let found = await deployedIn(site.folder);
  // Ignition calls a module unfinished while any of the folder's is, so a finished one is left alone.
  if (!ids.every((id) => found.has(`Contracts#${id}`))) {
    await runModule(site, contractsModule(assets), parametersOf(assets));
    found = await deployedIn(site.folder);
  }
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
    assets: Object.fromEntries(assets.map(({ symbol }, n) => [symbol, at(assetId(n))])),
  };
}

const parametersOf = (assets: DeploymentPlan["assets"]) => ({
  Contracts: Object.fromEntries(assets.map(({ issuer }, n) => [issuerParameter(n), issuer])),
});

/** The block of the journal's first entry. */
async function blockOfInstall(client: PublicClient, docket: Address, since: number): Promise<number> {
  const [entry] = await client.getContractEvents({
    address: docket,
    abi: abiOf("Docket"),
    eventName: "Entry",
    args: { seq: 1n },
    fromBlock: BigInt(since),
    strict: true,
  });
  return Number(entry!.blockNumber);
}
