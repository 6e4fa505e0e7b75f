import { oneLine } from "./words.ts";

/** Exit codes of the command line (what a process that ends with the error returns). */
export const EXIT = { done: 0, error: 1, cancelled: 2, verification: 3, key: 4, node: 5, usage: 64 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface SequesterErrorOptions {
  /** Exit code of the process that ends with this error; 1 unless told. */
  code?: ExitCode | undefined;
  /** Lines that say who is concerned, what it has and what it needs. */
  metaMessages?: readonly string[] | undefined;
  cause?: unknown;
}

/**
 * The root of every error of the library: `shortMessage` is the fault in one line, `metaMessages` the facts,
 * `code` the exit code. Every fault is a subclass with its own `name`, declared beside its use.
 */
export class SequesterError extends Error {
  override name = "SequesterError";
  readonly code: ExitCode;
  readonly shortMessage: string;
  readonly metaMessages: readonly string[];

  constructor(shortMessage: string, { code = EXIT.error, metaMessages = [], cause }: SequesterErrorOptions = {}) {
    // Names of files, keys of JSON and answers of nodes stand in them, as strangers wrote them.
    const [first = "", ...facts] = [shortMessage, ...metaMessages].map(oneLine);
    super([first, ...facts.map((line) => `  ${line}`)].join("\n"), { cause });
    this.code = code;
    this.shortMessage = first;
    this.metaMessages = facts;
  }
}
