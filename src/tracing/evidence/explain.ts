import { formatUnits } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import type { Method } from "../methods.ts";
import { ZERO_ADDRESS } from "../transfers/row.ts";
import type { Evidence, LedgerLine } from "./read.ts";
import { countOf } from "../../base/words.ts";

/** The evidence says nothing of the account. Exit code 64. */
export class AccountNotTouchedError extends SequesterError {
  override name = "AccountNotTouchedError";
  constructor(account: string, has: string) {
    super(`There is nothing to explain of ${account}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, "needs: an account that traced money reached"],
    });
  }
}

/** One transfer on the way to the account. */
export interface Step {
  readonly block: number;
  readonly logIndex: number;
  /** ISO, empty where it is not known. */
  readonly time: string;
  /** Empty where it is not known. */
  readonly transaction: string;
  readonly from: string;
  readonly to: string;
  /** Base units that moved, and how many of them are traced money. */
  readonly amount: bigint;
  readonly taint: bigint;
  readonly rule: string;
}

/** How traced money came to an account. Amounts are base units. */
export interface Explanation {
  readonly account: string;
  readonly method: Method;
  readonly label: string;
  readonly balance: bigint | null;
  /** What it has of the traced money, or took as a service. */
  readonly taint: bigint;
  /** All transfers through which its money came from the seeds, in order. */
  readonly steps: readonly Step[];
}

/**
 * Follows an account's money back to the stolen transfers, through the ledgers: of each account on the way, what came in
 * before it sent on. @throws AccountNotTouchedError, MethodNotTracedError, FileAccessError, EvidenceAlteredError
 */
export function explain(evidence: Evidence, account: string, method: Method): Explanation {
  evidence.needMethod(method);
  if (!evidence.hasLedger(account)) {
    const hasAny = Object.keys(evidence.manifest.files).some((file) => file.startsWith("ledger/"));
    throw new AccountNotTouchedError(account, hasAny ? "no traced money, by any method" : "evidence without ledgers");
  }
  const stop = evidence.manifest.stops.find(({ address }) => address === account);
  const steps = stepsTo(evidence, account, method);
  const last = evidence.ledger(account, method).at(-1);
  const holding = evidence.holdings().find((it) => it.account === account);
  const took = evidence.sinks().find((it) => it.account === account);
  return {
    account,
    method,
    label: stop?.label ?? "",
    balance: stop === undefined ? (holding?.balance ?? last?.balance ?? null) : null,
    taint: (stop === undefined ? holding : took)?.taints.get(method) ?? 0n,
    steps,
  };
}

/** A moment in the history: everything before it counts. */
interface Place {
  readonly block: number;
  readonly logIndex: number;
}

const isBefore = (a: Place, b: Place) => a.block < b.block || (a.block === b.block && a.logIndex < b.logIndex);

function stepsTo(evidence: Evidence, account: string, method: Method): Step[] {
  const steps = new Map<string, Step>();
  const ledgers = new Map<string, readonly LedgerLine[]>();
  const incoming = (of: string): readonly LedgerLine[] => {
    const known = ledgers.get(of);
    if (known !== undefined) return known;
    const lines = evidence.hasLedger(of) ? evidence.ledger(of, method) : [];
    const came = lines.filter(({ direction, moved }) => direction === "in" && moved > 0n);
    ledgers.set(of, came);
    return came;
  };
  const END: Place = { block: Infinity, logIndex: 0 };
  // Of each account the latest moment that was looked at: earlier ones have nothing new.
  const seen = new Map<string, Place>();
  const open: [string, Place][] = [[account, END]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [of, until] = next;
    const known = seen.get(of);
    if (known !== undefined && !isBefore(known, until)) continue;
    seen.set(of, until);
    for (const line of incoming(of)) {
      const place = { block: line.block!, logIndex: line.logIndex! };
      if (!isBefore(place, until)) break;
      const key = `${place.block}/${place.logIndex}`;
      if (steps.has(key)) continue;
      steps.set(key, {
        ...place,
        time: line.time,
        transaction: line.transaction,
        from: line.counterparty,
        to: of,
        amount: line.amount,
        taint: line.moved,
        rule: line.rule,
      });
      open.push([line.counterparty, place]);
    }
  }
  return [...steps.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1));
}

/** Steps that are told in words; the data have all. */
const MOST_TOLD = 100;

/** The explanation in words. */
export function explanationForReaders(evidence: Evidence, explanation: Explanation): string {
  const { account, method, label, balance, taint, steps } = explanation;
  const { decimals, evidence: at, seeds, place } = evidence.manifest;
  const amount = (units: bigint) =>
    `${grouped(formatUnits(units, decimals ?? 0))}${decimals === null ? " base units" : ""}`;
  const seeded = new Set(seeds.map(({ block, logIndex }) => `${block}/${logIndex}`));
  const isSeed = ({ block, logIndex }: Step) => seeded.has(`${block}/${logIndex}`);
  const stolen = steps.filter(isSeed);
  const head =
    balance === null
      ? `${account} (${oneLine(label)}) is a service: ${amount(taint)} of the traced money reached it and stays in its sink.`
      : `${account} has ${amount(balance)} at block ${at.block}; by ${method}, ${amount(taint)} of it is traced money.`;
  const lines = steps.map((step, i) => {
    const { block, logIndex, time, transaction, from, to, amount: moved, taint: part } = step;
    const when = `block ${block}, ${place} ${logIndex}${time === "" ? "" : `, ${time}`}${transaction === "" ? "" : `, ${transaction}`}`;
    const whole = part === moved ? "all of it" : `${amount(part)} of it`;
    const sender = from === ZERO_ADDRESS ? "The issuer made" : `${from} sent`;
    const words = isSeed(step) ? `${whole} is stolen money` : `${whole} traced money by ${method}`;
    return `${String(i + 1).padStart(4)}. ${sender} ${amount(moved)} to ${to}: ${words}.\n      ${when}`;
  });
  const more =
    lines.length > MOST_TOLD ? [`      and ${countOf(lines.length - MOST_TOLD, "transfer")} more: --json has all`] : [];
  if (steps.length === 0) return `${head}\nNone ever reached it by ${method}.\n`;
  return [
    head,
    `It came from ${countOf(stolen.length, "stolen transfer")}, through ${countOf(steps.length, "transfer")} in all:`,
    "",
    ...lines.slice(0, MOST_TOLD),
    ...more,
    "",
  ].join("\n");
}

const grouped = (decimal: string): string => {
  const [whole = "", fraction] = decimal.split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction === undefined ? "" : `.${fraction}`);
};

// eslint-disable-next-line no-control-regex
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ");
