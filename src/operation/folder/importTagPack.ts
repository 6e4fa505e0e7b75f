import { FIRST_WALLET } from "../../tracing/lists/stops.ts";
import { readdirSync } from "node:fs";
import path from "node:path";
import { sha256, type Address, type Hex } from "viem";
import { officersFor } from "../../deployment/local.ts";
import { PARAMETERS_ENDING, readParameters, type Parameters } from "../../deployment/parameters.ts";
import { z } from "../../base/zod.ts";
import { bytesNow, isSystemError, reasonOf } from "../../base/files.ts";
import { Faults, Flaw, InputRefusedError } from "./faults.ts";
import { MAX_TARGETS_PER_CASE } from "./readOperation.ts";
import { locate } from "../../base/lines.ts";
import { caseFile, issueFaults, OPERATION_SCHEMA, type CaseFileInput } from "./schema.ts";
import { formatOffset } from "../../base/time.ts";
import { parseAccount, parseAmount } from "./values.ts";
import { operationFiles, writeOperationFiles, type TargetRow } from "./writeOperation.ts";
import { countOf } from "../../base/words.ts";

export interface TagPackImport {
  /** Path of the TagPack. */
  file: string;
  assetSymbol: string;
  decimals: number;
  /** What every target is given, in decimal units: a TagPack has no amounts. "1000" unless told. */
  amount?: string;
  /** Cases are named PREFIX-01, PREFIX-02, ... */
  casePrefix: string;
  /** At most 1,000; 100 unless told. */
  maxPerCase?: number;
  /** The folder to make; it may exist if it is empty. */
  out: string;
  /** A jurisdiction of deploy/parameters, or a file of parameters, which the folder then holds a copy of. */
  parameters: string;
  /** ISO date and time of the first freeze. */
  start: string;
}

/** What became of the TagPack's entries: entries = kept + notAddresses + notWallets + duplicates. */
export interface ImportReport {
  entries: number;
  kept: number;
  /** Of other chains, or with a wrong checksum. */
  notAddresses: number;
  /** Below 2^96: the zero address, precompiles and slips of the pen. */
  notWallets: number;
  duplicates: number;
  cases: number;
  /** Of the TagPack's file. */
  sha256: Hex;
  /** Given to every target, since a TagPack has no amounts. */
  amount: string;
  assetSymbol: string;
}

/** The copy of a file of parameters in the folder. */
const OWN_PARAMETERS = `parameters${PARAMETERS_ENDING}`;

const tag = z.looseObject({ address: z.string(), label: z.string().optional(), category: z.string().optional() });
const tagPack = z.looseObject({
  title: z.string().optional(),
  label: z.string().optional(),
  category: z.string().optional(),
  tags: z.array(tag),
});

type TagPack = z.output<typeof tagPack>;

/**
 * Makes an operation's folder of a published GraphSense TagPack: freeze of every wallet in it, arrest, seizure.
 * @throws InputRefusedError for a TagPack that cannot be read, options that cannot stand and a folder that is not empty;
 * ParametersError.
 */
export function importTagPack(options: TagPackImport): ImportReport {
  const {
    file,
    assetSymbol,
    decimals,
    amount = "1000",
    casePrefix,
    maxPerCase = 100,
    parameters,
    out,
    start,
  } = options;
  const law = readParameters(parameters);
  const isFile = parameters.endsWith(PARAMETERS_ENDING);
  const faults = new Faults();
  const refuseIfAny = () => {
    if (faults.all.length > 0) throw new InputRefusedError(`The import of ${file}`, faults.all);
  };
  const taken = whatIsIn(out);
  if (taken !== undefined) {
    faults.add("OutNotEmpty", out, undefined, `has ${taken}; needs to be a folder that is empty, or none yet`);
  }
  if (!Number.isInteger(maxPerCase) || maxPerCase < 1 || maxPerCase > MAX_TARGETS_PER_CASE) {
    faults.add(
      "TooManyTargets",
      "",
      undefined,
      `${countOf(maxPerCase, "target")} a case; needs 1 to ${MAX_TARGETS_PER_CASE}`,
    );
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(casePrefix)) {
    const reason = `the case prefix ${JSON.stringify(casePrefix)} needs letters, digits, ".", "_" and "-" only`;
    faults.add("BadCaseId", "", undefined, reason);
  }
  const source = readSource(file, faults);
  refuseIfAny();
  const { pack, hash } = source as NonNullable<typeof source>;

  const { wallets, ...counts } = sift(pack);
  if (wallets.length === 0) faults.add("NothingToDo", file, undefined, "no entry of the TagPack is a wallet");
  refuseIfAny();
  const chunks = Array.from({ length: Math.ceil(wallets.length / maxPerCase) }, (_, i) =>
    wallets.slice(i * maxPerCase, (i + 1) * maxPerCase),
  );
  const width = Math.max(2, String(chunks.length).length);
  const cases = chunks.map((chunk, i) => {
    const id = `${casePrefix}-${String(i + 1).padStart(width, "0")}`;
    return { id, ruling: `rulings/${id.toLowerCase()}.md`, wallets: chunk };
  });
  const report = { ...counts, cases: cases.length, sha256: hash, amount, assetSymbol };

  const content: CaseFileInput = {
    schema: OPERATION_SCHEMA,
    name: `Import of ${path.basename(file)}`,
    parameters: isFile ? OWN_PARAMETERS : parameters,
    start,
    seed: casePrefix,
    officers: officersFor(law),
    assets: [{ symbol: assetSymbol, decimals, kind: "sovereign" }],
    cases: cases.map(({ id, ruling }) => ({ id, ruling })),
    timeline: timelineUnder(law),
    expect: {
      targets: wallets.length,
      cases: cases.length,
      accounts: wallets.length,
      arrested: wallets.length,
      lapsed: 0,
    },
  };
  const checked = caseFile.safeParse(content);
  for (const { name, reason } of checked.success ? [] : issueFaults(checked.error)) {
    faults.add(name, "", undefined, reason);
  }
  if (checked.success) faults.try("", undefined, () => parseAmount(amount, decimals));
  refuseIfAny();

  const targets = cases.flatMap(({ id, wallets: ofCase }) =>
    ofCase.map(({ account, label, category }): TargetRow => ({
      case: id,
      account,
      asset: assetSymbol,
      amount,
      platform: label,
      group: category,
    })),
  );
  const rulings = new Map(cases.map((it) => [it.ruling, rulingText(it.id, it.wallets.length, file, pack, report)]));
  if (isFile) rulings.set(OWN_PARAMETERS, bytesNow(parameters).toString());
  writeOperationFiles(out, operationFiles(content, targets, rulings));
  return report;
}

/** Arrested on the last tenth of the freeze's term, for as long as the law allows, and seized when all ends are recorded. */
function timelineUnder({ rules, numbers }: Parameters): CaseFileInput["timeline"] {
  const [freeze, arrest] = [rules.Freeze, rules.Arrest].map((rule) => rule?.[0]?.term ?? 0) as [number, number];
  const until = Math.min(arrest, numbers.longestArrest);
  return [
    { at: "0d", act: "freeze", cases: "*" },
    { at: formatOffset(Math.floor((freeze * 9) / 10)), act: "arrest", cases: "*", until: formatOffset(until) },
    { at: formatOffset(freeze + 3_600), act: "lapse" },
    { at: formatOffset(Math.floor((freeze * 7) / 5)), act: "seize", cases: "*" },
  ];
}

/** What keeps a folder from being made; undefined if nothing does. */
function whatIsIn(dir: string): string | undefined {
  try {
    return readdirSync(dir)[0];
  } catch (error) {
    return isSystemError(error) && error.code === "ENOENT" ? undefined : reasonOf(error);
  }
}

function readSource(file: string, faults: Faults): { pack: TagPack; hash: Hex } | undefined {
  let bytes: Uint8Array;
  try {
    bytes = bytesNow(file);
  } catch (error) {
    faults.add("MissingFile", file, undefined, `has ${reasonOf(error)}; needs to be a file that can be read`);
    return undefined;
  }
  // Every scalar as text: an address without quotes would otherwise be a number, and a rounded one.
  const { document, lineOf, lineAt } = locate(new TextDecoder().decode(bytes), { schema: "failsafe" });
  for (const { pos, message } of document.errors) faults.add("Malformed", file, lineAt(pos[0]), message);
  if (document.errors.length > 0) return undefined;
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    faults.add("Malformed", file, undefined, (error as Error).message);
    return undefined;
  }
  const result = tagPack.safeParse(content);
  if (result.success) return { pack: result.data, hash: sha256(bytes) };
  for (const { name, keys, reason } of issueFaults(result.error)) faults.add(name, file, lineOf(keys), reason);
  return undefined;
}

interface Wallet {
  account: Address;
  label: string;
  category: string;
}

/** The wallets among the tags, each once, with what they inherit from the head of the pack. */
function sift(pack: TagPack) {
  const wallets = new Map<Address, Wallet>();
  const counts = { entries: pack.tags.length, notAddresses: 0, notWallets: 0, duplicates: 0 };
  for (const { address, label = pack.label ?? "", category = pack.category ?? "" } of pack.tags) {
    const account = accountOf(address.trim());
    if (account === undefined) counts.notAddresses++;
    else if (BigInt(account) < FIRST_WALLET) counts.notWallets++;
    else if (wallets.has(account)) counts.duplicates++;
    else wallets.set(account, { account, label: oneLine(label), category: oneLine(category) });
  }
  return { wallets: [...wallets.values()], kept: wallets.size, ...counts };
}

function accountOf(text: string): Address | undefined {
  try {
    return parseAccount(text);
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
    return error.fault === "ZeroAddress" ? (text as Address) : undefined;
  }
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

function rulingText(id: string, wallets: number, file: string, { title }: TagPack, report: ImportReport): string {
  return `# Ruling in case ${id}

This case was made from a published list, to try the system on real addresses. It is not a court's ruling.

- List: ${oneLine(title ?? "without a title")}
- File: ${path.basename(file)}
- SHA-256 of the file: ${report.sha256.slice(2)}
- Entries of the list: ${report.entries}, of which ${report.kept} are wallets; left out are ${report.notAddresses} that are no addresses of this kind of chain, ${report.notWallets} below 2^96 and ${countOf(report.duplicates, "duplicate")}

The case takes ${wallets} of these wallets, in the order of the list. The list has no amounts: every wallet was given ${report.amount} ${report.assetSymbol}.
`;
}
