import type { Address } from "viem";
import type { Ruling } from "../orders/files.ts";

/** An operation folder, read and found whole: amounts are base units, times Unix seconds or seconds since `start`. */
export interface Operation {
  name: string;
  /** Name of the deployment parameters, e.g. "kazakhstan". */
  parameters: string;
  /** Unix seconds of the timeline's zero. */
  start: number;
  /** What keys and salts derive from, on chain 31337 only. */
  seed: string;
  officers: Officer[];
  assets: Asset[];
  cases: Case[];
  /** In order of time, each act with the orders that it needs. */
  timeline: Act[];
  totals: Totals;
}

export interface Officer {
  agency: string;
  name: string;
}

export interface Asset {
  symbol: string;
  decimals: number;
  kind: "sovereign";
  /** Units of the asset per US dollar, as the exact fraction units / scale. */
  perUsd: { units: bigint; scale: bigint };
}

export interface Case {
  id: string;
  ruling: RulingFile;
  /** In the order of targets.csv, each (asset, account) once. */
  targets: Target[];
}

/** A ruling's file: `path` is relative to the operation's folder, `file` the name alone. */
export interface RulingFile extends Ruling {
  path: string;
}

/** An amount of an asset (its symbol) of an account. */
export interface Holding {
  asset: string;
  account: Address;
  amount: bigint;
}

export interface Target extends Holding {
  platform: string;
  group: string;
  /** Line in targets.csv. */
  line: number;
}

/** What one order names: the holdings of one case, on one ruling. */
export interface PlannedOrder {
  case: string;
  ruling: RulingFile;
  holdings: Holding[];
}

/**
 * One act of the timeline; `at` and `until` are seconds since the operation's start. The amounts are those that are live
 * by then if everything before went as planned. "*" is resolved to the cases that the act can apply to.
 */
export type Act = { at: number; line: number } & (
  | { act: "freeze"; orders: PlannedOrder[] }
  | { act: "arrest"; orders: PlannedOrder[]; until: number }
  | { act: "lapse"; ended: { case: string; holdings: Holding[] }[] }
  | { act: "lift"; orders: [PlannedOrder] }
  | { act: "seize"; orders: PlannedOrder[] }
  | { act: "return"; orders: [PlannedOrder] }
  | { act: "deposit"; case: string; asset: string; amount: bigint }
  | { act: "book"; deposits: { case: string; asset: string; amount: bigint }[] }
  | { act: "close"; cases: string[] }
);

/** The folder's own totals, which equal what its `expect` says. Targets, arrested and lapsed count holds. */
export interface Totals {
  targets: number;
  cases: number;
  accounts: number;
  platforms: number;
  groups: number;
  arrested: number;
  lapsed: number;
  /** US dollars of all targets at each asset's perUsd, as the exact fraction units / scale. */
  usd: { units: bigint; scale: bigint };
}
