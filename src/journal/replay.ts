import { getAddress, hexToBigInt, zeroHash, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { ACTS } from "../orders/types.ts";
import { addressIn, decodeEffects, timesOf, wordOf, type Effect } from "./effects.ts";
import type { Entry } from "./entries.ts";
import { HOLD_KINDS, isLive, packHold, unpackHold, type Hold } from "./holds.ts";
import { demand, ledgerIn, move, surrender, take, type Ledger, type TargetState } from "./ledger.ts";

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

export interface CaseState {
  caseId: Hex;
  /** 0: never opened. */
  number: number;
  vault?: Address;
  ledgers: Map<Address, Ledger>;
}

export interface AccountState {
  asset: Address;
  account: Address;
  /** Those that no entry ended, by priority; those past their end are among them. */
  holds: Hold[];
  /** All that were ever placed, in the order of their placement. */
  spans: Span[];
}

/** From when to when a hold lay on an account. Unix seconds. */
export interface Span {
  caseNumber: number;
  number: number;
  from: number;
  /** The last second of what of it has ended; 0: nothing has. */
  to: number;
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
  /** Whether an appeal makes its delay longer: any on its asset in its case, once. */
  extended: boolean;
  /** Agencies that stayed it, by officers' ids of the entries. */
  stays: { officerIds: readonly Hex[] }[];
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
 * Rebuilds the state from the entries alone. Words of amount 0, which the docket remembers for a while, are left out.
 * @throws JournalContradictionError, UnreadableEffectsError, UnknownEffectError
 */
export function replay(entries: Iterable<Entry>): JournalState {
  const state: JournalState = { assets: [], cases: new Map(), accounts: new Map(), delayed: new Map() };
  const byNumber = new Map<number, CaseState>();
  /** Seconds of the last appeals, by case and asset; and by how much an appeal makes a delay longer, told by the first. */
  const appeals = new Map<string, number>();
  let appealTerm = 0;
  for (const entry of entries) {
    const effects = decodeEffects(entry.effects);
    schedule(entry, effects);
    /** Behind which place of an account's list the next extension of this entry looks. */
    const extended = new Map<AccountState, number>();
    for (const effect of effects) apply(entry, effect, extended);
  }
  return state;

  function apply(entry: Entry, effect: Effect, extended: Map<AccountState, number>): void {
    const { what, asset, account, amount, value } = effect;
    switch (what) {
      case "held":
      case "arrested": {
        const hold = unpackHold(value);
        const ledger = ledgerOf(entry, hold, asset);
        const { holds, spans } = accountOf(effect);
        holds.push(hold);
        spans.push({ caseNumber: hold.caseNumber, number: hold.number, from: Number(entry.timestamp), to: 0 });
        ledger.placed += amount;
        const target = targetOf(ledger, account);
        if (what === "arrested") target.arrested = true;
        return;
      }
      case "confirmed": {
        const { holds } = accountOf(effect);
        const { number } = unpackHold(value);
        confirm(
          entry,
          effect,
          holds.findIndex((it) => it.number === number && it.kind === HOLD_KINDS.provisional),
        );
        return;
      }
      case "extended": {
        const of = accountOf(effect);
        const { number } = unpackHold(value);
        const behind = extended.get(of) ?? 0;
        const isIt = (it: Hold, i: number) =>
          i >= behind && it.number === number && it.kind === HOLD_KINDS.arrested && isLive(it, Number(entry.timestamp));
        const index = of.holds.findIndex(isIt);
        confirm(entry, effect, index);
        extended.set(of, index + 1);
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
      case "demanded":
        demand(ledgerIn(caseOf(entry).ledgers, asset), account, amount);
        return;
      case "surrendered":
        surrender(ledgerIn(caseOf(entry).ledgers, asset), account, addressIn(value), amount);
        return;
      case "suspense":
      case "returned":
      case "claimDue":
      case "claimed":
      case "reserved":
      case "compensated":
      case "unreserved":
      case "forfeited":
      case "proceedsSpent":
      case "converted":
      case "proceeds":
      case "transferred":
        if (!move(caseOf(entry).ledgers, effect, entry.order)) {
          const has = `${amount} of ${asset} ${what}, ${account}`;
          throw new JournalContradictionError(entry.seq, has, "no more than what is owed or reserved");
        }
        return;
      case "stayed": {
        const order = delayedOf(entry, amount);
        Object.assign(order, timesOf(effect));
        order.stays.push({ officerIds: entry.officerIds });
        return;
      }
      case "appealed":
        delayedOf(entry, amount).appeals.push({ asset, holder: account, document: entry.document });
        appeal(entry, effect);
        return;
      case "vetoed":
        delayedOf(entry, amount).state = "vetoed";
        return;
      case "caseOpened": {
        const docketed = caseOf(entry);
        docketed.number = Number(value);
        byNumber.set(docketed.number, docketed);
        return;
      }
      case "vaultCreated":
        caseOf(entry).vault = account;
        return;
      case "assetInstalled":
        state.assets.push(asset);
        return;
      case "marked":
      case "forgotten":
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
    const order: DelayedState = {
      digest,
      act,
      caseId,
      document,
      ...timesOf(scheduled),
      state: "waits",
      extended: false,
      stays: [],
      appeals: [],
      ...(proposed && { proposed }),
    };
    state.delayed.set(digest, order);
    const last = appeals.get(appealKey(order));
    if (last !== undefined && Number(entry.timestamp) < last + appealTerm) extend(order);
  }

  /** An appeal makes the delay of every order that waits on the asset in the case longer, of each once. */
  function appeal(entry: Entry, { amount, ...effect }: Effect): void {
    const order = delayedOf(entry, amount);
    const told = timesOf({ amount, ...effect });
    if (!order.extended) appealTerm = told.start - order.start;
    const now = Number(entry.timestamp);
    appeals.set(appealKey(order), now);
    for (const other of state.delayed.values()) {
      const concerned = other.state === "waits" && !other.extended && now <= other.deadline;
      if (concerned && appealKey(other) === appealKey(order)) extend(other);
    }
    if (order.start !== told.start || order.deadline !== told.deadline) {
      const [has, needs] = [told, order].map(({ start, deadline }) => `${start} to ${deadline}`) as [string, string];
      throw new JournalContradictionError(entry.seq, `an appealed order from ${has}`, needs);
    }
  }

  function extend(order: DelayedState): void {
    order.start += appealTerm;
    order.deadline += appealTerm;
    order.extended = true;
  }

  function delayedOf({ seq }: Entry, digest: bigint): DelayedState {
    const order = state.delayed.get(wordOf(digest));
    if (order?.state !== "waits") {
      const has = `a change of the order ${wordOf(digest)}`;
      throw new JournalContradictionError(seq, has, "an order that was scheduled and waits");
    }
    return order;
  }

  /** The hold at `index` is confirmed, in whole or in part: the rest follows it. */
  function confirm(entry: Entry, effect: Effect, index: number): void {
    const { asset, account, amount, value } = effect;
    const { holds } = accountOf(effect);
    const hold = holds[index];
    const confirmed = unpackHold(value);
    if (hold === undefined || hold.amount < amount) {
      throw new JournalContradictionError(
        entry.seq,
        `a confirmation of ${amount} of ${asset} in ${account} under number ${confirmed.number}`,
        hold === undefined ? "a live hold of this number" : `at most ${hold.amount} under number ${hold.number}`,
      );
    }
    const rest = hold.amount - amount;
    holds.splice(index, 1, confirmed, ...(rest > 0n ? [{ ...hold, opens: false, amount: rest }] : []));
    targetOf(ledgerOf(entry, confirmed, asset), account).arrested = true;
  }

  /** Takes the effect's amount off the hold that it tells of; answers that hold. */
  function reduce(entry: Entry, effect: Effect): Hold {
    const { what, asset, account, amount, value } = effect;
    const { holds, spans } = accountOf(effect);
    const after = unpackHold(value);
    const before = { ...after, amount: after.amount + amount };
    // What ends whole before its time says when, instead of its former end.
    const isIt = (hold: Hold) =>
      packHold(hold) === packHold(before) ||
      (what !== "lapsed" && after.amount === 0n && hold.until > after.until && isSame(hold, before));
    // Of equal holds a lift ends the youngest, everything else the oldest.
    const index = what === "lifted" ? holds.findLastIndex(isIt) : holds.findIndex(isIt);
    if (index === -1) {
      const has = `${amount} of ${asset} in ${account} ${what} from the hold number ${after.number}`;
      throw new JournalContradictionError(entry.seq, has, `a hold of ${before.amount} that it was taken from`);
    }
    if (after.amount > 0n) {
      holds[index] = after;
      return after;
    }
    holds.splice(index, 1);
    const span = spans.find(({ number }) => number === after.number)!;
    span.to = Math.max(span.to, after.until);
    return after;
  }

  function caseOf({ seq, caseId }: Entry): CaseState {
    if (caseId === zeroHash) throw new JournalContradictionError(seq, "no case", "a case for what it tells");
    let docketed = state.cases.get(caseId);
    if (docketed === undefined) {
      docketed = { caseId, number: 0, ledgers: new Map() };
      state.cases.set(caseId, docketed);
    }
    return docketed;
  }

  function ledgerOf({ seq }: Entry, hold: Hold, asset: Address): Ledger {
    const docketed = byNumber.get(hold.caseNumber);
    if (docketed === undefined) {
      throw new JournalContradictionError(seq, `a hold of case number ${hold.caseNumber}`, "a case that was opened");
    }
    return ledgerIn(docketed.ledgers, asset);
  }

  function accountOf({ asset, account }: Pick<Effect, "asset" | "account">): AccountState {
    const key = keyOf(asset, account);
    let found = state.accounts.get(key);
    if (found === undefined) {
      found = { asset, account, holds: [], spans: [] };
      state.accounts.set(key, found);
    }
    return found;
  }
}

/** The key of an account of an asset in `JournalState.accounts`. */
export const accountKey = (asset: Address, account: Address): string => keyOf(getAddress(asset), getAddress(account));

/** Effects tell addresses in mixed case already. */
const keyOf = (asset: Address, account: Address): string => `${asset} ${account}`;

const appealKey = ({ caseId, proposed }: DelayedState): string => `${caseId} ${proposed?.asset}`;

/** Whether two words differ in their end alone. */
const isSame = (a: Hold, b: Hold): boolean => packHold({ ...a, until: 0 }) === packHold({ ...b, until: 0 });

function targetOf(ledger: Ledger, account: Address): TargetState {
  let target = ledger.targets.get(account);
  if (target === undefined) {
    target = { arrested: false, lapsed: false };
    ledger.targets.set(account, target);
  }
  return target;
}
