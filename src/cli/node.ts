import type { PublicClient } from "viem";
import { deploymentFile, readDeployment, type Deployment } from "../chain/deployments.ts";
import { answerOf, clientOf } from "../chain/node.ts";
import { ensureBuilt } from "./build.ts";

export interface NodeOptions {
  rpc: string;
  deployment?: string | undefined;
}

/** A node, and the deployment that is named, else that of its chain, not held against it yet. */
export async function nodeOf({ rpc, deployment: named }: NodeOptions): Promise<{
  client: PublicClient;
  deployment: Deployment;
}> {
  await ensureBuilt();
  const client = clientOf(rpc);
  return { client, deployment: await readDeployment(deploymentFile(await answerOf(client.getChainId()), named)) };
}
