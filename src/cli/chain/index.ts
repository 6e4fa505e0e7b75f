// The noun `chain`: what there is to call, and nothing else is loaded for it.
import { InvalidArgumentError, type Command } from "commander";
import type { Surroundings } from "../operation.ts";
import { example } from "../options.ts";
import type { OpenOptions } from "./open.ts";

/** Adds `sequester chain …`. */
export function addChain(program: Command, surroundings: Surroundings): void {
  const chain = program.command("chain").description("the chain that an operation was played on, once it was kept");

  chain
    .command("open")
    .description("make a kept chain anew, find it the same to the last block, and answer as its node until Ctrl-C")
    .argument("<dir>", "the folder that operation run --keep wrote")
    .option("--port <n>", "the port of 127.0.0.1 on which it answers; 0 for a free one", port, 8545)
    .option("--json", "print address, block and hash as JSON")
    .addHelpText(
      "after",
      example(
        "chain open chain",
        "0 stopped by Ctrl-C; 3 the calls do not make the chain that was kept; 64 a file or the port is refused",
      ),
    )
    .action(async (dir: string, options: OpenOptions) => {
      const { open } = await import("./open.ts");
      await open(dir, options, surroundings);
    });
}

function port(text: string): number {
  if (!/^(?:0|[1-9]\d{0,4})$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError("needs a whole number up to 65535.");
  }
  return Number(text);
}
