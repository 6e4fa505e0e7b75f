import {
  decodeFunctionData,
  hashTypedData,
  isAddressEqual,
  recoverAddress,
  TransactionNotFoundError,
  type Hex,
  type PublicClient,
} from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { admissionsOf, charterHash, type Charter } from "../../deployment/charter.ts";
import type { Entry } from "../../journal/entries.ts";
import { officerId } from "../../orders/approvals.ts";
import { OFFICER_KINDS } from "../../orders/acts/officers.ts";
import { ORDER_TYPES, type Domain } from "../../orders/types.ts";

/** The charter as its first officers signed it. */
export interface Installed {
  /** `keccak256(abi.encode(charter))`, the salt of every first officer's Admit. */
  readonly hash: Hex;
  /** First officers whose signature over it was recovered here; those of contracts and verifiers the Quorum asked. */
  readonly recovered: number;
  readonly charter: Charter;
}

/**
 * The charter of the transaction that the journal's first entry names, if it seats exactly the officers of that entry and every key
 * among them signed its hash: what a node says of a transaction is not proven otherwise. Undefined where it is another one.
 */
export async function installedBy(
  client: PublicClient,
  domain: Domain,
  { transactionHash, officerIds }: Entry,
): Promise<Installed | undefined> {
  const transaction = await client.getTransaction({ hash: transactionHash }).catch((error: unknown) => {
    if (error instanceof TransactionNotFoundError) return undefined;
    throw error;
  });
  const call = transaction && decoded(transaction.input);
  if (call?.functionName !== "install") return undefined;
  const [charter, signatures] = call.args;
  const ids = charter.seats.map(({ signer }) => officerId(signer));
  if ([...ids].sort().join() !== [...officerIds].sort().join()) return undefined;
  let recovered = 0;
  for (const [i, { primaryType, message }] of admissionsOf(charter).entries()) {
    if (message.kind !== OFFICER_KINDS.key) continue;
    const hash = hashTypedData({ domain, types: ORDER_TYPES, primaryType, message });
    const signer = await recoverAddress({ hash, signature: signatures[i]! }).catch(() => undefined);
    if (signer === undefined || !isAddressEqual(signer, message.signer)) return undefined;
    recovered++;
  }
  return { hash: charterHash(charter), recovered, charter };
}

function decoded(data: Hex) {
  try {
    return decodeFunctionData({ abi: abiOf("Quorum"), data });
  } catch {
    return undefined;
  }
}
