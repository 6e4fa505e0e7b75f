import { z } from "../../base/zod.ts";
import { encodeCaseId, InvalidCaseIdError } from "../../orders/caseId.ts";
import { Flaw } from "./faults.ts";
import { parseAccount, parseOffset } from "./values.ts";

/** A string read by a parser that throws Flaws: the flaw's name travels in the issue. */
export const read = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof Flaw)) throw error;
      context.addIssue({ code: "custom", message: error.message, params: { fault: error.fault } });
      return z.NEVER;
    }
  });

export const text = z.string().regex(/^\S(.*\S)?$/, "needs a text without outer spaces");
export const word = z.string().regex(/^[\x21-\x7e]{1,31}$/, "needs 1 to 31 printable ASCII characters without a space");
/** What fits into 32 bytes with a zero at the end. */
export const name = z.string().regex(/^[\x20-\x7e]{1,31}$/, "needs 1 to 31 printable ASCII characters");

export const caseId = read((id) => {
  try {
    encodeCaseId(id);
  } catch (error) {
    if (!(error instanceof InvalidCaseIdError)) throw error;
    throw new Flaw("BadCaseId", `the case ${JSON.stringify(id)} needs 1 to 31 printable ASCII characters`);
  }
  return id;
});

/** Of a file in the operation's folder. */
export const path = read((value) => {
  if (value === "" || /[\\\p{Cc}]/u.test(value) || value.startsWith("/") || /^[A-Za-z]:/.test(value)) {
    throw new Flaw("PathEscape", `the file ${JSON.stringify(value)} needs a relative path with "/" inside the folder`);
  }
  if (value.split("/").some((part) => part === "" || part === "." || part === "..")) {
    throw new Flaw("PathEscape", `the file ${JSON.stringify(value)} needs a path that stays inside the folder`);
  }
  return value;
});

export const offset = read(parseOffset);
export const account = read(parseAccount);
