// What there is of `sequester hold`; as commands.ts, it loads nothing before it is called.
import { InvalidArgumentError, type Command } from "commander";
import type { Surroundings } from "../operation.ts";
import { AT_NODE, example, PAID, readsNode } from "../options.ts";
import { sends } from "../sends.ts";
import type { Cursor, HoldFeedOptions } from "./feed.ts";
import type { LapseOptions } from "./lapse.ts";
import type { HoldListOptions } from "./list.ts";

/** Adds `sequester hold …`. */
export function addHold(program: Command, surroundings: Surroundings): void {
  const hold = program.command("hold").description("holds: what is withheld, of whom, for which case, until when");

  readsNode(hold.command("list").description("all live holds, the earliest first"))
    .option("--case <id>", "those of one case")
    .option("--asset <symbol>", "those in one asset")
    .option("--ended", "those instead that ended by time and that nobody recorded")
    .addHelpText("after", example(`hold list --case TUMAR-A-01 ${AT_NODE}`))
    .action(async (options: HoldListOptions) => {
      const { listHolds } = await import("./list.ts");
      await listHolds(options, surroundings);
    });

  hold
    .command("feed")
    .description("every change of a hold after an entry of the journal, a line of JSON each, for a compliance system")
    .requiredOption("--rpc <url>", "a JSON-RPC node")
    .option(
      "--since <cursor>",
      "the cursor of the last call, or the number of an entry; from the beginning unless told",
      cursor,
    )
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .addHelpText(
      "after",
      `${example(`hold feed --since 12 ${AT_NODE}`)}\nThe last line tells the cursor for the next call. A hold ends in its last second, without a line.`,
    )
    .action(async (options: HoldFeedOptions) => {
      const { feedHolds } = await import("./feed.ts");
      await feedHolds(options, surroundings);
    });

  sends(
    hold
      .command("lapse")
      .description("record that holds ended by time: they ended without it")
      .option("--case <id>", "those of one case; of all unless told"),
  )
    .addHelpText("after", `${example(`hold lapse ${AT_NODE} --keystore sender.json`)}\n${PAID}`)
    .action(async (options: LapseOptions) => {
      const { lapse } = await import("./lapse.ts");
      await lapse(options, surroundings);
    });
}

function cursor(text: string): Cursor {
  const [, entries, head] = /^(0|[1-9]\d{0,15})(?::(0x[0-9a-f]{64}))?$/.exec(text) ?? [];
  if (entries === undefined) throw new InvalidArgumentError("needs the cursor of the last call, or 0.");
  return { entries: BigInt(entries), ...(head !== undefined && { head }) };
}
