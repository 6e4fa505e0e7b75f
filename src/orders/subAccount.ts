import { encodeAbiParameters, getAddress, keccak256, slice, type Address, type Hex } from "viem";

const PARTS = [{ type: "address" }, { type: "bytes32" }] as const;

/** What stands for a sub-account of a platform's wallet in Arrest, Lift and Seize, as `LicenceRegister.accountOf` has it. */
export const subAccountOf = (wallet: Address, subAccount: Hex): Address =>
  getAddress(slice(keccak256(encodeAbiParameters(PARTS, [wallet, subAccount])), 12));
