import { TypedDataEncoder, ZeroHash, concat, keccak256, type TypedDataDomain } from "ethers";
import { BUNDLE_DOMAIN, BUNDLE_TYPES, type Bundle } from "./bundle.ts";
import { ACTS, ORDER_TYPES, PRIMARY_TYPES, type Domain, type Order, type PrimaryType } from "./types.ts";

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

/** What a device shows beside a signature, by the names of ERC-8213. */
export interface Hashes {
  /** The EIP-712 Digest, which is signed. */
  digest: `0x${string}`;
  /** The Domain Hash. */
  domainHash: `0x${string}`;
  /** The Message Hash. */
  messageHash: `0x${string}`;
}

const hashes = (domain: TypedDataDomain, message: string) => {
  const domainHash = TypedDataEncoder.hashDomain(domain);
  const digest = keccak256(concat(["0x1901", domainHash, message]));
  return { digest, domainHash, messageHash: message } as Hashes;
};

/** The hashes of an order, by ethers: independent of digest.ts, so that `order verify` can compare. */
export const hashesByEthers = (order: Order, domain: Domain): Hashes =>
  hashes(domain, encoders.get(order.primaryType)!.hash(order.message));

/** The EIP-712 digest that officers sign, by ethers. */
export const digestOfByEthers = (order: Order, domain: Domain): `0x${string}` => hashesByEthers(order, domain).digest;

/** The hashes of a bundle, by ethers, root included: independent of bundle.ts. */
export function bundleHashesByEthers({ act, leaves }: Pick<Bundle, "act" | "leaves">): Hashes {
  const types = { Bundle: [...BUNDLE_TYPES.Bundle] };
  const message = { root: rootByEthers(leaves), count: leaves.length, act: ACTS[act] };
  return hashes(BUNDLE_DOMAIN, TypedDataEncoder.from(types).hash(message));
}

/** The digest of a bundle that officers sign, by ethers. */
export const bundleDigestByEthers = (bundle: Pick<Bundle, "act" | "leaves">): `0x${string}` =>
  bundleHashesByEthers(bundle).digest;

/** From the root down: a node is that of its two children, a place beyond the end of its row is 0. */
function rootByEthers(leaves: readonly string[]): string {
  const nodeAt = (height: number, place: number): string => {
    if (place * 2 ** height >= leaves.length) return ZeroHash;
    if (height === 0) return leaves[place]!;
    return keccak256(concat([nodeAt(height - 1, 2 * place), nodeAt(height - 1, 2 * place + 1)]));
  };
  return nodeAt(Math.ceil(Math.log2(leaves.length)), 0);
}
