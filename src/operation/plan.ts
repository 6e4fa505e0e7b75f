import { formatUnits } from "viem";
import { Flaw, type FaultName } from "./faults.ts";
import type { Act, Asset, Case, Holding, PlannedOrder, RulingFile, Target } from "./operation.ts";
import type { TimelineEntry } from "./schema.ts";
import { formatOffset, parseAmount } from "./values.ts";

const DAY = 86_400;

/** The law's terms that a timeline is checked against, in seconds; on the chain they are rules and have the last word. */
export const TERMS = { freeze: 10 * DAY, arrest: 180 * DAY, refreeze: 40 * DAY } as const;

/** Entries of one (asset, account) that Freeze may fill. */
const MAX_FREEZES = 8;

/** Where in the timeline a fault stands: the entry's index and the keys below it. */
export type Report = (path: readonly (string | number)[], name: FaultName, reason: string) => void;

export interface PlanInput {
  timeline: readonly TimelineEntry[];
  assets: ReadonlyMap<string, Asset>;
  cases: ReadonlyMap<string, Case>;
  /** Line of a timeline entry in case.json. */
  lineOf: (index: number) => number;
  /** The ruling at a path of the folder; undefined if it is missing (which is reported elsewhere). */
  rulingAt: (path: string) => RulingFile | undefined;
  report: Report;
}

export interface Plan {
  acts: Act[];
  /** Holds that an arrest confirmed. */
  arrested: number;
  /** Holds whose end passed by the last act of the timeline, recorded or not. */
  lapsed: number;
}

/** One target's hold as the timeline moves it. */
interface Hold {
  target: Target;
  /** What is neither lifted nor seized. */
  amount: bigint;
  until: number;
  arrested: boolean;
  recorded: boolean;
  /** Seized and not yet returned. */
  taken: bigint;
}

interface Docket {
  case: Case;
  frozen: boolean;
  holds: Hold[];
  /** Deposits not yet booked, by asset. */
  deposits: Map<string, bigint>;
}

/**
 * Plays the timeline over the targets, as the contracts would if every act succeeds, and gives each act the orders that
 * it needs. Reports why an act cannot succeed and ends with that act, since what follows rests on it.
 */
export function planTimeline({ timeline, assets, cases, lineOf, rulingAt, report }: PlanInput): Plan {
  const dockets = new Map([...cases].map(([id, it]) => [id, open(it)]));
  const freezes = new Map<string, number[]>();
  const acts: Act[] = [];
  let now = 0;

  for (const [index, entry] of timeline.entries()) {
    let sound = true;
    const fault: Report = (keys, name, reason) => {
      sound = false;
      report([index, ...keys], name, reason);
    };
    if (entry.at < now) {
      fault(["at"], "TimelineOrder", `${entry.act} at ${formatOffset(entry.at)} comes after ${formatOffset(now)}`);
    }
    now = entry.at;
    const act = play(entry, fault);
    if (act !== undefined) acts.push({ at: now, line: lineOf(index), ...act });
    if (!sound) break;
  }

  const holds = [...dockets.values()].flatMap((docket) => docket.holds);
  return {
    acts,
    arrested: holds.filter((hold) => hold.arrested).length,
    lapsed: holds.filter((hold) => hasEnded(hold, now)).length,
  };

  function play(entry: TimelineEntry, fault: Report): Omitted<Act> | undefined {
    switch (entry.act) {
      case "freeze":
        return { act: "freeze", orders: select(entry.cases, fault, freeze) };
      case "arrest": {
        const except = new Set<string>(entry.except);
        if (entry.until <= now || entry.until > now + TERMS.arrest) {
          const [until, after, most] = [entry.until, now, now + TERMS.arrest].map(formatOffset);
          fault(["until"], "BadTime", `until ${until} needs to be after ${after} and at most ${most}`);
          return undefined;
        }
        const orders = select(entry.cases, fault, (docket) => arrest(docket, except, entry.until));
        for (const [i, account] of (entry.except ?? []).entries()) {
          if (!chosen(entry.cases).some((docket) => docket.holds.some((hold) => hold.target.account === account))) {
            fault(["except", i], "UnknownAccount", `the account ${account} has no hold in the cases of this arrest`);
          }
        }
        return { act: "arrest", orders, until: entry.until };
      }
      case "lapse":
        return { act: "lapse", ended: [...dockets.values()].flatMap(lapse) };
      case "lift":
      case "return": {
        const docket = named(entry.case, fault);
        const ruling = entry.ruling === undefined ? docket?.case.ruling : rulingAt(entry.ruling);
        const [key, list] = entry.act === "lift" ? ["holds", entry.holds] : ["holders", entry.holders];
        const holdings = docket && release(docket, entry.act, list, (keys, ...rest) => fault([key, ...keys], ...rest));
        if (docket === undefined || ruling === undefined || holdings === undefined) return undefined;
        return { act: entry.act, orders: [{ case: docket.case.id, ruling, holdings }] };
      }
      case "seize":
        return { act: "seize", orders: select(entry.cases, fault, seize) };
      case "deposit": {
        const docket = named(entry.case, fault);
        const amount = amountOf(entry, (_, ...rest) => fault(["amount"], ...rest));
        if (docket === undefined || amount === undefined) return undefined;
        docket.deposits.set(entry.asset, (docket.deposits.get(entry.asset) ?? 0n) + amount);
        return { act: "deposit", case: entry.case, asset: entry.asset, amount };
      }
      case "book":
        return { act: "book", deposits: select(entry.cases, fault, book).flat() };
      case "close":
        return { act: "close", cases: select(entry.cases, fault, close) };
    }
  }

  /** Applies an act to the cases that it names; "*" are those that it can apply to. */
  function select<T>(ids: "*" | string[], fault: Report, apply: (docket: Docket) => T): T[] {
    const results: T[] = [];
    const seen = new Set<string>();
    let sound = true;
    for (const [i, docket] of (ids === "*" ? [...dockets.values()] : ids.map((id) => dockets.get(id))).entries()) {
      const keys = ids === "*" ? ["cases"] : ["cases", i];
      if (docket === undefined) {
        fault(keys, "UnknownCase", `the case ${JSON.stringify(ids[i])} is not one of the operation`);
        continue;
      }
      if (seen.has(docket.case.id)) {
        fault(keys, "DuplicateCase", `the case ${docket.case.id} is named twice`);
        continue;
      }
      seen.add(docket.case.id);
      try {
        results.push(apply(docket));
      } catch (error) {
        if (!(error instanceof Flaw)) throw error;
        if (ids === "*" && error.fault === "NothingToDo") continue;
        fault(keys, error.fault, error.message);
        sound = false;
      }
    }
    if (ids === "*" && sound && results.length === 0) {
      fault(["cases"], "NothingToDo", "no case is left that this act can apply to");
    }
    return results;
  }

  function chosen(ids: "*" | string[]): Docket[] {
    return ids === "*" ? [...dockets.values()] : ids.flatMap((id) => dockets.get(id) ?? []);
  }

  function named(id: string, fault: Report): Docket | undefined {
    const docket = dockets.get(id);
    if (!docket) fault(["case"], "UnknownCase", `the case ${JSON.stringify(id)} is not one of the operation`);
    return docket;
  }

  function amountOf({ asset: symbol, amount }: { asset: string; amount: string }, fault: Report): bigint | undefined {
    const asset = assets.get(symbol);
    if (asset === undefined) {
      fault([], "UnknownAsset", `the asset ${JSON.stringify(symbol)} is not one of ${[...assets.keys()].join(", ")}`);
      return undefined;
    }
    try {
      return parseAmount(amount, asset.decimals);
    } catch (error) {
      if (!(error instanceof Flaw)) throw error;
      fault([], error.fault, error.message);
      return undefined;
    }
  }

  function freeze(docket: Docket): PlannedOrder {
    const { id, targets } = docket.case;
    if (docket.frozen) throw new Flaw("NothingToDo", `the case ${id} is already frozen`);
    for (const { asset, account } of targets) {
      const key = `${asset} ${account}`;
      const earlier = freezes.get(key) ?? [];
      const first = earlier[0] ?? now;
      if (first < now && now < first + TERMS.refreeze) {
        const since = formatOffset(first);
        throw new Flaw("BadTime", `${asset} of ${account} was frozen at ${since} and cannot be again for 40 days`);
      }
      if (earlier.length === MAX_FREEZES) {
        throw new Flaw("TooManyHolds", `${asset} of ${account} is frozen by ${MAX_FREEZES} cases before ${id}`);
      }
      freezes.set(key, [...earlier, now]);
    }
    docket.frozen = true;
    docket.holds = targets.map((target) => ({
      target,
      amount: target.amount,
      until: now + TERMS.freeze,
      arrested: false,
      recorded: false,
      taken: 0n,
    }));
    return order(docket, docket.holds);
  }

  function arrest(docket: Docket, except: ReadonlySet<string>, until: number): PlannedOrder {
    const { id } = docket.case;
    const live = liveHolds(docket, "arrested");
    const confirmed = live.filter((hold) => !except.has(hold.target.account));
    if (confirmed.length === 0) {
      throw new Flaw("LastTarget", `the case ${id} would lose its last target: every live hold is of an except`);
    }
    const longest = Math.max(...confirmed.map((hold) => hold.until));
    if (until < longest) {
      const end = formatOffset(longest);
      throw new Flaw("BadTime", `until ${formatOffset(until)} is before ${end}, the end of a hold of the case ${id}`);
    }
    for (const hold of confirmed) {
      hold.until = until;
      hold.arrested = true;
    }
    return order(docket, confirmed);
  }

  function lapse(docket: Docket): { case: string; holdings: Holding[] }[] {
    const ended = docket.holds.filter((hold) => hasEnded(hold, now) && !hold.recorded);
    for (const hold of ended) hold.recorded = true;
    return ended.length === 0 ? [] : [{ case: docket.case.id, holdings: ended.map(holdingOf) }];
  }

  function seize(docket: Docket): PlannedOrder {
    const holds = liveHolds(docket, "seized");
    const seized = order(docket, holds);
    for (const hold of holds) {
      hold.taken += hold.amount;
      hold.amount = 0n;
    }
    return seized;
  }

  /** Lifts held amounts or returns taken ones: whatever is named needs to be there. */
  function release(
    docket: Docket,
    act: "lift" | "return",
    list: readonly { account: string; asset: string; amount: string }[],
    fault: Report,
  ): Holding[] | undefined {
    const { id } = docket.case;
    const holdings: Holding[] = [];
    const seen = new Set<Hold>();
    for (const [i, { account, asset, amount: text }] of list.entries()) {
      const amount = amountOf({ asset, amount: text }, (_, ...rest) => fault([i], ...rest));
      if (amount === undefined) continue;
      const hold = docket.holds.find(({ target }) => target.asset === asset && target.account === account);
      if (hold === undefined) {
        fault([i], "UnknownAccount", `${account} has no hold of ${asset} in the case ${id} by then`);
        continue;
      }
      if (seen.has(hold)) {
        fault([i], "DuplicateTarget", `${asset} of ${account} is named twice`);
        continue;
      }
      seen.add(hold);
      const has = act === "return" ? hold.taken : hasEnded(hold, now) ? 0n : hold.amount;
      if (amount > has) {
        const { decimals } = assets.get(asset) as Asset;
        const left = `${formatUnits(has, decimals)} ${asset} of ${account}`;
        if (act === "lift") fault([i], "AboveHold", `${text} is more than the case ${id} holds by then: ${left}`);
        else fault([i], "AboveTaken", `${text} is more than the case ${id} took and has not returned: ${left}`);
        continue;
      }
      if (act === "lift") hold.amount -= amount;
      else hold.taken -= amount;
      holdings.push({ asset, account: hold.target.account, amount });
    }
    return holdings.length === list.length ? holdings : undefined;
  }

  function book({ case: { id }, deposits }: Docket): { case: string; asset: string; amount: bigint }[] {
    if (deposits.size === 0) throw new Flaw("NothingToDo", `the case ${id} has no deposit to book`);
    const booked = [...deposits].map(([asset, amount]) => ({ case: id, asset, amount }));
    deposits.clear();
    return booked;
  }

  function close({ case: { id }, frozen, holds }: Docket): string {
    const left = holds.find((hold) => hold.taken > 0n || isLive(hold, now));
    if (!frozen) throw new Flaw("NothingToDo", `the case ${id} was not opened`);
    if (left !== undefined) {
      const { asset, account } = left.target;
      const has = left.taken > 0n ? "has in its vault" : "still holds";
      throw new Flaw("NothingToDo", `the case ${id} ${has} ${asset} of ${account} and cannot be closed`);
    }
    return id;
  }

  function liveHolds(docket: Docket, done: string): Hold[] {
    const holds = docket.holds.filter((hold) => isLive(hold, now));
    if (holds.length === 0) {
      throw new Flaw("NothingToDo", `the case ${docket.case.id} has no live hold that could be ${done}`);
    }
    return holds;
  }
}

type Omitted<T> = T extends unknown ? Omit<T, "at" | "line"> : never;

const open = (it: Case): Docket => ({ case: it, frozen: false, holds: [], deposits: new Map() });
const isLive = (hold: Hold, now: number) => hold.amount > 0n && now <= hold.until;
const hasEnded = (hold: Hold, now: number) => hold.amount > 0n && now > hold.until;
const holdingOf = ({ target: { asset, account }, amount }: Hold): Holding => ({ asset, account, amount });
const order = ({ case: { id, ruling } }: Docket, holds: readonly Hold[]): PlannedOrder => ({
  case: id,
  ruling,
  holdings: holds.map(holdingOf),
});
