// Installs the dependencies when they are missing, incomplete or others than the lock's. Needs nothing but Node, so that a
// fresh clone can start anything. What it says goes to stderr: the stdout of the command that follows is data.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { getSystemErrorMap } from "node:util";

const root = path.resolve(import.meta.dirname, "..");
const inRoot = (file) => path.join(root, file);

/** What npx or an npm of another Node may leave out without a word: the project's own Node and the EVM of this platform. */
function missingParts() {
  const node = inRoot(`node_modules/node/bin/node${process.platform === "win32" ? ".exe" : ""}`);
  const scope = inRoot("node_modules/@nomicfoundation");
  const evm = existsSync(scope) ? readdirSync(scope).filter((name) => name.startsWith("edr-")) : [];
  return [...(existsSync(node) ? [] : ["node"]), ...(evm.length > 0 ? [] : ["@nomicfoundation/edr-*"])];
}

const packagesIn = (file) => JSON.parse(readFileSync(inRoot(file), "utf8")).packages;

/** Whether what npm noted of its last installation is not what the lock asks for; other systems' packages are optional. */
function isStale() {
  let installed;
  try {
    installed = packagesIn("node_modules/.package-lock.json");
  } catch {
    return true;
  }
  const locked = packagesIn("package-lock.json");
  delete locked[""]; // the project itself
  return (
    Object.keys(installed).some((place) => !(place in locked)) ||
    Object.entries(locked).some(([place, { version, integrity, optional }]) => {
      const has = installed[place];
      return has === undefined ? !optional : has.version !== version || has.integrity !== integrity;
    })
  );
}

if (isStale() || missingParts().length > 0) {
  console.error("Installing the dependencies (once, about half a minute) ...");
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined ? ["npm", ["ci"]] : [process.execPath, [npm, "ci"]];
  const { status, error } = spawnSync(command, [...args, "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: npm === undefined && process.platform === "win32",
  });
  if (error !== undefined)
    console.error(
      `setup: npm could not be started (${getSystemErrorMap().get(error.errno)?.[1]}): install it, or put it on the PATH`,
    );
  if (status !== 0) process.exit(status ?? 1);
  const missing = missingParts();
  if (missing.length > 0) {
    console.error(`setup: npm installed no ${missing.join(" and no ")} for ${process.platform} ${process.arch}`);
    process.exit(1);
  }
}
