import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { main } from "../../../../src/cli/program.ts";
import type { RunInput } from "../../../../src/operation/run.ts";
import type { Manifest } from "../../../../src/tracing/evidence/manifest.ts";
import { temporaryFolder } from "../../operation/folders.ts";

/** Every method, as arguments of a trace. */
export const ALL = ["fifo", "libr", "haircut", "taint-first", "lifo", "poison"].flatMap((it) => ["--method", it]);

export const ZERO = `0x${"0".repeat(40)}`;
/** The nth wallet: above what no key can own. */
export const wallet = (n: number): string => `0x${(2n ** 159n + BigInt(n)).toString(16)}`;
export const hash = (n: number): string => `0x${n.toString(16).padStart(64, "0")}`;
export const ASSET = wallet(0xa55e7);

/** From, to, base units. */
export type Sent = readonly [from: string, to: string, value: bigint | number];

export interface CaseInput {
  /** One in each block from 100 on, with log index 7. */
  readonly transfers: readonly Sent[];
  /** Places of stolen transfers among those, with the amount where it is not the whole. */
  readonly seeds: readonly (readonly [place: number, amount?: number])[];
  readonly stops?: readonly (readonly [address: string, label: string])[];
}

export const blockOf = (place: number): number => 100 + place;

/** Writes a case to a new folder; answers the options of `trace run` that name its files. */
export function writeCase({ transfers, seeds, stops = [] }: CaseInput): { dir: string; options: string[] } {
  const dir = temporaryFolder();
  const file = (name: string, text: string) => {
    writeFileSync(path.join(dir, name), text);
    return path.join(dir, name);
  };
  const rows = transfers.map(([from, to, value], i) => `${blockOf(i)},7,${hash(i + 1)},${from},${to},${value}\n`);
  const csv = file("transfers.csv", `block_number,log_index,transaction_hash,from,to,value\n${rows.join("")}`);
  const stolen = seeds.map(([place, amount]) => ({ transaction_hash: hash(place + 1), log_index: 7, amount }));
  const list = stops.map(([address, label]) => ({
    address,
    label,
    kind: "exchange",
    source: "test",
    date: "2025-01-01",
  }));
  const options = ["--transfers", csv, "--seeds", file("seeds.json", JSON.stringify(stolen))];
  if (stops.length > 0) options.push("--stops", file("stops.json", JSON.stringify(list)));
  return { dir, options };
}

/** Runs the command line in this process. */
export async function sequester(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const code = await main(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    run: (_: RunInput) => Promise.reject(new Error("no operation is run here")),
  });
  return { code, stdout, stderr };
}

/** Traces a case and answers the folder of its evidence; fails where the command does. */
export async function traced(input: CaseInput, ...options: string[]): Promise<string> {
  const { dir, options: files } = writeCase(input);
  const out = path.join(dir, "out");
  const { code, stderr } = await sequester("trace", "run", ...files, "--out", out, ...options);
  if (code !== 0) throw new Error(stderr);
  return out;
}

export const textIn = (dir: string, file: string): string => readFileSync(path.join(dir, file), "utf8");

export const manifestIn = (dir: string): Manifest => JSON.parse(textIn(dir, "manifest.json")) as Manifest;

/** Every file below a folder with its bytes. */
export const filesIn = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [path.relative(dir, file), readFileSync(file, "latin1")]),
  );

const [victim, thief, mule, platform, shop, friend] = [1, 2, 3, 4, 5, 6].map(wallet) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
export { victim, thief, mule, platform, shop, friend };

/** A theft that is mixed, sent on, bounced, burned and brought to a platform. */
export const THEFT: CaseInput = {
  transfers: [
    [ZERO, victim, 1_000],
    [ZERO, thief, 300],
    [victim, thief, 600], // stolen
    [thief, mule, 450],
    [mule, thief, 50],
    [thief, platform, 120],
    [mule, ZERO, 40],
    [platform, shop, 100],
    [mule, friend, 0],
    [mule, mule, 10],
    [mule, friend, 200],
    [friend, shop, 77],
  ],
  seeds: [[2]],
  stops: [[platform, "licensed platform 1"]],
};
