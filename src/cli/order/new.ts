import { Command, Option } from "commander";
import { writeAllNew, writeNew } from "../../base/files.ts";
import { countOf, kebab } from "../../base/words.ts";
import { definitionOf } from "../../orders/acts/index.ts";
import { decodeCaseId, readsLikeName } from "../../orders/caseId.ts";
import { digestOf } from "../../orders/digest.ts";
import { caseIn } from "../../orders/entries.ts";
import { serializeOrderFile } from "../../orders/files.ts";
import { typesWith, type PrimaryType } from "../../orders/types.ts";
import { languageOption } from "../language.ts";
import type { Surroundings } from "../operation.ts";
import { example } from "../options.ts";
import { agree } from "../terminal.ts";
import { withoutValues } from "../told.ts";
import { deskOf } from "./desk.ts";
import { sentenceLines } from "./shown.ts";
import { draftsOf, optionOf, writtenFields, type Draft, type NewOptions, type Written } from "./draft.ts";
import { EXAMPLE_OF_NEW } from "./examples.ts";
import { writingOf } from "./fields.ts";
import { listOf } from "./like.ts";

type Around = Pick<Surroundings, "stdout" | "stderr" | "terminal">;

/** Writes an order of the act that the first argument names, by what the others say. */
export async function newOrder(args: readonly string[], surroundings: Around): Promise<void> {
  const { stdout, stderr } = surroundings;
  const program = new Command("sequester order new")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: withoutValues,
    })
    .showHelpAfterError("Add --help to see what there is.");
  for (const primaryType of typesWith("sentence")) addAct(program, primaryType, surroundings);
  await program.parseAsync(args, { from: "user" });
}

function addAct(program: Command, primaryType: PrimaryType, surroundings: Around): void {
  const { fields } = definitionOf(primaryType);
  const written = writtenFields(primaryType);
  const command = program.command(kebab(primaryType)).description(`write an order of the type ${primaryType}`);
  const collect = (value: string, earlier: string[] = []) => [...earlier, value];
  const several = (flags: string, about: string) =>
    command.addOption(new Option(flags, about).argParser(collect).default([], "none"));
  for (const [name, writing] of written) {
    const { value, about, several: isList } = writing;
    const option = new Option(`--${optionOf(name, writing)}${value === undefined ? "" : ` <${value}>`}`, about);
    command.addOption(isList ? option.argParser(collect) : option);
  }
  if (primaryType === "Compensate")
    command.option("--list <file>", "the list of `compensation make`: asset, total, root");
  if ("document" in fields)
    command.option("--ruling <file>", "the paper that it rests on; the order carries its hash alone");
  if ("caseId" in fields)
    command.option(
      "--like <order>",
      "repeat case, accounts, asset and amounts of an earlier order, which options replace; its paper, times and flags never",
    );
  const list = listOf(primaryType);
  if (list !== undefined) {
    const entries = `--${optionOf(list, writingOf(list, fields[list]!))}`;
    command.option(
      "--from <file>",
      `CSV with case,account,asset,amount: the entries of ${entries} of the case; or a trace's plan, as JSON, with --case`,
    );
    command.option(
      "--folder <dir>",
      "without --case: an order for each case of --from, or of the folder --like, in this folder; a column ruling of --from names the paper of each, else --ruling may be a folder of papers called after the cases",
    );
  }
  command.option("--valid <time>", 'how long it may be used, such as "2d", or an ISO date and time', "2d");
  several("--look-alike <address>", "an address that is meant, though it has the ends of another one");
  several("--stops <file>", "a list of services, pools and bridges, whose wallets are refused");
  several("--service <address>", "an address that is meant, though --stops has it");
  command
    .option("--deployment <file>", "the deployment; that of the node's chain, else of the local one, unless told")
    .option("--rpc <url>", "a JSON-RPC node: its clock, live holds, omnibus wallets, the decimals of assets")
    .option("-o, --out <file>", "the order's file, a new one; named after case and act unless told")
    .addOption(languageOption())
    .option("--yes", "write it though the case id reads like a person's name")
    .option("--json", "print what was written as JSON")
    .option("--dry-run", "write no file")
    .addHelpText("after", example(exampleOf(primaryType)))
    .action(async (options: NewOptions & Written) => write(primaryType, options, surroundings));
}

/** A call of the act with all that it cannot do without. */
function exampleOf(primaryType: PrimaryType): string {
  if (primaryType === "Freeze") return EXAMPLE_OF_NEW;
  const needed = writtenFields(primaryType).filter(([, { optional, several }]) => !optional || several);
  const options = needed.map(([name, writing]) => `--${optionOf(name, writing)} "${writing.value ?? ""}"`);
  const ruling = "document" in definitionOf(primaryType).fields ? ["--ruling ruling.pdf"] : [];
  const ofList = primaryType === "Compensate" ? ["--list list.json"] : [];
  const call = ["order new", kebab(primaryType), ...options, ...ofList, ...ruling];
  return `${call.join(" ")} --rpc http://127.0.0.1:8545`;
}

async function write(primaryType: PrimaryType, options: NewOptions & Written, { stdout, stderr, terminal }: Around) {
  const desk = await deskOf(options);
  const drafts = await draftsOf(primaryType, options, desk);
  for (const { content, shown } of drafts) {
    for (const line of [...shown, ...sentenceLines(content, desk.words)]) stderr.write(`${line}\n`);
  }
  const texts = drafts.map(({ file, content }) => [file, serializeOrderFile(content, file)] as const);
  if (!options.dryRun) {
    const names = namesIn(drafts);
    if (names.length > 0) {
      stderr.write(
        `${countOf(names.length, "case id")} that may be a person's name: ${names.join(", ")}. What is on the chain stays for ever, for everybody to read.\n`,
      );
      await agree("Write it all the same?", options.yes, terminal);
    }
    if (options.folder !== undefined) writeAllNew(options.folder, texts);
    else for (const [file, text] of texts) writeNew(file, text);
  }
  const orders = drafts.map(({ file, content: { order, domain } }) => ({ file, digest: digestOf(order, domain) }));
  const data = { schema: "sequester.order-new/1", primaryType, orders };
  stdout.write(
    options.json ? `${JSON.stringify(data)}\n` : orders.map(({ file, digest }) => `${file} ${digest}\n`).join(""),
  );
  if (options.dryRun) stderr.write("Dry run: nothing was written.\n");
}

/** Case ids, each once, that read like names of persons. */
const namesIn = (drafts: readonly Draft[]): string[] => {
  const ids = drafts.flatMap(({ content }) => caseIn(content.order) ?? []).map(decodeCaseId);
  return [...new Set(ids)].filter(readsLikeName).map((id) => JSON.stringify(id));
};
