import type { Address, TypedDataDefinition } from "viem";

/**
 * The EIP-712 types of every order: the one place of them in TypeScript. Amounts are in base units of the asset, times in
 * seconds (`signBy`, `until`: Unix time). `caseId` is text, see caseId.ts; `document` a salted hash, see document.ts; `salt`
 * makes every order unique; an order is dead after `signBy`. Arrays are strictly ascending by (asset, account), refunds by
 * (taken, asset, account). Who must approve, and the longest terms and delays, stand in the rules of the Quorum.
 */
export const ORDER_TYPES = {
  /** A claim on an account, or a part of it. `amount` in base units of `asset`. */
  Target: [
    { name: "asset", type: "address" },
    { name: "account", type: "address" },
    { name: "amount", type: "uint256" },
  ],
  /** Money for one holder: `amount` base units of `asset`, answering for what was taken in `taken` (`taken = asset`: in kind). */
  Refund: [
    { name: "taken", type: "address" },
    { name: "asset", type: "address" },
    { name: "account", type: "address" },
    { name: "amount", type: "uint256" },
  ],
  /** What an act needs. `officers`: one hex digit per agency; `delay`, `grace`, `term` in seconds. */
  Rule: [
    { name: "officers", type: "bytes8" },
    { name: "delay", type: "uint32" },
    { name: "grace", type: "uint32" },
    { name: "term", type: "uint32" },
  ],
  /** Provisional holds. `term` in seconds from execution, at most the longest term of the rule named at execution. */
  Freeze: [
    { name: "caseId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "targets", type: "Target[]" },
    { name: "term", type: "uint32" },
    { name: "wholeAccount", type: "bool" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Holds by the court: confirms live ones, places new ones, until the second `until`, within the rule's longest term. */
  Arrest: [
    { name: "caseId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "confirm", type: "Target[]" },
    { name: "place", type: "Target[]" },
    { name: "upTo", type: "uint32" },
    { name: "until", type: "uint64" },
    { name: "wholeAccount", type: "bool" },
    { name: "omnibus", type: "bool" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Releases holds in whole or in part, youngest first. */
  Lift: [
    { name: "caseId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "holds", type: "Target[]" },
    { name: "upTo", type: "uint32" },
    { name: "arrested", type: "bool" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Moves held money into the case's vault, oldest hold first. */
  Seize: [
    { name: "caseId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "holds", type: "Target[]" },
    { name: "upTo", type: "uint32" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Pays recorded holders back from the vault, each up to what was taken from it. */
  Return: [
    { name: "caseId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "holders", type: "Refund[]" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Pays `amount` base units to the treasury that the register holds for `asset`; delayed. */
  Forfeit: [
    { name: "caseId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "asset", type: "address" },
    { name: "treasury", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Reserves `total` base units for a Merkle list of claims (`root`; `list` = hash of the list file), open `claimTerm` seconds from execution; delayed. */
  Compensate: [
    { name: "caseId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "asset", type: "address" },
    { name: "total", type: "uint256" },
    { name: "root", type: "bytes32" },
    { name: "list", type: "bytes32" },
    { name: "claimTerm", type: "uint32" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Delivery of `amount` against at least `leastProceeds` (base units) from the licensed `wallet`; delayed. */
  Convert: [
    { name: "caseId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "asset", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "wallet", type: "address" },
    { name: "proceedsAsset", type: "address" },
    { name: "leastProceeds", type: "uint256" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** A free payee. `source`: 1 custody, 2 suspense, 3 the unclaimed of `holder`; delayed. */
  Transfer: [
    { name: "caseId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "asset", type: "address" },
    { name: "source", type: "uint8" },
    { name: "holder", type: "address" },
    { name: "to", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** A provisional hold inside a licensed platform's wallet: `subAccount` and amount; `term` in seconds. */
  ExchangeHold: [
    { name: "caseId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "asset", type: "address" },
    { name: "wallet", type: "address" },
    { name: "subAccount", type: "bytes32" },
    { name: "amount", type: "uint256" },
    { name: "term", type: "uint32" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Holds back a scheduled order until the second `until`. */
  Stay: [
    { name: "order", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "until", type: "uint64" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Ends a delayed order for ever. */
  Veto: [
    { name: "order", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** The affected holder's objection to a scheduled order. */
  Appeal: [
    { name: "order", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "asset", type: "address" },
    { name: "holder", type: "address" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** An officer withdraws its own approval of one order for ever. */
  Cancel: [
    { name: "order", type: "bytes32" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Seats an officer; the candidate signs too. `agency`: its index; `kind`: see OFFICER_KINDS; `signer`: ERC-7913 bytes. */
  Admit: [
    { name: "agency", type: "uint8" },
    { name: "kind", type: "uint8" },
    { name: "signer", type: "bytes" },
    { name: "document", type: "bytes32" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Unseats an officer at once; `compromised` makes delayed orders that it approved stale. */
  Dismiss: [
    { name: "officerId", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "compromised", type: "bool" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Replaces the rules of one act; delayed. */
  Configure: [
    { name: "act", type: "uint8" },
    { name: "document", type: "bytes32" },
    { name: "rules", type: "Rule[]" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Registers the treasury of an asset; delayed. */
  SetTreasury: [
    { name: "asset", type: "address" },
    { name: "treasury", type: "address" },
    { name: "document", type: "bytes32" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Registers the adapter of an asset (`adapter = asset`: sovereign); delayed. */
  SetAdapter: [
    { name: "asset", type: "address" },
    { name: "adapter", type: "address" },
    { name: "codeHash", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Licenses a platform's wallet until the second `until`. */
  License: [
    { name: "wallet", type: "address" },
    { name: "platform", type: "bytes32" },
    { name: "omnibus", type: "bool" },
    { name: "until", type: "uint64" },
    { name: "document", type: "bytes32" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
  /** Suspends a platform's licence at once. */
  Suspend: [
    { name: "platform", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "signBy", type: "uint64" },
    { name: "salt", type: "bytes32" },
  ],
} as const;

type ComponentType = "Target" | "Refund" | "Rule";

/** The primary types: one per act that is signed. */
export type PrimaryType = Exclude<keyof typeof ORDER_TYPES, ComponentType>;

/** All primary types, in the order of ORDER_TYPES. */
export const PRIMARY_TYPES = (Object.keys(ORDER_TYPES) as (keyof typeof ORDER_TYPES)[]).filter(
  (name): name is PrimaryType => name !== "Target" && name !== "Refund" && name !== "Rule",
);

/** The message of an order of the type `P`: unsigned integers up to 48 bits are numbers, larger ones bigints. */
export type Message<P extends PrimaryType> = TypedDataDefinition<typeof ORDER_TYPES, P>["message"];

/** A typed act that officers sign: the primary type says which, the message what. */
export type Order<P extends PrimaryType = PrimaryType> = P extends PrimaryType
  ? { readonly primaryType: P; readonly message: Message<P> }
  : never;

/** One claim: `amount` base units of `asset` in `account`. */
export type Target = Message<"Freeze">["targets"][number];

/** One repayment of a Return. */
export type Refund = Message<"Return">["holders"][number];

/** The EIP-712 domain of all orders of one deployment. */
export interface Domain {
  readonly name: "Sequester";
  readonly version: "1";
  readonly chainId: number;
  /** The Quorum. */
  readonly verifyingContract: Address;
}

/** The domain of the deployment whose Quorum stands at `quorum` on chain `chainId`. */
export const domainOf = (chainId: number, quorum: Address): Domain => ({
  name: "Sequester",
  version: "1",
  chainId,
  verifyingContract: quorum,
});

/** Act numbers in rules and in the journal. 1 to 20 have rules, from 64 on they need none; 70 is not used any more. */
export const ACTS = {
  Freeze: 1,
  Arrest: 2,
  Lift: 3,
  /** A Lift that may touch arrested holds. */
  LiftArrested: 4,
  Seize: 5,
  Return: 6,
  Forfeit: 7,
  Compensate: 8,
  Convert: 9,
  Transfer: 10,
  ExchangeHold: 11,
  Stay: 12,
  Veto: 13,
  Admit: 14,
  Dismiss: 15,
  Configure: 16,
  SetTreasury: 17,
  SetAdapter: 18,
  License: 19,
  Suspend: 20,
  install: 64,
  cancel: 65,
  approve: 66,
  revoke: 67,
  lapse: 68,
  book: 69,
  open: 71,
  claim: 72,
  appeal: 73,
  observe: 74,
  acknowledge: 75,
  surrender: 76,
  execute: 77,
  unreserve: 78,
} as const;

export type ActName = keyof typeof ACTS;

/** The name of an act number, or undefined if there is none. */
export function actName(act: number): ActName | undefined {
  return (Object.keys(ACTS) as ActName[]).find((name) => ACTS[name] === act);
}

/**
 * Kinds of officers, fixed at admission: a key (20 bytes, only ever ecrecovered), a contract (20 bytes, ERC-1271),
 * or verifier ‖ key (ERC-7913).
 */
export const OFFICER_KINDS = { key: 1, contract: 2, verifier: 3 } as const;
export type OfficerKind = keyof typeof OFFICER_KINDS;

/** The index that means SELF in a rule; agencies have the indices below it. */
export const SELF = 15;

/** Where the money of a Transfer comes from, as contracts/Disposal.sol numbers it. */
export const TRANSFER_SOURCES = { custody: 1, suspense: 2, unclaimed: 3 } as const;
export type TransferSource = keyof typeof TRANSFER_SOURCES;
