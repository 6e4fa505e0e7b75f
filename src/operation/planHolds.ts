import { formatUnits, type Address } from "viem";
import { Flaw } from "./faults.ts";
import type { Holding, PlannedOrder } from "./operation.ts";
import { formatOffset } from "./values.ts";
import {
  accountOf,
  assetIn,
  balanceOf,
  custodyOf,
  ruleOf,
  shift,
  type Docket,
  type Entry,
  type Part,
  type World,
} from "./world.ts";

/** Entries of one (asset, account) that Freeze may fill. */
const MAX_FREEZES = 8;

/** Holds all of a case's targets but those of the excepted accounts. */
export function freeze(
  world: World,
  docket: Docket,
  { except, by }: { except: ReadonlySet<string>; by: readonly string[] | undefined },
): PlannedOrder {
  const { id, targets } = docket.case;
  if (docket.frozen) throw new Flaw("NothingToDo", `the case ${id} is already frozen`);
  const frozen = targets.filter(({ account }) => !except.has(account));
  if (frozen.length === 0) throw new Flaw("LastTarget", `the case ${id} would have no target: each is of an except`);
  for (const { asset, account } of frozen) countFreeze(world, docket, asset, account);
  docket.frozen = true;
  const until = world.now + ruleOf(world, "Freeze", by).term;
  for (const { asset, account, amount } of frozen) place(world, docket, { asset, account, amount }, until, false);
  return orderOf(docket, frozen.map(holdingOf));
}

/** Keeps the rule against rolling one freeze over into the next. Throws a Flaw: BadTime, TooManyHolds. */
export function countFreeze(
  { freezes, now, parameters }: World,
  { case: { id } }: Docket,
  asset: string,
  account: Address,
): void {
  const earlier = freezes.get(accountOf(asset, account)) ?? [];
  const first = earlier[0] ?? now;
  const { cooling } = parameters.numbers;
  if (first < now && now < first + cooling) {
    const [since, again] = [first, cooling].map(formatOffset);
    throw new Flaw("BadTime", `${asset} of ${account} was frozen at ${since} and cannot be again for ${again}`);
  }
  if (earlier.length === MAX_FREEZES) {
    throw new Flaw("TooManyHolds", `${asset} of ${account} is frozen by ${MAX_FREEZES} cases before ${id}`);
  }
  freezes.set(accountOf(asset, account), [...earlier, now]);
}

/** Adds a claim behind all earlier ones on its account. */
export function place(
  { entries }: World,
  docket: Docket,
  { asset, account, amount }: Holding,
  until: number,
  arrested: boolean,
  part?: Part,
): void {
  const key = accountOf(asset, account);
  const entry: Entry = { docket, asset, account, amount, until, arrested, ...(part && { part }) };
  entries.set(key, [...(entries.get(key) ?? []), entry]);
  docket.opened = true;
  if (part !== undefined) return;
  docket.held.add(key);
  if (arrested) docket.arrested.add(key);
}

/** What an arrest concerns: a part of a live hold, or a new one. */
export interface OfCase extends Holding {
  case: string;
}

/** Confirms the case's live holds, of some accounts a part or nothing, and places new ones. */
export function arrest(
  world: World,
  docket: Docket,
  {
    except,
    parts,
    placed,
    until,
  }: {
    except: ReadonlySet<string>;
    parts: readonly OfCase[];
    placed: readonly OfCase[];
    until: number;
  },
): PlannedOrder {
  const { id } = docket.case;
  const own = placed.filter((it) => it.case === id);
  const live = liveOf(world, docket);
  if (live.length === 0 && own.length === 0) {
    throw new Flaw("NothingToDo", `the case ${id} has no live hold that could be arrested`);
  }
  const confirmed: Holding[] = [];
  for (const holding of live) {
    if (except.has(holding.account)) continue;
    const part = parts.find((it) => it.case === id && isSame(it, holding))?.amount ?? holding.amount;
    if (part > holding.amount) {
      throw new Flaw("AboveHold", `a part to confirm is more than the case ${id} holds: ${told(world, holding)}`);
    }
    confirmed.push({ ...holding, amount: part });
  }
  if (confirmed.length + own.length === 0) {
    throw new Flaw("LastTarget", `the case ${id} would lose its last target: every live hold is of an except`);
  }
  for (const holding of confirmed) confirm(world, docket, holding, until);
  for (const holding of own) {
    if (!docket.case.targets.some((target) => isSame(target, holding))) {
      const { asset, account } = holding;
      throw new Flaw("UnknownAccount", `${asset} of ${account}, to be placed, is no target of the case ${id}`);
    }
    place(world, docket, holding, until, true);
  }
  return { ...orderOf(docket, confirmed), ...(own.length > 0 && { place: own.map(holdingOf) }) };
}

/** Provisional entries first, then arrested ones, each oldest first; the last one may be split. */
function confirm(world: World, docket: Docket, { asset, account, amount }: Holding, until: number): void {
  const key = accountOf(asset, account);
  const list = world.entries.get(key) ?? [];
  let rest = amount;
  for (const entry of [false, true].flatMap((kind) => list.filter(({ arrested }) => arrested === kind))) {
    if (rest === 0n || entry.docket !== docket || !isLive(entry, world.now)) continue;
    if (until < entry.until) {
      const [has, end] = [until, entry.until].map(formatOffset);
      throw new Flaw("BadTime", `until ${has} is before ${end}, the end of a hold of the case ${docket.case.id}`);
    }
    const part = rest < entry.amount ? rest : entry.amount;
    if (part < entry.amount) list.splice(list.indexOf(entry) + 1, 0, { ...entry, amount: entry.amount - part });
    Object.assign(entry, { amount: part, until, arrested: true });
    rest -= part;
    if (entry.part === undefined) docket.arrested.add(key);
  }
}

/** Records the ends of the case's holds that nobody recorded. */
export function lapse(world: World, docket: Docket): { case: string; holdings: Holding[] }[] {
  const ended = entriesOf(world, docket).filter((entry) => hasEnded(entry, world.now));
  if (ended.length === 0) return [];
  for (const entry of ended) {
    noteLapse(entry);
    drop(world, entry);
  }
  return [{ case: docket.case.id, holdings: sumByAccount(ended) }];
}

/** Counts as lapsed what ended, recorded or not. */
export function noteLapse({ docket, asset, account, part }: Entry): void {
  if (part === undefined) docket.lapsed.add(accountOf(asset, account));
}

/**
 * Ends a part of the case's live holds, youngest first; arrested ones only where the provisional ones do not suffice.
 * Throws a Flaw: UnknownAccount, AboveHold.
 */
export function lift(world: World, docket: Docket, holding: Holding, text: string): Holding {
  const { asset, account, amount } = holding;
  const { id } = docket.case;
  const own = (world.entries.get(accountOf(asset, account)) ?? []).filter((entry) => entry.docket === docket);
  if (!docket.held.has(accountOf(asset, account)) && own.length === 0) {
    throw new Flaw("UnknownAccount", `${account} has no hold of ${asset} in the case ${id} by then`);
  }
  const live = own.filter((entry) => isLive(entry, world.now));
  const has = live.reduce((sum, entry) => sum + entry.amount, 0n);
  if (amount > has) {
    const left = told(world, { asset, account, amount: has });
    throw new Flaw("AboveHold", `${text} is more than the case ${id} holds by then: ${left}`);
  }
  const provisional = live.filter(({ arrested }) => !arrested);
  const suffices = provisional.reduce((sum, entry) => sum + entry.amount, 0n) >= amount;
  let rest = amount;
  for (const entry of (suffices ? provisional : live).reverse()) {
    const part = rest < entry.amount ? rest : entry.amount;
    entry.amount -= part;
    rest -= part;
    if (entry.amount === 0n) drop(world, entry);
  }
  return { asset, account, amount };
}

/** Takes what the case holds, as far as balances less earlier holds of other cases cover it. */
export function seize(world: World, docket: Docket): PlannedOrder {
  const holdings = liveOf(world, docket);
  if (holdings.length === 0) {
    throw new Flaw("NothingToDo", `the case ${docket.case.id} has no live hold that could be seized`);
  }
  for (const { asset, account } of holdings) {
    const list = world.entries.get(accountOf(asset, account)) ?? [];
    const part = list.find((entry) => entry.docket === docket)?.part;
    let free = part ? (part.withheld ?? 2n ** 96n) : balanceOf(world, asset, account);
    for (const entry of [...list]) {
      if (!isLive(entry, world.now)) continue;
      const taken = entry.amount < free ? entry.amount : free;
      free -= taken;
      if (entry.docket !== docket) continue;
      entry.amount -= taken;
      if (entry.amount === 0n) drop(world, entry);
      if (part) demand(part, docket, taken);
      else take(world, docket, asset, account, taken);
    }
  }
  return orderOf(docket, holdings);
}

function demand(part: Part, docket: Docket, amount: bigint): void {
  part.due.set(docket, (part.due.get(docket) ?? 0n) + amount);
  if (part.withheld !== undefined) part.withheld -= amount;
}

/** Moves money of an account into the case's vault. */
export function take(world: World, docket: Docket, asset: string, account: Address, amount: bigint): void {
  const custody = custodyOf(docket, asset);
  custody.taken += amount;
  custody.comings.push({ at: world.now, amount });
  custody.takenFrom.set(account, (custody.takenFrom.get(account) ?? 0n) + amount);
  shift(world, asset, account, -amount);
}

/** The case's entries that no act recorded the end of. */
export const entriesOf = ({ entries }: World, docket: Docket): Entry[] =>
  [...entries.values()].flatMap((list) => list.filter((entry) => entry.docket === docket));

/** The case's live claims, summed by account, in the order of their first placement. */
const liveOf = (world: World, docket: Docket): Holding[] =>
  sumByAccount(entriesOf(world, docket).filter((entry) => isLive(entry, world.now)));

function sumByAccount(entries: readonly Entry[]): Holding[] {
  const sums = new Map<string, Holding>();
  for (const { asset, account, amount } of entries) {
    const key = accountOf(asset, account);
    sums.set(key, { asset, account, amount: amount + (sums.get(key)?.amount ?? 0n) });
  }
  return [...sums.values()];
}

function drop({ entries }: World, entry: Entry): void {
  const key = accountOf(entry.asset, entry.account);
  const left = (entries.get(key) ?? []).filter((other) => other !== entry);
  if (left.length > 0) entries.set(key, left);
  else entries.delete(key);
}

export const isLive = ({ amount, until }: Entry, now: number): boolean => amount > 0n && now <= until;
export const hasEnded = ({ amount, until }: Entry, now: number): boolean => amount > 0n && now > until;
const isSame = (a: Holding, b: Holding) => a.asset === b.asset && a.account === b.account;
const holdingOf = ({ asset, account, amount }: Holding): Holding => ({ asset, account, amount });

/** An amount as the timeline writes it. */
export const told = (world: World, { asset, account, amount }: Holding): string =>
  `${formatUnits(amount, assetIn(world, asset).decimals)} ${asset} of ${account}`;

const orderOf = ({ case: { id, ruling } }: Docket, holdings: Holding[]): PlannedOrder => ({
  ...{ case: id, ruling, holdings },
});
