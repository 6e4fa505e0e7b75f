import { INSTANT_FORM, instantOf } from "../../base/time.ts";
import { OptionsRefusedError } from "../optionsRefused.ts";

/** Unix seconds of the time that an option names. @throws OptionsRefusedError */
export function momentIn(option: string, text: string): number {
  const seconds = instantOf(text);
  if (seconds === undefined) throw new OptionsRefusedError(`${option} ${JSON.stringify(text)}`, INSTANT_FORM);
  return seconds;
}

/** A period of time, Unix seconds: it begins after the second `after` and ends with the second `until`. */
export interface Period {
  after?: number;
  until?: number;
}

/** The period that `--period` names; a date stands for its whole day. @throws OptionsRefusedError */
export function periodIn(text: string): Period {
  const [from = "", to = "", ...more] = text.split("..");
  const isDate = (it: string) => /^\d{4}-\d\d-\d\d$/.test(it);
  const at = (it: string, end: string, shift: number) => {
    const seconds = isDate(it) ? instantOf(`${it}T${end}Z`) : instantOf(it);
    if (seconds !== undefined) return isDate(it) ? seconds + shift : seconds;
    throw new OptionsRefusedError(`--period ${JSON.stringify(text)}`, '"A..B", such as 2026-01-01..2026-03-31');
  };
  if (!text.includes("..") || more.length > 0) at("", "", 0);
  return {
    ...(from !== "" && { after: at(from, "00:00:00", -1) }),
    ...(to !== "" && { until: at(to, "23:59:59", 0) }),
  };
}
