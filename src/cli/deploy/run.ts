import path from "node:path";
import { isAddressEqual, type Address, type Hex, type PrivateKeyAccount, type PublicClient } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { isoOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import { deploymentFileIn, deploymentFolder, writeDeployment } from "../../chain/deployments.ts";
import { answerOf, clientOf, nodeAt } from "../../chain/node.ts";
import { admissionsOf } from "../../deployment/charter.ts";
import { settledBy } from "../../deployment/charterWords.ts";
import { toDeploy, type DeploymentPlan } from "../../deployment/check.ts";
import { gasOfContracts, gasOfInstallation, isContractCode } from "../../deployment/gas.ts";
import { aloneIn } from "../../deployment/lock.ts";
import { readPlan, type PlanFile } from "../../deployment/planFile.ts";
import { sendingFrom } from "../../deployment/sender.ts";
import {
  deployContracts,
  installCharter,
  isBegun,
  isInstalled,
  missingIn,
  type Deployed,
} from "../../deployment/stages.ts";
import { ensureBuilt } from "../build.ts";
import type { Surroundings } from "../operation.ts";
import { accountOf, type KeyOptions } from "../order/keys.ts";
import { agree } from "../terminal.ts";
import { reasonsAgainstAssets } from "./assets.ts";
import { otherCodes, OtherCodesError } from "./codes.ts";
import { gathered, type Gathered } from "./gathered.ts";
import { keepCharter, requireSamePlan } from "./kept.ts";
import { mostPerGas, requireMoney } from "./money.ts";

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
  const { file, plan } = await readPlan(planFile);
  const { chainId } = file;
  await ensureBuilt();
  const client = clientOf(options.rpc);
  const has = await answerOf(client.getChainId());
  if (has !== chainId) throw new WrongChainError(has, chainId);
  const folder = options.dir ?? deploymentFolder(chainId);
  await requirePossible(client, plan);
  const work = () => runIn(folder, client, file, plan, options, surroundings);
  return options.dryRun ? work() : aloneIn(folder, work);
}

async function runIn(
  folder: string,
  client: PublicClient,
  file: PlanFile,
  plan: DeploymentPlan,
  options: DeployRunOptions,
  { stdout, stderr, terminal }: Surroundings,
): Promise<void> {
  const { chainId, signBy } = file;
  const { deployer } = plan;
  const charterFile = path.join(folder, CHARTER);
  const missing = await missingIn(folder, plan.assets);
  await requireSamePlan(folder, charterFile, file, missing);

  let account: PrivateKeyAccount | undefined;
  const unlock = async () => {
    account ??= await accountOf(options, chainId, terminal);
    if (isAddressEqual(account.address, deployer)) return account;
    throw new NotDeployerError(account.address, deployer);
  };
  const provider = sendingFrom(nodeAt(options.rpc), chainId, deployer, unlock);
  const { maxFee: maxFeePerGas, priorityFee: maxPriorityFeePerGas, confirmations } = options;
  const pollingMs = NEAR.includes(new URL(options.rpc).hostname) ? NEAR_MS : FAR_MS;
  const sending = { pollingMs, confirmations, maxFeePerGas, maxPriorityFeePerGas };
  let most = await mostPerGas(client, options);

  if (missing.length > 0) {
    const gas = gasOfContracts(missing, plan);
    stderr.write(`Contracts to deploy on chain ${chainId}: ${[...gas.keys()].join(", ") || "none"}\n`);
    await requireMoney(client, deployer, [...gas.values(), gasOfInstallation(plan)], most, stderr);
    if (options.dryRun) return void stderr.write("Dry run: nothing was sent.\n");
    await agree("Deploy them?", options.yes, terminal);
    await unlock();
  }
  const place = { folder, client, provider, sending: { ...sending, mostPerGas: most } };
  const deployed = await answerOf(deployContracts(place, plan, BigInt(signBy)));
  const { addresses } = deployed;
  const own = toDeploy(plan.assets).map(({ symbol }) => symbol);
  const others = await otherCodes(client, { chainId, addresses }, own);
  if (others.length > 0) throw new OtherCodesError(folder, others);
  await keepCharter(charterFile, client, deployed, file, plan, options);

  const state = await gathered(deployed, [folder, ...options.signatures]);
  const waits = [...(await reasonsAgainstAssets(client, plan, addresses)), ...waitingFor(deployed, state)];
  const installed = await answerOf(isInstalled(client, addresses));
  for (const fault of state.faults) stderr.write(`Not counted: ${fault}\n`);
  if (waits.length > 0 && !installed) {
    stderr.write(`The contracts are deployed. The charter waits, until ${isoOf(deployed.charter.signBy)}, for:\n`);
    for (const line of waits) stderr.write(`  ${line}\n`);
    const data = { schema: "sequester.deploy.run/1", state: "waiting", charter: charterFile, waits };
    return void stdout.write(options.json ? `${JSON.stringify(data)}\n` : `${charterFile}\n`);
  }
  if (!installed) {
    stderr.write(`All ${countOf(state.signatures.size, "signature")} are there: the charter can be installed.\n`);
    most = await mostPerGas(client, options);
    await requireMoney(client, deployer, [gasOfInstallation(plan)], most, stderr);
    if (options.dryRun) return void stderr.write("Dry run: nothing was sent.\n");
    await agree("Install the charter?", options.yes, terminal);
    await unlock();
  }
  if (options.dryRun) return void stderr.write("Dry run: the charter is installed, nothing is to be sent.\n");
  const site = { ...deployed.site, sending: { ...sending, mostPerGas: most } };
  // Those that were found good today count: a Safe may have other owners than when it signed.
  const signatures = (await isBegun(folder)) ? deployed.kept.signatures : [];
  const ready = { ...deployed, site, kept: { ...deployed.kept, signatures } };
  const deployment = await answerOf(
    installCharter(ready, plan, async ({ message }) => state.signatures.get(message.signer.toLowerCase() as Hex)!),
  );
  const written = deploymentFileIn(folder);
  await writeDeployment(written, deployment);
  const data = { schema: "sequester.deploy.run/1", state: "installed", deployment: written, block: deployment.block };
  stderr.write(`The charter is installed in block ${deployment.block}. Now: deploy verify\n`);
  stdout.write(options.json ? `${JSON.stringify(data)}\n` : `${written}\n`);
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

function waitingFor({ charter, addresses }: Deployed, { signatures, lacking }: Gathered): string[] {
  const words = settledBy(charter, addresses);
  return admissionsOf(charter).flatMap(({ message }, i) => {
    const signer = message.signer.toLowerCase();
    if (signatures.has(signer as Hex)) return [];
    const more = lacking.get(signer);
    return [`the signature of ${words.get(`seat ${i + 1}`)}${more ? ` (${more})` : ""}`];
  });
}
