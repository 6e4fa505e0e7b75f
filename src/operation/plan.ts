import type { Claim } from "../compensation/index.ts";
import type { Parameters } from "../deployment/parameters.ts";
import { Flaw, type FaultName } from "./faults.ts";
import { fundsOf } from "./funds.ts";
import type { Act, Asset, Case, Departure, Officer, Repayment, RulingFile, Wallet } from "./operation.ts";
import * as disposals from "./planDisposals.ts";
import * as holds from "./planHolds.ts";
import * as money from "./planMoney.ts";
import * as platforms from "./planPlatforms.ts";
import type { TimelineEntry } from "./timeline.ts";
import { formatOffset } from "./values.ts";
import { docketOf, open, ruleOf, rulingOf, shift, unitsOf, type Docket, type World } from "./world.ts";

/** Where in the timeline a fault stands: the entry's index and the keys below it. */
export type Report = (path: readonly (string | number)[], name: FaultName, reason: string) => void;

export interface PlanInput {
  timeline: readonly TimelineEntry[];
  parameters: Parameters;
  assets: ReadonlyMap<string, Asset>;
  cases: ReadonlyMap<string, Case>;
  wallets: ReadonlyMap<string, Wallet>;
  officers: readonly Officer[];
  /** Line of a timeline entry in case.json. */
  lineOf: (index: number) => number;
  /** The ruling at a path of the folder; undefined if it is missing (which is reported elsewhere). */
  rulingAt: (path: string) => RulingFile | undefined;
  /** The claims at a path of the folder; undefined if they are missing or wrong (which is reported elsewhere). */
  claimsAt: (path: string) => readonly Claim[] | undefined;
  report: Report;
}

export interface Plan {
  acts: Act[];
  /** Targets of which a court confirmed or placed a hold. */
  arrested: number;
  /** Targets of which a hold ended by time by the last act of the timeline, recorded or not. */
  lapsed: number;
  /** Targets that no act holds, as case, asset and account. */
  neverHeld: { case: string; line: number }[];
}

/**
 * Plays the timeline over the targets, as the contracts would if every act succeeds, and gives each act the orders that
 * it needs. Reports why an act cannot succeed and ends with that act, since what follows rests on it.
 */
export function planTimeline(input: PlanInput): Plan {
  const { timeline, parameters, assets, cases, wallets, officers, lineOf, rulingAt, claimsAt, report } = input;
  const dockets = new Map([...cases].map(([id, it]) => [id, open(it)]));
  const world: World = {
    ...{ now: 0, parameters, assets, wallets, officers, rulingAt, claimsAt, dockets },
    ...{ entries: new Map(), freezes: new Map(), balances: new Map(), licences: new Map(), parts: new Map() },
  };
  const scheduled: disposals.Schedule = new Map();
  for (const { asset, account, amount } of fundsOf(cases.values(), wallets.values(), movesOf(world, timeline))) {
    shift(world, asset, account, amount);
  }

  const acts: Act[] = [];
  for (const [index, entry] of timeline.entries()) {
    let sound = true;
    const fault: Report = (keys, name, reason) => {
      sound = false;
      report([index, ...keys], name, reason);
    };
    if (entry.at < world.now) {
      fault(
        ["at"],
        "TimelineOrder",
        `${entry.act} at ${formatOffset(entry.at)} comes after ${formatOffset(world.now)}`,
      );
    }
    world.now = entry.at;
    try {
      acts.push({ at: entry.at, line: lineOf(index), ...common(entry), ...play(entry, fault) } as Act);
    } catch (error) {
      if (!(error instanceof Flaw)) throw error;
      fault(error.keys, error.fault, error.message);
    }
    if (!sound) break;
  }

  const all = [...dockets.values()];
  for (const entry of [...world.entries.values()].flat()) if (holds.hasEnded(entry, world.now)) holds.noteLapse(entry);
  const count = (of: "arrested" | "lapsed") => all.reduce((sum, docket) => sum + docket[of].size, 0);
  const neverHeld = all.flatMap(({ case: it, held }) =>
    it.targets.flatMap(({ asset, account, line }) => (held.has(`${asset} ${account}`) ? [] : [{ case: it.id, line }])),
  );
  return { acts, arrested: count("arrested"), lapsed: count("lapsed"), neverHeld };

  /** What orders of every kind may have. Throws a Flaw: UnknownOfficer. */
  function common(entry: TimelineEntry): { by?: string[]; leaves?: Departure } {
    const by = "by" in entry ? entry.by : undefined;
    for (const [i, name] of (by ?? []).entries()) requireSeated(name, ["by", i]);
    const leaves = "leaves" in entry ? entry.leaves : undefined;
    if (leaves === undefined) return by === undefined ? {} : { by };
    requireSeated(leaves.officer, ["leaves", "officer"]);
    if (leaves.how === "dismiss") unseat(leaves.officer);
    return { ...(by && { by }), leaves: { ...leaves, ruling: rulingOf(world, leaves.ruling) } };
  }

  function requireSeated(name: string, keys: (string | number)[]): void {
    if (!world.officers.some((officer) => officer.name === name))
      throw new Flaw("UnknownOfficer", `there is no officer ${name} by then`, keys);
  }

  function unseat(gone: string): void {
    world.officers = world.officers.filter(({ name }) => name !== gone);
  }

  function play(entry: TimelineEntry, fault: Report): Partial<Act> & Pick<Act, "act"> {
    const { act } = entry;
    switch (act) {
      case "freeze": {
        const of = { except: new Set<string>(entry.except), by: entry.by };
        return { act, orders: select(entry.cases, fault, (docket) => holds.freeze(world, docket, of)) };
      }
      case "arrest":
        return planArrest(entry, fault);
      case "lapse":
        return { act, ended: [...dockets.values()].flatMap((docket) => holds.lapse(world, docket)) };
      case "lift": {
        const docket = docketOf(world, entry.case);
        const holdings = each(entry.holds, "holds", fault, distinctly(), ({ amount: text, ...of }, i) =>
          holds.lift(world, docket, { ...of, amount: unitsOf(world, of.asset, text, [i]) }, text),
        );
        return { act, orders: [{ case: entry.case, ruling: rulingOf(world, entry.ruling, docket), holdings }] };
      }
      case "return": {
        const docket = docketOf(world, entry.case);
        const holdings = each(entry.holders, "holders", fault, distinctly(), ({ amount: text, ...of }, i) => {
          const amount = unitsOf(world, of.asset, text, [i]);
          const repayment: Repayment = { ...of, taken: of.taken ?? of.asset, amount };
          return money.giveBack(world, docket, repayment, text);
        });
        return { act, orders: [{ case: entry.case, ruling: rulingOf(world, entry.ruling, docket), holdings }] };
      }
      case "seize":
        return { act, orders: select(entry.cases, fault, (docket) => holds.seize(world, docket)) };

      case "forfeit": {
        if (
          entry.amount !== undefined &&
          (entry.asset === undefined || entry.cases === "*" || entry.cases.length > 1)
        ) {
          throw new Flaw("BadAmount", "an amount needs one case and an asset", ["amount"]);
        }
        const due = select(entry.cases, fault, (docket) => disposals.forfeit(world, docket, entry)).flat();
        if (due.length > 0) disposals.schedule(world, scheduled, entry.id, due, entry.by);
        return { act, id: entry.id, disposals: due };
      }
      case "compensate":
        return planDisposal(entry, disposals.compensate(world, entry));
      case "convert":
        return planDisposal(entry, disposals.convert(world, entry));
      case "transfer":
        return planDisposal(entry, disposals.transfer(world, entry));
      case "execute": {
        const paid = each(
          entry.orders,
          "orders",
          fault,
          () => {},
          (id) => disposals.execute(world, scheduled, id, entry.proceeds),
        ).find((proceeds) => proceeds !== undefined);
        return { act, orders: entry.orders, ...(paid !== undefined && { proceeds: paid }) };
      }
      case "stay": {
        const stayed = disposals.stay(world, scheduled, entry);
        return { act, order: entry.order, until: entry.until, stayed, ruling: rulingOf(world, entry.ruling) };
      }
      case "veto":
        disposals.veto(world, scheduled, entry.order);
        return { act, order: entry.order, ruling: rulingOf(world, entry.ruling) };
      case "appeal": {
        disposals.appeal(world, scheduled, entry);
        const { order, asset, holder } = entry;
        return { act, order, asset, holder, ruling: rulingOf(world, entry.ruling) };
      }
      case "claim":
        disposals.claim(world, scheduled, entry);
        return { act, order: entry.order, claims: entry.claims };
      case "unreserve":
        disposals.unreserve(world, scheduled, entry.order);
        return { act, order: entry.order };

      case "license": {
        const wallet = platforms.license(world, entry);
        return { act, wallet, until: entry.until, ruling: rulingOf(world, entry.ruling) };
      }
      case "suspend":
        platforms.suspend(world, entry.platform);
        return { act, platform: entry.platform, ruling: rulingOf(world, entry.ruling) };
      case "exchange-hold":
        return { act, order: platforms.exchangeHold(world, entry) };
      case "acknowledge":
        return { act, withheld: platforms.acknowledge(world, entry) };
      case "surrender":
        return { act, case: entry.case, surrendered: platforms.surrender(world, entry) };
      case "dismiss": {
        const { officer, compromised = false } = entry;
        requireSeated(officer, ["officer"]);
        unseat(officer);
        return { act, officer, compromised, ruling: rulingOf(world, entry.ruling) };
      }

      case "move": {
        const { asset, from, to, amount: text } = entry;
        const amount = unitsOf(world, asset, text);
        money.move(world, { asset, from, to, amount, text });
        return { act, asset, from, to, amount };
      }
      case "deposit": {
        const docket = docketOf(world, entry.case);
        const amount = unitsOf(world, entry.asset, entry.amount);
        docket.deposits.set(entry.asset, (docket.deposits.get(entry.asset) ?? 0n) + amount);
        return { act, case: entry.case, asset: entry.asset, amount };
      }
      case "book":
        return { act, deposits: select(entry.cases, fault, (docket) => money.book(world, docket)).flat() };
      case "open":
        return { act, cases: select(entry.cases, fault, money.requireOpened) };
      case "attempt": {
        const { order: kind, to, refused } = entry;
        const docket = docketOf(world, entry.case);
        if (kind === "transfer" && to === undefined) throw new Flaw("UnknownAccount", "a transfer needs a payee");
        const holdings = each(entry.holds, "holds", fault, distinctly(), ({ amount: text, ...of }, i) => {
          return { ...of, amount: unitsOf(world, of.asset, text, [i]) };
        });
        const order = { case: entry.case, ruling: rulingOf(world, entry.ruling, docket), holdings };
        return { act, kind, order, refused, ...(to && { to }) };
      }
    }
  }

  function planArrest(
    entry: Extract<TimelineEntry, { act: "arrest" }>,
    fault: Report,
  ): Partial<Act> & Pick<Act, "act"> {
    const { act, until } = entry;
    const except = new Set<string>(entry.except);
    const longest = ruleOf(world, "Arrest", entry.by).term;
    if (until <= world.now || until > world.now + longest) {
      const [has, after, most] = [until, world.now, world.now + longest].map(formatOffset);
      throw new Flaw("BadTime", `until ${has} needs to be after ${after} and at most ${most}`, ["until"]);
    }
    const known = chosen(entry.cases).flatMap((docket) => [...docket.held]);
    for (const [i, account] of (entry.except ?? []).entries()) {
      if (!known.some((key) => key.endsWith(` ${account}`))) {
        fault(["except", i], "UnknownAccount", `the account ${account} has no hold in the cases of this arrest`);
      }
    }
    const [parts, placed] = (["parts", "place"] as const).map((key) =>
      each(entry[key] ?? [], key, fault, distinctly(), ({ amount, ...of }, i) => {
        if (!chosen(entry.cases).some((docket) => docket.case.id === of.case)) {
          throw new Flaw("UnknownCase", `the case ${JSON.stringify(of.case)} is not one of this arrest`, [i]);
        }
        return { ...of, amount: unitsOf(world, of.asset, amount, [i]) };
      }),
    ) as [holds.OfCase[], holds.OfCase[]];
    for (const [i, { case: id, asset, account }] of parts.entries()) {
      if (!dockets.get(id)?.held.has(`${asset} ${account}`)) {
        fault(["parts", i], "UnknownAccount", `${account} has no hold of ${asset} in the case ${id} by then`);
      }
    }
    const orders = select(entry.cases, fault, (docket) =>
      holds.arrest(world, docket, { except, parts, placed, until }),
    );
    return { act, orders, until };
  }

  function planDisposal(
    { id, by }: { id: string; by?: readonly string[] | undefined },
    disposal: ReturnType<typeof disposals.convert>,
  ): Partial<Act> & Pick<Act, "act"> {
    return { act: disposal.act, id, disposals: disposals.schedule(world, scheduled, id, [disposal], by) };
  }

  /** Applies an act to the cases that it names; "*" are those that it can apply to. */
  function select<T>(ids: "*" | string[], fault: Report, apply: (docket: Docket) => T): T[] {
    if (ids !== "*") {
      return each(ids, "cases", fault, distinctCases(), (id) => {
        const docket = dockets.get(id);
        if (docket !== undefined) return apply(docket);
        throw new Flaw("UnknownCase", `the case ${JSON.stringify(id)} is not one of the operation`);
      });
    }
    let sound = true;
    const results = [...dockets.values()].flatMap((docket) => {
      try {
        return [apply(docket)];
      } catch (error) {
        if (!(error instanceof Flaw)) throw error;
        if (error.fault !== "NothingToDo") {
          fault(["cases"], error.fault, error.message);
          sound = false;
        }
        return [];
      }
    });
    if (sound && results.length === 0) {
      fault(["cases"], "NothingToDo", "no case is left that this act can apply to");
    }
    return results;
  }

  function chosen(ids: "*" | string[]): Docket[] {
    return ids === "*" ? [...dockets.values()] : ids.flatMap((id) => dockets.get(id) ?? []);
  }
}

/** The results of a list, with the fault of each item reported in its place. */
function each<T, R>(
  list: readonly T[],
  key: string,
  fault: Report,
  check: (item: T) => void,
  apply: (item: T, index: number) => R,
): R[] {
  return list.flatMap((item, i) => {
    try {
      check(item);
      return [apply(item, i)];
    } catch (error) {
      if (!(error instanceof Flaw)) throw error;
      fault([key, i], error.fault, error.message);
      return [];
    }
  });
}

/** Throws a Flaw on what was named before: DuplicateTarget. */
function distinctly() {
  const seen = new Set<string>();
  return ({ account, asset, ...more }: { account: string; asset: string; taken?: string; case?: string }) => {
    const key = [account, asset, more.taken ?? asset, more.case].join(" ");
    if (seen.has(key)) throw new Flaw("DuplicateTarget", `${asset} of ${account} is named twice`);
    seen.add(key);
  };
}

/** Throws a Flaw on what was named before: DuplicateCase. */
function distinctCases() {
  const seen = new Set<string>();
  return (id: string) => {
    if (seen.has(id)) throw new Flaw("DuplicateCase", `the case ${id} is named twice`);
    seen.add(id);
  };
}

/** The holders' own payments, those apart that are refused when their turn comes. */
function movesOf(world: World, timeline: readonly TimelineEntry[]) {
  return timeline.flatMap((entry) => {
    if (entry.act !== "move") return [];
    try {
      return [{ asset: entry.asset, to: entry.to, amount: unitsOf(world, entry.asset, entry.amount) }];
    } catch (error) {
      if (!(error instanceof Flaw)) throw error;
      return [];
    }
  });
}
