import { checksumAddress, isAddress, zeroAddress, type Address } from "viem";
import { MAX_AMOUNT } from "../../orders/types.ts";
import { INSTANT_FORM, instantOf, OFFSET_FORM, offsetOf } from "../../base/time.ts";
import { Flaw, type FaultName } from "./faults.ts";
import { countOf } from "../../base/words.ts";

/** Base units of a decimal amount such as "1250.75". Throws a Flaw: BadAmount, TooManyDecimals or AmountTooLarge. */
export function parseAmount(text: string, decimals: number): bigint {
  const match = /^(-?)(\d{1,80})(?:\.(\d{1,80}))?$/.exec(text);
  if (match === null) throw new Flaw("BadAmount", `the amount ${JSON.stringify(text)} needs to be a decimal number`);
  const [, sign, whole = "", fraction = ""] = match;
  if (fraction.length > decimals) {
    throw new Flaw(
      "TooManyDecimals",
      `the amount ${text} has ${countOf(fraction.length, "decimal")}, the asset ${decimals}`,
    );
  }
  const units = BigInt(whole + fraction.padEnd(decimals, "0"));
  if (sign === "-" || units === 0n) throw new Flaw("BadAmount", `the amount ${text} needs to be above zero`);
  if (units > MAX_AMOUNT) throw new Flaw("AmountTooLarge", `the amount ${text} needs to be below 2^96 base units`);
  return units;
}

/** A positive decimal as an exact fraction. Throws a Flaw: BadAmount. */
export function parseDecimal(text: string): { units: bigint; scale: bigint } {
  const decimals = text.split(".")[1]?.length ?? 0;
  return { units: parseAmount(text, decimals), scale: 10n ** BigInt(decimals) };
}

/** The checksummed form of an account that can be held. Throws a Flaw: BadAddress, BadChecksum or ZeroAddress. */
export function parseAccount(text: string): Address {
  if (!isAddress(text, { strict: false })) {
    throw new Flaw("BadAddress", `the account ${JSON.stringify(text)} needs 0x and 40 hexadecimal digits`);
  }
  const needs = checksumAddress(text);
  if (text !== needs && text !== text.toLowerCase()) {
    throw new Flaw("BadChecksum", `the account ${text} has a wrong checksum, its digits need ${needs}`);
  }
  if (needs === zeroAddress) throw new Flaw("ZeroAddress", "the account is the zero address, which nobody can hold");
  return needs;
}

/** As `offsetOf`. Throws a Flaw: BadTime. */
export const parseOffset = (text: string): number =>
  offsetOf(text) ?? flawed("BadTime", `the time ${JSON.stringify(text)} needs to be ${OFFSET_FORM}`);

/** As `instantOf`. Throws a Flaw: BadDate. */
export const parseInstant = (text: string): number =>
  instantOf(text) ?? flawed("BadDate", `${JSON.stringify(text)} needs to be ${INSTANT_FORM}`);

function flawed(fault: FaultName, reason: string): never {
  throw new Flaw(fault, reason);
}
