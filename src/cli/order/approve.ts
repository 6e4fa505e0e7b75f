import { encodeFunctionData } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import type { Surroundings } from "../operation.ts";
import { meantBy } from "./cancel.ts";
import { deskOf, requireDomain, type DeskOptions } from "./desk.ts";

export interface ApproveOptions extends DeskOptions {
  json?: boolean;
}

/** Prints the call by which an officer that is a contract approves an order, or a bundle, on chain. */
export async function approve(
  what: string,
  options: ApproveOptions,
  { stdout, stderr }: Pick<Surroundings, "stdout" | "stderr">,
): Promise<void> {
  const { digest, order } = await meantBy(what);
  const desk = await deskOf(options, order?.domain.chainId);
  if (order !== undefined) requireDomain(what, order.domain, desk);
  const to = desk.deployment.addresses.quorum;
  const data = encodeFunctionData({ abi: abiOf("Quorum"), functionName: "approve", args: [digest] });
  const call = { schema: "sequester.order-approve/1", digest, chainId: desk.deployment.chainId, to, value: "0", data };
  stdout.write(options.json ? `${JSON.stringify(call)}\n` : `to    ${to}\nvalue 0\ndata  ${data}\n`);
  stderr.write("The contract that is the officer makes this call; the digest tells nothing of the order.\n");
}
