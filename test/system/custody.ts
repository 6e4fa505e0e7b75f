import type { Address } from "viem";
import { addressOf, networkHelpers } from "./chain.ts";
import { deployFaultySystem } from "./faulty.ts";
import { UNIT } from "./money.ts";
import { LICENCE_DELAY } from "./parameters.ts";

/** In the case's vault: 100 KZTE and 100 FLTY of alice, 200 and 200 of bob. */
export async function deployCustody() {
  const system = await deployFaultySystem();
  const { kzte, flty, alice, bob, docket, caseId } = system;
  await system.take(
    [kzte, flty].flatMap((asset) => [
      { asset, account: addressOf(alice), amount: 100n * UNIT },
      { asset, account: addressOf(bob), amount: 200n * UNIT },
    ]),
  );
  return {
    ...system,
    vaultAt: (await docket.vaultOf(caseId)) as Address,
    wallet: system.carol,
  };
}

export type Custody = Awaited<ReturnType<typeof deployCustody>>;

/** The same with a licensed wallet, carol's, that can pay in every asset. */
export async function deployConverting() {
  const system = await deployCustody();
  const { license, wallet, disposal, faulty, tenge, other, usdx, issuer } = system;
  await license(wallet, "PLATFORM");
  await networkHelpers.time.increase(LICENCE_DELAY);
  await other.connect(issuer).mint(wallet, 1_000n * UNIT);
  for (const asset of [tenge, other, faulty]) await asset.connect(wallet).approve(disposal, 2n ** 255n);
  return {
    ...system,
    /** 30 KZTE for at least 15 USDX, unless changed. */
    conversion: (changes: Partial<Parameters<Custody["convert"]>[0]> = {}, given?: Parameters<Custody["convert"]>[1]) =>
      system.convert(
        {
          asset: system.kzte,
          amount: 30n * UNIT,
          wallet: addressOf(wallet),
          proceedsAsset: usdx,
          leastProceeds: 15n * UNIT,
          ...changes,
        },
        given,
      ),
  };
}
