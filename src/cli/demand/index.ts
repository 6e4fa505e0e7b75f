// What there is of `sequester demand`; as commands.ts, it loads nothing before it is called.
import type { Command } from "commander";
import type { Surroundings } from "../operation.ts";
import { AT_NODE, example, readsNode } from "../options.ts";
import { sends } from "../sends.ts";
import type { AnswerOptions } from "./answer.ts";
import type { DeliverOptions } from "./deliver.ts";
import type { DemandListOptions } from "./list.ts";

/** Adds `sequester demand …`. */
export function addDemand(program: Command, surroundings: Surroundings): void {
  const demand = program
    .command("demand")
    .description("what is asked of a platform: to withhold, to answer, to surrender, to convert");

  readsNode(demand.command("list").description("what platforms are asked, since when, and what they owe"))
    .option("--wallet <address>", "what is asked of one wallet")
    .addHelpText("after", example(`demand list ${AT_NODE}`))
    .action(async (options: DemandListOptions) => {
      const { listDemands } = await import("./list.ts");
      await listDemands(options, surroundings);
    });

  sends(
    demand
      .command("acknowledge")
      .description("say, as the platform, what is withheld in a sub-account for all holds on it")
      .requiredOption("--sub-account <name>", "the customer's account, as the platform knows it")
      .requiredOption("--amount <AMOUNT SYMBOL>", 'what is withheld there; "0 SYMBOL": there is nothing'),
  )
    .addHelpText(
      "after",
      example(`demand acknowledge --sub-account C-1001 --amount "250 KZTE" ${AT_NODE} --keystore platform.json`),
    )
    .action(async (options: AnswerOptions) => {
      const { acknowledge } = await import("./answer.ts");
      await acknowledge(options, surroundings);
    });

  sends(
    demand
      .command("surrender")
      .description("pay, as the platform, what a seizure demanded, in whole or in part, into the vault of the case")
      .requiredOption("--case <id>", "the case")
      .requiredOption("--sub-account <name>", "the customer's account, as the platform knows it")
      .requiredOption("--amount <AMOUNT SYMBOL>", "what is paid"),
  )
    .addHelpText(
      "after",
      example(
        `demand surrender --case TUMAR-A-01 --sub-account C-1001 --amount "250 KZTE" ${AT_NODE} --keystore platform.json`,
      ),
    )
    .action(async (options: AnswerOptions & { case: string }) => {
      const { surrender } = await import("./answer.ts");
      await surrender(options, surroundings);
    });

  sends(
    demand
      .command("deliver")
      .description("pay, as the wallet that a Convert names, its proceeds, and get the case's money for them")
      .argument("<order>", "the order, *.order.json, which waits")
      .option("--proceeds <AMOUNT SYMBOL>", "what is paid; the least of the order unless told"),
  )
    .addHelpText(
      "after",
      example(
        `demand deliver TUMAR-A-01.convert.order.json --proceeds "495.5 KZTE" ${AT_NODE} --keystore platform.json`,
      ),
    )
    .action(async (file: string, options: DeliverOptions) => {
      const { deliver } = await import("./deliver.ts");
      await deliver(file, options, surroundings);
    });
}
