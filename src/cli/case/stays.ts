import type { Address, Hex } from "viem";

/** Why something of a case does not go with it into another deployment, and what can be done about it. */
export const STAYS = {
  held: {
    why: "held, not taken: it is in no vault, and the hold ends here in its last second",
    first: "seize or lift it here; to be held there it needs an order there",
  },
  demanded: {
    why: "a platform owes it, and can surrender it into this vault alone",
    first: "the platform surrenders it here: demand surrender",
  },
  waiting: {
    why: "an order that waits disposes of it",
    first: "the order is executed or ends, or the court vetoes it: order new veto",
  },
  appealed: {
    why: "an appeal runs for it",
    first: "the appeal is answered: order new return, or the order ends",
  },
  reserved: {
    why: "promised to the claimants of a compensation, who claim it here",
    first: "after the last second of the claims it is set free: compensation release",
  },
  unclaimed: {
    why: "waits for its holder, who can claim it here",
    first:
      "the holder claims it: case claim; or an order of the source unclaimed moves it, a year after it was refused",
  },
  unbooked: { why: "came by no act, and nobody booked it", first: "anybody books it: case book" },
  unknown: {
    why: "the successor's charter does not have its coin: paid there it could never leave again",
    first: "its issuer takes it back for a coin that the charter has: --by-issuer",
  },
  silent: {
    why: "its coin does not tell what the vault has of it, and so would refuse every payment",
    first: "its issuer lets the coin answer again; then call this once more",
  },
  owed: {
    why: "owed to whom it was taken from, by this deployment alone: what has moved answers for it no more, here or there",
    first: "what is to be returned is returned here: order new return",
  },
} as const;

export type StayKind = keyof typeof STAYS;

/** Something of a case that stays. `amount` in base units of `asset`. */
export interface Stay {
  kind: StayKind;
  asset: Address;
  amount: bigint;
  /** In which account it is held, or whose it is. */
  account?: Address;
  /** The digest of the order that waits, or by which it is reserved. */
  order?: Hex;
  /** Last second of a hold or of claims; first second in which an order can move a claim. Unix time. */
  until?: number;
}
