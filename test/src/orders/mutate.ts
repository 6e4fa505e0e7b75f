import { concat, getAddress, padHex, slice, toHex, type Hex } from "viem";
import { decodeCaseId, encodeCaseId } from "../../../src/orders/caseId.ts";
import { ORDER_TYPES, type Order } from "../../../src/orders/types.ts";
import { randomValue, type Random } from "./random.ts";

/** An order that differs from another one in one place. */
export interface Mutation {
  /** Where, for example `targets[1].amount`. */
  path: string;
  order: Order;
}

/**
 * Every order that differs from `order` in one place: each field, each field of each element, an element less, one more,
 * two neighbours exchanged; by a small and by a random change.
 */
export function mutationsOf(order: Order, random: Random): Mutation[] {
  return changes(order.primaryType, order.message, "", "", random).map(([path, message]) => ({
    path,
    order: { primaryType: order.primaryType, message } as unknown as Order,
  }));
}

type Change = [path: string, value: unknown];

function changes(type: string, value: unknown, name: string, path: string, random: Random): Change[] {
  if (type.endsWith("[]")) return listChanges(type.slice(0, -2), value as unknown[], path, random);
  if (type in ORDER_TYPES) {
    const values = value as Record<string, unknown>;
    return ORDER_TYPES[type as keyof typeof ORDER_TYPES].flatMap((field) =>
      changes(field.type, values[field.name], field.name, path ? `${path}.${field.name}` : field.name, random).map(
        ([where, changed]): Change => [where, { ...values, [field.name]: changed }],
      ),
    );
  }
  return [neighbour(type, value, name), randomValue(random, type, name)]
    .filter((changed) => changed !== value)
    .map((changed): Change => [path, changed]);
}

function listChanges(type: string, list: unknown[], path: string, random: Random): Change[] {
  const within = list.flatMap((item, i) =>
    changes(type, item, "", `${path}[${i}]`, random).map(([where, changed]): Change => [where, list.with(i, changed)]),
  );
  const without = list.map((_, i): Change => [`${path}[${i}] removed`, list.toSpliced(i, 1)]);
  const exchanged = list
    .slice(1)
    .map((next, i): Change => [`${path}[${i}] exchanged`, list.with(i, next).with(i + 1, list[i])]);
  const more: Change = [`${path} extended`, [...list, randomValue(random, type)]];
  const twice = list.slice(0, 1).map((first): Change => [`${path}[0] repeated`, [first, ...list]]);
  return [...within, ...without, ...exchanged, ...twice, more];
}

/** The nearest other value: one unit, one bit or one character away. */
function neighbour(type: string, value: unknown, name: string): unknown {
  if (name === "caseId") {
    const text = decodeCaseId(value as Hex);
    return encodeCaseId(text.slice(0, -1) + (text.endsWith("x") ? "y" : "x"));
  }
  if (typeof value === "bigint") return value ^ 1n;
  if (typeof value === "number") return value % 2 === 0 ? value + 1 : value - 1;
  if (typeof value === "boolean") return !value;
  if (type === "bytes") return value === "0x" ? "0x00" : concat([value as Hex, "0x00"]);
  const flipped = padHex(toHex(BigInt(value as Hex) ^ 1n), { size: (value as Hex).length / 2 - 1 });
  return type === "address" ? getAddress(slice(flipped, 0, 20)) : flipped;
}
