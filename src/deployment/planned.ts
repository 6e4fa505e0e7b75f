import type { Address } from "viem";
import type { PerContract } from "../chain/deployments.ts";
import { buildCharter, type Charter } from "./charter.ts";
import { changesOf } from "./charterWords.ts";
import type { DeploymentPlan } from "./check.ts";
import { seatAt } from "./seats.ts";

/** The charter of a plan whose contracts stand at these addresses. */
export const charterOf = (
  { parameters, seats, assets, document }: DeploymentPlan,
  at: PerContract<Address>,
  signBy: bigint,
): Charter =>
  buildCharter({
    parameters,
    seats: seats.map((seat) => seatAt(seat, at.verifiers)),
    document,
    signBy,
    contracts: { docket: at.docket, disposal: at.disposal, register: at.register, vault: at.vault },
    assets: assets.map(({ symbol, treasury }) => ({ asset: at.assets[symbol]!, treasury })),
    verifiers: Object.values(at.verifiers),
  });

/** Where a charter differs from what a plan says, a line each; `at` are its contracts. */
export function changesFromPlan(
  has: Charter,
  at: PerContract<Address>,
  plan: DeploymentPlan,
  signBy: bigint,
): string[] {
  const lacking = plan.assets.filter((asset) => !("address" in asset) && !(asset.symbol in at.assets));
  if (lacking.length > 0) return lacking.map(({ symbol }) => `asset ${symbol}: has none, needs one that is deployed`);
  const assets = Object.fromEntries(
    plan.assets.map((asset) => [asset.symbol, "address" in asset ? asset.address : at.assets[asset.symbol]!]),
  );
  const now = { ...at, assets };
  return changesOf(has, charterOf(plan, now, signBy), { has: at, needs: now });
}
