import { zeroHash, type Address, type Hex } from "viem";
import { addressIn, decodeEffects, seatOf, sourceOf, timesOf, wordOf, type Effect } from "../../journal/effects.ts";
import type { Entry } from "../../journal/entries.ts";
import { HOLD_KINDS, unpackHold } from "../../journal/holds.ts";
import { ACTS, actName, decodeCaseId, decodeName } from "../../orders/index.ts";
import { isoOf } from "../../base/time.ts";

/** When something was entered: ISO date and time. */
interface Told {
  at: string;
  case: string;
}

/** An amount of an asset in an account, in base units as a decimal string. */
interface Amount {
  asset: Address;
  account: Address;
  amount: string;
}

/** The end of a hold by time, in its last second; `recorded` is when somebody entered it, null: nobody did. */
export type LapseEvent = Told & Amount & { since: string; recorded: string | null };

/** A hold, or a part of one, that a decision ended: it should not have been. `seconds` is how long it was. */
export type WrongfulHold = Told & Amount & { since: string; seconds: number; arrested: boolean };

/** What happened to a scheduled order: its digest, the window that it has since. */
interface AboutOrder extends Told {
  order: Hex;
  /** Act of the order, as "Forfeit". */
  act: string;
}

export type AppealEvent = AboutOrder & { asset: Address; holder: Address; start: string; deadline: string };
/** `by` are the agencies of its officers. */
export type StayEvent = AboutOrder & { by: string[]; start: string; deadline: string };
export type VetoEvent = AboutOrder & { by: string[] };

/** A claim that was paid: of a compensation its digest and place in the list, or of a payment that was refused once. */
export type ClaimEvent = Told & Amount & { order: Hex | null; index: number | null };

/** A hold in a sub-account of a platform, and what became of it. */
export interface ExchangeHoldEvent extends Told, Amount {
  wallet: Address;
  subAccount: string;
  /** What the platform said that it withholds; null: it never answered. */
  acknowledged: string | null;
  /** Seconds until its first answer. */
  answeredAfter: number | null;
  demanded: string;
  surrendered: string;
}

/** A delivery against payment: the amount, and what it was worth at three times. */
export interface ConversionEvent extends Told, Amount {
  order: Hex;
  proceedsAsset: Address;
  /** At seizure, at the rates that the reader of the journal has; null: it has none. */
  worthAtSeizure: string | null;
  /** The least that the order asked for. */
  leastProceeds: string;
  /** What was paid. */
  proceeds: string;
}

/** A payment to a free payee. `holder` is whose limit it used up; null: nobody's. */
export type TransferEvent = Told & Amount & { order: Hex; source: number; holder: Address | null };

/** What a statement tells beside its sums: every event of due process, in the order of the journal. */
export interface Chronicle {
  lapses: LapseEvent[];
  wrongfulHolds: WrongfulHold[];
  appeals: AppealEvent[];
  claims: ClaimEvent[];
  exchangeHolds: ExchangeHoldEvent[];
  conversions: ConversionEvent[];
  transfers: TransferEvent[];
  stays: StayEvent[];
  vetoes: VetoEvent[];
}

/** What an amount of one asset is worth in another, in base units of that; undefined: unknown. */
export type Worth = (asset: Address, amount: bigint, inAsset: Address) => bigint | undefined;

/**
 * Tells the events of a journal that `verifyChain` and `replay` have passed.
 * @throws UnreadableEffectsError, UnknownEffectError
 */
export function chronicleOf(entries: Iterable<Entry>, worth: Worth): Chronicle {
  const chronicle: Chronicle = {
    lapses: [],
    wrongfulHolds: [],
    appeals: [],
    claims: [],
    exchangeHolds: [],
    conversions: [],
    transfers: [],
    stays: [],
    vetoes: [],
  };
  const caseIds = new Map<number, Hex>();
  const acts = new Map<bigint, number>();
  const agencies = new Map<number, string>();
  const seats = new Map<Hex, number>();
  const least = new Map<Hex, bigint>();
  for (const entry of entries) {
    const effects = decodeEffects(entry.effects);
    for (const effect of effects) tell(entry, effect, effects);
  }
  return chronicle;

  function tell(entry: Entry, effect: Effect, all: readonly Effect[]): void {
    const { what, asset, account, amount, value } = effect;
    const now = Number(entry.timestamp);
    const told = { at: isoOf(now), case: entry.caseId === zeroHash ? "" : decodeCaseId(entry.caseId) };
    const units = { asset, account, amount: String(amount) };
    switch (what) {
      case "agencyNamed":
        agencies.set(Number(amount), decodeName(wordOf(value)));
        return;
      case "admitted":
        seats.set(wordOf(value), seatOf(amount).agency);
        return;
      case "caseOpened":
        caseIds.set(Number(value), entry.caseId);
        return;
      case "scheduled":
        acts.set(BigInt(entry.order), entry.act);
        return;
      case "proposed":
        if (entry.act === ACTS.Convert) least.set(entry.order, value);
        return;
      case "lapsed":
      case "lifted": {
        const { since, until, kind, caseNumber } = unpackHold(value);
        const of = { ...told, case: decodeCaseId(caseIds.get(caseNumber)!), ...units, since: isoOf(since) };
        if (what === "lapsed") chronicle.lapses.push({ ...of, at: isoOf(until), recorded: told.at });
        else chronicle.wrongfulHolds.push({ ...of, seconds: now - since, arrested: kind === HOLD_KINDS.arrested });
        return;
      }
      case "appealed":
        chronicle.appeals.push({ ...aboutOrder(told, amount), asset, holder: account, ...window(effect) });
        return;
      case "stayed":
        chronicle.stays.push({ ...aboutOrder(told, amount), by: agenciesOf(entry), ...window(effect) });
        return;
      case "vetoed":
        chronicle.vetoes.push({ ...aboutOrder(told, amount), by: agenciesOf(entry) });
        return;
      case "claimed":
        chronicle.claims.push({ ...told, ...units, order: null, index: null });
        return;
      case "compensated":
        chronicle.claims.push({ ...told, ...units, order: entry.order, index: Number(value) });
        return;
      case "subAccount": {
        const held = all.find((other) => other.what === "held" && other.account === account)!;
        chronicle.exchangeHolds.push({
          ...told,
          asset,
          account,
          amount: String(held.amount),
          wallet: addressIn(amount),
          subAccount: decodeName(wordOf(value)),
          acknowledged: null,
          answeredAfter: null,
          demanded: "0",
          surrendered: "0",
        });
        return;
      }
      case "acknowledged":
        for (const hold of exchangeHoldsOn(asset, account)) {
          hold.acknowledged = String(amount);
          hold.answeredAfter ??= Number(value);
        }
        return;
      case "demanded":
      case "surrendered": {
        const of = what === "demanded" ? account : addressIn(value);
        const hold = exchangeHoldsOn(asset, of).find((it) => it.case === told.case);
        if (hold !== undefined) hold[what] = String(BigInt(hold[what]) + amount);
        return;
      }
      case "converted": {
        const paid = all.find((other) => other.what === "proceeds")!;
        chronicle.conversions.push({
          ...told,
          ...units,
          order: entry.order,
          proceedsAsset: paid.asset,
          worthAtSeizure: worth(asset, amount, paid.asset)?.toString() ?? null,
          leastProceeds: String(least.get(entry.order)),
          proceeds: String(paid.amount),
        });
        return;
      }
      case "transferred": {
        const { source, holder } = sourceOf(value);
        const named = BigInt(holder) === 0n ? null : holder;
        chronicle.transfers.push({ ...told, ...units, order: entry.order, source, holder: named });
        return;
      }
      default:
        return;
    }
  }

  function agenciesOf({ officerIds }: Entry): string[] {
    return officerIds.map((id) => agencies.get(seats.get(id)!)!);
  }

  function aboutOrder(told: Told, digest: bigint): AboutOrder {
    return { ...told, order: wordOf(digest), act: actName(acts.get(digest)!)! };
  }

  function exchangeHoldsOn(asset: Address, account: Address): ExchangeHoldEvent[] {
    return chronicle.exchangeHolds.filter((hold) => hold.asset === asset && hold.account === account);
  }
}

/** ISO date and time of Unix seconds. */
function window(effect: Effect): { start: string; deadline: string } {
  const { start, deadline } = timesOf(effect);
  return { start: isoOf(start), deadline: isoOf(deadline) };
}
