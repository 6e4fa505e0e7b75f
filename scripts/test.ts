// All tests: those in Solidity beside Mocha's, whose files run beside each other, after one build, with one sum. With arguments, what `hardhat test` makes of
// them: files of either kind, options.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { runSideBySide } from "./test/sideBySide.ts";

const root = path.resolve(import.meta.dirname, "..");
const cli = path.join(root, "node_modules/hardhat/dist/src/cli.js");

/** Ends here where Hardhat ends with another code than 0. */
function hardhat(...args: string[]): void {
  const { status } = spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const given = process.argv.slice(2);
if (given.length > 0) {
  hardhat("test", ...given);
} else {
  hardhat("build");
  // Only a terminal's colours would be lost on the way.
  if (process.stdout.isTTY) process.env["FORCE_COLOR"] ??= "1";
  process.env["SEQUESTER_TESTS"] = "all";
  // What is built already is built by neither: both would write to the same folders.
  const runners = ["mocha", "solidity"].map((name) => ({ name, args: [cli, "test", name, "--no-compile"] }));
  const { sums, faults } = await runSideBySide(runners, (text) => process.stdout.write(text));
  for (const fault of faults) console.error(fault);
  console.log(`${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
