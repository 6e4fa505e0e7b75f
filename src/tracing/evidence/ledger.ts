import { createHash, type Hash } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { csvText } from "../../base/csv.ts";
import type { Method } from "../methods.ts";
import type { Move, Standing } from "../engine/plain.ts";
import type { Transfers } from "../transfers/transfers.ts";
import { isoOf } from "../../base/time.ts";

/** Columns of `ledger/<account>.csv` before those of the methods; amounts in base units, `balance` after the transfer. */
export const LEDGER_COLUMNS = [
  "block_number",
  "log_index",
  "time",
  "transaction_hash",
  "direction",
  "counterparty",
  "amount",
  "balance",
] as const;

/** Columns of one method: taint that moved with the transfer, the account's taint after it, and why. */
export const methodColumns = (method: Method): string[] => [`${method}_moved`, `${method}_taint`, `${method}_rule`];

export interface LedgerInput {
  readonly transfers: Transfers;
  readonly methods: readonly Method[];
  /** Accounts that have a ledger with all of their transfers. */
  readonly accounts: ReadonlySet<number>;
  /** Stops: their ledgers have only the transfers that brought taint, or that are seeds. */
  readonly stops: ReadonlySet<number>;
  /** Balances before the first transfer. */
  readonly openings: ReadonlyMap<number, bigint>;
}

export const ledgerFile = (address: string): string => `ledger/${address}.csv`;

/** Characters that are gathered before some are written. */
const MOST_GATHERED = 1 << 27;

/** Writes the ledgers of many accounts side by side, from what a plain pass tells. */
export class Ledgers {
  readonly #dir: string;
  readonly #input: LedgerInput;
  readonly #mostGathered: number;
  readonly #texts = new Map<number, string>();
  /** Of what is written of each ledger. */
  readonly #hashes = new Map<number, Hash>();
  #gathered = 0;
  /** What the methods say of the row that is being told. */
  #moves: Move[] = [];

  constructor(dir: string, input: LedgerInput, mostGathered = MOST_GATHERED) {
    this.#dir = dir;
    this.#input = input;
    this.#mostGathered = mostGathered;
    mkdirSync(path.join(dir, "ledger"));
  }

  /** What one method makes of a transfer; methods come one after the other. */
  add(move: Move): void {
    this.#moves.push(move);
    if (this.#moves.length < this.#input.methods.length) return;
    const moves = this.#moves;
    this.#moves = [];
    const { from, to } = this.#input.transfers;
    const [sender, receiver] = [from[move.row]!, to[move.row]!];
    if (sender === receiver) this.#line(sender, receiver, "self", moves);
    else {
      this.#line(sender, receiver, "out", moves);
      this.#line(receiver, sender, "in", moves);
    }
  }

  /** Writes what is still gathered; answers the SHA-256 of each ledger by its name. */
  close(): Map<string, string> {
    this.#write(0);
    return new Map([...this.#hashes].map(([account, hash]) => [this.#fileOf(account), hash.digest("hex")]));
  }

  #line(account: number, other: number, direction: "in" | "out" | "self", moves: readonly Move[]): void {
    const { transfers, accounts, stops } = this.#input;
    const isStop = stops.has(account);
    if (!isStop && !accounts.has(account)) return;
    const matters = ({ sent, arrived, rule }: Move) => sent > 0n || arrived > 0n || rule === "seed";
    if (isStop && !moves.some(matters)) return;
    const { row, value } = moves[0]!;
    const time = transfers.time(row);
    this.#add(account, [
      transfers.block[row]!,
      transfers.logIndex[row]!,
      time === null ? "" : isoOf(time),
      transfers.hash(row) ?? "",
      direction,
      transfers.accounts.address(other),
      String(value),
      String(standingOf(account, moves[0]!).balance),
      ...moves.flatMap((move) => this.#cells(account, direction, move)),
    ]);
  }

  #cells(account: number, direction: string, move: Move): string[] {
    const moved = direction === "in" ? move.arrived : move.sent;
    const rule = direction === "in" && move.end === "stop" ? "sink" : move.rule;
    return [String(moved), String(standingOf(account, move).taint), rule];
  }

  #add(account: number, cells: readonly (string | number)[]): void {
    const isNew = !this.#hashes.has(account);
    if (isNew) this.#hashes.set(account, createHash("sha256"));
    const more = (isNew ? this.#headOf(account) : "") + csvText([cells]);
    this.#texts.set(account, (this.#texts.get(account) ?? "") + more);
    this.#gathered += more.length;
    if (this.#gathered > this.#mostGathered) this.#write(this.#mostGathered / 2);
  }

  #headOf(account: number): string {
    const { methods, openings } = this.#input;
    const opening = openings.get(account) ?? 0n;
    const head = [...LEDGER_COLUMNS, ...methods.flatMap(methodColumns)];
    if (opening === 0n) return csvText([head]);
    const cells = ["", "", "", "", "opening", "", String(opening), String(opening)];
    return csvText([head, [...cells, ...methods.flatMap(() => ["0", "0", "opening"])]]);
  }

  /** Writes the longest texts until so many characters are left: few accounts have most of them, and files are slow. */
  #write(most: number): void {
    const longest = [...this.#texts].sort(([, a], [, b]) => b.length - a.length);
    for (const [account, text] of longest) {
      if (this.#gathered <= most) break;
      appendFileSync(path.join(this.#dir, this.#fileOf(account)), text);
      this.#hashes.get(account)!.update(text);
      this.#texts.delete(account);
      this.#gathered -= text.length;
    }
  }

  #fileOf(account: number): string {
    return ledgerFile(this.#input.transfers.accounts.address(account));
  }
}

/** The account after the transfer. A self-transfer has it on both sides. */
function standingOf(account: number, { sender, receiver, row }: Move): Standing {
  const standing = sender?.account === account ? sender : receiver;
  if (standing?.account !== account) throw new RangeError(`account ${account} has no part in row ${row}`);
  return standing;
}
