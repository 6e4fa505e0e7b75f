import { keccak256, toBytes, type Hex } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { EXIT, SequesterError } from "../errors.ts";
import { ORDER_TYPES } from "../orders/types.ts";
import type { SignAdmission } from "./deploy.ts";

/** The embedded chain and local nodes: the one chain on which raw keys are taken. */
export const LOCAL_CHAIN = 31_337;

const ORDER_OF_CURVE = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A raw or derived key was asked for on a chain where money may be worth something. Exit code 4. */
export class LocalKeysOnlyError extends SequesterError {
  override name = "LocalKeysOnlyError";
  constructor(chainId: number, who: string) {
    super("Keys that derive from a seed are for the local chain only.", {
      code: EXIT.key,
      metaMessages: [`who: ${who}`, `has: chain ${chainId}`, `needs: chain ${LOCAL_CHAIN}, or a key store or device`],
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
 * @throws LocalKeysOnlyError on every chain but 31337.
 */
export function derivedKey(chainId: number, seed: string, name: string): Hex {
  if (chainId !== LOCAL_CHAIN) throw new LocalKeysOnlyError(chainId, name);
  return checkKey(keccak256(toBytes(`sequester:${seed}:${name}`)), name);
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
