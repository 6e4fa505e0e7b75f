import { hexToString, type Hex } from "viem";
import { decodeEffects, seatOf, wordOf } from "../journal/effects.ts";
import type { Entry } from "../journal/entries.ts";

/** Who signs: what the journal tells of agencies and officers, and which documents were opened. */
export interface People {
  /** The name of the agency with this index. */
  agency(index: number): string;
  /** The agencies of officers, each once, in the order of their indices. */
  agenciesOf(officerIds: readonly Hex[]): string[];
  /** The SHA-256 of a document's file, where somebody opened it. */
  fileOf(document: Hex): Hex | undefined;
}

/** Reads the journal for names. @throws UnreadableEffectsError, UnknownEffectError */
export function peopleOf(entries: Iterable<Entry>): People {
  const names = new Map<number, string>();
  const seats = new Map<Hex, number>();
  const files = new Map<Hex, Hex>();
  for (const { effects, document } of entries) {
    for (const { what, amount, value } of decodeEffects(effects)) {
      const word = wordOf(value);
      if (what === "agencyNamed") names.set(Number(amount), hexToString(word).replace(/\0+$/, ""));
      else if (what === "admitted") seats.set(word, seatOf(amount).agency);
      else if (what === "documentOpened") files.set(document, word);
    }
  }
  const agency = (index: number) => names.get(index) ?? `agency ${index}`;
  return {
    agency,
    agenciesOf: (officerIds) => {
      const indices = officerIds.map((id) => seats.get(id)).filter((index) => index !== undefined);
      return [...new Set(indices)].sort((a, b) => a - b).map(agency);
    },
    fileOf: (document) => files.get(document),
  };
}
