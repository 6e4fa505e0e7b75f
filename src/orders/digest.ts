import { hashTypedData, type Hex } from "viem";
import { ORDER_TYPES, type Domain, type Order } from "./types.ts";

/** The EIP-712 digest that officers sign, by viem. digest-ethers.ts computes the same independently. */
export function digestOf(order: Order, domain: Domain): Hex {
  return hashTypedData({ domain, types: ORDER_TYPES, ...order });
}
