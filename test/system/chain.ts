import { getAddress, type ContractTransactionResponse } from "ethers";
import hre from "hardhat";
import { createPublicClient, custom, type Address } from "viem";
import { DAY } from "./parameters.ts";

/** The chain of all tests that deploy the system in their own process. */
export const { ethers, networkHelpers } = await hre.network.create();

/** The same chain, as `src/` reads it. */
export const client = createPublicClient({
  transport: custom(
    {
      request: ({ method, params }: { method: string; params?: unknown[] }) =>
        ethers.provider.send(method, params ?? []),
    },
    // A refusal is an answer: it would be asked for again.
    { retryCount: 0 },
  ),
  cacheTime: 0,
});

export type Sent = Promise<ContractTransactionResponse>;

/** A last second that no test meets: an order's may lie 366 days ahead of the chain's clock, and this one moves with it. */
export let NEVER: bigint;

export async function renewSignBy(): Promise<void> {
  NEVER = (await now()) + 365n * DAY;
}

// Whatever moves the clock moves it.
for (const [helper, names] of [
  [networkHelpers, ["loadFixture"]],
  [networkHelpers.time, ["increase", "increaseTo"]],
] as const) {
  for (const name of names) {
    const move = (helper[name as keyof typeof helper] as (...args: unknown[]) => Promise<unknown>).bind(helper);
    Object.defineProperty(helper, name, {
      value: async (...args: unknown[]) => {
        const moved = await move(...args);
        await renewSignBy();
        return moved;
      },
    });
  }
}

/** Unix seconds of the latest block. */
export const now = async (): Promise<bigint> => BigInt(await networkHelpers.time.latest());

/** A last second to sign by that no test meets and no contract finds too far ahead, unless a test lives for a year. */
export const inTime = async (): Promise<bigint> => (await now()) + 300n * DAY;

/** The state that `fixture` makes, made once and restored for every test. */
export const loadFixture = <T>(fixture: () => Promise<T>): Promise<T> => networkHelpers.loadFixture(fixture);

/** Lets the next block be of the second `timestamp`. */
export const at = (timestamp: bigint): Promise<void> => networkHelpers.time.setNextBlockTimestamp(timestamp);

/** Lets `timestamp` be the second of the latest block. */
export const goTo = (timestamp: bigint): Promise<void> => networkHelpers.time.increaseTo(timestamp);

/** Lets the second `timestamp` come, if it has not. */
export const reach = async (timestamp: bigint): Promise<void> => {
  if (timestamp > (await now())) await goTo(timestamp);
};

/** Mines what is sent at a second. */
export async function atSecond<T>(second: bigint, send: () => Promise<T>): Promise<T> {
  await at(second);
  return send();
}

/** The second in which a transaction was executed. */
export const timeOf = async (sent: Awaited<Sent> | Sent): Promise<bigint> =>
  BigInt((await (await (await sent).wait())!.getBlock()).timestamp);

/** A signer at the address of a contract, with means for gas. */
export async function actingAs(contract: { getAddress(): Promise<string> } | string) {
  const address = typeof contract === "string" ? contract : await contract.getAddress();
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, 10n ** 20n);
  return ethers.getSigner(address);
}

let accounts = 0n;
/** An address that nothing has touched yet. */
export const newAddress = (): Address =>
  getAddress(`0x${((0xacc0n << 144n) | ++accounts).toString(16).padStart(40, "0")}`) as Address;

/** An account by its address or its signer. */
export type Who = string | { address: string };

export const addressOf = (who: Who): Address => getAddress(typeof who === "string" ? who : who.address) as Address;
