import { createHash } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../base/files.ts";
import type { Saved } from "./engine.ts";
import type { FastInput, FastPass } from "./fast.ts";
import { ZERO } from "../transfers/transfers.ts";
import { pack, readPacked, writePacked } from "../transfers/pack.ts";
import { SEGMENT_ROWS, SegmentedTransfers } from "../transfers/segmented.ts";

/** How many states are kept: that of the last row, and those of the segments before, in case the end of the history changes. */
const KEPT = 3;

interface Header {
  readonly schema: "sequester.checkpoint/1";
  /** Rows that the state is after. */
  readonly rows: number;
  /** SHA-256 of those rows, and of the case. */
  readonly head: string;
  readonly case: string;
  /** For each engine: how many arrays are its own, and what it has counted. */
  readonly engines: readonly { readonly arrays: number; readonly tallies: readonly SavedTally[] }[];
}

interface SavedTally {
  readonly injected: string;
  readonly sinks: readonly (readonly [number, number])[];
  readonly burnedRows: readonly number[];
  readonly burnedTaints: readonly number[];
}

/**
 * Where a pass keeps its state from segment to segment: a pass that was killed, or whose history has grown, goes on from
 * the last state of which every row, seed, stop and opening is still the same.
 */
export class Checkpoints {
  readonly #folder: string;
  readonly #input: FastInput;
  readonly #segments: SegmentedTransfers;
  readonly #rows: number;

  constructor(folder: string, input: FastInput, rows = SEGMENT_ROWS) {
    this.#folder = folder;
    this.#input = input;
    this.#rows = rows;
    this.#segments = new SegmentedTransfers(input.transfers, rows);
    makeFolder(folder);
  }

  /** Brings a new pass to the row before `count`, from the last state that fits; false where a sum is beyond doubles. */
  advance(pass: FastPass, count: number): boolean {
    this.#resume(pass, count);
    while (pass.row < count) {
      const end = Math.min(count, (Math.floor(pass.row / this.#rows) + 1) * this.#rows);
      if (!pass.advance(end)) return false;
      this.#write(pass);
    }
    // Where there is no row at all, it is not begun yet.
    return pass.advance(count);
  }

  #resume(pass: FastPass, count: number): void {
    for (const { file, rows } of this.#files().filter((one) => one.rows <= count)) {
      const found = readPacked<Header>(file);
      if (found?.header.case !== this.#caseAt(rows) || found.header.head !== this.#segments.headAt(rows)) continue;
      let at = 1;
      const saved = found.header.engines.map(({ arrays, tallies }): Saved => {
        const own = found.arrays.slice(at, (at += arrays)) as unknown as Saved["arrays"];
        const counted = tallies.map((tally) => ({
          ...tally,
          injected: BigInt(tally.injected),
          sinks: new Map(tally.sinks),
        }));
        return { arrays: own, tallies: counted };
      });
      if (pass.load(rows, saved, this.#raised(found.arrays[0] as Float64Array))) return;
    }
  }

  #write(pass: FastPass): void {
    const rows = pass.row;
    const accounts = this.#segments.accountsAt(rows);
    const saved = pass.save(accounts);
    const openings = new Float64Array(accounts);
    for (const [account, opening] of this.#input.openings) if (account < accounts) openings[account] = Number(opening);
    const header: Header = {
      schema: "sequester.checkpoint/1",
      rows,
      head: this.#segments.headAt(rows),
      case: this.#caseAt(rows),
      engines: saved.map(({ arrays, tallies }) => ({
        arrays: arrays.length,
        tallies: tallies.map(({ injected, sinks, burnedRows, burnedTaints }) => ({
          injected: String(injected),
          sinks: [...sinks],
          burnedRows,
          burnedTaints,
        })),
      })),
    };
    const { parts } = pack({ header, arrays: [openings, ...saved.flatMap(({ arrays }) => arrays)] });
    writePacked(path.join(this.#folder, `${String(rows).padStart(12, "0")}.checkpoint`), parts);
    for (const { file } of this.#files().slice(KEPT)) rmSync(file);
  }

  /** By how much the openings of accounts are other ones than they were. */
  #raised(before: Float64Array): Map<number, number> {
    const raised = new Map<number, number>();
    for (let account = ZERO + 1; account < before.length; account++) {
      const more = Number(this.#input.openings.get(account) ?? 0n) - before[account]!;
      if (more !== 0) raised.set(account, more);
    }
    return raised;
  }

  /** The one of the most rows first. */
  #files(): { file: string; rows: number }[] {
    const names = readdirSync(this.#folder).filter((name) => /^\d{12}\.checkpoint$/.test(name));
    return names
      .sort()
      .reverse()
      .map((name) => ({ file: path.join(this.#folder, name), rows: Number.parseInt(name, 10) }));
  }

  /** A hash of all but the rows that decides what is found before row `rows`. */
  #caseAt(rows: number): string {
    const { transfers, methods, seeds, stops } = this.#input;
    const told = {
      methods,
      stops: [...stops]
        .filter((stop) => stop !== ZERO)
        .map((stop) => transfers.accounts.address(stop))
        .sort(),
      seeds: [...seeds].filter(([row]) => row < rows).map(([row, amount]) => [row, String(amount)]),
    };
    return createHash("sha256").update(JSON.stringify(told)).digest("hex");
  }
}
