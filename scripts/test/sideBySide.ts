import { spawn } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";

/** A program that runs tests and prints how many. */
export interface Runner {
  name: string;
  /** What Node is started with. */
  args: readonly string[];
}

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface Outcome {
  /** Of all runners that printed theirs. */
  sums: Counts;
  /** Why the run as a whole has failed; none where it has not. */
  faults: string[];
}

const WORDS = { passing: "passed", failing: "failed", pending: "skipped", skipped: "skipped" } as const;
const COUNT = /^ {2}(\d+) (passing|failing|pending|skipped)(?: \(\w+\))?$/;

/** What Mocha and Hardhat's runner of Solidity tests print in the end, e.g. "  5 passing (3s)" above "  1 failing". */
export function countsIn(output: string): Counts | undefined {
  const lines = stripVTControlCharacters(output)
    .split(/\r?\n/)
    .map((line) => COUNT.exec(line));
  const first = lines.findLastIndex((count) => count?.[2] === "passing");
  if (first === -1) return undefined;
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (let i = first, count = lines[i]; count; count = lines[++i]) {
    counts[WORDS[count[2] as keyof typeof WORDS]] += Number(count[1]);
  }
  return counts;
}

/** Runs all at once. What the first prints is written as it comes, the others' in one piece each, when it is done. */
export async function runSideBySide(runners: readonly Runner[], write: (text: string) => void): Promise<Outcome> {
  const runs = runners.map(({ args }, i) => run(args, i === 0 ? write : () => {}));
  const outcome: Outcome = { sums: { passed: 0, failed: 0, skipped: 0 }, faults: [] };
  for (const [i, { name }] of runners.entries()) {
    const { code, output } = await runs[i]!;
    if (i > 0) write(output);
    const counts = countsIn(output);
    if (counts === undefined || counts.passed + counts.failed === 0) {
      outcome.faults.push(`${name} printed no count: it ran nothing or did not finish`);
    } else {
      for (const word of ["passed", "failed", "skipped"] as const) outcome.sums[word] += counts[word];
      if (code !== 0 || counts.failed > 0) outcome.faults.push(`${name} failed`);
    }
  }
  return outcome;
}

async function run(args: readonly string[], write: (text: string) => void) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      write(text);
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}
