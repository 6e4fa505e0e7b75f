import type { Method } from "../methods.ts";
import type { MethodResult } from "../engine/found.ts";

/** Where one method's taint is at the end, in base units: injected = held + sinks + burned + difference. */
export interface Totals {
  readonly method: Method;
  /** Poison does not: whoever is reached becomes wholly tainted. */
  readonly conserves: boolean;
  /** How many accounts hold taint. */
  readonly accounts: number;
  readonly injected: bigint;
  readonly held: bigint;
  readonly sinks: bigint;
  readonly burned: bigint;
  readonly difference: bigint;
}

export function totalsOf({ method, injected, taintOf, sinks, burned, touched }: MethodResult): Totals {
  const taints = touched.map(taintOf).filter((taint) => taint > 0n);
  const held = sum(taints);
  const inSinks = sum([...sinks.values()]);
  const redeemed = sum(burned.map(({ taint }) => taint));
  return {
    method,
    conserves: method !== "poison",
    accounts: taints.length,
    injected,
    held,
    sinks: inSinks,
    burned: redeemed,
    difference: injected - held - inSinks - redeemed,
  };
}

export const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
