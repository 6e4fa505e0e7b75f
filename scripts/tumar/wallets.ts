import { formatUnits, getAddress, keccak256, stringToHex, type Address } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { EXIT, SequesterError } from "../../src/base/errors.ts";
import { parseDecimal } from "../../src/operation/folder/values.ts";
import { drawer, share, shuffle, split, type Draw } from "./draw.ts";

export const START = "2025-09-29T06:00:00Z";
/** Of groups. */
export const TIERS = ["A", "B", "C", "D"] as const;
export type Tier = (typeof TIERS)[number];

export const GROUPS: Record<Tier, { groups: number; platforms: number }> = {
  A: { groups: 1, platforms: 6 },
  B: { groups: 8, platforms: 24 },
  C: { groups: 32, platforms: 60 },
  D: { groups: 40, platforms: 40 },
};

/** Held addresses and whole US dollars of every asset in every tier; the sums of both ways are those of the scenario. */
export const ASSETS: {
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

/** Holds that the court confirms not at all: how many in the one case of tier A, and in how many cases of B and C one each. */
const NOT_CONFIRMED = { A: 4, B: 2, C: 3 };

/** Whole units of USDT of the wallets that the messy cases are about. */
export const LOOK_ALIKE = 84_200;
export const EXPIRED = 41_250;
export const APPEALED = 575_000;
export const UPHELD = 230_000;
export const BOUGHT_LOT = 400_000;
export const BOUGHT = 125_000;
export const LEAKING = 100_000;
export const LEAKED = 50_000;

/** Cases with a part of their own in the timeline. */
export const MAIN = "TUMAR-A-01";
export const LIFTED = "TUMAR-B-05";
export const PARTLY_RETURNED = "TUMAR-B-03";
/** Its investigation is terminated: all is given back. */
export const TERMINATED = "TUMAR-C-05";
/** Given back by two judges, since the custodian is silent. */
export const SILENT = "TUMAR-D-07";
export const WHOLLY_RETURNED = "TUMAR-D-19";

export interface Wallet {
  case: string;
  account: Address;
  asset: string;
  /** Hundredths of the asset's unit. */
  cents: bigint;
  platform: string;
  group: string;
}

/** Wallets of the messy cases, each in a case of its own. */
export interface Cast {
  /** A merchant's, which looks like a wallet of the list. */
  lookAlike: Wallet;
  expired: Wallet;
  appealed: Wallet;
  boughtLot: Wallet;
  /** Sends half of its money to the second before the freeze. */
  leaking: Wallet;
  leaked: Wallet;
  /** Of which the seizure loses an approval. */
  interrupted: string;
  /** Of which money lies with an exchange. */
  exchanged: string;
}

/** The wallets of every tier, and which of them have a part of their own. */
export function makeWallets(seed: string): { wallets: Wallet[]; cast: Cast } {
  const wallets: Wallet[] = [];
  let platforms = 0;
  for (const tier of TIERS) {
    const draw = drawer(`${seed}/${tier}`);
    const { groups, platforms: platformsOfTier } = GROUPS[tier];
    const symbols = shuffle(
      ASSETS.flatMap(({ symbol, cells }) => Array<string>(cells[tier][0]).fill(symbol)),
      draw,
    );
    const platformsOf = share(platformsOfTier, Array<number>(groups).fill(1), draw);
    const walletsOf = share(symbols.length, platformsOf, draw);
    for (let g = 0; g < groups; g++) {
      const name = `${tier}-${pad(g + 1, 2)}`;
      const [own, count] = [platformsOf[g] as number, walletsOf[g] as number];
      for (let w = 0; w < count; w++) {
        const platform = platforms + 1 + (w < own ? w : Number(draw(own)));
        wallets.push({
          case: `TUMAR-${name}`,
          account: accountOf(seed, `holder/${wallets.length}`),
          asset: symbols.pop() as string,
          cents: 0n,
          platform: `exchanger-${pad(platform, 3)}`,
          group: `group-${name}`,
        });
      }
      platforms += own;
    }
  }
  const cast = castOf(wallets);
  for (const tier of TIERS) endow(wallets, tier, drawer(`${seed}/${tier}/amounts`));
  return { wallets, cast };
}

/** Chooses the wallets of the messy cases among those that are alike, and gives them their amounts. */
function castOf(wallets: Wallet[]): Cast {
  const taken = new Set([MAIN, LIFTED, PARTLY_RETURNED, TERMINATED]);
  /** The first wallets of an asset in a case of the tier that has enough, and no other part. */
  const choose = (tier: Tier, asset: string, amounts: number[], least = amounts.length + 2): Wallet[] => {
    for (const id of new Set(wallets.map((wallet) => wallet.case))) {
      if (!id.startsWith(`TUMAR-${tier}-`) || taken.has(id)) continue;
      const own = wallets.filter((wallet) => wallet.case === id);
      const fit = own.filter((wallet) => wallet.asset === asset).slice(0, amounts.length);
      if (own.length < least || fit.length < amounts.length) continue;
      taken.add(id);
      fit.forEach((wallet, i) => (wallet.cents = BigInt(amounts[i]!) * 100n));
      return fit;
    }
    throw new SequesterError(`This seed has no case of tier ${tier} with enough wallets of ${asset}.`, {
      code: EXIT.usage,
      metaMessages: [`needs: ${amounts.length}`],
    });
  };
  const [leaking, leaked] = choose("B", "USDT.a", [LEAKING, LEAKED]) as [Wallet, Wallet];
  const [appealed] = choose("B", "USDT.b", [APPEALED]) as [Wallet];
  const [boughtLot] = choose("B", "USDT.b", [BOUGHT_LOT]) as [Wallet];
  const [lookAlike] = choose("B", "USDT.b", [LOOK_ALIKE]) as [Wallet];
  const [expired] = choose("C", "USDT.b", [EXPIRED]) as [Wallet];
  const [interrupted, exchanged] = [choose("C", "USDT.a", [1]), choose("C", "USDC", [1])].map(([wallet]) => {
    // Any case will do: its wallets keep the amounts that they are dealt.
    wallet!.cents = 0n;
    return wallet!.case;
  }) as [string, string];
  // The merchant's address has the first six and the last four digits of a wallet of the case.
  const model = wallets.find((wallet) => wallet.case === lookAlike.case && wallet !== lookAlike)!.account;
  lookAlike.account = getAddress(`${model.slice(0, 8)}${lookAlike.account.slice(8, 38)}${model.slice(38)}`);
  return { lookAlike, expired, appealed, boughtLot, leaking, leaked, interrupted, exchanged };
}

/** Shares each cell's rest out among the wallets that have no amount yet. */
function endow(wallets: Wallet[], tier: Tier, draw: Draw): void {
  for (const { symbol, perUsd, cells } of ASSETS) {
    const { units, scale } = parseDecimal(perUsd);
    const total = (BigInt(cells[tier][1]) * 100n * units) / scale;
    const own = wallets.filter((wallet) => wallet.case.startsWith(`TUMAR-${tier}-`) && wallet.asset === symbol);
    const open = own.filter(({ cents }) => cents === 0n);
    const rest = own.reduce((left, { cents }) => left - cents, total);
    const parts = split(rest, open.length, draw);
    open.forEach((wallet, i) => (wallet.cents = parts[i]!));
  }
}

/** Accounts that the court does not confirm at all. */
export function notConfirmed(
  seed: string,
  cases: string[],
  ofCase: (id: string) => Wallet[],
  { expired, lookAlike, leaking, interrupted, exchanged, appealed, boughtLot }: Cast,
): Address[] {
  const draw = drawer(`${seed}/not confirmed`);
  const parts = [expired, lookAlike, leaking, appealed, boughtLot].map((wallet) => wallet.case);
  const special = new Set([LIFTED, PARTLY_RETURNED, TERMINATED, interrupted, exchanged, ...parts]);
  const drawn = (["A", "B", "C"] as const).flatMap((tier) => {
    const suited = cases.filter((id) => id.startsWith(`TUMAR-${tier}-`) && !special.has(id) && ofCase(id).length > 2);
    const named =
      tier === "A"
        ? Array<string>(NOT_CONFIRMED.A).fill(suited[0] as string)
        : shuffle(suited, draw).slice(0, NOT_CONFIRMED[tier]).sort();
    const left = new Map(named.map((id) => [id, shuffle(ofCase(id), draw)]));
    return named.map((id) => (left.get(id)?.pop() as Wallet).account);
  });
  return [...drawn, expired.account];
}

export const accountOf = (seed: string, name: string) => privateKeyToAddress(keccak256(stringToHex(`${seed}/${name}`)));
export const pad = (value: number, width: number) => String(value).padStart(width, "0");
export const amountOf = ({ cents }: Wallet) => formatUnits(cents, 2);
/** Hundredths of a US dollar. */
export const worth = ({ asset, cents }: Wallet) => {
  const { units, scale } = parseDecimal(ASSETS.find(({ symbol }) => symbol === asset)?.perUsd ?? "1");
  return (cents * scale) / units;
};
