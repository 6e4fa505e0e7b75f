import { zeroAddress, type Address, type Hex } from "viem";
import { addressIn, sourceOf, SOURCES, type Effect } from "./effects.ts";

/** What happened to one asset in one case, in base units, as far as entries tell. */
export interface Ledger {
  placed: bigint;
  lapsed: bigint;
  lifted: bigint;
  /** Claims that a seizure used up. */
  seized: bigint;
  /** Arrived in the vault by a seizure or a surrender. */
  taken: bigint;
  /** Seized in sub-accounts of platforms and not surrendered yet. */
  due: bigint;
  /** Paid to holders, directly or as a claim. */
  returned: bigint;
  /** Waits for claimants in the vault: of payments that were refused, and of compensations. */
  reserved: bigint;
  /** Delivered in conversions. */
  converted: bigint;
  /** Received in conversions. */
  proceeds: bigint;
  /** What of it is neither paid nor reserved. */
  proceedsLeft: bigint;
  compensated: bigint;
  forfeited: bigint;
  /** Paid to free payees out of custody, or out of claims that nobody came for. */
  transferred: bigint;
  /** Booked as suspense. */
  suspense: bigint;
  /** Paid to free payees out of the suspense. */
  suspensePaid: bigint;
  /** By account. */
  takenFrom: Map<Address, bigint>;
  /** What was taken from an account and not given back, in kind or in proceeds. */
  owed: Map<Address, bigint>;
  /** What of an account's, taken or waiting to be claimed, a Transfer gave to somebody else. */
  transferredFrom: Map<Address, bigint>;
  /** Payments that an account could not receive and may claim; and who ever could not. */
  claims: Map<Address, bigint>;
  claimants: Set<Address>;
  /** What platforms surrendered for a sub-account, and what they still owe. */
  surrendered: Map<Address, bigint>;
  dues: Map<Address, bigint>;
  /** By the asset that was received for this one. */
  conversions: Map<Address, Conversion>;
  /** By their digests. */
  compensations: Map<Hex, Compensation>;
  targets: Map<Address, TargetState>;
}

/** What a compensation still reserves, and what of it came as proceeds. */
export interface Compensation {
  rest: bigint;
  proceeds: bigint;
}

/** An account that was a target of a case in one asset. */
export interface TargetState {
  /** A court confirmed or placed a hold on it. */
  arrested: boolean;
  /** The end of a hold on it was recorded. */
  lapsed: boolean;
}

/** What conversions of one asset into another brought in, less what was returned of it. */
export interface Conversion {
  converted: bigint;
  proceeds: bigint;
}

type Ledgers = Map<Address, Ledger>;

export function ledgerIn(ledgers: Ledgers, asset: Address): Ledger {
  let ledger = ledgers.get(asset);
  if (ledger === undefined) {
    ledger = {
      placed: 0n,
      lapsed: 0n,
      lifted: 0n,
      seized: 0n,
      taken: 0n,
      due: 0n,
      returned: 0n,
      reserved: 0n,
      converted: 0n,
      proceeds: 0n,
      proceedsLeft: 0n,
      compensated: 0n,
      forfeited: 0n,
      transferred: 0n,
      suspense: 0n,
      suspensePaid: 0n,
      takenFrom: new Map(),
      owed: new Map(),
      transferredFrom: new Map(),
      claims: new Map(),
      claimants: new Set(),
      surrendered: new Map(),
      dues: new Map(),
      conversions: new Map(),
      compensations: new Map(),
      targets: new Map(),
    };
    ledgers.set(asset, ledger);
  }
  return ledger;
}

/** Money of an account arrives in the vault; a demand takes back what a seizure seemed to bring. */
export function take(ledger: Ledger, account: Address, amount: bigint): void {
  ledger.taken += amount;
  add(ledger.takenFrom, account, amount);
  add(ledger.owed, account, amount);
}

/** A seizure used up the hold on a sub-account: nothing has arrived, the platform owes it. */
export function demand(ledger: Ledger, subAccount: Address, amount: bigint): void {
  take(ledger, subAccount, -amount);
  ledger.due += amount;
  add(ledger.dues, subAccount, amount);
}

/** A platform pays out of its wallet what it owes for a sub-account. */
export function surrender(ledger: Ledger, wallet: Address, subAccount: Address, amount: bigint): void {
  take(ledger, wallet, amount);
  ledger.due -= amount;
  add(ledger.dues, subAccount, -amount);
  add(ledger.surrendered, subAccount, amount);
}

/** What is neither paid nor reserved. */
export const leftOf = (of: Ledger): bigint =>
  of.taken + of.proceeds - of.returned - of.converted - of.compensated - of.forfeited - of.transferred - of.reserved;

/**
 * Follows money that moves in a case, out of it or into it; `order` is the digest that the entry tells. Answers false where
 * a holder would get more than its own.
 */
export function move(ledgers: Ledgers, { what, asset, account, amount, value }: Effect, order: Hex): boolean {
  const ledger = ledgerIn(ledgers, asset);
  switch (what) {
    case "returned":
    case "claimDue":
      ledger[what === "returned" ? "returned" : "reserved"] += amount;
      if (what === "claimDue") {
        add(ledger.claims, account, amount);
        ledger.claimants.add(account);
      }
      return useOwed(ledgers, addressIn(value), asset, account, amount);
    case "claimed":
      ledger.reserved -= amount;
      ledger.returned += amount;
      add(ledger.claims, account, -amount);
      return true;
    case "reserved":
      ledger.reserved += amount;
      ledger.compensations.set(order, { rest: amount, proceeds: 0n });
      return true;
    case "compensated": {
      ledger.reserved -= amount;
      ledger.compensated += amount;
      const compensation = ledger.compensations.get(order);
      if (compensation === undefined || amount > compensation.rest) return false;
      compensation.rest -= amount;
      if (compensation.rest < compensation.proceeds) compensation.proceeds = compensation.rest;
      return true;
    }
    case "unreserved": {
      ledger.reserved -= amount;
      const compensation = ledger.compensations.get(order);
      if (compensation?.rest !== amount) return false;
      ledger.proceedsLeft += compensation.proceeds;
      ledger.compensations.delete(order);
      return true;
    }
    case "converted":
      ledger.converted += amount;
      conversionOf(ledger, addressIn(value)).converted += amount;
      return true;
    case "proceeds":
      ledger.proceeds += amount;
      ledger.proceedsLeft += amount;
      conversionOf(ledgerIn(ledgers, addressIn(value)), asset).proceeds += amount;
      return true;
    case "forfeited":
      ledger.forfeited += amount;
      return true;
    case "proceedsSpent": {
      ledger.proceedsLeft -= amount;
      const compensation = ledger.compensations.get(order);
      if (compensation !== undefined) compensation.proceeds = amount;
      return ledger.proceedsLeft >= 0n;
    }
    case "suspense":
      ledger.suspense += amount;
      return true;
    case "transferred":
      return transfer(ledgers, ledger, { asset, amount, value });
    default:
      throw new Error(`${what} moves no money`);
  }
}

function transfer(
  ledgers: Ledgers,
  ledger: Ledger,
  { asset, amount, value }: Pick<Effect, "asset" | "amount" | "value">,
): boolean {
  const { source, holder } = sourceOf(value);
  if (source === SOURCES.suspense) {
    ledger.suspensePaid += amount;
    return true;
  }
  ledger.transferred += amount;
  if (holder !== zeroAddress) add(ledger.transferredFrom, holder, amount);
  if (source === SOURCES.unclaimed) {
    ledger.reserved -= amount;
    add(ledger.claims, holder, -amount);
    return true;
  }
  return holder === zeroAddress || useOwed(ledgers, asset, asset, holder, amount);
}

/** `amount` of `asset` answers for what was taken from the account: proceeds for as much as was delivered for them. */
function useOwed(ledgers: Ledgers, taken: Address, asset: Address, account: Address, amount: bigint): boolean {
  const ledger = ledgerIn(ledgers, taken);
  let used = amount;
  if (taken !== asset) {
    ledgerIn(ledgers, asset).proceedsLeft -= amount;
    const conversion = conversionOf(ledger, asset);
    const { converted, proceeds } = conversion;
    if (converted === 0n || amount > proceeds) return false;
    used = (amount * converted + proceeds - 1n) / proceeds;
    [conversion.converted, conversion.proceeds] = [converted - used, proceeds - amount];
  }
  add(ledger.owed, account, -used);
  return (ledger.owed.get(account) ?? 0n) >= 0n;
}

function conversionOf({ conversions }: Ledger, into: Address): Conversion {
  const conversion = conversions.get(into) ?? { converted: 0n, proceeds: 0n };
  conversions.set(into, conversion);
  return conversion;
}

function add(sums: Map<Address, bigint>, account: Address, amount: bigint): void {
  const sum = (sums.get(account) ?? 0n) + amount;
  if (sum === 0n) sums.delete(account);
  else sums.set(account, sum);
}
