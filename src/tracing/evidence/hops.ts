import { plainPass, type PlainInput } from "../pass/plain.ts";

/**
 * How many transfers one after another brought tainted money to where it went, at most; a theft is the first one. Back
 * and forth counts each time, so that a chain of transfers is as long as the history has it.
 */
export function mostHops(
  input: Omit<PlainInput, "methods" | "observe">,
  method: PlainInput["methods"][number],
): number {
  const { from, to } = input.transfers;
  const hops = new Map<number, number>();
  let most = 0;
  plainPass({
    ...{ ...input, methods: [method] },
    observe({ row, arrived }) {
      if (arrived === 0n) return;
      const hop = (hops.get(from[row]!) ?? 0) + 1;
      hops.set(to[row]!, Math.max(hop, hops.get(to[row]!) ?? 0));
      most = Math.max(most, hop);
    },
  });
  return most;
}
