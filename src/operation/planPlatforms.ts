import { Flaw } from "./faults.ts";
import type { CaseOrder, SubAccount, Wallet } from "./operation.ts";
import { countFreeze, place, take } from "./planHolds.ts";
import { requirePaid } from "./planMoney.ts";
import { subAccountAddress } from "./subAccounts.ts";
import type { TimelineEntry } from "./timeline.ts";
import { formatOffset } from "./values.ts";
import { accountOf, docketOf, ruleOf, rulingOf, TERMS, unitsOf, walletIn, type Part, type World } from "./world.ts";

type EntryOf<Name extends TimelineEntry["act"]> = Extract<TimelineEntry, { act: Name }>;

/** Throws a Flaw: UnknownWallet, BadTime. */
export function license(world: World, { wallet: name, until }: EntryOf<"license">): Wallet {
  const wallet = walletIn(world, name);
  const { now, licences } = world;
  const before = licences.get(name);
  const renews = before !== undefined && now >= before.first && now <= before.until;
  const first = renews ? before.first : now + TERMS.license;
  if (until <= first || until <= now) {
    const [has, from] = [until, Math.max(first, now)].map(formatOffset);
    throw new Flaw("BadTime", `until ${has} needs to be after ${from}, from which the licence counts`, ["until"]);
  }
  licences.set(name, { first, until });
  return wallet;
}

/** Throws a Flaw: UnknownWallet. */
export function suspend({ wallets, licences }: World, platform: string): void {
  const own = [...wallets.values()].filter((wallet) => wallet.platform === platform);
  if (own.length === 0) {
    throw new Flaw("UnknownWallet", `no wallet is of the platform ${JSON.stringify(platform)}`, ["platform"]);
  }
  for (const { name } of own) licences.delete(name);
}

/** Throws a Flaw: NotLicensed. */
export function requireLicensed({ licences, now }: World, { name }: Wallet): void {
  const licence = licences.get(name);
  if (licence !== undefined && now >= licence.first && now <= licence.until) return;
  throw new Flaw("NotLicensed", `the wallet ${name} has no licence in force by then`, ["wallet"]);
}

/** Throws a Flaw: UnknownCase, UnknownWallet, UnknownAsset, NotLicensed, BadTime. */
export function exchangeHold(world: World, entry: EntryOf<"exchange-hold">): CaseOrder & SubAccount {
  const docket = docketOf(world, entry.case);
  const of = subAccountOf(world, entry);
  requireLicensed(world, of.wallet);
  const account = subAccountAddress(of.wallet.address, of.subAccount);
  countFreeze(world, docket, of.asset, account);
  const key = accountOf(of.asset, account);
  const part: Part = world.parts.get(key) ?? { wallet: of.wallet, withheld: undefined, due: new Map() };
  world.parts.set(key, part);
  place(
    world,
    docket,
    { asset: of.asset, account, amount: of.amount },
    world.now + ruleOf(world, "ExchangeHold", entry.by).term,
    false,
    part,
  );
  return { case: entry.case, ruling: rulingOf(world, entry.ruling, docket), ...of };
}

/** Throws a Flaw: UnknownWallet, UnknownAsset, UnknownSubAccount. */
export function acknowledge(world: World, entry: EntryOf<"acknowledge">): SubAccount {
  const of = subAccountOf(world, entry);
  partOf(world, of).withheld = of.amount;
  return of;
}

/** Throws a Flaw: UnknownCase, UnknownWallet, UnknownAsset, UnknownSubAccount, AboveDue, AboveBalance. */
export function surrender(world: World, entry: EntryOf<"surrender">): SubAccount {
  const docket = docketOf(world, entry.case);
  const of = subAccountOf(world, entry);
  const part = partOf(world, of);
  const due = part.due.get(docket) ?? 0n;
  if (of.amount > due) {
    const reason = `${entry.amount} ${of.asset} is more than ${of.wallet.name} owes to the case ${entry.case} by then`;
    throw new Flaw("AboveDue", reason, ["amount"]);
  }
  requirePaid(world, of.asset, of.wallet.address, of.amount, entry.amount);
  part.due.set(docket, due - of.amount);
  take(world, docket, of.asset, of.wallet.address, of.amount);
  return of;
}

function subAccountOf(
  world: World,
  { asset, wallet, subAccount, amount }: { asset: string; wallet: string; subAccount: string; amount: string },
): SubAccount {
  return { asset, wallet: walletIn(world, wallet), subAccount, amount: unitsOf(world, asset, amount) };
}

function partOf({ parts }: World, { asset, wallet, subAccount }: SubAccount): Part {
  const part = parts.get(accountOf(asset, subAccountAddress(wallet.address, subAccount)));
  if (part !== undefined) return part;
  const reason = `no hold was placed on ${asset} of the sub-account ${JSON.stringify(subAccount)} of ${wallet.name}`;
  throw new Flaw("UnknownSubAccount", reason, ["subAccount"]);
}
