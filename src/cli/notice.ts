import type { Command } from "commander";
import { getAddress, isAddress } from "viem";
import { assetOf } from "../chain/assets.ts";
import { deploymentFile, readDeployment } from "../chain/deployments.ts";
import { answerOf, clientOf } from "../chain/node.ts";
import { EXIT, SequesterError } from "../errors.ts";
import type { Basis, HoldNotice, Notice, PendingNotice, TakenNotice } from "../notice/notice.ts";
import { ensureBuilt } from "./build.ts";
import type { Surroundings } from "./operation.ts";
import { amountsOf } from "./table.ts";
import { countOf } from "../operation/words.ts";

/** Not the address of an account. Exit code 64. */
export class BadAccountError extends SequesterError {
  override name = "BadAccountError";
  constructor(has: string) {
    super("The account is no address.", {
      code: EXIT.usage,
      metaMessages: [`has: ${JSON.stringify(has)}`, "needs: 20 bytes in hexadecimal, with a right checksum if any"],
    });
  }
}

interface NoticeOptions {
  rpc: string;
  deployment?: string;
  json?: boolean;
}

type Streams = Pick<Surroundings, "stdout">;

/** Adds `sequester notice`. */
export function addNotice(program: Command, streams: Streams): void {
  program
    .command("notice")
    .description("who holds or took what of an account, on which document, until when, and where to contest it")
    .argument("<asset>", "symbol of the asset in the deployment, or its address")
    .argument("<account>", "the holder's address")
    .requiredOption("--rpc <url>", "a JSON-RPC node")
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .option("--json", "print it as JSON, amounts in base units")
    .action((asset: string, account: string, options: NoticeOptions) => notice(asset, account, options, streams));
}

async function notice(assetName: string, text: string, options: NoticeOptions, { stdout }: Streams): Promise<void> {
  if (!isAddress(text)) throw new BadAccountError(text);
  const client = clientOf(options.rpc);
  const chainId = await answerOf(client.getChainId());
  const deployment = await readDeployment(deploymentFile(chainId, options.deployment));
  const asset = assetOf(deployment, assetName);
  ensureBuilt();
  const { readNotice } = await import("../notice/read.ts");
  const found = await answerOf(readNotice(client, deployment, { asset, account: getAddress(text) }));
  stdout.write(options.json ? `${JSON.stringify(found)}\n` : noticeForReaders(found));
}

/** The notice for a reader: amounts in decimal units, times in UTC. */
export function noticeForReaders(notice: Notice): string {
  const { account, symbol, asset, block, decimals, holds, taken, pending } = notice;
  const units = (amount: string) => `${amountsOf([BigInt(amount)], decimals)[0]!} ${symbol}`;
  const { subAccount, balance, unbroken } = notice;
  const answered = subAccount?.answeredAt;
  const kept = subAccount
    ? `a sub-account of the platform's wallet ${subAccount.wallet}, asked ${subAccount.askedAt}, ` +
      (answered ? `answered ${answered}: it withholds ${units(balance!)}` : "not answered yet")
    : `balance ${units(balance!)}`;
  return [
    `Notice about ${account} in ${symbol} (${asset}), at block ${block.number}, ${block.time}`,
    kept,
    `held ${units(notice.held)}: ${units(notice.covered)} of the balance, ${units(notice.withheld)} of later receipts`,
    ...(unbroken ? [`held without a gap since ${unbroken.since}, by ${countOf(unbroken.cases, "case")}`] : []),
    "",
    ...(holds.length === 0 ? ["No case holds anything here."] : holds.flatMap((hold) => holdLines(hold, units))),
    ...taken.flatMap((row) => takenLines(row, units)),
    ...pending.flatMap((order) => pendingLines(order, notice, units)),
    "",
    `Checked against the journal's ${notice.journal.entries} entries, head ${notice.journal.head}.`,
    "A hold ends by itself after its last second. Contest a hold before the court that the document names.",
    "",
  ].join("\n");
}

type Units = (amount: string) => string;

function holdLines(hold: HoldNotice, units: Units): string[] {
  const ended = hold.live ? "" : ", ended by time";
  return [
    `Case ${hold.case} holds ${units(hold.amount)}: ${hold.kind}, number ${hold.number}${ended}`,
    `  since ${hold.since}, last second ${hold.until}`,
    `  ${units(hold.covered)} of the balance, ${units(hold.withheld)} of later receipts`,
    ...hold.bases.map(basisLine),
  ];
}

function takenLines(row: TakenNotice, units: Units): string[] {
  const more = [
    ...(row.transferred === "0" ? [] : [`given to somebody else by Transfer: ${units(row.transferred)}`]),
    ...(row.owed === "0" ? [] : [`not answered yet: ${units(row.owed)}`]),
    ...(row.forfeited === "0" ? [] : [`forfeited in the whole case, whoever's it was: ${units(row.forfeited)}`]),
    ...(row.surrendered === "0" ? [] : [`surrendered by the platform for this sub-account: ${units(row.surrendered)}`]),
    ...(row.claim === "0" ? [] : [`waits to be claimed: ${units(row.claim)}`]),
    ...(row.due === "0" ? [] : [`due from the platform: ${units(row.due)}`]),
  ];
  return [
    `Case ${row.case} took ${units(row.taken)}, of which ${units(row.returned)} are given back; vault ${row.vault}`,
    ...more.map((line) => `  ${line}`),
    ...row.bases.map(basisLine),
  ];
}

function pendingLines(order: PendingNotice, { asset, appealTo }: Notice, units: Units): string[] {
  const amount = order.asset === asset ? units(order.amount) : `${order.amount} base units of ${order.asset}`;
  const appeals = order.appeals.length;
  return [
    `Case ${order.case}: ${order.act} of ${amount}${order.payee ? ` to ${order.payee}` : ""} waits, order ${order.order}`,
    `  may be executed from ${order.start} to ${order.deadline}`,
    ...(order.stayedBy.length > 0 ? [`  stayed by ${order.stayedBy.join(", ")}`] : []),
    ...(appeals > 0
      ? [`  ${appeals} ${appeals === 1 ? "appeal" : "appeals"}${order.appealed ? ", one by this account" : ""}`]
      : []),
    ...(order.mayAppeal ? [`  this account may appeal up to ${order.deadline}, to ${appealTo}`] : []),
    basisLine(order.basis),
  ];
}

function basisLine({ act, time, agencies, document, file, entry }: Basis): string {
  const by = agencies.length > 0 ? ` by ${agencies.join(", ")}` : "";
  const on = /^0x0+$/.test(document) ? "" : `, document ${document}`;
  return `  ${act} on ${time}${by}${on}${file ? `, file ${file}` : ""} (entry ${entry})`;
}
