import { checksumAddress } from "viem";

/** Digits of a number that is below 2^53 for sure. */
const SAFE_DIGITS = 15;
/** Digits of 2^256. */
const MOST_DIGITS = 78;
const MOST_VALUE = 2n ** 256n - 1n;

const [ZERO, NINE, CAPITAL_A, CAPITAL_F, SMALL_A, SMALL_F, SMALL_X] = [48, 57, 65, 70, 97, 102, 120];
const ADDRESS_LENGTH = 42;
const WORD_LENGTH = 66;

/** The text of a field. */
export const textAt = (bytes: Buffer, start: number, end: number): string => bytes.toString("latin1", start, end);

/** A whole number of at most 15 digits; -1 for anything else. */
export function wholeAt(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > SAFE_DIGITS) return -1;
  let number = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** A value in base units, in decimal digits; why it is none otherwise. */
export function unitsAt(bytes: Buffer, start: number, end: number): number | bigint | string {
  const short = wholeAt(bytes, start, end);
  return short >= 0 ? short : unitsOf(textAt(bytes, start, end));
}

/** A value in base units, in decimal digits; why it is none otherwise. */
export function unitsOf(text: string): bigint | string {
  if (text === "") return "is missing";
  if (/^-\d/.test(text)) return "is negative";
  if (!/^\d+$/.test(text)) return "is not a whole number";
  if (text.length > MOST_DIGITS) return "is 2^256 or more";
  const value = BigInt(text);
  return value > MOST_VALUE ? "is 2^256 or more" : value;
}

/** Base units of 32 bytes at most, in hexadecimal digits with 0x; undefined for anything else. */
export const hexUnitsOf = (text: string): bigint | undefined =>
  /^0x[0-9a-f]{1,64}$/i.test(text) ? BigInt(text) : undefined;

/**
 * Base units of a decimal number, exactly: "18.67", "10000.0", "1,250.5" and "1e-05", which some programs write; why it is
 * none otherwise.
 */
export function decimalUnitsOf(text: string, decimals: number): bigint | string {
  if (text === "") return "is missing";
  if (/^-\d/.test(text)) return "is negative";
  const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) ? text.replaceAll(",", "") : text;
  const match = /^(\d{1,80})(?:\.(\d{0,80}))?(?:e([+-]?\d{1,3}))?$/i.exec(plain);
  if (match === null) return "is not a decimal number";
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const digits = BigInt(whole + fraction);
  const shift = decimals + Number(exponent) - fraction.length;
  const divisor = shift < 0 ? 10n ** BigInt(-shift) : 1n;
  if (digits % divisor !== 0n) return `has more decimals than the asset, ${decimals}`;
  const value = shift < 0 ? digits / divisor : digits * 10n ** BigInt(shift);
  return value > MOST_VALUE ? "is 2^256 or more" : value;
}

/** Where the 40 digits of an address begin, also of one that is filled up to 32 bytes as in a topic; -1 for anything else. */
export function addressAt(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== ZERO || ((bytes[start + 1] as number) | 32) !== SMALL_X) return -1;
  if (end - start === ADDRESS_LENGTH) return start + 2;
  if (end - start !== WORD_LENGTH) return -1;
  for (let i = start + 2; i < end - 40; i++) if (bytes[i] !== ZERO) return -1;
  return end - 40;
}

/** Where the 64 digits of a hash begin; -1 for anything else. Whether they are digits is not looked at. */
export function hashAt(bytes: Uint8Array, start: number, end: number): number {
  const isHash =
    end - start === WORD_LENGTH && bytes[start] === ZERO && ((bytes[start + 1] as number) | 32) === SMALL_X;
  return isHash ? start + 2 : -1;
}

/** Whether 40 bytes are hexadecimal digits. */
export function areDigits(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + 40; i++) {
    const code = bytes[i] as number;
    const isDigit =
      (code >= ZERO && code <= NINE) ||
      (code >= SMALL_A && code <= SMALL_F) ||
      (code >= CAPITAL_A && code <= CAPITAL_F);
    if (!isDigit) return false;
  }
  return true;
}

/** Whether 40 digits are those of a lower-case address, in either case. */
export function isAddressAt(bytes: Uint8Array, at: number, lower: Uint8Array): boolean {
  for (let i = 0; i < 40; i++) {
    const code = bytes[at + i] as number;
    if ((code >= CAPITAL_A && code <= CAPITAL_F ? code | 32 : code) !== lower[i]) return false;
  }
  return true;
}

/** Addresses whose checksum was found right; forgotten when there are many. */
const checked = new Set<string>();
const MOST_CHECKED = 100_000;

/** Whether 40 digits are of one case, or have the right checksum (EIP-55). */
export function hasChecksumAt(bytes: Buffer, at: number): boolean {
  let [small, capital] = [false, false];
  for (let i = at; i < at + 40; i++) {
    const code = bytes[i] as number;
    if (code >= SMALL_A) small = true;
    else if (code >= CAPITAL_A) capital = true;
  }
  return !small || !capital || hasChecksum(`0x${textAt(bytes, at, at + 40)}`);
}

/** Whether an address in mixed case has the right checksum (EIP-55). */
export function hasChecksum(address: string): boolean {
  if (checked.has(address)) return true;
  if (checksumAddress(address as `0x${string}`) !== address) return false;
  if (checked.size === MOST_CHECKED) checked.clear();
  checked.add(address);
  return true;
}

/** The lower-case form of an address; why it is none otherwise. */
export function addressOf(text: string): { address: string } | string {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) return "is no address";
  const digits = text.slice(2);
  const address = `0x${digits.toLowerCase()}`;
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  return isMixed && !hasChecksum(`0x${digits}`) ? "has a wrong checksum" : { address };
}
