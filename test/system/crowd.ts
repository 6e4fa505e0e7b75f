import type { Address } from "viem";
import { platformOf } from "./acts/disposals.ts";
import { ethers, networkHelpers, now } from "./chain.ts";
import { deployContracts, installed } from "./deployed.ts";
import { target } from "./entries.ts";
import { ascendingTargets, UNIT } from "./money.ts";
import { DAY, LICENCE_DELAY } from "./parameters.ts";

export const PLATFORM = platformOf("EXCHANGE");
export const SUB_ACCOUNT = platformOf("customer 7");

/**
 * The whole system with a third asset, RFSE, that says beforehand whom it refuses; two licensed wallets, `omnibus` and
 * `buyer`; in the vault of CASE-1 100 of each asset of alice, bob and carol; 100 of alice's held by CASE-2.
 */
export async function deployCrowd() {
  const contracts = await deployContracts();
  const { docket, tenge, other, register, disposal, issuer, alice, bob, carol } = contracts;
  const refusing = await ethers.deployContract("RefusingTenge", [docket]);
  const rfse = (await refusing.getAddress()) as Address;
  const system = await installed(contracts, [rfse]);
  const [omnibus, buyer] = (await ethers.getSigners()).slice(8, 10) as [typeof alice, typeof alice];
  const holders = [alice, bob, carol];
  for (const holder of [...holders, omnibus, buyer]) {
    await tenge.connect(issuer).mint(holder, 1_000n * UNIT);
    await other.connect(issuer).mint(holder, 1_000n * UNIT);
    await refusing.mint(holder, 1_000n * UNIT);
  }
  for (const asset of [tenge, other]) await asset.connect(buyer).approve(disposal, 2n ** 95n);
  for (const asset of [tenge, other]) await asset.connect(omnibus).approve(register, 2n ** 95n);
  await system.license(omnibus, "EXCHANGE", { omnibus: true });
  await system.license(buyer, "EXCHANGE");
  await networkHelpers.time.increase(LICENCE_DELAY + DAY);

  const all = [contracts.kzte, contracts.usdx, rfse];
  const targets = (amount: bigint, who = holders) =>
    ascendingTargets(all.flatMap((asset) => who.map((holder) => target(asset, holder, amount * UNIT))));
  await system.arrest({ place: targets(150n), until: (await now()) + 100n * DAY });
  await system.seize(targets(100n));
  await system.freeze(targets(100n, [alice]), { caseId: "CASE-2" });
  return { ...system, refusing, rfse, omnibus, buyer, all, targets };
}

export type Crowd = Awaited<ReturnType<typeof deployCrowd>>;
