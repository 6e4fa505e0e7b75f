import type { Address } from "viem";
import { assetOf } from "../../chain/assets.ts";
import { readDeployment } from "../../chain/deployments.ts";
import {
  checkAgainstOrder,
  listHash,
  ListMismatchError,
  makeList,
  doubtsOf,
  parseClaims,
  parseList,
  proverOf,
  refusedIn,
  requirePayable,
  serializeList,
  type CompensationList,
} from "../../compensation/index.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import type { Denomination } from "../../orders/amount.ts";
import { digestOf } from "../../orders/digest.ts";
import { readOrderFile } from "../../orders/disk.ts";
import { readText } from "../../base/files.ts";
import { writeNew } from "../../base/files.ts";
import type { Surroundings } from "../operation.ts";
import { deskOf, type Desk } from "../order/desk.ts";
import { amountIn, requireAsset } from "../order/fields.ts";
import { MOST_OF_LIST } from "../order/papers.ts";
import { knownPlace, wordsOf } from "../order/place.ts";
import { knownOf } from "./known.ts";
import { amountsOf, tableOf } from "../../base/table.ts";
import { countOf } from "../../base/words.ts";

type Streams = Pick<Surroundings, "stdout" | "stderr">;

/** The order is of another type. Exit code 64. */
export class NotCompensateError extends SequesterError {
  override name = "NotCompensateError";
  constructor(file: string, has: string) {
    super(`${file} is another order.`, { code: EXIT.usage, metaMessages: [`has: ${has}`, "needs: Compensate"] });
  }
}

export interface MakeOptions {
  case: string;
  asset: string;
  /** Base units, or units with their symbol. */
  pool: string;
  out: string;
  deployment?: string;
  rpc?: string;
  chain: number;
  json?: boolean;
  dryRun?: boolean;
}

/** Shares a pool out. Who could never be paid is refused: by the deployment's file, and by the chain where a node is named. */
export async function make(claimsFile: string, options: MakeOptions, { stdout, stderr }: Streams): Promise<void> {
  const desk = await deskOf(options, options.chain);
  const { deployment, words } = desk;
  const { chainId, addresses } = deployment;
  const asset = assetOf(deployment, options.asset).address;
  const of = words.asset(asset);
  const claims = parseClaims(await readText(claimsFile), claimsFile, of);
  const pool = poolIn(options.pool, asset, desk);
  const known = desk.client && (await knownOf(desk.client, deployment, options.case, asset));
  const refused = refusedIn(deployment);
  requirePayable(claims, (account) => refused(account) ?? known?.refuses(account));
  const list = makeList({ chainId, docket: addresses.docket, caseId: options.case, asset }, claims, pool);
  const text = serializeList(list);
  if (!options.dryRun) writeNew(options.out, text);
  stdout.write(options.json ? `${JSON.stringify(termsForData(list, text))}\n` : listForReaders(list, text, of));
  const doubts = [
    ...(of ? doubtsOf(claims, 10n ** BigInt(of.decimals), of.symbol) : []),
    ...(known?.doubts(claims) ?? []),
  ];
  for (const doubt of doubts) stderr.write(`Look again: ${doubt}\n`);
  if (known === undefined)
    stderr.write("No node was asked which accounts are sub-accounts, held, or the case's vault.\n");
  stderr.write(options.dryRun ? "Dry run: nothing was written.\n" : `The list is in ${options.out}.\n`);
}

/** The pool in base units, of what was written. */
function poolIn(text: string, asset: Address, desk: Desk): bigint {
  if (/^\d{1,29}$/.test(text)) return BigInt(text);
  const pool = amountIn(text, "--pool", desk);
  requireAsset("--pool", pool.asset, asset, desk);
  return pool.amount;
}

export interface CheckOptions {
  order?: string;
  deployment?: string;
  json?: boolean;
}

/** Computes a list anew. */
export async function check(file: string, options: CheckOptions, { stdout, stderr }: Streams): Promise<void> {
  const { list, text, order } = await readChecked(file, options.order);
  const of = await denominationOf(list, options.deployment);
  if (options.deployment !== undefined) {
    const { chainId, addresses } = await readDeployment(options.deployment);
    const differences = [
      ...(list.chainId === chainId ? [] : [`chainId: the list has ${list.chainId}, the deployment ${chainId}`]),
      ...(list.docket === addresses.docket
        ? []
        : [`docket: the list has ${list.docket}, the deployment ${addresses.docket}`]),
    ];
    if (differences.length > 0) throw new ListMismatchError(file, differences);
  }
  stdout.write(options.json ? `${JSON.stringify(termsForData(list, text, order))}\n` : listForReaders(list, text, of));
  stderr.write(
    order === undefined ? "The list is right; no order was compared.\n" : "The list is that of the order.\n",
  );
}

export interface ProofOptions {
  order?: string;
  all?: boolean;
  json?: boolean;
}

/** Not one claim, and not all. Exit code 64. */
export class ClaimChoiceError extends SequesterError {
  override name = "ClaimChoiceError";
  constructor(has: string) {
    super("It is not clear whose proof is meant.", {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, "needs: the id of one claim, or --all"],
    });
  }
}

/** Prints the proof of a claim, or of all, a line of JSON each. */
export async function prove(
  file: string,
  claim: string | undefined,
  options: ProofOptions,
  { stdout }: Streams,
): Promise<void> {
  if ((claim === undefined) === (options.all !== true)) {
    throw new ClaimChoiceError(claim === undefined ? "neither" : "both");
  }
  const { list, order } = await readChecked(file, options.order);
  const proofOf = proverOf(list);
  const dataOf = (id: string) => {
    const { index, account, amount, proof } = proofOf(id);
    const of = {
      claim: id,
      ...(order && { order: order.digest }),
      index: String(index),
      account,
      amount: String(amount),
    };
    return { schema: "sequester.compensation-proof/1", ...of, proof };
  };
  if (claim === undefined) {
    for (const { id } of list.shares) stdout.write(`${JSON.stringify(dataOf(id))}\n`);
    return;
  }
  const data = dataOf(claim);
  const { index, account, amount, proof } = data;
  const of = await denominationOf(list);
  const units = of && `${amountsOf([BigInt(amount)], of.decimals)[0]!} ${of.symbol}: `;
  const lines = namedLines([
    ["claim", claim],
    ...(order ? [["order", order.digest] as const] : []),
    ["index", index],
    ["account", account],
    ["amount", `${units ?? ""}${countOf(amount, "base unit")} of ${list.asset}`],
    ...proof.map((node, i) => [i === 0 ? "proof" : "", node] as const),
  ]);
  stdout.write(options.json ? `${JSON.stringify(data)}\n` : `${lines.join("\n")}\n`);
}

interface Checked {
  list: CompensationList;
  text: string;
  order?: { digest: string };
}

/** A list, found to be right and, where an order is named, to be the order's. */
async function readChecked(file: string, orderFile?: string): Promise<Checked> {
  const text = await readText(file, MOST_OF_LIST);
  const list = parseList(text, file);
  if (orderFile === undefined) return { list, text };
  const { order, domain } = await readOrderFile(orderFile);
  if (order.primaryType !== "Compensate") throw new NotCompensateError(orderFile, order.primaryType);
  checkAgainstOrder(list, order.message, domain.chainId, file);
  return { list, text, order: { digest: digestOf(order, domain) } };
}

/** What the list's asset is counted in, as a deployment of its docket tells: the one named, else that of its chain. */
async function denominationOf(
  { chainId, docket, asset }: CompensationList,
  named?: string,
): Promise<Denomination | undefined> {
  const { deployment } = await knownPlace(chainId, named === undefined ? {} : { deployment: named });
  if (deployment?.addresses.docket !== docket) return undefined;
  return (await wordsOf({ deployment })).asset(asset);
}

const termsForData = (list: CompensationList, text: string, order?: { digest: string }) => ({
  schema: "sequester.compensation-terms/1",
  chainId: list.chainId,
  docket: list.docket,
  caseId: list.caseId,
  asset: list.asset,
  total: String(list.total),
  root: list.root,
  list: listHash(text),
  claims: list.shares.length,
  ...(order && { order: order.digest }),
});

/** In units of the asset, where they are known. */
function listForReaders(list: CompensationList, text: string, of: Denomination | undefined): string {
  const unitsOf = (amounts: readonly bigint[]) => amountsOf(amounts, of?.decimals ?? 0);
  const losses = unitsOf(list.shares.map(({ loss }) => loss));
  const amounts = unitsOf(list.shares.map(({ amount }) => amount));
  return [
    `Compensation in case ${list.caseId}, in ${of === undefined ? `base units of ${list.asset}` : `${of.symbol} (${list.asset})`}`,
    "",
    ...tableOf([
      ["claim", "class", "account", "loss", "share"],
      ...list.shares.map((share, i) => [share.id, share.class, share.account, losses[i]!, amounts[i]!]),
    ]),
    "",
    ...namedLines([
      ["total", unitsOf([list.total])[0]!],
      ["root", list.root],
      ["list", listHash(text)],
    ]),
    "",
  ].join("\n");
}

const namedLines = (pairs: readonly (readonly [name: string, value: string])[]) =>
  pairs.map(([name, value]) => `${name.padEnd(8)} ${value}`);
