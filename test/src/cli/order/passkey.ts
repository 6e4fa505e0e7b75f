// A browser with a passkey: it answers as PublicKeyCredential.toJSON() writes.
import { createHash, generateKeyPairSync, sign } from "node:crypto";

/** Flags of an authenticator: the user is present, and was verified. */
export const PRESENT = 0x01;
export const VERIFIED = 0x04;

const sha256 = (data: string | Buffer): Buffer => createHash("sha256").update(data).digest();

/** What a browser is asked with. */
interface AssertionRequest {
  challenge: string;
  allowCredentials: { id: string }[];
}

export class Passkey {
  readonly id = Buffer.from("a passkey of the tests").toString("base64url");
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });

  /** What the browser told when the passkey was made. */
  created(): string {
    const publicKey = this.#keys.publicKey.export({ type: "spki", format: "der" }).toString("base64url");
    const response = { publicKey, publicKeyAlgorithm: -7, transports: ["internal"] };
    return JSON.stringify({ id: this.id, rawId: this.id, type: "public-key", response, clientExtensionResults: {} });
  }

  /** What it answers. */
  answer(
    { challenge }: Pick<AssertionRequest, "challenge">,
    flags = PRESENT | VERIFIED,
    type = "webauthn.get",
    origin = "https://desk.example",
  ): string {
    const client = JSON.stringify({ type, challenge, origin, crossOrigin: false });
    const data = Buffer.concat([sha256("desk.example"), Buffer.from([flags, 0, 0, 0, 7])]);
    const signature = sign("sha256", Buffer.concat([data, sha256(client)]), this.#keys.privateKey);
    const response = {
      authenticatorData: data.toString("base64url"),
      clientDataJSON: Buffer.from(client).toString("base64url"),
      signature: signature.toString("base64url"),
      userHandle: null,
    };
    return JSON.stringify({ id: this.id, rawId: this.id, type: "public-key", response, clientExtensionResults: {} });
  }
}
