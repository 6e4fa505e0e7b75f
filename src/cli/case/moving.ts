// What of a case's money an order can move into another deployment, and what stays, by the journal and the vault's balances.
import type { Address, Hex } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { SOURCES, sourceOf } from "../../journal/effects.ts";
import { isLive } from "../../journal/holds.ts";
import { leftOf, ledgerIn, type Ledger } from "../../journal/ledger.ts";
import type { CaseState, DelayedState } from "../../journal/replay.ts";
import { ACTS, MAX_AMOUNT, type TransferSource } from "../../orders/types.ts";
import type { CustodyAt } from "../custody.ts";
import type { Stay } from "./stays.ts";

/** Money that one Transfer takes out of the vault. Base units. */
export interface Part {
  asset: Address;
  source: TransferSource;
  /** Whose claim it is, where that is the source. */
  holder?: Address;
  amount: bigint;
  /** Of what is more than one order can name, which order this is, from 1 on. */
  piece: number;
}

/** What the contracts say of a case's vault besides the journal, at the same block. */
export interface VaultAt {
  address: Address;
  /** By asset, base units; a coin that refuses to tell has none. */
  balances: ReadonlyMap<Address, bigint>;
  /** From when on an order can move what a holder did not claim, Unix seconds; see `claimKey`. */
  claims: ReadonlyMap<string, number>;
  /** Last second of the claims of each compensation, by its order. */
  compensations: ReadonlyMap<Hex, number>;
}

export const claimKey = (asset: Address, holder: Address): string => `${asset} ${holder}`;

/** The vault has less than the journal tells. Exit code 3. */
export class VaultShortError extends SequesterError {
  override name = "VaultShortError";
  constructor(vault: Address, has: string, needs: string) {
    super("The vault has less than the journal tells.", {
      code: EXIT.verification,
      metaMessages: [`who: ${vault}`, `has: ${has}`, `needs: ${needs}; audit reconcile tells where it differs`],
    });
  }
}

/**
 * What can be moved, part by part, and what stays. All that lies there now is old enough for an order that is scheduled from
 * now on: what an appeal may bring back, and what orders that wait dispose of, is left to them.
 * @param start Unix second from which an order that is scheduled now can be executed.
 * @throws VaultShortError
 */
export function movingOf(
  of: CaseState,
  custody: CustodyAt,
  vault: VaultAt,
  start: number,
): { parts: Part[]; stays: Stay[] } {
  const parts: Part[] = [];
  const stays = heldBy(of, custody);
  for (const asset of custody.state.assets) {
    const ledger = of.ledgers.get(asset) ?? ledgerIn(new Map(), asset);
    const [left, suspense] = [leftOf(ledger), ledger.suspense - ledger.suspensePaid];
    const remains = (stay: Omit<Stay, "asset">) => void (stay.amount > 0n && stays.push({ asset, ...stay }));
    const [needs, has] = [left + ledger.reserved + suspense, vault.balances.get(asset)];
    if (has === undefined) {
      remains({ kind: "silent", amount: needs });
      continue;
    }
    if (has < needs) {
      const told = (amount: bigint) => `${custody.units(asset, amount)} ${custody.units.symbol(asset)}`;
      throw new VaultShortError(vault.address, told(has), told(needs));
    }
    const waiting = waitingOn(of, asset, custody);
    const moves = (part: Omit<Part, "asset" | "piece">) => {
      for (let [rest, piece] = [part.amount, 1]; rest > 0n; rest -= MAX_AMOUNT, piece++) {
        parts.push({ ...part, asset, amount: least(rest, MAX_AMOUNT), piece });
      }
    };

    const appealed = appellantsOf(waiting).map((account) => ({
      account,
      // What is owed may be more than what a forfeiture left.
      amount: least(answerTo(account, asset, of), left),
    }));
    for (const { digest, proposed } of waiting) {
      remains({ kind: "waiting", amount: proposed!.amount, order: digest });
    }
    for (const it of appealed) remains({ kind: "appealed", ...it });
    moves({ source: "custody", amount: left - wantedOf(waiting, SOURCES.custody) - sumOf(appealed) });
    moves({ source: "suspense", amount: suspense - wantedOf(waiting, SOURCES.suspense) });
    for (const [holder, claim] of ledger.claims) {
      const amount = claim - wantedOf(waiting, SOURCES.unclaimed, holder);
      const until = vault.claims.get(claimKey(asset, holder))!;
      if (until <= start) moves({ source: "unclaimed", holder, amount });
      else remains({ kind: "unclaimed", amount, account: holder, until });
    }
    for (const [order, { rest }] of ledger.compensations) {
      remains({ kind: "reserved", amount: rest, order, until: vault.compensations.get(order)! });
    }
    for (const [account, amount] of ledger.dues) remains({ kind: "demanded", amount, account });
    remains({ kind: "unbooked", amount: has - needs });
  }
  return { parts, stays };
}

/** To whom the case still owes what was taken from them, where it moves such money or what that was converted into. */
export function owedBy({ ledgers }: CaseState, moved: ReadonlySet<Address>): Stay[] {
  const isMoved = (asset: Address, { conversions }: Ledger) =>
    moved.has(asset) || [...conversions].some(([into, { proceeds }]) => proceeds > 0n && moved.has(into));
  return [...ledgers]
    .filter(([asset, ledger]) => isMoved(asset, ledger))
    .flatMap(([asset, { owed }]) =>
      [...owed].map(([account, amount]): Stay => ({ kind: "owed", asset, amount, account })),
    );
}

function heldBy({ number }: CaseState, { state, at }: CustodyAt): Stay[] {
  return [...state.accounts.values()].flatMap(({ asset, account, holds }) =>
    holds
      .filter((hold) => hold.caseNumber === number && isLive(hold, at))
      .map(({ amount, until }): Stay => ({ kind: "held", asset, amount, account, until })),
  );
}

/** Orders that dispose of a case's money in an asset, and can still be executed. */
const waitingOn = ({ caseId }: CaseState, asset: Address, { state, at }: CustodyAt): DelayedState[] =>
  [...state.delayed.values()].filter(
    (it) => it.caseId === caseId && it.state === "waits" && at <= it.deadline && it.proposed?.asset === asset,
  );

/** What of one source orders that wait dispose of. */
const wantedOf = (waiting: readonly DelayedState[], source: number, holder?: Address): bigint =>
  sumOf(
    waiting.flatMap(({ act, proposed }) => {
      const of = act === ACTS.Transfer ? sourceOf(proposed!.value) : { source: SOURCES.custody };
      const isIt = of.source === source && (holder === undefined || ("holder" in of && of.holder === holder));
      return isIt ? [proposed!] : [];
    }),
  );

const appellantsOf = (waiting: readonly DelayedState[]): Address[] => [
  ...new Set(waiting.flatMap(({ appeals }) => appeals.map(({ holder }) => holder))),
];

/** The most that a holder can be given back in an asset: in kind, and of what its money was converted into. */
function answerTo(holder: Address, asset: Address, { ledgers }: CaseState): bigint {
  return sumOf(
    [...ledgers].map(([taken, { owed, conversions }]) => {
      const due = owed.get(holder) ?? 0n;
      if (taken === asset) return { amount: due };
      const { converted = 0n, proceeds = 0n } = conversions.get(asset) ?? {};
      return { amount: converted === 0n ? 0n : (least(due, converted) * proceeds) / converted };
    }),
  );
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const sumOf = (amounts: readonly { amount: bigint }[]): bigint => amounts.reduce((sum, { amount }) => sum + amount, 0n);
