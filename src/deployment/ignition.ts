import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
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
import { formatGwei, getAddress, isAddressEqual, type Address, type Hash, type PublicClient } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { countOf } from "../base/words.ts";

/** How transactions are sent; what is missing is as Ignition has it. */
export interface Sending {
  /** Milliseconds between two looks at a transaction. */
  pollingMs?: number | undefined;
  /** Blocks that a transaction is to be under, its own among them. */
  confirmations?: number | undefined;
  /** Wei per gas that is offered; as much as the node's latest block asks for, twice, unless told. */
  maxFeePerGas?: bigint | undefined;
  maxPriorityFeePerGas?: bigint | undefined;
  /** Wei per gas above which nothing is sent. */
  mostPerGas?: bigint | undefined;
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

/** A transaction is in no block that counts; nothing is lost. Exit code 1. */
export class UnsettledError extends SequesterError {
  override name = "UnsettledError";
  constructor(has: string, cause?: unknown) {
    super("A transaction is not settled yet.", {
      metaMessages: [`has: ${has}`, "needs: to be called again later, which goes on and sends nothing twice"],
      cause,
    });
  }
}

/** Gas costs more by now than was agreed to. Exit code 1. */
export class GasPriceError extends SequesterError {
  override name = "GasPriceError";
  constructor(most: bigint, cause: unknown) {
    super("Gas became too dear; no more was sent.", {
      metaMessages: [`has: ${formatGwei(most)} gwei at most`, "needs: a lower price: called again it asks anew"],
      cause,
    });
  }
}

/** Numbers of Ignition's errors. */
const [DROPPED, AWAITS_DEPTH, AWAITS_NONCE, TOO_DEAR] = [10_400, 10_402, 10_403, 10_406];
const [TRANSACTION_LOST, COUNTS_MORE, COUNTS_FEWER] = [10_410, 10_411, 10_412];

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
 * @throws DeploymentFailedError, KeptContractsError, UnsettledError, GasPriceError
 */
export async function runModule(
  site: Site,
  module: IgnitionModule<string, string, IgnitionModuleResult<string>>,
  parameters: DeploymentParameters,
): Promise<void> {
  try {
    await mend(site.folder);
    for (;;) {
      const lost = await attempt(site, module, parameters);
      if (lost === undefined) return;
      await recover(site, lost);
    }
  } catch (error) {
    if (error instanceof SequesterError) throw error;
    throw faultOf(error as IgnitionFault, module.id, site);
  }
}

type IgnitionFault = Error & { number?: number; messageArguments?: Record<string, unknown> };

/** An error of Ignition in the words of this project. */
function faultOf(error: IgnitionFault, module: string, { sending }: Site): SequesterError {
  const { number, message, messageArguments: told = {} } = error;
  switch (number) {
    case DROPPED:
      return new UnsettledError(`${String(told["futureId"])}, which the node dropped`, error);
    case AWAITS_DEPTH:
    case AWAITS_NONCE: {
      const has = `transactions of ${String(told["sender"])} with fewer confirmations than the ${String(told["requiredConfirmations"])} that are needed`;
      return new UnsettledError(has, error);
    }
    case COUNTS_MORE:
    case COUNTS_FEWER: {
      const has = `a node that counts ${countOf(String(told["pendingCount"]), "transaction")} of ${String(told["sender"])} in place of ${String(told["expectedNonce"])}`;
      return new UnsettledError(has, error);
    }
    case TOO_DEAR:
      return new GasPriceError(sending?.mostPerGas ?? 0n, error);
    default:
      return new DeploymentFailedError(module, message.replace(/^HHE\d+: /, ""), error);
  }
}

/** What became of a step of a module so far, by its id; nothing for one that was not begun. */
export async function stateOf(folder: string, id: string): Promise<"done" | "failed" | "begun" | undefined> {
  const found = await journalIn(folder);
  if (found === undefined) return undefined;
  if (found.successful.includes(id)) return "done";
  if (found.failed.some(({ futureId }) => futureId === id)) return "failed";
  const begun = [...found.started, ...found.timedOut.map(({ futureId }) => futureId)];
  return begun.includes(id) ? "begun" : undefined;
}

/** Forgets a step of a module, so that it is done anew. */
export const forget = (folder: string, id: string): Promise<void> => wipe(folder, artifactResolver, id);

/** A line of Ignition's journal. */
interface Line {
  type: string;
  futureId?: string;
}

/**
 * Ignition goes on with nothing that failed, that it gave up to wait for, or that ended before it asked for a transaction.
 * None of it is in the way of another attempt.
 */
async function mend(folder: string): Promise<void> {
  const found = await journalIn(folder);
  if (found === undefined) return;
  const file = journalFile(folder);
  const lines = readFileSync(file, "utf8").split("\n");
  const asked = new Set<string>();
  const waits = lines.filter((line) => {
    const { type, futureId = "" } = line === "" ? { type: "" } : (JSON.parse(line) as Line);
    if (type === "NETWORK_INTERACTION_REQUEST") asked.add(futureId);
    if (type === "WIPE_APPLY") asked.delete(futureId);
    return type !== "ONCHAIN_INTERACTION_TIMEOUT";
  });
  if (waits.length < lines.length) {
    writeFileSync(`${file}.new`, waits.join("\n"));
    renameSync(`${file}.new`, file);
  }
  const idle = found.started.filter((id) => !asked.has(id));
  for (const id of [...found.failed.map(({ futureId }) => futureId), ...idle]) await forget(folder, id);
}

async function attempt(
  { folder, provider, deployer, sending = {} }: Site,
  module: IgnitionModule<string, string, IgnitionModuleResult<string>>,
  parameters: DeploymentParameters,
): Promise<LostTransaction | undefined> {
  const { pollingMs, confirmations, maxFeePerGas, maxPriorityFeePerGas, mostPerGas } = sending;
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
      ...(maxFeePerGas !== undefined && { maxFeePerGas }),
      ...(maxPriorityFeePerGas !== undefined && { maxPriorityFeePerGas }),
      ...(mostPerGas !== undefined && { maxFeePerGasLimit: mostPerGas }),
      // Killed after it was sent anew for more, it would be taken for somebody else's, and sent once more.
      disableFeeBumping: true,
    });
    if (result.type === DeploymentResultType.SUCCESSFUL_DEPLOYMENT) return undefined;
    if (result.type === DeploymentResultType.RECONCILIATION_ERROR) {
      throw new KeptContractsError(folder, Object.keys(result.errors));
    }
    if (result.type === DeploymentResultType.EXECUTION_ERROR && result.failed.length === 0) {
      const waiting = result.timedOut.map(({ futureId }) => futureId).join(", ");
      if (waiting !== "") throw new UnsettledError(`${waiting}, which is in no block`);
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
  const counted = (blockTag: "pending" | "latest") => client.getTransactionCount({ address: deployer, blockTag });
  const [sent, mined] = await Promise.all([counted("pending"), counted("latest")]);
  if (sent <= nonce) return forget(folder, futureId);
  const hash = await findTransaction(client, deployer, nonce, since);
  if (hash !== undefined) return void (await trackTransaction(folder, hash, provider, 1));
  // An older transaction has the nonce, so that the chain took none of this deployment with it.
  if (mined > nonce) return forget(folder, futureId);
  throw new UnsettledError(`${futureId}, which waits in the node's pool`);
}

async function findTransaction(
  client: PublicClient,
  from: Address,
  nonce: number,
  since: number,
): Promise<Hash | undefined> {
  const isIt = (it: { from: Address; nonce: number }) => it.nonce === nonce && isAddressEqual(it.from, from);
  const pending = await client.getBlock({ blockTag: "pending", includeTransactions: true });
  let found: { hash: Hash } | undefined = pending.transactions.find(isIt);
  for (let n = await client.getBlockNumber({ cacheTime: 0 }); found === undefined && n >= since; --n) {
    found = (await client.getBlock({ blockNumber: n, includeTransactions: true })).transactions.find(isIt);
  }
  return found?.hash;
}

const journalFile = (folder: string): string => path.join(folder, "journal.jsonl");

const journalIn = async (folder: string) =>
  existsSync(journalFile(folder)) ? status(folder, artifactResolver) : undefined;
