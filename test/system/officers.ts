import { concat, keccak256, toUtf8Bytes, Wallet, type Signer } from "ethers";
import type { Hex } from "viem";
import { derivedKey, LOCAL_CHAIN } from "../../src/deployment/keys.ts";
import { ORDER_TYPES, packApprovals, type Domain, type Order } from "../../src/orders/index.ts";
import { OFFICERS, SEED, type OfficerName } from "./parameters.ts";

const keys = new Map(OFFICERS.map(({ name }) => [name, new Wallet(derivedKey(LOCAL_CHAIN, SEED, name))]));

/** An officer by its name in the charter, or by its key when it came later. */
export type Decider = OfficerName | Wallet;

export const officer = (name: OfficerName): Wallet => keys.get(name)!;
const keyOf = (who: Decider): Wallet => (typeof who === "string" ? officer(who) : who);

export const idOf = (key: { address: string }): Hex => keccak256(key.address) as Hex;
export const officerIdOf = (name: OfficerName): Hex => idOf(officer(name));

export const ascending = (by: readonly Wallet[]): Wallet[] => by.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));

/** Ids of officers as an entry tells them. */
export const idsOf = (by: readonly Decider[]): Hex[] => ascending(by.map(keyOf)).map(idOf);

/** Signatures of a digest in the order in which they are given. */
export const signaturesOf = (digest: string, by: readonly Wallet[]): Hex =>
  concat(["0x", ...by.map((key) => key.signingKey.sign(digest).serialized)]) as Hex;

export const documentOf = (text: string): Hex => keccak256(toUtf8Bytes(text)) as Hex;
export const DOCUMENT = documentOf("ruling");

let salts = 0;
/** A fresh salt. */
export const nextSalt = (): Hex => keccak256(toUtf8Bytes(`salt ${++salts}`)) as Hex;

/** TypeChain's structs are mutable where viem's messages are not. */
type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;
export const struct = <T>(value: T): Mutable<T> => value as Mutable<T>;

/** EIP-712 digest signature of one wallet over an order. */
export async function signOrder(wallet: Signer, domain: Domain, order: Order): Promise<Hex> {
  const types: Record<string, { name: string; type: string }[]> = {};
  const collect = (type: string): void => {
    const fields = ORDER_TYPES[type as keyof typeof ORDER_TYPES] as
      readonly { name: string; type: string }[] | undefined;
    if (fields === undefined || types[type] !== undefined) return;
    types[type] = [...fields];
    for (const field of fields) collect(field.type.replace("[]", ""));
  };
  collect(order.primaryType);
  return (await wallet.signTypedData(domain, types, order.message)) as Hex;
}

/** Nobody's, and nothing that could stand in for an approval that ended. */
export const NO_APPROVALS = { keys: "0x", others: [] };

/** Approvals of an order by officers, in the form that the contracts take. */
export async function approvalsOf(domain: Domain, order: Order, by: readonly Decider[]) {
  const approvals = await Promise.all(
    by.map(keyOf).map(async (key) => ({ signer: key.address as Hex, signature: await signOrder(key, domain, order) })),
  );
  return packApprovals(approvals);
}
