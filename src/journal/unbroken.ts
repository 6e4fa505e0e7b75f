import type { AccountState } from "./replay.ts";
import { isLive } from "./holds.ts";

/** How long an account has been held without a gap, and by how many cases, one after the other or at once. */
export interface Unbroken {
  /** Unix seconds. */
  since: number;
  cases: number;
}

/** Answers undefined where no hold is live in the second `at`. */
export function unbrokenOf({ holds, spans }: AccountState, at: number): Unbroken | undefined {
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
