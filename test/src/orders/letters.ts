import type { Language } from "../../../src/base/languages.ts";

const LETTERS = { ru: /^[а-яё]+$/i, kk: /^[а-яёәғқңөұүһі]+$/i } as const;

/** What stays in Latin letters in every language: hashes, times, quoted ids, symbols and names of agencies of tests. */
const UNTRANSLATED =
  /0x[0-9a-fA-F]+|"(?:[^"\\]|\\.)*"|[+\d]\d*-\d\d-\d\dT[\d:]+Z|\b(?:KZTE|USDX|COURT|FMA|GPO|KNB|NBK|MOF|AFSA)\b/g;

/** Words that are not of the letters of a language, a letter of another alphabet that looks the same among them. */
export const foreignIn = (text: string, language: Exclude<Language, "en">): string[] =>
  (text.replace(UNTRANSLATED, " ").match(/\p{L}+/gu) ?? []).filter((word) => !LETTERS[language].test(word));
