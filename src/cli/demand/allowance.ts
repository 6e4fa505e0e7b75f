import { encodeFunctionData, type Address } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { answerOf } from "../../chain/node.ts";
import { amountIn as wordsOf } from "../../orders/acts/words.ts";
import type { Step } from "../bring.ts";
import type { ChainDesk } from "../order/desk.ts";

/** A contract of the system that takes what a wallet allows it to take. */
export interface Taker {
  name: string;
  address: Address;
}

/** The step by which a wallet allows a contract to take an amount; none where it allows as much already. */
export async function allowance(
  desk: ChainDesk,
  { name, address }: Taker,
  asset: Address,
  wallet: Address,
  amount: bigint,
): Promise<Step[]> {
  const token = { abi: abiOf("Tenge"), address: asset } as const;
  const allowed = desk.client.readContract({ ...token, functionName: "allowance", args: [wallet, address] });
  if ((await answerOf(allowed)) >= amount) return [];
  const data = encodeFunctionData({ abi: token.abi, functionName: "approve", args: [address, amount] });
  const sentence = `Allow the ${name} ${address} to take ${wordsOf(asset, amount, desk.words)}.`;
  return [{ sentence, call: { to: asset, data } }];
}
