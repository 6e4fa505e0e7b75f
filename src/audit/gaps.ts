import { decodeName } from "../orders/caseId.ts";
import { MAX_AMOUNT } from "../orders/types.ts";
import type { Address, Hex } from "viem";
import { isLive, packHold, type Hold } from "../journal/holds.ts";
import { leftOf } from "../journal/ledger.ts";
import { accountKey, type JournalState } from "../journal/replay.ts";
import type { Readings } from "./readings.ts";
import { paidOutOf, type CaseSums } from "./sums.ts";

/** A place where two accounts of the same thing differ, in base units. */
export interface Gap {
  what: string;
  caseId?: Hex;
  asset: Address;
  account?: Address;
  has: bigint;
  needs: bigint;
}

/** A gap in words, its amounts in base units. */
export const gapLine = ({ what, caseId, asset, account, has, needs }: Gap, symbolOf: (asset: Address) => string) =>
  `${[caseId && decodeName(caseId), symbolOf(asset), account].filter(Boolean).join(", ")}: ${what}: has ${has}, needs ${needs}`;

/** How the gap is called of an account that the asset freezes for another amount than the docket holds. */
export const BY_THE_ASSET = "held, by the asset";

/**
 * Where the sums do not add up, or the chain's own views say something else than the journal.
 * The sum of |has - needs| over all gaps is the statement's difference.
 */
export function gapsOf(state: JournalState, rows: readonly CaseSums[], readings: Readings): Gap[] {
  const gaps: Gap[] = [];
  const compare = (what: string, of: Omit<Gap, "what" | "has" | "needs">, has: bigint, needs: bigint) => {
    if (has !== needs) gaps.push({ what, ...of, has, needs });
  };

  for (const [i, reading] of readings.cases.entries()) {
    const { caseId, asset } = reading;
    const of = { caseId, asset };
    const row = rows[i]!;
    const { ledger } = row;
    compare("held + lapsed + lifted + seized", of, row.held + row.lapsed + row.lifted + row.seized, row.placed);
    compare("taken + due", of, row.taken + row.due, row.seized);
    compare("paid out + in custody", of, paidOutOf(row) + row.converted + row.inCustody, row.taken + row.proceeds);
    compare("vault's balance", of, reading.inVault, row.inCustody + row.suspense);
    const reserved = ledger?.reserved ?? 0n;
    compare("left", of, reading.left, ledger === undefined ? 0n : leftOf(ledger));
    compare("reserved", of, reading.reserved, reserved);
    compare("proceeds left", of, reading.proceeds, ledger?.proceedsLeft ?? 0n);
    compare("booked suspense that is not paid", of, reading.suspense, (ledger?.suspense ?? 0n) - row.suspensePaid);
    for (const [account, { owed, claim }] of reading.owed) {
      compare("owed", { ...of, account }, owed, ledger?.owed.get(account) ?? 0n);
      compare("to be claimed", { ...of, account }, claim, ledger?.claims.get(account) ?? 0n);
    }
  }

  const now = Number(readings.block.timestamp);
  const caseIds = new Map([...state.cases.values()].map(({ number, caseId }) => [number, caseId]));
  for (const { asset, account, holds, held, frozen } of readings.accounts) {
    const told = state.accounts.get(accountKey(asset, account))?.holds ?? [];
    const holdGap = (hold: Hold, has: bigint, needs: bigint) => {
      const caseId = caseIds.get(hold.caseNumber);
      const what = `hold number ${hold.number} until ${hold.until}`;
      gaps.push({ what, ...(caseId && { caseId }), asset, account, has, needs });
    };
    for (const hold of without(holds, told)) holdGap(hold, hold.amount, 0n);
    for (const hold of without(told, holds)) holdGap(hold, 0n, hold.amount);
    const sum = told.reduce((total, hold) => (isLive(hold, now) ? total + hold.amount : total), 0n);
    const needs = sum < MAX_AMOUNT ? sum : MAX_AMOUNT;
    compare("held, by the docket", { asset, account }, held, needs);
    compare(BY_THE_ASSET, { asset, account }, frozen, needs);
  }
  return gaps;
}

/** The holds of `some` that `others` has not, equal ones counted. */
function without(some: readonly Hold[], others: readonly Hold[]): Hold[] {
  const left = new Map<bigint, number>();
  for (const hold of others) left.set(packHold(hold), (left.get(packHold(hold)) ?? 0) + 1);
  return some.filter((hold) => {
    const word = packHold(hold);
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count <= 0;
  });
}

/** Sum of all gaps. */
export const differenceOf = (gaps: readonly Gap[]): bigint =>
  gaps.reduce((sum, { has, needs }) => sum + (has > needs ? has - needs : needs - has), 0n);
