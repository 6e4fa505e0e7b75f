import { FIRST_WALLET } from "../lists/stops.ts";
import { getAddress } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { MAX_AMOUNT } from "../../orders/types.ts";
import type { Target } from "../../orders/types.ts";
import { COMPARISON_ONLY, type Method } from "../methods.ts";
import type { Evidence, Holding } from "./read.ts";
import { sum } from "./totals.ts";

export const PLAN_SCHEMA = "sequester.trace-plan/1";

/** The plan cannot be made: of what, and what it needs. Exit code 64. */
export class PlanRefusedError extends SequesterError {
  override name = "PlanRefusedError";
  constructor(reason: string, has: string, needs: string) {
    super(`There can be no plan: ${reason}.`, { code: EXIT.usage, metaMessages: [`has: ${has}`, `needs: ${needs}`] });
  }
}

/** An account that must not be frozen, and what it is. */
export interface Spared {
  /** Such as "service", "contract", "vault" or "treasury". */
  readonly role: string;
  readonly label: string;
}

export interface PlanOptions {
  /** The one method of the order. */
  readonly method: Method;
  /** The asset's contract, where the evidence does not name it. */
  readonly asset?: string | undefined;
  /** Smaller amounts are not proposed; base units. */
  readonly least: bigint;
  /** The issuer can freeze whole accounts only. */
  readonly wholeAccount: boolean;
  /** Unix seconds after which the plan is dead. */
  readonly expires: number;
  /** Accounts that are not proposed, by lower-case address, besides the services of the evidence. */
  readonly never: ReadonlyMap<string, Spared>;
}

/** An amount in an account that may be frozen. Amounts are base units. */
export interface PlanTarget {
  readonly asset: string;
  readonly account: string;
  /** min(taint, balance) at the evidence block. */
  readonly amount: bigint;
  readonly balance: bigint;
  /** Untraced money that is frozen with it, where the whole account is; 0 otherwise. */
  readonly overFreeze: bigint;
  /** What each traced method says: no bound, but how far opinions go. */
  readonly byMethod: ReadonlyMap<Method, bigint>;
}

/** An account that has traced money and is not proposed. */
export interface Excluded {
  readonly account: string;
  readonly amount: bigint;
  readonly reason: string;
  readonly label: string;
}

/** A service that is to be asked who got the money. */
export interface Disclosure {
  readonly account: string;
  readonly label: string;
  readonly kind: string;
  readonly source: string;
  /** Of the entry that names the service. */
  readonly date: string;
  readonly amount: bigint;
  /** What brought it; empty where the evidence has no ledgers. */
  readonly transfers: readonly {
    readonly block: number;
    readonly logIndex: number;
    readonly time: string;
    readonly transaction: string;
    readonly from: string;
    readonly amount: bigint;
    readonly taint: bigint;
  }[];
}

export interface Plan {
  readonly schema: typeof PLAN_SCHEMA;
  readonly method: Method;
  readonly asset: string;
  readonly decimals: number | null;
  /** What the plan rests on: hashes are SHA-256, that of the block where a node told it. */
  readonly evidence: {
    readonly block: number;
    readonly hash: string | null;
    readonly time: number | null;
    readonly manifest: string;
    readonly result: string;
  };
  /** Unix seconds. */
  readonly expires: number;
  readonly wholeAccount: boolean;
  readonly least: bigint;
  /** In order of the account. */
  readonly targets: readonly PlanTarget[];
  readonly excluded: readonly Excluded[];
  readonly disclosures: readonly Disclosure[];
  /** injected = targets + excluded + sinks + burned. */
  readonly totals: {
    readonly targets: bigint;
    readonly overFreeze: bigint;
    readonly excluded: bigint;
    readonly sinks: bigint;
    readonly burned: bigint;
    readonly injected: bigint;
  };
}

const ADDRESS = /^0x[0-9a-f]{40}$/;
/**
 * What may be frozen of the traced money, by one method: never a service, contract, vault or treasury that is named, nor
 * what no key can own. What is not proposed is named with its reason.
 * @throws PlanRefusedError, MethodNotTracedError, FileAccessError, EvidenceAlteredError
 */
export function planOf(evidence: Evidence, options: PlanOptions): Plan {
  const { method, least, wholeAccount, expires } = options;
  const { manifest } = evidence;
  if (COMPARISON_ONLY.has(method)) {
    throw new PlanRefusedError(`${method} is for comparison only`, method, "a method that an order may rest on");
  }
  evidence.needMethod(method);
  const asset = assetOf(manifest.asset, options.asset);
  const targets: PlanTarget[] = [];
  const excluded: Excluded[] = [];
  const spared = sparedBy(evidence, asset, options.never);
  for (const { account, balance, taints } of evidence.holdings()) {
    const amount = least0(taints.get(method)!, balance);
    if (amount === 0n) continue;
    const reason = reasonOf(account, amount, least, spared);
    if (reason !== undefined) excluded.push({ account, amount, ...reason });
    else {
      const overFreeze = wholeAccount ? balance - amount : 0n;
      targets.push({ asset, account, amount, balance, overFreeze, byMethod: taints });
    }
  }
  const disclosures = disclosuresOf(evidence, method);
  const { injected, burned } = manifest.totals.find((totals) => totals.method === method)!;
  return {
    schema: PLAN_SCHEMA,
    method,
    asset,
    decimals: manifest.decimals,
    evidence: { ...manifest.evidence, manifest: evidence.hash, result: manifest.result },
    expires,
    wholeAccount,
    least,
    targets,
    excluded,
    disclosures,
    totals: {
      targets: sum(targets.map(({ amount }) => amount)),
      overFreeze: sum(targets.map(({ overFreeze }) => overFreeze)),
      excluded: sum(excluded.map(({ amount }) => amount)),
      sinks: sum(disclosures.map(({ amount }) => amount)),
      burned: BigInt(burned),
      injected: BigInt(injected),
    },
  };
}

/** The same plan without some of its targets, which are named among the excluded. */
export function without(plan: Plan, spared: ReadonlyMap<string, Spared>): Plan {
  const left = plan.targets.filter(({ account }) => spared.has(account));
  if (left.length === 0) return plan;
  const targets = plan.targets.filter(({ account }) => !spared.has(account));
  const excluded = left.map(({ account, amount }) => {
    const { role, label } = spared.get(account)!;
    return { account, amount, reason: role, label };
  });
  const all = [...plan.excluded, ...excluded].sort((a, b) => (a.account < b.account ? -1 : 1));
  return {
    ...plan,
    targets,
    excluded: all,
    totals: {
      ...plan.totals,
      targets: sum(targets.map(({ amount }) => amount)),
      overFreeze: sum(targets.map(({ overFreeze }) => overFreeze)),
      excluded: sum(all.map(({ amount }) => amount)),
    },
  };
}

/** What an order names: strictly ascending, as every order must have them. */
export const orderTargets = ({ targets }: Plan): Target[] =>
  targets.map(({ asset, account, amount }) => ({ asset: getAddress(asset), account: getAddress(account), amount }));

function assetOf(known: string | null, named: string | undefined): string {
  const asset = named?.toLowerCase() ?? known;
  if (asset === null) {
    throw new PlanRefusedError("the asset is not known", "evidence that does not name it", "--asset ADDRESS");
  }
  if (!ADDRESS.test(asset)) {
    throw new PlanRefusedError("the asset is no address", JSON.stringify(named), "0x and 40 hexadecimal digits");
  }
  if (known !== null && asset !== known) {
    throw new PlanRefusedError("the evidence is of another asset", known, asset);
  }
  return asset;
}

function sparedBy(
  { manifest }: Evidence,
  asset: string,
  never: ReadonlyMap<string, Spared>,
): ReadonlyMap<string, Spared> {
  const stops = manifest.stops.map(({ address, label }): [string, Spared] => [address, { role: "service", label }]);
  return new Map<string, Spared>([...never, ...stops, [asset, { role: "contract", label: "the asset" }]]);
}

/** Why an amount in an account (lower-case) is not proposed; undefined where it is. */
export function reasonOf(account: string, amount: bigint, least: bigint, spared: ReadonlyMap<string, Spared>) {
  const known = spared.get(account);
  if (known !== undefined) return { reason: known.role, label: known.label };
  if (BigInt(account) < FIRST_WALLET) return { reason: "no key can own it", label: "" };
  if (amount < least) return { reason: "below the least amount", label: "" };
  if (amount > MAX_AMOUNT) return { reason: "more than a hold can keep", label: "" };
  return undefined;
}

function disclosuresOf(evidence: Evidence, method: Method): Disclosure[] {
  const stops = new Map(evidence.manifest.stops.map((stop) => [stop.address, stop]));
  return evidence.sinks().flatMap(({ account, taints }) => {
    const amount = taints.get(method)!;
    if (amount === 0n) return [];
    const { label = "", kind = "", source = "", date = "" } = stops.get(account) ?? {};
    const lines = evidence.hasLedger(account) ? evidence.ledger(account, method) : [];
    const transfers = lines
      .filter(({ direction, moved }) => direction === "in" && moved > 0n)
      .map(({ block, logIndex, time, transaction, counterparty, amount, moved }) => ({
        block: block!,
        logIndex: logIndex!,
        time,
        transaction,
        from: counterparty,
        amount,
        taint: moved,
      }));
    return [{ account, label, kind, source, date, amount, transfers }];
  });
}

const least0 = (a: Holding["balance"], b: bigint): bigint => (a < b ? a : b);
