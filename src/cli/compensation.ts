import { InvalidArgumentError, type Command } from "commander";
import { assetOf } from "../chain/assets.ts";
import { deploymentFile, readDeployment } from "../chain/deployments.ts";
import {
  checkAgainstOrder,
  listHash,
  ListMismatchError,
  makeList,
  parseClaims,
  parseList,
  proofOf,
  serializeList,
  type CompensationList,
} from "../compensation/index.ts";
import { EXIT, SequesterError } from "../errors.ts";
import { digestOf } from "../orders/digest.ts";
import { readOrderFile, readText, writeText } from "../orders/disk.ts";
import type { Surroundings } from "./operation.ts";
import { amountsOf, tableOf } from "./table.ts";

type Streams = Pick<Surroundings, "stdout" | "stderr">;

/** The order is of another type. Exit code 64. */
export class NotCompensateError extends SequesterError {
  override name = "NotCompensateError";
  constructor(file: string, has: string) {
    super(`${file} is another order.`, { code: EXIT.usage, metaMessages: [`has: ${has}`, "needs: Compensate"] });
  }
}

/** The local chain, whose deployment is meant where no other is named. */
const LOCAL_CHAIN = 31337;

/** Adds `sequester compensation …`. */
export function addCompensation(program: Command, streams: Streams): void {
  const compensation = program.command("compensation").description("lists of who is compensated, and by how much");

  compensation
    .command("make")
    .description("share a pool out: owners before victims, victims by their losses, exact to the base unit")
    .argument("<claims>", "the admitted claims: CSV with id,account,class,loss, or JSON; losses in base units")
    .requiredOption("--case <id>", "the case that pays")
    .requiredOption("--asset <symbol>", "the asset that is paid: its symbol in the deployment, or its address")
    .requiredOption("--pool <units>", "what there is to share out, in base units", units)
    .requiredOption("-o, --out <file>", "the list's file")
    .option("--deployment <file>", "the deployment; that of the chain unless told")
    .option("--chain <id>", "the chain whose deployment is meant", chainId, LOCAL_CHAIN)
    .option("--json", "print what the order has to name, as JSON in base units")
    .option("--dry-run", "write no file")
    .action((claims: string, options: MakeOptions) => make(claims, options, streams));

  compensation
    .command("check")
    .description("compute a list anew, and compare it with the order over it")
    .argument("<list>", "the list's file")
    .option("--order <file>", "the order, *.order.json")
    .option("--deployment <file>", "the deployment whose docket the list has to name")
    .option("--json", "print the result as JSON")
    .action((list: string, options: CheckOptions) => check(list, options, streams));

  compensation
    .command("proof")
    .description("what a claimant, or anyone for it, brings to Disposal.claimCompensation")
    .argument("<list>", "the list's file")
    .argument("<claim>", "the claim's id")
    .option("--order <file>", "the order, *.order.json, which the list is checked against")
    .option("--json", "print it as JSON")
    .action((list: string, claim: string, options: ProofOptions) => prove(list, claim, options, streams));
}

interface MakeOptions {
  case: string;
  asset: string;
  pool: bigint;
  out: string;
  deployment?: string;
  chain: number;
  json?: boolean;
  dryRun?: boolean;
}

async function make(claimsFile: string, options: MakeOptions, { stdout, stderr }: Streams): Promise<void> {
  const deployment = await readDeployment(deploymentFile(options.chain, options.deployment));
  const claims = parseClaims(await readText(claimsFile), claimsFile);
  const asset = assetOf(deployment, options.asset).address;
  const { chainId, addresses } = deployment;
  const list = makeList({ chainId, docket: addresses.docket, caseId: options.case, asset }, claims, options.pool);
  const text = serializeList(list);
  if (!options.dryRun) await writeText(options.out, text);
  stdout.write(options.json ? `${JSON.stringify(termsForData(list, text))}\n` : listForReaders(list, text));
  stderr.write(options.dryRun ? "Dry run: nothing was written.\n" : `The list is in ${options.out}.\n`);
}

interface CheckOptions {
  order?: string;
  deployment?: string;
  json?: boolean;
}

async function check(file: string, options: CheckOptions, { stdout, stderr }: Streams): Promise<void> {
  const { list, text, order } = await readChecked(file, options.order);
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
  stdout.write(options.json ? `${JSON.stringify(termsForData(list, text, order))}\n` : listForReaders(list, text));
  stderr.write(
    order === undefined ? "The list is right; no order was compared.\n" : "The list is that of the order.\n",
  );
}

interface ProofOptions {
  order?: string;
  json?: boolean;
}

async function prove(file: string, claim: string, options: ProofOptions, { stdout }: Streams): Promise<void> {
  const { list, order } = await readChecked(file, options.order);
  const { index, account, amount, proof } = proofOf(list, claim);
  const data = {
    ...{ schema: "sequester.compensation-proof/1", claim, ...(order && { order: order.digest }) },
    ...{ index: String(index), account, amount: String(amount), proof },
  };
  const lines = namedLines([
    ["claim", claim],
    ...(order ? [["order", order.digest] as const] : []),
    ["index", data.index],
    ["account", account],
    ["amount", `${data.amount} base units of ${list.asset}`],
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
  const text = await readText(file);
  const list = parseList(text, file);
  if (orderFile === undefined) return { list, text };
  const { order, domain } = await readOrderFile(orderFile);
  if (order.primaryType !== "Compensate") throw new NotCompensateError(orderFile, order.primaryType);
  checkAgainstOrder(list, order.message, domain.chainId, file);
  return { list, text, order: { digest: digestOf(order, domain) } };
}

const termsForData = (list: CompensationList, text: string, order?: { digest: string }) => ({
  schema: "sequester.compensation-terms/1",
  ...{ chainId: list.chainId, docket: list.docket, caseId: list.caseId, asset: list.asset },
  ...{ total: String(list.total), root: list.root, list: listHash(text), claims: list.shares.length },
  ...(order && { order: order.digest }),
});

function listForReaders(list: CompensationList, text: string): string {
  const unitsOf = (amounts: readonly bigint[]) => amountsOf(amounts, 0);
  const losses = unitsOf(list.shares.map(({ loss }) => loss));
  const amounts = unitsOf(list.shares.map(({ amount }) => amount));
  return [
    `Compensation in case ${list.caseId}, in base units of ${list.asset}`,
    "",
    ...tableOf([
      ["claim", "class", "loss", "share"],
      ...list.shares.map((share, i) => [share.id, share.class, losses[i]!, amounts[i]!]),
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

function units(text: string): bigint {
  if (!/^\d{1,29}$/.test(text)) throw new InvalidArgumentError("needs base units, a whole number");
  return BigInt(text);
}

function chainId(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("needs the number of a chain");
  return Number(text);
}
