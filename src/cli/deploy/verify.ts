import { isAddressEqual, parseAbi, zeroAddress, type Address, type PublicClient } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { abiOf } from "../../chain/artifacts.ts";
import {
  deploymentFile,
  readDeployment,
  verifyDeployment,
  DeploymentMismatchError,
  type Deployment,
} from "../../chain/deployments.ts";
import { answerOf, clientOf } from "../../chain/node.ts";
import { toDeploy, type DeploymentPlan } from "../../deployment/check.ts";
import { changesFromPlan } from "../../deployment/planned.ts";
import { readPlan } from "../../deployment/planFile.ts";
import { readEntries } from "../../journal/entries.ts";
import { installedBy } from "../audit/installed.ts";
import { ensureBuilt } from "../build.ts";
import type { Streams } from "../order/place.ts";
import { otherCodes } from "./codes.ts";
import { WrongChainError } from "./run.ts";

export interface DeployVerifyOptions {
  rpc: string;
  deployment?: string;
  json?: boolean;
}

/** The deployment is not what its plan says. Exit code 3. */
export class OtherThanPlannedError extends SequesterError {
  override name = "OtherThanPlannedError";
  constructor(differences: readonly string[]) {
    super("The deployment is not what the plan says.", { code: EXIT.verification, metaMessages: differences });
  }
}

interface Check {
  what: string;
  /** None: it is as it should be. */
  differences: readonly string[];
}

/** Holds a deployment against its plan. @throws OtherThanPlannedError with everything that differs */
export async function verifyAgainstPlan(
  planFile: string,
  options: DeployVerifyOptions,
  { stdout, stderr }: Streams,
): Promise<void> {
  const { file, plan } = await readPlan(planFile);
  await ensureBuilt();
  const client = clientOf(options.rpc);
  const has = await answerOf(client.getChainId());
  if (has !== file.chainId) throw new WrongChainError(has, file.chainId);
  const deployment = await readDeployment(deploymentFile(file.chainId, options.deployment));
  const own = toDeploy(plan.assets).map(({ symbol }) => symbol);
  const checks: Check[] = [
    {
      what: "code, decimals and domain are those of the deployment's file",
      differences: await mismatches(client, deployment),
    },
    {
      what: "code is that of the contracts that are compiled here, with each other in it",
      differences: await otherCodes(
        client,
        deployment,
        own.filter((it) => it in deployment.addresses.assets),
      ),
    },
  ];
  // Only code that is known answers for what it is bound to.
  if (checks.every(({ differences }) => differences.length === 0)) {
    checks.push(
      { what: "assets obey the docket, and are their issuers'", differences: await misbound(client, deployment, plan) },
      {
        what: "the charter that was installed is the plan's",
        differences: await otherCharter(client, deployment, plan, file.signBy),
      },
    );
  }
  const differences = checks.flatMap((it) => it.differences);
  stdout.write(
    options.json
      ? `${JSON.stringify({ schema: "sequester.deploy.verify/1", chainId: has, quorum: deployment.addresses.quorum, checks })}\n`
      : checks.map(({ what, differences: { length } }) => `${length === 0 ? "ok   " : "WRONG"}  ${what}\n`).join(""),
  );
  if (differences.length > 0) throw new OtherThanPlannedError(differences);
  stderr.write("What officers changed since, audit charter tells; to show the sources: hardhat ignition verify.\n");
}

async function mismatches(client: PublicClient, deployment: Deployment): Promise<readonly string[]> {
  try {
    await answerOf(verifyDeployment(client, deployment));
    return [];
  } catch (fault) {
    if (fault instanceof DeploymentMismatchError) return fault.metaMessages;
    throw fault;
  }
}

const BOUND = parseAbi(["function DOCKET() view returns (address)", "function ISSUER() view returns (address)"]);

/** Whom the assets obey and who issues them; what binds the contracts to each other is in their code. */
async function misbound(
  client: PublicClient,
  { addresses }: Deployment,
  { assets }: DeploymentPlan,
): Promise<string[]> {
  const expected = assets.flatMap((asset): [symbol: string, what: "DOCKET" | "ISSUER", needs: Address][] => {
    if (!(asset.symbol in addresses.assets)) return [];
    const issued: typeof expected = "issuer" in asset ? [[asset.symbol, "ISSUER", asset.issuer]] : [];
    return [[asset.symbol, "DOCKET", addresses.docket], ...issued];
  });
  const told = expected.map(async ([symbol, functionName, needs]) => {
    const at = { address: addresses.assets[symbol]!, abi: BOUND, functionName } as const;
    const has = await answerOf(client.readContract(at));
    return isAddressEqual(has, needs) ? [] : [`${functionName} of asset ${symbol}: has ${has}, needs ${needs}`];
  });
  return (await Promise.all(told)).flat();
}

async function otherCharter(
  client: PublicClient,
  deployment: Deployment,
  plan: DeploymentPlan,
  signBy: number,
): Promise<string[]> {
  const { addresses, block, domain } = deployment;
  const docket = { address: addresses.quorum, abi: abiOf("Quorum"), functionName: "docket" } as const;
  if ((await answerOf(client.readContract(docket))) === zeroAddress)
    return ["the charter: has none, needs that of the plan"];
  const range = { fromBlock: BigInt(block), toBlock: BigInt(block) };
  const [first] = await answerOf(readEntries(client, addresses.docket, range));
  const installed = first && (await answerOf(installedBy(client, domain, first)));
  if (installed === undefined)
    return [`the charter: block ${block} has no transaction that installed it as the journal tells`];
  return changesFromPlan(installed.charter, addresses, plan, BigInt(signBy));
}
