// Measures the gas of Sequester beside that of its peers and beside what the EVM itself charges, on the embedded chain.
import { Command } from "commander";
import { ensureBuilt } from "../src/cli/build.ts";
import { endedBy } from "../src/cli/told.ts";
import { reportOf, writeSnapshot } from "./report.ts";

interface Options {
  json?: boolean;
  update?: boolean;
}

const program = new Command("bench:gas")
  .description("Gas of each work on one chain in one run: ours, the peers', and the floor that the EVM charges.")
  .option("--json", "print one line of JSON")
  .option("--update", "write bench/gas.snapshot.json, which the tests compare with")
  .allowExcessArguments(false)
  .showHelpAfterError("Add --help to see what there is.")
  .exitOverride();

try {
  const options = program.parse().opts<Options>();
  await ensureBuilt();
  // After the build, for it reads what was built.
  const { measure } = await import("./measure.ts");
  const bench = await measure();
  if (options.update) writeSnapshot(bench);
  console.log(options.json ? JSON.stringify(bench) : reportOf(bench).join("\n"));
} catch (error) {
  process.exitCode = endedBy(error);
}
