import type { Address } from "viem";

/** The EIP-712 domain of all orders of one deployment. */
export interface Domain {
  readonly name: "Sequester";
  readonly version: "1";
  readonly chainId: number;
  /** The Quorum. */
  readonly verifyingContract: Address;
}

/** The domain of the deployment whose Quorum stands at `quorum` on chain `chainId`. */
export const domainOf = (chainId: number, quorum: Address): Domain => ({
  name: "Sequester",
  version: "1",
  chainId,
  verifyingContract: quorum,
});
