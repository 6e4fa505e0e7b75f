import type { Asset } from "./operation.ts";
import type { TraceStatement } from "./traced.ts";
import { countOf } from "./words.ts";

const grouped = (n: number | bigint): string => n.toLocaleString("en");

/** What a trace came to, in one line; what reached services in US dollars, rounded down. */
export function tracedInWords(trace: TraceStatement, assets: readonly Asset[]): string {
  const { method, targets, moved, untraced } = trace;
  const transfers = trace.assets.reduce((sum, it) => sum + it.transfers, 0);
  const hops = Math.max(...trace.assets.map((it) => it.hops));
  const services = new Set(trace.assets.flatMap(({ sinks }) => sinks.map(({ account }) => account)));
  return [
    `${grouped(transfers)} transfers of ${countOf(trace.assets.length, "asset")} by ${method}: ${countOf(targets, "target")}` +
      (moved > 0 ? `, ${moved} of them by a later move` : "") +
      (untraced > 0 ? `, ${untraced} by hand` : ""),
    `${countOf(hops, "hop")} at most`,
    `$${grouped(dollarsOf(trace, assets))} at ${countOf(services.size, "service")}`,
  ].join("; ");
}

/** What reached services, in whole US dollars. */
function dollarsOf(trace: TraceStatement, assets: readonly Asset[]): bigint {
  let worth = { units: 0n, scale: 1n };
  for (const { symbol, decimals, sinks } of trace.assets) {
    const { perUsd } = assets.find((asset) => asset.symbol === symbol)!;
    const sum = sinks.reduce((total, { amount }) => total + BigInt(amount), 0n);
    const scale = 10n ** BigInt(decimals) * perUsd.units;
    worth = { units: worth.units * scale + sum * perUsd.scale * worth.scale, scale: worth.scale * scale };
  }
  return worth.units / worth.scale;
}
