import type { Address } from "viem";
import { InvalidPoolError, shareOut, type Share } from "../compensation/index.ts";
import { Flaw } from "./faults.ts";
import { DISPOSALS, type Disposal } from "./operation.ts";
import { requireLeft, requireOwn, requirePaid, requireRipe, useLimit } from "./planMoney.ts";
import { requireLicensed } from "./planPlatforms.ts";
import type { TimelineEntry } from "./timeline.ts";
import { formatOffset } from "./values.ts";
import {
  assetIn,
  custodyOf,
  docketOf,
  leftOf,
  owedTo,
  ruleOf,
  rulingOf,
  shift,
  TERMS,
  unitsOf,
  walletIn,
  type Custody,
  type Docket,
  type World,
} from "./world.ts";

type EntryOf<Name extends TimelineEntry["act"]> = Extract<TimelineEntry, { act: Name }>;

/** An order that waits for its execution, or did; one of several cases and assets under one name. */
export interface Scheduled {
  disposals: Disposal[];
  /** Seconds since the start, before any appeal. */
  start: number;
  deadline: number;
  delay: number;
  state: "waits" | "executed" | "vetoed";
  /** Those whose delay an appeal made longer. */
  extended: Set<Disposal>;
  /** Days that each agency stayed it; holders that appealed. */
  stays: Map<string, number>;
  appeals: Set<Address>;
  /** Of an executed compensation: the last second of its claims, who was not paid, what is reserved, what of it are proceeds. */
  claims?: { until: number; unpaid: Map<string, Share>; rest: bigint; proceeds: bigint };
}

/** The scheduled orders of a timeline, by the names that it gives them. */
export type Schedule = Map<string, Scheduled>;

const DAY = 86_400;

/** Puts disposals under a name. Throws a Flaw: DuplicateOrder. */
export function schedule(
  world: World,
  scheduled: Schedule,
  id: string,
  disposals: Disposal[],
  by?: readonly string[],
): Disposal[] {
  const { now } = world;
  if (scheduled.has(id)) throw new Flaw("DuplicateOrder", `there is an order ${id} already`, ["id"]);
  const { delay, grace } = ruleOf(world, DISPOSALS[disposals[0]!.act], by);
  const start = now + delay;
  const times = { start, deadline: start + grace, delay, state: "waits" } as const;
  const extended = new Set(
    disposals.filter((of) => now < (custodyIn(world, of).appealedAt ?? -Infinity) + TERMS.appeal),
  );
  scheduled.set(id, { disposals, ...times, extended, stays: new Map(), appeals: new Set() });
  return disposals;
}

const custodyIn = (world: World, { case: id, asset }: Disposal) => custodyOf(docketOf(world, id), asset);

/** First second in which all of it can be executed. */
const startOf = ({ start, extended }: Scheduled): number => start + (extended.size > 0 ? TERMS.appeal : 0);

/** Last second in which all of it can be executed. */
const deadlineOf = ({ deadline, extended, disposals }: Scheduled): number =>
  deadline + (extended.size === disposals.length ? TERMS.appeal : 0);

/** One forfeiture per asset of which the case has something left, or the one that is named. Throws a Flaw: NothingToDo. */
export function forfeit(world: World, docket: Docket, { asset, amount, ruling: file }: EntryOf<"forfeit">): Disposal[] {
  const ruling = rulingOf(world, file, docket);
  const { id } = docket.case;
  const of = (symbol: string, units: bigint): Disposal => ({
    ...{ act: "forfeit", case: id, ruling, asset: symbol, amount: units },
  });
  if (asset !== undefined && amount !== undefined) {
    docket.opened = true;
    return [of(asset, unitsOf(world, asset, amount))];
  }
  if (asset !== undefined) assetIn(world, asset);
  const disposals = [...docket.custody].flatMap(([symbol, custody]) => {
    const left = asset === undefined || asset === symbol ? leftOf(custody) : 0n;
    return left > 0n ? [of(symbol, left)] : [];
  });
  if (disposals.length === 0) throw new Flaw("NothingToDo", `the case ${id} has nothing left that could be forfeited`);
  return disposals;
}

/** Throws a Flaw: UnknownCase, UnknownAsset, BadClaims, BadTime. */
export function compensate(world: World, entry: EntryOf<"compensate">): Disposal {
  const docket = docketOf(world, entry.case);
  const claims = world.claimsAt(entry.claims);
  if (claims === undefined) throw new Flaw("BadClaims", `the claims of ${entry.claims} cannot be read`, ["claims"]);
  const [least, most] = TERMS.claims;
  if (entry.claimTerm < least || entry.claimTerm > most) {
    const [has, from, to] = [entry.claimTerm, least, most].map(formatOffset);
    throw new Flaw("BadTime", `the claim term ${has} needs to be from ${from} to ${to}`, ["claimTerm"]);
  }
  const pool = unitsOf(world, entry.asset, entry.pool, ["pool"]);
  docket.opened = true;
  return {
    ...{ act: "compensate", case: entry.case, ruling: rulingOf(world, entry.ruling, docket), asset: entry.asset },
    ...{ amount: totalOf(sharesOf(claims, pool)), claims, pool, claimTerm: entry.claimTerm },
  };
}

/** Throws a Flaw: UnknownCase, UnknownAsset, UnknownWallet. */
export function convert(world: World, entry: EntryOf<"convert">): Disposal {
  const docket = docketOf(world, entry.case);
  const wallet = walletIn(world, entry.wallet);
  const { asset, proceedsAsset } = entry;
  const amount = unitsOf(world, asset, entry.amount);
  const leastProceeds = unitsOf(world, proceedsAsset, entry.leastProceeds, ["leastProceeds"]);
  if (asset === proceedsAsset) {
    throw new Flaw("UnknownAsset", `${asset} cannot be converted into itself`, ["proceedsAsset"]);
  }
  docket.opened = true;
  const ruling = rulingOf(world, entry.ruling, docket);
  return { act: "convert", case: entry.case, ruling, asset, amount, wallet, proceedsAsset, leastProceeds };
}

/** Throws a Flaw: UnknownCase, UnknownAsset, NotAffected. */
export function transfer(world: World, entry: EntryOf<"transfer">): Disposal {
  const docket = docketOf(world, entry.case);
  const { asset, source, holder, to } = entry;
  const amount = unitsOf(world, asset, entry.amount);
  if (source === "suspense" && holder !== undefined) {
    throw new Flaw("NotAffected", `suspense is of no holder, but ${holder} is named`, ["holder"]);
  }
  docket.opened = true;
  const ruling = rulingOf(world, entry.ruling, docket);
  return { act: "transfer", case: entry.case, ruling, asset, amount, source, to, ...(holder && { holder }) };
}

/** Executes what is scheduled under a name; `proceeds` is what the wallet pays in each conversion. */
export function execute(
  world: World,
  scheduled: Schedule,
  id: string,
  proceeds: string | undefined,
): bigint | undefined {
  const order = waiting(world, scheduled, id);
  const { now } = world;
  const start = startOf(order);
  if (now < start) throw new Flaw("BadTime", `the order ${id} cannot be executed before ${formatOffset(start)}`);
  let paid: bigint | undefined;
  for (const disposal of order.disposals) {
    if (disposal.act === "convert") {
      if (proceeds === undefined) {
        throw new Flaw("BelowLeast", `the conversion ${id} needs the proceeds that the wallet pays`, ["proceeds"]);
      }
      paid = unitsOf(world, disposal.proceedsAsset, proceeds, ["proceeds"]);
      executeConversion(world, order, disposal, paid, proceeds);
    } else {
      executePayment(world, order, disposal);
    }
  }
  order.state = "executed";
  return paid;
}

/** How long the money must have lain in the case. */
const ageOf = ({ delay, extended }: Scheduled, disposal: Disposal): number =>
  delay + (extended.has(disposal) ? TERMS.appeal : 0);

function executeConversion(
  world: World,
  order: Scheduled,
  disposal: Extract<Disposal, { act: "convert" }>,
  proceeds: bigint,
  text: string,
): void {
  const { case: caseId, asset, amount, wallet, proceedsAsset, leastProceeds } = disposal;
  const docket = docketOf(world, caseId);
  requireLicensed(world, wallet);
  if (proceeds < leastProceeds) {
    throw new Flaw("BelowLeast", `${text} ${proceedsAsset} is below the least proceeds of the order`, ["proceeds"]);
  }
  requirePaid(world, proceedsAsset, wallet.address, proceeds, text);
  const custody = custodyOf(docket, asset);
  const what = `the amount of ${asset} to convert`;
  requireOwn(world, docket, asset, amount, what);
  requireRipe(world, docket, asset, { amount, age: ageOf(order, disposal), text: what });
  custody.converted += amount;
  custody.paid += amount;
  const received = custodyOf(docket, proceedsAsset);
  received.proceeds += proceeds;
  received.proceedsLeft += proceeds;
  received.comings.push({ at: world.now, amount: proceeds });
  const before = custody.conversions.get(proceedsAsset) ?? { converted: 0n, proceeds: 0n };
  const conversion = { ...before, converted: before.converted + amount, proceeds: before.proceeds + proceeds };
  custody.conversions.set(proceedsAsset, conversion);
  shift(world, proceedsAsset, wallet.address, -proceeds);
  shift(world, asset, wallet.address, amount);
}

function executePayment(world: World, order: Scheduled, disposal: Exclude<Disposal, { act: "convert" }>): void {
  const { asset, amount } = disposal;
  const docket = docketOf(world, disposal.case);
  const custody = custodyOf(docket, asset);
  const what = `the amount of ${asset} to ${disposal.act}`;
  const age = ageOf(order, disposal);
  if (disposal.act === "transfer" && disposal.source === "suspense") {
    if (amount > custody.suspense) throw new Flaw("AboveSuspense", `${what} is more than the suspense that is booked`);
    requireRipe(world, docket, asset, { amount, age, suspense: true, text: what });
    custody.suspense -= amount;
  } else {
    requireLeft(world, docket, asset, amount, what);
    requireRipe(world, docket, asset, { amount, age, text: what });
    if (disposal.act === "compensate") {
      custody.reserved += amount;
      const proceeds = spend(custody);
      const shares = sharesOf(disposal.claims, disposal.pool);
      const unpaid = new Map(shares.map((share) => [share.id, share]));
      order.claims = { until: world.now + disposal.claimTerm, unpaid, rest: amount, proceeds };
      return;
    }
    if (disposal.act === "transfer" && disposal.holder !== undefined) {
      useLimit(world, docket, asset, disposal.holder, amount, what);
    }
    custody.paid += amount;
    spend(custody);
  }
  if (disposal.act === "transfer") shift(world, asset, disposal.to, amount);
}

/** Proceeds are spent last; answers what of them was. */
function spend(custody: Custody): bigint {
  const before = custody.proceedsLeft;
  const left = leftOf(custody);
  if (before > left) custody.proceedsLeft = left;
  return before - custody.proceedsLeft;
}

/** Answers how many days its agency has stayed the order then. Throws a Flaw: UnknownOrder, OrderEnded, AmbiguousOrder, BadTime. */
export function stay(world: World, scheduled: Schedule, { order: id, until, by }: EntryOf<"stay">): number {
  const order = single(waiting(world, scheduled, id), id);
  const agency = String(Object.keys(ruleOf(world, "Stay", by).officers)[0]);
  const from = Math.max(startOf(order), world.now);
  if (until <= from) {
    const [has, start] = [until, from].map(formatOffset);
    throw new Flaw("BadTime", `until ${has} needs to be after ${start}, from when on ${id} can be executed`, ["until"]);
  }
  const days = (order.stays.get(agency) ?? 0) + Math.ceil((until - from) / DAY);
  order.stays.set(agency, days);
  order.deadline += until - from;
  order.start = until - (startOf(order) - order.start);
  return days;
}

/** Throws a Flaw: UnknownOrder, OrderEnded, AmbiguousOrder. */
export function veto(world: World, scheduled: Schedule, id: string): void {
  single(waiting(world, scheduled, id), id).state = "vetoed";
}

/** Throws a Flaw: UnknownOrder, OrderEnded, AmbiguousOrder, BadTime, NotAffected. */
export function appeal(world: World, scheduled: Schedule, { order: id, asset, holder }: EntryOf<"appeal">): void {
  const order = single(waiting(world, scheduled, id), id);
  const [{ case: caseId, asset: own }] = order.disposals as [Disposal];
  assetIn(world, asset);
  if (asset !== own) throw new Flaw("NotAffected", `the order ${id} disposes of ${own}, not of ${asset}`, ["asset"]);
  if (order.appeals.has(holder)) throw new Flaw("OrderEnded", `${holder} has appealed against the order ${id} already`);
  const docket = docketOf(world, caseId);
  const affected = [...docket.custody].some(
    ([symbol, custody]) => (symbol === asset || custody.conversions.has(asset)) && owedTo(custody, holder) > 0n,
  );
  if (!affected) {
    const reason = `nothing of ${asset} that was taken from ${holder} in the case ${caseId} is left to appeal for`;
    throw new Flaw("NotAffected", reason, ["holder"]);
  }
  custodyOf(docket, asset).appealedAt = world.now;
  for (const other of scheduled.values()) {
    if (other.state !== "waits" || world.now > other.deadline) continue;
    for (const disposal of other.disposals) {
      if (disposal.case === caseId && disposal.asset === asset) other.extended.add(disposal);
    }
  }
  order.appeals.add(holder);
}

/** Throws a Flaw: UnknownOrder, BadTime, UnknownClaim. */
export function claim(world: World, scheduled: Schedule, { order: id, claims: ids }: EntryOf<"claim">): void {
  const { disposal, claims } = compensation(scheduled, id);
  if (world.now > claims.until) {
    throw new Flaw("BadTime", `claims of the order ${id} end with ${formatOffset(claims.until)}`);
  }
  const custody = custodyOf(docketOf(world, disposal.case), disposal.asset);
  for (const [i, name] of ids.entries()) {
    const share = claims.unpaid.get(name);
    if (share === undefined) {
      throw new Flaw("UnknownClaim", `the list of ${id} has no claim ${JSON.stringify(name)} to be paid`, [
        "claims",
        i,
      ]);
    }
    claims.unpaid.delete(name);
    claims.rest -= share.amount;
    if (claims.rest < claims.proceeds) claims.proceeds = claims.rest;
    custody.reserved -= share.amount;
    custody.paid += share.amount;
    shift(world, disposal.asset, share.account, share.amount);
  }
}

/** Throws a Flaw: UnknownOrder, BadTime, NothingToDo. */
export function unreserve(world: World, scheduled: Schedule, id: string): void {
  const { disposal, claims } = compensation(scheduled, id);
  if (world.now <= claims.until) {
    throw new Flaw("BadTime", `claims of the order ${id} can be made up to ${formatOffset(claims.until)}`);
  }
  if (claims.rest === 0n) throw new Flaw("NothingToDo", `nothing is reserved for the order ${id}`);
  const custody = custodyOf(docketOf(world, disposal.case), disposal.asset);
  custody.reserved -= claims.rest;
  custody.proceedsLeft += claims.proceeds;
  claims.rest = 0n;
}

function compensation(scheduled: Schedule, id: string) {
  const {
    disposals: [disposal],
    claims,
  } = known(scheduled, id);
  if (claims === undefined) throw new Flaw("UnknownOrder", `no compensation ${id} was executed by then`, ["order"]);
  return { disposal: disposal!, claims };
}

function known(scheduled: Schedule, id: string): Scheduled {
  const order = scheduled.get(id);
  if (order === undefined) throw new Flaw("UnknownOrder", `there is no order ${id} by then`, ["order"]);
  return order;
}

function waiting({ now }: World, scheduled: Schedule, id: string): Scheduled {
  const order = known(scheduled, id);
  if (order.state !== "waits") throw new Flaw("OrderEnded", `the order ${id} was ${order.state} before`, ["order"]);
  const deadline = deadlineOf(order);
  if (now > deadline) throw new Flaw("OrderEnded", `the order ${id} ended with ${formatOffset(deadline)}`, ["order"]);
  return order;
}

function single(order: Scheduled, id: string): Scheduled {
  if (order.disposals.length === 1) return order;
  throw new Flaw("AmbiguousOrder", `${order.disposals.length} orders are called ${id}, which needs to be one`, [
    "order",
  ]);
}

function sharesOf(claims: Parameters<typeof shareOut>[0], pool: bigint): Share[] {
  try {
    return shareOut(claims, pool);
  } catch (error) {
    if (!(error instanceof InvalidPoolError)) throw error;
    throw new Flaw("BadAmount", error.message, ["pool"]);
  }
}

const totalOf = (shares: readonly Share[]): bigint => shares.reduce((sum, { amount }) => sum + amount, 0n);
