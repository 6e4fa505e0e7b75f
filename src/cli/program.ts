import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { EXIT, SequesterError, type ExitCode } from "../base/errors.ts";
import { addNotice, addOperation, addTrace } from "./commands.ts";
import type { Surroundings } from "./operation.ts";
import { addAudit } from "./audit/index.ts";
import { addCase } from "./case/index.ts";
import { addCompensation } from "./compensation/index.ts";
import { addDeploy } from "./deploy/index.ts";
import { addDemand } from "./demand/index.ts";
import { addHold } from "./hold/index.ts";
import { addLicence } from "./licence/index.ts";
import { addChain } from "./chain/index.ts";
import { addOfficer } from "./officer/index.ts";
import { addOrder } from "./order/index.ts";
import { addRule } from "./rule/index.ts";
import { addSupport } from "./support/index.ts";
import { endedBy, withoutValues } from "./told.ts";

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
    // Options of `order new` are those of the act that comes before them.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: withoutValues,
    })
    .showHelpAfterError("Add --help to see what there is.")
    .addHelpText("after", EXIT_CODES);
  addOperation(program, surroundings, version);
  addChain(program, surroundings);
  addTrace(program, surroundings, version);
  addCompensation(program, surroundings);
  addNotice(program, surroundings);
  addDeploy(program, surroundings);
  addOrder(program, surroundings);
  addOfficer(program, surroundings);
  addRule(program, surroundings);
  addCase(program, surroundings);
  addHold(program, surroundings);
  addDemand(program, surroundings);
  addLicence(program, surroundings);
  addAudit(program, surroundings);
  addSupport(program, surroundings);
  return program;
}

/** Runs the command line with these arguments; answers the exit code of the process. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  try {
    await programOn(surroundings).parseAsync(args, { from: "user" });
    return EXIT.done;
  } catch (error) {
    return endedBy(await known(error), (text) => surroundings.stderr.write(`sequester: ${text}\n`));
  }
}

/** What no command foresaw may still be a node's fault, in the words of the client that asked it. */
async function known(error: unknown): Promise<unknown> {
  if (error instanceof SequesterError || error instanceof CommanderError) return error;
  const { ownFault } = await import("../chain/node.ts");
  return ownFault(error);
}

const EXIT_CODES = `
Exit codes: 0 done, 1 error, 2 cancelled, 3 verification failed, 4 key or device, 5 node, 64 usage or refused input.
stdout is data, stderr is talk.`;
