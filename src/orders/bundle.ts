import { concat, hashTypedData, keccak256, numberToHex, zeroHash, type Hex } from "viem";
import { digestOf } from "./digest.ts";
import { fieldError } from "./errors.ts";
import { ACTS, typesWith, type Domain, type Order, type TypesWith } from "./types.ts";
import { countOf } from "../base/words.ts";

/** The acts whose orders can be signed together. */
export const BUNDLED = typesWith("bundled");
export type BundledType = TypesWith<"bundled">;

/** The domain of every bundle: each leaf commits to its own chain and Quorum. */
export const BUNDLE_DOMAIN = { name: "Sequester bundle", version: "1" } as const;

export const BUNDLE_TYPES = {
  Bundle: [
    { name: "root", type: "bytes32" },
    { name: "count", type: "uint32" },
    { name: "act", type: "uint8" },
  ],
} as const;

/**
 * Orders of one act that an officer signs at once: `leaves` are their digests, in the order in which they are listed and
 * will be brought, `digest` is what is signed.
 */
export interface Bundle {
  readonly act: BundledType;
  readonly count: number;
  readonly root: Hex;
  readonly digest: Hex;
  readonly leaves: readonly Hex[];
}

/** There is nothing to sign. */
export const EmptyBundleError = fieldError("EmptyBundleError");
/** An order of another act than the bundle. */
export const MixedBundleError = fieldError("MixedBundleError");
/** Orders of this act are signed one by one. */
export const UnbundledActError = fieldError("UnbundledActError");
/** The same order twice. */
export const DuplicateOrderError = fieldError("DuplicateOrderError");
/** Orders that the bundle does not have. */
export const InvalidRangeError = fieldError("InvalidRangeError");

/** Whether orders of a type can be signed together. */
export const isBundled = (primaryType: string): primaryType is BundledType =>
  (BUNDLED as readonly string[]).includes(primaryType);

/**
 * The bundle of orders of one act and deployment, in this order.
 * @throws EmptyBundleError, MixedBundleError, UnbundledActError, DuplicateOrderError
 */
export function bundleOf(act: BundledType, orders: readonly Order[], domain: Domain): Bundle {
  for (const [i, { primaryType }] of orders.entries()) {
    if (primaryType !== act)
      throw new MixedBundleError(`orders[${i}]`, `a ${primaryType}`, `a ${act}, as the bundle is`);
  }
  return bundleOfDigests(
    act,
    orders.map((order) => digestOf(order, domain)),
  );
}

/**
 * The bundle of orders by their digests, which may be of several chains and Quorums.
 * @throws EmptyBundleError, UnbundledActError, DuplicateOrderError
 */
export function bundleOfDigests(act: BundledType, digests: readonly Hex[]): Bundle {
  if (!isBundled(act)) throw new UnbundledActError("act", act, `one of ${BUNDLED.join(", ")}`);
  if (digests.length === 0) throw new EmptyBundleError("orders", "no order", "at least one");
  const leaves = digests.map((digest) => digest.toLowerCase() as Hex);
  const seen = new Set<Hex>();
  for (const [i, leaf] of leaves.entries()) {
    if (seen.has(leaf)) throw new DuplicateOrderError(`orders[${i}]`, `${leaf} twice`, "each order once");
    seen.add(leaf);
  }
  const [root] = rowsOf(leaves).at(-1) as [Hex];
  const unsigned = { act, count: leaves.length, root, leaves };
  return { ...unsigned, digest: hashTypedData(bundleData(unsigned)) };
}

/** What an officer signs, as typed data. */
export const bundleData = ({ act, count, root }: Pick<Bundle, "act" | "count" | "root">) =>
  ({
    domain: BUNDLE_DOMAIN,
    types: BUNDLE_TYPES,
    primaryType: "Bundle",
    message: { root, count, act: ACTS[act] },
  }) as const;

/**
 * What shows the contracts that `n` orders from `index` on (from 0) stand in the bundle: its count, their place, and the
 * nodes beside them that the root needs, row by row from the leaves on, the left one first.
 * @throws InvalidRangeError
 */
export function rangeOf({ count, leaves }: Pick<Bundle, "count" | "leaves">, index: number, n: number): Hex {
  const whole = Number.isInteger(index) && Number.isInteger(n);
  if (!whole || index < 0 || n < 1 || index + n > count) {
    throw new InvalidRangeError(
      "range",
      `${countOf(n, "order")} from ${index} on`,
      `one or more of the bundle's ${count}, from 0 on`,
    );
  }
  const proof: Hex[] = [];
  let [start, end] = [index, index + n];
  for (const row of rowsOf(leaves).slice(0, -1)) {
    if (start % 2 === 1) proof.push(row[start - 1]!);
    if (end % 2 === 1 && end < row.length) proof.push(row[end]!);
    [start, end] = [Math.floor(start / 2), Math.ceil(end / 2)];
  }
  return concat([numberToHex(count, { size: 4 }), numberToHex(index, { size: 4 }), ...proof]);
}

/** The rows of the tree from the leaves to the root; the end of an odd row pairs with 0. */
function rowsOf(leaves: readonly Hex[]): (readonly Hex[])[] {
  const rows = [leaves];
  for (let row = leaves; row.length > 1; rows.push(row)) {
    row = row.flatMap((left, i) => (i % 2 === 0 ? [keccak256(concat([left, row[i + 1] ?? zeroHash]))] : []));
  }
  return rows;
}
