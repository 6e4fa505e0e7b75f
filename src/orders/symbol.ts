/** Letters of one script only, so that none stands in for another's: none that is written from right to left. */
const SCRIPTS = ["Latin", "Cyrillic", "Greek", "Han", "Hangul"].map(
  (script) => new RegExp(`^[\\p{Script=${script}}0-9$¢-¥₠-⃀._-]{1,16}$`, "u"),
);

/**
 * Whether a symbol can stand beside an amount: it passes neither for a part of the number nor for more of the sentence, and
 * mixes no scripts.
 */
export const isPlainSymbol = (symbol: string): boolean =>
  /^[^0-9._-]/.test(symbol) &&
  symbol === symbol.normalize("NFKC") &&
  Number.isNaN(Number(`1${symbol}`)) &&
  SCRIPTS.some((script) => script.test(symbol));
