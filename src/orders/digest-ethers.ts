import { TypedDataEncoder, concat, keccak256 } from "ethers";
import { ORDER_TYPES, PRIMARY_TYPES, type Domain, type Order, type PrimaryType } from "./types.ts";

// ethers takes the one type that no other uses as the primary type, so each encoder gets its own types only.
const encoders = new Map(PRIMARY_TYPES.map((name) => [name, TypedDataEncoder.from(typesOf(name))]));

function typesOf(primaryType: PrimaryType) {
  const components = ORDER_TYPES[primaryType]
    .map(({ type }) => type.replace("[]", ""))
    .filter((type): type is keyof typeof ORDER_TYPES => type in ORDER_TYPES);
  return Object.fromEntries([primaryType, ...components].map((name) => [name, [...ORDER_TYPES[name]]]));
}

/** The canonical type string whose keccak256 is the type hash, by ethers. */
export const encodeType = (primaryType: PrimaryType): string => encoders.get(primaryType)!.encodeType(primaryType);

/** The EIP-712 digest that officers sign, by ethers: independent of digest.ts, so that `order verify` can compare. */
export function digestOfByEthers(order: Order, domain: Domain): `0x${string}` {
  const message = encoders.get(order.primaryType)!.hash(order.message);
  return keccak256(concat(["0x1901", TypedDataEncoder.hashDomain(domain), message])) as `0x${string}`;
}
