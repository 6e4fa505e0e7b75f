import { expect } from "chai";
import { ZERO_ADDRESS } from "../../../../src/tracing/transfers/row.ts";
import type { MethodResult } from "../../../../src/tracing/engine/found.ts";
import type { Opening, Seed, TraceResult } from "../../../../src/tracing/trace.ts";
import { TransfersBuilder } from "../../../../src/tracing/transfers/builder.ts";
import { type Transfers } from "../../../../src/tracing/transfers/transfers.ts";
import type { Random } from "../../orders/random.ts";
import type { OracleResult, Step } from "./oracle.ts";

/** The address of an account of the tests, by number; the zero address is number 0. */
export const account = (number: number): string => `0x${number.toString(16).padStart(40, "0")}`;

/** Three transfers in each block, in order. */
export const placeOf = (row: number) => ({ block: 100 + Math.floor(row / 3), logIndex: 2 * (row % 3) });

/** Transfers of steps, put in by an order of their numbers; in their own order unless told. */
export function transfersOf(steps: readonly Step[], order: readonly number[] = [...steps.keys()]): Transfers {
  const builder = new TransfersBuilder();
  for (const row of order) {
    const { from, to, value } = steps[row] as Step;
    builder.add({ ...placeOf(row), hash: null, time: null, from, to, value }, `steps:${row}`);
  }
  return builder.build();
}

export const seedsOf = (steps: readonly Step[]): Seed[] =>
  steps.flatMap(({ seed }, row) => (seed === undefined ? [] : [{ row, amount: seed }]));

/** The numbers of accounts that are in the transfers. */
export const numbersOf = (transfers: Transfers, addresses: Iterable<string>): Set<number> =>
  new Set([...addresses].map((address) => transfers.accounts.find(address)).filter((number) => number !== undefined));

export const openingOf = (transfers: Transfers, openings: ReadonlyMap<string, bigint>): Opening =>
  new Map([...openings].map(([address, amount]) => [transfers.accounts.find(address) as number, amount]));

export interface World {
  readonly steps: readonly Step[];
  readonly stops: ReadonlySet<string>;
}

/** Random transfers of a few accounts among whom nobody sends what it does not have, with seeds, mints, burns, stops. */
export function worldOf(
  random: Random,
  { steps, accounts, bits }: { steps: number; accounts: number; bits: number },
): World {
  const balances = new Map<string, bigint>();
  const has = (address: string) => balances.get(address) ?? 0n;
  const limit = 2n ** 256n - 1n;
  const amountUpTo = (most: bigint) => {
    const drawn = random.uint(bits);
    return drawn > most ? (most === 0n ? 0n : drawn % (most + 1n)) : drawn;
  };
  let supply = 0n;
  const list = Array.from({ length: steps }, (): Step => {
    const from = account(1 + random.below(accounts));
    const to = random.below(20) === 0 ? ZERO_ADDRESS : account(1 + random.below(accounts));
    if (has(from) === 0n || random.below(8) === 0) {
      const value = amountUpTo(limit - supply);
      supply += value;
      balances.set(from, has(from) + value);
      return { from: ZERO_ADDRESS, to: from, value, ...seedIn(random, value) };
    }
    const value = random.below(4) === 0 ? has(from) : amountUpTo(has(from));
    balances.set(from, has(from) - value);
    if (to === ZERO_ADDRESS) supply -= value;
    else balances.set(to, has(to) + value);
    return { from, to, value, ...seedIn(random, value) };
  });
  return { steps: list, stops: new Set(random.below(2) === 0 ? [] : [account(1), account(2)]) };
}

/** One row in six is stolen, as a whole or in part. */
function seedIn(random: Random, value: bigint): { seed?: bigint } {
  if (random.below(6) > 0) return {};
  return { seed: random.below(2) === 0 ? value : (value * BigInt(random.below(100))) / 100n };
}

/** Holds all that a trace found against the oracle, for each method that it was asked for. */
export function expectSame(
  { transfers, found }: { transfers: Transfers; found: Pick<TraceResult, "methods"> },
  oracles: ReadonlyMap<string, OracleResult>,
): void {
  for (const result of found.methods) {
    const { injected, taints, sinks, burned, touched } = oracles.get(result.method) as OracleResult;
    expect(plainOf(transfers, result), result.method).to.deep.equal({
      injected,
      taints: sorted(taints),
      sinks: sorted(sinks),
      burned: [...burned],
      touched: [...touched].sort(),
    });
  }
}

/** What a method found, by address and in an order that no number of an account decides. */
export function plainOf({ accounts }: Transfers, { injected, taintOf, sinks, burned, touched }: MethodResult) {
  const byAddress = (amounts: Iterable<readonly [number, bigint]>) =>
    sorted(new Map([...amounts].map(([number, amount]) => [accounts.address(number), amount])));
  const everyone = Array.from({ length: accounts.size }, (_, number) => number);
  return {
    injected,
    taints: byAddress(everyone.map((number) => [number, taintOf(number)] as const).filter(([, taint]) => taint > 0n)),
    sinks: byAddress(sinks),
    burned: burned.map(({ row, taint }) => [row, taint]),
    touched: touched.map((number) => accounts.address(number)).sort(),
  };
}

const sorted = (amounts: ReadonlyMap<string, bigint>) => [...amounts].sort(([a], [b]) => (a < b ? -1 : 1));
