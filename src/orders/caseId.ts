import { hexToBytes, isHex, stringToHex, type Hex } from "viem";
import { EXIT, SequesterError } from "../errors.ts";

export class InvalidCaseIdError extends SequesterError {
  override name = "InvalidCaseIdError";

  constructor(has: unknown, needs: string) {
    super("Invalid case id.", {
      code: EXIT.usage,
      metaMessages: [`has: ${JSON.stringify(has) ?? String(has)}`, `needs: ${needs}`],
    });
  }
}

const PRINTABLE = /^[\x20-\x7e]{1,31}$/;

/** The on-chain form of a case id: 1 to 31 printable ASCII characters, left-aligned in 32 bytes. */
export function encodeCaseId(text: string): Hex {
  if (!PRINTABLE.test(text)) throw new InvalidCaseIdError(text, "1 to 31 printable ASCII characters");
  return stringToHex(text, { size: 32 });
}

/** The text of an on-chain case id. Refuses whatever `encodeCaseId` cannot have made. */
export function decodeCaseId(caseId: Hex): string {
  if (!isHex(caseId) || caseId.length !== 66) throw new InvalidCaseIdError(caseId, "32 bytes");
  const text = String.fromCharCode(...hexToBytes(caseId)).replace(/\0+$/, "");
  if (!PRINTABLE.test(text)) {
    throw new InvalidCaseIdError(caseId, "1 to 31 printable ASCII characters, left-aligned, then zeros");
  }
  return text;
}
