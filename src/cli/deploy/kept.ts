// What a deployment's folder keeps, held against the plan: whoever signed signed that.
import { existsSync } from "node:fs";
import { isAddressEqual, type PublicClient } from "viem";
import { isoOf } from "../../base/time.ts";
import { charterHash } from "../../deployment/charter.ts";
import { readCharter, writeCharter } from "../../deployment/charterFile.ts";
import { changesOf } from "../../deployment/charterWords.ts";
import type { DeploymentPlan } from "../../deployment/check.ts";
import { installationFile, readInstallation } from "../../deployment/installation.ts";
import type { PlanFile } from "../../deployment/planFile.ts";
import { ChangedPlanError, type Deployed } from "../../deployment/stages.ts";
import { changedAssets } from "./assets.ts";

const ANEW = "the plan as it was, or another folder, in which everything is deployed anew";
const AMEND = "the plan as it was, or --amend, after which whoever has signed signs anew";

/**
 * Refuses a plan of another deployer than the folder's, of other assets than were deployed once there is a charter, or of
 * another last day than the charter whose installation began. @throws ChangedPlanError
 */
export async function requireSamePlan(
  folder: string,
  charterFile: string,
  { deployer, chainId, signBy }: PlanFile,
  missing: readonly string[],
): Promise<void> {
  const kept = await readInstallation(folder);
  if (kept?.chainId !== chainId) return;
  const file = installationFile(folder);
  if (kept.deployer !== undefined && !isAddressEqual(kept.deployer, deployer))
    throw new ChangedPlanError(file, [`deployer: has ${kept.deployer}, needs ${deployer}`], ANEW);
  const until = kept.charter?.signBy;
  if (until !== undefined && until !== BigInt(signBy))
    throw new ChangedPlanError(file, [`sign by: has ${isoOf(until)}, needs ${isoOf(signBy)}`], "the plan as it was");
  if (missing.length > 0 && existsSync(charterFile)) {
    const lacks = missing.map((id) => `${id}: has none, needs one`);
    throw new ChangedPlanError(charterFile, lacks, ANEW);
  }
}

/**
 * Writes the charter for its officers; another one that is there stays unless it is to be amended.
 * @throws ChangedPlanError
 */
export async function keepCharter(
  file: string,
  client: PublicClient,
  { kept, addresses, charter }: Deployed,
  { paper }: PlanFile,
  plan: DeploymentPlan,
  { amend, dryRun }: { amend?: boolean; dryRun?: boolean },
): Promise<void> {
  const others = await changedAssets(client, plan, addresses);
  if (others.length > 0) throw new ChangedPlanError(file, others, ANEW);
  if (existsSync(file)) {
    const old = await readCharter(file);
    if (charterHash(old.charter) !== charterHash(charter) && (!amend || kept.charter !== undefined)) {
      const changes = changesOf(old.charter, charter, { has: old.addresses, needs: addresses });
      throw new ChangedPlanError(file, changes, AMEND);
    }
  }
  const { timeZone } = plan.parameters;
  if (!dryRun) await writeCharter(file, { chainId: kept.chainId, addresses, paper, timeZone, charter });
}
