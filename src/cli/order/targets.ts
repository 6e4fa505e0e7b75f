import path from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { getAddress, type Address } from "viem";
import { assetOf } from "../../chain/assets.ts";
import { readText } from "../../base/files.ts";
import { checked, InvalidFileError, jsonIn } from "../../base/json.ts";
import { isoOf } from "../../base/time.ts";
import { z } from "../../base/zod.ts";
import { baseUnitsOf, MalformedAmountError } from "../../orders/amount.ts";
import { fieldError } from "../../orders/errors.ts";
import type { Target } from "../../orders/types.ts";
import { PLAN_SCHEMA } from "../../tracing/evidence/plan.ts";
import type { Desk } from "./desk.ts";

/** A trace's plan whose end has passed: the money may have moved since. */
export const DeadPlanError = fieldError("DeadPlanError");

/** A line of a targets.csv, or a target of a plan. */
export interface TargetRow extends Target {
  caseId: string;
  /** Of the case, beside the file itself. */
  ruling?: string;
}

/** What a file proposes. */
export interface Proposed {
  rows: TargetRow[];
  /** The issuer freezes whole accounts only, as a plan says. */
  wholeAccount?: boolean;
}

const NEEDED = ["account", "asset", "amount"];
/** Bytes of a file of targets at most. */
const MOST_OF_TARGETS = 64 * 2 ** 20;

const account = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/i, "needs an address: 0x and 40 hexadecimal digits")
  .transform((text) => getAddress(text.toLowerCase()));

const planFile = z.looseObject({
  schema: z.literal(PLAN_SCHEMA),
  expires: z.iso.datetime().transform((text) => Date.parse(text) / 1000),
  wholeAccount: z.boolean(),
  targets: z
    .array(
      z.looseObject({
        asset: account,
        account,
        amount: z
          .string()
          .regex(/^[1-9]\d*$/)
          .transform(BigInt),
      }),
    )
    .min(1, "has no target"),
});

/**
 * Reads targets by case: a table with amounts in the units of their assets and a point before decimals, or the plan of a
 * trace in base units. What names no case is of `caseId`.
 * @throws InvalidFileError, DeadPlanError
 */
export async function readTargets(file: string, desk: Desk, caseId: string | undefined): Promise<Proposed> {
  const text = await readText(file, MOST_OF_TARGETS);
  if (text.trimStart().startsWith("{")) return planned(file, text, desk, caseId);
  const { deployment, words } = desk;
  const rows = rowsIn(file, text, caseId === undefined ? ["case", ...NEEDED] : NEEDED).map((row, i) => {
    const at = `line ${i + 2}`;
    const asset = assetOf(deployment, row.asset!).address;
    const known = words.asset(asset);
    if (known === undefined) {
      throw new MalformedAmountError(at, row.amount, "--rpc, or a deployment's file that tells the asset's decimals");
    }
    return {
      caseId: row.case ?? caseId!,
      asset,
      account: row.account as Address,
      amount: baseUnitsOf(at, row.amount!, known),
      ...(row.ruling && { ruling: path.resolve(path.dirname(file), row.ruling) }),
    };
  });
  return { rows };
}

function planned(file: string, text: string, { deployment, now }: Desk, caseId: string | undefined): Proposed {
  const { targets, expires, wholeAccount } = checked(planFile, jsonIn(text, file), file);
  if (caseId === undefined) {
    throw new InvalidFileError(file, [{ field: "", reason: "is a plan, which names no case: needs --case" }]);
  }
  if (expires < now) {
    throw new DeadPlanError("--from", `a plan that was good until ${isoOf(expires)}`, "one of now, by trace plan");
  }
  const rows = targets.map(({ asset, account: of, amount }) => ({
    caseId,
    asset: assetOf(deployment, asset).address,
    account: of,
    amount,
  }));
  return { rows, wholeAccount };
}

function rowsIn(file: string, text: string, needed: readonly string[]): Record<string, string | undefined>[] {
  try {
    const rows = parse(text, { columns: true, bom: true, skip_empty_lines: true }) as unknown as Record<
      string,
      string
    >[];
    const missing = needed.filter((name) => rows.length > 0 && !(name in rows[0]!));
    if (missing.length === 0 && rows.length > 0) return rows;
    const reason = rows.length === 0 ? "has no target" : `needs the columns ${missing.join(", ")}`;
    throw new InvalidFileError(file, [{ field: "", reason }]);
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new InvalidFileError(file, [{ field: "", reason: `is no CSV: ${cause.message}` }], cause);
  }
}
