/** What a transfer is part of. Nothing of it is written to a file: it is for those who test a trace. */
export const PATTERNS = [
  "mint",
  "burn",
  "payment",
  /** A payment of all that the account has. */
  "sweep",
  /** To a service, and from it. */
  "deposit",
  "withdrawal",
  "self",
  /** Next to nothing, sent to many. */
  "dust",
  /** Of no value, or of next to none, with an account that looks like one that the victim knows. */
  "poison",
  /** What is stolen: a seed of the trace. */
  "theft",
  /** There and back again. */
  "bounce",
  "fan-out",
  "merge",
  /** A part is left and the rest goes on. */
  "peel",
  /** The last transfer of stolen money, to the account where it ends. */
  "ending",
] as const;
export type Pattern = (typeof PATTERNS)[number];

/** A transfer between accounts by number, in base units. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly value: bigint;
  readonly pattern: Pattern;
}
