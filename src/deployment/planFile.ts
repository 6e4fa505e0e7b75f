import path from "node:path";
import type { Address, Hex } from "viem";
import { z } from "../base/zod.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { readText } from "../base/files.ts";
import { addressField, hexField, InvalidFileError, parseJson } from "../base/json.ts";
import { INSTANT_FORM, instantOf } from "../base/time.ts";
import { VERIFIERS, type VerifierName } from "../chain/artifacts.ts";
import { documentHash } from "../orders/document.ts";
import { isPlainSymbol } from "../orders/symbol.ts";
import { checkPlan, type DeploymentPlan, type PlannedAsset } from "./check.ts";
import { refusePublished } from "./keys.ts";
import { PARAMETERS_ENDING, readPinned } from "./parameters.ts";
import type { PlannedSeat } from "./seats.ts";

export const PLAN_SCHEMA = "sequester.deployment-plan/1";

/** The paper that founds a deployment, as the charter's document proves it. */
export interface FoundingPaper {
  file: string;
  sha256: Hex;
  salt: Hex;
}

/** The content of a deployment plan: everything that the charter will say but the addresses of the contracts. */
export interface PlanFile {
  chainId: number;
  /** Who sends the transactions, and keeps no right. */
  deployer: Address;
  /** A jurisdiction of deploy/parameters, or a .json5 file beside the plan; and the SHA-256 of that file. */
  parameters: { name: string; sha256: Hex };
  paper: FoundingPaper;
  /** Last Unix second in which the charter may be installed. */
  signBy: number;
  assets: PlannedAsset[];
  seats: PlannedSeat[];
}

/** The rules are not those that the plan was made with. Exit code 64. */
export class ChangedParametersError extends SequesterError {
  override name = "ChangedParametersError";
  constructor(file: string, has: Hex, needs: Hex) {
    super(`${file} is not the file of parameters that the plan was made with.`, {
      code: EXIT.usage,
      metaMessages: [`has: SHA-256 ${has}`, `needs: ${needs}, or a plan that is made anew`],
    });
  }
}

/** Bytes of a plan at most. */
const MOST_BYTES = 2 ** 22;
/** More would not fit into the word in which a token keeps its name. */
const MOST_OF_NAME = 31;

const agency = z.string();
const symbol = z.string().refine(isPlainSymbol, "needs a symbol of 1 to 16 letters of one script");
const decimals = z.int().min(0).max(28);

const schema = z.strictObject({
  schema: z.literal(PLAN_SCHEMA),
  chainId: z.int().positive(),
  deployer: addressField,
  parameters: z.strictObject({ name: z.string().min(1), sha256: hexField(32) }),
  paper: z.strictObject({ file: z.string().min(1), sha256: hexField(32), salt: hexField(32) }),
  signBy: z.string().transform((text, context) => {
    const seconds = instantOf(text);
    if (seconds !== undefined) return seconds;
    context.addIssue({ code: "custom", message: `needs ${INSTANT_FORM}` });
    return z.NEVER;
  }),
  assets: z.array(
    z.union(
      [
        z.strictObject({
          symbol,
          name: z.string().refine((name) => Buffer.byteLength(name) <= MOST_OF_NAME && name !== ""),
          decimals,
          issuer: addressField,
          treasury: addressField,
        }),
        z.strictObject({ symbol, decimals, address: addressField, treasury: addressField }),
      ],
      {
        error: `needs symbol, decimals from 0 to 28, treasury, and either name (1 to ${MOST_OF_NAME} bytes) and issuer, or address`,
      },
    ),
  ),
  seats: z.array(
    z.union(
      [
        z.strictObject({ agency, kind: z.enum(["key", "contract"]), signer: addressField }),
        z.strictObject({ agency, verifier: z.enum(Object.keys(VERIFIERS) as VerifierName[]), key: hexField() }),
      ],
      {
        error: `needs agency, and either kind (key, contract) and signer (an address), or verifier (${Object.keys(VERIFIERS).join(", ")}) and key`,
      },
    ),
  ),
});

/** Reads the text of a plan; `file` is its name in errors. @throws InvalidFileError */
export function parsePlan(text: string, file: string): PlanFile {
  const { schema: _, ...plan } = parseJson(text, file, schema);
  return plan;
}

/** The canonical text of a plan. @throws InvalidFileError, so that nothing is written that cannot be read */
export function serializePlan({ signBy, ...plan }: PlanFile, file: string): string {
  const at = new Date(signBy * 1000).toISOString().replace(".000Z", "Z");
  const { chainId, deployer, parameters, paper, assets, seats } = plan;
  const json = { schema: PLAN_SCHEMA, chainId, deployer, parameters, paper, signBy: at, assets, seats };
  const text = `${JSON.stringify(json, null, 2)}\n`;
  parsePlan(text, file);
  return text;
}

/**
 * Reads a plan and what it stands for, refused for whatever the contracts would refuse.
 * @throws FileAccessError, InvalidFileError, ParametersError, ChangedParametersError, DeploymentRefusedError, PublishedKeyError
 */
export async function readPlan(file: string): Promise<{ file: PlanFile; plan: DeploymentPlan }> {
  const read = parsePlan(await readText(file, MOST_BYTES), file);
  return { file: read, plan: planOf(read, file) };
}

/** What a plan's file stands for; `place` is the file. Throws as `readPlan` does. */
export function planOf(read: PlanFile, place: string): DeploymentPlan {
  const { name, sha256 } = read.parameters;
  if (/[/\\]/.test(name)) {
    throw new InvalidFileError(place, [
      { field: "parameters.name", reason: "needs a name, or a file beside the plan" },
    ]);
  }
  const isFile = name.endsWith(PARAMETERS_ENDING);
  const pinned = readPinned(isFile ? path.join(path.dirname(place), name) : name);
  const { parameters } = pinned;
  if (pinned.sha256 !== sha256) throw new ChangedParametersError(parameters.file, pinned.sha256, sha256);
  const { deployer, assets, seats, paper } = read;
  const plan = { deployer, parameters, assets, seats, document: documentHash(paper.salt, paper.sha256) };
  checkPlan(plan);
  for (const who of [deployer, ...seats.flatMap((seat) => ("signer" in seat ? [seat.signer] : []))])
    refusePublished(read.chainId, who);
  return plan;
}
