import type { Address } from "viem";
import type { Claim } from "../compensation/index.ts";
import type { Parameters, RuleParameters } from "../deployment/parameters.ts";
import type { ActName } from "../orders/index.ts";
import { ruleFor } from "./approve.ts";
import { Flaw } from "./faults.ts";
import type { Asset, Case, Officer, RulingFile, Wallet } from "./operation.ts";
import { parseAmount } from "./values.ts";

const DAY = 86_400;

/** The terms of contracts/libraries/Terms.sol that a timeline is checked against, in seconds; the chain has the last word. */
export const TERMS = {
  /** By which an appeal makes the delay of every order on its asset in its case longer, once. */
  appeal: 15 * DAY,
  /** After which a licence is in force. */
  license: 7 * DAY,
  /** The least and the most for the claims of a compensation. */
  claims: [90 * DAY, 366 * DAY],
} as const;

/** Whose orders a timeline plays, and what its acts did so far. Amounts are base units, times seconds since the start. */
export interface World {
  now: number;
  parameters: Parameters;
  assets: ReadonlyMap<string, Asset>;
  wallets: ReadonlyMap<string, Wallet>;
  /** Those in office. */
  officers: readonly Officer[];
  /** The ruling at a path of the folder; undefined if it is missing (which is reported elsewhere). */
  rulingAt: (path: string) => RulingFile | undefined;
  /** The claims of a file of the folder; undefined if it is missing or wrong (which is reported elsewhere). */
  claimsAt: (path: string) => readonly Claim[] | undefined;
  dockets: ReadonlyMap<string, Docket>;
  /** By `accountOf`: the claims on an account of an asset, by placement. */
  entries: Map<string, Entry[]>;
  /** By `accountOf`: seconds of the freezes of an account. */
  freezes: Map<string, number[]>;
  /** By `accountOf`. */
  balances: Map<string, bigint>;
  /** By the wallet's name: the first and the last second of its licence. */
  licences: Map<string, { first: number; until: number }>;
  /** Sub-accounts that were asked for, by `accountOf`. */
  parts: Map<string, Part>;
}

/** A case as the timeline moves it. */
export interface Docket {
  case: Case;
  frozen: boolean;
  opened: boolean;
  custody: Map<string, Custody>;
  /** Deposits not yet booked, by asset. */
  deposits: Map<string, bigint>;
  /** Targets ("asset account") that were held, on which a court decided, of which a hold ended by time. */
  held: Set<string>;
  arrested: Set<string>;
  lapsed: Set<string>;
}

/** A claim of a case on an account. */
export interface Entry {
  docket: Docket;
  asset: string;
  account: Address;
  /** What is neither lifted nor seized. */
  amount: bigint;
  until: number;
  arrested: boolean;
  /** Of a sub-account: no money lies there on the chain. */
  part?: Part;
}

/** A sub-account of a platform's wallet, by its wallet. */
export interface Part {
  wallet: Wallet;
  /** Undefined: the platform has not answered. */
  withheld: bigint | undefined;
  /** What the platform owes after seizures, by case. */
  due: Map<Docket, bigint>;
}

/** What a case took of an asset, or got for another, and what became of it. */
export interface Custody {
  taken: bigint;
  proceeds: bigint;
  paid: bigint;
  reserved: bigint;
  converted: bigint;
  suspense: bigint;
  /** What of the proceeds is neither paid nor reserved: what was taken goes first. */
  proceedsLeft: bigint;
  /** What came when: taken or received, and booked as suspense. */
  comings: Coming[];
  suspenseComings: Coming[];
  /** When a holder last appealed against a disposal of it. */
  appealedAt?: number;
  takenFrom: Map<Address, bigint>;
  /** What holders got back of what was taken, in proceeds too. */
  returned: Map<Address, bigint>;
  /** By the asset of the proceeds. */
  conversions: Map<string, { converted: bigint; proceeds: bigint }>;
}

/** Base units, seconds since the start. */
export interface Coming {
  at: number;
  amount: bigint;
}

export const open = (it: Case): Docket => ({
  ...{ case: it, frozen: false, opened: false, custody: new Map(), deposits: new Map() },
  ...{ held: new Set(), arrested: new Set(), lapsed: new Set() },
});

export const accountOf = (asset: string, account: Address): string => `${asset} ${account}`;

/** The custody of a case in an asset, made if it is missing. */
export function custodyOf({ custody }: Docket, asset: string): Custody {
  const found: Custody = custody.get(asset) ?? {
    ...{ taken: 0n, proceeds: 0n, paid: 0n, reserved: 0n, converted: 0n, suspense: 0n, proceedsLeft: 0n },
    ...{ comings: [], suspenseComings: [] },
    ...{ takenFrom: new Map(), returned: new Map(), conversions: new Map() },
  };
  custody.set(asset, found);
  return found;
}

/** What a case may still dispose of. */
export const leftOf = ({ taken, proceeds, paid, reserved }: Custody): bigint => taken + proceeds - paid - reserved;

/** What of `left` came `age` seconds ago or earlier: what leaves counts as the oldest. */
export function ripeOf(comings: readonly Coming[], left: bigint, now: number, age: number): bigint {
  const young = comings.reduce((sum, { at, amount }) => (at + age > now ? sum + amount : sum), 0n);
  return left > young ? left - young : 0n;
}

/** What was taken from a holder and not given back. */
export const owedTo = ({ takenFrom, returned }: Custody, holder: Address): bigint =>
  (takenFrom.get(holder) ?? 0n) - (returned.get(holder) ?? 0n);

export const balanceOf = ({ balances }: World, asset: string, account: Address): bigint =>
  balances.get(accountOf(asset, account)) ?? 0n;

/** The alternative of its rule by which an act is decided. */
export const ruleOf = ({ parameters, officers }: World, act: ActName, by?: readonly string[]): RuleParameters =>
  ruleFor(act, parameters, officers, by);

/** Adds to a balance, or takes from it. */
export function shift(world: World, asset: string, account: Address, by: bigint): void {
  world.balances.set(accountOf(asset, account), balanceOf(world, asset, account) + by);
}

/** Throws a Flaw: UnknownCase. */
export function docketOf({ dockets }: World, id: string): Docket {
  const docket = dockets.get(id);
  if (docket !== undefined) return docket;
  throw new Flaw("UnknownCase", `the case ${JSON.stringify(id)} is not one of the operation`, ["case"]);
}

/** Throws a Flaw: UnknownAsset. */
export function assetIn({ assets }: World, symbol: string, keys: Flaw["keys"] = ["asset"]): Asset {
  const asset = assets.get(symbol);
  if (asset !== undefined) return asset;
  const known = [...assets.keys()].join(", ");
  throw new Flaw("UnknownAsset", `the asset ${JSON.stringify(symbol)} is not one of ${known}`, keys);
}

/** Base units. Throws a Flaw: UnknownAsset, BadAmount, TooManyDecimals, AmountTooLarge. */
export function unitsOf(world: World, symbol: string, amount: string, keys: Flaw["keys"] = ["amount"]): bigint {
  const { decimals } = assetIn(world, symbol, keys);
  try {
    return parseAmount(amount, decimals);
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
    throw new Flaw(error.fault, error.message, keys);
  }
}

/** Throws a Flaw: UnknownWallet. */
export function walletIn({ wallets }: World, name: string): Wallet {
  const wallet = wallets.get(name);
  if (wallet !== undefined) return wallet;
  throw new Flaw("UnknownWallet", `the wallet ${JSON.stringify(name)} is not one of the operation`, ["wallet"]);
}

/** The ruling of an act, or the case's own. Throws a Flaw: MissingRuling. */
export function rulingOf({ rulingAt }: World, path: string | undefined, docket?: Docket): RulingFile {
  const ruling = path === undefined ? docket?.case.ruling : rulingAt(path);
  if (ruling !== undefined) return ruling;
  throw new Flaw("MissingRuling", `the folder has no file ${path} that can be read`, ["ruling"]);
}
