// zod, whose words about what is refused are the project's own: who reads them has a file before him, and no schema.
import { z } from "zod";
import { countOf } from "./words.ts";

const NAMES: Readonly<Record<string, string>> = {
  array: "a list",
  bigint: "a whole number",
  boolean: "true or false",
  int: "a whole number",
  null: "null",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a text",
};

const nameOf = (type: string): string => NAMES[type] ?? type;

function typeOf(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "array";
  return typeof input;
}

/** What a text or a list is measured in. */
const PARTS: Readonly<Record<string, string>> = { array: "entry", map: "entry", object: "entry", string: "character" };

function bound(origin: string, limit: number | bigint | Date, inclusive: boolean | undefined, side: string): string {
  const part = PARTS[origin];
  const needs = `needs ${part === undefined ? String(limit) : countOf(String(limit), part)}`;
  return inclusive === false ? `${needs} and ${side}` : `${needs} or ${side}`;
}

const quoted = (values: readonly unknown[]): string =>
  values.map((value) => (typeof value === "string" ? JSON.stringify(value) : String(value))).join(", ");

/** What is wrong with a field; a schema's own message comes before. */
function wordsOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is missing";
      if (issue.expected === "int" && typeof issue.input === "number") return "needs a whole number";
      return `needs ${nameOf(issue.expected)}, has ${nameOf(typeOf(issue.input))}`;
    case "invalid_value":
      if (issue.input === undefined) return "is missing";
      return issue.values.length === 1 ? `needs ${quoted(issue.values)}` : `needs one of ${quoted(issue.values)}`;
    case "too_small":
      return bound(issue.origin, issue.minimum, issue.inclusive, "more");
    case "too_big":
      return bound(issue.origin, issue.maximum, issue.inclusive, "less");
    case "not_multiple_of":
      return `needs a multiple of ${issue.divisor}`;
    case "unrecognized_keys":
      return `has ${quoted(issue.keys)}, which ${issue.keys.length === 1 ? "does" : "do"} not belong there`;
    case "invalid_union":
      return Array.isArray(issue.options) ? `needs one of ${quoted(issue.options)}` : "is of no form that is known";
    case "invalid_key":
      return "has a name that does not belong there";
    case "invalid_format":
    case "invalid_element":
    case "custom":
      return "is not of the form that is needed";
  }
}

z.config({ localeError: wordsOf });

export { z };
