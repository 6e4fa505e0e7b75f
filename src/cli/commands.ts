// What there is to call, and with what. Whoever asks for help waits for nothing else: what a command does, and the heavy
// modules that it needs, are loaded when it is called.
import { Option, type Command } from "commander";
import { COMPARISON_ONLY, METHODS, type Method } from "../tracing/methods.ts";
import { languageOption } from "./language.ts";
import type { NoticeOptions } from "./notice.ts";
import type { ImportOptions, RunOptions, Surroundings } from "./operation.ts";
import { example, number, several, units } from "./options.ts";
import type { PlanCommandOptions, RunOptions as TraceOptions } from "./trace.ts";

const ORDER_METHODS = METHODS.filter((method) => !COMPARISON_ONLY.has(method));

/** Adds `sequester operation …`; `version` is that of the program, which evidence names. */
export function addOperation(program: Command, surroundings: Surroundings, version: string): void {
  const operation = program.command("operation").description("case files: play them, make them");
  const load = () => import("./operation.ts");

  operation
    .command("run")
    .description("play a case file on an embedded chain, from the first freeze to the closing statement")
    .argument("<dir>", "the operation's folder: case.json, targets.csv, rulings/")
    .option("--json", "print the statement alone, as JSON in base units")
    .option("--verbose", "show gas and addresses, too")
    .option(
      "--out <dir>",
      "write the statement as JSON and CSV, the orders as files and with their sentences, and a trace's evidence: to an empty folder, or none yet",
    )
    .option(
      "--keep <dir>",
      "write what made the chain, for chain open to make it anew: to an empty folder, or none yet",
    )
    .option(
      "--rpc <url>",
      "and bring all of it to a local node, such as anvil; what the node has already is passed over, so that it goes on after an interruption",
    )
    .option("--dry-run", "play on a chain that is thrown away, say what was done act by act, write nothing")
    .addHelpText("after", example("operation run operations/exemplum"))
    .action(async (dir: string, options: RunOptions) => (await load()).run(dir, options, surroundings, version));

  operation
    .command("import")
    .description("make an operation's folder of a published GraphSense TagPack")
    .argument("<labels>", "the TagPack, a YAML file")
    .requiredOption("--asset <symbol>", "symbol of the asset that every wallet holds")
    .requiredOption("-o, --out <dir>", "the folder to make; empty, or none yet")
    .option("--decimals <n>", "decimals of the asset", number(3), 6)
    .option("--amount <amount>", "what every wallet is given, in decimal units", "1000")
    .option("--cases <prefix>", "cases are named PREFIX-01, PREFIX-02, ...; after the file unless told")
    .option(
      "--parameters <name|file>",
      "a jurisdiction of deploy/parameters, or a .json5 file, which is copied",
      "kazakhstan",
    )
    .option("--start <date>", "date and time of the first freeze; today at 06:00 UTC unless told")
    .option("--json", "print the report as JSON")
    .addHelpText("after", example("operation import labels.yaml --asset USDT --cases LIST -o out/list"))
    .action(async (labels: string, options: ImportOptions) =>
      (await load()).importLabels(labels, options, surroundings),
    );
}

/** Adds `sequester trace …`; `version` is that of the program, which evidence names. */
export function addTrace(program: Command, surroundings: Surroundings, version: string): void {
  const group = program.command("trace").description("stolen money: where it went, what may be frozen of it");
  const load = () => import("./trace.ts");

  group
    .command("run")
    .description("trace stolen transfers through a history, and write the evidence to a folder")
    .option("--transfers <file...>", "CSV or Parquet; ethereum-etl, cryo, Etherscan, or our own columns")
    .option("--rpc <url...>", "nodes instead of files; several must agree")
    .option("--from-block <n>", "with --rpc: the block of the asset's creation, or the first that matters", number())
    .requiredOption("--seeds <file>", "the stolen transfers, JSON or CSV")
    .addOption(several("--stops <file...>", "services at which the trace ends: JSON, CSV or GraphSense TagPacks"))
    .addOption(
      new Option("--method <method...>", "by which rule; the first one is drawn")
        .choices(METHODS)
        .makeOptionMandatory(),
    )
    .option("--opening <file>", 'balances before the first transfer, or "clean": the least that explains the transfers')
    .option("--asset <address>", "the asset's contract, where the transfers are of several")
    .option("--decimals <n>", "decimals of the asset, where values are decimal", number())
    .option("--at <block>", "the evidence block: the last one that counts", number())
    .option("--out <dir>", "the folder to write; empty, or none yet")
    .option("--work <dir>", "keep what was read and how far the trace came: a next run goes on from there")
    .option("--no-ledgers", "write no ledger of each account: explain and disclosure requests need them")
    .option("--json", "print the manifest instead of the summary")
    .option("--dry-run", "read and trace, and write nothing")
    .addHelpText(
      "after",
      example(
        "trace run --transfers operations/tumar/trace/USDC.csv --seeds operations/tumar/trace/USDC.seeds.json --stops operations/tumar/trace/stops.json --method fifo --decimals 6 --out out/usdc",
      ),
    )
    .action(async (options: TraceOptions) => (await load()).run(options, surroundings, version));

  group
    .command("verify")
    .description("make the trace once more from its inputs, by other code, and hold it against the folder")
    .argument("<dir>", "the folder that trace run wrote")
    .option("--inputs <dir>", "where the inputs are, if they were moved")
    .option("--json", "print what was found as JSON")
    .addHelpText("after", example("trace verify out/usdc"))
    .action(async (dir: string, options: { inputs?: string; json?: boolean }) =>
      (await load()).check(dir, options, surroundings),
    );

  group
    .command("plan")
    .description("what may be frozen, by one method: what an order is made from")
    .argument("<dir>", "the folder that trace run wrote")
    .addOption(new Option("--method <method>", "of the order").choices(ORDER_METHODS).makeOptionMandatory())
    .option("--asset <address>", "the asset's contract, where the evidence does not name it")
    .addOption(
      new Option("--least <amount>", "the least amount that is proposed, in base units")
        .argParser(units(78))
        // The help writes a default as JSON, which knows no bigint.
        .default(1n, "1"),
    )
    .option("--whole-account", "the issuer freezes whole accounts only: says what is frozen besides")
    .option("--valid <time>", 'how long the plan is good, such as "36h"', "24h")
    .option("--expires <date>", "until when it is good instead, ISO date and time")
    .addOption(several("--service <address...>", "services that are not proposed, besides the stops"))
    .addOption(several("--contract <address...>", "contracts that are not proposed"))
    .addOption(several("--vault <address...>", "vaults that are not proposed"))
    .addOption(several("--treasury <address...>", "treasuries that are not proposed"))
    .addOption(several("--never <file...>", "a list of more of them: address,label,kind,source,date"))
    .option("--deployment <file>", "deployment.json, whose contracts are not proposed")
    .addOption(several("--rpc <url...>", "nodes that the plan is held against: no contracts, balances as traced"))
    .option("--targets <file>", "write targets.csv of an operation; with --case and --symbol")
    .option("--case <id>", "case of the targets")
    .option("--symbol <symbol>", "the asset's symbol in the operation")
    .option("--json", "print the plan as JSON in base units")
    .addHelpText(
      "after",
      example("trace plan out/usdc --method fifo --asset 0x0165878A594ca255338adfa4d48449f69242Eb8F"),
    )
    .action(async (dir: string, options: PlanCommandOptions) => (await load()).plan(dir, options, surroundings));

  group
    .command("explain")
    .description("how traced money came to an account, in words")
    .argument("<dir>", "the folder that trace run wrote")
    .argument("<account>", "an address")
    .addOption(new Option("--method <method>", "by which rule; the trace's first unless told").choices(METHODS))
    .option("--json", "print it as JSON in base units")
    .addHelpText("after", example("trace explain out/usdc 0x0303801ca400d56d1d907242527557019786373b"))
    .action(async (dir: string, account: string, options: { method?: Method; json?: boolean }) =>
      (await load()).tell(dir, account, options, surroundings),
    );
}

/** Adds `sequester notice`. */
export function addNotice(program: Command, surroundings: Surroundings): void {
  program
    .command("notice")
    .description("who holds or took what of an account, on which document, until when, and where to contest it")
    .usage("[options] [asset] <account>")
    .argument("<what>", "the holder's address; or, where one asset alone is meant, its symbol or address")
    .argument("[account]", "the holder's address, after an asset")
    .requiredOption("--rpc <url>", "a JSON-RPC node")
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .addOption(languageOption())
    .addOption(new Option("-o, --out <file>", "write it as a page to print, HTML, a new file").conflicts("json"))
    .option("--json", "print it as JSON, amounts in base units")
    .addHelpText("after", example("notice 0x685a3817f8875509C9d9572fcB7f1DB5aaa218ad --rpc http://127.0.0.1:8545"))
    .action(async (first: string, second: string | undefined, options: NoticeOptions) => {
      const { notice } = await import("./notice.ts");
      const [asset, account] = second === undefined ? [undefined, first] : [first, second];
      await notice(asset, account, options, surroundings);
    });
}
