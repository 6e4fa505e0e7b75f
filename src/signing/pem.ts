import { constants, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { p256 } from "@noble/curves/p256";
import { concat, encodeAbiParameters, hexToBytes, toHex, type Address, type Hex } from "viem";
import { KeyUnusableError, type Signer } from "./signer.ts";

const RSA_KEY = [{ type: "bytes" }, { type: "bytes" }] as const;

/** The least that a certificate of today has. */
const LEAST_RSA_BITS = 2048;

/** @throws KeyUnusableError */
async function keyIn(text: string, file: string, password: () => Promise<string>): Promise<KeyObject> {
  const passphrase = /ENCRYPTED/.test(text) ? await password() : undefined;
  try {
    return createPrivateKey({ key: text, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    // OpenSSL's words may name parts of the key.
    const has = passphrase === undefined ? "another file" : "a password that does not open it, or another file";
    throw new KeyUnusableError(file, has, "a private key in PEM, with its password if it has one");
  }
}

const bytesOf = (text: string | undefined): Hex => toHex(Buffer.from(text!, "base64url"));

/** The officer of a P-256 key, private or public: verifier ‖ x ‖ y. @throws TypeError where it is of another kind */
export function p256Bytes(key: KeyObject, verifier: Address): Hex {
  if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") throw new TypeError("no key on the curve P-256");
  const { x, y } = key.export({ format: "jwk" });
  return concat([verifier, bytesOf(x), bytesOf(y)]);
}

/** The officer of an RSA key, private or public: verifier ‖ exponent and modulus. */
export function rsaBytes(key: KeyObject, verifier: Address): Hex {
  const { e, n } = key.export({ format: "jwk" });
  return concat([verifier, encodeAbiParameters(RSA_KEY, [bytesOf(e), bytesOf(n)])]);
}

/** An officer with a P-256 key in a PEM file; the digest is signed as it is. @throws KeyUnusableError */
export async function p256Signer(
  text: string,
  file: string,
  verifier: Address,
  password: () => Promise<string>,
): Promise<Signer> {
  const key = await keyIn(text, file, password);
  if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new KeyUnusableError(file, `a key of the kind ${key.asymmetricKeyType}`, "a key on the curve P-256");
  }
  const scalar = () => Buffer.from(key.export({ format: "jwk" }).d!, "base64url");
  return {
    signer: p256Bytes(createPublicKey(key), verifier),
    sign: async ({ digest }) => toHex(p256.sign(hexToBytes(digest), scalar(), { lowS: true }).toCompactRawBytes()),
  };
}

/** An officer with an RSA key in a PEM file: PKCS#1 v1.5 with SHA-256 over the digest. @throws KeyUnusableError */
export async function rsaSigner(
  text: string,
  file: string,
  verifier: Address,
  password: () => Promise<string>,
): Promise<Signer> {
  const key = await keyIn(text, file, password);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== "rsa" || bits < LEAST_RSA_BITS) {
    const has = `a key of the kind ${key.asymmetricKeyType}${bits > 0 ? ` and ${bits} bits` : ""}`;
    throw new KeyUnusableError(file, has, `an RSA key of ${LEAST_RSA_BITS} bits or more`);
  }
  return {
    signer: rsaBytes(createPublicKey(key), verifier),
    sign: async ({ digest }) =>
      toHex(sign("sha256", hexToBytes(digest), { key, padding: constants.RSA_PKCS1_PADDING })),
  };
}

/** A signature of P-256 with the lower s, the one that its verifier takes; what is none stays. */
export function lowP256(signature: Hex): Hex {
  try {
    return toHex(p256.Signature.fromCompact(hexToBytes(signature)).normalizeS().toCompactRawBytes());
  } catch {
    return signature;
  }
}

/** Whether a P-256 key, as x ‖ y, has signed a digest. */
export function isSignedByP256(key: Hex, digest: Hex, signature: Hex): boolean {
  try {
    return p256.verify(hexToBytes(signature), hexToBytes(digest), hexToBytes(concat(["0x04", key])), { lowS: true });
  } catch {
    return false;
  }
}

/** Whether an RSA key, by exponent and modulus, has signed a digest. */
export function isSignedByRsa([e, n]: readonly [Hex, Hex], digest: Hex, signature: Hex): boolean {
  const part = (hex: Hex) => Buffer.from(hexToBytes(hex)).toString("base64url");
  const key = createPublicKey({ format: "jwk", key: { kty: "RSA", e: part(e), n: part(n) } });
  return verify("sha256", hexToBytes(digest), { key, padding: constants.RSA_PKCS1_PADDING }, hexToBytes(signature));
}
