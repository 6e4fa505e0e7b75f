import { formatOffset } from "../base/time.ts";
import type { Progress } from "../operation/play/stage.ts";

/** Where progress is shown: stderr, or what a test puts in its place. */
export interface Screen {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  write(text: string): unknown;
}

/** Milliseconds between two updates of the live line. */
const PACE = 80;

/**
 * Shows what is being done: one line per step, on a terminal with a live line for the step that runs; `verbose` adds gas and
 * addresses.
 */
export function progressOn(screen: Screen, verbose = false): (progress: Progress) => void {
  let shown = -Infinity;
  return ({ step, at, done, total, result, detail }) => {
    const head = `${(at === undefined ? "before" : formatOffset(at)).padEnd(8)} ${step.padEnd(13)}`;
    if (result !== undefined) {
      const more = verbose && detail !== undefined ? `; ${detail}` : "";
      screen.write(`${screen.isTTY ? CLEAR : ""}${head} ${result}${more}\n`);
      shown = -Infinity;
    } else if (screen.isTTY && performance.now() - shown >= PACE) {
      const line = total > 1 ? `${head} ${bar(done / total)} ${done}/${total}` : `${head} ...`;
      screen.write(CLEAR + line.slice(0, (screen.columns || 80) - 1));
      shown = performance.now();
    }
  };
}

/** Shows that something long goes on: one line, on a terminal with the seconds that it took so far. Answers what ends it. */
export function waitingOn(screen: Screen, what: string): () => void {
  if (!screen.isTTY) {
    screen.write(`${what} ...\n`);
    return () => {};
  }
  const began = performance.now();
  const show = () => screen.write(`${CLEAR}${what} ... ${Math.floor((performance.now() - began) / 1000)} s`);
  show();
  const timer = setInterval(show, 1000);
  return () => {
    clearInterval(timer);
    screen.write(CLEAR);
  };
}

/** To the beginning of the line, which is emptied. */
const CLEAR = "\r\x1b[2K";
const WIDTH = 24;

const bar = (part: number) => "#".repeat(Math.round(part * WIDTH)).padEnd(WIDTH, ".");
