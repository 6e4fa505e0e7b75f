import { decodeAbiParameters, getAddress, numberToHex, size, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "../errors.ts";

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
  constructor(what: number) {
    super(`The journal tells a change of the unknown kind ${what}.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${what}`, `needs: one of ${Object.values(WHAT).join(", ")}`],
    });
  }
}

/** The bytes of an entry's effects are no `abi.encode(Effect[])`. Exit code 3. */
export class UnreadableEffectsError extends SequesterError {
  override name = "UnreadableEffectsError";
  constructor(encoded: Hex, cause: unknown) {
    super("The journal tells effects that cannot be read.", {
      code: EXIT.verification,
      metaMessages: [`has: ${size(encoded)} bytes`, "needs: abi.encode(Effect[])"],
      cause,
    });
  }
}

const EFFECTS = [
  {
    type: "tuple[]",
    components: [
      { name: "what", type: "uint8" },
      { name: "asset", type: "address" },
      { name: "account", type: "address" },
      { name: "amount", type: "uint256" },
      { name: "value", type: "uint256" },
    ],
  },
] as const;

/** Decodes `abi.encode(Effect[])`. Throws UnreadableEffectsError, UnknownEffectError. */
export function decodeEffects(encoded: Hex): Effect[] {
  return decode(encoded).map(({ what, ...rest }) => {
    const name = NAMES.get(what);
    if (name === undefined) throw new UnknownEffectError(what);
    return { what: name, ...rest };
  });
}

/** The seat that the amount of an `admitted` tells: kind of the officer (OFFICER_KINDS) and index of its agency. */
export const seatOf = (amount: bigint) => ({ kind: Number(amount >> 8n), agency: Number(amount & 0xffn) });

/** What the amount of a `dismissed` tells: whether the officer's key is in wrong hands, and its agency's index. */
export const dismissalOf = (amount: bigint) => ({ compromised: amount >> 8n !== 0n, agency: Number(amount & 0xffn) });

export { TRANSFER_SOURCES as SOURCES } from "../orders/types.ts";

/** The address that a value tells: of an asset, a wallet or a sub-account. */
export const addressIn = (value: bigint): Address => getAddress(numberToHex(value, { size: 20 }));

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

function decode(encoded: Hex) {
  try {
    return decodeAbiParameters(EFFECTS, encoded)[0];
  } catch (error) {
    throw new UnreadableEffectsError(encoded, error);
  }
}
