import { realpathSync, statSync } from "node:fs";
import path from "node:path";

/** Where a file of a folder lies, links followed; undefined if there is none, or it lies outside. */
export function fileInside(dir: string, file: string): string | undefined {
  try {
    const real = realpathSync(path.join(dir, file));
    return real.startsWith(realpathSync(dir) + path.sep) && statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}
