import { createPublicKey } from "node:crypto";
import { getAddress, isAddress, type Address, type Hex } from "viem";
import type { VerifierName } from "../../chain/artifacts.ts";
import { readBytes } from "../../base/files.ts";
import { jsonIn } from "../../base/json.ts";
import { MOST_BYTES } from "../../orders/disk.ts";
import { p256Bytes, rsaBytes } from "../../signing/pem.ts";
import { KeyUnusableError } from "../../signing/signer.ts";
import { passkeyIn } from "../../signing/webauthn.ts";

type Verifiers = Record<VerifierName, Address>;

/**
 * The ERC-7913 bytes of who is named: themselves, or a file with a key. No secret of a file is read.
 * @throws FileAccessError, InvalidFileError, KeyUnusableError
 */
export async function signerNamed(text: string, verifiers: Verifiers): Promise<Hex> {
  if (/^0x(?:[0-9a-f]{2}){20,}$/i.test(text)) return text.toLowerCase() as Hex;
  const bytes = Buffer.from(await readBytes(text, MOST_BYTES));
  return bytes.subarray(0, 1).toString() === "{"
    ? inJson(bytes.toString(), text, verifiers)
    : inDer(bytes, text, verifiers);
}

function inJson(text: string, file: string, { WebAuthn }: Verifiers): Hex {
  const { address } = jsonIn(text, file) as { address?: unknown };
  if (typeof address !== "string") return passkeyIn(text, file, WebAuthn).signer;
  const whole = address.startsWith("0x") ? address : `0x${address}`;
  if (!isAddress(whole, { strict: false })) throw new KeyUnusableError(file, "no address", "a keystore of version 3");
  return getAddress(whole);
}

function inDer(bytes: Buffer, file: string, { P256, RSA }: Verifiers): Hex {
  try {
    const isPem = bytes.includes("-----BEGIN");
    const key = createPublicKey(isPem ? bytes : { key: bytes, format: "der", type: "spki" });
    return key.asymmetricKeyType === "rsa" ? rsaBytes(key, RSA) : p256Bytes(key, P256);
  } catch {
    // OpenSSL's words may name parts of a key.
    throw new KeyUnusableError(file, "another file", "a keystore, a passkey, or a P-256 or RSA key or certificate");
  }
}
