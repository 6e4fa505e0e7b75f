/** JSON-RPC writes numbers as hexadecimal without leading zeros. */
const QUANTITY = /^0x(?:0|[1-9a-f][0-9a-f]{0,12})$/i;

/** The number that a JSON-RPC quantity stands for; undefined for anything else, and for what is 2^52 or more. */
export const numberOfQuantity = (text: unknown): number | undefined =>
  typeof text === "string" && QUANTITY.test(text) ? Number(text) : undefined;

/** A number as JSON-RPC wants it. */
export const quantityOf = (value: number): `0x${string}` => `0x${value.toString(16)}`;

/** Length of 32 bytes in hexadecimal with 0x. */
const WORD_LENGTH = 66;

/** 32 bytes in lower-case hexadecimal; undefined for anything else. */
export function wordOf(text: unknown): `0x${string}` | undefined {
  if (typeof text !== "string" || text.length !== WORD_LENGTH) return undefined;
  if (isWord(text)) return text;
  const small = text.toLowerCase();
  return isWord(small) ? small : undefined;
}

/** Digit by digit: a regular expression costs several times as much, and this is done five times a log. */
function isWord(text: string): text is `0x${string}` {
  for (let i = 2; i < WORD_LENGTH; i++) {
    const code = text.charCodeAt(i);
    const isDigit = (code >= 48 && code <= 57) || (code >= 97 && code <= 102);
    if (!isDigit) return false;
  }
  return text.charCodeAt(0) === 48 && text.charCodeAt(1) === 120;
}
