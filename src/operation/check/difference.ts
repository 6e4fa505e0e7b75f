import { EXIT, SequesterError } from "../../base/errors.ts";
import { countOf } from "../../base/words.ts";

/** Where a file says something else than the journal. */
export interface Difference {
  readonly where: string;
  readonly has: string;
  readonly needs: string;
}

/** A file does not tell what the journal tells; names every difference. Exit code 3. */
export class FileDiffersError extends SequesterError {
  override name = "FileDiffersError";
  constructor(file: string, differences: readonly Difference[]) {
    super(`${file} differs from the journal in ${countOf(differences.length, "place")}.`, {
      code: EXIT.verification,
      metaMessages: differences.map(({ where, has, needs }) => `${where}: has ${has}, needs ${needs}`),
    });
  }
}
