import { getAddress, keccak256, numberToHex } from "viem";
import { readOperation, type Operation } from "../../../src/operation/folder.ts";
import type { CaseFileInput } from "../../../src/operation/schema.ts";
import {
  officersOfKazakhstan,
  operationFiles,
  type OperationFiles,
  type TargetRow,
} from "../../../src/operation/write.ts";
import { AGENCIES, folderOf } from "./folders.ts";

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

/** The files of a small operation; what is not told is that of TWO_CASES. */
export function smallFiles(changes: Partial<CaseFileInput> & { targets?: TargetRow[] } = {}): OperationFiles {
  const { targets = TWO_CASES.targets, ...rest } = changes;
  const cases = [...new Set(targets.map((row) => row.case))].map((id) => ({ id, ruling: `rulings/${id}.md` }));
  const { timeline, expect } = TWO_CASES;
  const content: CaseFileInput = {
    schema: "sequester.operation/1",
    name: "Small operation",
    parameters: "kazakhstan",
    start: "2026-01-05T09:00:00Z",
    seed: "small",
    officers: officersOfKazakhstan(),
    assets: ["KZTE", "USDX"].map((symbol) => ({ symbol, decimals: 2, kind: "sovereign" })),
    ...{ cases, timeline, expect },
    ...rest,
  };
  return operationFiles(content, targets, new Map(cases.map(({ id, ruling }) => [ruling, `Ruling in case ${id}.\n`])));
}

export const smallOperation = (changes?: Parameters<typeof smallFiles>[0]): Operation =>
  readOperation(folderOf(smallFiles(changes)), AGENCIES);
