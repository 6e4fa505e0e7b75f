import { EXIT } from "../base/errors.ts";
import type { OperationResult, RunInput } from "../operation/run.ts";
import { main } from "./program.ts";
import { terminalOn } from "./terminal.ts";

// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.done);
  throw error;
});
// Nor is one that hears no more talk: the work goes on.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
const cancel = () => {
  process.stderr.write("\nsequester: cancelled\n");
  process.exit(EXIT.cancelled);
};
process.on("SIGINT", cancel);

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  run: runCompiled,
  terminal: terminalOn(process.stdin, process.stderr),
  stopped,
});

/** What Ctrl-C ends from now on is not cancelled by it. A terminal and the program before it may both tell. */
async function stopped(): Promise<void> {
  await new Promise((end) => process.on("SIGINT", end).off("SIGINT", cancel));
}

/** Loaded when it is needed: with it comes Hardhat, and the contracts must be compiled before. */
async function runCompiled(input: RunInput): Promise<OperationResult> {
  const { ensureBuilt } = await import("./build.ts");
  await ensureBuilt();
  const { runOperation } = await import("../operation/run.ts");
  return runOperation(input);
}
