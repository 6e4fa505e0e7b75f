import type { ContractTransactionResponse } from "ethers";
import { expect } from "chai";
import type { Address, Hex } from "viem";
import { ledgerIn, type Ledger } from "../../src/journal/ledger.ts";
import { replay } from "../../src/journal/replay.ts";
import { encodeCaseId, type Refund, type Target } from "../../src/orders/index.ts";
import { paidOutOf } from "../../src/audit/sums.ts";
import { CASE } from "./acts/signed.ts";
import { actingAs, ethers, newAddress, reach } from "./chain.ts";
import type { Contracts } from "./deployed.ts";
import { target } from "./entries.ts";
import { journalOf } from "./journal.ts";

export const UNIT = 10n ** 6n;

/** Whole units of an asset with six decimals, e.g. `units("166666.665")`. */
export function units(amount: number | string): bigint {
  const [whole = "0", part = ""] = String(amount).replaceAll(",", "").split(".");
  return BigInt(whole) * UNIT + BigInt(part.padEnd(6, "0"));
}

/** Money of an asset for a holder, for what was taken from it in another. */
export const inProceeds = (
  taken: Address,
  asset: Address,
  { address }: { address: string },
  amount: bigint,
): Refund => ({ taken, asset, account: address as Address, amount });

/** Money of an asset for a holder, in kind. */
export const inKind = (asset: Address, who: { address: string }, amount: bigint): Refund =>
  inProceeds(asset, asset, who, amount);

/** Ascending by asset, then account, as an order asks for it. */
export const ascendingTargets = (targets: readonly Target[]): Target[] =>
  targets.toSorted((a, b) => ((a.asset + a.account).toLowerCase() < (b.asset + b.account).toLowerCase() ? -1 : 1));

/** Of one asset, ascending by account. */
export const targetsOf = (asset: Address, held: readonly [who: { address: string }, amount: bigint][]): Target[] =>
  ascendingTargets(held.map(([who, amount]) => target(asset, who, amount)));

type Owing = Pick<Contracts, "docket"> & { caseId: Hex };

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
export async function expectSums({ docket }: Pick<Contracts, "docket">, asset: Balances, caseId = encodeCaseId(CASE)) {
  const at = await asset.getAddress();
  const { left, proceeds, reserved, suspense } = await docket.moneyOf(caseId, at);
  expect(proceeds <= left).to.equal(true, "proceeds left <= left");
  expect(await asset.balanceOf(await docket.vaultOf(caseId))).to.equal(left + reserved + suspense, "balance");
  return { left, proceeds, reserved, suspense };
}

/** What a test does with money besides single acts. */
export function moneyIn(contracts: Contracts) {
  const { docket, issuer, kzte, addresses } = contracts;
  const tokenAt = (asset: Address) => ethers.getContractAt("Tenge", asset);
  return {
    /** A new account with money, as one that sends. */
    holder: async (amount: bigint, asset: Address = kzte) => {
      const account = newAddress();
      await (await tokenAt(asset)).connect(issuer).mint(account, amount);
      return actingAs(account);
    },
    vaultOf: async (caseId = CASE) => (await docket.vaultOf(encodeCaseId(caseId))) as Address,
    /** Ledger of a case: base units taken, paid, reserved and free, and what the vault holds in all. */
    sums: async (asset: Address = kzte, caseId = CASE) => {
      const id = encodeCaseId(caseId);
      const { left: free, reserved, suspense } = await expectSums({ docket }, await tokenAt(asset), id);
      // What was taken and paid in all stands in the journal alone.
      const ledgers = replay(await journalOf({ addresses })).cases.get(id)?.ledgers ?? new Map<Address, Ledger>();
      const ledger = ledgerIn(ledgers, asset);
      const { taken, proceeds } = ledger;
      const paid = paidOutOf(ledger) + ledger.converted;
      expect(free + reserved, "what is there is what came and was not paid").to.equal(taken + proceeds - paid);
      return { taken, paid, reserved, proceeds, suspense, free, balance: free + reserved + suspense };
    },
  };
}

/** Schedules and, when its time has come, executes. */
export async function carryOut(
  { timesOf }: { timesOf: (digest: Hex) => Promise<{ start: bigint }> },
  deed: { digest: Hex; send: () => Promise<unknown>; execute: () => Promise<ContractTransactionResponse> },
) {
  await deed.send();
  await reach((await timesOf(deed.digest)).start);
  return deed.execute();
}
