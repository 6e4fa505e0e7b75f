import type { Address } from "viem";
import { checksOf, requireRight } from "../audit/findings.ts";
import { gather } from "../audit/gather.ts";
import { packOf, readPack, type Pack } from "../audit/pack.ts";
import type { Deployment } from "../chain/deployments.ts";
import { deploy } from "../deployment/deploy.ts";
import { LOCAL_CHAIN } from "../deployment/keys.ts";
import { localDeployment } from "../deployment/local.ts";
import { keptOf, type KeptChain } from "./keep.ts";
import { playAct } from "./play/playAct.ts";
import type { SeatedOfficer } from "./play/approve.ts";
import { assetCall } from "./play/calls.ts";
import { EmbeddedChain } from "./play/embedded.ts";
import { fundsOf } from "./play/funds.ts";
import type { Act, Asset, Operation } from "./operation.ts";
import { assetOf, type ExecutedOrder, type RefusedAttempt, type Stage } from "./play/stage.ts";
import { checkOutcome, drawStatement, type Statement } from "./statement/statement.ts";
import { traceOperation, type Traced } from "./traceOperation.ts";
import { tracedInWords } from "./tracedWords.ts";
import { countOf } from "../base/words.ts";

export type { ExecutedOrder, Progress, RefusedAttempt } from "./play/stage.ts";

export interface RunInput {
  operation: Operation;
  /** Told what is being done; what it returns is awaited. */
  progress?: Stage["progress"];
  /** A chain of `openChain` that outlives the run; else the run has its own. */
  chain?: EmbeddedChain;
  /** Whether to prove the end: a pack for auditors, verified against the hash of its block. */
  prove?: boolean;
}

/** What an operation ended with. */
export interface OperationResult {
  statement: Statement;
  deployment: Deployment;
  /** Every order, with what the officers read and signed, in the order of execution. */
  orders: ExecutedOrder[];
  /** Every act of the timeline with its targets, as they were when it was played. */
  acts: Act[];
  /** What the contracts refused, as the timeline said they would. */
  refused: RefusedAttempt[];
  /** Out of which the targets came, where the operation's folder has histories. */
  traced?: Traced;
  /** All that makes this chain anew. */
  kept: KeptChain;
  /** What proves all of it at the statement's block, where that was asked for. */
  pack?: Pack;
}

/** Seconds before the operation's start in which the system is deployed and the accounts are funded. */
const RUN_UP = 86_400;

/** An embedded chain that an operation can run on. */
export const openChain = ({ start }: Operation): Promise<EmbeddedChain> => EmbeddedChain.open(start - RUN_UP);

/**
 * Plays an operation on an embedded chain, from the deployment to the closing statement: the real contracts, approved by
 * real signatures of the officers' derived keys.
 * @throws DeploymentRefusedError, and InputRefusedError where the targets are not what the folder's histories tell, before
 * anything is sent; ActFailedError if an act cannot be executed, or can be and must not; StatementDifferenceError, UnexpectedOutcomeError, JournalBrokenError if what happened
 * does not add up.
 */
export async function runOperation({
  operation,
  progress = () => {},
  chain,
  prove = false,
}: RunInput): Promise<OperationResult> {
  const traced = await traceTargets(operation, progress);
  if (chain !== undefined) return play(operation, chain, traced, progress, prove);
  const own = await openChain(operation);
  try {
    return await play(operation, own, traced, progress, prove);
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

/** Deploys the system of an operation and funds its accounts: all that is there before the timeline begins. */
export async function raise(
  operation: Operation,
  chain: EmbeddedChain,
  progress: Stage["progress"] = () => {},
): Promise<Stage> {
  const { parameters } = operation;
  await progress({ step: "deploy", at: undefined, done: 0, total: 1 });
  const { deployment, officers } = await install(operation, chain);
  const denominate = (address: Address): Asset | undefined =>
    operation.assets.find(({ symbol }) => deployment.addresses.assets[symbol] === address);
  const words = { asset: denominate, agency: (index: number) => parameters.agencies[index] };
  const stage: Stage = {
    operation,
    parameters,
    officers,
    everyone: officers,
    chain,
    deployment,
    words,
    progress,
    executed: [],
    scheduled: new Map(),
    refused: [],
    acts: [],
  };
  const parts = `${countOf(operation.assets.length, "asset")}, ${countOf(officers.length, "officer")}`;
  await progress({ step: "deploy", at: undefined, done: 1, total: 1, result: `${parts}, charter installed` });

  await fund(stage);
  return stage;
}

async function play(
  operation: Operation,
  chain: EmbeddedChain,
  traced: Traced | undefined,
  progress: Stage["progress"],
  prove: boolean,
): Promise<OperationResult> {
  const stage = await raise(operation, chain, progress);
  for (const act of operation.timeline) await playAct(stage, act);

  const { deployment, words } = stage;
  const at = operation.timeline.at(-1)?.at;
  await progress({ step: "statement", at, done: 0, total: 1 });
  const blockNumber = await chain.settle();
  const drawn = await drawStatement(chain.client, deployment, {
    blockNumber,
    denominate: (asset) => {
      const known = operation.assets.find(({ symbol }) => symbol === words.asset(asset)?.symbol);
      return known && { symbol: known.symbol, decimals: known.decimals, perUsd: known.perUsd };
    },
  });
  const statement: Statement = { ...drawn, ...(traced && { trace: traced.statement }) };
  checkOutcome(statement, operation.totals);
  await progress({ step: "statement", at, done: 1, total: 1, result: "drawn from the journal, equals the chain" });
  const { executed: orders, refused, acts } = stage;
  const pack = prove ? await provedAt(stage, blockNumber, at) : undefined;
  const kept = await keptOf(chain);
  return { statement, deployment, orders, acts, refused, kept, ...(traced && { traced }), ...(pack && { pack }) };
}

/** Draws up the pack, and verifies it as an auditor does who knows its block's hash. */
async function provedAt(
  { chain, deployment, progress }: Stage,
  blockNumber: bigint,
  at: number | undefined,
): Promise<Pack> {
  await progress({ step: "pack", at, done: 0, total: 1 });
  const pack = await packOf(await gather(chain.client, deployment, blockNumber));
  const { hash } = await chain.client.getBlock({ blockNumber });
  requireRight(checksOf(await readPack(pack.bytes), { blockHash: hash }));
  const result = `${countOf(pack.evidence.proofs.length, "account")} proven at block ${blockNumber}, verified`;
  await progress({ step: "pack", at, done: 1, total: 1, result });
  return pack;
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
