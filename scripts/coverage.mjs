// Line coverage of the contracts by all tests. Instrumented contracts cost more gas and more bytes, so the tests of both
// fail here; whether the tests pass is `npm test`'s to say, this script judges the lines alone.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import process from "node:process";

/** Lines that no test can reach, by the text that stands there, and why. */
const EXCEPTIONS = [];

const root = new URL("..", import.meta.url);
const report = new URL("coverage/lcov.info", root);
rmSync(report, { force: true });
spawnSync("hardhat", ["test", "--coverage"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });

let file = "";
let [lines, missed] = [0, 0];
for (const line of readFileSync(report, "utf8").split("\n")) {
  const [key, value = ""] = line.split(":");
  if (key === "SF") file = value;
  if (key !== "DA" || !file.startsWith("contracts/")) continue;
  const [number, hits] = value.split(",").map(Number);
  ++lines;
  if (hits > 0) continue;
  const text = readFileSync(new URL(file, root), "utf8").split("\n")[number - 1].trim();
  const exception = EXCEPTIONS.find((known) => known.file === file && known.text === text);
  if (exception === undefined) ++missed;
  console.log(`${file}:${number} ${text}${exception === undefined ? "" : ` (${exception.why})`}`);
}
console.log(`${lines - missed} of ${lines} lines of the contracts are covered`);
process.exit(missed === 0 ? 0 : 1);
