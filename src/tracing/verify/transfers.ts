import { rowsOf } from "./files.ts";
import type { Row } from "./replay.ts";

/** Names under which a column is published; the first that a header has counts. */
const COLUMNS = {
  block: ["block_number", "Blockno"],
  from: ["from", "from_address", "From"],
  to: ["to", "to_address", "To"],
  value: ["value_string", "value_binary", "value", "Quantity", "TokenValue"],
  tx: ["transaction_hash", "Transaction Hash", "Txhash"],
  asset: ["token_address", "erc20", "contract_address", "ContractAddress"],
} as const;

export interface Reading {
  /** Lower-case; null where all rows are of the one asset. */
  readonly asset: string | null;
  readonly decimals: number | null;
  readonly place: "log index" | "transaction index" | "order in the file";
  /** Whether a transaction's hash is needed. */
  readonly keepsTx: (row: Omit<Row, "tx">, tx: string) => boolean;
  /** The last block that counts. */
  readonly at: number;
}

/** The transfers of the asset in all files, in order of (block, log). Throws where two stand at one place. */
export async function readTransfers(files: readonly string[], reading: Reading): Promise<Row[]> {
  const rows: Row[] = [];
  for (const file of files) {
    const own = await readFile(file, reading);
    for (const row of reading.place === "order in the file" ? placed(own) : own) rows.push(row);
  }
  rows.sort((a, b) => a.block - b.block || a.log - b.log);
  for (const [i, { block, log }] of rows.entries()) {
    const before = rows[i - 1];
    if (before?.block === block && before.log === log)
      throw new Error(`two transfers are at block ${block}, log ${log}`);
  }
  return rows;
}

async function readFile(file: string, { asset, decimals, place, keepsTx, at }: Reading): Promise<Row[]> {
  const rows: Row[] = [];
  const texts = new Map<string, string>();
  /** The same text once, however many rows have it. */
  const kept = (text: string) => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  let columns: Record<keyof typeof COLUMNS | "log", number> | undefined;
  let isDecimal = false;
  for await (const cells of rowsOf(file)) {
    if (columns === undefined) {
      const header = cells.map((cell) => cell.trim());
      const of = (names: readonly string[]) => header.indexOf(names.find((name) => header.includes(name)) ?? "");
      const log = of([place === "transaction index" ? "transaction_index" : "log_index"]);
      columns = { log, ...mapped(COLUMNS, of) };
      // The two forms that tell decimal units.
      isDecimal = place !== "log index";
      continue;
    }
    const text = (column: number) => cells[column] ?? "";
    if (asset !== null && columns.asset >= 0 && accountOf(text(columns.asset)) !== asset) continue;
    const row = {
      block: whole(text(columns.block)),
      log: columns.log < 0 ? 0 : whole(text(columns.log)),
      from: kept(accountOf(text(columns.from))),
      to: kept(accountOf(text(columns.to))),
      value: isDecimal ? decimalUnits(text(columns.value), decimals ?? 0) : BigInt(text(columns.value)),
    };
    const tx = columns.tx < 0 ? "" : text(columns.tx).toLowerCase();
    if (row.block <= at) rows.push({ ...row, tx: tx !== "" && keepsTx(row, tx) ? tx : null });
  }
  return rows;
}

const mapped = <K extends string, V, W>(record: Readonly<Record<K, V>>, map: (value: V) => W): Record<K, W> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value as V)])) as Record<K, W>;

/** Where nothing tells the order in a block, the order of the rows does; a file may begin with its last block. */
function placed(rows: readonly Row[]): Row[] {
  const goesDown = rows.length > 0 && rows[0]!.block > rows.at(-1)!.block;
  const counts = new Map<number, number>();
  return (goesDown ? rows.toReversed() : rows).map((row) => {
    const log = counts.get(row.block) ?? 0;
    counts.set(row.block, log + 1);
    return { ...row, log };
  });
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`${JSON.stringify(text)} is no whole number`);
  return Number(text);
}

/** The lower-case address; of 32 bytes as in a topic, the last 20. */
function accountOf(text: string): string {
  const match = /^0x(?:0{24})?([0-9a-f]{40})$/.exec(text.toLowerCase());
  if (match === null) throw new Error(`${JSON.stringify(text)} is no address`);
  return `0x${match[1]}`;
}

/** Base units of "18.67", "1,250.5" or "1e-05". */
function decimalUnits(text: string, decimals: number): bigint {
  const match = /^(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.replaceAll(",", ""));
  if (match === null) throw new Error(`${JSON.stringify(text)} is no amount`);
  const [, before = "", after = "", exponent = "0"] = match;
  const power = decimals - after.length + Number(exponent);
  const digits = BigInt(before + after);
  if (power >= 0) return digits * 10n ** BigInt(power);
  const rest = 10n ** BigInt(-power);
  if (digits % rest !== 0n) throw new Error(`${text} has more decimals than ${decimals}`);
  return digits / rest;
}
