import type { Address, Hex } from "viem";
import { powersOf } from "../../journal/powers.ts";
import { ledgerIn } from "../../journal/ledger.ts";
import { replay } from "../../journal/replay.ts";
import { decodeName } from "../../orders/caseId.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { countOf } from "../../base/words.ts";
import { LIMITS } from "../limits.ts";
import { movementOf, type Movement } from "../movement.ts";
import type { Pack } from "../pack.ts";
import { ageingOf, type AgedHold } from "./ageing.ts";
import { answersOf, type Answer } from "./answers.ts";
import { seriesOf, type Series } from "./series.ts";
import { seatedAt, type Seated } from "./silence.ts";
import { timelineOf, type Step } from "./timeline.ts";
import { totalsOf, type Totals } from "./totals.ts";

/** The journal knows no such case at the block. Exit code 64. */
export class NoSuchCaseError extends SequesterError {
  override name = "NoSuchCaseError";
  constructor(caseId: Hex, entries: number) {
    super(`The journal has no case ${decodeName(caseId)}.`, {
      code: EXIT.usage,
      metaMessages: [
        `has: the cases of ${countOf(entries, "entry")}`,
        "needs: the id of one of them, as it was ordered",
      ],
    });
  }
}

/** The period begins after it ends, or ends after the block. Exit code 64. */
export class PeriodError extends SequesterError {
  override name = "PeriodError";
  constructor(has: string, needs: string) {
    super("The period cannot be reported.", { code: EXIT.usage, metaMessages: [`has: ${has}`, `needs: ${needs}`] });
  }
}

/** What is asked for: a case, or the seconds after `after` up to `until` (Unix time; those of the block unless told). */
export type Subject =
  | { readonly caseId: Hex }
  | { readonly caseId?: undefined; readonly after?: number | undefined; readonly until?: number | undefined };

/** Where it was drawn up from, by which version. */
export interface Origin {
  readonly version: string;
  /** The node's host, or the pack. */
  readonly source: string;
}

/** The custody of one asset in one case over the period, in base units. */
export interface CaseMovement extends Movement {
  readonly caseId: Hex;
  readonly asset: Address;
  /** What its vault has, proven; told where the period ends with the block. */
  readonly balance?: bigint;
  /** What the vault has beyond custody, booked or not, or lacks. */
  readonly beyond?: bigint;
}

/** All that a report tells, in no language. Times are Unix seconds, amounts base units. */
export interface Report {
  readonly schema: "sequester.audit.report/1";
  readonly origin: Origin;
  readonly chainId: number;
  readonly docket: Address;
  readonly block: { readonly number: bigint; readonly hash: Hex; readonly timestamp: bigint };
  readonly entries: number;
  /** The case that it is about; otherwise it is about all of them. */
  readonly caseId?: Hex;
  readonly after: number;
  readonly until: number;
  readonly movements: readonly CaseMovement[];
  readonly custody: readonly Series[];
  readonly holds: readonly AgedHold[];
  /** Of a case. */
  readonly timeline?: readonly Step[];
  /** Of a period. */
  readonly totals?: readonly Totals[];
  readonly officers?: readonly Seated[];
  readonly answers?: readonly Answer[];
  readonly proves: readonly string[];
  readonly provesNot: readonly string[];
}

/** Draws up a report of what a pack proves. @throws NoSuchCaseError, PeriodError */
export function reportOf({ evidence, shown, custody }: Pack, subject: Subject, origin: Origin): Report {
  const { deployment } = evidence;
  const { number, hash, timestamp } = shown.header;
  const end = Number(timestamp);
  const first = Number(evidence.entries[0]?.timestamp ?? timestamp) - 1;
  const { after = first, until = end } = "caseId" in subject ? {} : subject;
  if (until > end) throw new PeriodError(`an end in second ${until}`, `one up to ${end}, the second of the block`);
  if (after >= until) throw new PeriodError(`seconds after ${after}, up to ${until}`, "a beginning before the end");
  const caseId = "caseId" in subject ? subject.caseId : undefined;
  if (caseId !== undefined && !shown.state.cases.has(caseId)) {
    throw new NoSuchCaseError(caseId, evidence.entries.length);
  }
  const entries = evidence.entries.filter((entry) => Number(entry.timestamp) <= until);
  const state = replay(entries);
  const powers = powersOf(entries);
  const isAsked = (of: { caseId: Hex }) => caseId === undefined || of.caseId === caseId;

  const before = replay(entries.filter((entry) => Number(entry.timestamp) <= after));
  const proven = until < end ? [] : custody.filter(isAsked);
  const told = [...state.cases.values()]
    .filter(isAsked)
    .flatMap(({ caseId, ledgers }) => [...ledgers.keys()].map((asset) => ({ caseId, asset })));
  // A vault may have what no entry tells of.
  const rows = new Map([...told, ...proven].map(({ caseId, asset }) => [`${caseId} ${asset}`, { caseId, asset }]));
  const movements = [...rows.values()].map(({ caseId, asset }): CaseMovement => {
    const [was, is] = [before, state].map(({ cases }) => cases.get(caseId)?.ledgers.get(asset));
    const movement = movementOf(was, is ?? ledgerIn(new Map(), asset));
    const balance = proven.find((row) => row.caseId === caseId && row.asset === asset)?.balance;
    return {
      caseId,
      asset,
      ...movement,
      ...(balance !== undefined && { balance, beyond: balance - movement.closing }),
    };
  });
  return {
    schema: "sequester.audit.report/1",
    origin,
    chainId: deployment.chainId,
    docket: deployment.addresses.docket,
    block: { number, hash, timestamp },
    entries: entries.length,
    ...(caseId && { caseId }),
    after,
    until,
    movements,
    custody: seriesOf(entries, { after, until, ...(caseId && { caseId }) }),
    holds: ageingOf(entries, state, until).filter(isAsked),
    ...(caseId && { timeline: timelineOf(entries, caseId, powers) }),
    ...(caseId === undefined && {
      totals: totalsOf(state, until),
      officers: seatedAt(powers, until),
      answers: answersOf(entries).filter(({ asked, answered }) => asked > after || (answered ?? until + 1) > after),
    }),
    ...LIMITS.en,
  };
}
