import { encodeAbiParameters, getAddress, keccak256, slice, type Address } from "viem";
import { encodeName } from "../orders/index.ts";

/** The address by which holds know a sub-account of a platform's wallet, see LicenceRegister.accountOf. */
export function subAccountAddress(wallet: Address, subAccount: string): Address {
  const words = encodeAbiParameters(
    [{ type: "address" }, { type: "bytes32" }],
    [wallet, encodeName("subAccount", subAccount)],
  );
  return getAddress(slice(keccak256(words), 12));
}
