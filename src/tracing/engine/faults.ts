import { EXIT, SequesterError } from "../../base/errors.ts";
import type { Transfers } from "../transfers/transfers.ts";
import { countOf } from "../../base/words.ts";

/** An account sends more than the transfers say it has: their history is not complete. Exit code 64. */
export class NegativeBalanceError extends SequesterError {
  override name = "NegativeBalanceError";
  /** Lower-case address. */
  readonly account: string;
  readonly block: number;
  /** Number of the transfer in order, from 0. */
  readonly row: number;
  constructor(
    account: string,
    { block, row, place }: { block: number; row: number; place: string },
    has: bigint,
    needs: bigint,
  ) {
    super(`${account} would go below zero in block ${block}, by ${place}.`, {
      code: EXIT.usage,
      metaMessages: [
        `has: ${countOf(has, "base unit")}`,
        `needs: ${countOf(needs, "base unit")}, or an opening balance: the transfers before the first row are missing`,
      ],
    });
    this.account = account;
    this.block = block;
    this.row = row;
  }
}

/** The sums of a trace do not agree: a fault of the program. Exit code 3. */
export class TraceInvariantError extends SequesterError {
  override name = "TraceInvariantError";
  constructor(what: string, has: bigint, needs: bigint) {
    super(`The trace contradicts itself: ${what}.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${countOf(has, "base unit")}`, `needs: ${countOf(needs, "base unit")}`],
    });
  }
}

/** A seed that is not a part of its transfer, or one that comes twice. Exit code 64. */
export class BadSeedError extends SequesterError {
  override name = "BadSeedError";
  constructor(transfers: Transfers, row: number, has: string, needs: string) {
    super(`The seed at ${row < transfers.count ? placeOf(transfers, row) : `row ${row}`} cannot be.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** The fault of the sender of a row, which has too little for it. */
export function negativeBalance(transfers: Transfers, row: number, has: bigint): NegativeBalanceError {
  const account = transfers.accounts.address(transfers.from[row] as number);
  const at = { block: transfers.block[row] as number, row, place: placeOf(transfers, row) };
  return new NegativeBalanceError(account, at, has, transfers.value(row));
}

/** Where a row is, for people: its log index and block, and where it was read. */
function placeOf(transfers: Transfers, row: number): string {
  const source = transfers.source(row);
  const at = `log index ${transfers.logIndex[row]} of block ${transfers.block[row]}`;
  return source === null ? at : `${at} (${source})`;
}
