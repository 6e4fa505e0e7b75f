// Orders of what was written: each field from its option, else from an earlier order, a table or the node's state.
import { readdirSync } from "node:fs";
import path from "node:path";
import { getAddress, isAddress, type Address } from "viem";
import { readBytes, readText } from "../../base/files.ts";
import { kebab } from "../../base/words.ts";
import { checkAgainstOrder, listHash, parseList } from "../../compensation/index.ts";
import type { Language } from "../../base/languages.ts";
import type { Fields } from "../../orders/acts/fields.ts";
import { definitionOf } from "../../orders/acts/index.ts";
import { builderOf } from "../../orders/build.ts";
import { namedEntries } from "../../chain/deployments.ts";
import { encodeCaseId } from "../../orders/caseId.ts";
import { documentHash, rulingHash } from "../../orders/document.ts";
import { fieldError } from "../../orders/errors.ts";
import { orderFileName, type OrderFile, type Ruling } from "../../orders/files.ts";
import { refuseLookAlikes, type KnownAddress } from "../../orders/lookAlikes.ts";
import { randomSalt } from "../../orders/salts.ts";
import type { PrimaryType, Target } from "../../orders/types.ts";
import { requireDomain, type ChainDesk, type Desk } from "./desk.ts";
import { momentOf, requireAsset, writingOf, type Writing } from "./fields.ts";
import { reachOf } from "./held.ts";
import { listOf, repeatedOf } from "./like.ts";
import { isFolder, MOST_OF_LIST, MOST_OF_RULING, readOrders, type OrderPaper } from "./papers.ts";
import { caseOf } from "./shown.ts";
import { refuseServices, servicesIn } from "./services.ts";
import { readTargets, type TargetRow } from "./targets.ts";

/** A field for which nothing was written. */
export const MissingFieldError = fieldError("MissingFieldError");

export interface NewOptions {
  deployment?: string;
  rpc?: string;
  ruling?: string;
  valid: string;
  list?: string;
  like?: string;
  from?: string;
  folder?: string;
  out?: string;
  lookAlike: string[];
  stops: string[];
  service: string[];
  lang?: Language;
  yes?: boolean;
  json?: boolean;
  dryRun?: boolean;
}

/** What was written for the fields, by their names. */
export type Written = Readonly<Record<string, unknown>>;

/** An order with the name of the file that it gets. */
export interface Draft {
  file: string;
  content: OrderFile;
  /** What of the node's state it was made from, in lines. */
  shown: readonly string[];
}

type Options = NewOptions & Written;

/** Where orders are written, on a node or not. */
type Place = Desk & Partial<ChainDesk>;

/** The option of a field; of a list it is the word for one entry. */
export const optionOf = (name: string, { several }: Writing): string =>
  kebab(name === "caseId" ? "case" : several ? name.replace(/s$/, "") : name);

/** Of a compensation all of this stands in its list. */
const OF_LIST = ["asset", "total", "root", "list"];
/** What the machine writes, or what is not written as itself. */
const NOT_WRITTEN = ["document", "signBy", "salt"];

export const writtenFields = (primaryType: PrimaryType): [name: string, writing: Writing][] =>
  Object.entries(definitionOf(primaryType).fields)
    .filter(([name]) => !NOT_WRITTEN.includes(name) && !(primaryType === "Compensate" && OF_LIST.includes(name)))
    .map(([name, field]) => [name, writingOf(name, field)]);

/** What an order is made of besides its options. */
interface Sources {
  rows: readonly TargetRow[];
  like?: OrderPaper | undefined;
}

/** The orders that the options tell: one, or with --folder one for each case. */
export async function draftsOf(primaryType: PrimaryType, given: Options, desk: Place): Promise<Draft[]> {
  const likes = given.like === undefined ? [] : await readOrders(given.like);
  for (const like of likes) requireDomain(like.path, like.domain, desk);
  const drafts = await (given.folder === undefined
    ? oneDraft(primaryType, given, likes, desk)
    : folderOfDrafts(primaryType, given, given.folder, likes, desk));
  const orders = drafts.map(({ content }) => content.order);
  await refuseServices(orders, servicesIn(given.stops), given.service, desk);
  return drafts;
}

async function oneDraft(primaryType: PrimaryType, given: Options, likes: readonly OrderPaper[], desk: Place) {
  const [like, second] = likes;
  if (second !== undefined) throw new MissingFieldError("--like", "several orders", "one, or --folder for one of each");
  const caseId = (given.case as string | undefined) ?? (like && caseOf(like.order));
  const options: Options = caseId === undefined ? given : { ...given, case: caseId };
  if (given.from === undefined) return [await draft(primaryType, options, desk, { rows: [], like })];
  const { rows, wholeAccount } = await readTargets(given.from, desk, caseId);
  const own = rows.filter((row) => row.caseId === caseId);
  if (caseId !== undefined && own.length === 0) {
    throw new MissingFieldError("--from", `no target of the case ${JSON.stringify(caseId)}`, "another --case or file");
  }
  const widened = wholeAccount ? { wholeAccount, ...options } : options;
  return [await draft(primaryType, widened, desk, { rows: own, like })];
}

async function folderOfDrafts(
  primaryType: PrimaryType,
  given: Options,
  folder: string,
  likes: readonly OrderPaper[],
  desk: Place,
): Promise<Draft[]> {
  if ((given.from === undefined) === (likes.length === 0)) {
    const has = given.from === undefined ? "no targets" : "--from and --like";
    throw new MissingFieldError("--folder", has, "one of --from, the targets of the cases, and --like, their orders");
  }
  if (given.case !== undefined) throw new MissingFieldError("--folder", "--case", "an order for each case");
  const sources = new Map<string, Sources>();
  for (const like of likes) {
    const caseId = caseOf(like.order) ?? "";
    if (sources.has(caseId)) {
      throw new MissingFieldError("--like", `more orders of the case ${JSON.stringify(caseId)}`, "one of each case");
    }
    sources.set(caseId, { rows: [], like });
  }
  const { rows } = given.from === undefined ? { rows: [] } : await readTargets(given.from, desk, undefined);
  for (const [caseId, of] of Map.groupBy(rows, (row) => row.caseId)) sources.set(caseId, { rows: of });
  const drafts: Draft[] = [];
  for (const [caseId, source] of sources) {
    const ruling = source.rows[0]?.ruling ?? given.ruling;
    const out = path.join(folder, orderFileName(primaryType, caseId));
    drafts.push(await draft(primaryType, { ...given, case: caseId, ...(ruling && { ruling }), out }, desk, source));
  }
  return drafts;
}

/** Builds one order of what was written. */
async function draft(primaryType: PrimaryType, options: Options, desk: Place, { rows, like }: Sources): Promise<Draft> {
  const { fields } = definitionOf(primaryType);
  const asset = typeof options.asset === "string" ? writingOf("asset", fields["asset"]!) : undefined;
  const ofAsset = asset?.read(options.asset as string, "--asset", desk) as Address | undefined;
  const repeated = like === undefined ? {} : repeatedOf(primaryType, like.order, ofAsset);
  const list = listOf(primaryType);
  if (rows.length > 0) delete repeated[list!];
  const given: Record<string, unknown> = {};
  for (const [name, writing] of writtenFields(primaryType)) {
    const value = (await valueOf(name, writing, options, desk)) ?? repeated[name] ?? absent(name, writing);
    if (value !== undefined) given[name] = value;
  }
  if (list !== undefined && rows.length > 0) {
    const targets = rows.map((row) => ({ asset: row.asset, account: row.account, amount: row.amount }));
    given[list] = [...((given[list] as object[] | undefined) ?? []), ...targets];
  }
  if (list !== undefined) requireEntries(primaryType, list, given);
  if (primaryType === "Compensate") Object.assign(given, await termsOfList(given, options, desk));
  requireAssets(given, desk);
  const shown = "upTo" in fields ? await reach(primaryType, given, options, desk) : [];
  const documentSalt = randomSalt();
  const ruling = "document" in fields ? await rulingOf(options, like) : undefined;
  const order = builderOf(primaryType)({
    ...given,
    ...(ruling && { document: documentHash(documentSalt, ruling.sha256) }),
    signBy: momentOf(options.valid, "--valid", desk),
    salt: randomSalt(),
  } as never);
  const meant = options.lookAlike.filter((text): text is Address => isAddress(text));
  const earlier = like === undefined ? [] : addressesIn(like.order.message).map(earlierOrders);
  refuseLookAlikes([...knownIn(desk), ...earlier, ...addressesIn(order.message)], meant);
  return {
    file: options.out ?? orderFileName(primaryType, options.case as string | undefined),
    content: { domain: desk.deployment.domain, order, ...(ruling && { documentSalt, ruling }) },
    shown,
  };
}

/** What an option says; undefined where it is not given. */
async function valueOf(name: string, writing: Writing, options: Written, desk: Place): Promise<unknown> {
  const option = optionOf(name, writing);
  const text = options[option.replace(/-[a-z]/g, (dashed) => dashed[1]!.toUpperCase())];
  const at = `--${option}`;
  if (Array.isArray(text)) return Promise.all((text as string[]).map((one) => writing.read(one, at, desk)));
  return text === undefined ? undefined : writing.read(text === true ? "" : (text as string), at, desk);
}

/** What stands for a field of which nothing says anything. @throws MissingFieldError */
function absent(name: string, writing: Writing): false | undefined {
  if (writing.value === undefined) return false;
  if (writing.optional) return undefined;
  throw new MissingFieldError(`--${optionOf(name, writing)}`, "nothing", writing.about || writing.value);
}

/** Lists of accounts of which one at least has something in it. @throws MissingFieldError */
function requireEntries(primaryType: PrimaryType, list: string, given: Record<string, unknown>): void {
  const { fields } = definitionOf(primaryType);
  const lists = writtenFields(primaryType).filter(([name]) => fields[name]!.items === fields[list]!.items);
  if (lists.some(([name]) => given[name] !== undefined)) return;
  const [, first] = lists[0]!;
  const options = lists.map(([name, writing]) => `--${optionOf(name, writing)} "${first.value}"`);
  throw new MissingFieldError(
    `--${optionOf(list, first)}`,
    "no account",
    `${options.join(", ")}, --from FILE or --like ORDER`,
  );
}

/** Fills how far an order reaches from what is held now, where it was not told. */
async function reach(primaryType: PrimaryType, given: Record<string, unknown>, options: Options, desk: Place) {
  const { client } = desk;
  if (given["upTo"] !== undefined) return [];
  if (client === undefined) {
    throw new MissingFieldError("--up-to", "nothing", "the number of the newest hold, or --rpc to take it from");
  }
  const targets = given[primaryType === "Arrest" ? "confirm" : "holds"] as readonly Target[] | undefined;
  const { upTo, arrested, shown } = await reachOf(
    { ...desk, client },
    encodeCaseId(given["caseId"] as string),
    targets ?? [],
  );
  given["upTo"] = upTo;
  const widens = "arrested" in given && options.arrested === undefined && arrested;
  if (widens) given["arrested"] = true;
  return [...shown, `Taken from it: --up-to ${upTo}${widens ? " --arrested" : ""}`];
}

/** What the order says of the list of a compensation. @throws ListMismatchError where the list is of another case */
async function termsOfList(order: Record<string, unknown>, { list: file }: NewOptions, { deployment }: Desk) {
  if (file === undefined) throw new MissingFieldError("--list", "nothing", "the list that `compensation make` wrote");
  const text = await readText(file, MOST_OF_LIST);
  const list = parseList(text, file);
  const { asset, total, root } = list;
  const terms = { asset, total, root, list: listHash(text) };
  checkAgainstOrder(list, { caseId: encodeCaseId(order.caseId as string), ...terms }, deployment.chainId, file);
  return terms;
}

/** What was read of an amount, which names its asset itself; in the order that stands in another field. */
const isAmount = (value: unknown): value is { amount: bigint; asset: Address } =>
  value instanceof Object && !Array.isArray(value) && "amount" in value;

/** Puts amounts in the place of what was written, if they are of the asset that the order names. */
function requireAssets(given: Record<string, unknown>, desk: Desk): void {
  for (const [name, value] of Object.entries(given)) {
    if (!isAmount(value)) continue;
    const needs = given[name === "leastProceeds" ? "proceedsAsset" : "asset"];
    requireAsset(name, value.asset, needs as Address, desk);
    given[name] = value.amount;
  }
}

/** The ruling's name and hash. */
async function rulingOf({ ruling, case: caseId }: Options, like: OrderPaper | undefined): Promise<Ruling> {
  if (ruling === undefined)
    throw new MissingFieldError("--ruling", "nothing", "the file of the paper that it rests on");
  const file = isFolder(ruling) ? path.join(ruling, paperIn(ruling, caseId as string, like)) : ruling;
  return { file: path.basename(file), sha256: rulingHash(await readBytes(file, MOST_OF_RULING)) };
}

/** Of a folder of papers the one that is called as the earlier order's, else the one that is called after the case. */
function paperIn(folder: string, caseId: string, like: OrderPaper | undefined): string {
  if (like?.ruling !== undefined) return like.ruling.file;
  const called = (file: string) => path.parse(file).name.toLowerCase() === caseId.toLowerCase();
  const files = readdirSync(folder).filter(called);
  if (files.length === 1) return files[0]!;
  const has = files.length === 0 ? `no paper of ${caseId}` : files.join(", ");
  throw new MissingFieldError("--ruling", `${folder} with ${has}`, `one file in it that is called ${caseId}`);
}

const knownIn = ({ deployment }: Desk): KnownAddress[] =>
  namedEntries(deployment.addresses).map(([what, address]) => ({ what: `the deployment's ${what}`, address }));

const earlierOrders = ({ what, address }: KnownAddress) => ({ what: `the earlier order's ${what}`, address });

/** Every address of a message, with its field. */
function addressesIn(value: unknown, at = ""): KnownAddress[] {
  if (typeof value === "string") {
    return isAddress(value) && BigInt(value) !== 0n ? [{ what: at, address: getAddress(value) }] : [];
  }
  if (!(value instanceof Object)) return [];
  return Object.entries(value as Fields).flatMap(([name, inside]) => {
    const place = Array.isArray(value) ? `${at}[${name}]` : at === "" ? name : `${at}.${name}`;
    return addressesIn(inside, place);
  });
}
