import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { EXIT, SequesterError, type ExitCode } from "../errors.ts";
import { addCompensation, addNotice, addOperation, addTrace } from "./commands.ts";
import type { Surroundings } from "./operation.ts";
import { told } from "./told.ts";

const { version, description } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as Record<"version" | "description", string>;

/** The commands, with what they write to. */
export function programOn(surroundings: Surroundings): Command {
  const { stdout, stderr } = surroundings;
  const program = new Command("sequester")
    .description(description)
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .showHelpAfterError("Add --help to see what there is.")
    .addHelpText("after", EXIT_CODES);
  addOperation(program, surroundings, version);
  addTrace(program, surroundings, version);
  addCompensation(program, surroundings);
  addNotice(program, surroundings);
  return program;
}

/** Runs the command line with these arguments; answers the exit code of the process. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  try {
    await programOn(surroundings).parseAsync(args, { from: "user" });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    surroundings.stderr.write(`sequester: ${told(error)}\n`);
    return error instanceof SequesterError ? error.code : EXIT.error;
  }
}

const EXIT_CODES = `
Exit codes: 0 done, 1 error, 2 cancelled, 3 verification failed, 4 key or device, 5 node, 64 usage or refused input.
stdout is data, stderr is talk.`;
