// npm drops an optional dependency whose `engines` the running Node does not meet. Hardhat's EVM is such a package, so
// an installation started on an older Node lacks it. This script runs on the project's own Node and installs what was dropped.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

const scope = "node_modules/@nomicfoundation";
const present = existsSync(scope) && readdirSync(scope).some((name) => name.startsWith("edr-"));

if (!present && !process.env.SKIP_ENSURE_NATIVE) {
  const npm = process.env.npm_execpath;
  if (npm === undefined) {
    console.error("ensure-native: npm_execpath is not set; run this through npm: npm ci");
    process.exit(1);
  }
  const { status } = spawnSync(
    process.execPath,
    [npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"],
    { stdio: "inherit", env: { ...process.env, SKIP_ENSURE_NATIVE: "1" } },
  );
  process.exit(status ?? 1);
}
