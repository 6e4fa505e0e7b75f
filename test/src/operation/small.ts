import { getAddress, keccak256, numberToHex } from "viem";
import { derivedAccount, LOCAL_CHAIN } from "../../../src/deployment/keys.ts";
import { readOperation, type Operation } from "../../../src/operation/folder/readOperation.ts";
import type { CaseFileInput } from "../../../src/operation/folder/schema.ts";
import { operationFiles, type OperationFiles, type TargetRow } from "../../../src/operation/folder/writeOperation.ts";
import { OFFICERS, PARAMETERS } from "../../system/parameters.ts";
import { folderOf } from "./folders.ts";

/** The n-th of any number of accounts. */
export const account = (n: number) => getAddress(`0x${keccak256(numberToHex(n, { size: 32 })).slice(-40)}`);

export const target = (of: string, n: number, amount: string, asset = "KZTE"): TargetRow => {
  return { case: of, account: account(n), asset, amount, platform: "", group: "" };
};

/** Two cases that share an account: one hold lapses, one is lifted in part, the rest is seized, some of it returned. */
export const TWO_CASES: Pick<CaseFileInput, "timeline" | "expect"> & { targets: TargetRow[] } = {
  targets: [target("ONE", 1, "100"), target("ONE", 2, "50.5"), target("TWO", 1, "30"), target("TWO", 3, "7", "USDX")],
  timeline: [
    { at: "0d", act: "freeze", cases: "*" },
    { at: "9d", act: "arrest", cases: "*", except: [account(2)], until: "180d" },
    { at: "12d", act: "lift", case: "ONE", holds: [{ account: account(1), asset: "KZTE", amount: "20" }] },
    { at: "14d", act: "seize", cases: ["TWO"] },
    { at: "15d", act: "deposit", case: "TWO", asset: "USDX", amount: "3" },
    { at: "15d", act: "book", cases: ["TWO"] },
    { at: "60d", act: "return", case: "TWO", holders: [{ account: account(3), asset: "USDX", amount: "5" }] },
  ],
  expect: { targets: 4, cases: 2, arrested: 3, lapsed: 1 },
};

/** Every act of a timeline: two cases, a leak, an exchange, a conversion, victims, and an appeal. */
export const ALL_ACTS: Pick<CaseFileInput, "assets" | "wallets" | "timeline" | "expect"> & { targets: TargetRow[] } = {
  assets: [
    { symbol: "USDX", decimals: 2, kind: "sovereign" },
    { symbol: "KZTE", decimals: 2, kind: "sovereign", perUsd: "500" },
  ],
  wallets: [
    { name: "HOT", platform: "Exchange 1", omnibus: true, holds: [{ asset: "USDX", amount: "1000" }] },
    { name: "DESK", platform: "Desk 1", omnibus: false, holds: [{ asset: "KZTE", amount: "24500" }] },
  ],
  targets: [
    target("ONE", 1, "100", "USDX"),
    target("ONE", 2, "60", "USDX"),
    target("ONE", 3, "20", "USDX"),
    target("ONE", 4, "40", "USDX"),
    target("TWO", 5, "50", "USDX"),
  ],
  timeline: [
    { at: "0d", act: "move", from: account(2), to: account(3), asset: "USDX", amount: "20" },
    { at: "0d", act: "license", wallet: "HOT", until: "400d", ruling: "rulings/ONE.md" },
    { at: "0d", act: "license", wallet: "DESK", until: "400d", ruling: "rulings/ONE.md" },
    { at: "0d", act: "freeze", cases: "*", except: [account(3)] },
    {
      at: "2d",
      act: "lift",
      case: "TWO",
      by: ["FMA-1", "GPO-1"],
      holds: [{ account: account(5), asset: "USDX", amount: "10" }],
    },
    {
      at: "7d1h",
      act: "attempt",
      order: "freeze",
      case: "TWO",
      holds: [{ account: derivedAccount(LOCAL_CHAIN, "small", "HOT").address, asset: "USDX", amount: "30" }],
      refused: "DocketCannotHold",
    },
    { at: "7d2h", act: "exchange-hold", case: "TWO", asset: "USDX", wallet: "HOT", subAccount: "client", amount: "30" },
    { at: "7d5h", act: "acknowledge", asset: "USDX", wallet: "HOT", subAccount: "client", amount: "25" },
    {
      at: "9d",
      act: "arrest",
      cases: "*",
      except: [account(4)],
      parts: [{ case: "ONE", account: account(2), asset: "USDX", amount: "40" }],
      place: [{ case: "ONE", account: account(3), asset: "USDX", amount: "20" }],
      until: "180d",
    },
    { at: "10d1s", act: "lapse" },
    {
      at: "11d",
      act: "attempt",
      order: "transfer",
      case: "ONE",
      by: ["FMA-1", "FMA-2", "FMA-3"],
      holds: [{ account: account(1), asset: "USDX", amount: "9" }],
      to: account(9),
      refused: "QuorumNotMet",
    },
    {
      at: "14d",
      act: "seize",
      cases: "*",
      leaves: { officer: "FMA-1", how: "cancel", ruling: "rulings/ONE.md" },
    },
    { at: "15d", act: "surrender", case: "TWO", asset: "USDX", wallet: "HOT", subAccount: "client", amount: "20" },
    { at: "16d", act: "surrender", case: "TWO", asset: "USDX", wallet: "HOT", subAccount: "client", amount: "5" },
    { at: "20d", act: "deposit", case: "ONE", asset: "USDX", amount: "3" },
    { at: "21d", act: "book", cases: ["ONE"] },
    {
      at: "30d",
      act: "convert",
      id: "c1",
      case: "ONE",
      asset: "USDX",
      amount: "50",
      wallet: "DESK",
      proceedsAsset: "KZTE",
      leastProceeds: "24000",
    },
    { at: "32d1h", act: "execute", orders: ["c1"], proceeds: "24500" },
    {
      at: "33d",
      act: "return",
      case: "ONE",
      by: ["COURT-1", "COURT-2"],
      holders: [
        { account: account(1), asset: "USDX", amount: "10" },
        { account: account(1), asset: "KZTE", amount: "4900", taken: "USDX" },
      ],
    },
    { at: "40d", act: "forfeit", id: "f1", cases: ["ONE"], asset: "USDX", amount: "30" },
    { at: "45d", act: "appeal", order: "f1", asset: "USDX", holder: account(1), ruling: "rulings/TWO.md" },
    { at: "50d", act: "stay", order: "f1", until: "80d", by: ["COURT-2"], ruling: "rulings/TWO.md" },
    { at: "51d", act: "veto", order: "f1", ruling: "rulings/TWO.md" },
    {
      at: "60d",
      act: "transfer",
      id: "t1",
      case: "ONE",
      asset: "USDX",
      source: "custody",
      holder: account(1),
      to: account(9),
      amount: "5",
    },
    {
      at: "60d",
      act: "transfer",
      id: "t2",
      case: "ONE",
      asset: "USDX",
      source: "suspense",
      to: account(9),
      amount: "3",
    },
    {
      at: "83d",
      act: "compensate",
      id: "v1",
      case: "ONE",
      asset: "USDX",
      pool: "40",
      claims: "claims.csv",
      claimTerm: "90d",
    },
    { at: "90d1h", act: "execute", orders: ["t1", "t2"] },
    { at: "98d1h", act: "execute", orders: ["v1"] },
    { at: "99d", act: "claim", order: "v1", claims: ["O1", "V1"] },
    { at: "181d", act: "lapse" },
    { at: "200d", act: "unreserve", order: "v1" },
    { at: "201d", act: "dismiss", officer: "FMA-3", ruling: "rulings/TWO.md" },
    { at: "202d", act: "suspend", platform: "Desk 1", ruling: "rulings/TWO.md" },
    { at: "203d", act: "open", cases: ["TWO"] },
    { at: "204d", act: "forfeit", id: "rest", cases: "*" },
    { at: "220d", act: "execute", orders: ["rest"] },
  ],
  expect: { targets: 5, cases: 2, arrested: 4, lapsed: 2 },
};

/** An owner of 10.00 and two victims of 40.00 and 20.00, who share 30.00: V1 gets 20.00, V2 10.00. */
const CLAIMS = `id,account,class,loss
O1,${account(21)},owner,1000
V1,${account(22)},victim,4000
V2,${account(23)},victim,2000
`;

/** The files of a small operation; what is not told is that of TWO_CASES. */
export function smallFiles(changes: Partial<CaseFileInput> & { targets?: TargetRow[] } = {}): OperationFiles {
  const { targets = TWO_CASES.targets, ...rest } = changes;
  const cases = [...new Set(targets.map((row) => row.case))].map((id) => ({ id, ruling: `rulings/${id}.md` }));
  const { timeline, expect } = TWO_CASES;
  const content: CaseFileInput = {
    schema: "sequester.operation/1",
    name: "Small operation",
    parameters: PARAMETERS.name,
    start: "2026-01-05T09:00:00Z",
    seed: "small",
    officers: OFFICERS,
    assets: ["KZTE", "USDX"].map((symbol) => ({ symbol, decimals: 2, kind: "sovereign" })),
    cases,
    timeline,
    expect,
    ...rest,
  };
  const rulings = cases.map(({ id, ruling }): [string, string] => [ruling, `Ruling in case ${id}.\n`]);
  return operationFiles(content, targets, new Map([...rulings, ["claims.csv", CLAIMS]]));
}

export const smallOperation = (changes?: Parameters<typeof smallFiles>[0]): Operation =>
  readOperation(folderOf(smallFiles(changes)));
