import { writeFileSync } from "node:fs";
import path from "node:path";
import { toHex } from "viem";
import { SequesterError } from "../../../../src/base/errors.ts";
import type { TransferRow } from "../../../../src/tracing/transfers/row.ts";
import type { Transfers } from "../../../../src/tracing/transfers/transfers.ts";
import { temporaryFolder } from "../../operation/folders.ts";
import { randomFrom } from "../../orders/random.ts";

export const ASSET = "0xdac17f958d2ee523a2206206994597c13d831ec7";
export const OTHER_ASSET = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48";

export const account = (n: number): string => `0x${"b".repeat(32)}${n.toString(16).padStart(8, "0")}`;
export const hashOf = (n: number): string => `0x${"e".repeat(56)}${n.toString(16).padStart(8, "0")}`;

/** Writes a file into a folder of its own. */
export function fileOf(name: string, content: string | Uint8Array): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

/** Some transfers, each in a transaction of its own, in order. Values are below `most`. */
export function someRows(seed: string, count: number, most = 2n ** 256n): TransferRow[] {
  const random = randomFrom(seed);
  let [block, logIndex] = [100, 0];
  return Array.from({ length: count }, (_, i) => {
    if (random.below(3) === 0) [block, logIndex] = [block + 1 + random.below(2), 0];
    else logIndex += 1 + random.below(3);
    return {
      block,
      logIndex,
      hash: hashOf(i),
      time: 1_700_000_000 + 12 * block,
      from: account(random.below(9)),
      to: account(random.below(9)),
      value: random.uint(256) % most,
    };
  });
}

/** What a program of every form writes of the rows; the places are the transactions' where the form has them. */
export const WRITTEN = {
  sequester: (rows: readonly TransferRow[]) => [
    ["block_number", "log_index", "transaction_hash", "from", "to", "value"],
    ...rows.map(({ block, logIndex, hash, from, to, value }) => [block, logIndex, hash, from, to, value]),
  ],
  "ethereum-etl": (rows: readonly TransferRow[]) => [
    ["token_address", "from_address", "to_address", "value", "transaction_hash", "log_index", "block_number"],
    ...rows.map(({ block, logIndex, hash, from, to, value }) => [ASSET, from, to, value, hash, logIndex, block]),
  ],
  cryo: (rows: readonly TransferRow[]) => [
    [
      "block_number",
      "transaction_index",
      "log_index",
      "transaction_hash",
      "erc20",
      "from_address",
      "to_address",
      "value_binary",
      "value_string",
      "value_f64",
      "chain_id",
    ],
    ...rows.map(({ block, logIndex, hash, from, to, value }) => [
      block,
      7,
      logIndex,
      hash,
      ASSET,
      from,
      to,
      toHex(value, { size: 32 }),
      value,
      Number(value),
      1,
    ]),
  ],
  etherscan: (rows: readonly TransferRow[]) => [
    ["Transaction Hash", "Blockno", "UnixTimestamp", "DateTime (UTC)", "From", "To", "Quantity", "Method"],
    ...rows.map(({ block, hash, time, from, to, value }) => [
      hash,
      block,
      time,
      new Date(Number(time) * 1000).toISOString(),
      from,
      to,
      grouped(value),
      "Transfer",
    ]),
  ],
  "transaction-index": (rows: readonly TransferRow[]) => [
    ["block_number", "transaction_index", "from_address", "to_address", "time_stamp", "contract_address", "value"],
    ...rows.map(({ block, logIndex, time, from, to, value }) => [
      block,
      logIndex,
      from,
      to,
      time,
      ASSET,
      decimal(value),
    ]),
  ],
} as const;

type Cells = readonly (readonly (string | number | bigint | null)[])[];

/** CSV with every field as it is, or in quotes. */
export const csvOf = (cells: Cells, { end = "\n", quoted = false } = {}): string =>
  cells.map((row) => row.map((cell) => (quoted ? `"${cell}"` : String(cell))).join(",") + end).join("");

/** A value with six decimals as some programs write it. */
export const decimal = (value: bigint): string =>
  `${value / 1_000_000n}.${String(value % 1_000_000n).padStart(6, "0")}`.replace(/(\.\d+?)0*$/, "$1");

const grouped = (value: bigint): string => {
  const [whole = "", fraction] = decimal(value).split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${fraction}`;
};

/** All that a table of transfers tells, as texts. */
export const told = (transfers: Transfers, keep: (row: number) => string = () => ""): string[] =>
  Array.from({ length: transfers.count }, (_, row) => {
    const [from, to] = [transfers.from[row]!, transfers.to[row]!].map((id) => transfers.accounts.address(id));
    return [transfers.block[row], transfers.logIndex[row], from, to, transfers.value(row), keep(row)].join();
  });

/** The same of rows that were not read. */
export const toldOf = (rows: readonly TransferRow[]): string[] =>
  rows.map(({ block, logIndex, from, to, value }) => [block, logIndex, from, to, value, ""].join());

/** The error with which an input is refused; it must be of exit code 64. */
export async function refused(read: () => unknown): Promise<SequesterError> {
  try {
    await read();
  } catch (error) {
    if (error instanceof SequesterError && error.code === 64) return error;
    throw error;
  }
  throw new Error("it was not refused");
}
