import type { PublicClient } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { deploymentFile, readDeployment, verifyDeployment, type Deployment } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import { LOCAL_CHAIN } from "../../deployment/keys.ts";
import type { Domain } from "../../orders/types.ts";
import type { Words } from "../../orders/sentence.ts";
import { nodeOf, type NodeOptions } from "../node.ts";
import { wordsOf, type PlaceOptions } from "./place.ts";

/** The order is for another deployment than the file that is pinned. Exit code 3. */
export class OtherDeploymentError extends SequesterError {
  override name = "OtherDeploymentError";
  constructor(file: string, has: Domain, needs: Domain) {
    super(`${file} is for another deployment.`, {
      code: EXIT.verification,
      metaMessages: [`has: ${placeIn(has)}`, `needs: ${placeIn(needs)}, as the deployment's file says`],
    });
  }
}

/** Where orders of a domain are valid. */
export const placeIn = ({ chainId, verifyingContract }: Domain) => `chain ${chainId}, Quorum ${verifyingContract}`;

export type DeskOptions = PlaceOptions;

/** What an order is written, read and signed with. */
export interface Desk {
  deployment: Deployment;
  words: Words;
  /** Unix second: the chain's where there is a node, else this machine's. */
  now: number;
}

/** The same, with a node whose contracts are those of the deployment. */
export interface ChainDesk extends Desk {
  client: PublicClient;
}

/** The deployment on the chain, the local one unless told, held against a node where one is named. */
export async function deskOf(options: DeskOptions, chainId?: number): Promise<Desk & Partial<ChainDesk>> {
  const { deployment: named, rpc, lang } = options;
  if (rpc !== undefined) return chainDeskOf({ ...options, rpc });
  const deployment = await readDeployment(deploymentFile(chainId ?? LOCAL_CHAIN, named));
  return { deployment, words: await wordsOf({ deployment, lang }), now: Math.floor(Date.now() / 1000) };
}

/** The deployment on a node's chain. @throws DeploymentMismatchError */
export async function chainDeskOf(options: DeskOptions & NodeOptions): Promise<ChainDesk> {
  const { client, deployment } = await nodeOf(options);
  await answerOf(verifyDeployment(client, deployment));
  const { timestamp } = await answerOf(client.getBlock());
  return {
    deployment,
    client,
    words: await wordsOf({ deployment, client, lang: options.lang }),
    now: Number(timestamp),
  };
}

/** @throws OtherDeploymentError */
export function requireDomain(file: string, has: Domain, { deployment }: Desk): void {
  const { domain } = deployment;
  if (has.chainId === domain.chainId && has.verifyingContract === domain.verifyingContract) return;
  throw new OtherDeploymentError(file, has, domain);
}
