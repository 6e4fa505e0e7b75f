import { hexToBytes, isHex, stringToHex, type Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { InvalidNameError } from "./errors.ts";

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
/** A blank at an end would make another name that looks the same. */
const NAME = /^(?! )[\x20-\x7e]{1,31}(?<! )$/;
const NEEDS = "1 to 31 printable ASCII characters without a blank at the ends";

/** The on-chain form of a case id: 1 to 31 printable ASCII characters, left-aligned in 32 bytes. */
export function encodeCaseId(text: string): Hex {
  if (!NAME.test(text)) throw new InvalidCaseIdError(text, NEEDS);
  return stringToHex(text, { size: 32 });
}

/** The text of an on-chain case id, which may have blanks at its ends there. */
export function decodeCaseId(caseId: Hex): string {
  if (!isHex(caseId) || caseId.length !== 66) throw new InvalidCaseIdError(caseId, "32 bytes");
  const text = textIn(caseId);
  if (text === undefined) {
    throw new InvalidCaseIdError(caseId, "1 to 31 printable ASCII characters, left-aligned, then zeros");
  }
  return text;
}

/**
 * Whether a case id reads like a person's name: two words or more and no digit, or one with initials. What it is nobody can
 * know, so that somebody is to be asked.
 */
export function readsLikeName(text: string): boolean {
  if (/\d/.test(text)) return false;
  const words = text.split(/[^A-Za-z']+/).filter((word) => word !== "");
  const whole = words.filter((word) => word.length > 1).length;
  return whole >= 2 || (whole === 1 && words.length > 1 && /[ .]/.test(text));
}

/** The bytes of a name, as those of a case id. Throws InvalidNameError. */
export function encodeName(field: string, name: string): Hex {
  if (!NAME.test(name)) throw new InvalidNameError(field, JSON.stringify(name), NEEDS);
  return stringToHex(name, { size: 32 });
}

/** The name that 32 bytes are, or the bytes where they are none. */
export const decodeName = (bytes: Hex): string => textIn(bytes) ?? bytes;

function textIn(bytes: Hex): string | undefined {
  const text = String.fromCharCode(...hexToBytes(bytes)).replace(/\0+$/, "");
  return PRINTABLE.test(text) ? text : undefined;
}
