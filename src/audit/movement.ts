import type { Ledger } from "../journal/ledger.ts";
import { inCustodyOf } from "./sums.ts";

const MOVED = ["taken", "proceeds", "returned", "converted", "compensated", "forfeited", "transferred"] as const;
type Moved = (typeof MOVED)[number];

/** The custody of one asset in one case over a period, in base units: opening + what came - what went = closing. */
export interface Movement extends Readonly<Record<Moved, bigint>> {
  readonly opening: bigint;
  readonly closing: bigint;
}

type Told = Pick<Ledger, Moved>;

/** What moved between two moments of a ledger; undefined: there was none yet. */
export function movementOf(before: Told | undefined, after: Told): Movement {
  const moved = Object.fromEntries(MOVED.map((name) => [name, after[name] - (before?.[name] ?? 0n)]));
  const opening = before === undefined ? 0n : inCustodyOf(before);
  return { opening, ...(moved as Record<Moved, bigint>), closing: inCustodyOf(after) };
}
