import { getAddress, numberToHex, type Address } from "viem";
import type { Claim, ClaimClass, ListScope } from "../../../src/compensation/index.ts";

/** The n-th claimant's account. */
export const accountOf = (n: number): Address => getAddress(numberToHex(0xc1a1n * 2n ** 64n + BigInt(n), { size: 20 }));

export const claim = (id: string, loss: bigint, of: ClaimClass = "victim", n = 1): Claim => ({
  id,
  account: accountOf(n),
  class: of,
  loss,
});

const UNIT = 10n ** 6n;

/** A pool of 1,240,000.00 in an asset of six decimals: an owner's 90,000 first, then five victims of 2,300,000 in all. */
export const POOL = 1_240_000n * UNIT;
export const CLAIMS: readonly Claim[] = [
  claim("O1", 90_000n * UNIT, "owner", 1),
  claim("V1", 900_000n * UNIT, "victim", 2),
  claim("V2", 640_000n * UNIT, "victim", 3),
  claim("V3", 333_333_330_000n, "victim", 4),
  claim("V4", 26_666_670_000n, "victim", 5),
  claim("V5", 400_000n * UNIT, "victim", 6),
];
/** What each gets, in the order of the claims. */
export const AMOUNTS = [
  90_000n * UNIT,
  450_000n * UNIT,
  320_000n * UNIT,
  166_666_665_000n,
  13_333_335_000n,
  200_000n * UNIT,
];

export const SCOPE: ListScope = {
  chainId: 31337,
  docket: accountOf(1001),
  caseId: "CASE-1",
  asset: accountOf(1002),
};
