import type { Address } from "viem";
import type { Deployment } from "../chain/deployments.ts";
import { deploy } from "../deployment/deploy.ts";
import { LOCAL_CHAIN } from "../deployment/keys.ts";
import { localDeployment } from "../deployment/local.ts";
import { playAct } from "./acts.ts";
import type { SeatedOfficer } from "./approve.ts";
import { assetCall } from "./calls.ts";
import { EmbeddedChain } from "./embedded.ts";
import { fundsOf } from "./funds.ts";
import type { Asset, Operation } from "./operation.ts";
import { checkOperation } from "./preflight.ts";
import { assetOf, type ExecutedOrder, type RefusedAttempt, type Stage } from "./stage.ts";
import { checkOutcome, drawStatement, type Statement } from "./statement.ts";
import { traceOperation, type Traced } from "./traced.ts";
import { tracedInWords } from "./tracedWords.ts";
import { countOf } from "./words.ts";

export type { ExecutedOrder, Progress, RefusedAttempt } from "./stage.ts";

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
  /** What the contracts refused, as the timeline said they would. */
  refused: RefusedAttempt[];
  /** Out of which the targets came, where the operation's folder has histories. */
  traced?: Traced;
}

/** Seconds before the operation's start in which the system is deployed and the accounts are funded. */
const RUN_UP = 86_400;

/** An embedded chain that an operation can run on. */
export const openChain = ({ start }: Operation): Promise<EmbeddedChain> => EmbeddedChain.open(start - RUN_UP);

/**
 * Plays an operation on an embedded chain, from the deployment to the closing statement: the real contracts, approved by
 * real signatures of the officers' derived keys.
 * @throws ForbiddenByParametersError, DeploymentRefusedError, and InputRefusedError where the targets are not what the
 * folder's histories tell, before anything is sent; ActRefusedError, OrderTooLargeError
 * if an act cannot be executed, NotRefusedError if one can be that must not; StatementDifferenceError, UnexpectedOutcomeError, JournalBrokenError if what happened
 * does not add up.
 */
export async function runOperation({ operation, progress = () => {}, chain }: RunInput): Promise<OperationResult> {
  checkOperation(operation);
  const traced = await traceTargets(operation, progress);
  if (chain !== undefined) return play(operation, chain, traced, progress);
  const own = await openChain(operation);
  try {
    return await play(operation, own, traced, progress);
  } finally {
    await own.close();
  }
}

async function traceTargets(operation: Operation, progress: Stage["progress"]): Promise<Traced | undefined> {
  if (operation.trace === undefined) return undefined;
  await progress({ step: "trace", at: undefined, done: 0, total: 1 });
  const traced = await traceOperation(operation);
  const result = traced && tracedInWords(traced.statement, operation.assets);
  await progress({ step: "trace", at: undefined, done: 1, total: 1, ...(result !== undefined && { result }) });
  return traced;
}

async function play(
  operation: Operation,
  chain: EmbeddedChain,
  traced: Traced | undefined,
  progress: Stage["progress"],
): Promise<OperationResult> {
  const { parameters } = operation;
  await progress({ step: "deploy", at: undefined, done: 0, total: 1 });
  const { deployment, officers } = await install(operation, chain);
  const denominate = (address: Address): Asset | undefined =>
    operation.assets.find(({ symbol }) => deployment.addresses.assets[symbol] === address);
  const words = { asset: denominate, agency: (index: number) => parameters.agencies[index] };
  const stage: Stage = {
    ...{ operation, parameters, officers, chain, deployment, words, progress },
    ...{ executed: [], scheduled: new Map(), refused: [] },
  };
  const parts = `${countOf(operation.assets.length, "asset")}, ${countOf(officers.length, "officer")}`;
  await progress({ step: "deploy", at: undefined, done: 1, total: 1, result: `${parts}, charter installed` });

  await fund(stage);
  for (const act of operation.timeline) await playAct(stage, act);

  const at = operation.timeline.at(-1)?.at;
  await progress({ step: "statement", at, done: 0, total: 1 });
  const blockNumber = await chain.settle();
  const drawn = await drawStatement(chain.client, deployment, {
    blockNumber,
    denominate: (asset) => {
      const known = denominate(asset);
      return known && { symbol: known.symbol, decimals: known.decimals, perUsd: known.perUsd };
    },
  });
  const statement: Statement = { ...drawn, ...(traced && { trace: traced.statement }) };
  checkOutcome(statement, operation.totals);
  await progress({ step: "statement", at, done: 1, total: 1, result: "drawn from the journal, equals the chain" });
  return { statement, deployment, orders: stage.executed, refused: stage.refused, ...(traced && { traced }) };
}

/** Deploys the contracts and installs the charter, signed by the operation's officers. */
async function install(
  operation: Operation,
  chain: EmbeddedChain,
): Promise<{ deployment: Deployment; officers: SeatedOfficer[] }> {
  const { seed, parameters, officers, assets, start } = operation;
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
  const { stranger, issuer } = chain.roles;
  const { cases, wallets, timeline } = operation;
  const moves = timeline.filter((act) => act.act === "move");
  const deposits = timeline.flatMap((act) =>
    act.act === "deposit" ? [{ asset: act.asset, account: stranger, amount: act.amount }] : [],
  );
  const grants = [...fundsOf(cases, wallets, moves), ...deposits];
  const total = grants.length;
  for (const [done, { asset, account, amount }] of grants.entries()) {
    await progress({ step: "fund", at: undefined, done, total });
    await chain.send(assetCall(`Funding of ${account}`, issuer, assetOf(stage, asset), "mint", [account, amount]));
  }
  const result = `${countOf(new Set(grants.map(({ account }) => account)).size, "account")}, by the issuer`;
  await progress({ step: "fund", at: undefined, done: total, total, result });
}
