import { existsSync } from "node:fs";
import path from "node:path";
import {
  formatEther,
  isAddressEqual,
  zeroAddress,
  type Address,
  type Hex,
  type PrivateKeyAccount,
  type PublicClient,
} from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { isoOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import { abiOf } from "../../chain/artifacts.ts";
import { deploymentFileIn, deploymentFolder, writeDeployment, type Deployment } from "../../chain/deployments.ts";
import { answerOf, clientOf } from "../../chain/node.ts";
import { HttpEndpoint } from "../../chain/rpc.ts";
import { admissionsOf, charterHash } from "../../deployment/charter.ts";
import { readCharter, writeCharter, type CharterFile } from "../../deployment/charterFile.ts";
import { changesOf, settledBy } from "../../deployment/charterWords.ts";
import type { DeploymentPlan } from "../../deployment/check.ts";
import { gasOfContracts, gasOfInstallation, isContractCode } from "../../deployment/gas.ts";
import { readPlan, type PlanFile } from "../../deployment/planFile.ts";
import { sendingFrom } from "../../deployment/sender.ts";
import {
  ChangedPlanError,
  deployContracts,
  installCharter,
  missingIn,
  type Deployed,
} from "../../deployment/stages.ts";
import { ensureBuilt } from "../build.ts";
import type { Surroundings } from "../operation.ts";
import { accountOf, type KeyOptions } from "../order/keys.ts";
import { agree } from "../terminal.ts";
import { gathered, type Gathered } from "./gathered.ts";

export interface DeployRunOptions extends KeyOptions {
  rpc: string;
  dir?: string;
  signatures: readonly string[];
  confirmations: number;
  maxFee?: bigint;
  priorityFee?: bigint;
  amend?: boolean;
  yes?: boolean;
  json?: boolean;
  dryRun?: boolean;
}

/** The node is of another chain than the plan. Exit code 64. */
export class WrongChainError extends SequesterError {
  override name = "WrongChainError";
  constructor(has: number, needs: number) {
    super("The node is of another chain than the plan.", {
      code: EXIT.usage,
      metaMessages: [`has: chain ${has}`, `needs: chain ${needs}`],
    });
  }
}

/** The key is not the deployer's. Exit code 4. */
export class NotDeployerError extends SequesterError {
  override name = "NotDeployerError";
  constructor(has: Address, needs: Address) {
    super("The key is not that of the plan's deployer.", {
      code: EXIT.key,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** The deployer could not pay for everything that is still to be sent. Exit code 1. */
export class PoorDeployerError extends SequesterError {
  override name = "PoorDeployerError";
  constructor(deployer: Address, has: bigint, needs: bigint) {
    super("The deployer cannot pay for the deployment; nothing was sent.", {
      metaMessages: [
        `who: ${deployer}`,
        `has: ${formatEther(has)} ether`,
        `needs: ${formatEther(needs)} ether at most`,
      ],
    });
  }
}

/** What the chain has makes the plan impossible. Exit code 64. */
export class ImpossiblePlanError extends SequesterError {
  override name = "ImpossiblePlanError";
  constructor(reasons: readonly string[]) {
    super("The plan cannot be carried out on this chain.", { code: EXIT.usage, metaMessages: reasons });
  }
}

/** Milliseconds between two looks at a transaction: a node on this machine may be asked often. */
const [NEAR_MS, FAR_MS] = [20, 1_000];
const NEAR = ["127.0.0.1", "localhost", "[::1]"];

/** The name of the charter's file in the deployment's folder. */
const CHARTER = "charter.json";

/** Deploys what is missing, says whose signatures are missing, and installs the charter once none is. */
export async function runDeployment(
  planFile: string,
  options: DeployRunOptions,
  surroundings: Surroundings,
): Promise<void> {
  const { stdout, stderr, terminal } = surroundings;
  const { file, plan } = await readPlan(planFile);
  const { chainId, signBy } = file;
  await ensureBuilt();
  const client = clientOf(options.rpc);
  const has = await answerOf(client.getChainId());
  if (has !== chainId) throw new WrongChainError(has, chainId);
  const folder = options.dir ?? deploymentFolder(chainId);
  await requirePossible(client, plan);
  const missing = await missingIn(folder, plan.assets);

  let account: PrivateKeyAccount | undefined;
  const unlock = async () => {
    account ??= await accountOf(options, chainId, terminal);
    if (isAddressEqual(account.address, plan.deployer)) return account;
    throw new NotDeployerError(account.address, plan.deployer);
  };
  const provider = sendingFrom(new HttpEndpoint(options.rpc, { attempts: 4 }), chainId, plan.deployer, unlock);
  const { maxFee: maxFeePerGas, priorityFee: maxPriorityFeePerGas, confirmations } = options;
  const pollingMs = NEAR.includes(new URL(options.rpc).hostname) ? NEAR_MS : FAR_MS;
  const sending = { pollingMs, confirmations, maxFeePerGas, maxPriorityFeePerGas };

  if (missing.length > 0) {
    const gas = gasOfContracts(missing, plan);
    stderr.write(`Contracts to deploy on chain ${chainId}: ${[...gas.keys()].join(", ") || "none"}\n`);
    await requireMoney(client, plan, [...gas.values(), gasOfInstallation(plan)], maxFeePerGas, stderr);
    if (options.dryRun) return void stderr.write("Dry run: nothing was sent.\n");
    await agree("Deploy them?", options.yes, terminal);
    await unlock();
  }
  const place = { folder, client, provider, sending };
  const deployed = await answerOf(deployContracts(place, plan, BigInt(signBy)));
  const charterFile = path.join(folder, CHARTER);
  await keepCharter(charterFile, deployed, file, plan, options);

  const state = await gathered(deployed, [folder, ...options.signatures]);
  const waits = [...(await reasonsAgainstAssets(client, plan, deployed)), ...waitingFor(deployed, state)];
  const installed = await isInstalled(client, deployed);
  for (const fault of state.faults) stderr.write(`Not counted: ${fault}\n`);
  if (waits.length > 0 && !installed) {
    stderr.write(`The contracts are deployed. The charter waits, until ${isoOf(deployed.charter.signBy)}, for:\n`);
    for (const line of waits) stderr.write(`  ${line}\n`);
    const data = { schema: "sequester.deploy.run/1", state: "waiting", charter: charterFile, waits };
    return void stdout.write(options.json ? `${JSON.stringify(data)}\n` : `${charterFile}\n`);
  }
  if (!installed) {
    stderr.write(`All ${countOf(state.signatures.size, "signature")} are there: the charter can be installed.\n`);
    await requireMoney(client, plan, [gasOfInstallation(plan)], maxFeePerGas, stderr);
    if (options.dryRun) return void stderr.write("Dry run: nothing was sent.\n");
    await agree("Install the charter?", options.yes, terminal);
    await unlock();
  }
  if (options.dryRun) return void stderr.write("Dry run: the charter is installed, nothing is to be sent.\n");
  const deployment = await answerOf(
    installCharter(deployed, plan, async ({ message }) => state.signatures.get(message.signer.toLowerCase() as Hex)!),
  );
  const written = deploymentFileIn(folder);
  await writeDeployment(written, deployment);
  const data = { schema: "sequester.deploy.run/1", state: "installed", deployment: written, block: deployment.block };
  stderr.write(`The charter is installed in block ${deployment.block}. Now: deploy verify\n`);
  stdout.write(options.json ? `${JSON.stringify(data)}\n` : `${written}\n`);
}

/** @throws PoorDeployerError */
async function requireMoney(
  client: PublicClient,
  { deployer }: DeploymentPlan,
  gas: readonly bigint[],
  maxFee: bigint | undefined,
  stderr: { write(text: string): unknown },
): Promise<void> {
  // Twice what is asked now, so that a price that rises meanwhile stops nothing halfway.
  const price = maxFee ?? 2n * (await answerOf(client.estimateFeesPerGas())).maxFeePerGas;
  const needs = gas.reduce((sum, it) => sum + it, 0n) * price;
  const has = await answerOf(client.getBalance({ address: deployer }));
  stderr.write(
    `${countOf(gas.length, "transaction")} until the end by ${deployer}, ${formatEther(needs)} ether at most\n`,
  );
  if (has < needs) throw new PoorDeployerError(deployer, has, needs);
}

/** @throws ImpossiblePlanError */
async function requirePossible(client: PublicClient, { seats, deployer }: DeploymentPlan): Promise<void> {
  const hasCode = async (address: Hex) => isContractCode(await answerOf(client.getCode({ address })));
  const reasons = await Promise.all(
    seats.map(async (seat) => {
      if ("key" in seat || seat.kind === "verifier") return [];
      const is = await hasCode(seat.signer);
      const needs = seat.kind === "contract";
      if (is === needs) return [];
      return [
        `${seat.signer} of ${seat.agency}: has ${is ? "a contract" : "no contract"}, needs ${needs ? "one" : "a key"}`,
      ];
    }),
  );
  const all = [...reasons.flat(), ...((await hasCode(deployer)) ? [`the deployer ${deployer} is a contract`] : [])];
  if (all.length > 0) throw new ImpossiblePlanError(all);
}

/** Writes the charter for its officers, unless it is there; another one stays unless it is to be amended. @throws ChangedPlanError */
async function keepCharter(
  file: string,
  { kept, addresses, charter }: Deployed,
  { paper }: PlanFile,
  { parameters: { timeZone } }: DeploymentPlan,
  { amend, dryRun }: DeployRunOptions,
): Promise<void> {
  if (existsSync(file)) {
    const old = await readCharter(file);
    if (charterHash(old.charter) === charterHash(charter)) return;
    if (!amend || kept.charter !== undefined) {
      const changes = changesOf(old.charter, charter, { has: old.addresses, needs: addresses });
      const needs = "the plan as it was, or --amend, after which whoever has signed signs anew";
      throw new ChangedPlanError(file, changes, needs);
    }
  }
  if (dryRun) return;
  const written: CharterFile = { chainId: kept.chainId, addresses, paper, timeZone, charter };
  await writeCharter(file, written);
}

/** Assets of their issuers that do not obey the docket yet. */
async function reasonsAgainstAssets(
  client: PublicClient,
  { assets }: DeploymentPlan,
  { addresses }: Deployed,
): Promise<string[]> {
  const all = assets.map(async (asset) => {
    if (!("address" in asset)) return [];
    const at = { address: asset.address, abi: abiOf("Tenge") } as const;
    const needs = `asset ${asset.symbol} at ${asset.address}: needs`;
    if (!isContractCode(await answerOf(client.getCode(at))))
      return [`${needs} a contract, which obeys the docket ${addresses.docket}`];
    const [docket, decimals] = await Promise.all([
      client.readContract({ ...at, functionName: "DOCKET" }).catch(() => zeroAddress),
      client.readContract({ ...at, functionName: "decimals" }).catch(() => undefined),
    ]);
    return [
      ...(isAddressEqual(docket, addresses.docket) ? [] : [`${needs} the docket ${addresses.docket}, has ${docket}`]),
      ...(decimals === asset.decimals
        ? []
        : [`${needs} ${countOf(asset.decimals, "decimal")}, has ${decimals ?? "none"}`]),
    ];
  });
  return (await Promise.all(all)).flat();
}

function waitingFor({ charter, addresses }: Deployed, { signatures, lacking }: Gathered): string[] {
  const words = settledBy(charter, addresses);
  return admissionsOf(charter).flatMap(({ message }, i) => {
    const signer = message.signer.toLowerCase();
    if (signatures.has(signer as Hex)) return [];
    const more = lacking.get(signer);
    return [`the signature of ${words.get(`seat ${i + 1}`)}${more ? ` (${more})` : ""}`];
  });
}

async function isInstalled(client: PublicClient, { addresses }: Pick<Deployment, "addresses">): Promise<boolean> {
  const docket = { address: addresses.quorum, abi: abiOf("Quorum"), functionName: "docket" } as const;
  return (await answerOf(client.readContract(docket))) !== zeroAddress;
}
