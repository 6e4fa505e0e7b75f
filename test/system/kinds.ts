import { constants, createECDH, createHash, generateKeyPairSync, sign as signWith, type JsonWebKey } from "node:crypto";
import { createRequire } from "node:module";
import {
  AbiCoder,
  concat,
  Contract,
  dataLength,
  dataSlice,
  hexlify,
  keccak256,
  N,
  Signature,
  toBeHex,
  Wallet,
  ZeroAddress,
  type BaseWallet,
  type ContractTransactionResponse,
  type Interface,
} from "ethers";
import type { Address, Hex } from "viem";
import { packApprovals, type OfficerKind } from "../../src/orders/index.ts";
import { ethers } from "./chain.ts";

/** An officer of any kind, as an order needs it. */
export interface TestOfficer {
  kind: OfficerKind;
  /** ERC-7913 signer bytes. */
  signer: Hex;
  sign: (digest: Hex) => Promise<Hex>;
  /** Other forms of one of its signatures that lax arithmetic takes for as good. */
  twins: (signature: Hex) => Hex[];
}

/** A contract officer that is a Safe. */
export interface SafeOfficer extends TestOfficer {
  safe: Contract;
  /** Three, of whom the first two decide. */
  owners: readonly Wallet[];
  /** Has its owners sign a transaction, and sends it. */
  execute: (to: string, data: string) => Promise<ContractTransactionResponse>;
}

/** OpenZeppelin's ERC-7913 verifiers. */
export interface Verifiers {
  p256: Address;
  webAuthn: Address;
  rsa: Address;
}

export const officerIdOf = ({ signer }: { signer: string }): Hex => keccak256(signer) as Hex;

/** Approvals of an order by officers of any kind, in the form that the contracts take. */
export async function approvalsOf(digest: Hex, by: readonly TestOfficer[]) {
  const signed = await Promise.all(by.map(async ({ signer, sign }) => ({ signer, signature: await sign(digest) })));
  const keys = new Set(by.filter(({ kind }) => kind === "key").map(({ signer }) => signer.toLowerCase()));
  return packApprovals(signed, (signer) => keys.has(signer.toLowerCase()));
}

export async function deployVerifiers(): Promise<Verifiers> {
  const deploy = async (scheme: "P256" | "WebAuthn" | "RSA") =>
    (await (await ethers.deployContract(`ERC7913${scheme}Verifier`)).getAddress()) as Address;
  return { p256: await deploy("P256"), webAuthn: await deploy("WebAuthn"), rsa: await deploy("RSA") };
}

/** The officer that a wallet is. */
export function keyOfficer(wallet: BaseWallet): TestOfficer {
  return {
    kind: "key",
    signer: wallet.address as Hex,
    sign: async (digest) => wallet.signingKey.sign(digest).serialized as Hex,
    twins: (signature) => [twinOf(signature)],
  };
}

/** A P-256 key that signs digests as they are, as a security module does. */
export function p256Officer(verifier: Address): TestOfficer {
  const key = newP256Key();
  return {
    kind: "verifier",
    signer: concat([verifier, key.point]) as Hex,
    sign: async (digest) => concat(key.sign(digest).map(word)) as Hex,
    twins: (signature) => [concat([dataSlice(signature, 0, 32), highP256(dataSlice(signature, 32, 64))]) as Hex],
  };
}

/** A passkey: it signs what the browser says about the challenge, which is the digest. */
export function webAuthnOfficer(verifier: Address): TestOfficer {
  const key = newP256Key();
  const fields = ["bytes32", "bytes32", "uint256", "uint256", "bytes", "string"];
  const coder = AbiCoder.defaultAbiCoder();
  return {
    kind: "verifier",
    signer: concat([verifier, key.point]) as Hex,
    sign: async (digest) => {
      const clientData = JSON.stringify({
        type: "webauthn.get",
        challenge: Buffer.from(digest.slice(2), "hex").toString("base64url"),
        origin: "https://console.example",
        crossOrigin: false,
      });
      // The relying party, the flags "user present" and "user verified", and how often the passkey has signed.
      const authenticatorData = concat([sha256("console.example"), "0x05", toBeHex(1, 4)]);
      const [r, s] = key.sign(sha256(concat([authenticatorData, sha256(clientData)]))).map(word);
      const places = ['"challenge"', '"type"'].map((name) => clientData.indexOf(name));
      return coder.encode(fields, [r, s, ...places, authenticatorData, clientData]) as Hex;
    },
    twins: (signature) => {
      const [r, s, ...rest] = coder.decode(fields, signature) as unknown as [string, string, ...unknown[]];
      return [coder.encode(fields, [r, highP256(s), ...rest]) as Hex];
    },
  };
}

/** An RSA key of 2,048 bits, PKCS#1 v1.5 with SHA-256, as national certificates have. */
export function rsaOfficer(verifier: Address): TestOfficer {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = publicKey.export({ format: "jwk" });
  const [exponent, modulus] = [fromBase64(jwk.e), fromBase64(jwk.n)];
  return {
    kind: "verifier",
    signer: concat([verifier, AbiCoder.defaultAbiCoder().encode(["bytes", "bytes"], [exponent, modulus])]) as Hex,
    sign: async (digest) => {
      const key = { key: privateKey, padding: constants.RSA_PKCS1_PADDING };
      return hexlify(signWith("sha256", Buffer.from(digest.slice(2), "hex"), key)) as Hex;
    },
    twins: (signature) => {
      const higher = BigInt(signature) + BigInt(modulus);
      const bytes = Math.max(dataLength(signature), dataLength(toBeHex(higher)));
      return [toBeHex(higher, bytes) as Hex, concat(["0x00", signature]) as Hex];
    },
  };
}

/** A Safe 1.5.0 of three owners of whom two decide. */
export async function safeOfficer(): Promise<SafeOfficer> {
  const [deployer] = await ethers.getSigners();
  const owners = newWallets(3);
  const deciding = owners.slice(0, 2).sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const [singleton, handler, factory] = [
    await deploySafeContract("Safe.sol/Safe"),
    await deploySafeContract("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler"),
    await deploySafeContract("proxies/SafeProxyFactory.sol/SafeProxyFactory"),
  ];
  const setup = singleton.interface.encodeFunctionData("setup", [
    owners.map(({ address }) => address),
    deciding.length,
    ZeroAddress,
    "0x",
    await handler.getAddress(),
    ZeroAddress,
    0,
    ZeroAddress,
  ]);
  const create = factory.getFunction("createProxyWithNonce");
  const proxy = [await singleton.getAddress(), setup, 0] as const;
  const address = (await create.staticCall(...proxy)) as Address;
  await create.send(...proxy);
  const safe = new Contract(address, singleton.interface, deployer);
  const domain = { chainId: 31337, verifyingContract: address };
  const types = { SafeMessage: [{ name: "message", type: "bytes" }] };
  return {
    kind: "contract",
    signer: address,
    safe,
    owners,
    sign: async (digest) =>
      concat(
        await Promise.all(deciding.map((owner) => owner.signTypedData(domain, types, { message: digest }))),
      ) as Hex,
    // A Safe takes the twins of its owners' signatures; an order is executed once all the same.
    twins: () => [],
    execute: async (to, data) => {
      const transaction = [to, 0, data, 0, 0, 0, 0, ZeroAddress, ZeroAddress] as const;
      const nonce: unknown = await safe.getFunction("nonce").staticCall();
      const hash = (await safe.getFunction("getTransactionHash").staticCall(...transaction, nonce)) as string;
      const signatures = concat(deciding.map((owner) => owner.signingKey.sign(hash).serialized));
      return safe.getFunction("execTransaction").send(...transaction, signatures);
    },
  };
}

/** OpenZeppelin's multi-signer with a key, a P-256 key and a passkey, of which the first two decide. */
export async function multiSignerOfficer({ p256, webAuthn }: Verifiers): Promise<TestOfficer> {
  const deciding = [keyOfficer(newWallets(1)[0]!), p256Officer(p256)].sort((a, b) =>
    officerIdOf(a) < officerIdOf(b) ? -1 : 1,
  );
  const members = [...deciding, webAuthnOfficer(webAuthn)];
  const account = await ethers.deployContract("MultiSignerAccount", [
    members.map(({ signer }) => signer),
    deciding.length,
  ]);
  const coder = AbiCoder.defaultAbiCoder();
  const encode = (signatures: string[]) =>
    coder.encode(["bytes[]", "bytes[]"], [deciding.map(({ signer }) => signer), signatures]) as Hex;
  return {
    kind: "contract",
    signer: (await account.getAddress()) as Hex,
    sign: async (digest) => encode(await Promise.all(deciding.map(({ sign }) => sign(digest)))),
    twins: (signature) => {
      const [, signatures] = coder.decode(["bytes[]", "bytes[]"], signature) as unknown as [Hex[], Hex[]];
      return deciding.map(({ twins }, i) => encode(signatures.with(i, twins(signatures[i]!)[0]!)));
    },
  };
}

/** What a contract officer signs where nobody looks at the signature. */
export const contractOfficer = (address: string): TestOfficer => ({
  kind: "contract",
  signer: address as Hex,
  sign: async () => "0x",
  twins: () => [],
});

export const newWallets = (count: number): Wallet[] =>
  Array.from({ length: count }, () => new Wallet(Wallet.createRandom().privateKey));

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** ECDSA over P-256 of a hash as it is; Node itself signs only what it hashed. */
function newP256Key(): { point: string; sign: (hash: string) => [r: bigint, s: bigint] } {
  const pair = () => {
    const ecdh = createECDH("prime256v1");
    const point = hexlify(ecdh.generateKeys()).replace("0x04", "0x");
    return { point, scalar: BigInt(hexlify(ecdh.getPrivateKey())) };
  };
  const key = pair();
  return {
    point: key.point,
    sign: (hash) => {
      const nonce = pair();
      const r = BigInt(dataSlice(nonce.point, 0, 32)) % P256_ORDER;
      const s = (inverse(nonce.scalar) * (BigInt(hash) + r * key.scalar)) % P256_ORDER;
      return [r, s > P256_ORDER / 2n ? P256_ORDER - s : s];
    },
  };
}

/** By Fermat: a^(n - 2) modulo the prime n. */
function inverse(a: bigint): bigint {
  let [result, square] = [1n, a];
  for (let exponent = P256_ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * square) % P256_ORDER;
    square = (square * square) % P256_ORDER;
  }
  return result;
}

const word = (value: bigint): string => toBeHex(value, 32);
const highP256 = (s: string): string => word(P256_ORDER - BigInt(s));
const fromBase64 = (text: JsonWebKey["n"]): string => hexlify(Buffer.from(text!, "base64url"));

/** Of bytes in hex, or of text. */
const sha256 = (data: string): string =>
  hexlify(
    createHash("sha256")
      .update(data.startsWith("0x") ? Buffer.from(data.slice(2), "hex") : data)
      .digest(),
  );

/** The same signature of a key with the higher s. */
function twinOf(signature: string): Hex {
  const { r, s, v } = Signature.from(signature);
  return concat([r, word(N - BigInt(s)), toBeHex(v === 27 ? 28 : 27)]) as Hex;
}

const require = createRequire(import.meta.url);

async function deploySafeContract(path: string): Promise<Contract> {
  const { abi, bytecode } = require(`@safe-global/safe-smart-account/build/artifacts/contracts/${path}.json`) as {
    abi: Interface["fragments"];
    bytecode: string;
  };
  const deployed = await (await ethers.getContractFactory([...abi], bytecode)).deploy();
  return new Contract(await deployed.getAddress(), abi, (await ethers.getSigners())[0]);
}
