import { COMPONENTS, definitionOf, DEFINITIONS, UNSIGNED } from "./acts/index.ts";
import type { Field, GivenOf, MessageOf } from "./acts/fields.ts";

export { domainOf, type Domain } from "../chain/domain.ts";
export { MAX_AMOUNT } from "./acts/fields.ts";
export { TRANSFER_SOURCES, type TransferSource } from "./acts/disposals.ts";
export { OFFICER_KINDS, SELF, type OfficerKind } from "./acts/officers.ts";

type Definitions = typeof DEFINITIONS;
type Structs = typeof COMPONENTS & Definitions;

/** The primary types: one per act that is signed. */
export type PrimaryType = keyof Definitions;

/** All primary types, in the order of ORDER_TYPES. */
export const PRIMARY_TYPES = Object.keys(DEFINITIONS) as PrimaryType[];

type TypedFields<F> = readonly {
  [K in keyof F & string]: F[K] extends Field<infer Type, infer _V, infer _G>
    ? { readonly name: K; readonly type: Type }
    : never;
}[keyof F & string][];

/**
 * The EIP-712 types of every order. Amounts are in base units of the asset, times in seconds (`signBy`, `until`: Unix time).
 * `caseId` is text, see caseId.ts; `document` a salted hash, see document.ts. Who must approve, and the longest terms and
 * delays, stand in the rules of the Quorum.
 */
export const ORDER_TYPES = Object.fromEntries(
  Object.entries({ ...COMPONENTS, ...DEFINITIONS }).map(([type, { fields }]) => [
    type,
    Object.entries<Field>(fields).map(([name, field]) => ({ name, type: field.type })),
  ]),
) as unknown as { readonly [T in keyof Structs]: TypedFields<Structs[T]["fields"]> };

/** The message of an order of the type `P`: unsigned integers up to 48 bits are numbers, larger ones bigints. */
export type Message<P extends PrimaryType> = MessageOf<Definitions[P]["fields"]>;

/** What the builder of an order of the type `P` is given: names for numbers and bytes that are names, lists in any order. */
export type Given<P extends PrimaryType> = GivenOf<Definitions[P]["fields"]>;

/** A typed act that officers sign: the primary type says which, the message what. */
export type Order<P extends PrimaryType = PrimaryType> = P extends PrimaryType
  ? { readonly primaryType: P; readonly message: Message<P> }
  : never;

/** One claim: `amount` base units of `asset` in `account`. */
export type Target = Message<"Freeze">["targets"][number];

/** One repayment of a Return. */
export type Refund = Message<"Return">["holders"][number];

type JournalName<P extends PrimaryType> = Definitions[P] extends { journal: infer Name extends string } ? Name : P;

export type ActName = { [P in PrimaryType]: JournalName<P> }[PrimaryType] | keyof typeof UNSIGNED;

/** The highest number of an act that has rules. */
export const LAST_RULED = 20;

/** Act numbers in rules and in the journal, ascending. 1 to 20 have rules, from 64 on they need none. */
export const ACTS = Object.fromEntries(
  [
    ...PRIMARY_TYPES.map((type): [string, number] => [definitionOf(type).journal ?? type, definitionOf(type).number]),
    ...Object.entries(UNSIGNED),
  ].sort(([, a], [, b]) => a - b),
) as Readonly<Record<ActName, number>>;

/** The name of an act number, or undefined if there is none. */
export function actName(act: number): ActName | undefined {
  return (Object.keys(ACTS) as ActName[]).find((name) => ACTS[name] === act);
}

/** Number of the act whose rule decides an order. */
export const actOf = ({ primaryType, message }: Order): number =>
  primaryType === "Lift" && message.arrested ? ACTS.LiftArrested : definitionOf(primaryType).number;

/** The primary types whose definitions have the property. */
export type TypesWith<Property extends string> = {
  [P in PrimaryType]: Definitions[P] extends Record<Property, unknown> ? P : never;
}[PrimaryType];

/** All primary types whose definitions have the property, in the order of their numbers. */
export const typesWith = <Property extends "bundled" | "delayed" | "call" | "sentence">(property: Property) =>
  PRIMARY_TYPES.filter((type): type is TypesWith<Property> => property in DEFINITIONS[type]);
