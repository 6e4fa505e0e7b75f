import { hexToString, stringToHex, type Address, type Hex } from "viem";
import {
  address,
  amount,
  inCase,
  InvalidDocumentError,
  InvalidNameError,
  InvalidOfficerError,
  InvalidUntilError,
  signed,
  term,
  time,
  word,
  type InCase,
  type Signed,
} from "./fields.ts";
import type { Order } from "./types.ts";

/** A provisional hold of `amount` base units in a sub-account of a licensed platform's wallet, for `term` seconds. */
export function buildExchangeHold(
  input: InCase & { asset: Address; wallet: Address; subAccount: Hex; amount: bigint; term: number },
): Order<"ExchangeHold"> {
  return {
    primaryType: "ExchangeHold",
    message: {
      ...inCase(input),
      asset: address("asset", input.asset),
      wallet: address("wallet", input.wallet),
      subAccount: word(InvalidNameError, "subAccount", input.subAccount),
      amount: amount("amount", input.amount),
      term: term("term", input.term),
      ...signed(input),
    },
  };
}

/** Licenses a platform's wallet until the second `until`; `omnibus`: the money of many customers lies in it. */
export function buildLicense(
  input: Signed & { wallet: Address; platform: string; omnibus: boolean; until: bigint; document: Hex },
): Order<"License"> {
  return {
    primaryType: "License",
    message: {
      wallet: address("wallet", input.wallet),
      platform: encodeName("platform", input.platform),
      omnibus: input.omnibus,
      until: time(InvalidUntilError, "until", input.until),
      document: word(InvalidDocumentError, "document", input.document),
      ...signed(input),
    },
  };
}

/** Suspends every wallet of a platform at once. */
export function buildSuspend(input: Signed & { platform: string; document: Hex }): Order<"Suspend"> {
  return {
    primaryType: "Suspend",
    message: {
      platform: encodeName("platform", input.platform),
      document: word(InvalidDocumentError, "document", input.document),
      ...signed(input),
    },
  };
}

/** Unseats an officer at once; `compromised`: delayed orders that it approved can never execute. */
export function buildDismiss(
  input: Signed & { officerId: Hex; compromised: boolean; document: Hex },
): Order<"Dismiss"> {
  return {
    primaryType: "Dismiss",
    message: {
      officerId: word(InvalidOfficerError, "officerId", input.officerId),
      document: word(InvalidDocumentError, "document", input.document),
      compromised: input.compromised,
      ...signed(input),
    },
  };
}

/** The bytes of a name of 1 to 31 printable ASCII characters. Throws InvalidNameError. */
export function encodeName(field: string, name: string): Hex {
  if (!/^[\x20-\x7e]{1,31}$/.test(name)) {
    throw new InvalidNameError(field, JSON.stringify(name), "1 to 31 printable ASCII characters");
  }
  return stringToHex(name, { size: 32 });
}

/** The name that 32 bytes are, or the bytes where they are none. */
export function decodeName(bytes: Hex): string {
  const text = hexToString(bytes).replace(/\0+$/, "");
  return /^[\x20-\x7e]{1,31}$/.test(text) && stringToHex(text, { size: 32 }) === bytes ? text : bytes;
}
