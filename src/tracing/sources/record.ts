const [LINE_FEED, CARRIAGE_RETURN, QUOTE, COMMA] = [10, 13, 34, 44];

/** Fields of a row at most. */
const MOST_FIELDS = 1024;

/** The end of `read` where the row goes on after the bytes, and where it cannot be a row. */
export const GOES_ON = -1;
export const BROKEN = -2;

/**
 * One row of a CSV file (RFC 4180), as places in the bytes. A row of millions is split by hand, since making a text of each
 * field would cost more than all that is done with them. Two quotes in a quoted field are left as they are: no field that
 * is read has any.
 */
export class CsvRecord {
  bytes: Buffer = Buffer.alloc(0);
  readonly starts = new Int32Array(MOST_FIELDS);
  readonly ends = new Int32Array(MOST_FIELDS);
  count = 0;
  /** Lines that the row takes, more than one where a quoted field has a line break. */
  lines = 0;

  get isBlank(): boolean {
    return this.count === 1 && this.starts[0] === this.ends[0];
  }

  /** The texts of all fields. */
  texts(): string[] {
    return Array.from({ length: this.count }, (_, i) => this.bytes.toString("utf8", this.starts[i], this.ends[i]));
  }

  text(field: number): string {
    return this.bytes.toString("utf8", this.starts[field], this.ends[field]);
  }

  /** Reads the row that begins at `start`. @returns where the next one begins, GOES_ON or BROKEN. */
  read(bytes: Buffer, start: number, end: number, isLast: boolean): number {
    this.bytes = bytes;
    this.count = 0;
    this.lines = 1;
    let begin = start;
    for (let at = start; at < end; at++) {
      const code = bytes[at];
      if (code === QUOTE && at === begin) {
        const close = this.#closing(bytes, at + 1, end, isLast);
        if (close < 0) return close;
        let after = close + 1;
        if (bytes[after] === CARRIAGE_RETURN && after < end) after += 1;
        if (after >= end) {
          if (!isLast) return GOES_ON;
          return this.#field(at + 1, close) ? end : BROKEN;
        }
        if (!this.#field(at + 1, close)) return BROKEN;
        if (bytes[after] === LINE_FEED) return after + 1;
        if (bytes[after] !== COMMA || after !== close + 1) return BROKEN;
        at = after;
        begin = after + 1;
        // After the last comma stands one more field, an empty one, where nothing follows.
      } else if (code === COMMA) {
        if (!this.#field(begin, at)) return BROKEN;
        begin = at + 1;
      } else if (code === LINE_FEED) {
        return this.#field(begin, lineEnd(bytes, begin, at)) ? at + 1 : BROKEN;
      }
    }
    if (!isLast) return GOES_ON;
    return this.#field(begin, lineEnd(bytes, begin, end)) ? end : BROKEN;
  }

  #field(start: number, end: number): boolean {
    if (this.count === MOST_FIELDS) return false;
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
    return true;
  }

  /** Where the quoted field that begins at `at` ends. */
  #closing(bytes: Buffer, at: number, end: number, isLast: boolean): number {
    for (; at < end; at++) {
      if (bytes[at] === LINE_FEED) this.lines += 1;
      if (bytes[at] !== QUOTE) continue;
      if (at + 1 === end && !isLast) return GOES_ON;
      if (at + 1 === end || bytes[at + 1] !== QUOTE) return at;
      at += 1;
    }
    return isLast ? BROKEN : GOES_ON;
  }
}

const lineEnd = (bytes: Buffer, begin: number, end: number): number =>
  end > begin && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
