import { formatUnits } from "viem";
import { derivedAccount, LOCAL_CHAIN } from "../../src/deployment/keys.ts";
import { EXIT, SequesterError } from "../../src/base/errors.ts";
import type { CaseFileInput } from "../../src/operation/folder/schema.ts";
import { generateTransfers, type GeneratedStop, type PlannedTheft } from "../transfers/generate.ts";
import { TRANSFER_COLUMNS, transferLine } from "../../src/tracing/transfers/file.ts";
import { trace } from "../../src/tracing/trace.ts";
import { TransfersBuilder } from "../../src/tracing/transfers/builder.ts";
import { drawer } from "./draw.ts";
import { EXCHANGE } from "./story.ts";
import { accountOf, ASSETS, START, type Cast, type Wallet } from "./wallets.ts";

/** Hundredths of USDC that were traced to the exchange's wallet. */
export const AT_EXCHANGE = 6_130_000n;
const METHOD = "fifo";
const STOPS_FILE = "trace/stops.json";
/** Besides the exchange that is asked to withhold. */
const OTHER_PLATFORMS = 5;
/** Wallets of ordinary people, for each asset. */
const WALLETS = 40;
/** Transfers that a theft needs at most, besides three for each of its endings. */
const OF_A_THEFT = 26;
/** Ordinary transfers of each asset at least. */
const ORDINARY = 60;
const HOPS = 12;
const FIRST_BLOCK = 23_400_000;

/** The files of the histories, what they are to `case.json`, and what the trace finds: base units by asset and account. */
export interface Histories {
  readonly files: ReadonlyMap<string, string>;
  readonly part: NonNullable<CaseFileInput["trace"]>;
  /** Decimal units. Of a wallet that is named by hand, or gets its money later, what was made up. */
  readonly amountOf: (wallet: Wallet) => string;
}

/**
 * Thefts of every case, whose money ends in the wallets of the case and at licensed platforms, among ordinary traffic; and
 * the trace of them.
 */
export function historiesOf(seed: string, wallets: readonly Wallet[], cast: Cast): Histories {
  const { lookAlike, leaked } = cast;
  const traced = wallets.filter((wallet) => wallet !== lookAlike && wallet !== leaked);
  const stops = platformsOf(seed);
  const files = new Map([[STOPS_FILE, jsonOf(stops)]]);
  const found = new Map<string, bigint>();
  const assets: Histories["part"]["assets"] = {};
  for (const { symbol, decimals } of ASSETS) {
    const own = traced.filter(({ asset }) => asset === symbol);
    const thefts = theftsOf(own, { seed, symbol, decimals, exchanged: cast.exchanged, stops });
    const { transfers, seeds, taints } = madeOf({ seed: `${seed}/${symbol}`, decimals, thefts, stops });
    const names = { transfers: `trace/${symbol}.csv`, seeds: `trace/${symbol}.seeds.json` };
    files.set(names.transfers, transfers).set(names.seeds, jsonOf(seeds));
    for (const [account, amount] of taints) found.set(`${symbol} ${account}`, amount);
    assets[symbol] = names;
  }
  const reason = "An officer copied it from a screen that shows the first six and the last four digits of an address.";
  return {
    files,
    part: { method: METHOD, stops: STOPS_FILE, assets, byHand: [{ account: lookAlike.account, reason }] },
    amountOf(wallet) {
      const { asset, account, cents } = wallet;
      const amount = found.get(`${asset} ${account.toLowerCase()}`);
      if (wallet === lookAlike || wallet === leaked) return formatUnits(cents, 2);
      if (amount !== undefined) return formatUnits(amount, ASSETS.find(({ symbol }) => symbol === asset)!.decimals);
      throw new SequesterError(`The trace of ${asset} does not reach ${account}.`, {
        code: EXIT.error,
        metaMessages: ["has: nothing", `needs: ${formatUnits(cents, 2)}`],
      });
    },
  };
}

/** The exchange of which the timeline knows, and others; their customers' money passes through them. */
function platformsOf(seed: string): GeneratedStop[] {
  const { address } = derivedAccount(LOCAL_CHAIN, seed, EXCHANGE.name);
  const others = Array.from({ length: OTHER_PLATFORMS }, (_, i) => ({
    address: accountOf(seed, `platform/${i + 2}`),
    label: `AIFC exchange ${i + 2}`,
  }));
  return [{ address, label: EXCHANGE.platform }, ...others].map(({ address, label }) => ({
    address: address.toLowerCase(),
    label,
    kind: "exchange",
    source: "licence",
    date: START.slice(0, 10),
  }));
}

/** One of each case: to its wallets, and a part of it to a platform. */
function theftsOf(
  wallets: readonly Wallet[],
  {
    seed,
    symbol,
    decimals,
    exchanged,
    stops: [exchange, ...others],
  }: { seed: string; symbol: string; decimals: number; exchanged: string; stops: readonly GeneratedStop[] },
): PlannedTheft[] {
  const draw = drawer(`${seed}/${symbol}/thefts`);
  const units = (cents: bigint) => cents * 10n ** BigInt(decimals - 2);
  return [...new Set(wallets.map((wallet) => wallet.case))].map((id) => {
    const own = wallets.filter((wallet) => wallet.case === id);
    const sum = own.reduce((total, { cents }) => total + cents, 0n);
    const endings: { account: string; amount: bigint }[] = own.map(({ account, cents }) => ({
      account: account,
      amount: units(cents),
    }));
    const atPlatform = (sum * (100n + draw(150))) / 1000n;
    const platform = others[Number(draw(others.length))]!;
    if (id === exchanged && symbol === "USDC") {
      endings.push({ account: exchange!.address, amount: units(AT_EXCHANGE) });
    } else if (atPlatform > 0n) {
      endings.push({ account: platform.address, amount: units(atPlatform) });
    }
    return { endings };
  });
}

/** The transfers as text, and what the trace finds in accounts. */
function madeOf({
  seed,
  decimals,
  thefts,
  stops: services,
}: {
  seed: string;
  decimals: number;
  thefts: readonly PlannedTheft[];
  stops: readonly GeneratedStop[];
}) {
  const events = thefts.reduce((sum, { endings }) => sum + OF_A_THEFT + 3 * endings.length, ORDINARY);
  const history = { events, wallets: WALLETS, decimals, services, thefts, hops: HOPS, firstBlock: FIRST_BLOCK };
  const { rows, seeds } = generateTransfers({ ...history, seed });
  const builder = new TransfersBuilder();
  const lines = [TRANSFER_COLUMNS];
  for (const row of rows) {
    builder.add(row);
    lines.push(transferLine(row));
  }
  const transfers = builder.build();
  const { accounts } = transfers;
  const byHash = transfers.rowsOf(seeds.map((theft) => theft.transaction_hash));
  const result = trace({
    transfers,
    opening: "none",
    methods: [METHOD],
    seeds: seeds.map(({ transaction_hash: hash, log_index: index, amount }) => ({
      row: byHash.get(hash)!.find((row) => transfers.logIndex[row] === index)!,
      amount: BigInt(amount),
    })),
    stops: new Set(services.flatMap(({ address }) => accounts.find(address) ?? [])),
  });
  const [{ touched, taintOf }] = result.methods as [(typeof result.methods)[0]];
  const taints = touched.flatMap((account): [string, bigint][] =>
    taintOf(account) > 0n ? [[accounts.address(account), taintOf(account)]] : [],
  );
  return { transfers: lines.map((line) => `${line}\n`).join(""), seeds, taints };
}

const jsonOf = (list: readonly unknown[]): string => `${JSON.stringify(list, null, 2)}\n`;
