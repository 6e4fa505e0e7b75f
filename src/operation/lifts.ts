import { abiOf } from "../chain/artifacts.ts";
import { HOLD_KINDS, isLive, unpackHold } from "../journal/holds.ts";
import { encodeCaseId } from "../orders/index.ts";
import type { PlannedOrder } from "./operation.ts";
import { assetOf, type Stage } from "./stage.ts";

/** The rule by which these amounts are lifted, youngest holds first: another one as soon as an arrested hold is touched. */
export async function liftedBy(
  stage: Stage,
  { case: caseId, holdings }: PlannedOrder,
): Promise<"Lift" | "LiftArrested"> {
  const { chain, deployment } = stage;
  const docket = { abi: abiOf("Docket"), address: deployment.addresses.docket } as const;
  const blockNumber = await chain.settle();
  const now = Number((await chain.client.getBlock({ blockNumber })).timestamp);
  const { number } = await chain.client.readContract({
    ...docket,
    functionName: "caseOf",
    args: [encodeCaseId(caseId)],
    blockNumber,
  });
  for (const { asset, account, amount } of holdings) {
    const args = [assetOf(stage, asset), account] as const;
    const words = await chain.client.readContract({ ...docket, functionName: "holdsOf", args, blockNumber });
    let rest = amount;
    for (const hold of words.map(unpackHold).reverse()) {
      if (rest <= 0n) break;
      if (hold.caseNumber !== number || !isLive(hold, now)) continue;
      if (hold.kind === HOLD_KINDS.arrested) return "LiftArrested";
      rest -= hold.amount;
    }
  }
  return "Lift";
}
