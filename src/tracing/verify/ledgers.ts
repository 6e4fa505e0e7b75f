import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Moved, Row, Watch } from "./replay.ts";

const FOLDER = "ledger";
/** Columns before those of the methods that are checked. */
const COMMON = 7;
/** Differences of one ledger that are told. */
const MOST_TOLD = 3;

/** Accounts that have a ledger. */
export function ledgerAccounts(dir: string): string[] {
  try {
    return readdirSync(path.join(dir, FOLDER)).map((file) => path.basename(file, ".csv"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

interface Ledger {
  readonly lines: readonly string[];
  /** Where the columns that are checked stand. */
  readonly places: readonly number[];
  /** The line that is next. */
  at: number;
  readonly differences: string[];
}

/** Holds ledgers, line by line, against a trace that is being played. */
export class LedgerCheck {
  readonly #ledgers = new Map<string, Ledger>();
  readonly #columns: readonly string[];
  readonly #stops: ReadonlySet<string>;

  constructor(dir: string, methods: readonly string[], stops: ReadonlySet<string>) {
    this.#stops = stops;
    this.#columns = [
      "block_number",
      "log_index",
      "transaction_hash",
      "direction",
      "counterparty",
      "amount",
      "balance",
      ...methods.flatMap((method) => [`${method}_moved`, `${method}_taint`]),
    ];
    for (const account of ledgerAccounts(dir)) {
      const text = readFileSync(path.join(dir, FOLDER, `${account}.csv`), "utf8");
      const lines = text.split("\n").slice(0, -1);
      const header = lines[0]?.split(",") ?? [];
      const places = this.#columns.map((column) => header.indexOf(column));
      this.#ledgers.set(account, { lines, places, at: 1, differences: [] });
    }
  }

  get count(): number {
    return this.#ledgers.size;
  }

  readonly watch: Watch = (row, balances, byMethod) => {
    const { from, to } = row;
    if (from === to) {
      this.#line(
        from,
        row,
        "self",
        to,
        balances.from,
        byMethod.map(({ from: taint }) => [0n, taint]),
      );
      return;
    }
    this.#line(
      from,
      row,
      "out",
      to,
      balances.from,
      byMethod.map(({ left, from: taint }) => [left, taint]),
      byMethod,
    );
    this.#line(
      to,
      row,
      "in",
      from,
      balances.to,
      byMethod.map(({ arrived, to: taint }) => [arrived, taint]),
      byMethod,
    );
  };

  /** What was found, with lines that nothing explains. */
  end(): string[] {
    return [...this.#ledgers].flatMap(([account, { lines, at, differences }]) => {
      const name = `${FOLDER}/${account}.csv`;
      const rest = lines.length > at ? [`lines too many: ${lines.length - at}`] : [];
      return [...differences.slice(0, MOST_TOLD), ...rest].map((difference) => `${name}: ${difference}`);
    });
  }

  #line(
    account: string,
    { block, log, tx, value }: Row,
    direction: "in" | "out" | "self",
    other: string,
    balance: bigint,
    taints: readonly (readonly [bigint, bigint])[],
    moves: readonly Moved[] = [],
  ): void {
    const ledger = this.#ledgers.get(account);
    // Of a stop only what brought taint is told.
    const matters = moves.some(({ left, arrived }) => left > 0n || arrived > 0n);
    if (ledger === undefined || (this.#stops.has(account) && !matters)) return;
    if (ledger.at === 1) this.#opening(ledger, before(direction, balance, value), account);
    const line = ledger.lines[ledger.at++];
    const needs = [block, log, tx ?? "", direction, other, value, balance, ...taints.flat()].map(String).join(",");
    const has = cellsOf(ledger, line);
    if (has !== needs) ledger.differences.push(`line ${ledger.at} has ${has}, needs ${needs}`);
  }

  /** The line before all transfers, where an account has money then. */
  #opening(ledger: Ledger, balance: bigint, account: string): void {
    const has = cellsOf(ledger, ledger.lines[1]);
    const isThere = has.startsWith(",,,opening,");
    if (isThere) ledger.at = 2;
    // The first line of a stop is not its first transfer: what it had before is not known from it.
    if (this.#stops.has(account) || (!isThere && balance === 0n)) return;
    const zeros = this.#columns.slice(COMMON).map(() => "0");
    const needs = ["", "", "", "opening", "", balance, balance, ...zeros].map(String).join(",");
    if (has !== needs) ledger.differences.push(`line 2 has ${has}, needs ${needs}`);
  }
}

/** What an account had before a transfer that left it with `balance`. */
function before(direction: "in" | "out" | "self", balance: bigint, value: bigint): bigint {
  if (direction === "self") return balance;
  return direction === "in" ? balance - value : balance + value;
}

function cellsOf({ places }: Ledger, line: string | undefined): string {
  if (line === undefined) return "nothing";
  const cells = line.split(",");
  return places.map((place) => cells[place] ?? "").join(",");
}
