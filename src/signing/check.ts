import { decodeAbiParameters, size, slice, type Address, type Hex } from "viem";
import type { VerifierName } from "../chain/artifacts.ts";
import { WrongSignerError, type SignatureFile } from "../orders/files.ts";
import { proofAlone, type Proof } from "../orders/proofs.ts";
import { isSignedByP256, isSignedByRsa } from "./pem.ts";
import { assertionFault } from "./webauthn.ts";

/**
 * What a signature shows without a node: that of a key, and that of a verifier's key where the deployment names the
 * verifier. A signer of 20 bytes may be a contract: of a signature that no key has made nothing is known.
 */
export async function proofOffline(file: SignatureFile, verifiers?: Record<VerifierName, Address>): Promise<Proof> {
  const { digest, signer, signature } = file;
  if (verifiers === undefined || size(signer) === 20) return proofAlone(file);
  const [verifier, key] = [slice(signer, 0, 20).toLowerCase(), slice(signer, 20)];
  const told = (fault: string | undefined): Proof =>
    fault === undefined ? { is: "own", has: "" } : { is: "forged", has: fault };
  const unless = (isOwn: boolean) => told(isOwn ? undefined : "one that its key did not make");
  if (verifier === verifiers.P256.toLowerCase()) return unless(isSignedByP256(key, digest, signature));
  if (verifier === verifiers.RSA.toLowerCase()) return unless(isRsa(key, digest, signature));
  if (verifier === verifiers.WebAuthn.toLowerCase()) return told(assertionFault(key, digest, signature));
  return proofAlone(file);
}

function isRsa(key: Hex, digest: Hex, signature: Hex): boolean {
  try {
    return isSignedByRsa(decodeAbiParameters([{ type: "bytes" }, { type: "bytes" }], key), digest, signature);
  } catch {
    return false;
  }
}

/** Refuses a signature that is not its signer's. @throws WrongSignerError */
export async function requireOwn(file: SignatureFile, verifiers: Record<VerifierName, Address>): Promise<Proof> {
  const proof = await proofOffline(file, verifiers);
  if (proof.is === "forged") throw new WrongSignerError(file.signer, proof.has, file.digest);
  return proof;
}
