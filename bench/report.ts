import { readFileSync, writeFileSync } from "node:fs";
import { tableOf } from "../src/base/table.ts";

/** What one run of the bench measured. */
export interface Bench {
  schema: "sequester.bench.gas/1";
  rows: Row[];
}

/** One work in gas; `targets.perTransaction` in targets, of which the floor allows no more. */
export interface Row {
  work: string;
  ours: number;
  floor: number;
  peers: Record<string, number>;
}

const SNAPSHOT = new URL("gas.snapshot.json", import.meta.url);

/** The figures that the repository holds. */
export const readSnapshot = (): Bench => JSON.parse(readFileSync(SNAPSHOT, "utf8")) as Bench;

export const writeSnapshot = (bench: Bench): void => writeFileSync(SNAPSHOT, `${JSON.stringify(bench, null, 2)}\n`);

/** The bench as lines for people. */
export function reportOf({ rows }: Bench): string[] {
  const cells = rows.map(({ work, ours, peers, floor }) => [
    work,
    grouped(ours),
    Object.entries(peers)
      .map(([name, gas]) => `${name} ${grouped(gas)}`)
      .join(", "),
    grouped(floor),
  ]);
  return tableOf([["work", "ours", "peers", "floor"], ...cells]);
}

const grouped = (value: number): string => value.toLocaleString("en-US");
