import type { Asset } from "./operation.ts";
import type { TraceStatement } from "./traceOperation.ts";
import { countOf } from "../base/words.ts";

const grouped = (n: number | bigint): string => n.toLocaleString("en");

/** What a trace came to, in one line; what reached services in US dollars, rounded down. */
export function tracedInWords(trace: TraceStatement, assets: readonly Asset[]): string {
  const { method, targets, moved, untraced } = trace;
  const transfers = trace.assets.reduce((sum, it) => sum + it.transfers, 0);
  const hops = Math.max(...trace.assets.map((it) => it.hops));
  const reached = trace.assets.map(({ symbol, sinks }) => ({
    symbol,
    units: sinks.reduce((total, { amount }) => total + BigInt(amount), 0n),
  }));
  const services = new Set(trace.assets.flatMap(({ sinks }) => sinks.map(({ account }) => account)));
  return [
    `${countOf(grouped(transfers), "transfer")} of ${countOf(trace.assets.length, "asset")} by ${method}: ${countOf(targets, "target")}` +
      (moved > 0 ? `, ${moved} of them by a later move` : "") +
      (untraced > 0 ? `, ${untraced} by hand` : ""),
    `${countOf(hops, "hop")} at most`,
    `${inDollars(dollarsOf(reached, assets))} at ${countOf(services.size, "service")}`,
  ].join("; ");
}

/** What amounts are worth together at the assets' rates, in whole US dollars, rounded down. */
export function dollarsOf(amounts: readonly { symbol: string; units: bigint }[], assets: readonly Asset[]): bigint {
  let worth = { units: 0n, scale: 1n };
  for (const { symbol, units } of amounts) {
    const { decimals, perUsd } = assets.find((asset) => asset.symbol === symbol)!;
    const scale = 10n ** BigInt(decimals) * perUsd.units;
    worth = { units: worth.units * scale + units * perUsd.scale * worth.scale, scale: worth.scale * scale };
  }
  return worth.units / worth.scale;
}

export const inDollars = (dollars: bigint): string => `$${grouped(dollars)}`;
