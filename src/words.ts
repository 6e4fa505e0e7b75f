/** A number with its noun, in the plural unless it is one. */
export const countOf = (n: number | bigint | string, noun: string): string =>
  `${n} ${String(n) === "1" ? noun : pluralOf(noun)}`;

function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}
