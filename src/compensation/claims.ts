import { MAX_AMOUNT } from "../orders/types.ts";
import path from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import type { Address } from "viem";
import { z } from "../base/zod.ts";
import { addressField, parseJson } from "../base/json.ts";
import { InvalidFileError } from "../base/json.ts";
import { countOf } from "../base/words.ts";

/** Who claims: an owner, whose money it was, comes before a victim, whom the crime cost money. */
export const CLAIM_CLASSES = ["owner", "victim"] as const;
export type ClaimClass = (typeof CLAIM_CLASSES)[number];

/** A claim that the court admitted. */
export interface Claim {
  /** 1 to 64 printable ASCII characters. A list is public: it should tell nobody who the claimant is. */
  id: string;
  /** Where the claimant is paid. */
  account: Address;
  class: ClaimClass;
  /** The admitted loss in base units of the asset. */
  loss: bigint;
}

/** The columns of a claims file in CSV, and the fields of one in JSON. */
export const CLAIM_COLUMNS = ["id", "account", "class", "loss"] as const;

const ZERO = /^0x0{40}$/;

/** Base units: a positive decimal string that fits into a hold. */
export const unitsField = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,28})$/, "needs base units as a decimal string")
  .transform(BigInt)
  .refine((units) => units <= MAX_AMOUNT, "needs less than 2^96 base units");

export const claimFields = {
  id: z.string().regex(/^[\x21-\x7e]([\x20-\x7e]{0,62}[\x21-\x7e])?$/, "needs 1 to 64 printable ASCII characters"),
  account: addressField.refine((account) => !ZERO.test(account), "needs an address other than 0"),
  class: z.enum(CLAIM_CLASSES),
  loss: unitsField.refine((loss) => loss > 0n, "needs a loss above zero"),
};

/** Every claim once, by its id. */
export function refuseTwice(claims: readonly { id: string }[], report: (index: number, reason: string) => void): void {
  const first = new Map<string, number>();
  for (const [i, { id }] of claims.entries()) {
    if (first.has(id)) report(i, `the claim ${id} comes twice`);
    else first.set(id, i);
  }
}

const claimsSchema = z.array(z.strictObject(claimFields)).superRefine((claims, context) => {
  if (claims.length === 0) context.addIssue({ code: "custom", message: "needs at least one claim" });
  refuseTwice(claims, (i, message) => context.addIssue({ code: "custom", path: [i, "id"], message }));
});

/**
 * Reads admitted claims from the text of a CSV file (columns id,account,class,loss) or, where `file` ends in .json, of a JSON
 * file (a list of objects with these fields). Losses are decimal strings of base units.
 * @throws InvalidFileError with every fault, by line or field.
 */
export function parseClaims(text: string, file: string): Claim[] {
  if (path.extname(file).toLowerCase() === ".json") return parseJson(text, file, claimsSchema);
  const { rows, lines } = readRows(text, file);
  const result = claimsSchema.safeParse(rows);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path: [row, column], message }) => ({
    field: row === undefined ? "" : [`line ${lines[row as number]}`, column].filter(Boolean).join(", "),
    reason: message,
  }));
  throw new InvalidFileError(file, faults, result.error);
}

function readRows(text: string, file: string): { rows: Record<string, string>[]; lines: number[] } {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    const options = { info: true, bom: true, relax_column_count: true, skip_empty_lines: true, trim: true };
    records = parse(text, options) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InvalidFileError(file, [{ field: `line ${Number(error["lines"])}`, reason: error.message }], error);
  }
  const [header, ...rest] = records;
  const needs = CLAIM_COLUMNS.join(",");
  if (header?.record.join(",") !== needs) {
    throw new InvalidFileError(file, [{ field: "line 1", reason: `needs the header ${needs}` }]);
  }
  const uneven = rest.filter(({ record }) => record.length !== CLAIM_COLUMNS.length);
  if (uneven.length > 0) {
    const faults = uneven.map(({ record, info: { lines } }) => ({
      field: `line ${lines}`,
      reason: `has ${countOf(record.length, "field")}, needs ${CLAIM_COLUMNS.length}: ${needs}`,
    }));
    throw new InvalidFileError(file, faults);
  }
  return {
    rows: rest.map(({ record }) => Object.fromEntries(CLAIM_COLUMNS.map((column, i) => [column, record[i]!]))),
    lines: rest.map(({ info }) => info.lines),
  };
}
