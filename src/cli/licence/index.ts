// What there is of `sequester licence`; as commands.ts, it loads nothing before it is called.
import type { Command } from "commander";
import type { NodeOptions } from "../node.ts";
import type { Surroundings } from "../operation.ts";
import { AT_NODE, example, readsNode } from "../options.ts";

/** Adds `sequester licence …`. */
export function addLicence(program: Command, surroundings: Surroundings): void {
  const licence = program.command("licence").description("the licensed wallets of platforms");
  readsNode(licence.command("list").description("the wallets by platform, and until when each is licensed"))
    .addHelpText("after", example(`licence list ${AT_NODE}`))
    .action(async (options: NodeOptions & { json?: boolean }) => {
      const { listLicences } = await import("./list.ts");
      await listLicences(options, surroundings);
    });
}
