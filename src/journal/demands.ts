import type { Address } from "viem";
import { decodeEffects } from "./effects.ts";
import type { Entry } from "./entries.ts";
import { unpackHold } from "./holds.ts";
import { accountKey } from "./replay.ts";

/** What a platform was asked in one sub-account and asset, and what it said. */
export interface AnswerState {
  /** What it said that it withholds, less what was seized of it since. Base units. */
  withheld: bigint;
  /** Unix second of the first question that it has not answered; undefined: it answered all. */
  unansweredSince?: number | undefined;
  /** Number of the last hold that its answer is about. */
  answered: number;
}

/**
 * What the journal tells of every sub-account, by `accountKey`, as contracts/LicenceRegister.sol keeps it: a hold that is placed on it asks
 * its platform, and a seizure takes of what is withheld for the holds of the answer.
 */
export function answersIn(entries: readonly Entry[]): Map<string, AnswerState> {
  const answers = new Map<string, AnswerState>();
  const subAccounts = new Set<Address>();
  let placed = 0;
  for (const entry of entries) {
    const effects = decodeEffects(entry.effects);
    for (const { what, account } of effects) if (what === "subAccount") subAccounts.add(account);
    for (const { what, asset, account, amount, value } of effects) {
      const of = subAccounts.has(account) ? answerOf(asset, account) : undefined;
      switch (what) {
        case "held":
        case "arrested":
          placed = unpackHold(value).number;
          if (of !== undefined) of.unansweredSince ??= Number(entry.timestamp);
          break;
        case "acknowledged":
          Object.assign(of ?? {}, { withheld: amount, unansweredSince: undefined, answered: placed });
          break;
        case "seized":
          if (of !== undefined && unpackHold(value).number <= of.answered) of.withheld -= amount;
          break;
        default:
      }
    }
  }
  return answers;

  function answerOf(asset: Address, account: Address): AnswerState {
    const key = accountKey(asset, account);
    const of = answers.get(key) ?? { withheld: 0n, answered: 0 };
    answers.set(key, of);
    return of;
  }
}
