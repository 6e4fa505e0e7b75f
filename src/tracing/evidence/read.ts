import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { parseJson } from "../../base/json.ts";
import { accessed } from "../../base/files.ts";
import type { Method } from "../methods.ts";
import { sha256Of } from "./canonical.ts";
import { ledgerFile } from "./ledger.ts";
import { MANIFEST_FILE, manifestSchema, manifestText, type Manifest } from "./manifest.ts";

/** A file of the evidence is not the one that its manifest knows. Exit code 3. */
export class EvidenceAlteredError extends SequesterError {
  override name = "EvidenceAlteredError";
  constructor(dir: string, file: string, has: string, needs: string) {
    super(`${file} in ${dir} is not the evidence that was written.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** The trace did not use the method. Exit code 64. */
export class MethodNotTracedError extends SequesterError {
  override name = "MethodNotTracedError";
  constructor(method: string, traced: readonly string[]) {
    super(`The evidence says nothing by the method ${method}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${traced.join(", ")}`, "needs: one of these, or a trace by that method"],
    });
  }
}

/** An account's part of the result: base units. */
export interface Holding {
  readonly account: string;
  readonly balance: bigint;
  readonly taints: ReadonlyMap<Method, bigint>;
}

export interface Sink {
  readonly account: string;
  readonly label: string;
  readonly taints: ReadonlyMap<Method, bigint>;
}

/** A line of a ledger as one method has it. Amounts are base units; block and log index are null in an opening. */
export interface LedgerLine {
  readonly block: number | null;
  readonly logIndex: number | null;
  readonly time: string;
  readonly transaction: string;
  readonly direction: "in" | "out" | "self" | "opening";
  readonly counterparty: string;
  readonly amount: bigint;
  readonly balance: bigint;
  readonly moved: bigint;
  readonly taint: bigint;
  readonly rule: string;
}

type CsvRow = Record<string, string>;

/** Evidence in its folder. Whatever is read of it is held against the manifest's hashes. */
export class Evidence {
  readonly dir: string;
  readonly manifest: Manifest;
  /** SHA-256 of the manifest. */
  readonly hash: string;

  /** @throws FileAccessError, InvalidFileError, EvidenceAlteredError */
  constructor(dir: string) {
    this.dir = dir;
    const text = this.#text(MANIFEST_FILE);
    this.manifest = parseJson(text, path.join(dir, MANIFEST_FILE), manifestSchema);
    this.hash = sha256Of(text);
    if (text !== manifestText(this.manifest)) {
      throw new EvidenceAlteredError(dir, MANIFEST_FILE, "JSON in another form", "canonical JSON (RFC 8785)");
    }
  }

  /** @throws MethodNotTracedError */
  needMethod(method: Method): void {
    if (!this.manifest.methods.includes(method)) throw new MethodNotTracedError(method, this.manifest.methods);
  }

  /** Who holds taint, in order of the account. @throws FileAccessError, EvidenceAlteredError */
  holdings(): Holding[] {
    return this.#rows("result.csv").map((row) => ({
      account: row.account!,
      balance: BigInt(row.balance!),
      taints: this.#taints(row),
    }));
  }

  /** What services took, in order of the account. @throws FileAccessError, EvidenceAlteredError */
  sinks(): Sink[] {
    const labels = new Map(this.manifest.stops.map(({ address, label }) => [address, label]));
    return this.#rows("sinks.csv").map((row) => ({
      account: row.account!,
      label: labels.get(row.account!) ?? "",
      taints: this.#taints(row),
    }));
  }

  hasLedger(account: string): boolean {
    return ledgerFile(account) in this.manifest.files;
  }

  /** An account's ledger by one method. @throws MethodNotTracedError, FileAccessError, EvidenceAlteredError */
  ledger(account: string, method: Method): LedgerLine[] {
    this.needMethod(method);
    const number = (text: string) => (text === "" ? null : Number(text));
    return this.#rows(ledgerFile(account)).map((row) => ({
      block: number(row.block_number!),
      logIndex: number(row.log_index!),
      time: row.time!,
      transaction: row.transaction_hash!,
      direction: row.direction as LedgerLine["direction"],
      counterparty: row.counterparty!,
      amount: BigInt(row.amount!),
      balance: BigInt(row.balance!),
      moved: BigInt(row[`${method}_moved`]!),
      taint: BigInt(row[`${method}_taint`]!),
      rule: row[`${method}_rule`]!,
    }));
  }

  #taints(row: CsvRow): Map<Method, bigint> {
    return new Map(this.manifest.methods.map((method) => [method, BigInt(row[method]!)]));
  }

  #rows(file: string): CsvRow[] {
    const text = this.#text(file);
    const [has, needs] = [sha256Of(text), this.manifest.files[file]];
    if (has !== needs)
      throw new EvidenceAlteredError(this.dir, file, `SHA-256 ${has}`, `SHA-256 ${needs ?? "of a file"}`);
    return parse(text, { columns: true });
  }

  #text(file: string): string {
    const place = path.join(this.dir, file);
    return accessed(place, () => readFileSync(place, "utf8"), "a folder that `trace run` wrote");
  }
}
