import { PARAMETERS_ENDING } from "../../deployment/parameters.ts";
import { isPlainSymbol } from "../../orders/symbol.ts";
import { z } from "../../base/zod.ts";
import { Flaw, type FaultName } from "./faults.ts";
import { caseId, name, path, read, text, word } from "./fields.ts";
import { timelineEntry } from "./timeline.ts";
import { tracePart } from "./traceFiles.ts";
import { parseDecimal, parseInstant } from "./values.ts";

export const OPERATION_SCHEMA = "sequester.operation/1";

/** The columns of targets.csv; amounts are decimal units of the asset. */
export const TARGET_COLUMNS = ["case", "account", "asset", "amount", "platform", "group"] as const;

const kind = read((value) => {
  if (value !== "sovereign") {
    throw new Flaw("UnsupportedKind", `kind ${JSON.stringify(value)}: only "sovereign" assets can be held as yet`);
  }
  return value;
});

const count = z.int().min(0);

/** The shape of case.json; what its parts mean to each other is checked by `readOperation`. */
export const caseFile = z.strictObject({
  schema: z.literal(OPERATION_SCHEMA),
  name: text,
  /** A jurisdiction of deploy/parameters, or a file of the folder that ends with .json5. */
  parameters: path.refine(
    (named) => /^[a-z0-9][a-z0-9-]*$/.test(named) || named.endsWith(PARAMETERS_ENDING),
    "needs the name of a jurisdiction, or a file of the folder that ends with .json5",
  ),
  start: read(parseInstant),
  seed: text,
  officers: z.array(z.strictObject({ agency: word, name: word })).min(1),
  assets: z
    .array(
      z.strictObject({
        symbol: z
          .string()
          .refine(
            (symbol) => /^[\w.-]+$/.test(symbol) && isPlainSymbol(symbol),
            "needs 1 to 16 letters, digits, dots, dashes or underscores that do not read as a number",
          ),
        decimals: z.int().min(0).max(18),
        kind,
        perUsd: read(parseDecimal).prefault("1"),
      }),
    )
    .min(1),
  cases: z.array(z.strictObject({ id: caseId, ruling: path })).min(1),
  /** Wallets of platforms, with what lies in them at the start; their keys derive from seed and name. */
  wallets: z
    .array(
      z.strictObject({
        name: word,
        platform: name,
        omnibus: z.boolean(),
        holds: z.array(z.strictObject({ asset: z.string(), amount: z.string() })).optional(),
      }),
    )
    .optional(),
  /** Out of which histories the targets come. */
  trace: tracePart.optional(),
  timeline: z.array(timelineEntry).min(1),
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
