import { concat, encodeAbiParameters, keccak256, numberToHex, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "../errors.ts";
import type { Entry } from "./entries.ts";

/** What the docket stores of its journal: the number of entries and the head over all of them. */
export interface Head {
  entries: bigint;
  head: Hex;
}

/** The journal is not what the docket committed to; names the first entry that is wrong. Exit code 3. */
export class JournalBrokenError extends SequesterError {
  override name = "JournalBrokenError";
  /** Number of the first entry that is missing, surplus or altered. */
  readonly seq: bigint;

  constructor(seq: bigint, fault: string, has: string, needs: string) {
    super(`The journal is broken at entry ${seq}: ${fault}.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
    this.seq = seq;
  }
}

/** The head before the first entry: `keccak256(abi.encode(chainId, docket))`. */
export const firstHead = (chainId: number, docket: Address): Hex =>
  keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "address" }], [BigInt(chainId), docket]));

/** The head after an entry, from the head before it (contracts/base/Journal.sol). */
export function nextHead(head: Hex, entry: Omit<Entry, "head" | "blockNumber" | "transactionHash">): Hex {
  return keccak256(
    concat([
      head,
      numberToHex(entry.seq, { size: 32 }),
      numberToHex(entry.act, { size: 32 }),
      entry.caseId,
      entry.document,
      entry.order,
      keccak256(concat(["0x", ...entry.officerIds])),
      keccak256(entry.effects),
      numberToHex(entry.timestamp, { size: 32 }),
    ]),
  );
}

/**
 * Recomputes the hash chain over all entries and compares it with what the docket stores.
 * @throws JournalBrokenError for an entry that is missing, surplus, out of order or altered.
 */
export function verifyChain(entries: readonly Entry[], of: { chainId: number; docket: Address; stored: Head }): void {
  let head = firstHead(of.chainId, of.docket);
  let seq = 0n;
  for (const entry of entries) {
    seq++;
    if (seq > of.stored.entries) {
      throw new JournalBrokenError(seq, "it is surplus", `entry ${entry.seq}`, `${of.stored.entries} entries in all`);
    }
    if (entry.seq !== seq) {
      throw new JournalBrokenError(seq, "it is missing or out of order", `entry ${entry.seq}`, `entry ${seq}`);
    }
    head = nextHead(head, entry);
    if (entry.head !== head) throw new JournalBrokenError(seq, "it was altered", `head ${entry.head}`, `head ${head}`);
  }
  if (seq < of.stored.entries) {
    throw new JournalBrokenError(seq + 1n, "it is missing", `${seq} entries`, `${of.stored.entries} entries`);
  }
  if (head !== of.stored.head) {
    throw new JournalBrokenError(seq, "the docket stores another head", `head ${head}`, `head ${of.stored.head}`);
  }
}
