// Installs the dependencies when they are missing, incomplete or older than the lock. Needs nothing but Node, so that a
// fresh clone can start anything. What it says goes to stderr: the stdout of the command that follows is data.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const inRoot = (file) => path.join(root, file);
const modified = (file) => statSync(inRoot(file), { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;

/** What npx or an npm of another Node may leave out without a word: the project's own Node and the EVM of this platform. */
function missingParts() {
  const node = inRoot(`node_modules/node/bin/node${process.platform === "win32" ? ".exe" : ""}`);
  const scope = inRoot("node_modules/@nomicfoundation");
  const evm = existsSync(scope) ? readdirSync(scope).filter((name) => name.startsWith("edr-")) : [];
  return [...(existsSync(node) ? [] : ["node"]), ...(evm.length > 0 ? [] : ["@nomicfoundation/edr-*"])];
}

const stale = modified("node_modules/.package-lock.json") < modified("package-lock.json");

if (stale || missingParts().length > 0) {
  console.error("Installing the dependencies (once, about half a minute) ...");
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined ? ["npm", ["ci"]] : [process.execPath, [npm, "ci"]];
  const { status, error } = spawnSync(command, [...args, "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: npm === undefined && process.platform === "win32",
  });
  if (error !== undefined) console.error(`setup: npm could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
  const missing = missingParts();
  if (missing.length > 0) {
    console.error(`setup: npm installed no ${missing.join(" and no ")} for ${process.platform} ${process.arch}`);
    process.exit(1);
  }
}
