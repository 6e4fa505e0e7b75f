import type { Address } from "viem";
import { derivedAccount, LOCAL_CHAIN } from "../../src/deployment/keys.ts";
import type { CaseFileInput } from "../../src/operation/folder/schema.ts";
import { parseOffset } from "../../src/operation/folder/values.ts";
import { CLAIMS_FILE } from "./papers.ts";
import {
  accountOf,
  amountOf,
  APPEALED,
  BOUGHT,
  BOUGHT_LOT,
  GROUPS,
  LEAKED,
  LEAKING,
  LIFTED,
  MAIN,
  pad,
  PARTLY_RETURNED,
  SILENT,
  TERMINATED,
  UPHELD,
  WHOLLY_RETURNED,
  worth,
  type Cast,
  type Wallet,
} from "./wallets.ts";

/** Wallets of platforms; the second pays for what is converted. */
export const EXCHANGE = { name: "EXCHANGE-HOT", platform: "AIFC exchange 1" };
export const DESK = { name: "DESK", platform: "AIFC desk 1" };
export const SUB_ACCOUNT = "client 20417";

/** What happens, and the papers that it rests on: they are added to `files`. */
export function timelineOf({
  seed,
  cast,
  except,
  ofCase,
  files,
}: {
  seed: string;
  cast: Cast;
  except: Address[];
  ofCase: (id: string) => Wallet[];
  files: Map<string, string>;
}): CaseFileInput["timeline"] {
  const { lookAlike, expired, appealed, boughtLot, leaking, leaked, interrupted, exchanged } = cast;
  const seized = (id: string) => ofCase(id).filter(({ account }) => !except.includes(account));
  const largest = (id: string) => seized(id).sort((a, b) => Number(worth(b) - worth(a)));
  /** A paper of the case, or of none, under a name of its own. */
  const paper = (name: string, title: string, ...lines: string[]) => {
    const file = `rulings/${name}.md`;
    files.set(file, `# ${title}\n\nInvented for the exercise Operation Tumar.\n\n${lines.join("\n\n")}\n`);
    return file;
  };
  const listed = (list: Wallet[]) => list.map((it) => `- ${amountOf(it)} ${it.asset} of ${it.account}`).join("\n");
  const inUnits = (list: Wallet[]) =>
    list.map((it) => ({ account: it.account, asset: it.asset, amount: amountOf(it) }));
  const part = (wallet: Wallet, units: number): Wallet => ({ ...wallet, cents: BigInt(units) * 100n });
  const share = (list: Wallet[], percent: bigint) =>
    list.map((wallet) => ({ ...wallet, cents: (wallet.cents * percent) / 100n }));

  const giveBack = (at: string, id: string, list: Wallet[], reason: string) => {
    const ruling = paper(`return-${id.toLowerCase()}`, `Order to return in case ${id}`, reason, listed(list));
    return { at, act: "return", case: id, ruling, holders: inUnits(list) } as const;
  };
  const lift = (at: string, id: string, list: Wallet[], reason: string) => {
    const ruling = paper(`lift-${id.toLowerCase()}`, `Order to lift in case ${id}`, reason, listed(list));
    return { at, act: "lift", case: id, ruling, holds: inUnits(list) } as const;
  };
  const judgment = (name: string, id: string, ...lines: string[]) =>
    paper(`${name}-${id.toLowerCase()}`, `Judgment in case ${id}`, ...lines);
  const GOOD_FAITH = "is theirs in good faith. This part is to be returned:";

  const [buyer, partner, outsider] = ["buyer", "partner", "outsider"].map((name) => accountOf(seed, name)) as [
    Address,
    Address,
    Address,
  ];
  const exchangeWallet = derivedAccount(LOCAL_CHAIN, seed, EXCHANGE.name).address;
  const inExchange = { asset: "USDC", wallet: EXCHANGE.name, subAccount: SUB_ACCOUNT };
  const custody = { asset: "USDT.b", case: MAIN } as const;
  const judged = [MAIN, ...Array.from({ length: GROUPS.B.groups }, (_, i) => `TUMAR-B-${pad(i + 1, 2)}`)];

  const licence = paper("licences", "Licences", "The two platforms may keep wallets of their own, and of customers.");
  const converting = judgment(
    "convert",
    MAIN,
    "3,000,000 USDT.b are to become digital tenge before their price moves: six deliveries of 500,000 each.",
    "Reference 547.70, at most 50 hundredths of a per cent below: at least 272,480,750 KZTE each.",
  );
  const conversions = Array.from({ length: 6 }, (_, i) => `convert-${i + 1}`);
  const [share20, rest80] = ["foreign-share", "treasury-share"];

  const story: CaseFileInput["timeline"] = [
    // One wallet loses half of its money to another between the trace and the freeze.
    { at: "0d", act: "move", from: leaking.account, to: leaked.account, asset: leaking.asset, amount: `${LEAKED}` },
    { at: "0d", act: "license", wallet: EXCHANGE.name, until: "730d", ruling: licence },
    { at: "0d", act: "license", wallet: DESK.name, until: "730d", ruling: licence },
    { at: "0d", act: "freeze", cases: "*", except: [leaked.account] },
    {
      ...lift("1d17h", lookAlike.case, [lookAlike], "The wallet is a merchant's, whose address looks like another's:"),
      by: ["FMA-1", "GPO-1"],
    },
    {
      at: "7d1h",
      act: "attempt",
      order: "freeze",
      case: exchanged,
      by: ["FMA-1", "FMA-2", "GPO-1"],
      holds: [{ account: exchangeWallet, asset: "USDC", amount: "61300" }],
      refused: "DocketCannotHold",
    },
    {
      at: "7d2h",
      act: "exchange-hold",
      case: exchanged,
      ...inExchange,
      amount: "61300",
      ruling: paper(
        `exchange-${exchanged.toLowerCase()}`,
        `Request to a platform in case ${exchanged}`,
        "61,300 of 2,000,000 USDC in the exchange's wallet were traced to one customer. Nothing else there is held.",
      ),
    },
    { at: "7d8h", act: "acknowledge", ...inExchange, amount: "61300" },
    {
      at: "9d",
      act: "arrest",
      cases: "*",
      except,
      until: "180d",
      parts: [{ case: leaking.case, ...inUnits([part(leaking, LEAKING - LEAKED)])[0]! }],
      place: [{ case: leaked.case, ...inUnits([leaked])[0]! }],
    },
    { at: "10d1s", act: "lapse" },
    {
      at: "10d2h",
      act: "attempt",
      order: "seize",
      case: expired.case,
      holds: inUnits([expired]),
      refused: "DocketNothingHeld",
    },
    {
      at: "11d",
      act: "attempt",
      order: "transfer",
      case: MAIN,
      by: ["FMA-1", "FMA-2", "FMA-3"],
      to: outsider,
      holds: inUnits([part(largest(MAIN)[0]!, 1_000)]),
      refused: "QuorumNotMet",
    },
    {
      at: "11d6h",
      act: "attempt",
      order: "lift",
      case: appealed.case,
      by: ["FMA-2"],
      holds: inUnits([appealed]),
      ruling: paper("forged", "Letter of release", "A letterhead, a stamp, and no judge."),
      refused: "QuorumNotMet",
    },
    lift(
      "12d",
      LIFTED,
      share(largest(LIFTED).slice(0, 1), 40n),
      "The holder has shown that 40 per cent of what is held does not come from the exchangers. The restriction was wrongful in this part and is lifted:",
    ),
    {
      at: "14d",
      act: "seize",
      cases: [interrupted],
      leaves: {
        officer: "FMA-1",
        how: "dismiss",
        ruling: paper("dismissal", "Dismissal", "The officer FMA-1 leaves the agency."),
      },
    },
    { at: "14d", act: "seize", cases: "*" },
    { at: "15d", act: "surrender", case: exchanged, ...inExchange, amount: "40000" },
    { at: "16d", act: "surrender", case: exchanged, ...inExchange, amount: "21300" },
    { at: "20d", act: "deposit", ...custody, amount: "1000" },
    { at: "21d", act: "book", cases: [MAIN] },
    {
      ...giveBack("60d", SILENT, seized(SILENT), "The custodian has not answered for 72 hours. To be returned whole:"),
      by: ["COURT-1", "COURT-2"],
    },
    giveBack("60d6h", WHOLLY_RETURNED, seized(WHOLLY_RETURNED), "To be returned whole to owners in good faith:"),
    giveBack("61d", TERMINATED, seized(TERMINATED), "The investigation is terminated. All is to be returned:"),
    giveBack(
      "62d",
      PARTLY_RETURNED,
      share(largest(PARTLY_RETURNED).slice(0, 2), 50n),
      `The holders have shown that 50 per cent of what was taken ${GOOD_FAITH}`,
    ),
    giveBack(
      "62d3h",
      MAIN,
      share(largest(MAIN).slice(0, 1), 25n),
      `The holders have shown that 25 per cent of what was taken ${GOOD_FAITH}`,
    ),

    // The conversion: gross 546.10, less a fee of 0.10 per cent.
    ...conversions.map(
      (id) =>
        ({
          at: "75d",
          act: "convert",
          id,
          ...custody,
          amount: "500000",
          wallet: DESK.name,
          ruling: converting,
          proceedsAsset: "KZTE",
          leastProceeds: "272480750",
        }) as const,
    ),
    { at: "77d1h", act: "execute", orders: conversions, proceeds: "272776950" },

    // An appeal that is upheld in part: the first order names too much and is vetoed, the second what is left.
    {
      at: "90d",
      act: "forfeit",
      id: "appealed",
      cases: [appealed.case],
      asset: appealed.asset,
      amount: `${APPEALED}`,
      ruling: judgment("forfeit", appealed.case, `${APPEALED} USDT.b are forfeited.`),
    },
    {
      at: "95d",
      act: "appeal",
      order: "appealed",
      asset: appealed.asset,
      holder: appealed.account,
      ruling: paper("appeal", `Appeal in case ${appealed.case}`, `${UPHELD} of it are wages, as the books show.`),
    },
    giveBack("105d", appealed.case, [part(appealed, UPHELD)], "The appeal is upheld in this part:"),
    {
      at: "106d",
      act: "veto",
      order: "appealed",
      ruling: judgment("veto", appealed.case, "The forfeiture names more than what is left of this wallet's money."),
    },
    {
      at: "107d",
      act: "forfeit",
      id: "after-appeal",
      cases: [appealed.case],
      asset: appealed.asset,
      amount: `${APPEALED - UPHELD}`,
      ruling: judgment("forfeit-rest", appealed.case, `${APPEALED - UPHELD} USDT.b are forfeited.`),
    },
    { at: "137d", act: "execute", orders: ["after-appeal"] },

    // A buyer who paid gets its part, which binds no more than that part.
    {
      at: "100d",
      act: "transfer",
      id: "buyer",
      case: boughtLot.case,
      asset: boughtLot.asset,
      source: "custody",
      holder: boughtLot.account,
      to: buyer,
      amount: `${BOUGHT}`,
      ruling: judgment("buyer", boughtLot.case, `${BOUGHT} USDT.b belong to a buyer who paid for them.`),
    },
    {
      at: "101d",
      act: "forfeit",
      id: "after-buyer",
      cases: [boughtLot.case],
      asset: boughtLot.asset,
      amount: `${BOUGHT_LOT - BOUGHT}`,
      ruling: judgment("forfeit", boughtLot.case, `${BOUGHT_LOT - BOUGHT} USDT.b are forfeited.`),
    },
    { at: "117d", act: "execute", orders: ["after-buyer"] },
    { at: "131d", act: "execute", orders: ["buyer"] },

    // Owners before victims, victims before the state: a claim that nobody makes falls back in the end.
    {
      at: "150d",
      act: "compensate",
      id: "victims",
      ...custody,
      pool: "1240000",
      claims: CLAIMS_FILE,
      claimTerm: "90d",
      ruling: judgment("compensate", MAIN, "1,240,000 USDT.b are for an owner and, pro rata, for five victims."),
    },
    { at: "166d", act: "execute", orders: ["victims"] },
    { at: "168d", act: "claim", order: "victims", claims: ["O1", "V1", "V2"] },
    { at: "180d", act: "claim", order: "victims", claims: ["V3", "V5"] },
    {
      at: "170d",
      act: "transfer",
      id: share20,
      ...custody,
      source: "custody",
      to: partner,
      amount: "120000",
      ruling: judgment("share", MAIN, "Of 600,000 USDT.b that are forfeited, 20 per cent are the foreign partner's."),
    },
    {
      at: "171d",
      act: "forfeit",
      id: rest80,
      cases: [MAIN],
      asset: "USDT.b",
      amount: "480000",
      ruling: judgment("forfeit", MAIN, "Of 600,000 USDT.b that are forfeited, 80 per cent are the treasury's."),
    },
    {
      at: "185d",
      act: "stay",
      order: rest80,
      until: "210d",
      by: ["COURT-2"],
      ruling: judgment("stay", MAIN, "The forfeiture waits until the partner's share is settled."),
    },
    {
      at: "198d",
      act: "stay",
      order: share20,
      until: "201d",
      by: ["KNB-1"],
      ruling: paper("stay-partner", "Request to wait", "The partner's account is still being checked."),
    },
    { at: "202d", act: "execute", orders: [share20] },
    { at: "211d", act: "execute", orders: [rest80] },
    { at: "257d", act: "unreserve", order: "victims" },

    { at: "300d", act: "forfeit", id: "final", cases: judged },
    { at: "316d", act: "execute", orders: ["final"] },
  ];
  return story.sort((a, b) => parseOffset(a.at) - parseOffset(b.at));
}
