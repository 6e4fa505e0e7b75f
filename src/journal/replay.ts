import { getAddress, hexToBigInt, numberToHex, zeroHash, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "../errors.ts";
import { ACTS } from "../orders/types.ts";
import { decodeEffects, sourceOf, SOURCES, timesOf, type Effect } from "./effects.ts";
import type { Entry } from "./entries.ts";
import { HOLD_KINDS, isLive, packHold, unpackHold, type Hold } from "./holds.ts";

/** The journal tells what cannot follow from what it told before. Exit code 3. */
export class JournalContradictionError extends SequesterError {
  override name = "JournalContradictionError";
  readonly seq: bigint;

  constructor(seq: bigint, has: string, needs: string) {
    super(`Entry ${seq} of the journal contradicts the entries before it.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
    this.seq = seq;
  }
}

/** What happened to one asset in one case, in base units, as far as entries tell. */
export interface Ledger {
  placed: bigint;
  lapsed: bigint;
  lifted: bigint;
  /** Claims that a seizure used up. */
  seized: bigint;
  /** Arrived in the vault by a seizure or a surrender. */
  taken: bigint;
  /** Seized in sub-accounts of platforms and not surrendered yet. */
  due: bigint;
  /** Paid to holders, directly or as a claim. */
  returned: bigint;
  /** Waits for claimants in the vault: of payments that were refused, and of compensations. */
  reserved: bigint;
  /** Delivered in conversions. */
  converted: bigint;
  /** Received in conversions. */
  proceeds: bigint;
  compensated: bigint;
  forfeited: bigint;
  /** Paid to free payees out of custody, or out of claims that nobody came for. */
  transferred: bigint;
  /** Booked as suspense. */
  suspense: bigint;
  /** Paid to free payees out of the suspense. */
  suspensePaid: bigint;
  takenFrom: Map<Address, bigint>;
  targets: Map<Address, TargetState>;
}

/** An account that was a target of a case in one asset. */
export interface TargetState {
  /** A court confirmed or placed a hold on it. */
  arrested: boolean;
  /** The end of a hold on it was recorded. */
  lapsed: boolean;
}

export interface CaseState {
  caseId: Hex;
  /** 0: never opened. */
  number: number;
  closed: boolean;
  vault?: Address;
  ledgers: Map<Address, Ledger>;
}

/** The holds on an account of an asset that no entry ended, by priority; those past their end are among them. */
export interface AccountState {
  asset: Address;
  account: Address;
  holds: Hold[];
}

/** An order that waits for its execution, or did. Times are Unix seconds. */
export interface DelayedState {
  digest: Hex;
  act: number;
  /** Zero where the order is of no case. */
  caseId: Hex;
  document: Hex;
  start: number;
  deadline: number;
  state: "waits" | "executed" | "vetoed";
  /** What a disposal is to do; undefined for other acts. */
  proposed?: Proposal;
  appeals: { asset: Address; holder: Address; document: Hex }[];
}

/** `amount` of `asset` to `account` (zero: to claimants), see PROPOSED in contracts/types/Effect.sol for `value`. */
export type Proposal = Pick<Effect, "asset" | "account" | "amount" | "value">;

/** The state of the system that the journal tells. */
export interface JournalState {
  /** Installed assets. */
  assets: Address[];
  /** By case id, in the order of their first entries. */
  cases: Map<Hex, CaseState>;
  accounts: Map<string, AccountState>;
  /** Orders that were scheduled, by digest. */
  delayed: Map<Hex, DelayedState>;
}

/**
 * Rebuilds the state from the entries alone.
 * @throws JournalContradictionError, UnreadableEffectsError, UnknownEffectError
 */
export function replay(entries: Iterable<Entry>): JournalState {
  const state: JournalState = { assets: [], cases: new Map(), accounts: new Map(), delayed: new Map() };
  const byNumber = new Map<number, CaseState>();
  for (const entry of entries) {
    const effects = decodeEffects(entry.effects);
    schedule(entry, effects);
    for (let i = 0; i < effects.length;) {
      const effect = effects[i]!;
      if (effect.what === "confirmed") {
        const end = effects.findIndex((other, j) => j > i && !isSameTarget(other, effect));
        const run = effects.slice(i, end === -1 ? undefined : end);
        confirm(entry, run);
        i += run.length;
      } else {
        apply(entry, effect);
        i++;
      }
    }
  }
  return state;

  function apply(entry: Entry, effect: Effect): void {
    const { what, asset, account, amount, value } = effect;
    switch (what) {
      case "held":
      case "arrested": {
        const hold = unpackHold(value);
        const ledger = ledgerOf(entry, hold, asset);
        accountOf(effect).holds.push(hold);
        ledger.placed += amount;
        const target = targetOf(ledger, account);
        if (what === "arrested") target.arrested = true;
        return;
      }
      case "lifted":
      case "lapsed":
      case "seized": {
        const ledger = ledgerOf(entry, reduce(entry, effect), asset);
        ledger[what] += amount;
        if (what === "seized") take(ledger, account, amount);
        if (what === "lapsed") targetOf(ledger, account).lapsed = true;
        return;
      }
      case "suspense":
        ledgerIn(caseOf(entry), asset).suspense += amount;
        return;
      case "returned":
        ledgerIn(caseOf(entry), asset).returned += amount;
        return;
      case "claimDue":
        ledgerIn(caseOf(entry), asset).reserved += amount;
        return;
      case "claimed": {
        const ledger = ledgerIn(caseOf(entry), asset);
        ledger.reserved -= amount;
        ledger.returned += amount;
        return;
      }
      case "reserved":
        ledgerIn(caseOf(entry), asset).reserved += amount;
        return;
      case "compensated": {
        const ledger = ledgerIn(caseOf(entry), asset);
        ledger.reserved -= amount;
        ledger.compensated += amount;
        return;
      }
      case "unreserved":
        ledgerIn(caseOf(entry), asset).reserved -= amount;
        return;
      case "forfeited":
      case "converted":
      case "proceeds":
        ledgerIn(caseOf(entry), asset)[what] += amount;
        return;
      case "transferred": {
        const ledger = ledgerIn(caseOf(entry), asset);
        const { source } = sourceOf(value);
        ledger[source === SOURCES.suspense ? "suspensePaid" : "transferred"] += amount;
        if (source === SOURCES.unclaimed) ledger.reserved -= amount;
        return;
      }
      case "demanded": {
        // The seizure before it used up the hold on a sub-account; nothing has arrived yet.
        const ledger = ledgerIn(caseOf(entry), asset);
        take(ledger, account, -amount);
        ledger.due += amount;
        return;
      }
      case "surrendered": {
        const ledger = ledgerIn(caseOf(entry), asset);
        take(ledger, account, amount);
        ledger.due -= amount;
        return;
      }
      case "stayed":
      case "appealed": {
        const order = delayedOf(entry, amount);
        Object.assign(order, timesOf(effect));
        if (what === "appealed") order.appeals.push({ asset, holder: account, document: entry.document });
        return;
      }
      case "vetoed":
        delayedOf(entry, amount).state = "vetoed";
        return;
      case "caseOpened": {
        const docketed = caseOf(entry);
        docketed.number = Number(value);
        docketed.closed = false;
        byNumber.set(docketed.number, docketed);
        return;
      }
      case "caseClosed":
        caseOf(entry).closed = true;
        return;
      case "vaultCreated":
        caseOf(entry).vault = account;
        return;
      case "assetInstalled":
        state.assets.push(asset);
        return;
      case "confirmed":
        throw new Error("a confirmation is applied with the others of its target");
      case "documentOpened":
      case "admitted":
      case "approvalWithdrawn":
      case "ruleSet":
      case "agencyNamed":
      case "treasurySet":
      case "contractInstalled":
      case "numberSet":
      case "dismissed":
      case "verifierAllowed":
      case "approved":
      case "scheduled":
      case "proposed":
      case "licensed":
      case "suspended":
      case "subAccount":
      case "acknowledged":
        return;
    }
  }

  /** What an entry tells of a delayed order as a whole: that it was scheduled, or executed. */
  function schedule(entry: Entry, effects: readonly Effect[]): void {
    if (entry.act === ACTS.execute) delayedOf(entry, hexToBigInt(entry.order)).state = "executed";
    const scheduled = effects.find(({ what }) => what === "scheduled");
    if (scheduled === undefined) return;
    const { act, caseId, document, order: digest } = entry;
    const proposed = effects.find(({ what }) => what === "proposed");
    state.delayed.set(digest, {
      ...{ digest, act, caseId, document, ...timesOf(scheduled) },
      ...{ state: "waits", appeals: [], ...(proposed && { proposed }) },
    });
  }

  function delayedOf({ seq }: Entry, digest: bigint): DelayedState {
    const order = state.delayed.get(numberToHex(digest, { size: 32 }));
    if (order?.state !== "waits") {
      const has = `a change of the order ${numberToHex(digest, { size: 32 })}`;
      throw new JournalContradictionError(seq, has, "an order that was scheduled and waits");
    }
    return order;
  }

  /** The effects of one confirmation: provisional holds count first, but arrested ones are told first. */
  function confirm(entry: Entry, run: readonly Effect[]): void {
    const { asset, account } = run[0]!;
    const { holds } = accountOf(run[0]!);
    const caseNumber = unpackHold(run[0]!.value).caseNumber;
    const now = Number(entry.timestamp);
    const ofCase = (hold: Hold) => hold.caseNumber === caseNumber && isLive(hold, now);
    const total = run.reduce((sum, { amount }) => sum + amount, 0n);
    const provisional = holds.filter((hold) => hold.kind === HOLD_KINDS.provisional && ofCase(hold));
    const covered = provisional.reduce((sum, { amount }) => sum + amount, 0n);
    let arrestedRest = total > covered ? total - covered : 0n;

    let from = 0;
    let passOf: number = HOLD_KINDS.arrested;
    for (const { amount, value } of run) {
      const kind = arrestedRest > 0n ? HOLD_KINDS.arrested : HOLD_KINDS.provisional;
      if (kind !== passOf) [passOf, from] = [kind, 0];
      const confirmed = unpackHold(value);
      const index = holds.findIndex((hold, i) => i >= from && hold.kind === kind && ofCase(hold));
      const hold = holds[index];
      if (hold === undefined || hold.number !== confirmed.number || hold.amount < amount) {
        throw new JournalContradictionError(
          entry.seq,
          `a confirmation of ${amount} of ${asset} in ${account} under number ${confirmed.number}`,
          hold === undefined ? "a live hold of the case" : `at most ${hold.amount} under number ${hold.number}`,
        );
      }
      if (hold.amount === amount) holds[index] = confirmed;
      else holds.splice(index, 1, confirmed, { ...hold, amount: hold.amount - amount });
      from = index + 1;
      if (kind === HOLD_KINDS.arrested) arrestedRest -= amount;
      targetOf(ledgerOf(entry, confirmed, asset), account).arrested = true;
    }
  }

  /** Takes the effect's amount off the hold that it tells of; answers that hold. */
  function reduce(entry: Entry, effect: Effect): Hold {
    const { holds } = accountOf(effect);
    const after = unpackHold(effect.value);
    const before = packHold({ ...after, amount: after.amount + effect.amount });
    // Of equal holds a lift ends the youngest, everything else the oldest.
    const isIt = (hold: Hold) => packHold(hold) === before;
    const index = effect.what === "lifted" ? holds.findLastIndex(isIt) : holds.findIndex(isIt);
    if (index === -1) {
      const { what, asset, account, amount } = effect;
      const has = `${amount} of ${asset} in ${account} ${what} from the hold number ${after.number}`;
      throw new JournalContradictionError(entry.seq, has, `a hold of ${after.amount + amount} that it was taken from`);
    }
    if (after.amount === 0n) holds.splice(index, 1);
    else holds[index] = after;
    return after;
  }

  function caseOf({ seq, caseId }: Entry): CaseState {
    if (caseId === zeroHash) throw new JournalContradictionError(seq, "no case", "a case for what it tells");
    let docketed = state.cases.get(caseId);
    if (docketed === undefined) {
      docketed = { caseId, number: 0, closed: false, ledgers: new Map() };
      state.cases.set(caseId, docketed);
    }
    return docketed;
  }

  function ledgerOf({ seq }: Entry, hold: Hold, asset: Address): Ledger {
    const docketed = byNumber.get(hold.caseNumber);
    if (docketed === undefined) {
      throw new JournalContradictionError(seq, `a hold of case number ${hold.caseNumber}`, "a case that was opened");
    }
    return ledgerIn(docketed, asset);
  }

  function accountOf({ asset, account }: Pick<Effect, "asset" | "account">): AccountState {
    const key = accountKey(asset, account);
    let found = state.accounts.get(key);
    if (found === undefined) {
      found = { asset, account, holds: [] };
      state.accounts.set(key, found);
    }
    return found;
  }
}

/** The key of an account of an asset in `JournalState.accounts`. */
export const accountKey = (asset: Address, account: Address): string => `${getAddress(asset)} ${getAddress(account)}`;

/** What happens from an account's point of view when it is seized; a demand takes it back. */
function take(ledger: Ledger, account: Address, amount: bigint): void {
  ledger.taken += amount;
  const taken = (ledger.takenFrom.get(account) ?? 0n) + amount;
  if (taken === 0n) ledger.takenFrom.delete(account);
  else ledger.takenFrom.set(account, taken);
}

const isSameTarget = (a: Effect, b: Effect) => a.what === b.what && a.asset === b.asset && a.account === b.account;

function ledgerIn(docketed: CaseState, asset: Address): Ledger {
  let ledger = docketed.ledgers.get(asset);
  if (ledger === undefined) {
    ledger = {
      ...{ placed: 0n, lapsed: 0n, lifted: 0n, seized: 0n, taken: 0n, due: 0n },
      ...{ returned: 0n, reserved: 0n, converted: 0n, proceeds: 0n },
      ...{ compensated: 0n, forfeited: 0n, transferred: 0n, suspense: 0n, suspensePaid: 0n },
      ...{ takenFrom: new Map(), targets: new Map() },
    };
    docketed.ledgers.set(asset, ledger);
  }
  return ledger;
}

function targetOf(ledger: Ledger, account: Address): TargetState {
  let target = ledger.targets.get(account);
  if (target === undefined) {
    target = { arrested: false, lapsed: false };
    ledger.targets.set(account, target);
  }
  return target;
}
