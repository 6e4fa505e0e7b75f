import { RLP } from "@ethereumjs/rlp";
import { bytesToHex, hexToBigInt, hexToBytes, type Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { keccakHex } from "../base/keccak.ts";
import { countOf } from "../base/words.ts";

/**
 * The fields of a block's header in the order in which they are hashed (execution-specs, up to Osaka), and how each is written: a
 * number without leading zeros, or bytes.
 */
const FIELDS = [
  ["parentHash", "bytes"],
  ["sha3Uncles", "bytes"],
  ["miner", "bytes"],
  ["stateRoot", "bytes"],
  ["transactionsRoot", "bytes"],
  ["receiptsRoot", "bytes"],
  ["logsBloom", "bytes"],
  ["difficulty", "number"],
  ["number", "number"],
  ["gasLimit", "number"],
  ["gasUsed", "number"],
  ["timestamp", "number"],
  ["extraData", "bytes"],
  ["mixHash", "bytes"],
  ["nonce", "bytes"],
  ["baseFeePerGas", "number"],
  ["withdrawalsRoot", "bytes"],
  ["blobGasUsed", "number"],
  ["excessBlobGas", "number"],
  ["parentBeaconBlockRoot", "bytes"],
  ["requestsHash", "bytes"],
] as const;

/** Headers before London have 15 fields. */
const LEAST_FIELDS = 15;

/** What of a block's header is looked at. */
export interface Header {
  readonly hash: Hex;
  readonly number: bigint;
  readonly stateRoot: Hex;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

/** A header of fields that this version does not know, or does not hash to what it should. Exit code 3. */
export class HeaderError extends SequesterError {
  override name = "HeaderError";
  constructor(has: string, needs: string) {
    super("The block's header cannot be used.", {
      code: EXIT.verification,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** The header as it is hashed, of a block as a node tells it. @throws HeaderError */
export function encodeHeader(block: Readonly<Record<string, unknown>>): Hex {
  const values = FIELDS.map(([name, kind]) => {
    const value = block[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string" || !(kind === "bytes" ? /^0x(?:[0-9a-f]{2})*$/ : /^0x[0-9a-f]+$/).test(value)) {
      throw new HeaderError(`${name} ${JSON.stringify(value)}`, "hexadecimal digits with 0x");
    }
    return kind === "bytes" ? hexToBytes(value as Hex) : numberBytes(hexToBigInt(value as Hex));
  });
  const count = values.includes(undefined) ? values.indexOf(undefined) : values.length;
  const encoded = bytesToHex(RLP.encode(values.slice(0, count)));
  const { hash } = readHeader(encoded);
  if (hash !== block["hash"])
    throw new HeaderError(`${countOf(count, "field")} of hash ${hash}`, `hash ${String(block["hash"])}`);
  return encoded;
}

/** Reads a header as it is hashed. @throws HeaderError */
export function readHeader(encoded: Hex): Header {
  const fields = decoded(encoded);
  const at = (name: (typeof FIELDS)[number][0]) => fields[FIELDS.findIndex(([it]) => it === name)]!;
  const number = (name: "number" | "timestamp") => hexToBigInt(`0x0${bytesToHex(at(name)).slice(2)}`);
  return {
    hash: keccakHex(hexToBytes(encoded)),
    number: number("number"),
    stateRoot: bytesToHex(at("stateRoot")),
    timestamp: number("timestamp"),
  };
}

function decoded(encoded: Hex): Uint8Array[] {
  const needs = `RLP of ${LEAST_FIELDS} to ${FIELDS.length} fields`;
  let fields: unknown;
  try {
    fields = RLP.decode(hexToBytes(encoded));
  } catch {
    throw new HeaderError("no RLP", needs);
  }
  if (!Array.isArray(fields) || fields.some((it) => !(it instanceof Uint8Array)))
    throw new HeaderError("no list", needs);
  if (fields.length < LEAST_FIELDS || fields.length > FIELDS.length) {
    throw new HeaderError(countOf(fields.length, "field"), needs);
  }
  return fields as Uint8Array[];
}

const numberBytes = (value: bigint): Uint8Array => {
  const digits = value === 0n ? "" : value.toString(16);
  return hexToBytes(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
};
