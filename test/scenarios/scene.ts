import type { ContractTransactionResponse } from "ethers";
import { expect } from "chai";
import type { Address } from "viem";
import { ledgerIn, type Ledger } from "../../src/journal/ledger.ts";
import { replay } from "../../src/journal/replay.ts";
import { paidOutOf } from "../../src/operation/sums.ts";
import { encodeCaseId, type Refund, type Target } from "../../src/orders/index.ts";
import { changesOf } from "../contracts/change.ts";
import { actingAs, goTo, newAddress, target } from "../contracts/docket.ts";
import { CASE, DAY, deploySystem, ethers, now, UNIT, type System } from "../contracts/fixture.ts";
import { deployFaultySystem, FAULT } from "../contracts/faulty.ts";
import { disposalsOf } from "../contracts/disposals.ts";
import { entriesOf } from "../src/journal/journal.ts";

/** Whole units of an asset with six decimals, e.g. `units("166666.665")`. */
export function units(amount: number | string): bigint {
  const [whole = "0", part = ""] = String(amount).replaceAll(",", "").split(".");
  return BigInt(whole) * UNIT + BigInt(part.padEnd(6, "0"));
}

/** The system with everything that officers, holders and platforms can do in it. */
export async function deployScene() {
  const system = await deploySystem();
  return { ...system, ...actsIn(system) };
}

export type Scene = Awaited<ReturnType<typeof deployScene>>;

/** The same with a third asset, FLTY, that refuses the payees that a test names. */
export async function deployRefusingScene() {
  const system = await deployFaultySystem();
  return {
    ...{ ...system, ...actsIn(system) },
    /** Whether FLTY refuses an account from now on. */
    refuse: (account: string, refuses = true) => system.faulty.setFault(account, refuses ? FAULT.revert : FAULT.none),
  };
}

/** What a scenario does besides single acts. */
export function actsIn(system: System) {
  const { arrest, seize, docket, issuer } = system;
  const tokenAt = (asset: Address) => ethers.getContractAt("Tenge", asset);
  return {
    ...changesOf(system),
    ...disposalsOf(system),
    /** A new account with money, as one that sends. */
    holder: async (amount: bigint, asset: Address = system.kzte) => {
      const account = newAddress();
      await (await tokenAt(asset)).connect(issuer).mint(account, amount);
      return actingAs(account);
    },
    /** Arrests and seizes what is named. */
    take: async (holds: Target[], { caseId = CASE } = {}) => {
      await arrest({ place: holds, until: (await now()) + 100n * DAY }, { caseId });
      return seize(holds, { caseId });
    },
    vaultAt: async (caseId = CASE) => (await docket.vaultOf(encodeCaseId(caseId))) as Address,
    /** Ledger of a case: base units taken, paid, reserved and free, and what the vault holds in all. */
    sums: async (asset: Address = system.kzte, caseId = CASE) => {
      const id = encodeCaseId(caseId);
      const { left: free, reserved, suspense } = await docket.moneyOf(id, asset);
      const balance = await (await tokenAt(asset)).balanceOf(await docket.vaultOf(id));
      expect(balance, "the vault holds what is left, reserved and in suspense").to.equal(free + reserved + suspense);
      // What was taken and paid in all stands in the journal alone.
      const ledger = ledgerIn(
        replay(await entriesOf(system)).cases.get(id)?.ledgers ?? new Map<Address, Ledger>(),
        asset,
      );
      const { taken, proceeds } = ledger;
      const paid = paidOutOf(ledger) + ledger.converted;
      expect(free + reserved, "what is there is what came and was not paid").to.equal(taken + proceeds - paid);
      return { taken, paid, reserved, proceeds, suspense, free, balance };
    },
  };
}

/** Money for a holder, in kind. */
export const inKind = (asset: Address, { address }: { address: string }, amount: bigint): Refund => ({
  ...{ taken: asset, asset, account: address as Address, amount },
});

/** Ascending by account, as an order asks for it. */
export const targetsOf = (asset: Address, held: readonly [who: { address: string }, amount: bigint][]): Target[] =>
  held
    .map(([who, amount]) => target(asset, who, amount))
    .sort((a, b) => (a.account.toLowerCase() < b.account.toLowerCase() ? -1 : 1));

/** Schedules and, when its time has come, executes. */
export async function carryOut(
  { timesOf }: Pick<Scene, "timesOf">,
  deed: { digest: `0x${string}`; send: () => Promise<unknown>; execute: () => Promise<ContractTransactionResponse> },
) {
  await deed.send();
  await reach((await timesOf(deed.digest)).start);
  return deed.execute();
}

/** Lets the second `timestamp` come, if it has not. */
export const reach = async (timestamp: bigint): Promise<void> => {
  if (timestamp > (await now())) await goTo(timestamp);
};
