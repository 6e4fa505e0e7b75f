import { verifyMerkleProof } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { bytesToHex, hexToBigInt, hexToBytes, keccak256, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";

/** What a node answers to `eth_getProof` (EIP-1186): an account's state and some of its storage, with the tries' nodes. */
export interface AccountProof {
  readonly address: Address;
  readonly codeHash: Hex;
  readonly storageHash: Hex;
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly { readonly key: Hex; readonly proof: readonly Hex[] }[];
}

/** What a proof showed. */
export interface ProvenAccount {
  readonly codeHash: Hex;
  /** Words by their slots, 32 bytes in hexadecimal; 0 is proven, not assumed. */
  readonly words: ReadonlyMap<Hex, bigint>;
}

/** A proof does not lead from the state root to what it tells. Exit code 3. */
export class ProofError extends SequesterError {
  override name = "ProofError";
  constructor(of: string, has: string, needs: string) {
    super(`The proof of ${of} proves something else.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** The account and its words under a state root. @throws ProofError */
export async function proven(proof: AccountProof, stateRoot: Hex): Promise<ProvenAccount> {
  const { address } = proof;
  const leaf = await valueOf(address, address, proof.accountProof, stateRoot);
  if (leaf === undefined) throw new ProofError(address, "no account", "an account with code");
  const fields = RLP.decode(leaf);
  if (!Array.isArray(fields) || fields.length !== 4)
    throw new ProofError(address, "no account's fields", "four fields");
  const [, , storageHash, codeHash] = fields.map((it) => bytesToHex(it as Uint8Array));
  if (storageHash !== proof.storageHash || codeHash !== proof.codeHash) {
    throw new ProofError(
      address,
      `storage ${proof.storageHash}, code ${proof.codeHash}`,
      `${storageHash}, ${codeHash}`,
    );
  }
  const words = new Map<Hex, bigint>();
  for (const { key, proof: nodes } of proof.storageProof) {
    const value = await valueOf(`${key} of ${address}`, key, nodes, storageHash);
    words.set(key, value === undefined ? 0n : hexToBigInt(bytesToHex(RLP.decode(value) as Uint8Array)));
  }
  return { codeHash, words };
}

/** What stands under a key in a trie; undefined: it is proven that nothing does. */
async function valueOf(of: string, key: Hex, nodes: readonly Hex[], root: Hex): Promise<Uint8Array | undefined> {
  // Of a trie of nothing there is no node to show; some nodes show the nothing.
  if (root === EMPTY_TRIE && nodes.every((node) => node === NOTHING)) return undefined;
  try {
    const options = { root: hexToBytes(root), useKeyHashing: true };
    return (
      (await verifyMerkleProof(
        hexToBytes(key),
        nodes.map((node) => hexToBytes(node)),
        options,
      )) ?? undefined
    );
  } catch (error) {
    throw new ProofError(of, (error as Error).message, `nodes that lead from ${root}`);
  }
}

/** RLP of no bytes. */
const NOTHING = "0x80";
const EMPTY_TRIE = keccak256(NOTHING);
