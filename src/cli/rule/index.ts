// What there is of `sequester rule`; as commands.ts, it loads nothing before it is called.
import type { Command } from "commander";
import type { NodeOptions } from "../node.ts";
import type { Surroundings } from "../operation.ts";
import { AT_NODE, example, readsNode } from "../options.ts";

/** Adds `sequester rule …`. */
export function addRule(program: Command, surroundings: Surroundings): void {
  const rule = program.command("rule").description("who may do what");
  readsNode(rule.command("list").description("who may do what, alone and together, as it is decided now"))
    .addHelpText("after", example(`rule list ${AT_NODE}`))
    .action(async (options: NodeOptions & { json?: boolean }) => {
      const { listRules } = await import("./list.ts");
      await listRules(options, surroundings);
    });
}
