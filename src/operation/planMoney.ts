import { formatUnits, type Address } from "viem";
import { Flaw } from "./faults.ts";
import type { Repayment } from "./operation.ts";
import { isLive, told } from "./planHolds.ts";
import { formatOffset } from "./values.ts";
import { assetIn, balanceOf, custodyOf, leftOf, owedTo, ripeOf, shift, type Docket, type World } from "./world.ts";

/** Counts what a holder gets back. Throws a Flaw: UnknownAccount, AboveTaken, AboveCustody. */
export function giveBack(world: World, docket: Docket, repayment: Repayment, text: string): Repayment {
  const { asset, taken, account, amount } = repayment;
  const { id } = docket.case;
  const source = custodyOf(docket, taken);
  if (!source.takenFrom.has(account)) {
    throw new Flaw("UnknownAccount", `nothing of ${taken} was taken from ${account} in the case ${id} by then`);
  }
  const used = taken === asset ? amount : useProceeds(world, docket, repayment, text);
  useLimit(world, docket, taken, account, used, text);
  if (taken === asset) requireOwn(world, docket, asset, amount, text);
  requireLeft(world, docket, asset, amount, text);
  custodyOf(docket, asset).paid += amount;
  shift(world, asset, account, amount);
  return repayment;
}

/** What of the taken asset the proceeds stand for, rounded up. Throws a Flaw: AboveTaken. */
function useProceeds(world: World, docket: Docket, { asset, taken, amount }: Repayment, text: string): bigint {
  const conversion = custodyOf(docket, taken).conversions.get(asset);
  const received = custodyOf(docket, asset);
  const unused = conversion?.proceeds ?? 0n;
  const left = unused < received.proceedsLeft ? unused : received.proceedsLeft;
  if (conversion === undefined || amount > left) {
    const has = `${formatUnits(left, assetIn(world, asset).decimals)} ${asset}`;
    throw new Flaw("AboveTaken", `${text} is more than is left of the proceeds of ${taken}: ${has}`);
  }
  const used = (amount * conversion.converted + conversion.proceeds - 1n) / conversion.proceeds;
  conversion.converted -= used;
  conversion.proceeds -= amount;
  received.proceedsLeft -= amount;
  return used;
}

/** Counts an amount against what was taken from a holder. Throws a Flaw: AboveTaken. */
export function useLimit(
  world: World,
  docket: Docket,
  taken: string,
  account: Address,
  amount: bigint,
  text: string,
): void {
  const custody = custodyOf(docket, taken);
  const has = owedTo(custody, account);
  if (amount > has) {
    const left = told(world, { asset: taken, account, amount: has });
    throw new Flaw("AboveTaken", `${text} is more than the case ${docket.case.id} took and has not returned: ${left}`);
  }
  custody.returned.set(account, (custody.returned.get(account) ?? 0n) + amount);
}

/** What was taken, not what came for it, pays in kind and is converted. Throws a Flaw: AboveCustody. */
export function requireOwn(world: World, docket: Docket, asset: string, amount: bigint, text: string): void {
  const custody = custodyOf(docket, asset);
  requireAtMost(world, docket, asset, leftOf(custody) - custody.proceedsLeft, amount, text);
}

/** Throws a Flaw: TooYoung where a part of the money came less than `age` seconds ago. */
export function requireRipe(
  world: World,
  docket: Docket,
  asset: string,
  { amount, age, suspense = false, text }: { amount: bigint; age: number; suspense?: boolean; text: string },
): void {
  const custody = custodyOf(docket, asset);
  const [comings, left] = suspense ? [custody.suspenseComings, custody.suspense] : [custody.comings, leftOf(custody)];
  const ripe = ripeOf(comings, left, world.now, age);
  if (amount <= ripe) return;
  const has = `${formatUnits(ripe, assetIn(world, asset).decimals)} ${asset}`;
  const since = formatOffset(world.now - age);
  throw new Flaw("TooYoung", `${text} is more than came into the case ${docket.case.id} by ${since}: ${has}`);
}

/** Throws a Flaw: AboveCustody. */
export function requireLeft(world: World, docket: Docket, asset: string, amount: bigint, text: string): void {
  requireAtMost(world, docket, asset, leftOf(custodyOf(docket, asset)), amount, text);
}

function requireAtMost(world: World, docket: Docket, asset: string, left: bigint, amount: bigint, text: string): void {
  if (amount <= left) return;
  const has = `${formatUnits(left, assetIn(world, asset).decimals)} ${asset}`;
  throw new Flaw("AboveCustody", `${text} is more than the case ${docket.case.id} has left by then: ${has}`);
}

/** Throws a Flaw: AboveBalance. */
export function requirePaid(world: World, asset: string, payer: Address, amount: bigint, text: string): void {
  if (amount <= balanceOf(world, asset, payer)) return;
  throw new Flaw("AboveBalance", `${text} ${asset} is more than ${payer} has by then`);
}

/** Money that the holder itself sends. Throws a Flaw: AboveBalance, AboveHold where holds withhold it. */
export function move(
  world: World,
  { asset, from, to, amount, text }: { asset: string; from: Address; to: Address; amount: bigint; text: string },
): void {
  const has = balanceOf(world, asset, from);
  const held = (world.entries.get(`${asset} ${from}`) ?? [])
    .filter((entry) => isLive(entry, world.now))
    .reduce((sum, entry) => sum + entry.amount, 0n);
  const free = has > held ? has - held : 0n;
  if (amount > free) {
    throw new Flaw(
      "AboveBalance",
      `${text} is more than is free: ${told(world, { asset, account: from, amount: free })}`,
      ["amount"],
    );
  }
  shift(world, asset, from, -amount);
  shift(world, asset, to, amount);
}

/** Throws a Flaw: NothingToDo. */
export function book({ now }: World, docket: Docket): { case: string; asset: string; amount: bigint }[] {
  const { case: it, deposits } = docket;
  if (deposits.size === 0) throw new Flaw("NothingToDo", `the case ${it.id} has no deposit to book`);
  const booked = [...deposits].map(([asset, amount]) => ({ case: it.id, asset, amount }));
  for (const { asset, amount } of booked) {
    const custody = custodyOf(docket, asset);
    custody.suspense += amount;
    custody.suspenseComings.push({ at: now, amount });
  }
  deposits.clear();
  return booked;
}

/** Throws a Flaw: NothingToDo. */
export function requireOpened({ case: { id }, opened }: Docket): string {
  if (!opened) throw new Flaw("NothingToDo", `the case ${id} was not opened`);
  return id;
}
