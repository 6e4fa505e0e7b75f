import { EXIT, SequesterError } from "../../base/errors.ts";
import { countOf } from "../../base/words.ts";

/** What does not agree with what it should. */
export interface Finding {
  /** The name of the fault. */
  what: string;
  /** The file that it is about. */
  file: string;
  /** Who has what and needs what, a line each. */
  facts: readonly string[];
}

export const finding = (what: string, file: string, has: string, needs: string): Finding => ({
  what,
  file,
  facts: [`has: ${has}`, `needs: ${needs}`],
});

/** A refusal as a finding. */
export const findingOf = (file: string, fault: SequesterError): Finding => ({
  what: fault.name,
  file,
  facts: [fault.shortMessage, ...fault.metaMessages],
});

/** What a finding says of its file; a refusal says it in its own words. */
const SAID: Readonly<Record<string, string>> = {
  DigestMismatch: "has another digest by another program",
  ForeignSignature: "is a signature over something else",
  MissingOrder: "lists an order that is not here",
  OtherAct: "lists an order of another act",
  OtherDeployment: "is for another deployment",
  OtherRuling: "is not the paper that the order rests on",
  UnseatedSigner: "is signed by nobody who is an officer",
  WrongSigner: "is not shown to be its signer's",
};

const linesOf = ({ what, file, facts }: Finding): string[] => {
  const said = SAID[what];
  const below = said === undefined ? facts : [`It ${said}.`, ...facts];
  return [`${file}: ${what}`, ...below.map((it) => `  ${it}`)];
};

/** Nothing of it may be signed or executed before somebody knows why. Exit code 3. */
export class OrderFindingsError extends SequesterError {
  override name = "OrderFindingsError";
  constructor(findings: readonly Finding[]) {
    super(`${countOf(findings.length, "finding")}: sign and execute nothing of this before you know why.`, {
      code: EXIT.verification,
      metaMessages: findings.flatMap(linesOf),
    });
  }
}
