// Writes operations/tumar, the case file of the main job: same seed, same bytes.
//   node scripts/generate-tumar.ts [--out DIR] [--seed S]
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { formatUnits, keccak256, stringToHex, type Address } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { EXIT, SequesterError } from "../src/errors.ts";
import { OPERATION_SCHEMA, type CaseFileInput } from "../src/operation/schema.ts";
import { parseDecimal } from "../src/operation/values.ts";
import {
  officersOfKazakhstan,
  operationFiles,
  writeOperationFiles,
  type OperationFiles,
  type TargetRow,
} from "../src/operation/write.ts";

const START = "2025-09-29T06:00:00Z";
const TIERS = ["A", "B", "C", "D"] as const;
type Tier = (typeof TIERS)[number];

const GROUPS: Record<Tier, { groups: number; platforms: number }> = {
  A: { groups: 1, platforms: 6 },
  B: { groups: 8, platforms: 24 },
  C: { groups: 32, platforms: 60 },
  D: { groups: 40, platforms: 40 },
};

/** Held addresses and whole US dollars of every asset in every tier; the sums of both ways are those of the scenario. */
const ASSETS: {
  symbol: string;
  decimals: number;
  perUsd: string;
  cells: Record<Tier, [wallets: number, usd: number]>;
}[] = [
  {
    symbol: "USDT.b",
    decimals: 6,
    perUsd: "1",
    cells: { A: [38, 7_412_650], B: [50, 2_628_400], C: [76, 1_021_350], D: [17, 127_600] },
  },
  {
    symbol: "USDT.a",
    decimals: 6,
    perUsd: "1",
    cells: { A: [12, 1_386_200], B: [20, 1_071_900], C: [34, 532_500], D: [8, 69_400] },
  },
  {
    symbol: "USDC",
    decimals: 6,
    perUsd: "1",
    cells: { A: [7, 604_100], B: [12, 516_300], C: [18, 268_450], D: [5, 31_150] },
  },
  {
    symbol: "KZTE",
    decimals: 6,
    perUsd: "547.7",
    cells: { A: [4, 118_700], B: [6, 152_250], C: [14, 109_800], D: [6, 49_250] },
  },
  {
    symbol: "AxCNH",
    decimals: 2,
    perUsd: "7.12",
    cells: { A: [3, 98_900], B: [4, 131_650], C: [10, 106_700], D: [2, 12_750] },
  },
  {
    symbol: "WUSD",
    decimals: 18,
    perUsd: "1",
    cells: { A: [3, 79_450], B: [4, 99_500], C: [8, 61_200], D: [2, 9_850] },
  },
];

/** Holds that the court does not confirm: how many in the one case of tier A, and in how many cases of B and C one each. */
const NOT_CONFIRMED = { A: 4, B: 4, C: 3 };

/** Cases with a part of their own in the timeline. */
const LIFTED = "TUMAR-B-05";
const PARTLY_RETURNED = ["TUMAR-A-01", "TUMAR-B-03"];
const WHOLLY_RETURNED = ["TUMAR-C-05", "TUMAR-D-07", "TUMAR-D-19"];

interface Wallet {
  case: string;
  account: Address;
  asset: string;
  /** Hundredths of the asset's unit. */
  cents: bigint;
  platform: string;
  group: string;
}

/** The texts of the whole folder. */
export function tumarFiles(seed: string): OperationFiles {
  const wallets = makeWallets(seed);
  const cases = [...new Set(wallets.map((wallet) => wallet.case))];
  const ofCase = (id: string) => wallets.filter((wallet) => wallet.case === id);
  const except = notConfirmed(seed, cases, ofCase);
  const seized = (id: string) => ofCase(id).filter(({ account }) => !except.includes(account));
  const largest = (id: string, count: number) =>
    seized(id)
      .sort((a, b) => Number(worth(b) - worth(a)))
      .slice(0, count);

  const rulings = new Map(cases.map((id) => [caseRuling(id), freezeText(id, ofCase(id))]));
  /** Lifts or returns a share, in per cent, of what each of these wallets had; with its own ruling. */
  const release = (verb: "lift" | "return", id: string, share: bigint, list: Wallet[]) => {
    const ruling = `rulings/${verb}-${id.toLowerCase()}.md`;
    const named = list.map((wallet) => ({ ...wallet, cents: (wallet.cents * share) / 100n }));
    rulings.set(ruling, releaseText(verb, id, named, share));
    const amounts = named.map((wallet) => ({ account: wallet.account, asset: wallet.asset, amount: amountOf(wallet) }));
    return { case: id, amounts, ruling };
  };
  const lift = (at: string, id: string, share: bigint, list: Wallet[]) => {
    const { amounts: holds, ...rest } = release("lift", id, share, list);
    return { at, act: "lift", ...rest, holds } as const;
  };
  const giveBack = (at: string, id: string, share: bigint, list: Wallet[]) => {
    const { amounts: holders, ...rest } = release("return", id, share, list);
    return { at, act: "return", ...rest, holders } as const;
  };

  const [tierA, tierB] = PARTLY_RETURNED as [string, string];
  const [caseC, caseD7, caseD19] = WHOLLY_RETURNED as [string, string, string];
  const content: CaseFileInput = {
    schema: OPERATION_SCHEMA,
    name: "Operation Tumar",
    parameters: "kazakhstan",
    start: START,
    seed,
    officers: officersOfKazakhstan(),
    assets: ASSETS.map(({ symbol, decimals, perUsd }) => ({ symbol, decimals, kind: "sovereign", perUsd })),
    cases: cases.map((id) => ({ id, ruling: caseRuling(id) })),
    timeline: [
      { at: "0d", act: "freeze", cases: "*" },
      { at: "9d", act: "arrest", cases: "*", except, until: "180d" },
      { at: "10d1h", act: "lapse" },
      lift("12d", LIFTED, 40n, largest(LIFTED, 1)),
      { at: "14d", act: "seize", cases: "*" },
      { at: "20d", act: "deposit", case: tierA, asset: "USDT.b", amount: "1000" },
      { at: "21d", act: "book", cases: [tierA] },
      giveBack("60d", caseD7, 100n, seized(caseD7)),
      giveBack("60d6h", caseD19, 100n, seized(caseD19)),
      giveBack("61d", caseC, 100n, seized(caseC)),
      giveBack("62d", tierB, 50n, largest(tierB, 2)),
      giveBack("62d3h", tierA, 25n, largest(tierA, 1)),
      { at: "63d", act: "close", cases: WHOLLY_RETURNED },
    ],
    expect: {
      targets: 363,
      cases: 81,
      accounts: 363,
      platforms: 130,
      groups: 81,
      arrested: 352,
      lapsed: 11,
      usd: "16700000",
    },
  };
  const targets = wallets.map((wallet): TargetRow => {
    const { case: id, account, asset, platform, group } = wallet;
    return { case: id, account, asset, amount: amountOf(wallet), platform, group };
  });
  return operationFiles(content, targets, rulings);
}

/** Writes the folder. Refuses one that holds anything but an operation. */
export function generateTumar(out: string, seed: string): void {
  const foreign = existsSync(out) && readdirSync(out).length > 0 && !existsSync(path.join(out, "case.json"));
  if (foreign) {
    throw new SequesterError(`${out} cannot be written.`, {
      code: EXIT.usage,
      metaMessages: ["has: files, but no case.json", "needs: an empty folder or an operation's"],
    });
  }
  const files = tumarFiles(seed);
  for (const part of ["case.json", "targets.csv", "rulings"])
    rmSync(path.join(out, part), { recursive: true, force: true });
  writeOperationFiles(out, files);
}

function makeWallets(seed: string): Wallet[] {
  const wallets: Wallet[] = [];
  let platforms = 0;
  for (const tier of TIERS) {
    const draw = drawer(`${seed}/${tier}`);
    const { groups, platforms: platformsOfTier } = GROUPS[tier];
    const holdings = shuffle(
      ASSETS.flatMap(({ symbol, perUsd, cells }) => {
        const [count, usd] = cells[tier];
        const { units, scale } = parseDecimal(perUsd);
        const total = (BigInt(usd) * 100n * units) / scale;
        return split(total, count, draw).map((cents) => ({ asset: symbol, cents }));
      }),
      draw,
    );
    const platformsOf = share(platformsOfTier, Array<number>(groups).fill(1), draw);
    const walletsOf = share(holdings.length, platformsOf, draw);
    for (let g = 0; g < groups; g++) {
      const name = `${tier}-${pad(g + 1, 2)}`;
      const [own, count] = [platformsOf[g] as number, walletsOf[g] as number];
      for (let w = 0; w < count; w++) {
        const platform = platforms + 1 + (w < own ? w : Number(draw(own)));
        wallets.push({
          case: `TUMAR-${name}`,
          account: privateKeyToAddress(keccak256(stringToHex(`${seed}/holder/${wallets.length}`))),
          ...(holdings.pop() as (typeof holdings)[number]),
          platform: `exchanger-${pad(platform, 3)}`,
          group: `group-${name}`,
        });
      }
      platforms += own;
    }
  }
  return wallets;
}

function notConfirmed(seed: string, cases: string[], ofCase: (id: string) => Wallet[]): Address[] {
  const draw = drawer(`${seed}/not confirmed`);
  const special = new Set([LIFTED, ...WHOLLY_RETURNED]);
  return (["A", "B", "C"] as const).flatMap((tier) => {
    const suited = cases.filter((id) => id.startsWith(`TUMAR-${tier}-`) && !special.has(id) && ofCase(id).length > 2);
    const named =
      tier === "A"
        ? Array<string>(NOT_CONFIRMED.A).fill(suited[0] as string)
        : shuffle(suited, draw).slice(0, NOT_CONFIRMED[tier]).sort();
    const left = new Map(named.map((id) => [id, shuffle(ofCase(id), draw)]));
    return named.map((id) => (left.get(id)?.pop() as Wallet).account);
  });
}

type Draw = (below: number) => bigint;

/** Numbers from 0 to below, by hashing: the same everywhere, for ever. */
function drawer(seed: string): Draw {
  let count = 0;
  return (below) => BigInt(keccak256(stringToHex(`${seed}/${count++}`))) % BigInt(below);
}

function shuffle<T>(list: readonly T[], draw: Draw): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(Number(draw(rest.length)), 1)[0] as T);
}

/** A total in parts that sum to it, of sizes as money has them: products of random factors are close to log-normal. */
function split(total: bigint, parts: number, draw: Draw): bigint[] {
  const weights = Array.from({ length: parts }, () =>
    Array.from({ length: 5 }, () => 20n + draw(100)).reduce((product, factor) => product * factor),
  );
  const sum = weights.reduce((a, b) => a + b);
  const amounts = weights.map((weight) => (total * weight) / sum);
  const rest = total - amounts.reduce((a, b) => a + b);
  return amounts.map((amount, i) => (i === 0 ? amount + rest : amount));
}

/** A count in shares, none below its least. */
function share(total: number, least: readonly number[], draw: Draw): number[] {
  const shares = [...least];
  for (let rest = total - least.reduce((a, b) => a + b); rest > 0; rest--) {
    const lucky = Number(draw(shares.length));
    shares[lucky] = (shares[lucky] as number) + 1;
  }
  return shares;
}

const pad = (value: number, width: number) => String(value).padStart(width, "0");
const amountOf = ({ cents }: Wallet) => formatUnits(cents, 2);
/** Hundredths of a US dollar. */
const worth = ({ asset, cents }: Wallet) => {
  const { units, scale } = parseDecimal(ASSETS.find(({ symbol }) => symbol === asset)?.perUsd ?? "1");
  return (cents * scale) / units;
};
const caseRuling = (id: string) => `rulings/${id.toLowerCase()}.md`;

function freezeText(id: string, wallets: Wallet[]): string {
  const sums = ASSETS.flatMap(({ symbol }) => {
    const own = wallets.filter(({ asset }) => asset === symbol);
    const sum = formatUnits(
      own.reduce((total, { cents }) => total + cents, 0n),
      2,
    );
    return own.length === 0
      ? []
      : [`- ${sum} ${symbol} in ${own.length === 1 ? "one wallet" : `${own.length} wallets`}`];
  });
  const platforms = [...new Set(wallets.map(({ platform }) => platform))].sort();
  return `# Ruling in case ${id}

Invented for the exercise Operation Tumar.

- Date: ${START.slice(0, 10)}
- Group: ${wallets[0]?.group}
- Platforms: ${platforms.join(", ")}

The platforms exchanged digital assets without a licence. What their wallets hold of the proceeds is to be kept from disposal until the case is decided:

${sums.join("\n")}

The wallets and their amounts are those that the operation's target list names for this case. The restriction ends after ten days unless the court confirms it. Whoever is affected may contest it.
`;
}

function releaseText(verb: "lift" | "return", id: string, wallets: Wallet[], share: bigint): string {
  const lines = wallets.map((wallet) => `- ${amountOf(wallet)} ${wallet.asset} of ${wallet.account}`);
  const reason = {
    lift: `The holder has shown that ${share} per cent of what is held does not come from the exchangers. The restriction was wrongful in this part and is lifted:`,
    return:
      share === 100n
        ? "The seized amounts belong to owners in good faith. They are to be returned whole:"
        : `The holders have shown that ${share} per cent of what was taken is theirs in good faith. This part is to be returned:`,
  }[verb];
  return `# ${verb === "lift" ? "Order to lift" : "Order to return"} in case ${id}

Invented for the exercise Operation Tumar.

${reason}

${lines.join("\n")}
`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: path.join(import.meta.dirname, "../operations/tumar") },
      seed: { type: "string", default: "tumar" },
    },
  });
  generateTumar(values.out, values.seed);
  console.error(`Wrote ${values.out}`);
}
