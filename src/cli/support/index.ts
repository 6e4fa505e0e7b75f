// What helps with the program itself: `sequester doctor`, `sequester completion`.
import { Argument, type Command } from "commander";
import type { Surroundings } from "../operation.ts";
import { AT_NODE, example, readsNode } from "../options.ts";
import { completionFor, SHELLS, type Shell } from "./completion.ts";
import type { DoctorOptions } from "./doctor.ts";

/** Adds both. */
export function addSupport(program: Command, surroundings: Surroundings): void {
  readsNode(
    program
      .command("doctor")
      .description(
        "whether a node and a deployment are fit for this program: code, journal, abilities, clock, versions",
      ),
  )
    .addHelpText(
      "after",
      example(`doctor ${AT_NODE}`, "0 fit; 3 other contracts or a broken journal; 5 the node lacks what is needed"),
    )
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import("./doctor.ts");
      await doctor(options, program.version()!, surroundings);
    });

  program
    .command("completion")
    .description("a script by which the shell completes commands and options")
    .addArgument(new Argument("<shell>", "whose").choices(SHELLS))
    .addHelpText(
      "after",
      `${example("completion bash")}\n\nFor a shell that is open: eval "$(sequester completion bash)".`,
    )
    .action((shell: Shell) => {
      surroundings.stdout.write(completionFor(program, shell));
    });
}
