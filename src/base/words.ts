/**
 * A text of others within a line of one's own: no character of it ends the line, moves a cursor, stays unseen or turns text
 * around, each is shown by its number instead.
 */
export const oneLine = (text: string): string =>
  text.replace(
    /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );

/** A word of a command that somebody copies into a shell: what others named is one word there, and does nothing. */
export const shellWord = (text: string): string =>
  /^[\w./:=@%+-]+$/.test(text) ? text : `'${oneLine(text).replaceAll("'", String.raw`'\''`)}'`;

/** `freeze` for Freeze, `exchange-hold` for ExchangeHold. */
export const kebab = (name: string): string => name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

/** A number with its noun, in the plural unless it is one. */
export const countOf = (n: number | bigint | string, noun: string): string =>
  `${n} ${String(n) === "1" ? noun : pluralOf(noun)}`;

function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}
