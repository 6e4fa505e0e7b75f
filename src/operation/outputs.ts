import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { formatUnits } from "viem";
import { EXIT, SequesterError } from "../errors.ts";
import { csvText } from "./csv.ts";
import type { ExecutedOrder } from "./stage.ts";
import type { AssetStatement, Statement } from "./statement.ts";
import { SUM_NAMES } from "./sums.ts";

/** A file of the results cannot be written: which, and why. */
export class OutputError extends SequesterError {
  override name = "OutputError";
  constructor(dir: string, cause: unknown) {
    super(`The results cannot be written to ${dir}.`, {
      code: EXIT.usage,
      metaMessages: [(cause as Error).message],
      cause,
    });
  }
}

/** Makes the folder of the results, so that a run does not end with the news that it cannot be. Throws OutputError. */
export function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw new OutputError(dir, error);
  }
}

/** The canonical text of a statement: one line of JSON, as the evidence is hashed and compared. */
export const statementText = (statement: Statement): string => `${JSON.stringify(statement)}\n`;

/**
 * Writes `statement.json` (base units: the evidence), and as renderings of it in decimal units `statement.csv` (one line
 * per asset) and `cases.csv` (one per case and asset). The folder is made if it is missing.
 * @throws OutputError
 */
export function writeStatement(dir: string, statement: Statement): void {
  const sums = (row: AssetStatement) => SUM_NAMES.map((name) => formatUnits(BigInt(row[name]), row.decimals));
  write(dir, {
    "statement.json": statementText(statement),
    "statement.csv": csvText([
      ["asset", "symbol", ...SUM_NAMES],
      ...statement.assets.map((row) => [row.asset, row.symbol, ...sums(row)]),
    ]),
    "cases.csv": csvText([
      ["case", "vault", "closed", "targets", "arrested", "lapsed", "asset", "symbol", ...SUM_NAMES],
      ...statement.byCase.flatMap((it) =>
        it.assets.map((row) => [
          ...[it.case, it.vault ?? "", it.closed, it.targets, it.arrested, it.lapsed],
          ...[row.asset, row.symbol, ...sums(row)],
        ]),
      ),
    ]),
  });
}

/** Writes `orders.csv`: every order with its officers, the bundle in which they signed it, and its sentence. Throws OutputError. */
export function writeOrders(dir: string, orders: readonly ExecutedOrder[]): void {
  write(dir, {
    "orders.csv": csvText([
      ["act", "case", "digest", "bundle", "ruling", "sha256", "approvedBy", "transaction", "sentence"],
      ...orders.map(({ act, case: caseId, digest, bundle, ruling, approvedBy, transaction, sentence }) => [
        ...[
          act,
          caseId,
          digest,
          bundle?.digest ?? "",
          ruling.file,
          ruling.sha256,
          approvedBy.join(" "),
          transaction,
          sentence,
        ],
      ]),
    ]),
  });
}

function write(dir: string, files: Record<string, string>): void {
  makeFolder(dir);
  try {
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(dir, file), text);
  } catch (error) {
    throw new OutputError(dir, error);
  }
}
