import { bytesToHex, getAddress, sha256, stringToHex, hexToBytes, zeroAddress, type Address, type Hex } from "viem";
import { sorted, type Field, type Struct } from "../../../src/orders/acts/fields.ts";
import { definitionOf } from "../../../src/orders/acts/index.ts";
import { encodeCaseId } from "../../../src/orders/caseId.ts";
import { OrderFieldError } from "../../../src/orders/errors.ts";
import { ORDER_TYPES, domainOf, type Domain, type Order, type PrimaryType } from "../../../src/orders/types.ts";

/** A repeatable source of random values. */
export interface Random {
  /** An integer from 0 to below `n`. */
  below(n: number): number;
  bytes(length: number): Hex;
  address(): Address;
  /** An unsigned integer, the ends of its range and small values more often than chance. */
  uint(bits: number): bigint;
  /** 1 to 31 printable ASCII characters, no blank at the ends. */
  text(): string;
  pick<T>(from: readonly T[]): T;
  shuffle<T>(list: readonly T[]): T[];
}

/** The same seed gives the same values on every computer (xorshift128, seeded by SHA-256). */
export function randomFrom(seed: string): Random {
  const start = new DataView(hexToBytes(sha256(stringToHex(seed))).buffer);
  let [x, y, z, w] = [start.getUint32(0), start.getUint32(4), start.getUint32(8), start.getUint32(12) | 1];
  const next = () => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = (w ^ (w >>> 19) ^ t ^ (t >>> 8)) >>> 0;
    return w;
  };
  const below = (n: number) => next() % n;
  const bytes = (length: number) => bytesToHex(Uint8Array.from({ length }, () => next() >>> 24));
  return {
    below,
    bytes,
    address: () => getAddress(bytes(20)),
    uint(bits) {
      const end = 2n ** BigInt(bits) - 1n;
      const choice = below(8);
      if (choice === 0) return 0n;
      if (choice === 1) return end;
      if (choice === 2) return BigInt(below(5));
      if (choice < 5) return BigInt(next()) & end;
      return BigInt(bytes(32)) & end;
    },
    text() {
      const length = 1 + below(31);
      const code = (_: unknown, i: number) => (i % (length - 1) ? 0x20 + below(0x5f) : 0x21 + below(0x5e));
      return String.fromCharCode(...Array.from({ length }, code));
    },
    pick: <T>(from: readonly T[]) => from[below(from.length)] as T,
    shuffle<T>(list: readonly T[]) {
      const left = [...list];
      return Array.from(list, () => left.splice(below(left.length), 1)[0] as T);
    },
  };
}

/** Any value of a Solidity type of ORDER_TYPES; a field named `caseId` is text, as in every real order. */
export function randomValue(random: Random, type: string, name = ""): unknown {
  if (name === "caseId") return encodeCaseId(random.text());
  if (type.endsWith("[]")) {
    return Array.from({ length: random.below(4) }, () => randomValue(random, type.slice(0, -2)));
  }
  if (type in ORDER_TYPES) {
    const fields = ORDER_TYPES[type as keyof typeof ORDER_TYPES];
    return Object.fromEntries(fields.map((field) => [field.name, randomValue(random, field.type, field.name)]));
  }
  if (type === "address") return random.address();
  if (type === "bool") return random.below(2) === 1;
  if (type === "bytes") return random.bytes(random.pick([0, 1, 19, 20, 20, 21, 52, 84]));
  if (type.startsWith("bytes")) return random.bytes(Number(type.slice(5)));
  const bits = Number(type.slice(4));
  return bits <= 48 ? Number(random.uint(bits)) : random.uint(bits);
}

/** An order of the given type with random fields: well-typed, not always one that a contract would accept. */
export function randomOrder<P extends PrimaryType>(random: Random, primaryType: P): Order<P> {
  return { primaryType, message: randomValue(random, primaryType) } as unknown as Order<P>;
}

export function randomOrders<P extends PrimaryType>(seed: string, primaryType: P, count: number): Order<P>[] {
  const random = randomFrom(`${seed} ${primaryType}`);
  return Array.from({ length: count }, () => randomOrder(random, primaryType));
}

/** An order of the given type with random fields, as a builder could have built it. */
export const builtOrder = <P extends PrimaryType>(random: Random, primaryType: P): Order<P> =>
  ({ primaryType, message: built(random, definitionOf(primaryType)) }) as unknown as Order<P>;

function built(random: Random, { fields, check }: Struct): object {
  return untilTaken(() => {
    const message = Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        untilTaken(() => field.check(name, builtValue(random, field, name))),
      ]),
    );
    check?.("", message);
    return message;
  });
}

function builtValue(random: Random, field: Field, name: string): unknown {
  const { items, type } = field;
  if (items !== undefined)
    return sorted(
      field,
      Array.from({ length: random.below(4) }, () => built(random, items)),
    );
  if (name === "platform") return encodeCaseId(random.text());
  if (name === "holder" && random.below(2) === 0) return zeroAddress;
  if (type === "bytes8") return `0x${Array.from({ length: 16 }, () => random.below(8)).join("")}`;
  return randomValue(random, type, name);
}

function untilTaken<T>(attempt: () => T): T {
  for (;;) {
    try {
      return attempt();
    } catch (fault) {
      if (!(fault instanceof OrderFieldError)) throw fault;
    }
  }
}

export function randomDomain(random: Random): Domain {
  return domainOf(1 + random.below(2 ** 31), random.address());
}
