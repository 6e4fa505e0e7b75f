import type { Address, Hex } from "viem";
import { isLive } from "../journal/holds.ts";
import type { Ledger } from "../journal/ledger.ts";
import { accountKey, type JournalState } from "../journal/replay.ts";
import type { AccountReading, CaseReading, Readings } from "./readings.ts";

/** What the journal alone tells. */
const TOLD = [
  ...(["placed", "lapsed", "lifted", "seized", "taken", "due"] as const),
  ...(["returned", "converted", "proceeds", "compensated", "forfeited", "transferred", "suspensePaid"] as const),
] as const satisfies readonly (keyof Ledger)[];

type Told = Pick<Ledger, (typeof TOLD)[number]>;

/** The sums of one asset, in base units: placed = held + lapsed + lifted + seized. */
export interface Sums extends Told {
  /** Live claims. */
  held: bigint;
  /** The part of the live claims that balances cover, earlier claims first. */
  covered: bigint;
  /** Claims that ended by time, whether or not anyone recorded it. */
  lapsed: bigint;
  /** Taken and not paid out, claims that wait included. */
  inCustody: bigint;
  /** In vaults by no act, whether or not anyone booked it. */
  suspense: bigint;
  frozenNoPath: bigint;
}

export const SUM_NAMES = [
  "placed",
  "held",
  "covered",
  "lapsed",
  "lifted",
  "seized",
  "taken",
  "due",
  "returned",
  "converted",
  "proceeds",
  "compensated",
  "forfeited",
  "transferred",
  "inCustody",
  "suspense",
  "suspensePaid",
  "frozenNoPath",
] as const satisfies readonly (keyof Sums)[];

/** The sums of one asset in one case. */
export interface CaseSums extends Sums {
  caseId: Hex;
  asset: Address;
  ledger: Ledger | undefined;
}

/** What the ledger of a case tells of one asset; of none: zeros. */
export const toldBy = (ledger: Ledger | undefined): Told =>
  Object.fromEntries(TOLD.map((name) => [name, ledger?.[name] ?? 0n])) as unknown as Told;

/** What left the custody of cases for good. */
export const paidOutOf = (of: Pick<Sums, "returned" | "compensated" | "forfeited" | "transferred">): bigint =>
  of.returned + of.compensated + of.forfeited + of.transferred;

export const inCustodyOf = (
  of: Pick<Told, "taken" | "proceeds" | "returned" | "compensated" | "forfeited" | "transferred" | "converted">,
): bigint => of.taken + of.proceeds - paidOutOf(of) - of.converted;

export const zeroSums = (): Sums => Object.fromEntries(SUM_NAMES.map((name) => [name, 0n])) as unknown as Sums;

/** Adds `more` to `sums`. */
export function addSums(sums: Sums, more: Sums): void {
  for (const name of SUM_NAMES) sums[name] += more[name];
}

/** What of a block sums are drawn from, besides the journal. */
export interface Balances {
  readonly block: Pick<Readings["block"], "timestamp">;
  readonly cases: readonly Pick<CaseReading, "caseId" | "asset" | "inVault">[];
  readonly accounts: readonly Pick<AccountReading, "asset" | "account" | "balance">[];
}

/** The sums per case and asset at the readings' block: the journal's word, but for what only balances can tell. */
export function sumsOf(state: JournalState, { block, cases, accounts }: Balances): CaseSums[] {
  const rows = new Map(
    cases.map(({ caseId, asset, inVault }) => {
      const ledger = state.cases.get(caseId)?.ledgers.get(asset);
      const row: CaseSums = { ...zeroSums(), ...toldBy(ledger), caseId, asset, ledger };
      row.inCustody = inCustodyOf(row);
      const booked = (ledger?.suspense ?? 0n) - row.suspensePaid;
      const stray = inVault - row.inCustody;
      row.suspense = stray > booked ? stray : booked;
      return [`${caseId} ${asset}`, row];
    }),
  );
  const numbers = new Map([...state.cases.values()].map(({ number, caseId }) => [number, caseId]));
  const balances = new Map(accounts.map(({ asset, account, balance }) => [accountKey(asset, account), balance]));
  for (const [key, { asset, holds }] of state.accounts) {
    let free = balances.get(key) ?? 0n;
    for (const hold of holds) {
      const row = rows.get(`${numbers.get(hold.caseNumber)} ${asset}`)!;
      if (!isLive(hold, Number(block.timestamp))) {
        row.lapsed += hold.amount;
        continue;
      }
      const covered = hold.amount < free ? hold.amount : free;
      row.held += hold.amount;
      row.covered += covered;
      free -= covered;
    }
  }
  return [...rows.values()];
}
