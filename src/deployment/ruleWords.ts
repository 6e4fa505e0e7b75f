import type { Hex } from "viem";
import { formatOffset } from "../base/time.ts";
import { SELF } from "../orders/types.ts";

/** The times of a rule for people, in seconds each. */
export const ruleTimes = ({ delay, grace, term }: { delay: number; grace: number; term: number }): string =>
  [
    delay > 0 ? `after ${formatOffset(delay)}` : "at once",
    ...(grace > 0 ? [`within ${formatOffset(grace)}`] : []),
    ...(term > 0 ? [`for at most ${formatOffset(term)}`] : []),
  ].join(", ");

/** Least officers of a rule for people, from one hex digit per agency, agency 0 lowest. */
export function unpackOfficers(packed: Hex, agencies: readonly string[]): string {
  const digits = [...packed.slice(2)].reverse().map((digit) => parseInt(digit, 16));
  const named = digits.flatMap((n, i) =>
    n === 0 ? [] : [`${n} ${i === SELF ? "SELF" : (agencies[i] ?? `agency ${i}`)}`],
  );
  return named.join(" + ");
}
