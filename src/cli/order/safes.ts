import { isAddressEqual, getAddress } from "viem";
import type { Proof, QuorumAt } from "../../orders/proofs.ts";
import { isOwners, ownersOf, proofOfOwner, signatureOfSafe, type OwnerSignature } from "../../orders/safe.ts";
import type { SignaturePaper } from "./papers.ts";

/** An owner's signature for its Safe, which counts only together with those of enough others. */
export interface OwnerPaper extends SignaturePaper {
  proof: Proof;
  /** How many of the owners that the Safe needs have signed, where they are too few. */
  lacking?: string;
}

export interface Joined {
  /** Signatures of officers, among them those of Safes that enough owners made. */
  officers: SignaturePaper[];
  /** Signatures of owners that could not be joined, or that are wrong. */
  owners: OwnerPaper[];
}

/** Joins the signatures of owners into those of their Safes, by what the Safes say. A wrong one spoils nothing. */
export async function joinOwners(signatures: readonly SignaturePaper[], at?: QuorumAt): Promise<Joined> {
  const all = await Promise.all(
    signatures.filter(isOwners).map(async (it) => ({ ...it, proof: await proofOfOwner(it) })),
  );
  const officers = signatures.filter((it) => !isOwners(it));
  if (at === undefined || all.length === 0) return { officers, owners: all };
  const owners: OwnerPaper[] = all.filter(({ proof }) => proof.is !== "own");
  const chainId = await at.client.getChainId();
  const groups = Map.groupBy(
    all.filter(({ proof }) => proof.is === "own"),
    ({ digest, safe }) => `${digest} ${safe.chainId} ${safe.address}`.toLowerCase(),
  );
  for (const group of groups.values()) {
    const { digest, safe } = group[0]!;
    const left = (of: readonly SignaturePaper[], is: Proof["is"], has: string) =>
      owners.push(...of.map((it) => ({ ...it, proof: { is, has } })));
    if (safe.chainId !== chainId) {
      left(group, "open", `one for a Safe on chain ${safe.chainId}, whose node alone can tell`);
      continue;
    }
    const told = await ownersOf(at.client, safe.address, at.blockNumber);
    if (told === undefined) {
      left(group, "forged", `one for ${safe.address}, which is no Safe`);
      continue;
    }
    const isOwner = ({ signer }: OwnerSignature) => told.owners.some((it) => isAddressEqual(it, getAddress(signer)));
    left(
      group.filter((it) => !isOwner(it)),
      "forged",
      `one by nobody who owns the Safe ${safe.address}`,
    );
    const own = group.filter(isOwner);
    const signature = signatureOfSafe(own, told);
    const by = new Set(own.map(({ signer }) => signer.toLowerCase())).size;
    const lacking = `${by} of ${told.threshold} owners of the Safe ${safe.address} signed`;
    if (signature === undefined) owners.push(...own.map((it) => ({ ...it, lacking })));
    else {
      const path = [...new Set(own.map((it) => it.path))].join(" + ");
      officers.push({ digest, signer: safe.address, signature, path, loose: own.every(({ loose }) => loose) });
    }
  }
  return { officers, owners };
}
