/** A service at which a trace stops. */
export interface Stop {
  /** Lower-case address. */
  readonly address: string;
  /** One line of text as it was published: to be guarded wherever it is written. */
  readonly label: string;
  readonly kind: string;
  readonly source: string;
  /** As published; empty where it is not known. */
  readonly date: string;
}

/** One entry of a list of stops, before its address was looked at. */
export interface Label extends Stop {
  /** Line on which it begins; looked for only when it is asked for. */
  readonly line: number;
}

/** A text without line breaks and control characters, which have no place in a label. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, " ").trim();
