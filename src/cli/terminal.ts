import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { ReadStream } from "node:tty";
import type { InLanguages, Language } from "../base/languages.ts";
import { EXIT, SequesterError } from "../base/errors.ts";

/** Somebody who can be asked. */
export interface Terminal {
  ask(question: string): Promise<string>;
  /** The same, and what is typed is not shown. */
  askHidden(question: string): Promise<string>;
}

/** Who was asked does not want it. Exit code 2. */
export class CancelledError extends SequesterError {
  override name = "CancelledError";
  constructor(what: string) {
    super(`Cancelled: ${what}.`, { code: EXIT.cancelled });
  }
}

/** Nobody can be asked, since the input is no terminal. Exit code 64. */
export class NobodyToAskError extends SequesterError {
  override name = "NobodyToAskError";
  constructor(needs: string) {
    super("There is nobody to ask.", {
      code: EXIT.usage,
      metaMessages: ["has: an input that is no terminal", `needs: ${needs}`],
    });
  }
}

/** A terminal to ask on; nothing where the input is none. */
export function terminalOn(input: ReadStream, output: NodeJS.WritableStream): Terminal | undefined {
  if (!input.isTTY) return undefined;
  const ask = (question: string, shown: NodeJS.WritableStream): Promise<string> =>
    new Promise((answer, refuse) => {
      // Before anything is asked: from here on the terminal itself shows nothing of what is typed.
      const lines = createInterface({ input, output: shown, terminal: true });
      output.write(question);
      lines.once("line", (line) => {
        answer(line);
        lines.close();
      });
      lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
      // After an answer it refuses nothing any more.
      lines.once("close", () => refuse(new CancelledError("nothing was answered")));
    });
  const nowhere = new Writable({ write: (_, __, done) => done() });
  return {
    ask: (question) => ask(question, output),
    askHidden: async (question) => {
      const answer = await ask(question, nowhere);
      output.write("\n");
      return answer;
    },
  };
}

/** The word that agrees is the same in every language. */
const TYPE_YES: InLanguages<string> = { en: "Type yes", ru: "Введите yes", kk: "yes деп теріңіз" };

/** Has somebody at the terminal agree, unless it was agreed beforehand. @throws CancelledError, NobodyToAskError */
export async function agree(
  what: string,
  yes: boolean | undefined,
  terminal: Terminal | undefined,
  language: Language = "en",
): Promise<void> {
  if (yes) return;
  if (terminal === undefined) throw new NobodyToAskError("--yes, from somebody who has read what stands above");
  if ((await terminal.ask(`${what} ${TYPE_YES[language]}: `)).trim() !== "yes")
    throw new CancelledError("nothing was done");
}
