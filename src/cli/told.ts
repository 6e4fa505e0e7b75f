import { CommanderError } from "commander";
import { EXIT, SequesterError, type ExitCode } from "../base/errors.ts";
import { placedReasonOf } from "../base/files.ts";
import { countOf, oneLine } from "../base/words.ts";

/** An error for who called: the project's own in its words, any other as a fault that nobody foresaw. */
export function told(error: unknown): string {
  if (process.env.SEQUESTER_DEBUG && error instanceof Error) return error.stack ?? error.message;
  if (error instanceof SequesterError) return begun(error.message);
  if (lacksHardhat(error)) {
    return "it cannot be done from the package.\n  has: no Hardhat, which compiles and plays contracts\n  needs: a clone of the repository";
  }
  return `unexpected fault: ${placedReasonOf(error).split("\n").map(oneLine).join("\n")}\n  SEQUESTER_DEBUG=1 shows where`;
}

/** Whether a module is missing that only a clone has. */
const lacksHardhat = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  error.code === "ERR_MODULE_NOT_FOUND" &&
  /Cannot find package '(?:hardhat|@nomicfoundation\/[\w-]+)'/.test(error.message);

/** More faults than this nobody reads at once: a list of 130,000 lines can have as many. */
const MOST_LINES = 100;

function begun(text: string): string {
  const lines = text.split("\n");
  const rest = lines.length - MOST_LINES;
  return rest <= 1 ? text : [...lines.slice(0, MOST_LINES), `  and ${countOf(rest, "more line")}`].join("\n");
}

/** The exit code of a program that an error ended, which is told unless commander has. */
export function endedBy(error: unknown, tell: (text: string) => void = console.error): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  tell(told(error));
  return error instanceof SequesterError ? error.code : EXIT.error;
}

/** A fault of commander without values: what is no option may be a secret that somebody took for one. */
export const withoutValues = (text: string, write: (text: string) => void): void =>
  write(text.replace(/(--[\w-]+)=[^']*/g, "$1"));
