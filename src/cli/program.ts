import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { EXIT, SequesterError, type ExitCode } from "../errors.ts";
import { addCompensation } from "./compensation.ts";
import { addNotice } from "./notice.ts";
import { addOperation, type Surroundings } from "./operation.ts";
import { addTrace } from "./trace.ts";

const { version, description } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as Record<"version" | "description", string>;

/** Runs the command line with these arguments; answers the exit code of the process. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
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
  try {
    await program.parseAsync(args, { from: "user" });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    stderr.write(`${told(error)}\n`);
    return error instanceof SequesterError ? error.code : EXIT.error;
  }
}

function told(error: unknown): string {
  if (process.env.SEQUESTER_DEBUG && error instanceof Error) return `sequester: ${error.stack ?? error.message}`;
  if (error instanceof SequesterError) return `sequester: ${error.message}`;
  const message = error instanceof Error ? error.message : String(error);
  return `sequester: unexpected fault: ${message}\n  SEQUESTER_DEBUG=1 shows where`;
}

const EXIT_CODES = `
Exit codes: 0 done, 1 error, 2 cancelled, 3 verification failed, 4 key or device, 5 node, 64 usage or refused input.
stdout is data, stderr is talk.`;
