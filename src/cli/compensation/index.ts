// What there is of `sequester compensation`; as commands.ts, it loads nothing before it is called.
import type { Command } from "commander";
import type { BringOptions } from "../bring.ts";
import type { Surroundings } from "../operation.ts";
import { AT_NODE, example, number, PAID, several } from "../options.ts";
import { sends } from "../sends.ts";
import type { ClaimOptions } from "./claim.ts";
import type { CheckOptions, MakeOptions, ProofOptions } from "./lists.ts";

/** The local chain, whose deployment is meant where no other is named. */
const LOCAL_CHAIN = 31337;

/** Adds `sequester compensation …`. */
export function addCompensation(program: Command, surroundings: Surroundings): void {
  const compensation = program.command("compensation").description("lists of who is compensated, and by how much");
  const load = () => import("./lists.ts");

  compensation
    .command("make")
    .description("share a pool out: owners before victims, victims by their losses, exact to the base unit")
    .argument(
      "<claims>",
      "the admitted claims: CSV with id,account,class and loss (base units) or amount (units), or JSON",
    )
    .requiredOption("--case <id>", "the case that pays")
    .requiredOption("--asset <symbol>", "the asset that is paid: its symbol in the deployment, or its address")
    .requiredOption("--pool <amount>", 'what there is to share out: "1240000 KZTE", or base units')
    .requiredOption("-o, --out <file>", "the list's file, a new one")
    .option("--deployment <file>", "the deployment; that of the chain unless told")
    .option("--rpc <url>", "a JSON-RPC node, asked whose accounts could not be paid")
    .option("--chain <id>", "the chain whose deployment is meant", number(), LOCAL_CHAIN)
    .option("--json", "print what the order has to name, as JSON in base units")
    .option("--dry-run", "write no file")
    .addHelpText(
      "after",
      example(
        'compensation make operations/tumar/claims/tumar-a-01.csv --case TUMAR-A-01 --asset KZTE --pool "1240000 KZTE" -o list.json',
      ),
    )
    .action(async (claims: string, options: MakeOptions) => (await load()).make(claims, options, surroundings));

  compensation
    .command("check")
    .description("compute a list anew, and compare it with the order over it")
    .argument("<list>", "the list's file")
    .option("--order <file>", "the order, *.order.json")
    .option("--deployment <file>", "the deployment whose docket the list has to name")
    .option("--json", "print the result as JSON")
    .addHelpText("after", example("compensation check list.json"))
    .action(async (list: string, options: CheckOptions) => (await load()).check(list, options, surroundings));

  compensation
    .command("proof")
    .description("what a claimant, or anyone for it, brings to Disposal.claimCompensation")
    .argument("<list>", "the list's file")
    .argument("[claim]", "the claim's id")
    .option("--all", "of every claim, a line of JSON each")
    .option("--order <file>", "the order, *.order.json, which the list is checked against")
    .option("--json", "print it as JSON")
    .addHelpText("after", example("compensation proof list.json V3"))
    .action(async (list: string, claim: string | undefined, options: ProofOptions) =>
      (await load()).prove(list, claim, options, surroundings),
    );

  sends(
    compensation
      .command("claim")
      .description("pay the shares of an executed compensation; those that are paid already are passed over")
      .argument("<list>", "the list's file")
      .requiredOption("--order <file>", "the order, *.order.json")
      .addOption(several("--claim <id...>", "these claims alone")),
  )
    .addHelpText(
      "after",
      `${example(`compensation claim list.json --order compensate.order.json ${AT_NODE} --keystore sender.json`)}\n${PAID}`,
    )
    .action(async (list: string, options: ClaimOptions) => {
      const { claimShares } = await import("./claim.ts");
      await claimShares(list, options, surroundings);
    });

  sends(
    compensation
      .command("release")
      .description("set free what nobody claimed of a compensation, once the time for claims is over")
      .argument("<digest>", "the order's digest"),
  )
    .addHelpText(
      "after",
      `${example(`compensation release 0x${"5e".repeat(32)} ${AT_NODE} --keystore sender.json`)}\n${PAID}`,
    )
    .action(async (digest: string, options: BringOptions) => {
      const { release } = await import("./release.ts");
      await release(digest, options, surroundings);
    });
}
