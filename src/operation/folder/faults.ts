import { EXIT, SequesterError } from "../../base/errors.ts";
import { countOf } from "../../base/words.ts";

/** The names of what an input folder or file can be refused for. */
export type FaultName =
  | "AboveSink"
  | "AmbiguousOrder"
  | "AmountTooLarge"
  | "BadAddress"
  | "BadAmount"
  | "BadCaseId"
  | "BadChecksum"
  | "BadClaims"
  | "BadDate"
  | "BadTime"
  | "BelowLeast"
  | "CaseNeverFrozen"
  | "CaseWithoutTargets"
  | "DuplicateAsset"
  | "DuplicateCase"
  | "DuplicateOfficer"
  | "DuplicateOrder"
  | "DuplicateTarget"
  | "DuplicateWallet"
  | "LastTarget"
  | "Malformed"
  | "MissingFile"
  | "MissingRuling"
  | "NotAStop"
  | "NotTraced"
  | "NothingToDo"
  | "OtherThanTraced"
  | "OutNotEmpty"
  | "PathEscape"
  | "TargetMissing"
  | "TargetNeverHeld"
  | "TimelineOrder"
  | "TooManyDecimals"
  | "TooManyTargets"
  | "TotalMismatch"
  | "UnknownAccount"
  | "UnknownAgency"
  | "UnknownAsset"
  | "UnknownCase"
  | "UnknownClaim"
  | "UnknownKey"
  | "UnknownOfficer"
  | "UnknownOrder"
  | "UnknownParameters"
  | "UnknownWallet"
  | "UnsupportedKind"
  | "UnusedByHand"
  | "ZeroAddress";

/** One reason for a refusal: what is wrong, where (the line counts from 1), and who has what and needs what. */
export interface Fault {
  name: FaultName;
  file: string;
  line?: number | undefined;
  reason: string;
}

/** Faults that a refusal tells; all of them are in `faults`. */
const MOST_SHOWN = 20;

/** Input that is refused as a whole, with every fault found, by file and line. Exit code 64; nothing was changed. */
export class InputRefusedError extends SequesterError {
  override name = "InputRefusedError";
  readonly faults: readonly Fault[];

  constructor(input: string, faults: readonly Fault[]) {
    const sorted = [...faults].sort((a, b) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0));
    const lines = sorted.map(({ name, file, line, reason }) =>
      [...(file === "" ? [] : [line === undefined ? file : `${file}:${line}`]), name, reason].join(": "),
    );
    const more = lines.length - MOST_SHOWN;
    super(`${input} is refused: ${countOf(faults.length, "fault")}.`, {
      code: EXIT.usage,
      metaMessages: more > 0 ? [...lines.slice(0, MOST_SHOWN), `and ${more} more`] : lines,
    });
    this.faults = sorted;
  }
}

/** What a parser of one value throws; whoever knows file and line makes a Fault of it. */
export class Flaw extends Error {
  readonly fault: FaultName;
  /** Where below what was read. */
  readonly keys: readonly (string | number)[];

  constructor(fault: FaultName, reason: string, keys: readonly (string | number)[] = []) {
    super(reason);
    this.fault = fault;
    this.keys = keys;
  }
}

/** Collects faults, so that one run names them all. */
export class Faults {
  readonly all: Fault[] = [];

  add(name: FaultName, file: string, line: number | undefined, reason: string): void {
    this.all.push({ name, file, line, reason });
  }

  /** The result of `read`, or undefined with the flaw that it threw put on record. */
  try<T>(file: string, line: number | undefined, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Flaw)) throw error;
      this.add(error.fault, file, line, error.message);
      return undefined;
    }
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
