import { getAddress, isAddress } from "viem";
import { known } from "../audit/known.ts";
import { blockOf, pinned } from "../audit/pinned.ts";
import { assetOf } from "../chain/assets.ts";
import { deploymentFile, readDeployment } from "../chain/deployments.ts";
import { answerOf, clientOf } from "../chain/node.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import type { Basis, HoldNotice, Notice, PendingNotice, TakenNotice } from "../notice/notice.ts";
import { ensureBuilt } from "./build.ts";
import type { Surroundings } from "./operation.ts";
import { writeNew } from "../base/files.ts";
import { textIn, type Language } from "../base/languages.ts";
import { amountsOf } from "../base/table.ts";
import { instantOf } from "../base/time.ts";
import { actTerm } from "../orders/acts/terms.ts";
import { timeIn } from "../orders/sentence.ts";
import { noticePage } from "./noticePage.ts";
import { NOTICE_WORDS } from "./noticeWords.ts";

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

export interface NoticeOptions {
  rpc: string;
  deployment?: string;
  lang?: Language;
  json?: boolean;
  out?: string;
}

type Streams = Pick<Surroundings, "stdout" | "stderr">;

/** Prints what holds or took what of an account, in one asset or at one block in all. */
export async function notice(
  assetName: string | undefined,
  text: string,
  options: NoticeOptions,
  { stdout, stderr }: Streams,
): Promise<void> {
  if (!isAddress(text)) throw new BadAccountError(text);
  const client = clientOf(options.rpc);
  const chainId = await answerOf(client.getChainId());
  const deployment = await readDeployment(deploymentFile(chainId, options.deployment));
  const account = getAddress(text);
  const names = assetName === undefined ? Object.keys(deployment.addresses.assets) : [assetName];
  const assets = names.map((name) => assetOf(deployment, name));
  await ensureBuilt();
  const { readNotice } = await import("../notice/read.ts");
  const found = await pinned(blockOf(client), "latest", async ({ number }) => {
    const all: Notice[] = [];
    for (const asset of assets) {
      all.push(await known(String(number), readNotice(client, deployment, { asset, account }, number)));
    }
    return all;
  });
  if (options.json) {
    const data = assetName === undefined ? { schema: "sequester.notices/1", account, notices: found } : found[0];
    return void stdout.write(`${JSON.stringify(data)}\n`);
  }
  const told = assetName === undefined ? eachOnce(found).filter(concerns) : found;
  const language = options.lang ?? "en";
  const others = found.filter(({ asset }) => !told.some((one) => one.asset === asset)).map(({ symbol }) => symbol);
  const said = [
    ...told.map((one) => noticeForReaders(one, language, deployment.timeZone)),
    ...(others.length > 0 ? [`${NOTICE_WORDS[language].nothingIn(account, others.join(", "))}\n`] : []),
  ].join("\n");
  if (options.out === undefined) return void stdout.write(said);
  writeNew(options.out, noticePage(said, language));
  stderr.write(`The notice is in ${options.out}.\n`);
}

/** Each order that waits once: in the notice about its own asset where that tells of it, else in the first that does. */
function eachOnce(found: readonly Notice[]): Notice[] {
  const placed = new Map<string, Notice>();
  for (const one of found) {
    for (const { order, asset } of one.pending) {
      if (asset === one.asset || !placed.has(order)) placed.set(order, one);
    }
  }
  return found.map((one) => ({ ...one, pending: one.pending.filter(({ order }) => placed.get(order) === one) }));
}

/** Whether anything holds or took anything. */
const concerns = ({ holds, taken, pending }: Notice): boolean => holds.length + taken.length + pending.length > 0;

/** How a notice is told: by words, amounts and times of one language. */
interface Teller {
  language: Language;
  said: (typeof NOTICE_WORDS)[Language];
  units: (amount: string) => string;
  time: (iso: string) => string;
}

/** The notice for a reader: amounts in decimal units, times in UTC and beside it by the clock of the deployment's time zone. */
export function noticeForReaders(notice: Notice, language: Language = "en", timeZone?: string): string {
  const { account, symbol, asset, block, decimals, holds, taken, pending } = notice;
  const said = NOTICE_WORDS[language];
  const where = textIn(notice.contact ?? {}, language);
  const units = (amount: string) => `${amountsOf([BigInt(amount)], decimals, language)[0]!} ${symbol}`;
  const time = (iso: string) => timeIn(instantOf(iso)!, { language, timeZone });
  const teller = { language, said, units, time };
  const { subAccount, balance, unbroken } = notice;
  const answered = subAccount?.answeredAt;
  const answer = answered ? said.answered(time(answered), units(balance!)) : said.unanswered;
  const kept = subAccount
    ? said.askedOf(subAccount.wallet, time(subAccount.askedAt), answer)
    : said.balance(units(balance!));
  return [
    said.about(account, symbol, asset, block.number, time(block.time)),
    kept,
    said.held(units(notice.held), units(notice.covered), units(notice.withheld)),
    ...(unbroken ? [said.unbroken(time(unbroken.since), unbroken.cases)] : []),
    "",
    ...(holds.length === 0 ? [said.holdsNothing] : holds.flatMap((hold) => holdLines(hold, teller))),
    ...taken.flatMap((row) => takenLines(row, teller)),
    ...pending.flatMap((order) => pendingLines(order, notice, teller)),
    "",
    said.checked(notice.journal.entries, notice.journal.head),
    said.contest,
    ...(where === undefined ? [] : [said.contact(where)]),
    "",
  ].join("\n");
}

const indented = (line: string) => `  ${line}`;

function holdLines(hold: HoldNotice, teller: Teller): string[] {
  const { said, units, time } = teller;
  const ended = hold.live ? "" : said.ended;
  return [
    said.hold(hold.case, units(hold.amount), said.kinds[hold.kind], hold.number) + ended,
    indented(said.since(time(hold.since), time(hold.until))),
    indented(said.parts(units(hold.covered), units(hold.withheld))),
    ...hold.bases.map((basis) => basisLine(basis, teller)),
  ];
}

function takenLines(row: TakenNotice, teller: Teller): string[] {
  const { said, units } = teller;
  const sums = ["transferred", "owed", "forfeited", "surrendered", "claim", "due"] as const;
  return [
    said.took(row.case, units(row.taken), units(row.returned), row.vault),
    ...sums.filter((sum) => row[sum] !== "0").map((sum) => indented(said[sum](units(row[sum])))),
    ...row.bases.map((basis) => basisLine(basis, teller)),
  ];
}

function pendingLines(order: PendingNotice, { asset, appealTo, block }: Notice, teller: Teller): string[] {
  const { language, said, units, time } = teller;
  const amount = order.asset === asset ? units(order.amount) : said.baseUnits(order.amount, order.asset);
  const appeals = order.appeals.length;
  const toCome = instantOf(order.start)! > instantOf(block.time)! ? time(order.start) : undefined;
  return [
    said.waits(order.case, actTerm(order.act, language), amount, order.payee, order.order),
    indented(said.executable(time(order.start), time(order.deadline))),
    ...(order.stayedBy.length > 0 ? [indented(said.stayedBy(order.stayedBy.join(", ")))] : []),
    ...(appeals > 0 ? [indented(said.appeals(appeals, order.appealed))] : []),
    ...(order.mayAppeal ? [indented(said.mayAppeal(toCome, appealTo))] : []),
    basisLine(order.basis, teller),
  ];
}

function basisLine(
  { act, time: at, agencies, document, file, entry }: Basis,
  { language, said, time }: Teller,
): string {
  const on = /^0x0+$/.test(document) ? "" : said.document(document);
  const basis = said.basis(actTerm(act, language), time(at), agencies.join(", "));
  return indented(`${basis}${on}${file ? said.file(file) : ""}${said.entry(entry)}`);
}
