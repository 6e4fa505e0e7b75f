import { ethers, networkHelpers, newAddress } from "./chain.ts";
import type { Contracts } from "./deployed.ts";

const [OBEYS, BEHIND] = ["5e5e", "5e5f"] as const;
/** Has the contract at the address in a slot answer every call, in the storage of this one. */
const passingOn = (slot: string, begins = 0) =>
  `365f5f375f5f365f61${slot}545af43d5f5f3e60${hex(begins + 0x18)}573d5ffd5b3d5ff3`;
const hex = (byte: number) => byte.toString(16).padStart(2, "0");
const selectorOf = (signature: string) => ethers.id(signature).slice(2, 10);

const PAUSED = ["transfer(address,uint256)", "transferFrom(address,address,uint256)"];
const FORCED = "forcedTransfer(address,address,uint256)";

/** Refuses some calls; all others are passed on. */
function refusing(signatures: readonly string[], error: string): string {
  const guard = (to: number) => `5f3560e01c${signatures.map((it) => `8063${selectorOf(it)}1460${hex(to)}57`).join("")}`;
  const begins = guard(0).length / 2;
  const passed = passingOn(BEHIND, begins);
  return `0x${guard(begins + passed.length / 2)}${passed}5b63${selectorOf(error)}5f526004601cfd`;
}

const put = async (at: string, slot: string, address: string) =>
  networkHelpers.setStorageAt(at, `0x${slot}`, ethers.zeroPadValue(address, 32));

/**
 * A coin whose address stays and whose code its issuer chooses: at first the reference stablecoin, or another contract of the
 * tests with the docket as its first argument.
 */
export async function deployCoin({ docket, issuer }: Pick<Contracts, "docket" | "issuer">, contract?: "RefusingTenge") {
  const coin = newAddress();
  await networkHelpers.setCode(coin, `0x${passingOn(OBEYS)}`);
  const turnTo = async (to: Contracts["docket"] | string): Promise<void> => {
    const code =
      contract === undefined
        ? await ethers.deployContract("Tenge", [to, issuer, "Coin", "COIN", 6])
        : await ethers.deployContract(contract, [to]);
    await put(coin, OBEYS, await code.getAddress());
  };
  const refuse = async (signatures: readonly string[], error: string): Promise<void> => {
    const refuses = newAddress();
    await networkHelpers.setCode(refuses, refusing(signatures, error));
    await put(coin, BEHIND, await networkHelpers.getStorageAt(coin, `0x${OBEYS}`));
    await put(coin, OBEYS, refuses);
  };
  await turnTo(docket);
  return {
    coin,
    /** The issuer has it obey another docket from now on. */
    turnTo,
    /** The issuer stops every movement of money in it. */
    pause: () => refuse([...PAUSED, FORCED], "EnforcedPause()"),
    /** The issuer has it tell nobody what anybody has. */
    silence: () => refuse(["balanceOf(address)"], "Silent()"),
    unpause: async (): Promise<void> => put(coin, OBEYS, await networkHelpers.getStorageAt(coin, `0x${BEHIND}`)),
  };
}
