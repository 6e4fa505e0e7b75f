// What came of a transaction, for people.
import { decodeEffects, timesOf, type Effect, type WhatName } from "../../journal/effects.ts";
import { amountIn } from "../../orders/acts/words.ts";
import { timeIn, type Words } from "../../orders/sentence.ts";
import { actName } from "../../orders/types.ts";
import type { Surroundings } from "../operation.ts";
import type { Sent } from "./sending.ts";

/** Prints the entries of a transaction, and what each came to. */
export function showSent({ hash, block, entries }: Sent, words: Words, { stdout }: Pick<Surroundings, "stdout">): void {
  for (const { seq, act, order, head, effects } of entries) {
    const of = BigInt(order) === 0n ? "" : `, order ${order}`;
    stdout.write(`entry ${seq}: ${actName(act)}${of}\n`);
    for (const line of cameTo(decodeEffects(effects), words)) stdout.write(`  ${line}\n`);
    stdout.write(`  head ${head}\n`);
  }
  stdout.write(`  transaction ${hash}, block ${block}\n`);
}

/** Changes whose amount is one of their asset. */
const MONEY: ReadonlySet<WhatName> = new Set<WhatName>([
  ...(["held", "arrested", "confirmed", "extended", "lifted", "seized", "demanded", "returned", "claimDue"] as const),
  ...(["proposed", "forfeited", "reserved", "converted", "proceeds", "transferred"] as const),
  ...(["lapsed", "suspense", "claimed", "compensated", "unreserved", "acknowledged", "surrendered"] as const),
]);

/** What an act came to: a seizure of nothing is an entry, too, and what is scheduled was not done yet. */
function cameTo(effects: readonly Effect[], words: Words): string[] {
  const money = effects.filter(({ what }) => MONEY.has(what));
  const sums = [...Map.groupBy(money, ({ what, asset }) => `${what} ${asset}`).values()].map(([first, ...more]) => {
    const sum = more.reduce((total, { amount }) => total + amount, first!.amount);
    return `${first!.what} ${amountIn(first!.asset, sum, words)}`;
  });
  const times = effects.flatMap((effect) => {
    if (effect.what !== "scheduled") return [];
    const { start, deadline } = timesOf(effect);
    return [`scheduled: to be executed from ${timeIn(start, words)} to ${timeIn(deadline, words)}`];
  });
  return [...sums, ...times];
}
