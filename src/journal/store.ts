import { DatabaseSync } from "node:sqlite";
import type { Address, Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { reasonOf } from "../base/files.ts";
import type { Entry } from "./entries.ts";

/** The file is no index of this journal. Exit code 64. */
export class IndexRefusedError extends SequesterError {
  override name = "IndexRefusedError";
  constructor(file: string, has: string, needs: string, cause?: unknown) {
    super(`${file} is no index of this journal.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
      cause,
    });
  }
}

const SCHEMA = `
  CREATE TABLE journal (name TEXT NOT NULL) STRICT;
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY, act INTEGER NOT NULL, caseId BLOB NOT NULL, digest BLOB NOT NULL, document BLOB NOT NULL,
    officerIds BLOB NOT NULL, effects BLOB NOT NULL, head BLOB NOT NULL, timestamp INTEGER NOT NULL,
    blockNumber INTEGER NOT NULL, transactionHash BLOB NOT NULL
  ) STRICT;
`;

interface Row {
  readonly seq: number;
  readonly act: number;
  readonly caseId: Uint8Array;
  readonly digest: Uint8Array;
  readonly document: Uint8Array;
  readonly officerIds: Uint8Array;
  readonly effects: Uint8Array;
  readonly head: Uint8Array;
  readonly timestamp: number;
  readonly blockNumber: number;
  readonly transactionHash: Uint8Array;
}

/** Entries of one journal in a file of SQLite, so that a later run asks a node only for what came since. It proves nothing: its entries are verified as a node's are. */
export class JournalIndex {
  readonly #file: string;
  readonly #database: DatabaseSync;

  /** Opens the index of a docket's journal, or begins it. @throws IndexRefusedError */
  constructor(file: string, { chainId, docket }: { chainId: number; docket: Address }) {
    const needs = `chain ${chainId}, docket ${docket}`;
    this.#file = file;
    this.#database = this.#guarded(() => new DatabaseSync(file, { timeout: 5_000 }));
    const has = this.#guarded(() => this.#begin(needs));
    if (has === needs) return;
    this.close();
    throw new IndexRefusedError(file, has, needs);
  }

  /** What the file is of; a new one is from now on of what it should be. */
  #begin(needs: string): string {
    const tables = this.#database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    if (tables.length === 0) {
      this.#database.exec(SCHEMA);
      this.#database.prepare("INSERT INTO journal VALUES (?)").run(needs);
    } else if (!tables.some(({ name }) => name === "journal")) return "a database of something else";
    return String(this.#database.prepare("SELECT name FROM journal").get()?.["name"]);
  }

  /** The newest entry up to a number, if there is one. */
  last(seq: bigint): Pick<Entry, "seq" | "head" | "blockNumber"> | undefined {
    const query = "SELECT seq, head, blockNumber FROM entries WHERE seq <= ? ORDER BY seq DESC LIMIT 1";
    const row = this.#guarded(() => this.#database.prepare(query).get(seq)) as unknown as Row | undefined;
    return row && { seq: BigInt(row.seq), head: hexOf(row.head), blockNumber: BigInt(row.blockNumber) };
  }

  /** The entries up to a number, one at a time. */
  *entries(seq: bigint): Generator<Entry> {
    const query = "SELECT * FROM entries WHERE seq <= ? ORDER BY seq";
    const rows = this.#guarded(() => this.#database.prepare(query).iterate(seq));
    for (;;) {
      const { done, value } = this.#guarded(() => rows.next());
      if (done) return;
      const row = value as unknown as Row;
      const ids = hexOf(row.officerIds).slice(2);
      yield {
        seq: BigInt(row.seq),
        act: row.act,
        caseId: hexOf(row.caseId),
        order: hexOf(row.digest),
        document: hexOf(row.document),
        officerIds: Array.from({ length: ids.length / 64 }, (_, i): Hex => `0x${ids.slice(64 * i, 64 * (i + 1))}`),
        effects: hexOf(row.effects),
        head: hexOf(row.head),
        timestamp: BigInt(row.timestamp),
        blockNumber: BigInt(row.blockNumber),
        transactionHash: hexOf(row.transactionHash),
      };
    }
  }

  /** Adds entries, all of them or none; another program may have done so meanwhile. */
  append(entries: Iterable<Entry>): void {
    this.#guarded(() => this.#append(entries));
  }

  #append(entries: Iterable<Entry>): void {
    const insert = this.#database.prepare("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const { seq, act, caseId, order, document, officerIds, effects, head, ...rest } of entries) {
        const ids = `0x${officerIds.map((id) => id.slice(2)).join("")}` as const;
        const { timestamp, blockNumber, transactionHash } = rest;
        insert.run(
          ...[seq, act, ...[caseId, order, document, ids, effects, head].map(bytesOf)],
          ...[timestamp, blockNumber, bytesOf(transactionHash)],
        );
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Forgets all entries. */
  clear(): void {
    this.#guarded(() => this.#database.exec("DELETE FROM entries"));
  }

  #guarded<T>(use: () => T): T {
    try {
      return use();
    } catch (cause) {
      throw new IndexRefusedError(this.#file, reasonOf(cause), "a file that it wrote, or a place for a new one", cause);
    }
  }

  close(): void {
    this.#database.close();
  }
}

const hexOf = (bytes: Uint8Array): Hex =>
  `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
const bytesOf = (hex: Hex): Uint8Array => Buffer.from(hex.slice(2), "hex");
