import { deploymentFile, readDeployment } from "../../chain/deployments.ts";
import { LOCAL_CHAIN } from "../../deployment/keys.ts";
import { bundleDescriptor, orderDescriptor } from "../../signing/descriptors.ts";
import type { Streams } from "./place.ts";

export interface DescribeOptions {
  deployment?: string;
  bundles?: boolean;
}

/** Prints what a device is to show of a deployment's orders, or of bundles. */
export async function describe(
  { deployment: named, bundles }: DescribeOptions,
  { stdout }: Pick<Streams, "stdout">,
): Promise<void> {
  const descriptor = bundles
    ? bundleDescriptor()
    : orderDescriptor(await readDeployment(deploymentFile(LOCAL_CHAIN, named)));
  stdout.write(`${JSON.stringify(descriptor, undefined, 2)}\n`);
}
