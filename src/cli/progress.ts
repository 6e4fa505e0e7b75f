import { formatOffset } from "../operation/values.ts";
import type { Progress } from "../operation/stage.ts";

/** Where progress is shown: stderr, or what a test puts in its place. */
export interface Screen {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  write(text: string): unknown;
}

/** Milliseconds between two updates of the live line. */
const PACE = 80;

/** Shows what is being done: one line per step, on a terminal with a live line for the step that runs. */
export function progressOn(screen: Screen): (progress: Progress) => void {
  let shown = -Infinity;
  return ({ step, at, done, total, result }) => {
    const head = `${(at === undefined ? "before" : formatOffset(at)).padEnd(8)} ${step.padEnd(13)}`;
    if (result !== undefined) {
      screen.write(`${screen.isTTY ? CLEAR : ""}${head} ${result}\n`);
      shown = -Infinity;
    } else if (screen.isTTY && performance.now() - shown >= PACE) {
      const line = total > 1 ? `${head} ${bar(done / total)} ${done}/${total}` : `${head} ...`;
      screen.write(CLEAR + line.slice(0, (screen.columns || 80) - 1));
      shown = performance.now();
    }
  };
}

/** To the beginning of the line, which is emptied. */
const CLEAR = "\r\x1b[2K";
const WIDTH = 24;

const bar = (part: number) => "#".repeat(Math.round(part * WIDTH)).padEnd(WIDTH, ".");
