import { InvalidPoolError, shareOut, type Claim } from "../../compensation/index.ts";
import { Flaw, type FaultName } from "./faults.ts";
import type {
  Approved,
  Asset,
  Case,
  Departure,
  Disposal,
  Holding,
  OfCase,
  Officer,
  Repayment,
  RulingFile,
  Scope,
  SubAccount,
  ToldAct,
  Wallet,
} from "../operation.ts";
import type { TimelineEntry } from "./timeline.ts";
import { formatOffset } from "../../base/time.ts";
import { parseAmount } from "./values.ts";

/** Where in the timeline a fault stands: the entry's index and the keys below it. */
export type Report = (path: readonly (string | number)[], name: FaultName, reason: string) => void;

/** What a timeline may name. */
export interface Named {
  assets: ReadonlyMap<string, Asset>;
  cases: ReadonlyMap<string, Case>;
  wallets: ReadonlyMap<string, Wallet>;
  officers: readonly Officer[];
  /** The ruling at a path of the folder; undefined if it is missing (which is reported elsewhere). */
  rulingAt: (path: string) => RulingFile | undefined;
  /** The claims at a path of the folder; undefined if they are missing or wrong (which is reported elsewhere). */
  claimsAt: (path: string) => readonly Claim[] | undefined;
}

type EntryOf<Name extends TimelineEntry["act"]> = Extract<TimelineEntry, { act: Name }>;
type Keys = Flaw["keys"];

/**
 * The acts of a timeline, in base units. Reports what the folder alone shows to be wrong: what the contracts would do is not
 * guessed, they say it when the acts are played.
 */
export function readTimeline(
  timeline: readonly TimelineEntry[],
  { assets, cases, wallets, officers, rulingAt, claimsAt }: Named,
  lineOf: (index: number) => number,
  report: Report,
): ToldAct[] {
  /** What was scheduled so far, by its name. */
  const scheduled = new Map<string, EntryOf<Disposal["act"]>>();
  const frozen = new Set<Case>();
  let now = 0;
  return timeline.flatMap((entry, index) => {
    const fault: Report = (keys, name, reason) => report([index, ...keys], name, reason);
    const { at, act } = entry;
    if (at < now) fault(["at"], "TimelineOrder", `${act} at ${formatOffset(at)} comes after ${formatOffset(now)}`);
    now = Math.max(now, at);
    try {
      return [{ at, line: lineOf(index), ...approvalOf(entry), ...actOf(entry, fault) } as ToldAct];
    } catch (error) {
      if (!(error instanceof Flaw)) throw error;
      fault(error.keys, error.fault, error.message);
      return [];
    } finally {
      if ("id" in entry && !scheduled.has(entry.id)) scheduled.set(entry.id, entry);
    }
  });

  function actOf(entry: TimelineEntry, fault: Report): Omit<ToldAct, "at" | "line"> | Partial<ToldAct> {
    const { act } = entry;
    switch (act) {
      case "freeze": {
        const scope =
          entry.cases === "*" ? [...cases.values()].filter((it) => !frozen.has(it)) : named(entry.cases, fault);
        if (scope.length === 0 && entry.cases === "*") {
          throw new Flaw("NothingToDo", "no case is left that this act can apply to", ["cases"]);
        }
        const except = new Set<string>(entry.except);
        const orders = scope.map((it) => {
          frozen.add(it);
          const holdings = it.targets.filter(({ account }) => !except.has(account)).map(holdingOf);
          if (holdings.length > 0) return { case: it.id, ruling: it.ruling, holdings };
          throw new Flaw("LastTarget", `the case ${it.id} would have no target: each is of an except`, ["cases"]);
        });
        return { act, orders };
      }
      case "arrest": {
        const scope = scopeOf(entry.cases, fault);
        const among = scope === "*" ? [...cases.values()] : scope;
        const read = (key: "parts" | "place") => {
          const distinct = distinctly();
          return each(entry[key] ?? [], key, fault, (of, i): OfCase => {
            distinct(of);
            const docket = among.find(({ id }) => id === of.case);
            if (docket === undefined) {
              throw new Flaw("UnknownCase", `the case ${JSON.stringify(of.case)} is not one of this arrest`, [i]);
            }
            if (key === "place" && !docket.targets.some((target) => isSame(target, of))) {
              const reason = `${of.asset} of ${of.account}, to be placed, is no target of the case ${of.case}`;
              throw new Flaw("UnknownAccount", reason, [i]);
            }
            return { ...of, amount: unitsOf(of.asset, of.amount, [i]) };
          });
        };
        const [parts, place, except] = [read("parts"), read("place"), new Set(entry.except)];
        return { act, cases: scope, except, parts, place, until: entry.until };
      }
      case "lapse":
        return { act };
      case "lift":
        return { act, orders: [orderOf(entry, { holdings: holdingsOf(entry.holds, fault) })] };
      case "return": {
        const distinct = distinctly();
        const holdings = each(entry.holders, "holders", fault, ({ taken, ...of }, i): Repayment => {
          distinct({ ...of, taken });
          return { ...of, taken: assetIn(taken ?? of.asset, [i]).symbol, amount: unitsOf(of.asset, of.amount, [i]) };
        });
        return { act, orders: [orderOf(entry, { holdings })] };
      }
      case "seize":
      case "book":
      case "open":
        return { act, cases: scopeOf(entry.cases, fault) };

      case "forfeit": {
        const { id, asset, amount } = entry;
        requireNew(id);
        if (asset !== undefined) assetIn(asset);
        const scope = scopeOf(entry.cases, fault);
        const ruling = entry.ruling === undefined ? undefined : rulingIn(entry.ruling);
        if (amount === undefined) return { act, id, cases: scope, ...(asset && { asset }), ...(ruling && { ruling }) };
        const [docket] = scope;
        if (asset === undefined || scope === "*" || scope.length > 1) {
          throw new Flaw("BadAmount", "an amount needs one case and an asset", ["amount"]);
        }
        const of = docket as Case;
        const units = unitsOf(asset, amount);
        return { act, id, disposals: [{ act, case: of.id, ruling: ruling ?? of.ruling, asset, amount: units }] };
      }
      case "compensate": {
        const { claimTerm, asset } = entry;
        const claims = claimsAt(entry.claims);
        if (claims === undefined)
          throw new Flaw("BadClaims", `the claims of ${entry.claims} cannot be read`, ["claims"]);
        const pool = unitsOf(asset, entry.pool, ["pool"]);
        return disposing(entry, { act, asset, amount: totalOf(claims, pool), claims, pool, claimTerm });
      }
      case "convert": {
        const { asset, proceedsAsset } = entry;
        const leastProceeds = unitsOf(proceedsAsset, entry.leastProceeds, ["leastProceeds"]);
        const amount = unitsOf(asset, entry.amount);
        return disposing(entry, { act, asset, amount, wallet: walletIn(entry.wallet), proceedsAsset, leastProceeds });
      }
      case "transfer": {
        const { asset, source, holder, to } = entry;
        const amount = unitsOf(asset, entry.amount);
        return disposing(entry, { act, asset, amount, source, to, ...(holder && { holder }) });
      }
      case "execute": {
        const orders = each(entry.orders, "orders", fault, (id) => (scheduledAs(id), id));
        const conversion = orders.map((id) => scheduledAs(id)).find((it) => it.act === "convert");
        if (conversion === undefined) return { act, orders };
        if (entry.proceeds === undefined) {
          const reason = `the conversion ${conversion.id} needs the proceeds that the wallet pays`;
          throw new Flaw("BelowLeast", reason, ["proceeds"]);
        }
        return { act, orders, proceeds: unitsOf(conversion.proceedsAsset, entry.proceeds, ["proceeds"]) };
      }
      case "stay":
        return { act, ...about(entry), until: entry.until };
      case "veto":
        return { act, ...about(entry) };
      case "appeal":
        assetIn(entry.asset);
        return { act, ...about(entry), asset: entry.asset, holder: entry.holder };
      case "claim": {
        const names = new Set(claimsAt(compensationIn(entry.order).claims)?.map(({ id }) => id));
        const claims = each(entry.claims, "claims", fault, (name) => {
          if (names.has(name)) return name;
          throw new Flaw("UnknownClaim", `the list of ${entry.order} has no claim ${JSON.stringify(name)}`);
        });
        return { act, order: entry.order, claims };
      }
      case "unreserve":
        compensationIn(entry.order);
        return { act, order: entry.order };

      case "license":
        return { act, wallet: walletIn(entry.wallet), until: entry.until, ruling: rulingIn(entry.ruling) };
      case "suspend": {
        const { platform } = entry;
        if (![...wallets.values()].some((wallet) => wallet.platform === platform)) {
          throw new Flaw("UnknownWallet", `no wallet is of the platform ${JSON.stringify(platform)}`, ["platform"]);
        }
        return { act, platform, ruling: rulingIn(entry.ruling) };
      }
      case "exchange-hold":
        return { act, order: orderOf(entry, subAccountOf(entry)) };
      case "acknowledge":
        return { act, withheld: subAccountOf(entry) };
      case "surrender":
        return { act, case: caseIn(entry.case).id, surrendered: subAccountOf(entry) };
      case "dismiss": {
        const { officer, compromised = false } = entry;
        requireOfficer(officer, ["officer"]);
        return { act, officer, compromised, ruling: rulingIn(entry.ruling) };
      }

      case "move": {
        const { asset, from, to } = entry;
        return { act, asset, from, to, amount: unitsOf(asset, entry.amount) };
      }
      case "deposit": {
        const { asset } = entry;
        return { act, case: caseIn(entry.case).id, asset, amount: unitsOf(asset, entry.amount) };
      }
      case "attempt": {
        const { order: kind, to, refused } = entry;
        if (kind === "transfer" && to === undefined) throw new Flaw("UnknownAccount", "a transfer needs a payee");
        const order = orderOf(entry, { holdings: holdingsOf(entry.holds, fault) });
        return { act, kind, order, refused, ...(to && { to }) };
      }
    }
  }

  /** Who approves the orders of an act, and who leaves in the midst. */
  function approvalOf(entry: TimelineEntry): Approved & { leaves?: Departure } {
    const by = "by" in entry ? entry.by : undefined;
    for (const [i, name] of (by ?? []).entries()) requireOfficer(name, ["by", i]);
    const leaves = "leaves" in entry ? entry.leaves : undefined;
    if (leaves !== undefined) requireOfficer(leaves.officer, ["leaves", "officer"]);
    return { ...(by && { by }), ...(leaves && { leaves: { ...leaves, ruling: rulingIn(leaves.ruling) } }) };
  }

  function requireOfficer(name: string, keys: Keys): void {
    if (officers.some((officer) => officer.name === name)) return;
    throw new Flaw("UnknownOfficer", `there is no officer ${name}`, keys);
  }

  function scopeOf(ids: "*" | string[], fault: Report): Scope {
    return ids === "*" ? ids : named(ids, fault);
  }

  function named(ids: readonly string[], fault: Report): Case[] {
    const seen = new Set<string>();
    return each(ids, "cases", fault, (id) => {
      if (seen.has(id)) throw new Flaw("DuplicateCase", `the case ${id} is named twice`);
      seen.add(id);
      return caseIn(id);
    });
  }

  function caseIn(id: string): Case {
    const found = cases.get(id);
    if (found !== undefined) return found;
    throw new Flaw("UnknownCase", `the case ${JSON.stringify(id)} is not one of the operation`, ["case"]);
  }

  function orderOf<T>({ case: id, ruling: file }: { case: string; ruling?: string | undefined }, of: T) {
    const docket = caseIn(id);
    return { case: id, ruling: file === undefined ? docket.ruling : rulingIn(file), ...of };
  }

  function disposing<T>(entry: EntryOf<Exclude<Disposal["act"], "forfeit">>, of: T & { act: Disposal["act"] }) {
    requireNew(entry.id);
    return { act: of.act, id: entry.id, disposals: [orderOf(entry, of)] } as Partial<ToldAct>;
  }

  function holdingsOf(holds: EntryOf<"lift">["holds"], fault: Report): Holding[] {
    const distinct = distinctly();
    return each(holds, "holds", fault, (of, i) => {
      distinct(of);
      return { ...of, amount: unitsOf(of.asset, of.amount, [i]) };
    });
  }

  function about({ order, ruling }: { order: string; ruling: string }) {
    scheduledAs(order);
    return { order, ruling: rulingIn(ruling) };
  }

  function requireNew(id: string): void {
    if (scheduled.has(id)) throw new Flaw("DuplicateOrder", `there is an order ${id} already`, ["id"]);
  }

  function scheduledAs(id: string): EntryOf<Disposal["act"]> {
    const found = scheduled.get(id);
    if (found !== undefined) return found;
    throw new Flaw("UnknownOrder", `there is no order ${id} by then`, ["order"]);
  }

  function compensationIn(id: string): EntryOf<"compensate"> {
    const found = scheduledAs(id);
    if (found.act === "compensate") return found;
    throw new Flaw("UnknownOrder", `the order ${id} is a ${found.act}, needs to be a compensation`, ["order"]);
  }

  function rulingIn(file: string): RulingFile {
    const ruling = rulingAt(file);
    if (ruling !== undefined) return ruling;
    throw new Flaw("MissingRuling", `the folder has no file ${file} that can be read`, ["ruling"]);
  }

  function assetIn(symbol: string, keys: Keys = ["asset"]): Asset {
    const asset = assets.get(symbol);
    if (asset !== undefined) return asset;
    const known = [...assets.keys()].join(", ");
    throw new Flaw("UnknownAsset", `the asset ${JSON.stringify(symbol)} is not one of ${known}`, keys);
  }

  function walletIn(name: string): Wallet {
    const wallet = wallets.get(name);
    if (wallet !== undefined) return wallet;
    throw new Flaw("UnknownWallet", `the wallet ${JSON.stringify(name)} is not one of the operation`, ["wallet"]);
  }

  function subAccountOf({ asset, wallet, subAccount, amount }: Record<keyof SubAccount, string>): SubAccount {
    return { asset, wallet: walletIn(wallet), subAccount, amount: unitsOf(asset, amount) };
  }

  /** Base units. */
  function unitsOf(symbol: string, amount: string, keys: Keys = ["amount"]): bigint {
    const { decimals } = assetIn(symbol, keys);
    try {
      return parseAmount(amount, decimals);
    } catch (error) {
      if (!(error instanceof Flaw)) throw error;
      throw new Flaw(error.fault, error.message, keys);
    }
  }
}

/** The results of a list, with the fault of each item reported in its place. */
function each<T, R>(list: readonly T[], key: string, fault: Report, read: (item: T, index: number) => R): R[] {
  return list.flatMap((item, i) => {
    try {
      return [read(item, i)];
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
  return ({
    account,
    asset,
    taken = asset,
    ...more
  }: Record<"account" | "asset", string> & { taken?: string | undefined; case?: string }) => {
    const key = [account, asset, taken, more.case].join(" ");
    if (seen.has(key)) throw new Flaw("DuplicateTarget", `${asset} of ${account} is named twice`);
    seen.add(key);
  };
}

function totalOf(claims: readonly Claim[], pool: bigint): bigint {
  try {
    return shareOut(claims, pool).reduce((sum, { amount }) => sum + amount, 0n);
  } catch (error) {
    if (!(error instanceof InvalidPoolError)) throw error;
    throw new Flaw("BadAmount", error.message, ["pool"]);
  }
}

const isSame = (a: Pick<Holding, "asset" | "account">, b: Pick<Holding, "asset" | "account">) =>
  a.asset === b.asset && a.account === b.account;
const holdingOf = ({ asset, account, amount }: Holding): Holding => ({ asset, account, amount });
