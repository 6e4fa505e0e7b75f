import { isoOf } from "../../base/time.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { decodeEffects, type WhatName } from "../../journal/effects.ts";
import type { Entry } from "../../journal/entries.ts";
import { unpackHold } from "../../journal/holds.ts";
import { actName } from "../../orders/types.ts";
import { custodyAt } from "../custody.ts";
import type { NodeOptions } from "../node.ts";
import type { Streams } from "../order/place.ts";
import { toldOf } from "./read.ts";

/** Up to where a reader knows the journal: so many entries, and their head where the program told it. */
export interface Cursor {
  entries: bigint;
  head?: string;
}

export interface HoldFeedOptions extends NodeOptions {
  since?: Cursor;
}

/** The entries that the reader knows are not those of the journal any more. Exit code 64. */
export class CursorOfAnotherJournalError extends SequesterError {
  override name = "CursorOfAnotherJournalError";
  constructor(entries: bigint, has: string, needs: string) {
    super("The cursor is of another journal.", {
      code: EXIT.usage,
      metaMessages: [
        `who: entry ${entries}, as after a reorganization`,
        `has: head ${has}`,
        `needs: head ${needs}; 0 begins anew`,
      ],
    });
  }
}

/** The journal is shorter than where the reader says that it was: another deployment, or a chain that was reorganized. Exit code 64. */
export class CursorAheadError extends SequesterError {
  override name = "CursorAheadError";
  constructor(has: bigint, most: number) {
    super("The cursor is beyond the journal.", {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: at most ${most}; 0 begins anew`],
    });
  }
}

/** What a change makes of a hold, in a compliance system's words. */
const CHANGES: Partial<Record<WhatName, string>> = {
  held: "placed",
  arrested: "placed",
  confirmed: "confirmed",
  extended: "confirmed",
  lifted: "reduced",
  lapsed: "reduced",
  seized: "reduced",
};

/** Prints a JSON line for every change of a hold after an entry, and one with the cursor that the next call begins with. */
export async function feedHolds(options: HoldFeedOptions, { stdout }: Streams): Promise<void> {
  const custody = await custodyAt(options);
  const { entries, block } = custody;
  const { entries: since, head: known } = options.since ?? { entries: 0n };
  if (since > BigInt(entries.length)) throw new CursorAheadError(since, entries.length);
  const head = entries[Number(since) - 1]?.head;
  if (known !== undefined && known !== head) throw new CursorOfAnotherJournalError(since, known, String(head));
  const told = toldOf(custody);
  for (const { seq, act, timestamp, effects, document, order } of entries.slice(Number(since))) {
    const common = { entry: String(seq), at: isoOf(timestamp), act: actName(act) ?? String(act), document, order };
    for (const { what, asset, account, amount, value } of decodeEffects(effects)) {
      const change = CHANGES[what];
      if (change === undefined) continue;
      // What is left of it after a reduction stands in the value, whose amount may be nothing.
      const { amount: left, live: _, ...hold } = told(asset, account, unpackHold(value));
      const line = { change, what, ...common, ...hold, by: String(amount), left };
      stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
  stdout.write(`${JSON.stringify({ schema: "sequester.hold-feed/1", cursor: cursorAt(entries), block })}\n`);
}

const cursorAt = (entries: readonly Entry[]): string =>
  [entries.length, entries.at(-1)?.head].filter(Boolean).join(":");
