import path from "node:path";
import type { Address } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { readBytes, writeNew } from "../../base/files.ts";
import { INSTANT_FORM, instantOf, isoOf, OFFSET_FORM, offsetOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import type { PlannedAsset } from "../../deployment/check.ts";
import { PARAMETERS_ENDING, readPinned } from "../../deployment/parameters.ts";
import { planOf, serializePlan, type PlanFile } from "../../deployment/planFile.ts";
import { rulingHash } from "../../orders/document.ts";
import { randomSalt } from "../../orders/salts.ts";
import { MOST_OF_RULING } from "../order/papers.ts";
import { addressIn } from "../order/fields.ts";
import type { Streams } from "../order/place.ts";
import { readSeats } from "./seatsFile.ts";

export interface DeployPlanOptions {
  chainId: number;
  deployer: string;
  parameters: string;
  seats: string;
  paper: string;
  signBy: string;
  asset: readonly string[];
  treasury?: string;
  out: string;
  json?: boolean;
  dryRun?: boolean;
}

/** An option of a plan cannot be used. Exit code 64. */
export class PlanOptionError extends SequesterError {
  override name = "PlanOptionError";
  constructor(option: string, has: string, needs: string) {
    super(`${option} cannot be used.`, { code: EXIT.usage, metaMessages: [`has: ${has}`, `needs: ${needs}`] });
  }
}

/** Writes a plan that the contracts would take. */
export async function planDeployment(options: DeployPlanOptions, { stdout, stderr }: Streams): Promise<void> {
  const { chainId, parameters: named, out } = options;
  const isFile = named.endsWith(PARAMETERS_ENDING);
  if (isFile && path.resolve(path.dirname(named)) !== path.resolve(path.dirname(out)))
    throw new PlanOptionError("--parameters", named, "a name, or a file in the folder of the plan, which goes with it");
  const { sha256 } = readPinned(named);
  const file: PlanFile = {
    chainId,
    deployer: addressIn(options.deployer, "--deployer"),
    parameters: { name: isFile ? path.basename(named) : named, sha256 },
    paper: {
      file: path.basename(options.paper),
      sha256: rulingHash(await readBytes(options.paper, MOST_OF_RULING)),
      salt: randomSalt(),
    },
    signBy: signByIn(options.signBy),
    assets: options.asset.map((text) => assetIn(text, options.treasury)),
    seats: await readSeats(options.seats),
  };
  const { parameters } = planOf(file, out);
  const text = serializePlan(file, out);
  const { seats, assets, signBy, deployer } = file;
  const by = Map.groupBy(seats, ({ agency }) => agency);
  stderr.write(
    [
      `${countOf(seats.length, "seat")}: ${[...by].map(([agency, all]) => `${agency} ${all.length}`).join(", ")}`,
      ...assets.map((asset) =>
        "address" in asset
          ? `asset ${asset.symbol} at ${asset.address}, treasury ${asset.treasury}`
          : `asset ${asset.symbol}, ${countOf(asset.decimals, "decimal")}, issuer ${asset.issuer}, treasury ${asset.treasury}`,
      ),
      `rules of ${parameters.name}, chain ${chainId}, sent by ${deployer}, installed by ${isoOf(signBy)} at the latest`,
      "",
    ].join("\n"),
  );
  if (!options.dryRun) writeNew(out, text);
  else stderr.write("Dry run: nothing was written.\n");
  stdout.write(options.json ? `${JSON.stringify(JSON.parse(text))}\n` : options.dryRun ? "" : `${out}\n`);
}

function signByIn(text: string): number {
  const offset = offsetOf(text);
  const at = offset === undefined ? instantOf(text) : Math.floor(Date.now() / 1000) + offset;
  if (at === undefined) throw new PlanOptionError("--sign-by", text, `${INSTANT_FORM}, or ${OFFSET_FORM}`);
  return at;
}

const ASSET_FORM =
  "SYMBOL,DECIMALS and issuer=0x… (and name=…) or address=0x…, and treasury=0x… unless --treasury is told";
const FIELDS = ["issuer", "name", "address", "treasury"];

function assetIn(text: string, usual: string | undefined): PlannedAsset {
  const refuse = (has: string): never => {
    throw new PlanOptionError("--asset", has, ASSET_FORM);
  };
  const [symbol = "", digits = "", ...fields] = text.split(",");
  const told = new Map<string, string>();
  for (const field of fields) {
    const [, name = "", value = ""] = /^(\w+)=(.+)$/.exec(field) ?? [];
    if (!FIELDS.includes(name) || told.has(name)) return refuse(text);
    told.set(name, value);
  }
  const addressOf = (name: string, value: string | undefined): Address =>
    value === undefined ? refuse(`${text}, ${name} none`) : addressIn(value, `--asset ${name}`);
  if (symbol === "" || !/^\d{1,2}$/.test(digits) || told.has("issuer") === told.has("address")) return refuse(text);
  const common = { symbol, decimals: Number(digits) };
  const treasury = addressOf("treasury", told.get("treasury") ?? usual);
  if (told.has("address")) {
    if (told.has("name")) return refuse(text);
    return { ...common, address: addressOf("address", told.get("address")), treasury };
  }
  const issuer = addressOf("issuer", told.get("issuer"));
  return { symbol, name: told.get("name") ?? symbol, decimals: common.decimals, issuer, treasury };
}
