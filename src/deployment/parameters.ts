import path from "node:path";
import JSON5 from "json5";
import { sha256, type Hex } from "viem";
import { z } from "../base/zod.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { OFFSET_FORM, offsetOf } from "../base/time.ts";
import { ACTS, LAST_RULED, type ActName } from "../orders/types.ts";
import { bytesNow, reasonOf } from "../base/files.ts";
import { textsField, timeZoneField } from "../base/json.ts";
import type { Texts } from "../base/languages.ts";

/** One alternative of an act: least officers per agency (by name; SELF: the agency that the order is about). */
export interface RuleParameters {
  officers: Record<string, number>;
  /** Seconds between the decision and the first execution; 0 where the act is done at once. */
  delay: number;
  /** Seconds after the delay in which the order may be executed; 0 where the act is done at once. */
  grace: number;
  /** Longest term in seconds; 0 where the act knows none. */
  term: number;
}

/** A jurisdiction: its agencies in the order of their index on chain, and who decides what. Times in seconds. */
export interface Parameters {
  name: string;
  /** Where they stand, for errors. */
  file: string;
  agencies: string[];
  /** By its name in the time zone database; none: times are told in UTC alone. */
  timeZone?: string | undefined;
  /** Where a holder contests a hold; told in notices. */
  contact?: Texts | undefined;
  court: string;
  prosecutor: string;
  rules: Partial<Record<ActName, RuleParameters[]>>;
  numbers: { freezesPerDay: number; cooling: number; longestArrest: number };
}

/** The parameters of a jurisdiction are missing or wrong. Exit code 64. */
export class ParametersError extends SequesterError {
  override name = "ParametersError";
  constructor(file: string, reasons: readonly string[]) {
    super(`The parameters of ${file} cannot be used.`, { code: EXIT.usage, metaMessages: reasons });
  }
}

const ROOT = new URL("../../", import.meta.url);

/** The ending by which a file of parameters is told from the name of a jurisdiction. */
export const PARAMETERS_ENDING = ".json5";

/** The file of a jurisdiction's parameters, below the project's folder. */
const parametersFile = (name: string): string => `deploy/parameters/${name}${PARAMETERS_ENDING}`;

/** The acts that can have rules. All others need no approval, or that of one officer alone. */
const RULED_ACTS = (Object.keys(ACTS) as ActName[]).filter((act) => ACTS[act] <= LAST_RULED);

const duration = z.string().transform((text, context) => {
  const seconds = offsetOf(text);
  if (seconds !== undefined) return seconds;
  context.addIssue({ code: "custom", message: `the time ${JSON.stringify(text)} needs to be ${OFFSET_FORM}` });
  return z.NEVER;
});

const agencyName = z.string().regex(/^[\x21-\x7e]{1,31}$/, "an agency's name is 1 to 31 printable ASCII characters");

const schema = z
  .strictObject({
    schema: z.literal("sequester.parameters/1"),
    agencies: z.array(agencyName).min(1).max(15),
    timeZone: timeZoneField.optional(),
    contact: textsField.optional(),
    court: z.string(),
    prosecutor: z.string(),
    rules: z.partialRecord(
      z.enum(RULED_ACTS),
      z
        .array(
          z.strictObject({
            officers: z.record(z.string(), z.int().min(1).max(7)),
            delay: duration.prefault("0s"),
            grace: duration.prefault("0s"),
            term: duration.prefault("0s"),
          }),
        )
        .min(1)
        .max(6),
    ),
    numbers: z.strictObject({ freezesPerDay: z.int().min(1).max(65_535), cooling: duration, longestArrest: duration }),
  })
  .superRefine(({ agencies, court, prosecutor, rules }, context) => {
    const known = new Set(agencies);
    if (known.size !== agencies.length) context.addIssue({ code: "custom", message: "an agency stands there twice" });
    const need = (agency: string, where: string) => {
      if (!known.has(agency)) {
        context.addIssue({
          code: "custom",
          message: `${where}: the agency ${agency} is not among ${agencies.join(", ")}`,
        });
      }
    };
    need(court, "court");
    need(prosecutor, "prosecutor");
    for (const [act, alternatives] of Object.entries(rules)) {
      for (const { officers } of alternatives ?? []) {
        for (const agency of Object.keys(officers)) if (agency !== "SELF") need(agency, `rules.${act}`);
      }
    }
  });

/** Reads `deploy/parameters/<name>.json5`, or any file that ends with .json5, by its path. Throws ParametersError. */
export const readParameters = (named: string): Parameters => readPinned(named).parameters;

/** The same, with the SHA-256 of the file, by which others know that theirs is the same. */
export function readPinned(named: string): { parameters: Parameters; sha256: Hex } {
  const isFile = named.endsWith(PARAMETERS_ENDING);
  const file = isFile ? named : parametersFile(named);
  let bytes: Buffer;
  try {
    bytes = bytesNow(isFile ? file : new URL(file, ROOT));
  } catch (error) {
    throw new ParametersError(file, [`has: ${reasonOf(error)}`, "needs: the name of a jurisdiction, or a .json5 file"]);
  }
  const parameters = parseParameters(path.basename(file, PARAMETERS_ENDING), bytes.toString(), file);
  return { parameters, sha256: sha256(bytes) };
}

/** Reads parameters from the text of their file. Throws ParametersError. */
export function parseParameters(name: string, text: string, file = parametersFile(name)): Parameters {
  let value: unknown;
  try {
    value = JSON5.parse(text);
  } catch (error) {
    throw new ParametersError(file, [(error as Error).message]);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new ParametersError(
      file,
      parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(": ")),
    );
  }
  const { schema: _, ...parameters } = parsed.data;
  return { name, file, ...parameters };
}
