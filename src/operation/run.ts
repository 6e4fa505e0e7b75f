import { encodeFunctionData, type Address } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import type { Deployment } from "../chain/deployments.ts";
import { deploy } from "../deployment/deploy.ts";
import { LOCAL_CHAIN } from "../deployment/keys.ts";
import { localDeployment } from "../deployment/local.ts";
import { readParameters, type Parameters } from "../deployment/parameters.ts";
import { playAct } from "./acts.ts";
import type { SeatedOfficer } from "./approve.ts";
import { EmbeddedChain } from "./embedded.ts";
import type { Asset, Operation } from "./operation.ts";
import { checkOperation } from "./preflight.ts";
import { assetOf, type ExecutedOrder, type Stage } from "./stage.ts";
import { checkOutcome, drawStatement, type Statement } from "./statement.ts";
import { countOf } from "./words.ts";

export type { ExecutedOrder, Progress } from "./stage.ts";

export interface RunInput {
  operation: Operation;
  /** Told what is being done; what it returns is awaited. */
  progress?: Stage["progress"];
  /** A chain of `openChain` that outlives the run; else the run has its own. */
  chain?: EmbeddedChain;
}

/** What an operation ended with. */
export interface OperationResult {
  statement: Statement;
  deployment: Deployment;
  /** Every order, with what the officers read and signed, in the order of execution. */
  orders: ExecutedOrder[];
}

/** Seconds before the operation's start in which the system is deployed and the accounts are funded. */
const RUN_UP = 86_400;

/** An embedded chain that an operation can run on. */
export const openChain = ({ start }: Operation): Promise<EmbeddedChain> => EmbeddedChain.open(start - RUN_UP);

/**
 * Plays an operation on an embedded chain, from the deployment to the closing statement: the real contracts, approved by
 * real signatures of the officers' derived keys.
 * @throws ForbiddenByParametersError, DeploymentRefusedError before anything is sent; ActRefusedError, OrderTooLargeError
 * if an act cannot be executed; StatementDifferenceError, UnexpectedOutcomeError, JournalBrokenError if what happened
 * does not add up.
 */
export async function runOperation({ operation, progress = () => {}, chain }: RunInput): Promise<OperationResult> {
  checkOperation(operation);
  const parameters = readParameters(operation.parameters);
  if (chain !== undefined) return play(operation, parameters, chain, progress);
  const own = await openChain(operation);
  try {
    return await play(operation, parameters, own, progress);
  } finally {
    await own.close();
  }
}

async function play(
  operation: Operation,
  parameters: Parameters,
  chain: EmbeddedChain,
  progress: Stage["progress"],
): Promise<OperationResult> {
  await progress({ step: "deploy", at: undefined, done: 0, total: 1 });
  const { deployment, officers } = await install(operation, parameters, chain);
  const denominate = (address: Address): Asset | undefined =>
    operation.assets.find(({ symbol }) => deployment.addresses.assets[symbol] === address);
  const words = { asset: denominate, agency: (index: number) => parameters.agencies[index] };
  const stage: Stage = { operation, parameters, officers, chain, deployment, words, executed: [], progress };
  const parts = `${countOf(operation.assets.length, "asset")}, ${countOf(officers.length, "officer")}`;
  await progress({ step: "deploy", at: undefined, done: 1, total: 1, result: `${parts}, charter installed` });

  await fund(stage);
  for (const act of operation.timeline) await playAct(stage, act);

  const at = operation.timeline.at(-1)?.at;
  await progress({ step: "statement", at, done: 0, total: 1 });
  const blockNumber = await chain.settle();
  const statement = await drawStatement(chain.client, deployment, {
    blockNumber,
    denominate: (asset) => {
      const known = denominate(asset);
      return known && { symbol: known.symbol, decimals: known.decimals };
    },
  });
  checkOutcome(statement, operation.totals);
  await progress({ step: "statement", at, done: 1, total: 1, result: "drawn from the journal, equals the chain" });
  return { statement, deployment, orders: stage.executed };
}

/** Deploys the contracts and installs the charter, signed by the operation's officers. */
async function install(
  operation: Operation,
  parameters: Parameters,
  chain: EmbeddedChain,
): Promise<{ deployment: Deployment; officers: SeatedOfficer[] }> {
  const { seed, officers, assets, start } = operation;
  const { cast, plan } = localDeployment({ chainId: LOCAL_CHAIN, seed, parameters, officers, assets });
  const { deployer, issuer, treasury } = chain.roles;
  const deployment = await deploy({
    ...plan,
    deployer,
    assets: plan.assets.map((asset) => ({ ...asset, issuer, treasury })),
    connection: chain.connection,
    signBy: BigInt(start),
  });
  return {
    deployment,
    officers: officers.map((officer) => ({ ...officer, account: cast.officers.get(officer.name)! })),
  };
}

/** The issuer mints what the accounts hold when the operation begins, and what the stranger will deposit. */
async function fund(stage: Stage): Promise<void> {
  const { operation, chain, progress } = stage;
  const grants = new Map<string, { symbol: string; to: Address; amount: bigint }>();
  const grant = (symbol: string, to: Address, amount: bigint) => {
    const key = `${symbol} ${to}`;
    grants.set(key, { symbol, to, amount: amount + (grants.get(key)?.amount ?? 0n) });
  };
  for (const { targets } of operation.cases) {
    for (const { asset, account, amount } of targets) grant(asset, account, amount);
  }
  for (const act of operation.timeline) {
    if (act.act === "deposit") grant(act.asset, chain.roles.stranger, act.amount);
  }
  const total = grants.size;
  for (const [done, { symbol, to, amount }] of [...grants.values()].entries()) {
    await progress({ step: "fund", at: undefined, done, total });
    const data = encodeFunctionData({ abi: abiOf("Tenge"), functionName: "mint", args: [to, amount] });
    const what = `Funding of ${to} with ${symbol}`;
    await chain.send({ what, from: chain.roles.issuer, to: assetOf(stage, symbol), data });
  }
  const result = `${countOf(total, "account")}, by the issuer`;
  await progress({ step: "fund", at: undefined, done: total, total, result });
}
