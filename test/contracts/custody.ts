import { expect } from "chai";
import type { Address } from "viem";
import { encodeCaseId, type Refund } from "../../src/orders/index.ts";
import { changesOf } from "./change.ts";
import { disposalsOf, PUBLIC_TERM } from "./disposals.ts";
import { deployFaultySystem } from "./faulty.ts";
import { addressOf, CASE, networkHelpers, UNIT } from "./fixture.ts";

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
    ...{ ...system, ...changesOf(system), ...disposalsOf(system) },
    ...{ vaultAt: (await docket.vaultOf(caseId)) as Address, wallet: system.carol },
  };
}

export type Custody = Awaited<ReturnType<typeof deployCustody>>;

/** Money of an asset for a holder, in kind. */
export const inKind = (asset: Address, { address }: { address: string }, amount: bigint): Refund => ({
  ...{ taken: asset, asset, account: address as Address, amount },
});

/** Money of an asset for a holder, for what was taken from it in another. */
export const inProceeds = (
  taken: Address,
  asset: Address,
  { address }: { address: string },
  amount: bigint,
): Refund => ({
  ...{ taken, asset, account: address as Address, amount },
});

type Owing = Pick<Custody, "docket" | "caseId">;

/** What the case took from an account in an asset and did not give back. Base units. */
export const owedTo = async ({ docket, caseId }: Owing, asset: Address, { address }: { address: string }) =>
  (await docket.owedTo(caseId, asset, address)).owed;

/** What waits for an account that could not receive it, in base units, and since when. */
export async function claimOf({ docket, caseId }: Owing, asset: Address, { address }: { address: string }) {
  const { claim, since } = await docket.owedTo(caseId, asset, address);
  return [claim, since];
}

interface Balances {
  balanceOf(at: string): Promise<bigint>;
  getAddress(): Promise<string>;
}

/** Every sum that must hold always, for one case and asset; answers them. Base units. */
export async function expectSums({ docket }: Pick<Custody, "docket">, asset: Balances, caseId = encodeCaseId(CASE)) {
  const at = await asset.getAddress();
  const { left, proceeds, reserved, suspense } = await docket.moneyOf(caseId, at);
  expect(proceeds <= left).to.equal(true, "proceeds left <= left");
  expect(await asset.balanceOf(await docket.vaultOf(caseId))).to.equal(left + reserved + suspense, "balance");
  return { left, proceeds, reserved, suspense };
}

/** The same with a licensed wallet, carol's, that can pay in every asset. */
export async function deployConverting() {
  const system = await deployCustody();
  const { license, wallet, disposal, faulty, tenge, other, usdx, issuer } = system;
  await license(wallet, "PLATFORM");
  await networkHelpers.time.increase(PUBLIC_TERM);
  await other.connect(issuer).mint(wallet, 1_000n * UNIT);
  for (const asset of [tenge, other, faulty]) await asset.connect(wallet).approve(disposal, 2n ** 255n);
  return {
    ...system,
    /** 30 KZTE for at least 15 USDX, unless changed. */
    conversion: (changes: Partial<Parameters<Custody["convert"]>[0]> = {}, given?: Parameters<Custody["convert"]>[1]) =>
      system.convert(
        {
          ...{ asset: system.kzte, amount: 30n * UNIT, wallet: addressOf(wallet) },
          ...{ proceedsAsset: usdx, leastProceeds: 15n * UNIT, ...changes },
        },
        given,
      ),
  };
}
