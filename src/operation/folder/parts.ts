import { bytesNow } from "../../base/files.ts";
import path from "node:path";
import { parseClaims, type Claim } from "../../compensation/index.ts";
import { derivedAccount, LOCAL_CHAIN } from "../../deployment/keys.ts";
import { PARAMETERS_ENDING, ParametersError, readParameters, type Parameters } from "../../deployment/parameters.ts";
import { rulingHash } from "../../orders/document.ts";
import { InvalidFileError } from "../../base/json.ts";
import { Flaw, type FaultName } from "./faults.ts";
import { fileInside } from "./fileInside.ts";
import type { Keys } from "../../base/lines.ts";
import type { Asset, RulingFile, Wallet } from "../operation.ts";
import type { CaseFile } from "./schema.ts";
import { parseAmount } from "./values.ts";

/** The file that says what an operation is. */
export const CASE_FILE = "case.json";

/** Reports a fault of the value under these keys of case.json. */
export type At = (keys: Keys, name: FaultName, reason: string) => void;

/** The bytes of a file inside the folder, links followed; undefined if there is no such file. */
export function readBytes(dir: string, file: string): Uint8Array | undefined {
  const real = fileInside(dir, file);
  if (real === undefined) return undefined;
  try {
    return bytesNow(real);
  } catch {
    return undefined;
  }
}

/** The parameters that case.json names: a jurisdiction's, or those of a file in the folder. */
export function readLaw(dir: string, { parameters: named }: CaseFile, at: At): Parameters | undefined {
  const isFile = named.endsWith(PARAMETERS_ENDING);
  const file = isFile ? fileInside(dir, named) : named;
  try {
    if (file !== undefined) return readParameters(file);
    at(["parameters"], "UnknownParameters", `the folder has no file ${named} that can be read`);
  } catch (error) {
    if (!(error instanceof ParametersError)) throw error;
    at(["parameters"], "UnknownParameters", `${error.shortMessage} ${error.metaMessages.join("; ")}`);
  }
  return undefined;
}

export function checkOfficers({ officers }: CaseFile, known: readonly string[] | undefined, at: At): void {
  const agencyOf = new Map<string, string>();
  for (const [i, { agency, name }] of officers.entries()) {
    if (known && !known.includes(agency)) {
      const reason = `the officer ${name} is of ${agency}, which is not one of ${known.join(", ")}`;
      at(["officers", i, "agency"], "UnknownAgency", reason);
    }
    const earlier = agencyOf.get(name);
    if (earlier === undefined) agencyOf.set(name, agency);
    else {
      const reason = `the officer ${name} of ${agency} is already one of ${earlier}; an officer is of exactly one agency`;
      at(["officers", i, "name"], "DuplicateOfficer", reason);
    }
  }
}

export function readAssets(data: CaseFile, at: At): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const [i, asset] of data.assets.entries()) {
    if (assets.has(asset.symbol))
      at(["assets", i, "symbol"], "DuplicateAsset", `the asset ${asset.symbol} comes twice`);
    assets.set(asset.symbol, { ...asset, kind: "sovereign" });
  }
  return assets;
}

/** Every ruling that a case or an act names, by its path. */
export function readRulings(dir: string, { cases, timeline }: CaseFile, at: At): Map<string, RulingFile> {
  const rulings = new Map<string, RulingFile>();
  const named: [string | undefined, Keys][] = [
    ...cases.map(({ ruling }, i): [string, Keys] => [ruling, ["cases", i, "ruling"]]),
    ...timeline.flatMap((act, i): [string | undefined, Keys][] => [
      ["ruling" in act ? act.ruling : undefined, ["timeline", i, "ruling"]],
      ["leaves" in act ? act.leaves?.ruling : undefined, ["timeline", i, "leaves", "ruling"]],
    ]),
  ];
  for (const [file, keys] of named) {
    if (file === undefined || rulings.has(file)) continue;
    const bytes = readBytes(dir, file);
    if (bytes !== undefined)
      rulings.set(file, { path: file, file: path.posix.basename(file), sha256: rulingHash(bytes) });
    else at(keys, "MissingRuling", `the folder has no file ${file} that can be read`);
  }
  return rulings;
}

/** The admitted claims of every file that a compensation names, by its path. */
export function readClaims(dir: string, { timeline }: CaseFile, at: At): Map<string, readonly Claim[]> {
  const claims = new Map<string, readonly Claim[]>();
  for (const [i, act] of timeline.entries()) {
    if (act.act !== "compensate" || claims.has(act.claims)) continue;
    const fault = (reason: string) => at(["timeline", i, "claims"], "BadClaims", reason);
    const bytes = readBytes(dir, act.claims);
    try {
      if (bytes === undefined) fault(`the folder has no file ${act.claims} that can be read`);
      else claims.set(act.claims, parseClaims(new TextDecoder("utf-8", { fatal: true }).decode(bytes), act.claims));
    } catch (error) {
      if (!(error instanceof InvalidFileError) && !(error instanceof TypeError)) throw error;
      fault(error instanceof InvalidFileError ? error.message : `${act.claims} needs to be UTF-8 text`);
    }
  }
  return claims;
}

export function readWallets(data: CaseFile, assets: ReadonlyMap<string, Asset>, at: At): Map<string, Wallet> {
  const wallets = new Map<string, Wallet>();
  const taken = new Set(data.officers.map(({ name }) => name));
  for (const [i, { name, platform, omnibus, holds = [] }] of (data.wallets ?? []).entries()) {
    if (taken.has(name)) at(["wallets", i, "name"], "DuplicateWallet", `the name ${name} comes twice`);
    taken.add(name);
    const amounts = new Map<string, bigint>();
    for (const [j, { asset: symbol, amount }] of holds.entries()) {
      const fault = (fault: FaultName, reason: string) => at(["wallets", i, "holds", j], fault, reason);
      const asset = assets.get(symbol);
      if (asset === undefined) fault("UnknownAsset", `the asset ${JSON.stringify(symbol)} is not one of ${CASE_FILE}`);
      else if (amounts.has(symbol)) fault("DuplicateAsset", `the asset ${symbol} comes twice in the wallet ${name}`);
      else {
        try {
          amounts.set(symbol, parseAmount(amount, asset.decimals));
        } catch (error) {
          if (!(error instanceof Flaw)) throw error;
          fault(error.fault, error.message);
        }
      }
    }
    const { address } = derivedAccount(LOCAL_CHAIN, data.seed, name);
    wallets.set(name, { name, platform, omnibus, address, holds: amounts });
  }
  return wallets;
}
