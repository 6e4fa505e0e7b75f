import type { Place } from "./place.ts";

/** Names of the forms in which transfers are published. */
export type FormatName = "sequester" | "ethereum-etl" | "cryo" | "etherscan" | "transaction-index";

/** What a column tells of a transfer. */
export type Role = "block" | "place" | "hash" | "time" | "asset" | "from" | "to" | "value";

/** A form of files of transfers. */
export interface Format {
  readonly name: FormatName;
  /** Names of each column that must be there, the first that is found counts. */
  readonly required: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** The same of columns that are read where they are. */
  readonly optional?: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** Of base units, or decimal numbers of the asset's units. */
  readonly values: "base units" | "decimal";
  readonly place: Place;
}

/** A file's form, and in which column each role stands. */
export interface Recognised {
  readonly format: Format;
  readonly columns: Readonly<Partial<Record<Role, number>>>;
}

/** The known forms; of several that fit, the first one counts. */
export const FORMATS: readonly Format[] = [
  {
    name: "sequester",
    required: {
      block: ["block_number"],
      place: ["log_index"],
      hash: ["transaction_hash"],
      from: ["from"],
      to: ["to"],
      value: ["value"],
    },
    values: "base units",
    place: "log index",
  },
  {
    name: "ethereum-etl",
    required: {
      asset: ["token_address"],
      from: ["from_address"],
      to: ["to_address"],
      value: ["value"],
      hash: ["transaction_hash"],
      place: ["log_index"],
      block: ["block_number"],
    },
    values: "base units",
    place: "log index",
  },
  {
    name: "cryo",
    required: {
      block: ["block_number"],
      place: ["log_index"],
      hash: ["transaction_hash"],
      asset: ["erc20"],
      from: ["from_address"],
      to: ["to_address"],
      value: ["value_string", "value_binary", "value"],
    },
    values: "base units",
    place: "log index",
  },
  {
    name: "etherscan",
    required: {
      hash: ["Transaction Hash", "Txhash"],
      block: ["Blockno"],
      time: ["UnixTimestamp"],
      from: ["From"],
      to: ["To"],
      value: ["Quantity", "TokenValue"],
    },
    optional: { asset: ["ContractAddress"] },
    values: "decimal",
    place: "order in the file",
  },
  {
    name: "transaction-index",
    required: {
      block: ["block_number"],
      place: ["transaction_index"],
      from: ["from_address"],
      to: ["to_address"],
      time: ["time_stamp"],
      asset: ["contract_address"],
      value: ["value"],
    },
    values: "decimal",
    place: "transaction index",
  },
];

/** The form of a header; undefined for one that is not known. */
export function formatOf(header: readonly string[]): Recognised | undefined {
  for (const format of FORMATS) {
    const required = columnsOf(format.required, header);
    if (Object.values(required).includes(-1)) continue;
    const optional = Object.entries(columnsOf(format.optional ?? {}, header)).filter(([, column]) => column >= 0);
    return { format, columns: { ...required, ...Object.fromEntries(optional) } };
  }
  return undefined;
}

const columnsOf = (names: Format["required"], header: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(names).map(([role, known]) => {
      const name = known.find((it) => header.includes(it));
      return [role, name === undefined ? -1 : header.indexOf(name)];
    }),
  );

/** The headers that are known, a line each. */
export const knownHeaders = (): string[] =>
  FORMATS.map(({ name, required }) => {
    const columns = Object.values(required).map((names) => names.join(" or "));
    return `${columns.join(",")} (${name})`;
  });
