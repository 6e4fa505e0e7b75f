import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, statSync } from "node:fs";
import path from "node:path";
import { SequesterError } from "../base/errors.ts";
import { reasonOf } from "../base/files.ts";
import { waitingOn, type Screen } from "./progress.ts";

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

/** Whether the compiler ran after the contracts were last changed; it writes its cache anew each time. A package comes built. */
function isBuilt(): boolean {
  if (!existsSync(path.join(root, "hardhat.config.ts"))) return true;
  const sources = [...globSync("contracts/**/*.sol", { cwd: root }), "hardhat.config.ts"];
  const built = Math.min(changed("cache/compile-cache.json"), changed("artifacts/contracts"));
  return built >= 0 && changed("cache/compile-cache.json") >= Math.max(...sources.map(changed));
}

/** Hardhat leaves the compiler that it starts to itself: only a group of processes ends as a whole. */
const ownGroup = process.platform !== "win32";

/** Compiles the contracts if that is due; all it says goes to stderr. A process that ends before takes the compiler along. */
export async function ensureBuilt(screen: Screen = process.stderr): Promise<void> {
  if (isBuilt()) return;
  const waited = waitingOn(screen, "Compiling the contracts (once, about 90 seconds)");
  const hardhat = path.join(root, "node_modules/hardhat/dist/src/cli.js");
  const compiler = spawn(process.execPath, [hardhat, "build", "--quiet", "--no-tests"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    detached: ownGroup,
  });
  const stop = () => (ownGroup ? process.kill(-compiler.pid!) : compiler.kill());
  process.once("exit", stop);
  try {
    const [status, signal] = (await once(compiler, "close")) as [number | null, NodeJS.Signals | null];
    if (status !== 0) throw new BuildFailedError(`the compiler ended with ${signal ?? `status ${status}`}`);
  } catch (error) {
    throw error instanceof BuildFailedError ? error : new BuildFailedError(reasonOf(error));
  } finally {
    process.off("exit", stop);
    waited();
  }
}
