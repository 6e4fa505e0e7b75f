import { encodeFunctionData } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { assetOf } from "../../chain/assets.ts";
import { encodeCaseId } from "../../orders/caseId.ts";
import { bring, type BringOptions } from "../bring.ts";
import type { Surroundings } from "../operation.ts";
import { chainDeskOf } from "../order/desk.ts";

/** Books as suspense what lies in a case's vault and came by no act, so that a Transfer can give it to whose it is. */
export async function book(
  caseId: string,
  options: BringOptions & { asset: string },
  surroundings: Surroundings,
): Promise<void> {
  const id = encodeCaseId(caseId);
  const desk = await chainDeskOf(options);
  const { addresses } = desk.deployment;
  const { address, symbol } = assetOf(desk.deployment, options.asset);
  const data = encodeFunctionData({ abi: abiOf("Disposal"), functionName: "book", args: [id, address] });
  const sentence = `Book as suspense what came by no act into the vault of the case ${caseId}, in ${symbol}.`;
  await bring([{ sentence, call: { to: addresses.disposal, data } }], desk, options, surroundings);
}
