// The verbs that write, of the noun `order`: what there is to call, and nothing else is loaded for it.
import type { Command } from "commander";
import { languageOption } from "../language.ts";
import type { Surroundings } from "../operation.ts";
import { AT_NODE, confirmations, example, PAID, several } from "../options.ts";
import { sends } from "../sends.ts";
import { ACT_NAMES, EXAMPLE_OF_NEW } from "./examples.ts";
import { addKeys } from "./keys.ts";
import type { AppealOptions } from "./appeal.ts";
import type { ApproveOptions } from "./approve.ts";
import type { CancelOptions } from "./cancel.ts";
import type { ExecuteOptions } from "./execute.ts";
import type { SignOptions } from "./sign.ts";
import type { SimulateOptions } from "./simulate.ts";

/** Adds the verbs of `sequester order` that write: new, sign, approve, simulate, execute, cancel. */
export function addOrderWriting(order: Command, surroundings: Surroundings): void {
  // What comes after the act's name are options of the act.
  order.enablePositionalOptions();
  order
    .command("new")
    .description("write an order: its options are the fields of its act, see --help after the act")
    .argument("<act>", `one of ${ACT_NAMES}`)
    .argument("[options...]", "those of the act")
    .passThroughOptions()
    .addHelpText("after", example(["order new freeze --help", EXAMPLE_OF_NEW]))
    .action(async (act: string, rest: readonly string[]) => {
      const { newOrder } = await import("./new.ts");
      await newOrder([act, ...rest], surroundings);
    });

  addKeys(
    order
      .command("sign")
      .description("show what an order does, or a folder of them, and sign it")
      .argument("[file]", "the order, *.order.json")
      .option("--bundle <dir>", "the folder whose orders, all of one act, are signed by one signature")
      .option("--rulings <place>", "the paper, or the folder with the papers, which are held against the orders")
      .option("--safe <address>", "a Safe that is an officer: the key signs as one of its owners")
      .option(
        "--webauthn-key <file>",
        "a passkey, as its browser told when it was made; alone: prints what it is to sign",
      )
      .option("--webauthn <file>", "the passkey's signature, as its browser told it; with --webauthn-key or --signer")
      .option("--deployment <file>", "the deployment; that of the order's chain unless told")
      .option(
        "--rpc <url>",
        "a JSON-RPC node that the deployment is held against, and that knows whether one is an officer",
      )
      .option("-o, --out <file>", "the signature's file, a new one; beside the order unless told")
      .addOption(languageOption())
      .option("--yes", "sign without asking: needed where the input is no terminal")
      .option("--json", "print what was written as JSON")
      .option("--dry-run", "show it, and sign nothing"),
  )
    .addHelpText(
      "after",
      example(
        "order sign freeze.order.json --rulings . --keystore officer.json",
        "0 signed; 2 not agreed; 3 a finding: do not sign; 4 key or device; 5 node; 64 a file or an option is refused",
      ),
    )
    .action(async (file: string | undefined, options: SignOptions) => {
      const { sign } = await import("./sign.ts");
      await sign(file, options, surroundings);
    });

  order
    .command("simulate")
    .description("ask the contracts what would become of orders now, if need be with the approvals that are missing")
    .argument("<place...>", "orders, *.order.json, or folders with orders, signatures and bundles")
    .addOption(several("--signatures <file...>", "signatures over them or their bundle, *.sig.json"))
    .option("--bundle <file>", "the bundle, *.bundle.json, where it is not of these orders alone")
    .requiredOption("--rpc <url>", "a JSON-RPC node")
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .addOption(languageOption())
    .option("--json", "print it as JSON, amounts in base units")
    .addHelpText("after", example(`order simulate freeze.order.json --signatures *.sig.json ${AT_NODE}`))
    .action(async (places: string[], options: SimulateOptions) => {
      const { simulateOrders } = await import("./simulate.ts");
      await simulateOrders(places, options, surroundings);
    });

  sends(
    order
      .command("execute")
      .description(
        "simulate orders, and send what the contracts let pass; a scheduled order is executed, a used one passed over",
      )
      .argument("<place...>", "orders, *.order.json, or folders with orders, signatures and bundles")
      .addOption(several("--signatures <file...>", "signatures over them or their bundle, *.sig.json"))
      .option("--bundle <file>", "the bundle, *.bundle.json, where it is not of these orders alone")
      .option(
        "--proceeds <AMOUNT SYMBOL>",
        "of the execution of a Convert: what its wallet pays; the least unless told",
      )
      .addOption(languageOption()),
  )
    .addHelpText(
      "after",
      `${example(`order execute freeze.order.json --signatures *.sig.json ${AT_NODE} --keystore sender.json`)}\n${PAID}`,
    )
    .action(async (places: string[], options: ExecuteOptions) => {
      const { execute } = await import("./execute.ts");
      await execute(places, options, surroundings);
    });

  order
    .command("approve")
    .description(
      "the call by which an officer that is a contract, such as a Safe, approves on chain instead of signing",
    )
    .argument("<file|digest>", "the order or bundle, by its file or its digest")
    .option("--deployment <file>", "the deployment; that of the order's chain unless told")
    .option("--rpc <url>", "a JSON-RPC node that the deployment is held against")
    .option("--json", "print it as JSON")
    .addHelpText("after", example("order approve freeze.order.json"))
    .action(async (what: string, options: ApproveOptions) => {
      const { approve } = await import("./approve.ts");
      await approve(what, options, surroundings);
    });

  sends(
    order
      .command("appeal")
      .description("appeal, as the holder from whom it was taken, against an order that waits")
      .argument("<digest>", "the order's digest, as notice tells it")
      .requiredOption("--asset <symbol>", "the asset of which the order disposes")
      .requiredOption("--ruling <file>", "the paper that says why, of which the journal keeps a hash")
      .option("-o, --out <file>", "the appeal's file, a new one, which keeps the paper's salt"),
  )
    .addHelpText(
      "after",
      example(`order appeal 0x${"5e".repeat(32)} --asset KZTE --ruling appeal.pdf ${AT_NODE} --keystore holder.json`),
    )
    .action(async (digest: string, options: AppealOptions) => {
      const { appeal } = await import("./appeal.ts");
      await appeal(digest, options, surroundings);
    });

  addKeys(
    order
      .command("cancel")
      .description(
        "withdraw one's own approval of an order, or of a bundle, for ever: writes and signs the order for it",
      )
      .argument("<file|digest>", "the order or bundle, by its file or its digest")
      .option("--execute", "and send it, from the same --keystore or --account; with --rpc")
      .option("--valid <time>", 'how long it may be used, such as "2d", or an ISO date and time', "2d")
      .option("--deployment <file>", "the deployment; that of the order's chain unless told")
      .option("--rpc <url>", "a JSON-RPC node")
      .option("--relay <url>", "an endpoint that gets the transaction instead of the node")
      .addOption(confirmations())
      .option("-o, --out <file>", "the file of the order that withdraws, a new one; beside the other unless told")
      .addOption(languageOption())
      .option("--yes", "sign without asking: needed where the input is no terminal")
      .option("--json", "print what was written as JSON")
      .option("--dry-run", "show it, and sign nothing"),
  )
    .addHelpText(
      "after",
      `${example(`order cancel freeze.order.json --execute ${AT_NODE} --keystore officer.json`)}\n${UNPAID}`,
    )
    .action(async (what: string, options: CancelOptions) => {
      const { cancel } = await import("./cancel.ts");
      await cancel(what, options, surroundings);
    });
}

const UNPAID = "Officers of a local node have no money: leave --execute away, and order execute by --account deployer.";
