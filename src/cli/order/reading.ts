// What there is to read of orders, and with what; as commands.ts, it loads nothing before it is called.
import type { Command } from "commander";
import { languageOption } from "../language.ts";
import type { Surroundings } from "../operation.ts";
import { example, several } from "../options.ts";
import type { DescribeOptions } from "./describe.ts";
import type { MergeOptions } from "./merge.ts";
import type { ShowOptions } from "./show.ts";
import type { StatusOptions } from "./status.ts";
import type { VerifyOptions } from "./verify.ts";

const DEPLOYMENT = "the deployment; that of the order's chain unless told";

/** Adds `show`, `verify`, `merge`, `status` and `describe` to `sequester order`. */
export function addOrderReading(order: Command, surroundings: Surroundings): void {
  order
    .command("show")
    .description("what an order does, in a sentence and field by field; a folder of orders in one table")
    .argument("<place>", "a file *.order.json, or a folder of them")
    .option("--deployment <file>", DEPLOYMENT)
    .option("--rpc <url>", "a node that knows the decimals of assets and the names of agencies")
    .option("--targets <file>", "the approved targets, as an operation's targets.csv: names orders that differ")
    .addOption(several("--stops <file...>", "lists of services: names orders on their wallets"))
    .addOption(languageOption())
    .option("--json", "print it as JSON, amounts in base units")
    .addHelpText(
      "after",
      example(
        ["order show tumar-a-01.order.json", "order show orders/ --targets targets.csv --stops services.csv"],
        "0 shown, also with exceptions; 5 node; 64 a file or an option is refused",
      ),
    )
    .action(async (place: string, options: ShowOptions) => {
      const { show } = await import("./show.ts");
      await show(place, options, surroundings);
    });

  order
    .command("verify")
    .description("check orders, rulings, lists and signatures by a second program, and with a node the chain")
    .argument("<place>", "a file *.order.json, or a folder with orders, bundles and signatures")
    .addOption(several("--signatures <place...>", "further signatures and bundles: files, or folders of them"))
    .option("--ruling <place>", "the ruling's file, or a folder of rulings; those beside the orders unless told")
    .option("--list <file>", "the list of a Compensate")
    .option("--deployment <file>", DEPLOYMENT)
    .option("--rpc <url>", "a node: code, domain, seats, and what is used, withdrawn or expired are asked of it")
    .option("--offline", "ask no node; says what was not checked")
    .addOption(
      several("--contract <address...>", "with --offline: officers that are contracts, whom only a node can ask"),
    )
    .addOption(languageOption())
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      example(
        [
          "order verify orders/ --offline",
          "order verify a-01.order.json --signatures a-01.sig.json --ruling a-01.pdf --rpc http://127.0.0.1:8545",
        ],
        "0 all that was checked agrees; 3 a finding; 5 node; 64 a file is missing or an option is refused",
      ),
    )
    .action(async (place: string, options: VerifyOptions) => {
      const { verify } = await import("./verify.ts");
      await verify(place, options, surroundings);
    });

  order
    .command("merge")
    .description(
      "put signatures of several hands into one file, in whatever order they come; forged ones displace none",
    )
    .argument("<place...>", "files *.sig.json, also merged ones, or folders of them")
    .requiredOption("-o, --out <file>", "the file of all signatures, a new one")
    .option("--rpc <url>", "a node, which asks contracts and verifiers, and joins the owners of a Safe")
    .option(
      "--deployment <file>",
      "names the verifiers, whose keys need no node; with --rpc that of its chain unless told",
    )
    .option("--json", "print it as JSON")
    .option("--dry-run", "write no file")
    .addHelpText(
      "after",
      example(
        "order merge fma.sig.json gpo.sig.json court/ -o a-01.all.sig.json",
        "0 merged, also where signatures were left out, which stderr names; 3 none is left; 5 node; 64 a file is missing or taken",
      ),
    )
    .action(async (places: string[], options: MergeOptions) => {
      const { merge } = await import("./merge.ts");
      await merge(places, options, surroundings);
    });

  order
    .command("status")
    .description("what became of orders, and whose approvals are missing, by the rules of the Quorum")
    .argument("<place>", "a file *.order.json, or a folder with orders, bundles and signatures")
    .addOption(several("--signatures <place...>", "further signatures and bundles: files, or folders of them"))
    .requiredOption("--rpc <url>", "a JSON-RPC node")
    .option("--deployment <file>", DEPLOYMENT)
    .addOption(languageOption())
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      example(
        "order status orders/ --rpc http://127.0.0.1:8545",
        "0 told, whatever is missing; 3 the node has another deployment; 5 node; 64 a file or an option is refused",
      ),
    )
    .action(async (place: string, options: StatusOptions) => {
      const { status } = await import("./status.ts");
      await status(place, options, surroundings);
    });

  order
    .command("describe")
    .description("print what a signing device is to show of orders: a descriptor of ERC-7730, version 2")
    .option("--bundles", "of bundles, which are of no deployment")
    .option("--deployment <file>", "the deployment; that of the local chain unless told")
    .addHelpText(
      "after",
      example(
        "order describe --deployment deployment.json > eip712-sequester-orders.json",
        "0 printed; 64 a file is missing",
      ),
    )
    .action(async (options: DescribeOptions) => {
      const { describe } = await import("./describe.ts");
      await describe(options, surroundings);
    });
}
