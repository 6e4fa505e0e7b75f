import { createHash, createPublicKey } from "node:crypto";
import { p256 } from "@noble/curves/p256";
import {
  concat,
  decodeAbiParameters,
  encodeAbiParameters,
  hexToBytes,
  slice,
  toHex,
  type Address,
  type Hex,
} from "viem";
import { checked, InvalidFileError, jsonIn } from "../base/json.ts";
import { z } from "../base/zod.ts";
import { isSignedByP256, p256Bytes } from "./pem.ts";
import { KeyUnusableError, type Signer } from "./signer.ts";

/** What OpenZeppelin's verifier takes: r, s, where challenge and type stand in the client's data, and both data. */
const AUTH = ["bytes32", "bytes32", "uint256", "uint256", "bytes", "bytes"].map((type) => ({ type }));

/** Bits of the authenticator's flags. */
const FLAGS = { present: 0x01, verified: 0x04, eligible: 0x08, backedUp: 0x10 } as const;

/** The least of the authenticator's data: who asked, flags, counter. */
const LEAST_DATA = 37;

const base64url = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/, "needs base64url")
  .transform((text) => Buffer.from(text, "base64url"));

/** What `PublicKeyCredential.toJSON()` gives of an answer, of `navigator.credentials.get()`. */
const assertion = z.looseObject({
  response: z.looseObject({ authenticatorData: base64url, clientDataJSON: base64url, signature: base64url }),
});

/** The same of a passkey that was made, of `navigator.credentials.create()`. */
const credential = z.looseObject({
  id: z.string().regex(/^[A-Za-z0-9_-]+$/, "needs base64url"),
  response: z.looseObject({ publicKey: base64url }),
});

const TYPE = '"type":"webauthn.get"';
const challengeOf = (digest: Hex): string => Buffer.from(hexToBytes(digest)).toString("base64url");
const challengeIn = (digest: Hex): string => `"challenge":"${challengeOf(digest)}"`;

/** What a browser is asked with, by `PublicKeyCredential.parseRequestOptionsFromJSON`, so that a passkey signs a digest. */
export const assertionRequest = (digest: Hex, id: string) => ({
  challenge: challengeOf(digest),
  allowCredentials: [{ type: "public-key", id }],
  userVerification: "required",
});

/** The passkey that a file tells: its name, and its officer's bytes. @throws InvalidFileError, KeyUnusableError */
export function passkeyIn(text: string, file: string, verifier: Address): { id: string; signer: Hex } {
  const { id, response } = checked(credential, jsonIn(text, file), file);
  try {
    const key = createPublicKey({ key: response.publicKey, format: "der", type: "spki" });
    return { id, signer: p256Bytes(key, verifier) };
  } catch {
    throw new KeyUnusableError(file, "a passkey of another kind", "one on the curve P-256 (algorithm -7, ES256)");
  }
}

/** The officer with the passkey whose answer lies in a file. @throws InvalidFileError */
export function passkeySigner(text: string, file: string, signer: Hex): Signer {
  const { authenticatorData, clientDataJSON, signature } = checked(assertion, jsonIn(text, file), file).response;
  const rs = derSignature(signature, file);
  return {
    signer,
    sign: async ({ digest }) => {
      const at = (part: string) => BigInt(Math.max(0, clientDataJSON.indexOf(part)));
      const places = [at(challengeIn(digest)), at(TYPE)];
      const parts = [slice(rs, 0, 32), slice(rs, 32), ...places, toHex(authenticatorData), toHex(clientDataJSON)];
      return encodeAbiParameters(AUTH, parts);
    },
  };
}

/** r ‖ s with the lower s. */
function derSignature(bytes: Uint8Array, file: string): Hex {
  try {
    return toHex(p256.Signature.fromDER(bytes).normalizeS().toCompactRawBytes());
  } catch {
    throw new InvalidFileError(file, [{ field: "response.signature", reason: "needs an ECDSA signature in DER" }]);
  }
}

/**
 * Why a passkey's answer is no approval of a digest by the key x ‖ y; nothing where it is one. It refuses what
 * OpenZeppelin's ERC7913WebAuthnVerifier refuses. As there, which page asked (origin, rpId) is not compared: browsers and
 * authenticators give a passkey's answers to pages of its own site alone, and the challenge is the order.
 */
export function assertionFault(key: Hex, digest: Hex, signature: Hex): string | undefined {
  const [r, s, challengeAt, typeAt, authenticatorData, clientData] = answerIn(signature) ?? [];
  if (r === undefined) return "no answer of a passkey";
  const [data, client] = [Buffer.from(hexToBytes(authenticatorData!)), Buffer.from(hexToBytes(clientData!))];
  const stands = (text: string, at: bigint) =>
    client.subarray(Number(at), Number(at) + text.length).equals(Buffer.from(text));
  if (data.length < LEAST_DATA) return "an answer with too little of the authenticator";
  if (!stands(TYPE, typeAt!)) return "an answer of another type than webauthn.get";
  if (!stands(challengeIn(digest), challengeAt!)) return "an answer to another challenge";
  const has = (bit: number) => (data[32]! & bit) !== 0;
  if (!has(FLAGS.present)) return "an answer without the presence of a user";
  if (!has(FLAGS.verified)) return "an answer without user verification: no PIN, finger or face was asked for";
  if (has(FLAGS.backedUp) && !has(FLAGS.eligible)) return "an answer whose flags tell of a backup that cannot be";
  const hash = toHex(sha256(Buffer.concat([data, sha256(client)])));
  return isSignedByP256(key, hash, concat([r, s!])) ? undefined : "one that its key did not make";
}

function answerIn(signature: Hex) {
  try {
    return decodeAbiParameters(AUTH, signature) as [Hex, Hex, bigint, bigint, Hex, Hex];
  } catch {
    return undefined;
  }
}

const sha256 = (data: Uint8Array): Buffer => createHash("sha256").update(data).digest();
