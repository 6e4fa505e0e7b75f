import { getAddress, isAddressEqual, keccak256, size, toBytes, toHex, type Address, type Hex } from "viem";
import { mnemonicToAccount, privateKeyToAccount, privateKeyToAddress, type PrivateKeyAccount } from "viem/accounts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { ORDER_TYPES } from "../orders/types.ts";
import type { SignAdmission } from "./charter.ts";

/** The embedded chain. */
export const LOCAL_CHAIN = 31_337;
/** The embedded chain and local nodes, on which money is worth nothing: on these alone derived keys are taken. */
const LOCAL_CHAINS: readonly number[] = [LOCAL_CHAIN, 31_338];

const ORDER_OF_CURVE = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A raw or derived key was asked for on a chain where money may be worth something. Exit code 4. */
export class LocalKeysOnlyError extends SequesterError {
  override name = "LocalKeysOnlyError";
  constructor(chainId: number, who: string) {
    super("Keys that derive from a seed are for local chains only.", {
      code: EXIT.key,
      metaMessages: [
        `who: ${who}`,
        `has: chain ${chainId}`,
        `needs: chain ${LOCAL_CHAINS.join(" or ")}, or a key store or device`,
      ],
    });
  }
}

/** A number that is no private key of secp256k1. Exit code 4. */
export class InvalidKeyError extends SequesterError {
  override name = "InvalidKeyError";
  constructor(who: string) {
    super("This is no private key.", {
      code: EXIT.key,
      metaMessages: [`who: ${who}`, "needs: a number from 1 to below the order of secp256k1"],
    });
  }
}

/** The argument if it can be a private key; `who` names it in the error, which never shows it. @throws InvalidKeyError */
export function checkKey(key: Hex, who: string): Hex {
  const number = BigInt(key);
  if (number === 0n || number >= ORDER_OF_CURVE) throw new InvalidKeyError(who);
  return key;
}

/**
 * The test key of an officer or another actor, by seed and name. Everyone can compute it.
 * @throws LocalKeysOnlyError on every chain that is not local.
 */
export function derivedKey(chainId: number, seed: string, name: string): Hex {
  if (!LOCAL_CHAINS.includes(chainId)) throw new LocalKeysOnlyError(chainId, name);
  return checkKey(keccak256(toBytes(`sequester:${seed}:${name}`)), name);
}

/** A key that Hardhat and Foundry print for everybody, on a chain where money may be worth something. Exit code 4. */
export class PublishedKeyError extends SequesterError {
  override name = "PublishedKeyError";
  constructor(chainId: number, who: Address) {
    super("Everybody has this key: it is one of those that Hardhat and Foundry publish for local chains.", {
      code: EXIT.key,
      metaMessages: [
        `who: ${who}`,
        `has: chain ${chainId}`,
        `needs: chain ${LOCAL_CHAINS.join(" or ")}, or another key`,
      ],
    });
  }
}

/** What they are derived from. */
const PUBLISHED = "test test test test test test test test test test test junk";
const PUBLISHED_ACCOUNTS = 20;

/** @throws PublishedKeyError */
export function refusePublished(chainId: number, who: Hex): void {
  if (LOCAL_CHAINS.includes(chainId) || size(who) !== 20) return;
  const parent = mnemonicToAccount(PUBLISHED, { path: "m/44'/60'/0'/0" }).getHdKey();
  for (let i = 0; i < PUBLISHED_ACCOUNTS; ++i) {
    const address = privateKeyToAddress(toHex(parent.deriveChild(i).privateKey!));
    if (isAddressEqual(address, getAddress(who))) throw new PublishedKeyError(chainId, address);
  }
}

/** The account of `derivedKey`. */
export const derivedAccount = (chainId: number, seed: string, name: string): PrivateKeyAccount =>
  privateKeyToAccount(derivedKey(chainId, seed, name));

/** No key at hand belongs to the seat. Exit code 4. */
export class MissingKeyError extends SequesterError {
  override name = "MissingKeyError";
  constructor(signer: Hex) {
    super("There is no key for a seat of the charter.", { code: EXIT.key, metaMessages: [`who: ${signer}`] });
  }
}

/** Signs admissions with whichever of the accounts the seat names. The function throws MissingKeyError. */
export function signingWith(accounts: Iterable<PrivateKeyAccount>): SignAdmission {
  const byAddress = new Map([...accounts].map((account) => [account.address.toLowerCase(), account]));
  return async (admission, domain) => {
    const account = byAddress.get(admission.message.signer.toLowerCase());
    if (account === undefined) throw new MissingKeyError(admission.message.signer);
    return account.signTypedData({ domain, types: ORDER_TYPES, ...admission });
  };
}
