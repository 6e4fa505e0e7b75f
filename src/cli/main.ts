import { EXIT } from "../errors.ts";
import { runCompiled } from "./operation.ts";
import { main } from "./program.ts";

// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.done);
  throw error;
});
// Nor is one that hears no more talk: the work goes on.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.on("SIGINT", () => {
  process.stderr.write("\nsequester: cancelled\n");
  process.exit(EXIT.cancelled);
});

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  run: runCompiled,
});
