// What there is to call, and with what. Whoever asks for help waits for nothing else: what a command does, and the heavy
// modules that it needs, are loaded when it is called.
import { InvalidArgumentError, Option, type Command } from "commander";
import { COMPARISON_ONLY, METHODS, type Method } from "../tracing/methods.ts";
import type { CheckOptions, MakeOptions, ProofOptions } from "./compensation.ts";
import type { NoticeOptions } from "./notice.ts";
import type { ImportOptions, RunOptions, Surroundings } from "./operation.ts";
import type { PlanCommandOptions, RunOptions as TraceOptions } from "./trace.ts";

/** The local chain, whose deployment is meant where no other is named. */
const LOCAL_CHAIN = 31337;

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
    .option(
      "--out <dir>",
      "write the statement as JSON and CSV, the orders with their sentences, and a trace's evidence: to an empty folder, or none yet",
    )
    .option("--dry-run", "check the folder, trace, and say what would be done")
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
    .action(async (options: TraceOptions) => (await load()).run(options, surroundings, version));

  group
    .command("verify")
    .description("make the trace once more from its inputs, by other code, and hold it against the folder")
    .argument("<dir>", "the folder that trace run wrote")
    .option("--inputs <dir>", "where the inputs are, if they were moved")
    .option("--json", "print what was found as JSON")
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
    .action(async (dir: string, options: PlanCommandOptions) => (await load()).plan(dir, options, surroundings));

  group
    .command("explain")
    .description("how traced money came to an account, in words")
    .argument("<dir>", "the folder that trace run wrote")
    .argument("<account>", "an address")
    .addOption(new Option("--method <method>", "by which rule; the trace's first unless told").choices(METHODS))
    .option("--json", "print it as JSON in base units")
    .action(async (dir: string, account: string, options: { method?: Method; json?: boolean }) =>
      (await load()).tell(dir, account, options, surroundings),
    );
}

/** Adds `sequester compensation …`. */
export function addCompensation(program: Command, surroundings: Surroundings): void {
  const compensation = program.command("compensation").description("lists of who is compensated, and by how much");
  const load = () => import("./compensation.ts");

  compensation
    .command("make")
    .description("share a pool out: owners before victims, victims by their losses, exact to the base unit")
    .argument("<claims>", "the admitted claims: CSV with id,account,class,loss, or JSON; losses in base units")
    .requiredOption("--case <id>", "the case that pays")
    .requiredOption("--asset <symbol>", "the asset that is paid: its symbol in the deployment, or its address")
    .requiredOption("--pool <units>", "what there is to share out, in base units", units(29))
    .requiredOption("-o, --out <file>", "the list's file, a new one")
    .option("--deployment <file>", "the deployment; that of the chain unless told")
    .option("--chain <id>", "the chain whose deployment is meant", number(), LOCAL_CHAIN)
    .option("--json", "print what the order has to name, as JSON in base units")
    .option("--dry-run", "write no file")
    .action(async (claims: string, options: MakeOptions) => (await load()).make(claims, options, surroundings));

  compensation
    .command("check")
    .description("compute a list anew, and compare it with the order over it")
    .argument("<list>", "the list's file")
    .option("--order <file>", "the order, *.order.json")
    .option("--deployment <file>", "the deployment whose docket the list has to name")
    .option("--json", "print the result as JSON")
    .action(async (list: string, options: CheckOptions) => (await load()).check(list, options, surroundings));

  compensation
    .command("proof")
    .description("what a claimant, or anyone for it, brings to Disposal.claimCompensation")
    .argument("<list>", "the list's file")
    .argument("<claim>", "the claim's id")
    .option("--order <file>", "the order, *.order.json, which the list is checked against")
    .option("--json", "print it as JSON")
    .action(async (list: string, claim: string, options: ProofOptions) =>
      (await load()).prove(list, claim, options, surroundings),
    );
}

/** Adds `sequester notice`. */
export function addNotice(program: Command, surroundings: Surroundings): void {
  program
    .command("notice")
    .description("who holds or took what of an account, on which document, until when, and where to contest it")
    .argument("<asset>", "symbol of the asset in the deployment, or its address")
    .argument("<account>", "the holder's address")
    .requiredOption("--rpc <url>", "a JSON-RPC node")
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .option("--json", "print it as JSON, amounts in base units")
    .action(async (asset: string, account: string, options: NoticeOptions) => {
      const { notice } = await import("./notice.ts");
      await notice(asset, account, options, surroundings);
    });
}

/** An option of any number of values, none unless told. */
const several = (flags: string, description: string) => new Option(flags, description).default([], "none");

/** A parser of whole numbers of at most so many digits. */
const number =
  (digits = 15) =>
  (text: string): number => {
    if (!/^\d+$/.test(text) || text.length > digits) throw new InvalidArgumentError("needs a whole number");
    return Number(text);
  };

/** A parser of base units of at most so many digits. */
const units =
  (digits: number) =>
  (text: string): bigint => {
    if (!/^\d+$/.test(text) || text.length > digits) {
      throw new InvalidArgumentError("needs base units, a whole number");
    }
    return BigInt(text);
  };
