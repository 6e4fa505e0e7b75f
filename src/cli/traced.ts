import type { AssetTrace, TraceStatement } from "../operation/traceOperation.ts";
import type { Method } from "../tracing/methods.ts";
import { amountsOf, tableOf } from "../base/table.ts";

/** Out of which trace the targets come, for a reader: amounts in decimal units; `verbose` shows addresses. */
export function tracedForReaders({ method, assets, byHand }: TraceStatement, verbose: boolean): string[] {
  const rows = assets.map(({ symbol, decimals, transfers, injected, found, sinks, burned, difference, hops }) => {
    const atServices = sinks.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    const amounts = [BigInt(injected), BigInt(found), atServices, BigInt(burned), BigInt(difference)];
    return [symbol, transfers.toLocaleString("en"), String(hops), ...amountsOf(amounts, decimals)];
  });
  return [
    ...tableOf([["traced", "transfers", "hops", "stolen", "found", "at services", "burned", "difference"], ...rows]),
    "",
    ...servicesOf(assets, method),
    ...byHand.map(({ account, reason }) => `by hand: ${verbose ? `${account}: ` : ""}${reason}`),
    ...(byHand.length > 0 ? [""] : []),
  ];
}

/** What each service was reached by, asset by asset. */
function servicesOf(assets: readonly AssetTrace[], method: Method): string[] {
  const labels = new Map(assets.flatMap(({ sinks }) => sinks.map(({ account, label }) => [account, label || account])));
  if (labels.size === 0) return [];
  const reached = assets.filter(({ sinks }) => sinks.length > 0);
  const columns = reached.map(({ sinks, decimals }) => {
    const amounts = new Map(sinks.map(({ account, amount }) => [account, BigInt(amount)]));
    return amountsOf(
      [...labels.keys()].map((account) => amounts.get(account) ?? 0n),
      decimals,
    );
  });
  const rows = [...labels.values()].map((label, i) => [label, ...columns.map((amounts) => amounts[i]!)]);
  const sorted = rows.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return [...tableOf([[`reached, by ${method}`, ...reached.map(({ symbol }) => symbol)], ...sorted]), ""];
}
