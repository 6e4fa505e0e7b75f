import { EXIT, SequesterError } from "../base/errors.ts";

/** Options that do not go together, one that another needs, or one that says nothing. Exit code 64. */
export class OptionsRefusedError extends SequesterError {
  override name = "OptionsRefusedError";
  constructor(has: string, needs: string) {
    super("The options cannot stand.", {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}
