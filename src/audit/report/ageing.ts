import type { Address, Hex } from "viem";
import { decodeEffects } from "../../journal/effects.ts";
import type { Entry } from "../../journal/entries.ts";
import { isLive, unpackHold } from "../../journal/holds.ts";
import type { AccountState, JournalState } from "../../journal/replay.ts";

const DAY = 86_400;
/** Days beyond which a hold is named as an old one. */
export const AGES = [30, 90, 180] as const;

/** A live hold and its age. Seconds are Unix time. */
export interface AgedHold {
  readonly number: number;
  readonly caseId: Hex;
  readonly asset: Address;
  readonly account: Address;
  readonly kind: number;
  /** Base units. */
  readonly amount: bigint;
  readonly until: number;
  /** Since when this account is held without a gap, by whatever case. */
  readonly heldSince: number;
  /** How many days beyond which it is older: the highest of `AGES`, else 0. */
  readonly beyondDays: number;
  /** What it rests on, and whether that was ever opened. */
  readonly document: Hex;
  readonly opened: boolean;
}

/** The holds that are live in the second `at`, the longest held first. The entries and their state are those up to it. */
export function ageingOf(entries: readonly Entry[], { cases, accounts }: JournalState, at: number): AgedHold[] {
  const caseIds = new Map([...cases.values()].map(({ number, caseId }) => [number, caseId]));
  const { documents, opened } = documentsOf(entries);
  return [...accounts.values()]
    .flatMap((account) => {
      const heldSince = heldSinceOf(account, at);
      const age = at - heldSince;
      return account.holds
        .filter((hold) => isLive(hold, at))
        .map(({ number, caseNumber, kind, amount, until }): AgedHold => {
          const document = documents.get(number)!;
          return {
            number,
            caseId: caseIds.get(caseNumber)!,
            asset: account.asset,
            account: account.account,
            kind,
            amount,
            until,
            heldSince,
            beyondDays: AGES.findLast((days) => age > days * DAY) ?? 0,
            document,
            opened: opened.has(document),
          };
        });
    })
    .sort((a, b) => a.heldSince - b.heldSince || a.number - b.number);
}

/** The first second of the time up to `at` in which the account was held without a gap. */
export function heldSinceOf({ holds, spans }: Pick<AccountState, "holds" | "spans">, at: number): number {
  const ends = new Map<number, number>();
  for (const { number, until } of holds) ends.set(number, Math.max(ends.get(number) ?? 0, until));
  let since = at;
  const last = spans.map(({ number, from, to }) => ({ from, to: Math.max(to, ends.get(number) ?? 0) }));
  // Each span that reaches the time found so far leads further back.
  for (const { from, to } of last.sort((a, b) => b.to - a.to)) if (to + 1 >= since && from < since) since = from;
  return since;
}

/** On which document each hold rests, by its placement number: the last that placed, confirmed or extended it. */
function documentsOf(entries: readonly Entry[]) {
  const documents = new Map<number, Hex>();
  const opened = new Set<Hex>();
  for (const { effects, document } of entries) {
    for (const { what, value } of decodeEffects(effects)) {
      if (what === "held" || what === "arrested" || what === "confirmed" || what === "extended") {
        documents.set(unpackHold(value).number, document);
      }
      if (what === "documentOpened") opened.add(document);
    }
  }
  return { documents, opened };
}
