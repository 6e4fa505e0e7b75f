import { concat, isHex, keccak256, size, slice, type Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { countOf } from "../base/words.ts";

/** An officer's signature over one order; `signer` are its ERC-7913 bytes. */
export interface Approval {
  signer: Hex;
  signature: Hex;
}

/** The contract's `Approvals`: packed 65-byte signatures of keys, and the officers of other kinds. */
export interface PackedApprovals {
  keys: Hex;
  others: Approval[];
}

/** Nobody's. */
export const NO_APPROVALS: PackedApprovals = { keys: "0x", others: [] };

/** Whether an officer is a key. Contracts have 20 bytes too: who seats contracts must tell them apart. */
export type IsKey = (signer: Hex) => boolean;

export class InvalidSignatureError extends SequesterError {
  override name = "InvalidSignatureError";

  constructor(signer: Hex, has: string, needs: string) {
    super("Invalid signature.", {
      code: EXIT.usage,
      metaMessages: [`who: ${signer}`, `has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** The signature's twin with the other s would be valid too; the Quorum takes only the lower one. */
export class HighSignatureError extends InvalidSignatureError {
  override name = "HighSignatureError";
}

const ORDER_OF_CURVE = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The id of an officer: the hash of its signer bytes. */
export const officerId = (signer: Hex): Hex => keccak256(signer);

/** By length: 20 bytes are a key, more are verifier ‖ key. */
export const isKeyByLength: IsKey = (signer) => size(signer) === 20;

/**
 * Approvals of one order, ascending by officer id, each officer once. Commutative and idempotent: of two signatures of
 * one officer the smaller stays.
 * @throws InvalidSignatureError, HighSignatureError if a key's signature is not r ‖ s ‖ v with the lower s.
 */
export function mergeApprovals(approvals: Iterable<Approval>, isKey: IsKey = isKeyByLength): Approval[] {
  const byOfficer = new Map<Hex, Approval>();
  for (const { signer, signature } of approvals) {
    const id = officerId(signer);
    const normal = isKey(signer) ? keySignature(signer, signature) : (signature.toLowerCase() as Hex);
    const known = byOfficer.get(id)?.signature;
    if (known === undefined || isSmaller(normal, known)) {
      byOfficer.set(id, { signer: signer.toLowerCase() as Hex, signature: normal });
    }
  }
  return [...byOfficer].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, approval]) => approval);
}

/** A longer one costs more gas: what a contract approves by itself may have any signature beside it. */
const isSmaller = (a: Hex, b: Hex): boolean => (a.length === b.length ? a < b : a.length < b.length);

/** The contract's struct of the approvals of one order, whatever their order and however often they are given. */
export function packApprovals(approvals: Iterable<Approval>, isKey: IsKey = isKeyByLength): PackedApprovals {
  const merged = mergeApprovals(approvals, isKey);
  return {
    // The leading "0x" makes an empty list bytes, too.
    keys: concat(["0x", ...merged.filter(({ signer }) => isKey(signer)).map(({ signature }) => signature)]),
    others: merged.filter(({ signer }) => !isKey(signer)),
  };
}

function keySignature(signer: Hex, signature: Hex): Hex {
  if (!isHex(signature) || signature.length !== 132) {
    const has = isHex(signature) ? countOf(size(signature), "byte") : signature;
    throw new InvalidSignatureError(signer, has, "65 bytes: r, s and v");
  }
  const [r, s, v] = [BigInt(slice(signature, 0, 32)), BigInt(slice(signature, 32, 64)), Number(slice(signature, 64))];
  if (r === 0n || r >= ORDER_OF_CURVE || s === 0n || s >= ORDER_OF_CURVE) {
    throw new InvalidSignatureError(signer, "r or s out of range", "r and s from 1 to below the order of secp256k1");
  }
  if (s > ORDER_OF_CURVE / 2n) throw new HighSignatureError(signer, "the higher s", "the lower s");
  // Some devices give the parity instead of v.
  const parity = v >= 27 ? v - 27 : v;
  if (parity !== 0 && parity !== 1) throw new InvalidSignatureError(signer, `v = ${v}`, "v = 27 or 28");
  return concat([slice(signature, 0, 64), parity === 0 ? "0x1b" : "0x1c"]).toLowerCase() as Hex;
}
