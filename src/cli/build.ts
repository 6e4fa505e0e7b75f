import { spawnSync } from "node:child_process";
import { globSync, statSync } from "node:fs";
import path from "node:path";
import { SequesterError } from "../errors.ts";

/** The contracts do not compile; the compiler's own words are on stderr. */
export class BuildFailedError extends SequesterError {
  override name = "BuildFailedError";
  constructor(reason: string) {
    super("The contracts could not be compiled.", { metaMessages: [reason] });
  }
}

const root = path.resolve(import.meta.dirname, "../..");

/** Seconds since 1970 of a file's last change; below all others if it is missing. */
const changed = (file: string) => statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;

/** Whether the compiler ran after the contracts were last changed; it writes its cache anew each time. */
function isBuilt(): boolean {
  const sources = [...globSync("contracts/**/*.sol", { cwd: root }), "hardhat.config.ts"];
  const built = Math.min(changed("cache/compile-cache.json"), changed("artifacts/contracts"));
  return built >= 0 && changed("cache/compile-cache.json") >= Math.max(...sources.map(changed));
}

/** Compiles the contracts if that is due; all it says goes to stderr. Throws BuildFailedError. */
export function ensureBuilt(): void {
  if (isBuilt()) return;
  console.error("Compiling the contracts (once, about two minutes) ...");
  const hardhat = path.join(root, "node_modules/hardhat/dist/src/cli.js");
  const { status, signal, error } = spawnSync(process.execPath, [hardhat, "build", "--quiet", "--no-tests"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (error !== undefined) throw new BuildFailedError(error.message);
  if (status !== 0) throw new BuildFailedError(`the compiler ended with ${signal ?? `status ${status}`}`);
}
