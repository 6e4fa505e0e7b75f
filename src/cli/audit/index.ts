// What there is of `sequester audit`; as commands.ts, it loads nothing before it is called.
import { InvalidArgumentError, Option, type Command } from "commander";
import { languageOption } from "../language.ts";
import type { Surroundings } from "../operation.ts";
import { example } from "../options.ts";
import type { CheckOptions } from "./check.ts";
import type { CharterOptions } from "./charter.ts";
import type { ReconcileOptions } from "./reconcile.ts";
import type { ReportOptions } from "./report.ts";
import type { SnapshotOptions } from "./snapshot.ts";
import type { VerifyPackOptions } from "./verify.ts";
import type { WatchOptions } from "./watch.ts";

/** Adds `sequester audit …`. */
export function addAudit(program: Command, surroundings: Surroundings): void {
  const audit = program.command("audit").description("the custody as anyone can prove it, from a node or from a pack");
  audit
    .command("snapshot")
    .description(
      "write a pack that proves the custody at one block: journal, balances, rules and code, with their proofs",
    )
    .requiredOption("--rpc <url>", "a JSON-RPC node that answers eth_getProof")
    .option("--block <number>", "the block; the newest unless told", block)
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .addOption(indexOption())
    .requiredOption("-o, --out <file>", "the pack, a new file")
    .option("--json", "print what was written as JSON")
    .addHelpText(
      "after",
      example(
        "audit snapshot --rpc http://127.0.0.1:8545 -o pack.zip",
        "0 written; 3 the node contradicts itself; 5 node, or a block that it cannot prove; 64 a file is missing or taken",
      ),
    )
    .action(async (options: SnapshotOptions) => {
      const { snapshot } = await import("./snapshot.ts");
      await snapshot(options, surroundings);
    });
  audit
    .command("verify")
    .description("check a pack without a network, against the hash of its block, which you get elsewhere")
    .argument("<pack>", "the pack, *.zip")
    .requiredOption("--block-hash <hash>", "the hash of the block, from your own node or from somebody else's")
    .option("--deployment <file>", "a deployment's file of your own, which the pack must be of")
    .option(
      "--compile",
      "hold the code against contracts that are compiled anew from their sources, not against the last build",
    )
    .option("--json", "print every check as JSON")
    .addHelpText(
      "after",
      example(
        `audit verify pack.zip --block-hash 0x${"5e".repeat(32)}`,
        "0 all is proven; 3 a finding; 64 a file is missing or an option is refused",
      ),
    )
    .action(async (pack: string, options: VerifyPackOptions) => {
      const { verifyPack } = await import("./verify.ts");
      await verifyPack(pack, options, surroundings);
    });
  audit
    .command("reconcile")
    .description("explain every unit of the custody: journal, docket, lens and vaults, or name the difference")
    .requiredOption("--rpc <url>", "a JSON-RPC node")
    .option("--block <number>", "the block; the newest unless told", block)
    .addOption(indexOption())
    .option("--since <time>", "where the period begins, an ISO date and time; with the first entry unless told")
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .option("--json", "print it as JSON, amounts in base units")
    .addHelpText(
      "after",
      example(
        "audit reconcile --rpc http://127.0.0.1:8545",
        "0 every unit is explained; 3 one is not; 5 node; 64 a file or an option is refused",
      ),
    )
    .action(async (options: ReconcileOptions) => {
      const { reconcileChain } = await import("./reconcile.ts");
      await reconcileChain(options, surroundings);
    });
  audit
    .command("check")
    .description("hold a received statement.json or orders.csv against the journal, line by line")
    .argument("<file>", "as `operation run --out` writes it; which of them it is, its content tells")
    .option("--rpc <url>", "a JSON-RPC node; for a statement, one that keeps the state of its block")
    .option("--pack <file>", "a pack instead of a node; it is verified first")
    .option("--block-hash <hash>", "the hash of the pack's block, from somewhere else")
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .option("--json", "print what was held against what as JSON")
    .addHelpText(
      "after",
      example(
        "audit check custody/orders.csv --pack custody/pack.zip",
        "0 all of it is in the journal; 3 a difference, or the pack is refused; 5 node; 64 no such file, or none of these",
      ),
    )
    .action(async (file: string, options: CheckOptions) => {
      const { check } = await import("./check.ts");
      await check(file, options, surroundings);
    });
  audit
    .command("charter")
    .description("who may do what, alone and together, who could sign at a time, and every change since the charter")
    .requiredOption("--rpc <url>", "a JSON-RPC node")
    .option("--at <time>", "an ISO date and time; now unless told")
    .option("--parameters <name>", "a jurisdiction, or a file *.json5: names what differs from what was published")
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      example(
        "audit charter --rpc http://127.0.0.1:8545 --parameters kazakhstan",
        "0 told; 3 the rules differ from the parameters, or the journal is broken; 5 node; 64 a file or an option is refused",
      ),
    )
    .action(async (options: CharterOptions) => {
      const { charter } = await import("./charter.ts");
      await charter(options, surroundings);
    });
  audit
    .command("report")
    .description("write a report to print, its tables and its data: the custody of a case, or a period of all of them")
    .option("--case <id>", "a case, from its first entry on")
    .option("--period <A..B>", `from A to B, ${PERIOD_FORM}; either may be left out`)
    .option("--rpc <url>", "a JSON-RPC node that answers eth_getProof")
    .option("--pack <file>", "a pack instead of a node; it is verified first")
    .option("--block <number>", "the block of the node; the newest unless told", block)
    .addOption(indexOption())
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .addOption(languageOption())
    .requiredOption("-o, --out <folder>", "where the files are written, none of which may be there")
    .addHelpText(
      "after",
      example(
        "audit report --period 2026-01-01..2026-03-31 --lang kk --pack pack.zip -o report",
        "0 written; 3 the evidence is refused; 5 node; 64 no such case or period, or a file is missing or taken",
      ),
    )
    .action(async (options: ReportOptions) => {
      const { report } = await import("./report.ts");
      await report(options, surroundings);
    });
  audit
    .command("watch")
    .description("follow the chain and tell what needs a person: holds that end soon, differences, disposals, changes")
    .requiredOption("--rpc <url>", "a JSON-RPC node")
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .option("--state <file>", "what was seen and told, so that a later watch goes on; none unless told")
    .option("--webhook <url>", "an address to which every message is posted, too, as JSON")
    .option("--once", "look once and end")
    .option("--json", "print every message as JSON")
    .option("--interval <seconds>", "seconds between two looks", atLeast(1), 12)
    .option("--confirmations <blocks>", "blocks behind the newest one that are left to settle", atLeast(0), 0)
    .addHelpText(
      "after",
      example(
        "audit watch --rpc http://127.0.0.1:8545 --state watch.sqlite",
        "with --once: 0 nothing is unexplained; 1 the webhook failed; 3 something is unexplained; 5 node; 64 a file or an option is refused",
      ),
    )
    .action(async (options: WatchOptions) => {
      const { watch } = await import("./watch.ts");
      await watch(options, surroundings);
    });
}

const indexOption = () =>
  new Option(
    "--index <file>",
    "keeps the journal's finalized entries, so that a later run asks the node only for newer ones",
  );

const PERIOD_FORM = "dates of UTC or ISO times: after the second A, up to the end of B";

function block(text: string): bigint {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) throw new InvalidArgumentError("needs a whole number.");
  return BigInt(text);
}

const atLeast = (least: number) => (text: string) => {
  const number = Number(block(text));
  if (number < least || number > MOST) throw new InvalidArgumentError(`needs a whole number from ${least} to ${MOST}.`);
  return number;
};
/** A timer takes no more seconds than some days, and no chain settles later. */
const MOST = 86_400;
