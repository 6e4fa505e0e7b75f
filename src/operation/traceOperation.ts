import { plainPass, type PlainInput } from "../tracing/engine/plain.ts";
import path from "node:path";
import { checksumAddress, type Address } from "viem";
import { reasonOf, type Spared } from "../tracing/evidence/plan.ts";
import { totalsOf } from "../tracing/evidence/totals.ts";
import type { EvidenceInput } from "../tracing/evidence/write.ts";
import type { Method } from "../tracing/methods.ts";
import { readSeeds } from "../tracing/lists/seeds.ts";
import { readStops, stopsByAccount, type ReadStops } from "../tracing/lists/stops.ts";
import { readTransfers } from "../tracing/sources/transfers.ts";
import { trace } from "../tracing/trace.ts";
import type { Transfers } from "../tracing/transfers/transfers.ts";
import { agree, type Finding } from "./statement/agreement.ts";
import { InputRefusedError } from "./folder/faults.ts";
import type { Operation, TraceFiles } from "./operation.ts";

/** What the trace of one asset came to. Amounts are decimal strings of base units, hashes SHA-256. */
export interface AssetTrace {
  symbol: string;
  decimals: number;
  transfers: number;
  accounts: number;
  seeds: number;
  /** injected = found + sinks + burned + difference. */
  injected: string;
  /** Held by accounts. */
  found: string;
  /** What of it is no target, and why. */
  notProposed: { account: Address; amount: string; reason: string }[];
  /** What reached services; `wallet` is the operation's name of one. */
  sinks: { account: Address; label: string; wallet?: string; amount: string }[];
  burned: string;
  difference: string;
  /** Transfers one after another, at most. */
  hops: number;
  inputs: { transfers: string; seeds: string };
}

/** Out of which trace an operation's targets come. */
export interface TraceStatement {
  method: Method;
  /** Targets as traced; `moved` of them have their money by a move after the trace. */
  targets: number;
  moved: number;
  /** Targets that rest on an officer's word alone, and whose accounts they are. */
  untraced: number;
  byHand: { account: Address; reason: string }[];
  /** SHA-256 of the list of services. */
  stops: string;
  assets: AssetTrace[];
}

/** A trace that bears out the targets, and what evidence of it is written from, by symbol. */
export interface Traced {
  statement: TraceStatement;
  evidence: ReadonlyMap<string, Omit<EvidenceInput, "version">>;
}

/**
 * Traces the histories of an operation and holds its targets against them; undefined where it has none.
 * @throws InputRefusedError with every difference, by file and line; and what reading and tracing throws.
 */
export async function traceOperation(operation: Operation): Promise<Traced | undefined> {
  const { trace: files } = operation;
  if (files === undefined) return undefined;
  const stops = readStops([files.stops.path]);
  const evidence = new Map<string, Omit<EvidenceInput, "version">>();
  const findings: Finding[] = [];
  const assets: AssetTrace[] = [];
  for (const one of files.assets) {
    const input = await traceAsset(files, one, stops);
    evidence.set(one.asset.symbol, input);
    const { finding, told } = findingOf(operation, files, one, input);
    findings.push(finding);
    assets.push(told);
  }
  const { faults, traced, moved, byHand: untraced } = agree(operation, files, findings);
  if (faults.length > 0) throw new InputRefusedError(`The operation folder ${files.dir}`, faults);
  const byHand = files.byHand.map(({ account, reason }) => ({ account, reason }));
  const list = stops.files[0]!.sha256;
  const counts = { targets: traced, moved, untraced };
  return { statement: { method: files.method, ...counts, byHand, stops: list, assets }, evidence };
}

type OneAsset = TraceFiles["assets"][number];

async function traceAsset(
  { method }: TraceFiles,
  { asset: { decimals }, transfers: file, seeds: seedFile }: OneAsset,
  stops: ReadStops,
): Promise<Omit<EvidenceInput, "version">> {
  const read = await readTransfers({ files: [file], decimals });
  const seeds = readSeeds(seedFile, read);
  const { transfers } = read;
  const atStops = new Set(stopsByAccount(stops.stops, transfers.accounts).keys());
  const input = { transfers, methods: [method], opening: "none" as const, seeds: seeds.seeds, stops: atStops };
  return { read, seeds, stops, opening: "none", methods: [method], trace: trace(input), decimals };
}

function findingOf(
  { wallets }: Operation,
  { dir, method }: TraceFiles,
  { asset, least }: OneAsset,
  { read, seeds, stops, trace: result }: Omit<EvidenceInput, "version">,
): { finding: Finding; told: AssetTrace } {
  const { transfers } = read;
  const { accounts } = transfers;
  const [found] = result.methods as [(typeof result.methods)[0]];
  const byAccount = stopsByAccount(stops.stops, accounts);
  const nameOf = new Map(wallets.map(({ address, name }) => [address, name]));
  const spared = new Map<string, Spared>([
    ...stops.stops.map(({ address, label }): [string, Spared] => [address, { role: "service", label }]),
    ...wallets.map(({ address, name }): [string, Spared] => [address.toLowerCase(), { role: "service", label: name }]),
  ]);
  const proposed = new Map<Address, bigint>();
  const held = new Map<Address, bigint>();
  const notProposed: AssetTrace["notProposed"] = [];
  for (const number of found.touched) {
    const amount = found.taintOf(number);
    if (amount === 0n) continue;
    const account = checksumAddress(accounts.address(number) as Address);
    held.set(account, amount);
    const reason = reasonOf(account.toLowerCase(), amount, least, spared);
    if (reason === undefined) proposed.set(account, amount);
    else notProposed.push({ account, amount: String(amount), reason: reason.reason });
  }
  const sinks = [...found.sinks]
    .filter(([, amount]) => amount > 0n)
    .map(([number, amount]) => {
      const account = checksumAddress(accounts.address(number) as Address);
      return { account, label: byAccount.get(number)?.label ?? "", wallet: nameOf.get(account), amount };
    })
    .sort((a, b) => (a.account < b.account ? -1 : 1));
  const { injected, held: sum, burned, difference } = totalsOf(found);
  const hops = mostHops(
    {
      transfers,
      openings: new Map<number, bigint>(),
      count: transfers.count,
      seeds: new Map(seeds.seeds.map(({ row, amount }) => [row, amount])),
      stops: new Set(byAccount.keys()),
    },
    method,
  );
  return {
    finding: {
      asset,
      proposed,
      held,
      sinks: new Map(sinks.map(({ account, amount }) => [account, amount])),
      arrivalOf: (account) => arrivalIn(transfers, account, dir),
    },
    told: {
      symbol: asset.symbol,
      decimals: asset.decimals,
      transfers: transfers.count,
      accounts: accounts.size - 1,
      seeds: seeds.seeds.length,
      injected: String(injected),
      found: String(sum),
      notProposed,
      sinks: sinks.map(({ account, label, wallet, amount }) => {
        return { account, label, ...(wallet !== undefined && { wallet }), amount: String(amount) };
      }),
      burned: String(burned),
      difference: String(difference),
      hops,
      inputs: { transfers: read.files[0]!.sha256, seeds: seeds.file.sha256 },
    },
  };
}

function arrivalIn(transfers: Transfers, account: Address, dir: string): { file: string; line: number | undefined } {
  const row = transfers.to.subarray(0, transfers.count).lastIndexOf(transfers.accounts.find(account.toLowerCase())!);
  const [, file = "", line] = /^(.*):(\d+)$/s.exec(transfers.source(row) ?? "") ?? [];
  return {
    file: path.relative(dir, file).split(path.sep).join("/"),
    line: line === undefined ? undefined : Number(line),
  };
}

/**
 * How many transfers one after another brought tainted money to where it went, at most; a theft is the first one. Back
 * and forth counts each time, so that a chain of transfers is as long as the history has it.
 */
export function mostHops(
  input: Omit<PlainInput, "methods" | "observe">,
  method: PlainInput["methods"][number],
): number {
  const { from, to } = input.transfers;
  const hops = new Map<number, number>();
  let most = 0;
  plainPass({
    ...input,
    methods: [method],
    observe({ row, arrived }) {
      if (arrived === 0n) return;
      const hop = (hops.get(from[row]!) ?? 0) + 1;
      hops.set(to[row]!, Math.max(hop, hops.get(to[row]!) ?? 0));
      most = Math.max(most, hop);
    },
  });
  return most;
}
