// Writes operations/tumar, the case file of the main job: same seed, same bytes.
//   node scripts/generate-tumar.ts [--out DIR] [--seed S]
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { told } from "../src/cli/told.ts";
import { EXIT, SequesterError } from "../src/base/errors.ts";
import { OPERATION_SCHEMA, type CaseFileInput } from "../src/operation/folder/schema.ts";
import {
  operationFiles,
  writeOperationFiles,
  type OperationFiles,
  type TargetRow,
} from "../src/operation/folder/writeOperation.ts";
import { accessed } from "../src/base/files.ts";
import { historiesOf } from "./tumar/histories.ts";
import { caseRuling, CLAIMS_FILE, claimsText, freezeText } from "./tumar/papers.ts";
import { DESK, EXCHANGE, timelineOf } from "./tumar/story.ts";
import { ASSETS, makeWallets, notConfirmed, START } from "./tumar/wallets.ts";

/** Officers per agency, enough for every act of the timeline. */
const SEATS = { FMA: 3, KNB: 2, GPO: 4, COURT: 4, NBK: 2, MOF: 2, AFSA: 2 };

const officersOf = (seats: Record<string, number>) =>
  Object.entries(seats).flatMap(([agency, count]) =>
    Array.from({ length: count }, (_, i) => ({ agency, name: `${agency}-${i + 1}` })),
  );

/** The texts of the whole folder. */
export function tumarFiles(seed: string): OperationFiles {
  const { wallets, cast } = makeWallets(seed);
  const cases = [...new Set(wallets.map((wallet) => wallet.case))];
  const ofCase = (id: string) => wallets.filter((wallet) => wallet.case === id);
  const except = notConfirmed(seed, cases, ofCase, cast);
  const files = new Map(cases.map((id) => [caseRuling(id), freezeText(id, ofCase(id))]));
  files.set(CLAIMS_FILE, claimsText(seed));
  const { files: histories, part: trace, amountOf } = historiesOf(seed, wallets, cast);
  const timeline = timelineOf({ seed, cast, except, ofCase, files });
  const content: CaseFileInput = {
    schema: OPERATION_SCHEMA,
    name: "Operation Tumar",
    parameters: "kazakhstan",
    start: START,
    seed,
    officers: officersOf(SEATS),
    assets: ASSETS.map(({ symbol, decimals, perUsd }) => ({ symbol, decimals, kind: "sovereign", perUsd })),
    cases: cases.map((id) => ({ id, ruling: caseRuling(id) })),
    wallets: [
      { ...EXCHANGE, omnibus: true, holds: [{ asset: "USDC", amount: "2000000" }] },
      { ...DESK, omnibus: false, holds: [{ asset: "KZTE", amount: "1636661700" }] },
    ],
    trace,
    timeline,
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
  return operationFiles(content, targets, new Map([...files, ...histories]));
}

/** Writes the folder. Refuses one that holds anything but an operation. */
export function generateTumar(out: string, seed: string): void {
  const entries = existsSync(out) ? accessed(out, () => readdirSync(out), "a folder, or none yet") : [];
  const foreign = entries.length > 0 && !entries.includes("case.json");
  if (foreign) {
    throw new SequesterError(`${out} cannot be written.`, {
      code: EXIT.usage,
      metaMessages: ["has: files, but no case.json", "needs: an empty folder or an operation's"],
    });
  }
  const files = tumarFiles(seed);
  for (const part of ["case.json", "targets.csv", "rulings", "claims", "trace"])
    accessed(out, () => rmSync(path.join(out, part), { recursive: true, force: true }), "a folder that can be written");
  writeOperationFiles(out, files);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: path.join(import.meta.dirname, "../operations/tumar") },
      seed: { type: "string", default: "tumar" },
    },
  });
  try {
    generateTumar(values.out, values.seed);
    console.error(`Wrote ${values.out}`);
  } catch (error) {
    console.error(told(error));
    process.exitCode = error instanceof SequesterError ? error.code : EXIT.error;
  }
}
