import { numberToHex, size, type Address, type Hex } from "viem";
import { checksummed } from "../base/keccak.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { countOf } from "../base/words.ts";

export { TRANSFER_SOURCES as SOURCES } from "../orders/types.ts";

/** Numbers of the changes that an entry's effects tell, as contracts/types/Effect.sol explains each. */
export const WHAT = {
  held: 1,
  arrested: 2,
  confirmed: 3,
  lifted: 4,
  lapsed: 5,
  seized: 6,
  extended: 7,
  marked: 8,
  forgotten: 9,
  caseOpened: 16,
  vaultCreated: 18,
  suspense: 19,
  documentOpened: 20,
  returned: 32,
  claimDue: 33,
  claimed: 34,
  forfeited: 35,
  reserved: 36,
  compensated: 37,
  unreserved: 38,
  converted: 39,
  proceeds: 40,
  transferred: 41,
  proceedsSpent: 42,
  admitted: 48,
  approvalWithdrawn: 49,
  ruleSet: 50,
  agencyNamed: 51,
  assetInstalled: 52,
  treasurySet: 53,
  contractInstalled: 54,
  numberSet: 55,
  dismissed: 56,
  verifierAllowed: 57,
  approved: 58,
  scheduled: 64,
  stayed: 65,
  vetoed: 66,
  appealed: 67,
  proposed: 68,
  licensed: 80,
  suspended: 81,
  subAccount: 82,
  acknowledged: 83,
  demanded: 84,
  surrendered: 85,
} as const;

export type WhatName = keyof typeof WHAT;

const NAMES = new Map<number, WhatName>(Object.entries(WHAT).map(([name, what]) => [what, name as WhatName]));

/** One change of state: `amount` in base units unless its kind says otherwise. */
export interface Effect {
  what: WhatName;
  asset: Address;
  account: Address;
  amount: bigint;
  value: bigint;
}

/** A change that this version does not know: what follows from it cannot be told. Exit code 3. */
export class UnknownEffectError extends SequesterError {
  override name = "UnknownEffectError";
  constructor(what: bigint) {
    super(`The journal tells a change of the unknown kind ${what}.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${what}`, `needs: one of ${Object.values(WHAT).join(", ")}`],
    });
  }
}

/** The bytes of an entry's effects are no `abi.encode(Effect[])`. Exit code 3. */
export class UnreadableEffectsError extends SequesterError {
  override name = "UnreadableEffectsError";
  constructor(encoded: Hex) {
    super("The journal tells effects that cannot be read.", {
      code: EXIT.verification,
      metaMessages: [`has: ${countOf(size(encoded), "byte")}`, "needs: abi.encode(Effect[])"],
    });
  }
}

/** Digits of a word, and of an effect: five words. */
const WORD = 64;
const EFFECT = 5 * WORD;
/** Where the first effect begins: behind 0x, the offset of the list, which is that of `abi.encode`, and its length. */
const FIRST = 2 + 2 * WORD;
const CLEAN_ADDRESS = "0".repeat(24);
const OFFSET = `0x${"20".padStart(WORD, "0")}`;

/** Reads `abi.encode(Effect[])`, word by word. Throws UnreadableEffectsError, UnknownEffectError. */
export function decodeEffects(encoded: Hex): Effect[] {
  const lower = encoded.toLowerCase();
  const count = (lower.length - FIRST) / EFFECT;
  const number = (at: number) => BigInt(`0x${lower.slice(at, at + WORD)}`);
  const address = (at: number) => {
    if (!lower.startsWith(CLEAN_ADDRESS, at)) throw new UnreadableEffectsError(encoded);
    return checksummed(lower.slice(at + CLEAN_ADDRESS.length, at + WORD));
  };
  const whole = lower.startsWith(OFFSET) && Number.isInteger(count) && /^[0-9a-f]+$/.test(lower.slice(2));
  if (!whole || number(2 + WORD) !== BigInt(count)) throw new UnreadableEffectsError(encoded);
  return Array.from({ length: count }, (_, i) => {
    const at = FIRST + i * EFFECT;
    const what = number(at);
    const name = NAMES.get(Number(what));
    if (name === undefined) throw new UnknownEffectError(what);
    return {
      what: name,
      asset: address(at + WORD),
      account: address(at + 2 * WORD),
      amount: number(at + 3 * WORD),
      value: number(at + 4 * WORD),
    };
  });
}

/** The seat that the amount of an `admitted` tells: kind of the officer (OFFICER_KINDS) and index of its agency. */
export const seatOf = (amount: bigint) => ({ kind: Number(amount >> 8n), agency: Number(amount & 0xffn) });

/** What the amount of a `dismissed` tells: whether the officer's key is in wrong hands, and its agency's index. */
export const dismissalOf = (amount: bigint) => ({ compromised: amount >> 8n !== 0n, agency: Number(amount & 0xffn) });

/** The 32 bytes of a number. */
export const wordOf = (value: bigint): Hex => numberToHex(value, { size: 32 });

/** The address that a value tells: of an asset, a wallet or a sub-account. */
export function addressIn(value: bigint): Address {
  const digits = value.toString(16).padStart(40, "0");
  if (digits.length > 40) throw new UnreadableEffectsError(numberToHex(value));
  return checksummed(digits);
}

/** The source and the holder that the value of a `transferred` tells, or of the proposal of a Transfer. */
export const sourceOf = (value: bigint) => ({
  source: Number(value >> 160n),
  holder: addressIn(value & (2n ** 160n - 1n)),
});

/** What the amount of a `licensed` tells: whether the money of many lies in the wallet, first and last second. */
export const licenceOf = (amount: bigint) => ({
  omnibus: amount >> 80n !== 0n,
  first: Number((amount >> 40n) & 0xff_ffff_ffffn),
  until: Number(amount & 0xff_ffff_ffffn),
});

/** The first and the last second in which a delayed order may be executed, of a `scheduled`, a `stayed` or an `appealed`. */
export function timesOf({ what, amount, value }: Pick<Effect, "what" | "amount" | "value">) {
  const [start, deadline] = what !== "scheduled" ? [value >> 40n, value & 0xff_ffff_ffffn] : [amount, value];
  return { start: Number(start), deadline: Number(deadline) };
}
