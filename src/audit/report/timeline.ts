import { zeroAddress, zeroHash, numberToHex, type Address, type Hex } from "viem";
import { decodeEffects, type WhatName } from "../../journal/effects.ts";
import type { Entry } from "../../journal/entries.ts";
import type { Powers } from "../../journal/powers.ts";

/** What of an entry's effects stands in a timeline: what happens to holds, money and documents of a case. */
export const TOLD_CHANGES = [
  ...(["caseOpened", "vaultCreated", "held", "arrested", "confirmed", "extended", "lifted", "lapsed"] as const),
  ...(["seized", "demanded", "surrendered", "suspense", "returned", "claimDue", "claimed"] as const),
  ...(["forfeited", "reserved", "compensated", "unreserved", "converted", "proceeds", "transferred"] as const),
  ...(["scheduled", "proposed", "stayed", "vetoed", "appealed", "documentOpened"] as const),
] as const satisfies readonly WhatName[];
export type ToldChange = (typeof TOLD_CHANGES)[number];

/** Changes whose amount is no money. */
const WITHOUT_AMOUNT: ReadonlySet<WhatName> = new Set([
  ...(["caseOpened", "vaultCreated", "scheduled", "stayed", "vetoed", "appealed", "documentOpened"] as const),
]);

export interface Change {
  readonly what: ToldChange;
  readonly asset?: Address;
  readonly account?: Address;
  /** Base units. */
  readonly amount?: bigint;
  /** SHA-256 of the file of a document that was opened. */
  readonly file?: Hex;
}

/** One step of a case's chain of custody. */
export interface Step {
  readonly entry: number;
  /** Unix seconds. */
  readonly at: number;
  readonly act: number;
  /** Whose approvals counted; of an execution, those of the entry that scheduled the order. */
  readonly approvals: readonly { readonly officer: Hex; readonly agency: string }[];
  /** The entry that has the approvals, where it is another. */
  readonly approvedIn?: number;
  readonly document?: Hex;
  readonly order?: Hex;
  readonly transaction: Hex;
  readonly changes: readonly Change[];
}

/** Everything that the journal tells of a case, in its order. */
export function timelineOf(entries: readonly Entry[], caseId: Hex, { officers, agencies }: Powers): Step[] {
  const scheduled = new Map<Hex, Entry>();
  return entries.flatMap((entry): Step[] => {
    const { seq, timestamp, act, document, order, transactionHash } = entry;
    const earlier = entry.officerIds.length > 0 ? undefined : scheduled.get(order);
    if (order !== zeroHash && entry.officerIds.length > 0) scheduled.set(order, entry);
    if (entry.caseId !== caseId) return [];
    const approvals = (earlier ?? entry).officerIds.map((officer) => {
      const index = officers.get(officer)?.agency;
      return { officer, agency: (index !== undefined && agencies.get(index)) || `${index}` };
    });
    return [
      {
        entry: Number(seq),
        at: Number(timestamp),
        act,
        approvals,
        ...(earlier && { approvedIn: Number(earlier.seq) }),
        ...(document !== zeroHash && { document }),
        ...(order !== zeroHash && { order }),
        transaction: transactionHash,
        changes: changesIn(entry),
      },
    ];
  });
}

const isTold = (what: WhatName): what is ToldChange => (TOLD_CHANGES as readonly WhatName[]).includes(what);

const changesIn = ({ effects }: Entry): Change[] =>
  decodeEffects(effects).flatMap(({ what, asset, account, amount, value }): Change[] => {
    if (!isTold(what)) return [];
    return [
      {
        what,
        ...(asset !== zeroAddress && { asset }),
        ...(account !== zeroAddress && { account }),
        ...(asset !== zeroAddress && !WITHOUT_AMOUNT.has(what) && { amount }),
        ...(what === "documentOpened" && { file: numberToHex(value, { size: 32 }) }),
      },
    ];
  });
