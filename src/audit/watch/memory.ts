import { randomUUID } from "node:crypto";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Hex } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { isoOf } from "../../base/time.ts";
import type { Alert, AlertKind } from "./alerts.ts";

/** The file is no state of this watch, or cannot be used now. Exit code 64. */
export class WatchStateError extends SequesterError {
  override name = "WatchStateError";
  constructor(file: string, has: string, needs: string, cause?: unknown) {
    super(`${file} cannot be the state of this watch.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
      cause,
    });
  }
}

/** A block that was looked at. */
export interface Seen {
  readonly number: bigint;
  readonly hash: Hex;
}

/** The same with its second, Unix time. */
export interface Block extends Seen {
  readonly timestamp: bigint;
}

/** What is watched: the deployment by its chain, its docket, and the head of the journal after the charter. */
export interface Watched {
  readonly chainId: number;
  readonly docket: string;
  readonly charter: Hex;
}

export const WATCH_SCHEMA = "sequester.audit.watch/1";

/** What people and webhooks get. */
export interface Message {
  readonly schema: typeof WATCH_SCHEMA;
  /** 1, 2, 3, ... in this state. */
  readonly number: number;
  /** Of this message alone: who gets it twice knows it by this. */
  readonly id: string;
  /** `withdrawn`: the block in which it was told is not of the chain any more, and nothing there tells it again. */
  readonly said: "told" | "withdrawn";
  readonly alert: Alert;
  readonly block: { readonly number: string; readonly hash: Hex; readonly time: string };
}

/** Where messages go. */
export type Sink = "printed" | "posted";

/** Blocks that are remembered, besides those in which something was told. */
const REMEMBERED = 256;

const TABLES = `
CREATE TABLE watch (schema TEXT NOT NULL, chain INTEGER NOT NULL, docket TEXT NOT NULL, charter TEXT NOT NULL) STRICT;
CREATE TABLE blocks (number INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;
-- Alerts that stand. over: the block in which one ceased to; doubtful: it was told in a block that is not of the chain any more.
CREATE TABLE alerts (id TEXT NOT NULL, kind TEXT NOT NULL, alert TEXT NOT NULL, block INTEGER NOT NULL, hash TEXT NOT NULL,
  time TEXT NOT NULL, over INTEGER, doubtful INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX alertsById ON alerts (id);
CREATE TABLE messages (number INTEGER PRIMARY KEY, message TEXT NOT NULL, printed INTEGER NOT NULL, posted INTEGER NOT NULL) STRICT;
`;

/** What was looked at, what was told of it, and to whom: in a file that outlives the process, or in none. */
export class Memory {
  readonly #file: string;
  readonly #db: DatabaseSync;
  readonly #posts: boolean;

  /**
   * Without a file nothing outlives the process. `posts`: messages from now on are kept until they are posted, too.
   * @throws WatchStateError
   */
  constructor(file: string | undefined, watched: Watched, { posts = false }: { posts?: boolean } = {}) {
    this.#file = file ?? "The memory";
    this.#posts = posts;
    this.#db = this.#guarded(() => new DatabaseSync(file ?? ":memory:"));
    try {
      this.#guarded(() => this.#begin(watched));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #begin({ chainId, docket, charter }: Watched): void {
    // Two programs that write here would tell everything twice.
    this.#db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    const [fault] = this.#all<{ quick_check: string }>("PRAGMA quick_check(1)");
    if (fault?.quick_check !== "ok") throw this.#error(`a damaged file: ${fault?.quick_check}`);
    const tables = this.#all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
    if (tables.length === 0) {
      this.#db.exec(TABLES);
      this.#run("INSERT INTO watch VALUES (?, ?, ?, ?)", WATCH_SCHEMA, chainId, docket, charter);
    } else if (!tables.some(({ name }) => name === "watch")) throw this.#error("the tables of something else");
    const [found] = this.#all<Record<string, unknown>>("SELECT * FROM watch");
    const wordsOf = (schema: unknown, chain: unknown, docket: unknown, charter: unknown) =>
      `${String(schema)} of chain ${String(chain)}, docket ${String(docket)}, charter entry ${String(charter)}`;
    const [has, needs] = [
      wordsOf(found?.schema, found?.chain, found?.docket, found?.charter),
      wordsOf(WATCH_SCHEMA, chainId, docket, charter),
    ];
    if (has !== needs) throw this.#error(has, needs);
    this.#db.exec("COMMIT");
  }

  /** Blocks that were looked at, the newest first. */
  blocks(): Seen[] {
    return this.#all<{ number: number; hash: Hex }>("SELECT number, hash FROM blocks ORDER BY number DESC").map(
      ({ number, hash }) => ({ number: BigInt(number), hash }),
    );
  }

  /** The chain has other blocks after this one: what was told in those that were here is in doubt. */
  reorganized(last: bigint): void {
    const number = Number(last);
    this.#together(() => {
      this.#run("DELETE FROM blocks WHERE number > ?", number);
      this.#run("UPDATE alerts SET over = NULL WHERE over > ?", number);
      this.#run("UPDATE alerts SET doubtful = 1 WHERE block > ? AND over IS NULL", number);
    });
  }

  /**
   * What stands at a block, of the kinds that were looked for: what is new is told, what stood and does not any more is over.
   * `isSeen`: the block need not be looked at again.
   */
  record(
    { number, hash, timestamp }: Block,
    alerts: readonly Alert[],
    lookedFor: ReadonlySet<AlertKind>,
    isSeen = true,
  ): void {
    const at = [Number(number), hash, isoOf(timestamp)] as const;
    this.#together(() => {
      for (const alert of alerts) {
        const [known] = this.#all<{ rowid: number; doubtful: number }>(
          "SELECT rowid, doubtful FROM alerts WHERE id = ? AND over IS NULL ORDER BY doubtful LIMIT 1",
          alert.id,
        );
        if (known === undefined) {
          const text = JSON.stringify(alert);
          const insert = "INSERT INTO alerts (id, kind, alert, block, hash, time) VALUES (?, ?, ?, ?, ?, ?)";
          this.#run(insert, alert.id, alert.kind, text, ...at);
          this.#say("told", text, ...at);
        } else if (known.doubtful) {
          this.#run(
            "UPDATE alerts SET doubtful = 0, block = ?, hash = ?, time = ? WHERE rowid = ?",
            ...at,
            known.rowid,
          );
        }
      }
      const stand = new Set(alerts.map(({ id }) => id));
      for (const { rowid, id, kind } of this.#all<{ rowid: number; id: string; kind: AlertKind }>(
        "SELECT rowid, id, kind FROM alerts WHERE over IS NULL AND NOT doubtful",
      )) {
        if (lookedFor.has(kind) && !stand.has(id))
          this.#run("UPDATE alerts SET over = ? WHERE rowid = ?", at[0], rowid);
      }
      if (!isSeen) return;
      this.#run("INSERT INTO blocks VALUES (?, ?)", at[0], hash);
      this.#run(
        `DELETE FROM blocks WHERE number <= ? AND number NOT IN
          (SELECT block FROM alerts UNION SELECT over FROM alerts WHERE over IS NOT NULL)`,
        at[0] - REMEMBERED,
      );
    });
  }

  /** What is still in doubt now that the chain was followed to its end was told of nothing. */
  withdraw(): void {
    this.#together(() => {
      for (const { rowid, id, alert, block, hash, time } of this.#all<{
        rowid: number;
        id: string;
        alert: string;
        block: number;
        hash: Hex;
        time: string;
      }>("SELECT rowid, * FROM alerts WHERE doubtful ORDER BY rowid")) {
        const stands = this.#all("SELECT 1 FROM alerts WHERE id = ? AND over IS NULL AND NOT doubtful", id).length > 0;
        if (!stands) this.#say("withdrawn", alert, block, hash, time);
        this.#run("DELETE FROM alerts WHERE rowid = ?", rowid);
      }
    });
  }

  /** Alerts of these kinds that stand, in the order in which they were told. */
  standing(kinds: ReadonlySet<AlertKind>): Alert[] {
    return this.#all<{ alert: string }>("SELECT alert FROM alerts WHERE over IS NULL AND NOT doubtful ORDER BY rowid")
      .map(({ alert }) => JSON.parse(alert) as Alert)
      .filter(({ kind }) => kinds.has(kind));
  }

  /** Messages that a sink did not get yet, in their order. */
  waiting(sink: Sink): Message[] {
    return this.#all<{ message: string }>(`SELECT message FROM messages WHERE NOT ${sink} ORDER BY number`).map(
      ({ message }) => JSON.parse(message) as Message,
    );
  }

  /** A sink got the message. */
  done(sink: Sink, { number }: Message): void {
    this.#run(`UPDATE messages SET ${sink} = 1 WHERE number = ?`, number);
  }

  close(): void {
    this.#db.close();
  }

  #say(said: Message["said"], alert: string, block: number, hash: Hex, time: string): void {
    const [last] = this.#all<{ number: number }>("SELECT coalesce(max(number), 0) AS number FROM messages");
    const message: Message = {
      schema: WATCH_SCHEMA,
      number: last!.number + 1,
      id: randomUUID(),
      said,
      alert: JSON.parse(alert) as Alert,
      block: { number: String(block), hash, time },
    };
    const text = JSON.stringify(message);
    this.#run("INSERT INTO messages VALUES (?, ?, 0, ?)", message.number, text, this.#posts ? 0 : 1);
  }

  /** All of it or nothing, whenever the process ends. */
  #together(change: () => void): void {
    this.#guarded(() => {
      this.#db.exec("BEGIN");
      try {
        change();
        this.#db.exec("COMMIT");
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
        throw error;
      }
    });
  }

  #all<Row = unknown>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#guarded(() => this.#db.prepare(sql).all(...values) as Row[]);
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#guarded(() => this.#db.prepare(sql).run(...values));
  }

  #guarded<T>(use: () => T): T {
    try {
      return use();
    } catch (cause) {
      if (cause instanceof Error && "errcode" in cause)
        throw this.#error(FAULTS[Number(cause.errcode) & 0xff] ?? cause.message, undefined, cause);
      throw cause;
    }
  }

  #error(has: string, needs = "a file that audit watch has written, or a name that is not taken", cause?: unknown) {
    return new WatchStateError(this.#file, has, needs, cause);
  }
}

/** What SQLite's primary result codes mean to who named the file. */
const FAULTS: Readonly<Record<number, string>> = {
  5: "a file that another watch uses",
  6: "a file that another watch uses",
  8: "a file that cannot be written",
  11: "a damaged file",
  13: "a disk without space",
  14: "no place for a file, or one that this user may not use",
  26: "a file of another kind",
};
