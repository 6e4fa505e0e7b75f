// A Safe that is an officer: its owners sign one by one, and enough of them are its signature (ERC-1271).
import {
  concat,
  getAddress,
  hashTypedData,
  isAddressEqual,
  parseAbi,
  recoverAddress,
  type Address,
  type Hex,
  type PublicClient,
  type TypedDataDefinition,
} from "viem";
import { SequesterError } from "../base/errors.ts";
import { saysNo } from "../chain/refusals.ts";
import { mergeApprovals } from "./approvals.ts";
import type { SafeAt, SignatureFile } from "./files.ts";
import type { Proof } from "./proofs.ts";

/** A signature by an owner of a Safe. */
export type OwnerSignature = SignatureFile & { safe: SafeAt };

export const isOwners = <S extends SignatureFile>(file: S): file is S & { safe: SafeAt } => file.safe !== undefined;

/** What an owner signs, so that its Safe approves the order or bundle with this digest. */
export const safeMessage = (digest: Hex, { chainId, address }: SafeAt): TypedDataDefinition => ({
  domain: { chainId, verifyingContract: address },
  types: { SafeMessage: [{ name: "message", type: "bytes" }] },
  primaryType: "SafeMessage",
  message: { message: digest },
});

/** Whether an owner's signature is its own; whether it is an owner, only a node knows. */
export async function proofOfOwner({ digest, signer, signature, safe }: OwnerSignature): Promise<Proof> {
  try {
    const [own] = mergeApprovals([{ signer, signature }], () => true);
    const by = await recoverAddress({ hash: hashTypedData(safeMessage(digest, safe)), signature: own!.signature });
    if (isAddressEqual(by, getAddress(signer))) return { is: "own", has: "", recovered: true };
    return { is: "forged", has: `one by ${by}` };
  } catch {
    return { is: "forged", has: "one by nobody" };
  }
}

/** Who decides for a Safe. */
export interface Owners {
  owners: readonly Address[];
  threshold: number;
}

const SAFE = parseAbi([
  "function getOwners() view returns (address[])",
  "function getThreshold() view returns (uint256)",
]);

/** The owners of a Safe; undefined where the account is none. */
export async function ownersOf(
  client: PublicClient,
  address: Address,
  blockNumber: bigint,
): Promise<Owners | undefined> {
  const at = { address, abi: SAFE, blockNumber } as const;
  try {
    const owners = await client.readContract({ ...at, functionName: "getOwners" });
    const threshold = await client.readContract({ ...at, functionName: "getThreshold" });
    return { owners, threshold: Number(threshold) };
  } catch (fault) {
    // What a node could not answer is its own fault; what cannot be read is an answer of another account.
    for (let it = fault; it instanceof Error; it = it.cause) {
      if (it instanceof SequesterError && !saysNo(fault)) throw it;
    }
    return undefined;
  }
}

/** The Safe's own signature, ascending by owner, of as many owners as it needs; undefined where they are too few. */
export function signatureOfSafe(by: readonly OwnerSignature[], { owners, threshold }: Owners): Hex | undefined {
  const own = by.filter(({ signer }) => owners.some((owner) => isAddressEqual(owner, getAddress(signer))));
  const sorted = mergeApprovals(own, () => true).sort((a, b) => (a.signer < b.signer ? -1 : 1));
  if (threshold === 0 || sorted.length < threshold) return undefined;
  return concat(sorted.slice(0, threshold).map(({ signature }) => signature));
}
