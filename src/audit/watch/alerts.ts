// What needs a person: found in an entry, in the state at a block, or where the chain's views differ.
import { zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { isoOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import type { DeploymentMismatchError } from "../../chain/deployments.ts";
import type { SequesterError } from "../../base/errors.ts";
import { decodeEffects, wordOf, type Effect, type WhatName } from "../../journal/effects.ts";
import type { Entry } from "../../journal/entries.ts";
import { isLive } from "../../journal/holds.ts";
import type { Powers } from "../../journal/powers.ts";
import type { DelayedState, JournalState } from "../../journal/replay.ts";
import { decodeName } from "../../orders/caseId.ts";
import { CHANGES } from "../charter.ts";
import { BY_THE_ASSET, gapLine, type Gap } from "../gaps.ts";
import { actNamed, agencyOf, type Units } from "../tables.ts";

/**
 * What an alert is about:
 * - `hold`: holds end soon
 * - `disposal`: one was scheduled; `appeal`: somebody appeals against it; `objection`: it was stayed or vetoed
 * - `change`: of officers, rules, treasuries or licences, scheduled or done
 * - `issuer`: an asset freezes less of an account than the docket holds
 * - `difference`: another one that nothing explains
 * - `code`: the node has other contracts than the deployment's file
 * - `journal`: it is broken, or contradicts itself
 */
export type AlertKind =
  "hold" | "disposal" | "appeal" | "objection" | "change" | "issuer" | "difference" | "code" | "journal";

/** Something that needs a person. */
export interface Alert {
  /** The same for the same thing, whoever finds it and in whichever block. */
  readonly id: string;
  readonly kind: AlertKind;
  /** One line for people. */
  readonly says: string;
  readonly case?: string;
  readonly asset?: Address;
  readonly accounts?: readonly Address[];
  /** Number of an entry of the journal. */
  readonly entry?: string;
  readonly order?: Hex;
  readonly document?: Hex;
  /** UTC: the last second of a hold, or of the time in which an order may be executed. */
  readonly until?: string;
}

const DAY = 86_400;
/** Days before the last second of a hold. */
const AHEAD = [30, 15, 5, 1];

/**
 * Holds that end soon at a second of Unix time, by the least of `AHEAD` that is left, those of a case in an asset with the same last
 * second together. A hold that was placed for less than so many days is none that comes near its end.
 */
export function endingSoon({ accounts, cases }: JournalState, at: number, units: Units): Alert[] {
  const names = new Map([...cases.values()].map(({ number, caseId }) => [number, decodeName(caseId)]));
  const near = [...accounts.values()].flatMap(({ asset, account, holds }) =>
    holds.flatMap((hold) => {
      const { caseNumber, amount, since, until } = hold;
      const days = AHEAD.findLast((it) => until - at <= it * DAY && until - since > it * DAY);
      if (days === undefined || !isLive(hold, at)) return [];
      return [{ caseId: names.get(caseNumber)!, asset, account, amount, until, days }];
    }),
  );
  const together = Map.groupBy(near, ({ caseId, asset, until, days }) => `hold/${caseId}/${asset}/${until}/${days}d`);
  return [...together].map(([id, holds]): Alert => {
    const { caseId, asset, until, days } = holds[0]!;
    const amount = holds.reduce((sum, hold) => sum + hold.amount, 0n);
    const what = `${countOf(holds.length, "hold")} of ${units(asset, amount)} ${units.symbol(asset)}`;
    return {
      id,
      kind: "hold",
      says: `${caseId}: ${what}: ${countOf(days, "day")} or less left, last second ${isoOf(until)}`,
      case: caseId,
      asset,
      accounts: holds.map(({ account }) => account),
      until: isoOf(until),
    };
  });
}

/** What an entry tells that needs a person; `state` and `powers` are those after it. */
export function toldBy(entry: Entry, state: JournalState, powers: () => Powers, units: Units): Alert[] {
  // The charter is what all the others change.
  if (entry.seq === 1n) return [];
  const effects = decodeEffects(entry.effects);
  const found = FOUND.find(([, isIt]) => effects.some(isIt));
  if (found === undefined) return [];
  const [kind] = found;
  const { seq, act, head, document, officerIds } = entry;
  const caseId = entry.caseId === zeroHash ? undefined : decodeName(entry.caseId);
  const order = orderOf(entry, effects);
  const delayed = order && state.delayed.get(order);
  const agencies = [...new Set(officerIds.map((id) => agencyOf(powers(), powers().officers.get(id)?.agency)))];
  const what = [...new Set(effects.flatMap((it) => TELLING.get(it.what) ?? []))];
  const says = [
    `${caseId === undefined ? "" : `${caseId}: `}entry ${seq}, ${actNamed(act)}: ${what.join(", ")}`,
    ...effects.filter((it) => it.what === "appealed").map(({ account }) => `by the holder ${account}`),
    ...(agencies.length > 0 ? [`by ${agencies.join(" + ")}`] : []),
    ...(delayed === undefined ? [] : orderWords(delayed, kind, units)),
    `on the document ${document}`,
  ];
  return [
    {
      id: `${kind}/${seq}/${head}`,
      kind,
      says: says.join(", "),
      ...(caseId !== undefined && { case: caseId }),
      entry: String(seq),
      ...(order && { order }),
      document,
      ...(delayed && { until: isoOf(delayed.deadline) }),
    },
  ];
}

/** The same, of an order that waits for its execution at a second of Unix time: for who begins to watch. */
export function stillWaiting(entry: Entry, { delayed }: JournalState, at: number): boolean {
  const order = orderOf(entry, decodeEffects(entry.effects));
  const found = order && delayed.get(order);
  return found?.state === "waits" && at <= found.deadline;
}

const FOUND: readonly (readonly [AlertKind, (effect: Effect) => boolean])[] = [
  ["disposal", ({ what }) => what === "proposed"],
  ["appeal", ({ what }) => what === "appealed"],
  ["objection", ({ what }) => what === "stayed" || what === "vetoed"],
  ["change", ({ what }) => what === "scheduled" || CHANGES.has(what)],
];

const TELLING: ReadonlyMap<WhatName, string> = new Map([
  ...CHANGES,
  ...(["scheduled", "proposed", "appealed", "stayed", "vetoed"] as const).map((it) => [it, it] as const),
]);

/** The digest of the delayed order that an entry schedules, stays, vetoes or appeals against. */
function orderOf(entry: Entry, effects: readonly Effect[]): Hex | undefined {
  const against = effects.find(({ what }) => what === "appealed" || what === "stayed" || what === "vetoed");
  if (against !== undefined) return wordOf(against.amount);
  return entry.order === zeroHash ? undefined : entry.order;
}

function orderWords({ digest, act, state, start, deadline, proposed }: DelayedState, kind: AlertKind, units: Units) {
  const payee = proposed?.account === zeroAddress ? "claimants" : proposed?.account;
  return [
    ...(kind === "appeal" || kind === "objection" ? [`against the ${actNamed(act)}`] : []),
    ...(proposed ? [`${units(proposed.asset, proposed.amount)} ${units.symbol(proposed.asset)} to ${payee}`] : []),
    ...(state === "waits" ? [`may be executed from ${isoOf(start)} to ${isoOf(deadline)}`] : []),
    `order ${digest}`,
  ];
}

/** What nothing explains. A difference of another size is another alert. */
export function unexplained(gaps: readonly Gap[], units: Units): Alert[] {
  return gaps.map((gap) => {
    const { what, caseId, asset, account, has, needs } = gap;
    const kind = what === BY_THE_ASSET && has < needs ? "issuer" : "difference";
    return {
      id: [kind, what, caseId, asset, account, has - needs].filter((part) => part !== undefined).join("/"),
      kind,
      says: gapLine(gap, (it) => units.symbol(it)),
      ...(caseId !== undefined && { case: decodeName(caseId) }),
      asset,
      ...(account !== undefined && { accounts: [account] }),
    };
  });
}

/** Every contract that is not the deployment's. */
export const otherContracts = ({ metaMessages }: DeploymentMismatchError): Alert[] =>
  metaMessages.map((line) => ({ id: `code/${line}`, kind: "code", says: line }));

/** A journal that is not what the docket committed to, after all was asked again. */
export const brokenJournal = ({ name, shortMessage, metaMessages }: SequesterError): Alert => ({
  id: `journal/${name}/${shortMessage}`,
  kind: "journal",
  says: `${shortMessage} ${metaMessages.join(", ")}`,
});
