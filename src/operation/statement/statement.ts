import type { Address, Hex, PublicClient } from "viem";
import type { Deployment } from "../../chain/deployments.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import type { Entry } from "../../journal/entries.ts";
import { isLive } from "../../journal/holds.ts";
import { journalAt } from "../../journal/read.ts";
import { replay, type JournalState } from "../../journal/replay.ts";
import { decodeCaseId } from "../../orders/index.ts";
import { chronicleOf, type Chronicle, type LapseEvent } from "./chronicle.ts";
import { isoOf } from "../../base/time.ts";
import { differenceOf, gapsOf, type Gap } from "../../audit/gaps.ts";
import type { Totals } from "../operation.ts";
import { readChain, type Readings } from "../../audit/readings.ts";
import type { TraceStatement } from "../traceOperation.ts";
import { addSums, SUM_NAMES, sumsOf, zeroSums, type Balances, type CaseSums, type Sums } from "../../audit/sums.ts";
import { countOf } from "../../base/words.ts";

export const STATEMENT_SCHEMA = "sequester.statement/1";

/** Symbol and decimals of an asset. */
export interface Denomination {
  symbol: string;
  decimals: number;
}

/** What is known of an asset besides: its units per US dollar at the seizure, as the exact fraction units / scale. */
export interface Known extends Denomination {
  perUsd?: { units: bigint; scale: bigint };
}

/** The sums of one asset; amounts are decimal strings of base units. */
export type AssetStatement = { asset: Address } & Denomination & Record<keyof Sums, string>;

/** What happened in one case; assets that it never touched are left out. */
export interface CaseStatement {
  case: string;
  vault: Address | null;
  /** It has no live hold, nothing in custody and no due. */
  closed: boolean;
  targets: number;
  arrested: number;
  lapsed: number;
  assets: AssetStatement[];
}

/** The account of everything that was held, taken and paid, by the journal and checked against the chain. */
export interface Statement extends Chronicle {
  schema: typeof STATEMENT_SCHEMA;
  block: { number: number; hash: Hex; time: string };
  /** Accounts that a case ever held, each per case and asset; sub-accounts of platforms are among `exchangeHolds`. */
  targets: number;
  cases: number;
  /** Targets on which a court confirmed or placed a hold. */
  arrested: number;
  /** Targets of which a hold ended by time. */
  lapsed: number;
  assets: AssetStatement[];
  byCase: CaseStatement[];
  /** Sum of all gaps in base units; "0": everything adds up. */
  difference: string;
  /** Out of which trace the targets came, where the operation's folder has one: no part of the journal. */
  trace?: TraceStatement;
}

/** The statement does not equal the chain; names every gap. Exit code 3. */
export class StatementDifferenceError extends SequesterError {
  override name = "StatementDifferenceError";
  readonly statement: Statement;
  readonly gaps: readonly Gap[];

  constructor(statement: Statement, gaps: readonly Gap[]) {
    const symbols = new Map(statement.assets.map(({ asset, symbol }) => [asset, symbol]));
    super(`The statement differs from the chain by ${countOf(statement.difference, "base unit")}.`, {
      code: EXIT.verification,
      metaMessages: gaps.map(({ what, caseId, asset, account, has, needs }) => {
        const where = [caseId && decodeCaseId(caseId), symbols.get(asset) ?? asset, account].filter(Boolean).join(", ");
        return `${where}: ${what}: has ${has}, needs ${needs}`;
      }),
    });
    this.statement = statement;
    this.gaps = gaps;
  }
}

/** What happened is not what the operation's folder expects. Exit code 3. */
export class UnexpectedOutcomeError extends SequesterError {
  override name = "UnexpectedOutcomeError";
  readonly statement: Statement;

  constructor(statement: Statement, differences: readonly string[]) {
    super("The operation did not end as its folder expects.", {
      code: EXIT.verification,
      metaMessages: differences,
    });
    this.statement = statement;
  }
}

/**
 * Draws up the statement of a deployment at a block: the journal is read, its hash chain recomputed, the state replayed
 * from it, and everything compared with what the contracts' views say at that block.
 * @throws JournalBrokenError, JournalContradictionError, UnknownEffectError, StatementDifferenceError
 */
export async function drawStatement(
  client: PublicClient,
  deployment: Deployment,
  { blockNumber, denominate }: { blockNumber: bigint; denominate: (asset: Address) => Known | undefined },
): Promise<Statement> {
  const { entries } = await journalAt(client, deployment, blockNumber);
  const state = replay(entries);
  const readings = await readChain(client, deployment, state, blockNumber);
  const gaps = gapsOf(state, sumsOf(state, readings), readings);
  const statement = { ...statementOf(entries, readings, denominate), difference: String(differenceOf(gaps)) };
  if (gaps.length > 0) throw new StatementDifferenceError(statement, gaps);
  return statement;
}

/** What of a block a statement is drawn up from, besides the journal. */
export interface Drawn extends Balances {
  readonly block: Readings["block"];
}

/** The statement that a journal makes, with the balances of its block, without a difference. */
export function statementOf(
  entries: readonly Entry[],
  drawn: Drawn,
  denominate: (asset: Address) => Known | undefined,
): Statement {
  const state = replay(entries);
  const chronicle = chronicleOf(entries, worthBy(denominate));
  chronicle.lapses.push(...unrecorded(state, Number(drawn.block.timestamp)));
  return compose(state, drawn.block, sumsOf(state, drawn), chronicle, (asset) => {
    const { symbol, decimals } = denominate(asset) ?? { symbol: asset, decimals: 0 };
    return { symbol, decimals };
  });
}

/** Compares what happened with what an operation's folder expects. Throws UnexpectedOutcomeError. */
export function checkOutcome(statement: Statement, expected: Totals): void {
  const differences = (["targets", "cases", "arrested", "lapsed"] as const)
    .filter((name) => statement[name] !== (expected[name] ?? statement[name]))
    .map((name) => `${name}: has ${statement[name]}, needs ${expected[name]}`);
  if (differences.length > 0) throw new UnexpectedOutcomeError(statement, differences);
}

function compose(
  state: JournalState,
  block: Readings["block"],
  rows: readonly CaseSums[],
  chronicle: Chronicle,
  denominate: (asset: Address) => Denomination,
): Statement {
  const print = (asset: Address, sums: Sums): AssetStatement => {
    const texts = Object.fromEntries(SUM_NAMES.map((name) => [name, String(sums[name])]));
    return { asset, ...denominate(asset), ...(texts as Record<keyof Sums, string>) };
  };
  const ended = new Set(chronicle.lapses.map((it) => `${it.case} ${it.asset} ${it.account}`));
  const subAccounts = new Set(chronicle.exchangeHolds.map(({ asset, account }) => `${asset} ${account}`));

  const byCase = [...state.cases.values()].map(({ caseId, vault, number }): CaseStatement => {
    const own = rows.filter((row) => row.caseId === caseId);
    const targets = own.flatMap(({ asset, ledger }) =>
      [...(ledger?.targets ?? [])]
        .filter(([account]) => !subAccounts.has(`${asset} ${account}`))
        .map(([account, target]) => ({
          arrested: target.arrested,
          lapsed: ended.has(`${decodeCaseId(caseId)} ${asset} ${account}`),
        })),
    );
    return {
      case: decodeCaseId(caseId),
      vault: vault ?? null,
      closed: number > 0 && own.every(({ held, inCustody, due }) => held === 0n && inCustody === 0n && due === 0n),
      targets: targets.length,
      arrested: targets.filter(({ arrested }) => arrested).length,
      lapsed: targets.filter(({ lapsed }) => lapsed).length,
      assets: own.filter((row) => row.ledger !== undefined || row.suspense > 0n).map((row) => print(row.asset, row)),
    };
  });
  const count = (name: "targets" | "arrested" | "lapsed") => byCase.reduce((sum, it) => sum + it[name], 0);
  return {
    schema: STATEMENT_SCHEMA,
    block: {
      number: Number(block.number),
      hash: block.hash,
      time: isoOf(block.timestamp),
    },
    targets: count("targets"),
    cases: [...state.cases.values()].filter(({ number }) => number > 0).length,
    arrested: count("arrested"),
    lapsed: count("lapsed"),
    assets: state.assets.map((asset) => {
      const sums = zeroSums();
      for (const row of rows) if (row.asset === asset) addSums(sums, row);
      return print(asset, sums);
    }),
    byCase,
    ...chronicle,
    difference: "0",
  };
}

/** The holds past their end that nobody recorded. */
function unrecorded({ cases, accounts }: JournalState, now: number): LapseEvent[] {
  const caseIds = new Map([...cases.values()].map(({ number, caseId }) => [number, caseId]));
  return [...accounts.values()].flatMap(({ asset, account, holds }) =>
    holds
      .filter((hold) => !isLive(hold, now))
      .map(({ caseNumber, amount, since, until }) => ({
        at: isoOf(until),
        case: decodeCaseId(caseIds.get(caseNumber)!),
        asset,
        account,
        amount: String(amount),
        since: isoOf(since),
        recorded: null,
      })),
  );
}

/** What assets are worth in each other at the rates that are known, rounded down. */
function worthBy(known: (asset: Address) => Known | undefined) {
  return (asset: Address, amount: bigint, inAsset: Address): bigint | undefined => {
    const [from, to] = [known(asset), known(inAsset)];
    if (from?.perUsd === undefined || to?.perUsd === undefined) return undefined;
    const dividend = amount * 10n ** BigInt(to.decimals) * to.perUsd.units * from.perUsd.scale;
    return dividend / (10n ** BigInt(from.decimals) * to.perUsd.scale * from.perUsd.units);
  };
}
