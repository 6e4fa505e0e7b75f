// What a person writes for each field of an act. An option a field, from the definition alone: an act that is added is
// written without a word here, unless it carries something of a new kind.
import { getAddress, isAddress, isHex, type Address, type Hex } from "viem";
import { assetOf } from "../../chain/assets.ts";
import { INSTANT_FORM, instantOf, OFFSET_FORM, offsetOf } from "../../base/time.ts";
import { readOrderFile } from "../../orders/disk.ts";
import { digestOf } from "../../orders/digest.ts";
import {
  fieldError,
  InvalidAddressError,
  InvalidAgencyError,
  InvalidPlacementError,
  InvalidTermError,
} from "../../orders/errors.ts";
import { MalformedAmountError, writtenUnitsOf } from "../../orders/amount.ts";
import { encodeName } from "../../orders/caseId.ts";
import * as kinds from "../../orders/acts/fields.ts";
import type { Field } from "../../orders/acts/fields.ts";
import { assetIn } from "../../orders/acts/words.ts";
import { COMPONENTS } from "../../orders/acts/index.ts";
import { ACTS, type ActName } from "../../orders/types.ts";
import type { Desk } from "./desk.ts";

/** The amount is of another asset than the order. */
export const OtherAssetError = fieldError("OtherAssetError");

/** @throws OtherAssetError where what was written at a place is of another asset than is needed */
export function requireAsset(at: string, has: Address, needs: Address, { words }: Pick<Desk, "words">): void {
  if (has !== needs)
    throw new OtherAssetError(at, `an amount of ${assetIn(has, words)}`, `one of ${assetIn(needs, words)}`);
}
/** An entry of a list that cannot be read. */
export const MalformedEntryError = fieldError("MalformedEntryError");

/** How a field is written. */
export interface Writing {
  /** The option's value; none where the option itself says all. */
  value?: string;
  about: string;
  /** May be left out. */
  optional?: true;
  /** Any number of times. */
  several?: true;
  /** What the builder is given, of what was written. */
  read(text: string, at: string, desk: Desk): unknown;
}

const duration = (text: string, at: string): number => {
  const seconds = offsetOf(text);
  if (seconds === undefined) throw new InvalidTermError(at, JSON.stringify(text), OFFSET_FORM);
  return seconds;
};

/** Unix second of a time from now on, or of a date. */
export function momentOf(text: string, at: string, { now }: Pick<Desk, "now">): bigint {
  const offset = offsetOf(text);
  const moment = offset === undefined ? instantOf(text) : now + offset;
  if (moment === undefined) throw new InvalidTermError(at, JSON.stringify(text), `${OFFSET_FORM}, or ${INSTANT_FORM}`);
  return BigInt(moment);
}

export const addressIn = (text: string, at: string): Address => {
  const needs = "20 bytes, in mixed case with a right checksum";
  if (!isAddress(text)) throw new InvalidAddressError(at, text, needs);
  // Without mixed case a digit that was typed wrong is found by nobody.
  if (getAddress(text) === text) return text;
  throw new InvalidAddressError(at, text, `${needs}: ${getAddress(text)}, if the paper says so`);
};

/** Base units and asset of what was written, such as "1250.5 KZTE". */
export function amountIn(text: string, at: string, { deployment, words }: Desk): { amount: bigint; asset: Address } {
  const [, number, symbol] = /^(\S+(?:\s\d+)*)\s+(\S+)$/.exec(text) ?? [];
  if (number === undefined) {
    throw new MalformedAmountError(at, JSON.stringify(text), 'a number and the symbol of its asset: "1250.5 KZTE"');
  }
  const asset = assetOf(deployment, symbol!).address;
  const known = words.asset(asset);
  if (known === undefined) {
    throw new MalformedAmountError(at, text, "--rpc, or a deployment's file that tells the asset's decimals");
  }
  return { amount: writtenUnitsOf(at, number, known), asset };
}

/** Of a list of targets, "ACCOUNT=AMOUNT SYMBOL". */
function targetIn(text: string, at: string, desk: Desk) {
  const [, account, amount] = /^(\S+?)=(.+)$/.exec(text) ?? [];
  if (account === undefined) throw new MalformedEntryError(at, JSON.stringify(text), '"ACCOUNT=AMOUNT SYMBOL"');
  return { account: addressIn(account, at), ...amountIn(amount!, at, desk) };
}

/** Of a list of repayments: the same, with the asset that was taken where that is another one. */
function refundIn(text: string, at: string, desk: Desk) {
  const [, paid, taken] = /^(.+?)(?: for (\S+))?$/.exec(text) ?? [];
  const target = targetIn(paid ?? "", at, desk);
  return { ...target, taken: taken === undefined ? target.asset : assetOf(desk.deployment, taken).address };
}

/** Of a list of rules: digits of its officers, delay, grace and longest term. */
function ruleIn(text: string, at: string) {
  const [officers, delay, grace, term, ...rest] = text.split(",");
  if (term === undefined || rest.length > 0) {
    throw new MalformedEntryError(at, JSON.stringify(text), '"OFFICERS,DELAY,GRACE,TERM"');
  }
  return {
    officers,
    delay: duration(delay!, `${at}.delay`),
    grace: duration(grace!, `${at}.grace`),
    term: duration(term, `${at}.term`),
  };
}

const placementIn = (text: string, at: string): number => {
  if (!/^(?:0|[1-9]\d{0,9})$/.test(text)) throw new InvalidPlacementError(at, JSON.stringify(text), "digits alone");
  return Number(text);
};

const agencyIn = (text: string, at: string, { words }: Desk): number => {
  const index = /^\d{1,2}$/.test(text)
    ? Number(text)
    : Array.from({ length: 15 }, (_, i) => i).find((i) => words.agency(i) === text);
  if (index === undefined) throw new InvalidAgencyError(at, text, "the index of an agency, or its name beside --rpc");
  return index;
};

const actIn = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) : (ACTS as Record<string, number>)[text as ActName]!;

/** The digest of an order: itself, or that of its file. */
export async function digestIn(text: string): Promise<Hex> {
  if (isHex(text) && text.length === 66) return text;
  const { order, domain } = await readOrderFile(text);
  return digestOf(order, domain);
}

const LISTS = new Map<unknown, Omit<Writing, "several" | "optional">>([
  [
    COMPONENTS.Target,
    { value: "ACCOUNT=AMOUNT SYMBOL", about: "an amount in one account; once for each", read: targetIn },
  ],
  [
    COMPONENTS.Refund,
    { value: "ACCOUNT=AMOUNT SYMBOL", about: 'money back; for another asset add "for SYMBOL"', read: refundIn },
  ],
  [
    COMPONENTS.Rule,
    { value: "OFFICERS,DELAY,GRACE,TERM", about: "an alternative: hex digit per agency, times", read: ruleIn },
  ],
]);

const asset: Writing = {
  value: "symbol",
  about: "its symbol in the deployment, or its address",
  read: (text, _, { deployment }) => assetOf(deployment, text).address,
};

const KINDS = new Map<Field, Writing>([
  [kinds.caseId, { value: "id", about: "at most 31 ASCII characters", read: (text) => text }],
  [kinds.name, { value: "name", about: "at most 31 ASCII characters", read: (text) => text }],
  [
    kinds.subAccount,
    {
      value: "name",
      about: "as the platform calls it, or 32 bytes in hexadecimal",
      read: (text, at) => (isHex(text) && text.length === 66 ? text : encodeName(at, text)),
    },
  ],
  [kinds.term, { value: "time", about: 'how long, such as "10d"', read: duration }],
  [
    kinds.until,
    { value: "time", about: 'last second: an ISO date and time, or from now on, such as "180d"', read: momentOf },
  ],
  [
    kinds.placement,
    {
      value: "number",
      about: "newest hold that it may touch; from --rpc, which shows them, unless told",
      read: placementIn,
      optional: true,
    },
  ],
  [
    kinds.amount,
    {
      value: "AMOUNT SYMBOL",
      about: 'in units, such as "1250.5 KZTE"',
      read: (text, at, desk) => amountIn(text, at, desk),
    },
  ],
  [kinds.orderDigest, { value: "digest|file", about: "the order that it is about", read: digestIn }],
  [
    kinds.officerId,
    { value: "id", about: "32 bytes in hexadecimal: the hash of the officer's signer", read: (text) => text },
  ],
  [kinds.bytes, { value: "bytes", about: "in hexadecimal", read: (text) => text }],
  [kinds.addressOrNone, { value: "address", about: "none unless told", read: addressIn, optional: true }],
]);

/** What is said by an option that is given. */
const FLAGS: Readonly<Record<string, string>> = {
  wholeAccount: "whole accounts may be blocked where the issuer cannot block a part",
  omnibus: "for an omnibus wallet, in which a platform keeps the money of many customers",
  arrested: "arrested holds, too, not provisional ones alone; from --rpc, where the amounts need it",
  compromised: "its key is in wrong hands: what it approved and still waits never executes",
};

/** How a field of an act is written. */
export function writingOf(name: string, field: Field): Writing {
  const list = LISTS.get(field.items);
  // What a list lacks is said by the builder, of all lists of the act together.
  if (list !== undefined) return { ...list, several: true, optional: true };
  const known = KINDS.get(field);
  if (known !== undefined) return known;
  if (field.type === "bool") return { about: FLAGS[name] ?? "", optional: true, read: () => true };
  if (field.names !== undefined)
    return { value: Object.keys(field.names).join("|"), about: "one of these", read: (text) => text };
  if (/asset$/i.test(name)) return asset;
  if (field.type === "address") return { value: "address", about: "in mixed case", read: addressIn };
  if (name === "agency") return { value: "index|name", about: "its name needs --rpc", read: agencyIn };
  if (name === "act") return { value: "number|name", about: "whose rules are replaced", read: actIn };
  throw new Error(`Nobody can write the field ${name}.`);
}
