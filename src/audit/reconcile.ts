import type { Address, Hex, PublicClient } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import { verifyDeployment, type Deployment } from "../chain/deployments.ts";
import type { Entry } from "../journal/entries.ts";
import { isLive } from "../journal/holds.ts";
import { journalAt, type Known } from "../journal/read.ts";
import { replay, type JournalState } from "../journal/replay.ts";
import { gapsOf, type Gap } from "./gaps.ts";
import { movementOf, type Movement } from "./movement.ts";
import { known } from "./known.ts";
import { blockOf, pinned, type BlockAsked } from "./pinned.ts";
import { readChain, type Readings } from "./readings.ts";
import { sumsOf, type CaseSums } from "./sums.ts";

/** Something that differs and has a reason that can be read from the chain. `amount` in base units. */
export interface Named {
  readonly reason: "came by no act" | "held beyond the balance" | "ended by time, recorded by nobody";
  readonly caseId?: Hex;
  readonly asset: Address;
  readonly account: Address;
  readonly amount: bigint;
}

/** One case's custody of one asset over a period, in base units, beside what its vault has. */
export interface Flow extends Movement {
  readonly caseId: Hex;
  readonly asset: Address;
  /** In the vault by no act. */
  readonly suspense: bigint;
  readonly inVault: bigint;
}

/** What explains every unit of the custody at a block, or does not. */
export interface Reconciliation {
  readonly block: Readings["block"];
  readonly entries: number;
  readonly flows: readonly Flow[];
  readonly named: readonly Named[];
  /** Without a reason. */
  readonly unexplained: readonly Gap[];
}

/**
 * Explains every unit: what the journal tells, what the docket and the lens say, what the vaults have. `since`: the second after
 * which the period begins, Unix seconds; 0: with the first entry.
 * All of it is of one block, by its hash: where the chain was reorganized meanwhile, all is asked again.
 * @throws DeploymentMismatchError, BlockUnavailableError, JournalBrokenError, JournalContradictionError
 */
export async function reconcile(
  client: PublicClient,
  deployment: Deployment,
  { block, since = 0, index }: { block: BlockAsked; since?: number | undefined; index?: Known | undefined },
): Promise<Reconciliation> {
  await verifyDeployment(client, deployment);
  return pinned(blockOf(client), block, ({ number }) =>
    known(String(number), reconcileAt(client, deployment, number, since, index)),
  );
}

async function reconcileAt(
  client: PublicClient,
  deployment: Deployment,
  blockNumber: bigint,
  since: number,
  index: Known | undefined,
): Promise<Reconciliation> {
  const { entries } = await journalAt(client, deployment, blockNumber, index);
  const state = replay(entries);
  const readings = await readChain(client, deployment, state, blockNumber);
  const rows = sumsOf(state, readings);
  return {
    block: readings.block,
    entries: entries.length,
    flows: flowsOf(rows, entries, readings, since),
    named: namedOf(rows, readings),
    unexplained: await unexplainedAt(client, deployment, state, readings, rows),
  };
}

/** What differs without a reason at the readings' block: journal, docket, lens, assets and vaults, each against the others. */
export const unexplainedAt = async (
  client: PublicClient,
  deployment: Deployment,
  state: JournalState,
  readings: Readings,
  rows = sumsOf(state, readings),
): Promise<Gap[]> => [...gapsOf(state, rows, readings), ...(await lensGaps(client, deployment, readings))];

function flowsOf(rows: readonly CaseSums[], entries: readonly Entry[], readings: Readings, since: number): Flow[] {
  const before = replay(entries.filter(({ timestamp }) => Number(timestamp) <= since));
  return rows.flatMap((row, i): Flow[] => {
    const { caseId, asset, suspense } = row;
    const { inVault } = readings.cases[i]!;
    if (row.ledger === undefined && inVault === 0n) return [];
    const movement = movementOf(before.cases.get(caseId)?.ledgers.get(asset), row);
    return [{ caseId, asset, ...movement, suspense, inVault }];
  });
}

function namedOf(rows: readonly CaseSums[], { cases, accounts, block }: Readings): Named[] {
  const strays = rows.flatMap(({ caseId, asset, suspense }, i): Named[] => {
    const { vault, suspense: booked } = cases[i]!;
    const amount = suspense - booked;
    return amount > 0n ? [{ reason: "came by no act", caseId, asset, account: vault, amount }] : [];
  });
  const held = accounts.flatMap(({ asset, account, held, balance, holds }): Named[] => {
    const ended = holds.filter((hold) => !isLive(hold, Number(block.timestamp)));
    const past = ended.reduce((sum, { amount }) => sum + amount, 0n);
    return [
      ...(held > balance
        ? [{ reason: "held beyond the balance" as const, asset, account, amount: held - balance }]
        : []),
      ...(past > 0n ? [{ reason: "ended by time, recorded by nobody" as const, asset, account, amount: past }] : []),
    ];
  });
  return [...strays, ...held];
}

/** How many assets of a case are asked for at once. */
const PAGE = 100;

/** Where the lens says something else than the docket. */
async function lensGaps(client: PublicClient, { addresses }: Deployment, { cases, block }: Readings): Promise<Gap[]> {
  const lens = { abi: abiOf("Lens"), address: addresses.lens, functionName: "caseOf" } as const;
  const gaps: Gap[] = [];
  const byCase = Map.groupBy(cases, ({ caseId }) => caseId);
  for (const [caseId, readings] of byCase) {
    const sums: { asset: Address; left: bigint; reserved: bigint; suspense: bigint; inVault: bigint }[] = [];
    for (let from = 0; from < readings.length; from += PAGE) {
      const args = [caseId, BigInt(from), BigInt(PAGE)] as const;
      sums.push(...(await client.readContract({ ...lens, args, blockNumber: block.number })).sums);
    }
    for (const reading of readings) {
      const told = sums.find(({ asset }) => asset === reading.asset);
      for (const name of ["left", "reserved", "suspense", "inVault"] as const) {
        const has = told?.[name] ?? 0n;
        if (has === reading[name]) continue;
        gaps.push({ what: `${name}, by the lens`, caseId, asset: reading.asset, has, needs: reading[name] });
      }
    }
  }
  return gaps;
}
