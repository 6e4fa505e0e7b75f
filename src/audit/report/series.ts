import type { Address, Hex } from "viem";
import { decodeEffects, sourceOf, SOURCES, type Effect } from "../../journal/effects.ts";
import type { Entry } from "../../journal/entries.ts";

/** Custody of one asset at the end of a step of time. Unix seconds, base units. */
export interface Point {
  readonly at: number;
  readonly amount: bigint;
}

/** Custody of one asset over time. */
export interface Series {
  readonly asset: Address;
  readonly points: readonly Point[];
}

/** Which custody is drawn: of one case or of all, over the seconds after `after` up to `until`. */
export interface Drawn {
  readonly caseId?: Hex;
  readonly after: number;
  readonly until: number;
}

/** Points of a series, the first moment counted. */
const STEPS = 24;

/** The custody of each asset that ever was in it, at equal steps of time. */
export function seriesOf(entries: readonly Entry[], { caseId, after, until }: Drawn): Series[] {
  const width = Math.max(1, Math.ceil((until - after) / STEPS));
  const times: number[] = [after];
  while (times.at(-1)! < until) times.push(Math.min(until, times.at(-1)! + width));
  const sums = new Map<Address, bigint[]>();
  for (const entry of entries) {
    const at = Number(entry.timestamp);
    if (at > until || (caseId !== undefined && entry.caseId !== caseId)) continue;
    const step = times.findIndex((time) => at <= time);
    for (const effect of decodeEffects(entry.effects)) {
      const change = changeOf(effect);
      if (change === 0n) continue;
      const changes = sums.get(effect.asset) ?? times.map(() => 0n);
      sums.set(effect.asset, changes);
      changes[step]! += change;
    }
  }
  return [...sums].map(([asset, changes]) => {
    let amount = 0n;
    return { asset, points: times.map((at, i) => ({ at, amount: (amount += changes[i]!) })) };
  });
}

/** By how much a change makes the custody of its asset more, or less. */
function changeOf({ what, amount, value }: Effect): bigint {
  switch (what) {
    case "seized":
    case "surrendered":
    case "proceeds":
      return amount;
    case "demanded":
    case "returned":
    case "claimed":
    case "compensated":
    case "converted":
    case "forfeited":
      return -amount;
    case "transferred":
      return sourceOf(value).source === SOURCES.suspense ? 0n : -amount;
    default:
      return 0n;
  }
}
