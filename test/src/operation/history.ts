import { keccak256, numberToHex } from "viem";
import { derivedAccount, LOCAL_CHAIN } from "../../../src/deployment/keys.ts";
import type { CaseFileInput } from "../../../src/operation/folder/schema.ts";
import type { OperationFiles, TargetRow } from "../../../src/operation/folder/writeOperation.ts";
import { ZERO_ADDRESS } from "../../../src/tracing/transfers/row.ts";
import { account, ALL_ACTS, smallFiles } from "./small.ts";

export const HOT = derivedAccount(LOCAL_CHAIN, "small", "HOT").address;
/** A service that the operation does not know otherwise. */
export const OTHER = account(50);
export const [VICTIM, THIEF, MULE] = [account(51), account(52), account(53)];

/** From, to, hundredths of USDX. */
export type Transfer = readonly [from: string, to: string, cents: number];

/**
 * 292.00 USDX are stolen. 250.00 end in the targets of ALL_ACTS, 30.00 at HOT, 12.00 at the other service. The third
 * account gets its 20.00 only when the operation has begun.
 */
export const HISTORY: readonly Transfer[] = [
  [ZERO_ADDRESS, VICTIM, 100_000],
  [VICTIM, THIEF, 29_200],
  [THIEF, MULE, 15_000],
  [MULE, account(1), 10_000],
  [MULE, account(4), 4_000],
  [THIEF, account(2), 6_000],
  [THIEF, account(5), 5_000],
  [MULE, HOT, 1_000],
  [THIEF, HOT, 2_000],
  [THIEF, OTHER, 1_200],
];

/** The history with some of its transfers replaced, by their place. */
export const changed = (changes: Record<number, Transfer>): Transfer[] => HISTORY.map((it, i) => changes[i] ?? it);

const hash = (n: number) => keccak256(numberToHex(n, { size: 32 }));

export const historyText = (transfers: readonly Transfer[]): string =>
  [
    "block_number,log_index,transaction_hash,from,to,value",
    ...transfers.map(([from, to, cents], i) => [100 + i, 0, hash(i), from.toLowerCase(), to.toLowerCase(), cents]),
  ]
    .map((row) => `${String(row)}\n`)
    .join("");

/** The files of ALL_ACTS, whose targets come out of a history; the second transfer is the theft. */
export function tracedFiles({
  transfers = HISTORY,
  stops = [HOT, OTHER],
  targets = ALL_ACTS.targets,
  trace = {},
}: {
  transfers?: readonly Transfer[];
  stops?: readonly string[];
  targets?: TargetRow[];
  trace?: Partial<NonNullable<CaseFileInput["trace"]>>;
} = {}): OperationFiles {
  const files = smallFiles({
    ...ALL_ACTS,
    targets,
    trace: {
      method: "fifo",
      stops: "trace/stops.json",
      assets: { USDX: { transfers: "trace/USDX.csv", seeds: "trace/USDX.seeds.json" } },
      ...trace,
    },
  });
  const seeds = [{ transaction_hash: hash(1), log_index: 0, amount: String(transfers[1]![2]) }];
  files.set("trace/USDX.csv", historyText(transfers));
  files.set("trace/USDX.seeds.json", JSON.stringify(seeds));
  files.set("trace/stops.json", JSON.stringify(stops.map((address, i) => ({ address, label: `service ${i + 1}` }))));
  return files;
}
