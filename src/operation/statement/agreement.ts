import { formatUnits, type Address } from "viem";
import type { Fault, FaultName } from "../folder/faults.ts";
import { fundsOf } from "../play/funds.ts";
import type { Asset, Operation, Target, TraceFiles } from "../operation.ts";

/** What the trace of one asset found. Amounts are base units, accounts checksummed. */
export interface Finding {
  asset: Asset;
  /** What may be frozen. */
  proposed: ReadonlyMap<Address, bigint>;
  /** All that accounts hold of the traced money. */
  held: ReadonlyMap<Address, bigint>;
  /** What reached services. */
  sinks: ReadonlyMap<Address, bigint>;
  /** Where the history tells of the last transfer to an account, as seen from the operation's folder. */
  arrivalOf: (account: Address) => { file: string; line: number | undefined };
}

/** How many targets the trace bears out, and where it does not. */
export interface Agreement {
  faults: readonly Fault[];
  /** Targets as traced; `moved` of them have their money by a move of the timeline, after the trace. */
  traced: number;
  moved: number;
  byHand: number;
}

/**
 * Holds the list of targets against the trace, to the base unit: what the accounts have when the operation begins is what
 * the trace finds, nothing traced is left out, and no platform withholds more than what reached it.
 */
export function agree(operation: Operation, files: TraceFiles, findings: readonly Finding[]): Agreement {
  const faults: Fault[] = [];
  const fault = (name: FaultName, file: string, line: number | undefined, reason: string) =>
    faults.push({ name, file, line, reason });
  const counts = compareTargets(operation, files, findings, fault);
  const listed = new Set(operation.cases.flatMap(({ targets }) => targets.map(keyOf)));
  for (const { asset, proposed, held, arrivalOf } of findings) {
    const amount = (units: bigint) => `${formatUnits(units, asset.decimals)} ${asset.symbol}`;
    for (const [account, units] of proposed) {
      if (listed.has(keyOf({ asset: asset.symbol, account }))) continue;
      const { file, line } = arrivalOf(account);
      const reason = `the trace has ${amount(units)} in ${account}, the list has none: needs a target in targets.csv`;
      fault("TargetMissing", file, line, reason);
    }
    for (const { name, address } of operation.wallets) {
      const units = held.get(address);
      if (units === undefined) continue;
      const reason = `the trace has ${amount(units)} in the wallet ${name}, which needs to be a stop: ${address}`;
      fault("NotAStop", "case.json", files.stops.line, reason);
    }
  }
  checkSinks(operation, findings, fault);
  return { faults, ...counts };
}

type Report = (name: FaultName, file: string, line: number | undefined, reason: string) => void;

function compareTargets(
  operation: Operation,
  { method, byHand }: TraceFiles,
  findings: readonly Finding[],
  fault: Report,
): Omit<Agreement, "faults"> {
  const found = new Map(findings.map((finding) => [finding.asset.symbol, finding]));
  const hasOf = (asset: string, account: Address) => found.get(asset)?.held.get(account) ?? 0n;
  const moves = tracedMoves(operation, hasOf);
  const begins = new Map(fundsOf(operation.cases, [], moves).map((it) => [keyOf(it), it.amount]));
  const reached = new Set(moves.map(({ asset, to }) => keyOf({ asset, account: to })));
  const decimals = new Map(operation.assets.map((asset) => [asset.symbol, asset.decimals]));
  const handed = new Set<Address>();
  const named = new Set(byHand.map(({ account }) => account));
  const counts = { traced: 0, moved: 0, byHand: 0 };
  for (const [key, targets] of byKey(operation)) {
    const [{ asset, account, line }] = targets;
    const [has, needs] = [hasOf(asset, account), begins.get(key) ?? 0n];
    if (has === needs) {
      counts.traced += targets.length;
      if (reached.has(key)) counts.moved += targets.length;
    } else if (has === 0n && named.has(account)) {
      counts.byHand += targets.length;
      handed.add(account);
    } else {
      const amount = (units: bigint) => `${formatUnits(units, decimals.get(asset)!)} ${asset}`;
      const where = targets.length > 1 ? `${account}, in ${targets.length} targets` : account;
      const traced = !found.has(asset) ? `no history of ${asset} is traced` : `the trace by ${method} has`;
      if (has === 0n) {
        const reason = found.has(asset) ? `${traced} nothing` : traced;
        const needed = `the list needs ${amount(needs)} in ${where}, or the account among those by hand`;
        fault("NotTraced", "targets.csv", line, `${reason}, ${needed}`);
      } else {
        fault(
          "OtherThanTraced",
          "targets.csv",
          line,
          `${traced} ${amount(has)}, the list ${amount(needs)} in ${where}`,
        );
      }
    }
  }
  for (const { account, line } of byHand) {
    if (handed.has(account)) continue;
    const reason = `${account} is named by hand, but no target rests on that: it is none, or the trace finds it`;
    fault("UnusedByHand", "case.json", line, reason);
  }
  return counts;
}

/** Moves of the timeline that take traced money further. */
function tracedMoves({ timeline }: Operation, hasOf: (asset: string, account: Address) => bigint) {
  const followed = new Set<string>();
  return timeline
    .filter((act) => act.act === "move")
    .filter(({ asset, from, to }) => {
      if (hasOf(asset, from) === 0n && !followed.has(keyOf({ asset, account: from }))) return false;
      followed.add(keyOf({ asset, account: to }));
      return true;
    });
}

/** What platforms withhold for customers has to have reached their wallets. */
function checkSinks({ timeline }: Operation, findings: readonly Finding[], fault: Report): void {
  const held = new Map<string, bigint>();
  for (const act of timeline) {
    if (act.act !== "exchange-hold") continue;
    const { asset, wallet, amount } = act.order;
    const key = keyOf({ asset, account: wallet.address });
    const sum = (held.get(key) ?? 0n) + amount;
    held.set(key, sum);
    const finding = findings.find((it) => it.asset.symbol === asset);
    const has = finding?.sinks.get(wallet.address) ?? 0n;
    if (sum <= has) continue;
    const text = (units: bigint) => formatUnits(units, finding?.asset.decimals ?? 0);
    const reason =
      finding === undefined
        ? `no history of ${asset} is traced, of which ${wallet.name} is to withhold a part`
        : `the trace has ${text(has)} ${asset} at ${wallet.name}, the holds there need ${text(sum)}`;
    fault("AboveSink", "case.json", act.line, reason);
  }
}

/** One account may be a target of several cases. */
function byKey({ cases }: Operation): Map<string, [Target, ...Target[]]> {
  const groups = new Map<string, [Target, ...Target[]]>();
  for (const target of cases.flatMap(({ targets }) => targets)) {
    const group = groups.get(keyOf(target));
    if (group === undefined) groups.set(keyOf(target), [target]);
    else group.push(target);
  }
  return groups;
}

const keyOf = ({ asset, account }: { asset: string; account: Address }) => `${asset} ${account}`;
