import { encodeFunctionData } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { assetOf } from "../../chain/assets.ts";
import { encodeCaseId } from "../../orders/caseId.ts";
import { bring, type BringOptions } from "../bring.ts";
import type { Surroundings } from "../operation.ts";
import { chainDeskOf } from "../order/desk.ts";
import { addressIn } from "../order/fields.ts";

/** Pays to an account what it could not receive when it was returned; anyone may bring it. */
export async function claim(
  caseId: string,
  holder: string,
  options: BringOptions & { asset: string },
  surroundings: Surroundings,
): Promise<void> {
  const [id, account] = [encodeCaseId(caseId), addressIn(holder, "account")];
  const desk = await chainDeskOf(options);
  const { addresses } = desk.deployment;
  const { address, symbol } = assetOf(desk.deployment, options.asset);
  const data = encodeFunctionData({ abi: abiOf("Disposal"), functionName: "claim", args: [id, address, account] });
  const sentence = `Pay to ${account} what waits for it in the case ${caseId}, in ${symbol}.`;
  await bring([{ sentence, call: { to: addresses.disposal, data } }], desk, options, surroundings);
}
