import { checksumAddress, isAddress, zeroAddress, type Address } from "viem";
import { z } from "zod";
import { Flaw } from "./faults.ts";

/** The least amount that a hold cannot keep: it has 96 bits. */
export const AMOUNT_LIMIT = 2n ** 96n;

const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** Base units of a decimal amount such as "1250.75". Throws a Flaw: BadAmount, TooManyDecimals or AmountTooLarge. */
export function parseAmount(text: string, decimals: number): bigint {
  const match = /^(-?)(\d{1,80})(?:\.(\d{1,80}))?$/.exec(text);
  if (match === null) throw new Flaw("BadAmount", `the amount ${JSON.stringify(text)} needs to be a decimal number`);
  const [, sign, whole = "", fraction = ""] = match;
  if (fraction.length > decimals) {
    throw new Flaw("TooManyDecimals", `the amount ${text} has ${fraction.length} decimals, the asset ${decimals}`);
  }
  const units = BigInt(whole + fraction.padEnd(decimals, "0"));
  if (sign === "-" || units === 0n) throw new Flaw("BadAmount", `the amount ${text} needs to be above zero`);
  if (units >= AMOUNT_LIMIT) throw new Flaw("AmountTooLarge", `the amount ${text} needs to be below 2^96 base units`);
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

/** Seconds of an offset such as "9d", "10d1h" or "36h". Throws a Flaw: BadTime. */
export function parseOffset(text: string): number {
  const match = /^(?=\d)(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,5})s)?$/.exec(text);
  if (match === null) {
    throw new Flaw("BadTime", `the time ${JSON.stringify(text)} needs to be an offset like "9d", "36h" or "10d1h"`);
  }
  const [, d = 0, h = 0, m = 0, s = 0] = match;
  return Number(d) * UNITS.d + Number(h) * UNITS.h + Number(m) * UNITS.m + Number(s) * UNITS.s;
}

/** The offset's text, in its largest units. */
export function formatOffset(seconds: number): string {
  let rest = seconds;
  let text = "";
  for (const [unit, length] of Object.entries(UNITS)) {
    const count = Math.floor(rest / length);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * length;
  }
  return text || "0d";
}

const instant = z.iso.datetime({ offset: true });

/** Unix seconds of an ISO date and time with a zone. Throws a Flaw: BadDate. */
export function parseInstant(text: string): number {
  const seconds = instant.safeParse(text).success ? Date.parse(text) / 1000 : NaN;
  if (!Number.isInteger(seconds) || seconds < 0) {
    throw new Flaw("BadDate", `${JSON.stringify(text)} needs to be an ISO date and time like "2025-09-29T06:00:00Z"`);
  }
  return seconds;
}
