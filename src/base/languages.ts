import { countOf } from "./words.ts";

/** The languages in which orders are told. What is signed stands in none of them. */
export const LANGUAGES = ["en", "ru", "kk"] as const;
export type Language = (typeof LANGUAGES)[number];
export type InLanguages<T> = Readonly<Record<Language, T>>;
/** What a jurisdiction says itself, in one language at least. */
export type Texts = Partial<InLanguages<string>>;

/** A text in a language, or in the first that there is. */
export const textIn = (texts: Texts, language: Language): string | undefined =>
  [language, ...LANGUAGES].map((one) => texts[one]).find((text) => text !== undefined);

/** Beside numbers Kazakh is written here, digit by digit: a program's own Kazakh may be English by another name. */
const DIGITS: InLanguages<{ group: string; point: string }> = {
  en: { group: ",", point: "." },
  ru: { group: "\u00a0", point: "," },
  kk: { group: "\u00a0", point: "," },
};

/**
 * A number of digits and a decimal point, as it is written in a language: 1,234.5, else with blanks that break no line. With a
 * decimal comma it never has three decimals: 1,234 is a thousand times as much in English.
 */
export function numberIn(decimal: string, language: Language): string {
  const { group, point } = DIGITS[language];
  const [whole = "", fraction] = decimal.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  if (fraction === undefined) return grouped;
  return grouped + point + (point === "," && fraction.length === 3 ? `${fraction}0` : fraction);
}

/** A noun that is counted: in Russian as after 1, after 2 and after 5; Kazakh has no plural after a number. */
export interface Noun {
  en: string;
  ru: readonly [one: string, few: string, many: string];
  kk: string;
}

/** A whole number with its noun. */
export function countIn(n: number | bigint | string, noun: Noun, language: Language): string {
  if (language === "en") return countOf(n, noun.en);
  return `${n} ${language === "kk" ? noun.kk : noun.ru[russianForm(BigInt(n))]}`;
}

function russianForm(n: bigint): 0 | 1 | 2 {
  const [last, teen] = [n % 10n, n % 100n > 10n && n % 100n < 20n];
  if (teen || last === 0n || last > 4n) return 2;
  return last === 1n ? 0 : 1;
}

const UNITS: readonly (readonly [Noun, seconds: number])[] = [
  [{ en: "day", ru: ["день", "дня", "дней"], kk: "күн" }, 86_400],
  [{ en: "hour", ru: ["час", "часа", "часов"], kk: "сағат" }, 3_600],
  [{ en: "minute", ru: ["минута", "минуты", "минут"], kk: "минут" }, 60],
  [{ en: "second", ru: ["секунда", "секунды", "секунд"], kk: "секунд" }, 1],
];

/** A time span in its largest units. */
export function durationIn(seconds: number, language: Language): string {
  let rest = seconds;
  const parts = UNITS.flatMap(([unit, length]) => {
    const n = Math.floor(rest / length);
    rest -= n * length;
    return n > 0 ? [countIn(n, unit, language)] : [];
  });
  return parts.join(" ") || countIn(0, UNITS.at(-1)![0], language);
}

/** A date as it is written in a language, of the digits of year, month and day. */
const DATES: InLanguages<(year: string, month: string, day: string) => string> = {
  en: (year, month, day) => `${year}-${month}-${day}`,
  ru: (year, month, day) => `${day}.${month}.${year}`,
  kk: (year, month, day) => `${day}.${month}.${year}`,
};

/** The text of a UTC time (`isoOf`) as dates are written in a language; any other text as it is. */
export function timeIn(iso: string, language: Language): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(.*)Z$/.exec(iso);
  if (match === null) return iso;
  const [, year, month, day, clock] = match;
  return `${DATES[language](year!, month!, day!)} ${clock!} UTC`;
}

const PLACES: InLanguages<(clock: string, zone: string, offset: string) => string> = {
  en: (clock, zone, offset) => `${clock} in ${cityOf(zone)}, ${offset}`,
  ru: (clock, zone, offset) => `${clock}, ${offset}, ${zone}`,
  kk: (clock, zone, offset) => `${clock}, ${offset}, ${zone}`,
};

/** The name by which the zone is known, which is none of a language. */
const cityOf = (zone: string): string => zone.split("/").at(-1)!.replaceAll("_", " ");

/**
 * The clock of a zone (of the time zone database) at a second of Unix time, with its offset, and with its date where that is
 * not the one of UTC: `08:04:05 in Almaty, UTC+5`. Undefined for a time that no calendar reaches.
 */
export function clockIn(time: number | bigint, zone: string, language: Language): string | undefined {
  const date = new Date(Number(time) * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  // Only digits and the offset are taken, which are the same in every language.
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "shortOffset",
  });
  const parts = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second, timeZoneName } = parts as Record<string, string>;
  const isOtherDay = `${year}-${month}-${day}` !== date.toISOString().slice(0, 10);
  const clock = `${hour}:${minute}:${second}`;
  return PLACES[language](
    isOtherDay ? `${DATES[language](year!, month!, day!)} ${clock}` : clock,
    zone,
    timeZoneName!.replace("GMT", "UTC"),
  );
}

/** Whether the time zone database knows a zone by this name, `Area/City` or UTC. */
export function isTimeZone(zone: string): boolean {
  if (!/^(?:UTC|[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z_-]+)+)$/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
