import { readFileSync } from "node:fs";
import { foundationChecks, requireRight } from "../../audit/findings.ts";
import { gather } from "../../audit/gather.ts";
import { packOf, readPack, sha256, type Pack } from "../../audit/pack.ts";
import { filesOf } from "../../audit/report/files.ts";
import { reportOf, type Subject } from "../../audit/report/report.ts";
import { readBytes, writeAllNew } from "../../base/files.ts";
import type { Language } from "../../base/languages.ts";
import { countOf } from "../../base/words.ts";
import { answerOf } from "../../chain/node.ts";
import { HttpEndpoint } from "../../chain/rpc.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { encodeCaseId } from "../../orders/caseId.ts";
import { ensureBuilt } from "../build.ts";
import { OptionsRefusedError } from "../optionsRefused.ts";
import { nodeOf } from "../node.ts";
import type { Streams } from "../order/place.ts";
import path from "node:path";
import { withIndex } from "./indexed.ts";
import { periodIn } from "./moment.ts";

export interface ReportOptions {
  case?: string;
  period?: string;
  rpc?: string;
  pack?: string;
  block?: bigint;
  index?: string;
  deployment?: string;
  lang: Language;
  out: string;
}

/** Not one subject and one source. Exit code 64. */
export class ReportAskedError extends SequesterError {
  override name = "ReportAskedError";
  constructor(has: readonly string[], needs: string) {
    super("What to report is not told.", {
      code: EXIT.usage,
      metaMessages: [`has: ${has.join(", ") || "neither"}`, `needs: ${needs}`],
    });
  }
}

/** Writes a report of a case or a period, from a node or from a pack; all it tells is proven first. */
export async function report(options: ReportOptions, { stdout, stderr }: Streams): Promise<void> {
  oneOf(options, ["case", "period"]);
  oneOf(options, ["rpc", "pack"]);
  if (options.index !== undefined && options.pack !== undefined) {
    throw new OptionsRefusedError("--index with --pack", "--index with --rpc: a pack has the whole journal");
  }
  const subject: Subject =
    options.case === undefined ? periodIn(options.period!) : { caseId: encodeCaseId(options.case) };
  await ensureBuilt();
  const { pack, source } = await (options.pack === undefined ? fromNode(options) : fromPack(options.pack));
  const { hash, number } = pack.shown.header;
  requireRight(foundationChecks(pack, { blockHash: hash }));
  const files = filesOf(reportOf(pack, subject, { version: VERSION, source }), pack.evidence.deployment, options.lang);
  writeAllNew(
    options.out,
    files.map(([name, text]) => [path.join(options.out, name), text]),
  );
  stderr.write(
    `${countOf(files.length, "file")} are written from ${countOf(pack.evidence.entries.length, "entry")} at block ${number}.\n` +
      "Hold the block's hash in them against another source.\n",
  );
  stdout.write(`${path.join(options.out, "report.html")}\n`);
}

function oneOf(options: ReportOptions, names: readonly ("case" | "period" | "rpc" | "pack")[]): void {
  const told = names.filter((name) => options[name] !== undefined).map((name) => `--${name}`);
  if (told.length !== 1) throw new ReportAskedError(told, names.map((name) => `--${name}`).join(" or "));
}

interface Found {
  readonly pack: Pack;
  readonly source: string;
}

async function fromNode({ rpc, block, index: file, deployment: named }: ReportOptions): Promise<Found> {
  const { client, deployment } = await nodeOf({ rpc: rpc!, deployment: named });
  const at = block ?? "latest";
  const evidence = withIndex(file, deployment, (index) => gather(client, deployment, at, index));
  const pack = await packOf(await answerOf(evidence));
  return { pack, source: new HttpEndpoint(rpc!).name };
}

async function fromPack(file: string): Promise<Found> {
  const bytes = await readBytes(file);
  return { pack: await readPack(bytes), source: `pack, SHA-256 ${sha256(bytes)}` };
}

const { version: VERSION } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
