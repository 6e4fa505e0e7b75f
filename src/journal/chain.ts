import { encodeAbiParameters, keccak256, type Address, type Hex } from "viem";
import { bytesOf, keccak, keccakHex } from "../base/keccak.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import type { Entry, Head } from "./entries.ts";
import { countOf } from "../base/words.ts";

/** The journal is not what the docket committed to; names the first entry that is wrong. Exit code 3. */
export class JournalBrokenError extends SequesterError {
  override name = "JournalBrokenError";
  /** Number of the first entry that is missing, surplus or altered. */
  readonly seq: bigint;
  /** Whether what there is is whole up to somewhere, and the docket stands elsewhere: a node that lags tells so, too. */
  readonly isBehind: boolean;

  constructor(seq: bigint, fault: string, has: string, needs: string, isBehind = false) {
    super(`The journal is broken at entry ${seq}: ${fault}.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
    this.seq = seq;
    this.isBehind = isBehind;
  }
}

/** The head before the first entry: `keccak256(abi.encode(chainId, docket))`. */
export const firstHead = (chainId: number, docket: Address): Hex =>
  keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "address" }], [BigInt(chainId), docket]));

/** The head after an entry, from the head before it (contracts/base/Journal.sol). */
export function nextHead(head: Hex, entry: Omit<Entry, "head" | "blockNumber" | "transactionHash">): Hex {
  const words = new Uint8Array(9 * 32);
  const of = (hex: Hex) => {
    const bytes = bytesOf(hex);
    if (bytes.length === 32) return bytes;
    throw new JournalBrokenError(entry.seq, "it has a word of another size", hex, "32 bytes in hexadecimal");
  };
  const number = (value: bigint | number) => of(`0x${value.toString(16).padStart(64, "0")}`);
  [
    of(head),
    number(entry.seq),
    number(entry.act),
    of(entry.caseId),
    of(entry.document),
    of(entry.order),
    keccak(bytesOf(`0x${entry.officerIds.map((id) => id.slice(2)).join("")}`)),
    keccak(bytesOf(entry.effects)),
    number(entry.timestamp),
  ].forEach((word, i) => words.set(word, i * 32));
  return keccakHex(words);
}

/** What a journal is held against. */
export interface Committed {
  chainId: number;
  docket: Address;
  /** What the docket stores. */
  stored: Head;
}

/**
 * Passes entries on as they come, each once its hash is right, and ends where the docket's head is reached.
 * @throws JournalBrokenError for an entry that is missing, surplus, out of order or altered.
 */
export function* verifying(entries: Iterable<Entry>, { chainId, docket, stored }: Committed): Generator<Entry> {
  let head = firstHead(chainId, docket);
  let seq = 0n;
  let isFormer = false;
  for (const entry of entries) {
    seq++;
    if (seq > stored.entries) {
      const needs = `${countOf(stored.entries, "entry")} in all`;
      const isBehind = head === stored.head && entry.seq === seq;
      throw new JournalBrokenError(seq, "it is surplus", `entry ${entry.seq}`, needs, isBehind);
    }
    if (entry.seq !== seq) {
      throw new JournalBrokenError(seq, "it is missing or out of order", `entry ${entry.seq}`, `entry ${seq}`);
    }
    head = nextHead(head, entry);
    isFormer ||= head === stored.head;
    if (entry.head !== head) throw new JournalBrokenError(seq, "it was altered", `head ${entry.head}`, `head ${head}`);
    yield entry;
  }
  if (seq < stored.entries) {
    const [has, needs] = [countOf(seq, "entry"), countOf(stored.entries, "entry")];
    throw new JournalBrokenError(seq + 1n, "it is missing", has, needs, true);
  }
  if (head !== stored.head) {
    const [has, needs] = [`head ${head}`, `head ${stored.head}`];
    throw new JournalBrokenError(seq, "the docket stores another head", has, needs, isFormer);
  }
}

/** Recomputes the hash chain over all entries and compares it with what the docket stores. @throws JournalBrokenError */
export function verifyChain(entries: Iterable<Entry>, of: Committed): void {
  for (const _ of verifying(entries, of));
}
