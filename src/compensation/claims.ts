import { MAX_AMOUNT } from "../orders/types.ts";
import path from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import type { Address } from "viem";
import { z } from "../base/zod.ts";
import { addressField, checked, InvalidFileError, jsonIn } from "../base/json.ts";
import { countOf } from "../base/words.ts";
import { baseUnitsOf, type Denomination } from "../orders/amount.ts";
import { OrderFieldError } from "../orders/errors.ts";

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

/** What a claims file calls what somebody lost: in base units, or in units of the asset, such as "1250.5". */
const LOSS_COLUMNS = ["loss", "amount"] as const;
type LossColumn = (typeof LOSS_COLUMNS)[number];

/** The columns of a claims file in CSV, and the fields of one in JSON. */
const columnsWith = (loss: LossColumn) => ["id", "account", "class", loss];

const ZERO = /^0x0{40}$/;

/** Base units: a positive decimal string that fits into a hold. */
export const unitsField = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,28})$/, {
    error: ({ input }) =>
      /^\d+[.,]\d+$/.test(String(input))
        ? "needs base units, and this looks like units: call the column amount for those"
        : "needs base units as a decimal string",
  })
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

/** An amount in units of the asset. */
const amountField = (of: Denomination | undefined) =>
  z
    .string()
    .transform((text, context) => {
      try {
        if (of !== undefined) return baseUnitsOf("amount", text, of);
        context.addIssue({ code: "custom", message: "needs the asset's decimals: name losses in base units, as loss" });
      } catch (error) {
        if (!(error instanceof OrderFieldError)) throw error;
        context.addIssue({ code: "custom", message: error.metaMessages.at(-1)!.replace("needs:", "needs") });
      }
      return z.NEVER;
    })
    .pipe(z.bigint().positive("needs an amount above zero").max(MAX_AMOUNT, "needs less than 2^96 base units"));

const claimSchema = {
  loss: () => z.strictObject(claimFields),
  amount: (of?: Denomination) => {
    const { loss: _, ...fields } = claimFields;
    const claim = z.strictObject({ ...fields, amount: amountField(of) });
    return claim.transform(({ amount, ...others }) => ({ ...others, loss: amount }));
  },
};

const claimsSchema = (column: LossColumn, of: Denomination | undefined): z.ZodType<Claim[]> =>
  z.array<z.ZodType<Claim>>(claimSchema[column](of)).superRefine((claims, context) => {
    if (claims.length === 0) context.addIssue({ code: "custom", message: "needs at least one claim" });
    refuseTwice(claims, (i, message) => context.addIssue({ code: "custom", path: [i, "id"], message }));
  });

/**
 * Reads admitted claims from the text of a CSV file (columns id,account,class, and loss or amount) or, where `file` ends in .json,
 * of a JSON file (a list of objects with these fields). A `loss` is a decimal string of base units, an `amount` one of units of
 * the asset, which `of` tells.
 * @throws InvalidFileError with every fault, by line or field.
 */
export function parseClaims(text: string, file: string, of?: Denomination): Claim[] {
  if (path.extname(file).toLowerCase() === ".json") {
    const json = jsonIn(text, file);
    const inUnits = Array.isArray(json) && json.some((claim: unknown) => claim instanceof Object && "amount" in claim);
    return checked(claimsSchema(inUnits ? "amount" : "loss", of), json, file);
  }
  const { rows, lines, column } = readRows(text, file);
  const result = claimsSchema(column, of).safeParse(rows);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path: [row, column], message }) => ({
    field: row === undefined ? "" : [`line ${lines[row as number]}`, column].filter(Boolean).join(", "),
    reason: message,
  }));
  throw new InvalidFileError(file, faults, result.error);
}

function readRows(text: string, file: string) {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    const options = { info: true, bom: true, relax_column_count: true, skip_empty_lines: true, trim: true };
    records = parse(text, options) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InvalidFileError(file, [{ field: `line ${Number(error["lines"])}`, reason: error.message }], error);
  }
  const [header, ...rest] = records;
  const column = LOSS_COLUMNS.find((loss) => header?.record.join(",") === columnsWith(loss).join(","));
  if (column === undefined) {
    const needs = LOSS_COLUMNS.map((loss) => columnsWith(loss).join(",")).join(" (base units) or ");
    throw new InvalidFileError(file, [{ field: "line 1", reason: `needs the header ${needs} (units such as 1250.5)` }]);
  }
  const columns = columnsWith(column);
  const uneven = rest.filter(({ record }) => record.length !== columns.length);
  if (uneven.length > 0) {
    const faults = uneven.map(({ record, info: { lines } }) => ({
      field: `line ${lines}`,
      reason: `has ${countOf(record.length, "field")}, needs ${columns.length}: ${columns.join(",")}`,
    }));
    throw new InvalidFileError(file, faults);
  }
  return {
    rows: rest.map(({ record }) => Object.fromEntries(columns.map((name, i) => [name, record[i]!]))),
    lines: rest.map(({ info }) => info.lines),
    column,
  };
}
