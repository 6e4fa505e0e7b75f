import { numberToHex, type Address, type Hex } from "viem";
import { addressIn, decodeEffects, type Effect } from "../../journal/effects.ts";
import type { Entry } from "../../journal/entries.ts";
import { decodeName } from "../../orders/caseId.ts";

/** A platform that was asked to withhold in a sub-account, and when it said that it does. Unix seconds. */
export interface Answer {
  readonly platform: string;
  readonly wallet: Address;
  readonly subAccount: Hex;
  readonly asset: Address;
  readonly account: Address;
  /** The entry that asked. */
  readonly entry: number;
  readonly asked: number;
  answered?: number;
}

/** Every demand to withhold, in the order of the journal. */
export function answersOf(entries: readonly Entry[]): Answer[] {
  const platforms = new Map<Address, string>();
  const subAccounts = new Map<Address, { wallet: Address; subAccount: Hex }>();
  const answers: Answer[] = [];
  for (const { seq, timestamp, effects } of entries) {
    const at = Number(timestamp);
    const read = decodeEffects(effects);
    for (const { what, account, amount, value } of read) {
      if (what === "licensed") platforms.set(account, nameOf(value));
      if (what === "subAccount") {
        subAccounts.set(account, { wallet: addressIn(amount), subAccount: numberToHex(value, { size: 32 }) });
      }
    }
    for (const { what, asset, account } of read) {
      const asked = subAccounts.get(account);
      if (asked !== undefined && (what === "held" || what === "arrested")) {
        const platform = platforms.get(asked.wallet) ?? asked.wallet;
        answers.push({ platform, ...asked, asset, account, entry: Number(seq), asked: at });
      }
      if (what !== "acknowledged") continue;
      for (const answer of answers) {
        if (answer.asset === asset && answer.account === account) answer.answered ??= at;
      }
    }
  }
  return answers;
}

const nameOf = (value: Effect["value"]): string => decodeName(numberToHex(value, { size: 32 }));
