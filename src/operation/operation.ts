import type { Address } from "viem";
import type { Claim } from "../compensation/index.ts";
import type { Parameters } from "../deployment/parameters.ts";
import type { Ruling } from "../orders/files.ts";
import type { ActName } from "../orders/types.ts";
import type { Method } from "../tracing/methods.ts";

/** An operation folder, read and found whole: amounts are base units, times Unix seconds or seconds since `start`. */
export interface Operation {
  name: string;
  /** Who decides what, and for how long. */
  parameters: Parameters;
  /** Unix seconds of the timeline's zero. */
  start: number;
  /** What keys and salts derive from, on chain 31337 only. */
  seed: string;
  officers: Officer[];
  assets: Asset[];
  cases: Case[];
  wallets: Wallet[];
  /** In order of time. */
  timeline: ToldAct[];
  totals: Totals;
  /** Where the histories are that the targets come out of; without them the targets are taken as they are. */
  trace?: TraceFiles;
}

/** Files of a trace, by their paths. */
export interface TraceFiles {
  /** The operation's folder. */
  dir: string;
  method: Method;
  /** `line` in case.json. */
  stops: { path: string; line: number };
  /** `least`: base units below which an account need not be a target. */
  assets: { asset: Asset; transfers: string; seeds: string; least: bigint }[];
  /** Accounts that officers named without a trace; `line` in case.json. */
  byHand: { account: Address; reason: string; line: number }[];
}

export interface Officer {
  agency: string;
  name: string;
}

export interface Asset {
  symbol: string;
  decimals: number;
  kind: "sovereign";
  /** Units of the asset per US dollar, as the exact fraction units / scale. */
  perUsd: { units: bigint; scale: bigint };
}

export interface Case {
  id: string;
  ruling: RulingFile;
  /** In the order of targets.csv, each (asset, account) once. */
  targets: Target[];
}

/** A ruling's file: `path` is relative to the operation's folder, `file` the name alone. */
export interface RulingFile extends Ruling {
  path: string;
}

/** An amount of an asset (its symbol) of an account. */
export interface Holding {
  asset: string;
  account: Address;
  amount: bigint;
}

export interface Target extends Holding {
  platform: string;
  group: string;
  /** Line in targets.csv. */
  line: number;
}

/** A wallet of a licensed platform. */
export interface Wallet {
  name: string;
  platform: string;
  /** The money of many customers lies in it. */
  omnibus: boolean;
  address: Address;
  /** What lies in it at the start: base units by symbol. */
  holds: ReadonlyMap<string, bigint>;
}

/** An order that is in a case and rests on a ruling. */
export interface CaseOrder {
  case: string;
  ruling: RulingFile;
}

/** What one order names: the holdings of one case. */
export interface PlannedOrder extends CaseOrder {
  holdings: Holding[];
  /** What an arrest newly holds. */
  place?: Holding[];
}

/** A repayment: `taken` is the symbol of the asset that it answers for. */
export interface Repayment extends Holding {
  taken: string;
}

/** A payment out of custody or suspense that is scheduled. */
export type Disposal = CaseOrder & { asset: string; amount: bigint } & (
    | { act: "forfeit" }
    /** `amount` is the total of the list that the claims and the pool make; `claimTerm` in seconds. */
    | { act: "compensate"; claims: readonly Claim[]; pool: bigint; claimTerm: number }
    | { act: "convert"; wallet: Wallet; proceedsAsset: string; leastProceeds: bigint }
    | { act: "transfer"; source: "custody" | "suspense"; holder?: Address; to: Address }
  );

/** The disposals as orders and rules name them. */
export const DISPOSALS = {
  forfeit: "Forfeit",
  compensate: "Compensate",
  convert: "Convert",
  transfer: "Transfer",
} as const satisfies Record<Disposal["act"], ActName>;

/** A part of a platform's wallet, which the platform alone knows by its name. */
export interface SubAccount {
  asset: string;
  wallet: Wallet;
  subAccount: string;
  amount: bigint;
}

/** An officer that goes when it has approved: it withdraws that approval, or is dismissed on a ruling. */
export interface Departure {
  officer: string;
  how: "cancel" | "dismiss";
  ruling: RulingFile;
}

/** Of an act on orders: who approves them, by name, if not the officers of the first alternative that can be met. */
export interface Approved {
  by?: readonly string[];
}

/** Of an act whose orders lose an officer's approval before they are executed. */
interface Interrupted extends Approved {
  leaves?: Departure;
}

/** Which cases an act is about: "*" are those that it can apply to when it is played. */
export type Scope = "*" | readonly Case[];

/** What an arrest concerns: a part of a live hold, or a new one. */
export interface OfCase extends Holding {
  case: string;
}

/** When an act is played, in seconds since the operation's start, and where case.json tells it. */
export interface Moment {
  at: number;
  line: number;
}

/** An act whose targets are read from the journal when it is played. */
type Open =
  | ({
      act: "arrest";
      cases: Scope;
      except: ReadonlySet<Address>;
      parts: readonly OfCase[];
      place: readonly OfCase[];
      until: number;
    } & Interrupted)
  | { act: "lapse" }
  | ({ act: "seize"; cases: Scope } & Interrupted)
  /** All that is left, of one asset or of each. */
  | ({ act: "forfeit"; id: string; cases: Scope; asset?: string; ruling?: RulingFile } & Approved)
  | { act: "book"; cases: Scope }
  | { act: "open"; cases: Scope };

/** The same act with its targets. */
type Resolved =
  | ({ act: "arrest"; orders: PlannedOrder[]; until: number } & Interrupted)
  | { act: "lapse"; ended: { case: string; holdings: Holding[] }[] }
  | ({ act: "seize"; orders: PlannedOrder[] } & Interrupted)
  | { act: "book"; deposits: { case: string; asset: string; amount: bigint }[] }
  | { act: "open"; cases: string[] };

/** An act that the timeline tells whole. Scheduled orders are known by the name that it gives them. */
type Whole =
  | ({ act: "freeze"; orders: PlannedOrder[] } & Approved)
  | ({ act: "lift"; orders: [PlannedOrder] } & Interrupted)
  | ({ act: "return"; orders: [CaseOrder & { holdings: Repayment[] }] } & Interrupted)
  | ({ act: Disposal["act"]; id: string; disposals: Disposal[] } & Approved)
  | { act: "execute"; orders: string[]; proceeds?: bigint }
  | ({ act: "stay"; order: string; until: number; ruling: RulingFile } & Approved)
  | ({ act: "veto"; order: string; ruling: RulingFile } & Approved)
  | { act: "appeal"; order: string; asset: string; holder: Address; ruling: RulingFile }
  | { act: "claim"; order: string; claims: string[] }
  | { act: "unreserve"; order: string }
  | ({ act: "license"; wallet: Wallet; until: number; ruling: RulingFile } & Approved)
  | ({ act: "suspend"; platform: string; ruling: RulingFile } & Approved)
  | ({ act: "exchange-hold"; order: CaseOrder & SubAccount } & Approved)
  | { act: "acknowledge"; withheld: SubAccount }
  | { act: "surrender"; case: string; surrendered: SubAccount }
  | ({ act: "dismiss"; officer: string; compromised: boolean; ruling: RulingFile } & Approved)
  | { act: "move"; asset: string; from: Address; to: Address; amount: bigint }
  | { act: "deposit"; case: string; asset: string; amount: bigint }
  | ({ act: "attempt"; kind: AttemptKind; order: PlannedOrder; to?: Address; refused: string } & Approved);

/** One act as the timeline tells it. */
export type ToldAct = Moment & (Open | Whole);

/** One act as it is played. */
export type Act = Moment & (Resolved | Whole);

export type AttemptKind = "freeze" | "lift" | "seize" | "return" | "transfer";

export type ActOf<Name extends Act["act"]> = Extract<Act, { act: Name }>;
export type ToldActOf<Name extends Act["act"]> = Extract<ToldAct, { act: Name }>;

/** The folder's own totals, which equal what its `expect` says. Targets count holds. */
export interface Totals {
  targets: number;
  cases: number;
  accounts: number;
  platforms: number;
  groups: number;
  /** Targets that a court is to hold, and of which a hold is to end by time, where `expect` says so. */
  arrested?: number | undefined;
  lapsed?: number | undefined;
  /** US dollars of all targets at each asset's perUsd, as the exact fraction units / scale. */
  usd: { units: bigint; scale: bigint };
}
