import type { Hex } from "viem";
import { decodeEffects, type WhatName } from "../journal/effects.ts";
import type { Entry } from "../journal/entries.ts";
import { powersOf, type Powers } from "../journal/powers.ts";
import { SELF } from "../orders/acts/officers.ts";

/** A change of who may do what, after the charter. */
export interface Change {
  readonly entry: number;
  /** Unix seconds. */
  readonly at: number;
  readonly act: number;
  readonly what: readonly WhatName[];
  readonly document: Hex;
  /** Agencies of the officers whose approvals counted, by index; those who signed were seated then. */
  readonly agencies: readonly number[];
}

/** Who may do what at a moment, and how it came to be. */
export interface CharterAt {
  readonly document: Hex;
  readonly installed: number;
  readonly signedBy: readonly Hex[];
  readonly powers: Powers;
  readonly changes: readonly Change[];
}

/** What changes who may do what, in words. */
export const CHANGES: ReadonlyMap<WhatName, string> = new Map([
  ["admitted", "officer seated"],
  ["dismissed", "officer dismissed"],
  ["ruleSet", "rule set"],
  ["treasurySet", "treasury set"],
  ["numberSet", "number of the charter set"],
  ["verifierAllowed", "verifier of keys allowed"],
  ["licensed", "wallet licensed"],
  ["suspended", "platform suspended"],
  ["assetInstalled", "asset installed"],
  ["contractInstalled", "contract installed"],
]);

/** Reads it from the entries up to the second `at`, Unix time. Entries are those of a whole journal. */
export function charterAt(entries: readonly Entry[], at: number): CharterAt | undefined {
  const until = entries.filter(({ timestamp }) => Number(timestamp) <= at);
  const [first, ...later] = until;
  if (first === undefined) return undefined;
  const powers = powersOf(until);
  const changes = later.flatMap((entry): Change[] => {
    const what = decodeEffects(entry.effects).flatMap((it) => (CHANGES.has(it.what) ? [it.what] : []));
    if (what.length === 0) return [];
    const agencies = entry.officerIds.flatMap((id) => powers.officers.get(id)?.agency ?? []);
    const { seq, timestamp, act, document } = entry;
    return [{ entry: Number(seq), at: Number(timestamp), act, what: [...new Set(what)], document, agencies }];
  });
  return {
    document: first.document,
    installed: Number(first.timestamp),
    signedBy: first.officerIds,
    powers,
    changes,
  };
}

/** Acts that one agency decides without another, by its index, ascending; those of its own officers alone are not among them. */
export const aloneOf = (powers: Powers, agency: number): number[] => decidedBy(powers, agency);

/** Acts that every agency decides without another where they are about its own officers, ascending. */
export const aloneOfItself = (powers: Powers): number[] => decidedBy(powers, SELF);

const decidedBy = ({ rules }: Powers, agency: number): number[] =>
  [...rules]
    .filter(([, alternatives]) => alternatives.some(({ officers }) => officers.size === 1 && officers.has(agency)))
    .map(([act]) => act)
    .sort((a, b) => a - b);
