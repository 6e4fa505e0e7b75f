import path from "node:path";
import { z } from "../../base/zod.ts";
import { COMPARISON_ONLY, METHODS } from "../../tracing/methods.ts";
import { Flaw, type FaultName } from "./faults.ts";
import { account, path as file, text } from "./fields.ts";
import { fileInside } from "./fileInside.ts";
import type { Keys } from "../../base/lines.ts";
import type { Asset, TraceFiles } from "../operation.ts";
import { parseAmount } from "./values.ts";

const ASSETS_NEEDED = "needs the transfers and the seeds of one asset or more";

/** The histories that an operation's targets come out of, in case.json. */
export const tracePart = z.strictObject({
  method: z.enum(METHODS).refine((method) => !COMPARISON_ONLY.has(method), {
    error: ({ input }) => `${String(input)} is for comparison only: no order may rest on it`,
  }),
  stops: file,
  /** By symbol. */
  assets: z
    .record(z.string(), z.strictObject({ transfers: file, seeds: file }))
    .refine((assets) => Object.keys(assets).length > 0, ASSETS_NEEDED),
  /** Decimal units of each asset: an account with less need not be a target. */
  least: z.string().optional(),
  /** Accounts that officers named without a trace, and why. */
  byHand: z.array(z.strictObject({ account, reason: text })).optional(),
});

type Part = z.output<typeof tracePart>;

/** Finds the files, and what else of the part can be known without them. Undefined where a file is missing. */
export function readTraceFiles(
  dir: string,
  part: Part,
  {
    assets,
    lineOf,
    at,
  }: {
    assets: ReadonlyMap<string, Asset>;
    lineOf: (keys: Keys) => number;
    at: (keys: Keys, name: FaultName, reason: string) => void;
  },
): TraceFiles {
  const found = (name: string, keys: Keys): string => {
    if (fileInside(dir, name) === undefined) {
      at(["trace", ...keys], "MissingFile", `the folder has no file ${name} that can be read`);
    }
    return path.join(dir, name);
  };
  const traced = Object.entries(part.assets).flatMap(([symbol, { transfers, seeds }]) => {
    const keys = ["assets", symbol];
    const asset = assets.get(symbol);
    if (asset === undefined) {
      at(["trace", ...keys], "UnknownAsset", `the asset ${JSON.stringify(symbol)} is not one of case.json`);
      return [];
    }
    const files = { transfers: found(transfers, [...keys, "transfers"]), seeds: found(seeds, [...keys, "seeds"]) };
    return [{ asset, ...files, least: leastOf(part.least, asset, at) }];
  });
  const byHand = new Map<string, TraceFiles["byHand"][number]>();
  for (const [i, { account, reason }] of (part.byHand ?? []).entries()) {
    const keys = ["trace", "byHand", i, "account"];
    if (byHand.has(account)) at(keys, "DuplicateTarget", `the account ${account} is named by hand twice`);
    byHand.set(account, { account, reason, line: lineOf(keys) });
  }
  return {
    dir,
    method: part.method,
    assets: traced,
    byHand: [...byHand.values()],
    stops: { path: found(part.stops, ["stops"]), line: lineOf(["trace", "stops"]) },
  };
}

function leastOf(
  least: string | undefined,
  { decimals }: Asset,
  at: (keys: Keys, name: FaultName, reason: string) => void,
): bigint {
  if (least === undefined) return 1n;
  try {
    return parseAmount(least, decimals);
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
    at(["trace", "least"], error.fault, error.message);
    return 1n;
  }
}
