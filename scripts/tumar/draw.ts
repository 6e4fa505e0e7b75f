import { keccak256, stringToHex } from "viem";

export type Draw = (below: number) => bigint;

/** Numbers from 0 to below, by hashing: the same everywhere, for ever. */
export function drawer(seed: string): Draw {
  let count = 0;
  return (below) => BigInt(keccak256(stringToHex(`${seed}/${count++}`))) % BigInt(below);
}

export function shuffle<T>(list: readonly T[], draw: Draw): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(Number(draw(rest.length)), 1)[0] as T);
}

/** A total in parts that sum to it, of sizes as money has them: products of random factors are close to log-normal. */
export function split(total: bigint, parts: number, draw: Draw): bigint[] {
  const weights = Array.from({ length: parts }, () =>
    Array.from({ length: 5 }, () => 20n + draw(100)).reduce((product, factor) => product * factor),
  );
  const sum = weights.reduce((a, b) => a + b);
  const amounts = weights.map((weight) => (total * weight) / sum);
  const rest = total - amounts.reduce((a, b) => a + b);
  return amounts.map((amount, i) => (i === 0 ? amount + rest : amount));
}

/** A count in shares, none below its least. */
export function share(total: number, least: readonly number[], draw: Draw): number[] {
  const shares = [...least];
  for (let rest = total - least.reduce((a, b) => a + b); rest > 0; rest--) {
    const lucky = Number(draw(shares.length));
    shares[lucky] = (shares[lucky] as number) + 1;
  }
  return shares;
}
