import { getAddress, isAddressEqual, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import type { Texts } from "../base/languages.ts";
import { addressIn, decodeEffects, sourceOf, type Effect } from "../journal/effects.ts";
import type { Entry } from "../journal/entries.ts";
import { HOLD_KINDS, unpackHold, type Hold, isLive } from "../journal/holds.ts";
import type { Ledger } from "../journal/ledger.ts";
import {
  accountKey,
  type CaseState,
  type DelayedState,
  type JournalState,
  type AccountState,
} from "../journal/replay.ts";
import { decodeCaseId } from "../orders/caseId.ts";
import { actName, ACTS } from "../orders/types.ts";
import type { People } from "./people.ts";
import type { NoticeReading, PendingReading } from "./reading.ts";
import { isoOf } from "../base/time.ts";

/** The entry of the journal that something rests on. */
export interface Basis {
  /** Number of the entry. */
  entry: string;
  act: string;
  /** UTC, to the second. */
  time: string;
  /** Agencies whose officers approved. */
  agencies: string[];
  /** The salted hash of the ruling; and the SHA-256 of its file, where it was opened. */
  document: Hex;
  file?: Hex;
  /** Digest of the order; none where the act needs none. */
  order?: Hex;
  transaction: Hex;
}

/** A hold on the account. Amounts are base units, times UTC. */
export interface HoldNotice {
  case: string;
  /** Its vault, where a seizure would bring the money. */
  vault: Address;
  number: number;
  kind: "provisional" | "arrested";
  since: string;
  /** The last second of the hold: after it, it has ended by itself. */
  until: string;
  live: boolean;
  amount: string;
  /** What of the balance it can claim, and what of later receipts. */
  covered: string;
  withheld: string;
  bases: Basis[];
}

/** What a case took from the account, and what became of it. Base units. */
export interface TakenNotice {
  case: string;
  vault: Address;
  taken: string;
  /** Answered by Returns, in kind or in proceeds, claims that wait included. */
  returned: string;
  /** Given to somebody else by Transfers that name the account. */
  transferred: string;
  /** Neither the one nor the other. */
  owed: string;
  /** Of the whole case: what the treasury got of this asset, whoever it was taken from. */
  forfeited: string;
  /** Paid by the platform for this sub-account. */
  surrendered: string;
  /** A payment that the account could not receive: anyone may have it paid with `Disposal.claim`. */
  claim: string;
  /** Seized in this sub-account of a platform, which has not paid it yet. */
  due: string;
  bases: Basis[];
}

/** A disposal that waits, of a case that holds or took money of the account. */
export interface PendingNotice {
  order: Hex;
  case: string;
  act: string;
  asset: Address;
  /** Base units. */
  amount: string;
  /** Who would be paid; nobody by name where a list of claimants is. */
  payee?: Address;
  /** Between these seconds it may be executed, and appealed against as long as it is not. */
  start: string;
  deadline: string;
  stayedBy: string[];
  appeals: { asset: Address; holder: Address; document: Hex }[];
  /** Whether the account has appealed, and whether it still may: the order concerns it. */
  appealed: boolean;
  mayAppeal: boolean;
  basis: Basis;
}

/** All that a holder, and anyone else, can read about an account of an asset. */
export interface Notice {
  schema: "sequester.notice/1";
  chainId: number;
  block: { number: string; hash: Hex; time: string };
  /** The head of the journal that all of this was checked against. */
  journal: { entries: string; head: Hex };
  asset: Address;
  symbol: string;
  decimals: number;
  account: Address;
  /** Base units. Of a sub-account what its platform says that it withholds; missing while it says nothing. */
  balance?: string;
  held: string;
  covered: string;
  withheld: string;
  /** The platform's wallet and when it was asked and answered, where the account stands for a sub-account. */
  subAccount?: { wallet: Address; askedAt: string; answeredAt?: string };
  /** Since when the account has been held without a gap, and by how many cases; missing where no hold is live. */
  unbroken?: { since: string; cases: number };
  holds: HoldNotice[];
  taken: TakenNotice[];
  pending: PendingNotice[];
  /** Where to contest: the contract whose `appeal` takes an appeal, from the holder or signed by it. */
  appealTo: Address;
  /** Where a hold is contested, as the jurisdiction says it; missing where the deployment tells nothing. */
  contact?: Texts;
}

/** The contracts' views and the journal say different things about an account. Exit code 3. */
export class NoticeContradictionError extends SequesterError {
  override name = "NoticeContradictionError";
  constructor(account: Address, differences: readonly string[]) {
    super(`The journal and the node's views contradict each other about ${account}.`, {
      code: EXIT.verification,
      metaMessages: differences,
    });
  }
}

/** What a notice is made of. The entries must have been checked against the head. */
export interface NoticeSources {
  reading: NoticeReading;
  entries: readonly Entry[];
  state: JournalState;
  people: People;
}

/** Delayed orders that wait in the cases given, and whose time has not run out at `now` (Unix seconds). */
export const waitingIn = (state: JournalState, cases: ReadonlySet<Hex>, now: number): DelayedState[] =>
  [...state.delayed.values()].filter(
    ({ caseId, state: its, deadline }) => its === "waits" && now <= deadline && cases.has(caseId),
  );

/** The ids of the cases that took something of the account, in any asset, or owe it something. */
export const casesThatTook = (state: JournalState, account: Address): Hex[] =>
  [...state.cases.values()]
    .filter(({ ledgers }) => [...ledgers.values()].some((ledger) => took(ledger, getAddress(account))))
    .map(({ caseId }) => caseId);

const took = ({ takenFrom, claims, surrendered, dues }: Ledger, account: Address): boolean =>
  [takenFrom, claims, surrendered, dues].some((sums) => sums.has(account));

/**
 * Joins what the contracts say now with what the journal tells of how it came about.
 * @throws NoticeContradictionError where they differ.
 */
export function noticeOf({ reading, entries, state, people }: NoticeSources): Notice {
  const { asset, account, block, holds, pending, subAccount } = reading;
  compare(reading, state);
  const found = basesIn(entries, people);
  const asked = (second: number) => isoOf(BigInt(second));
  const told = state.accounts.get(accountKey(asset.address, account));
  const unbroken = told && unbrokenOf(told, Number(block.timestamp));
  const unanswered = subAccount !== undefined && subAccount.answeredAt === 0;
  return {
    schema: "sequester.notice/1",
    chainId: reading.chainId,
    block: { number: String(block.number), hash: block.hash, time: isoOf(block.timestamp) },
    journal: { entries: String(reading.head.entries), head: reading.head.head },
    asset: asset.address,
    symbol: asset.symbol,
    decimals: asset.decimals,
    account,
    ...(unanswered ? {} : { balance: String(reading.balance) }),
    held: String(reading.held),
    covered: String(reading.covered),
    withheld: String(reading.withheld),
    ...(subAccount && {
      subAccount: {
        wallet: subAccount.wallet,
        askedAt: asked(subAccount.askedAt),
        ...(unanswered ? {} : { answeredAt: asked(subAccount.answeredAt) }),
      },
    }),
    ...(unbroken && { unbroken: { since: asked(unbroken.since), cases: unbroken.cases } }),
    holds: holds.map((hold) => ({
      case: decodeCaseId(hold.caseId),
      vault: hold.vault,
      number: hold.number,
      kind: hold.kind === HOLD_KINDS.arrested ? "arrested" : "provisional",
      since: isoOf(BigInt(hold.since)),
      until: isoOf(BigInt(hold.until)),
      live: hold.live,
      amount: String(hold.amount),
      covered: String(hold.covered),
      withheld: String(hold.withheld),
      bases: found((_, effect) => concerns(effect, reading) && isPlacement(effect, hold.number)),
    })),
    taken: [...state.cases.values()].flatMap((docketed) => {
      const ledger = docketed.ledgers.get(asset.address);
      return ledger !== undefined && took(ledger, getAddress(account))
        ? [takenNotice(docketed, ledger, reading, found)]
        : [];
    }),
    pending: pending.map((order) => pendingNotice(order, reading, state, people, found)),
    appealTo: reading.disposal,
  };
}

type Found = (concerned: (entry: Entry, effect: Effect) => boolean) => Basis[];

/** Finds the entries with an effect that concerns somebody; every entry is decoded once. */
function basesIn(entries: readonly Entry[], people: People): Found {
  const decoded = entries.map((entry) => ({ entry, effects: decodeEffects(entry.effects) }));
  return (concerned) =>
    decoded
      .filter(({ entry, effects }) => effects.some((effect) => concerned(entry, effect)))
      .map(({ entry }) => basisOf(entry, people));
}

function basisOf({ seq, act, timestamp, officerIds, document, order, transactionHash }: Entry, people: People): Basis {
  const file = people.fileOf(document);
  return {
    entry: String(seq),
    act: actName(act) ?? `act ${act}`,
    time: isoOf(timestamp),
    agencies: people.agenciesOf(officerIds),
    document,
    ...(file && { file }),
    ...(order !== zeroHash && { order }),
    transaction: transactionHash,
  };
}

const concerns = ({ asset, account }: Effect, reading: NoticeReading) =>
  isAddressEqual(asset, reading.asset.address) && isAddressEqual(account, reading.account);

const PLACES: readonly Effect["what"][] = ["held", "arrested", "confirmed", "extended"];

const isPlacement = ({ what, value }: Effect, number: number) =>
  PLACES.includes(what) && unpackHold(value).number === number;

const MOVES: readonly Effect["what"][] = ["demanded", "surrendered", "returned", "claimDue", "claimed"];

/** Whether an effect moves money of the account, or of all whose money the case took. */
function moves(effect: Effect, reading: NoticeReading): boolean {
  const { what, asset, amount, value } = effect;
  if (!isAddressEqual(asset, reading.asset.address)) return false;
  if (what === "forfeited") return true;
  if (what === "transferred") return isAddressEqual(sourceOf(value).holder, reading.account);
  if (what === "surrendered" && isAddressEqual(addressIn(value), reading.account)) return true;
  return concerns(effect, reading) && (MOVES.includes(what) || (what === "seized" && amount > 0n));
}

function takenNotice({ caseId, vault }: CaseState, ledger: Ledger, reading: NoticeReading, found: Found): TakenNotice {
  const account = getAddress(reading.account);
  const of = (sums: ReadonlyMap<Address, bigint>) => sums.get(account) ?? 0n;
  const [taken, owed, transferred] = [of(ledger.takenFrom), of(ledger.owed), of(ledger.transferredFrom)];
  // Proceeds that wait as a claim answer for another asset: nothing of this one was taken for them.
  const returned = taken > owed + transferred ? taken - owed - transferred : 0n;
  return {
    case: decodeCaseId(caseId),
    vault: vault!,
    taken: String(taken),
    returned: String(returned),
    transferred: String(transferred),
    owed: String(owed),
    forfeited: String(ledger.forfeited),
    surrendered: String(of(ledger.surrendered)),
    claim: String(of(ledger.claims)),
    due: String(of(ledger.dues)),
    bases: found((entry, effect) => entry.caseId === caseId && moves(effect, reading)),
  };
}

function pendingNotice(
  { order, delayed, appealed, affected }: PendingReading,
  { block }: NoticeReading,
  state: JournalState,
  people: People,
  found: Found,
): PendingNotice {
  const told = state.delayed.get(order)!;
  const { asset, account, amount } = told.proposed!;
  const [basis] = found((entry, { what }) => what === "scheduled" && entry.order === order);
  return {
    order,
    case: decodeCaseId(told.caseId),
    act: actName(told.act)!,
    asset,
    amount: String(amount),
    ...(told.act !== ACTS.Compensate && account !== zeroAddress && { payee: account }),
    start: isoOf(BigInt(delayed.start)),
    deadline: isoOf(BigInt(delayed.deadline)),
    stayedBy: people.agenciesOf(told.stays.flatMap(({ officerIds }) => officerIds)),
    appeals: told.appeals,
    appealed,
    mayAppeal: affected && !appealed && block.timestamp <= BigInt(delayed.deadline),
    basis: basis!,
  };
}

/** Refuses views that say something else than the journal. */
function compare({ asset, account, holds, taken, pending }: NoticeReading, state: JournalState): void {
  const differences: string[] = [];
  const shown = ({
    number,
    kind,
    since,
    until,
    amount,
  }: Pick<Hold, "number" | "kind" | "since" | "until" | "amount">) =>
    `number ${number}, kind ${kind}, ${amount} from ${since} until ${until}`;
  const differ = (what: string, has: string, needs: string) => {
    if (has !== needs) differences.push(`${what}: the node has ${has || "none"}, the journal ${needs || "none"}`);
  };
  const byNumber = new Map([...state.cases.values()].map(({ number, caseId }) => [number, caseId]));
  const told = state.accounts.get(accountKey(asset.address, account))?.holds ?? [];
  differ(
    "holds",
    holds.map((hold) => `${hold.caseId} ${shown(hold)}`).join("; "),
    told.map((hold) => `${byNumber.get(hold.caseNumber) ?? zeroHash} ${shown(hold)}`).join("; "),
  );
  const rows = new Map(taken.map((row) => [row.caseId, row]));
  for (const { caseId, ledgers } of state.cases.values()) {
    const ledger = ledgers.get(asset.address);
    const row = rows.get(caseId);
    for (const [what, has, sums] of [
      ["owed", row?.owed, ledger?.owed],
      ["to be claimed", row?.claim, ledger?.claims],
      ["due", row?.due, ledger?.dues],
    ] as const) {
      differ(`${what} in ${decodeCaseId(caseId)}`, String(has ?? 0n), String(sums?.get(getAddress(account)) ?? 0n));
    }
  }
  for (const { order, delayed, appealed } of pending) {
    const needs = state.delayed.get(order)!;
    const times = (start: number, deadline: number, own: boolean) => `${start} to ${deadline}, appealed ${own}`;
    const own = needs.appeals.some(({ holder }) => isAddressEqual(holder, account));
    differ(
      `the order ${order}`,
      times(delayed.start, delayed.deadline, appealed),
      times(needs.start, needs.deadline, own),
    );
  }
  if (differences.length > 0) throw new NoticeContradictionError(account, differences);
}

/** How long an account has been held without a gap, and by how many cases, one after the other or at once. */
interface Unbroken {
  /** Unix seconds. */
  since: number;
  cases: number;
}

/** Answers undefined where no hold is live in the second `at`. */
function unbrokenOf({ holds, spans }: AccountState, at: number): Unbroken | undefined {
  if (!holds.some((hold) => isLive(hold, at))) return undefined;
  const ended = new Map(spans.map(({ number, to }) => [number, to]));
  for (const { number, until } of holds) ended.set(number, Math.max(ended.get(number) ?? 0, until));
  let since = at;
  let cases = new Set<number>();
  // A hold may begin after another that reaches further back: look until nothing reaches further.
  for (let before = Infinity; since < before;) {
    before = since;
    const reaching = spans.filter(({ number }) => ended.get(number)! + 1 >= before);
    since = Math.min(since, ...reaching.map(({ from }) => from));
    cases = new Set(reaching.map(({ caseNumber }) => caseNumber));
  }
  return { since, cases: cases.size };
}
