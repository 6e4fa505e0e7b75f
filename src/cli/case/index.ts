// What there is of `sequester case`; as commands.ts, it loads nothing before it is called.
import type { Command } from "commander";
import type { NodeOptions } from "../node.ts";
import type { Surroundings } from "../operation.ts";
import type { BringOptions } from "../bring.ts";
import { AT_NODE, example, PAID, readsNode, several } from "../options.ts";
import { sends } from "../sends.ts";
import type { MoveOptions } from "./move.ts";

type Options = NodeOptions & { json?: boolean };

/** Adds `sequester case …`. */
export function addCase(program: Command, surroundings: Surroundings): void {
  const of = program.command("case").description("cases: what each holds and has in custody, and how it came to it");

  readsNode(of.command("list").description("every case: held, in custody, orders that wait, its last act"))
    .addHelpText("after", example(`case list ${AT_NODE}`))
    .action(async (options: Options) => {
      const { listCases } = await import("./list.ts");
      await listCases(options, surroundings);
    });

  readsNode(
    of
      .command("show")
      .description("one case: its money, its live holds, the orders that wait, every entry about it")
      .argument("<id>", "the case"),
  )
    .addHelpText("after", example(`case show TUMAR-A-01 ${AT_NODE}`))
    .action(async (id: string, options: Options) => {
      const { showCase } = await import("./show.ts");
      await showCase(id, options, surroundings);
    });

  sends(
    of
      .command("book")
      .description("book as suspense what came into a case's vault by no act")
      .argument("<id>", "the case")
      .requiredOption("--asset <symbol>", "the asset that came"),
  )
    .addHelpText("after", `${example(`case book TUMAR-A-01 --asset KZTE ${AT_NODE} --keystore sender.json`)}\n${PAID}`)
    .action(async (id: string, options: BringOptions & { asset: string }) => {
      const { book } = await import("./book.ts");
      await book(id, options, surroundings);
    });

  sends(
    of
      .command("claim")
      .description("pay to an account what it could not receive when it was returned")
      .argument("<id>", "the case")
      .argument("<account>", "whom it is paid to")
      .requiredOption("--asset <symbol>", "the asset that is paid"),
  )
    .addHelpText(
      "after",
      `${example(`case claim TUMAR-A-01 0x0165878A594ca255338adfa4d48449f69242Eb8F --asset KZTE ${AT_NODE} --keystore sender.json`)}\n${PAID}`,
    )
    .action(async (id: string, account: string, options: BringOptions & { asset: string }) => {
      const { claim } = await import("./claim.ts");
      await claim(id, account, options, surroundings);
    });

  readsNode(
    of
      .command("move")
      .description("write the orders that take what a case has in custody into another deployment, and tell what stays")
      .argument("<id>", "the case")
      .requiredOption("--to <file>", "the deployment that takes it over, on the same chain")
      .requiredOption("--ruling <file>", "the paper that they rest on; the orders carry its hash alone")
      .requiredOption("-o, --out <dir>", "the folder for the orders, of which none is there yet")
      .addOption(
        several(
          "--by-issuer <symbol...>",
          "assets that are paid to their issuer, who is to issue as much in the successor's own: nothing but its word gives it",
        ),
      )
      .option("--valid <time>", 'how long the orders may be used, such as "2d", or an ISO date and time', "2d")
      .option("--dry-run", "write no file"),
  )
    .addHelpText(
      "after",
      example(
        `case move TUMAR-A-01 --to successor/deployment.json --ruling decree.pdf --out orders ${AT_NODE}`,
        "0 written; 1 the contracts would refuse an order; 3 not what a file describes; 5 node; 64 nothing to move, no way there, or a file is refused",
      ),
    )
    .action(async (id: string, options: MoveOptions) => {
      const { moveCase } = await import("./move.ts");
      await moveCase(id, options, surroundings);
    });

  sends(
    of
      .command("open")
      .description("show on the journal of which file an order's document is the hash")
      .argument("<order>", "the order, *.order.json, which keeps the salt")
      .requiredOption("--ruling <file>", "the paper itself")
      .option("--case <id>", "of an appeal: the case of the order against which it is"),
  )
    .addHelpText(
      "after",
      `${example(`case open freeze.order.json --ruling ruling.pdf ${AT_NODE} --keystore sender.json`)}\n${PAID}`,
    )
    .action(async (order: string, options: BringOptions & { ruling: string; case?: string }) => {
      const { openDocument } = await import("./open.ts");
      await openDocument(order, options, surroundings);
    });
}
