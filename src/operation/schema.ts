import { z } from "zod";
import { encodeCaseId, InvalidCaseIdError } from "../orders/caseId.ts";
import { Flaw, type FaultName } from "./faults.ts";
import { parseAccount, parseDecimal, parseInstant, parseOffset } from "./values.ts";

export const OPERATION_SCHEMA = "sequester.operation/1";

/** The columns of targets.csv; amounts are decimal units of the asset. */
export const TARGET_COLUMNS = ["case", "account", "asset", "amount", "platform", "group"] as const;

/** A string read by a parser that throws Flaws: the flaw's name travels in the issue. */
const read = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof Flaw)) throw error;
      context.addIssue({ code: "custom", message: error.message, params: { fault: error.fault } });
      return z.NEVER;
    }
  });

const text = z.string().regex(/^\S(.*\S)?$/, "needs a text without outer spaces");
const word = z.string().regex(/^[\x21-\x7e]{1,31}$/, "needs 1 to 31 printable ASCII characters without a space");

const caseId = read((id) => {
  try {
    encodeCaseId(id);
  } catch (error) {
    if (!(error instanceof InvalidCaseIdError)) throw error;
    throw new Flaw("BadCaseId", `the case ${JSON.stringify(id)} needs 1 to 31 printable ASCII characters`);
  }
  return id;
});

const kind = read((value) => {
  if (value !== "sovereign") {
    throw new Flaw("UnsupportedKind", `kind ${JSON.stringify(value)}: only "sovereign" assets can be held as yet`);
  }
  return value;
});

const path = read((value) => {
  if (value === "" || /[\\\p{Cc}]/u.test(value) || value.startsWith("/") || /^[A-Za-z]:/.test(value)) {
    throw new Flaw(
      "PathEscape",
      `the ruling ${JSON.stringify(value)} needs a relative path with "/" inside the folder`,
    );
  }
  if (value.split("/").some((part) => part === "" || part === "." || part === "..")) {
    throw new Flaw("PathEscape", `the ruling ${JSON.stringify(value)} needs a path that stays inside the folder`);
  }
  return value;
});

const offset = read(parseOffset);
const account = read(parseAccount);
const cases = z.union([z.literal("*"), z.array(z.string()).min(1)], 'needs "*" or a list of case ids');
const amounts = z.array(z.strictObject({ account, asset: z.string(), amount: z.string() })).min(1);
const count = z.int().min(0);

const act = z.discriminatedUnion("act", [
  z.strictObject({ at: offset, act: z.literal("freeze"), cases }),
  z.strictObject({ at: offset, act: z.literal("arrest"), cases, except: z.array(account).optional(), until: offset }),
  z.strictObject({ at: offset, act: z.literal("lapse") }),
  z.strictObject({ at: offset, act: z.literal("lift"), case: z.string(), holds: amounts, ruling: path.optional() }),
  z.strictObject({ at: offset, act: z.literal("seize"), cases }),
  z.strictObject({ at: offset, act: z.literal("return"), case: z.string(), holders: amounts, ruling: path.optional() }),
  z.strictObject({ at: offset, act: z.literal("deposit"), case: z.string(), asset: z.string(), amount: z.string() }),
  z.strictObject({ at: offset, act: z.literal("book"), cases }),
  z.strictObject({ at: offset, act: z.literal("close"), cases }),
]);

/** The shape of case.json; what its parts mean to each other is checked by `readOperation`. */
export const caseFile = z.strictObject({
  schema: z.literal(OPERATION_SCHEMA),
  name: text,
  parameters: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "needs the name of a parameters file, without its ending"),
  start: read(parseInstant),
  seed: text,
  officers: z.array(z.strictObject({ agency: word, name: word })).min(1),
  assets: z
    .array(
      z.strictObject({
        symbol: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/, "needs 1 to 31 letters, digits, dots, dashes or underscores"),
        decimals: z.int().min(0).max(18),
        kind,
        perUsd: read(parseDecimal).prefault("1"),
      }),
    )
    .min(1),
  cases: z.array(z.strictObject({ id: caseId, ruling: path })).min(1),
  timeline: z.array(act).min(1),
  expect: z.strictObject({
    targets: count.optional(),
    cases: count.optional(),
    accounts: count.optional(),
    platforms: count.optional(),
    groups: count.optional(),
    arrested: count.optional(),
    lapsed: count.optional(),
    usd: read(parseDecimal).optional(),
  }),
});

export type CaseFile = z.output<typeof caseFile>;
export type TimelineEntry = CaseFile["timeline"][number];
/** What a writer of case.json has to bring. */
export type CaseFileInput = z.input<typeof caseFile>;

/** The faults of a refused shape; `key` is the one that does not belong under `keys`, if that is the fault. */
export function issueFaults(
  error: z.ZodError,
): { name: FaultName; keys: PropertyKey[]; key?: string; reason: string }[] {
  return error.issues.flatMap((issue) => {
    const keys = issue.path;
    const field = keys.map(String).join(".") || "the file";
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => {
        return { name: "UnknownKey" as const, keys, key, reason: `${field} has no key ${JSON.stringify(key)}` };
      });
    }
    const flaw = issue.code === "custom" ? (issue.params?.["fault"] as FaultName | undefined) : undefined;
    return [{ name: flaw ?? "Malformed", keys, reason: `${field}: ${issue.message}` }];
  });
}
