import type { Method } from "./methods.ts";
import { BadSeedError, NegativeBalanceError, TraceInvariantError } from "./engine/faults.ts";
import { exactPass } from "./engine/exact.ts";
import { FastPass, type FastInput } from "./engine/fast.ts";
import type { Found, MethodResult } from "./engine/found.ts";
import { assertInvariants } from "./engine/invariants.ts";
import { cleanOpenings } from "./engine/opening.ts";
import { Checkpoints } from "./engine/checkpoints.ts";
import { ZERO, type Transfers } from "./transfers/transfers.ts";
import { countOf } from "../base/words.ts";

export { BadSeedError, NegativeBalanceError, TraceInvariantError };

/** A transfer that is stolen money, as a whole or in part. */
export interface Seed {
  /** Its number in the transfers. */
  readonly row: number;
  /** Base units, at most its value. */
  readonly amount: bigint;
}

/**
 * What accounts had before their first row: nothing; as much clean money as keeps each from going below zero; or what
 * is told, by account, in base units of clean money.
 */
export type Opening = "none" | "clean" | ReadonlyMap<number, bigint>;

export interface TraceInput {
  readonly transfers: Transfers;
  /** Each row once. */
  readonly seeds: readonly Seed[];
  /** Accounts of services, at which the trace ends. */
  readonly stops: ReadonlySet<number>;
  readonly opening: Opening;
  readonly methods: readonly Method[];
  /** The last block that counts; all of them unless told. */
  readonly at?: number | undefined;
}

export interface TraceResult {
  readonly balanceOf: (account: number) => bigint;
  /** Clean money that the opening `clean` assumed, by account in ascending order. */
  readonly assumed: ReadonlyMap<number, bigint>;
  /** In the order in which they were asked for. */
  readonly methods: readonly MethodResult[];
}

/**
 * Follows the seeds through the transfers, by each method, to the last unit. Rows are taken in order; a transfer of no value
 * or to oneself changes nothing; mints and what leaves a stop are clean; what reaches a stop stays in its sink.
 * @param folder where the pass keeps its state from segment to segment, so that it can go on from there: after it was
 * killed, or when the transfers have grown. What it finds is the same with and without.
 * @throws NegativeBalanceError, BadSeedError; TraceInvariantError if the sums do not agree at the end.
 */
export function trace(input: TraceInput, folder?: string): TraceResult {
  const { transfers, stops, opening, methods } = input;
  const count = input.at === undefined ? transfers.count : transfers.countTo(input.at);
  const seeds = seedsByRow(input);
  const assumed = opening === "clean" ? cleanOpenings(transfers, count) : new Map<number, bigint>();
  const openings = new Map(opening === "clean" || opening === "none" ? assumed : opening);
  openings.delete(ZERO);
  const found = fastly({ transfers, seeds, stops, openings, methods }, count, folder);
  const sure = found ?? exactPass({ transfers, seeds, stops, openings, methods, count });
  assertInvariants(sure, transfers, openings, count);
  return { balanceOf: sure.balanceOf, assumed, methods: sure.methods };
}

/** In doubles; undefined where an amount is beyond them. */
function fastly(input: FastInput, count: number, folder: string | undefined): Found | undefined {
  const pass = FastPass.of(input);
  if (pass === undefined) return undefined;
  const done = folder === undefined ? pass.advance(count) : new Checkpoints(folder, input).advance(pass, count);
  return done ? pass.found() : undefined;
}

/** In ascending order. */
function seedsByRow({ transfers, seeds }: TraceInput): Map<number, bigint> {
  const byRow = new Map<number, bigint>();
  for (const { row, amount } of seeds.toSorted((a, b) => a.row - b.row)) {
    if (!Number.isInteger(row) || row < 0 || row >= transfers.count) {
      throw new BadSeedError(transfers, row, `row ${row}`, `a row below ${transfers.count}`);
    }
    const value = transfers.value(row);
    if (amount < 0n || amount > value) {
      throw new BadSeedError(transfers, row, countOf(amount, "base unit"), `0 to ${value}, the value of the transfer`);
    }
    if (byRow.has(row)) throw new BadSeedError(transfers, row, "two seeds", "one");
    byRow.set(row, amount);
  }
  return byRow;
}
