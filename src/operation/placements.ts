import { abiOf } from "../chain/artifacts.ts";
import { HOLD_KINDS, isLive, unpackHold } from "../journal/holds.ts";
import { encodeCaseId } from "../orders/index.ts";
import type { PlannedOrder } from "./operation.ts";
import { assetOf, type Stage } from "./stage.ts";

const docketOf = ({ deployment }: Stage) => ({ abi: abiOf("Docket"), address: deployment.addresses.docket }) as const;

/** Number of the newest hold: an order that is built now concerns none that is placed later. */
export const newestPlacement = (stage: Stage): Promise<number> =>
  stage.chain.client.readContract({ ...docketOf(stage), functionName: "placements" });

/** Whether a Lift of these amounts reaches arrested holds: the case's provisional ones do not suffice. */
export async function needsArrested(stage: Stage, { case: caseId, holdings }: PlannedOrder): Promise<boolean> {
  const { chain } = stage;
  const blockNumber = await chain.settle();
  const now = Number((await chain.client.getBlock({ blockNumber })).timestamp);
  const docket = { ...docketOf(stage), blockNumber };
  const { number } = await chain.client.readContract({
    ...docket,
    functionName: "caseOf",
    args: [encodeCaseId(caseId)],
  });
  for (const { asset, account, amount } of holdings) {
    const args = [assetOf(stage, asset), account] as const;
    const words = await chain.client.readContract({ ...docket, functionName: "holdsOf", args });
    const provisional = words
      .map(unpackHold)
      .filter((hold) => hold.caseNumber === number && hold.kind === HOLD_KINDS.provisional && isLive(hold, now))
      .reduce((sum, hold) => sum + hold.amount, 0n);
    if (provisional < amount) return true;
  }
  return false;
}
