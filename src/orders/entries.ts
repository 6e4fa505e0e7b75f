import type { Address } from "viem";
import { definitionOf } from "./acts/index.ts";
import type { Order } from "./types.ts";

/** An amount that an order names, in base units, and whose it is or becomes; nobody's where the order names nobody. */
export interface OrderEntry {
  /** Where it stands in the message, such as `targets[3]`. */
  at: string;
  asset: Address;
  account?: Address | undefined;
  amount: bigint;
}

/** Fields that an amount outside a list may stand in, and those that may name its account. */
const AMOUNTS = ["amount", "total"];
const ACCOUNTS = ["treasury", "to", "wallet"];

/** All amounts that an order names, in their order. */
export function entriesOf({ primaryType, message }: Order): OrderEntry[] {
  const values = message as unknown as Record<string, unknown>;
  const first = (names: readonly string[]) => names.map((name) => values[name]).find((value) => value !== undefined);
  const own = first(AMOUNTS) as bigint | undefined;
  const lists = Object.entries(definitionOf(primaryType).fields).flatMap(([name, { items }]) =>
    items !== undefined && "amount" in items.fields
      ? (values[name] as Omit<OrderEntry, "at">[]).map((item, i) => ({ ...item, at: `${name}[${i}]` }))
      : [],
  );
  if (own === undefined) return lists;
  return [
    { at: "amount", asset: values["asset"] as Address, account: first(ACCOUNTS) as Address | undefined, amount: own },
  ];
}

/** The case of an order; undefined where it is of none. */
export const caseIn = ({ message }: Order) => ("caseId" in message ? message.caseId : undefined);
