import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { NetworkConnection } from "hardhat/types/network";
import { createPublicClient, custom, type PublicClient } from "viem";
import { deploymentFileIn, deploymentFolder, writeDeployment, type Deployment } from "../chain/deployments.ts";
import type { SignAdmission } from "./charter.ts";
import { checkPlan, type DeploymentPlan } from "./check.ts";
import { LOCAL_CHAIN } from "./keys.ts";
import { aloneIn } from "./lock.ts";
import { deployContracts, installCharter } from "./stages.ts";

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

/**
 * Deploys the contracts, has the first officers sign the charter, installs it and writes the deployment's file. Run again
 * after an interruption, it goes on where it stopped: same contracts, same charter, same signatures.
 * @throws DeploymentRefusedError before anything is sent; KeptCharterError, ChangedPlanError, KeptContractsError, OtherChainError
 * if the folder does not fit, BusyFolderError if another run works in it;
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

async function deployIn(
  folder: string,
  client: PublicClient,
  { connection, sign, signBy, ...plan }: Omit<DeployInput, "dir">,
): Promise<Deployment> {
  const { provider, networkConfig } = connection;
  const sending = networkConfig.chainId === LOCAL_CHAIN ? { pollingMs: 10 } : undefined;
  return aloneIn(folder, async () => {
    const deployed = await deployContracts({ folder, client, provider, sending }, plan, signBy);
    return installCharter(deployed, plan, sign);
  });
}
