import { existsSync } from "node:fs";
import path from "node:path";
import {
  errorDeploymentResultToExceptionMessage,
  HardhatArtifactResolver,
} from "@nomicfoundation/hardhat-ignition/helpers";
import {
  deploy,
  DeploymentResultType,
  status,
  trackTransaction,
  wipe,
  type DeploymentParameters,
  type EIP1193Provider,
  type IgnitionModule,
  type IgnitionModuleResult,
} from "@nomicfoundation/ignition-core";
import hre from "hardhat";
import { getAddress, isAddressEqual, type Address, type Hash, type PublicClient } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";

/** How transactions are sent; what is missing is as Ignition has it. */
export interface Sending {
  /** Milliseconds between two looks at a transaction. */
  pollingMs?: number | undefined;
  /** Blocks that a transaction is to be under, its own among them. */
  confirmations?: number | undefined;
  /** Wei per gas at most; a transaction that waits long is then not sent anew for more. */
  maxFeePerGas?: bigint | undefined;
  maxPriorityFeePerGas?: bigint | undefined;
}

/** Where a deployment runs and what it has left. */
export interface Site {
  folder: string;
  /** It sends the deployer's transactions, too (`eth_sendTransaction`). */
  provider: EIP1193Provider;
  client: PublicClient;
  /** One of the provider's accounts. It sends nothing else as long as the deployment runs. */
  deployer: Address;
  sending?: Sending | undefined;
  /** Number of the latest block when the deployment began. */
  since: number;
}

/** Ignition could not deploy a module; most reasons go away by running it again. Exit code 1. */
export class DeploymentFailedError extends SequesterError {
  override name = "DeploymentFailedError";
  constructor(module: string, reason: string, cause?: unknown) {
    const metaMessages = reason.split("\n").filter((line) => line.trim() !== "");
    super(`The module ${module} was not deployed.`, { metaMessages, cause });
  }
}

/** The folder keeps contracts that were made in another way. Exit code 64. */
export class KeptContractsError extends SequesterError {
  override name = "KeptContractsError";
  constructor(folder: string, contracts: readonly string[]) {
    super("The contracts that were deployed are others than those that are needed.", {
      code: EXIT.usage,
      metaMessages: [`who: ${folder}`, `differs in: ${contracts.join(", ")}`],
    });
  }
}

/** Number of Ignition's error for a transaction that it wanted to send when it was interrupted. */
const TRANSACTION_LOST = 10_410;

interface LostTransaction {
  futureId: string;
  nonce: number;
}

const artifactResolver = new HardhatArtifactResolver(hre.artifacts);

/** The contracts that were deployed into the folder, by Ignition's id. */
export async function deployedIn(folder: string): Promise<Map<string, Address>> {
  const contracts = Object.values((await journalIn(folder))?.contracts ?? {});
  return new Map(contracts.map(({ id, address }) => [id, getAddress(address)]));
}

/**
 * Deploys a module, or what an interruption left of it. Says nothing and asks nothing.
 * @throws DeploymentFailedError, KeptContractsError
 */
export async function runModule(
  site: Site,
  module: IgnitionModule<string, string, IgnitionModuleResult<string>>,
  parameters: DeploymentParameters,
): Promise<void> {
  try {
    for (;;) {
      const lost = await attempt(site, module, parameters);
      if (lost === undefined) return;
      await recover(site, lost);
    }
  } catch (error) {
    if (error instanceof SequesterError) throw error;
    throw new DeploymentFailedError(module.id, (error as Error).message, error);
  }
}

async function attempt(
  { folder, provider, deployer, sending = {} }: Site,
  module: IgnitionModule<string, string, IgnitionModuleResult<string>>,
  parameters: DeploymentParameters,
): Promise<LostTransaction | undefined> {
  const { pollingMs, confirmations, maxFeePerGas, maxPriorityFeePerGas } = sending;
  try {
    const result = await deploy({
      provider,
      artifactResolver,
      deploymentDir: folder,
      ignitionModule: module,
      deploymentParameters: parameters,
      accounts: (await provider.request({ method: "eth_accounts" })) as string[],
      defaultSender: deployer,
      config: {
        ...hre.config.ignition,
        ...(pollingMs !== undefined && { blockPollingInterval: pollingMs }),
        ...(confirmations !== undefined && { requiredConfirmations: confirmations }),
      },
      ...(maxFeePerGas !== undefined && { maxFeePerGas, disableFeeBumping: true }),
      ...(maxPriorityFeePerGas !== undefined && { maxPriorityFeePerGas }),
    });
    if (result.type === DeploymentResultType.SUCCESSFUL_DEPLOYMENT) return undefined;
    if (result.type === DeploymentResultType.RECONCILIATION_ERROR) {
      throw new KeptContractsError(folder, Object.keys(result.errors));
    }
    throw new DeploymentFailedError(module.id, errorDeploymentResultToExceptionMessage(result));
  } catch (error) {
    const { number, messageArguments } = error as { number?: number; messageArguments?: LostTransaction };
    if (number === TRANSACTION_LOST) return messageArguments;
    throw error;
  }
}

/**
 * Ignition notes that it will send a transaction, sends it and notes its hash. Killed in between, it does not know whether
 * the chain has it, and asks. The deployer's nonce tells: nobody else uses its key.
 */
async function recover({ folder, provider, client, deployer, since }: Site, { futureId, nonce }: LostTransaction) {
  const sent = await client.getTransactionCount({ address: deployer, blockTag: "pending" });
  if (sent <= nonce) return wipe(folder, artifactResolver, futureId);
  const hash = await findTransaction(client, deployer, nonce, since);
  await trackTransaction(folder, hash, provider, 1);
}

async function findTransaction(client: PublicClient, from: Address, nonce: number, since: number): Promise<Hash> {
  const isIt = (it: { from: Address; nonce: number }) => it.nonce === nonce && isAddressEqual(it.from, from);
  const pending = await client.getBlock({ blockTag: "pending", includeTransactions: true });
  let found: { hash: Hash } | undefined = pending.transactions.find(isIt);
  for (let n = await client.getBlockNumber(); found === undefined && n >= since; --n) {
    found = (await client.getBlock({ blockNumber: n, includeTransactions: true })).transactions.find(isIt);
  }
  if (found === undefined) throw new Error(`No block from ${since} on has the transaction ${nonce} of ${from}.`);
  return found.hash;
}

const journalIn = async (folder: string) =>
  existsSync(path.join(folder, "journal.jsonl")) ? status(folder, artifactResolver) : undefined;
