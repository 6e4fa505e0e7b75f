import { encodeFunctionData } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { bring, type BringOptions } from "../bring.ts";
import type { Surroundings } from "../operation.ts";
import { chainDeskOf } from "../order/desk.ts";
import { digestIn } from "../order/digest.ts";

/** Sets free what nobody claimed of a compensation, once the time for claims is over. */
export async function release(digest: string, options: BringOptions, surroundings: Surroundings): Promise<void> {
  const order = digestIn(digest);
  const desk = await chainDeskOf(options);
  const data = encodeFunctionData({ abi: abiOf("Disposal"), functionName: "unreserve", args: [order] });
  const sentence = `Set free what nobody claimed of the compensation ${order}.`;
  await bring([{ sentence, call: { to: desk.deployment.addresses.disposal, data } }], desk, options, surroundings);
}
