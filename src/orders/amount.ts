import { fieldError } from "./errors.ts";
import { countOf } from "../base/words.ts";

/** An amount that one person reads as another number than the next. */
export const AmbiguousAmountError = fieldError("AmbiguousAmountError");
/** An amount of parts that the asset does not have. */
export const TooManyDecimalsError = fieldError("TooManyDecimalsError");
/** No amount with the symbol of its asset. */
export const MalformedAmountError = fieldError("MalformedAmountError");

/** What an asset is counted in. */
export interface Denomination {
  symbol: string;
  decimals: number;
}

/** Digits in groups of three, whatever stands between them: a comma, a point, a blank. */
const GROUPED = /^[1-9]\d{0,2}(?:[.,'’\s]\d{3})+$/;

/**
 * Base units of a number in the units of its asset, such as "1250.5", in a file whose format says that.
 * @throws TooManyDecimalsError, MalformedAmountError
 */
export function baseUnitsOf(field: string, text: string, { symbol, decimals }: Denomination): bigint {
  const [, whole, fraction = ""] = /^(0|[1-9]\d{0,40})(?:\.(\d{1,40}))?$/.exec(text) ?? [];
  if (whole === undefined) {
    throw new MalformedAmountError(field, JSON.stringify(text), 'digits alone, with a point before decimals: "1250.5"');
  }
  if (fraction.length > decimals) {
    throw new TooManyDecimalsError(field, text, `at most ${countOf(decimals, "decimal")}, as ${symbol} has`);
  }
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}

/**
 * The same of what a person writes: what may be a thousand in one country and a part of one in the next is refused.
 * @throws AmbiguousAmountError, TooManyDecimalsError, MalformedAmountError
 */
export function writtenUnitsOf(field: string, text: string, of: Denomination): bigint {
  if (!GROUPED.test(text)) return baseUnitsOf(field, text, of);
  const digits = text.replace(/\D/g, "");
  const decimal = `${digits.slice(0, -3)}.${digits.slice(-3)}0`;
  throw new AmbiguousAmountError(field, text, `${digits} or ${digits}.0 where that is meant, else ${decimal}`);
}
