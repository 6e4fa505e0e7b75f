import { EXIT, SequesterError } from "../../base/errors.ts";

/** Characters of an input that a refusal shows. */
const MOST_SHOWN = 80;

/** A text of an input as a refusal shows it: in quotes, on one line, not too long. */
export const shown = (text: string): string =>
  text.length > MOST_SHOWN ? `${JSON.stringify(text.slice(0, MOST_SHOWN))}... (${text.length})` : JSON.stringify(text);

/** A row of a file, or an entry of a list, that cannot be. Exit code 64; nothing was changed. */
export class RowRefusedError extends SequesterError {
  override name = "RowRefusedError";
  readonly file: string;
  /** Line of a text, from 1; row of a Parquet file, from 1. */
  readonly line: number;

  constructor({ file, line }: { file: string; line: number }, what: string, has: string, needs: string) {
    super(`${file}:${line} is refused: ${what}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
    this.file = file;
    this.line = line;
  }
}

/** A file that cannot be read as what it should be. Exit code 64; nothing was changed. */
export class FileRefusedError extends SequesterError {
  override name = "FileRefusedError";

  constructor(file: string, what: string, has: string, needs: string, cause?: unknown) {
    super(`${file} is refused: ${what}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
      cause,
    });
  }
}

/** A header that no known form has. Exit code 64; nothing was changed. */
export class HeaderRefusedError extends SequesterError {
  override name = "HeaderRefusedError";

  constructor(file: string, header: readonly string[], known: readonly string[]) {
    super(`${file}:1 is refused: its header is not known.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${shown(header.join(","))}`, "needs, in any order, with any further columns:", ...known],
    });
  }
}

/** Files of transfers that cannot be traced together. Exit code 64; nothing was changed. */
export class TransfersRefusedError extends SequesterError {
  override name = "TransfersRefusedError";

  constructor(what: string, has: string, needs: string) {
    super(`The transfers are refused: ${what}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}
