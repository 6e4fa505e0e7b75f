const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

export const OFFSET_FORM = 'an offset like "9d", "36h" or "10d1h"';

/** Seconds of an offset such as "9d", "10d1h" or "36h"; undefined for another text. */
export function offsetOf(text: string): number | undefined {
  const match = /^(?=\d)(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,5})s)?$/.exec(text);
  if (match === null) return undefined;
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

export const INSTANT_FORM = 'an ISO date and time like "2025-09-29T06:00:00Z"';

/** RFC 3339: a date, a time with seconds, a zone. */
const INSTANT = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Unix seconds of an ISO date and time with a zone; undefined for another text. */
export function instantOf(text: string): number | undefined {
  const day = INSTANT.exec(text)?.[1];
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // A day that its month has not is taken for one of the next.
  if (day === undefined || Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day)
    return undefined;
  const seconds = Date.parse(text) / 1000;
  return Number.isInteger(seconds) && seconds >= 0 ? seconds : undefined;
}

const LAST_DATE = 8_640_000_000_000;

/** UTC to the second of a Unix time; a time that no calendar reaches as a number. */
export function isoOf(time: number | bigint): string {
  if (time > LAST_DATE) return `second ${time} of Unix time`;
  return new Date(Number(time) * 1000).toISOString().replace(".000Z", "Z");
}
