import type { Traced } from "./traceOperation.ts";
import { writeEvidence } from "../tracing/evidence/write.ts";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { formatUnits } from "viem";
import { accessed, makeFolder } from "../base/files.ts";
import { csvText } from "../base/csv.ts";
import { orderFileName, serializeOrderFile } from "../orders/files.ts";
import type { Domain } from "../orders/index.ts";
import type { ExecutedOrder } from "./play/stage.ts";
import type { AssetStatement, Statement } from "./statement/statement.ts";
import { SUM_NAMES } from "../audit/sums.ts";
import { ORDER_COLUMNS } from "./check/orders.ts";

/** The canonical text of a statement: one line of JSON, as the evidence is hashed and compared. */
export const statementText = (statement: Statement): string => `${JSON.stringify(statement)}\n`;

/**
 * Writes `statement.json` (base units: the evidence), and as renderings of it in decimal units `statement.csv` (one line
 * per asset) and `cases.csv` (one per case and asset). The folder is made if it is missing.
 * @throws FileAccessError
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
          it.case,
          it.vault ?? "",
          it.closed,
          it.targets,
          it.arrested,
          it.lapsed,
          row.asset,
          row.symbol,
          ...sums(row),
        ]),
      ),
    ]),
  });
}

/**
 * Writes `orders.csv`, every order with its officers, the bundle in which they signed it, and its sentence; and each to
 * `orders/CASE.ACT.order.json`, by which whoever has it goes on with it. Throws FileAccessError.
 */
export function writeOrders(dir: string, orders: readonly ExecutedOrder[], domain: Domain): void {
  write(dir, {
    "orders.csv": csvText([
      ORDER_COLUMNS,
      ...orders.map(({ act, case: caseId, digest, bundle, ruling, approvedBy, transaction, sentence }) => [
        act,
        caseId,
        digest,
        bundle?.digest ?? "",
        ruling.file,
        ruling.sha256,
        approvedBy.join(" "),
        transaction,
        sentence,
      ]),
    ]),
  });
  const files = new Map<string, string>();
  for (const { case: caseId, order, documentSalt, ruling } of orders) {
    const name = orderFileName(order.primaryType, caseId || undefined);
    const numbered = (n: number) => (n === 1 ? name : name.replace(/\.order\.json$/, `.${n}$&`));
    let n = 1;
    while (files.has(numbered(n))) n++;
    // The withdrawal of an approval rests on no paper.
    const rests = "document" in order.message && {
      documentSalt,
      ruling: { ...ruling, file: path.basename(ruling.file) },
    };
    files.set(numbered(n), serializeOrderFile({ domain, order, ...rests }, numbered(n)));
  }
  write(path.join(dir, "orders"), Object.fromEntries(files));
}

function write(dir: string, files: Record<string, string>): void {
  makeFolder(dir);
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(dir, name);
    accessed(file, () => writeFileSync(file, text), "a file that can be written");
  }
}

/**
 * Writes the evidence of each asset to `trace/SYMBOL`.
 * @param place where the folder will lie, if it is moved when all is written.
 * @throws FolderNotEmptyError, FileAccessError
 */
export async function writeTraces(dir: string, { evidence }: Traced, version: string, place = dir): Promise<void> {
  for (const [symbol, input] of evidence) {
    const at = (folder: string) => path.join(folder, "trace", symbol);
    await writeEvidence(at(dir), { ...input, version }, at(place));
  }
}
