import { encodeFunctionData, type Address } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { answerOf } from "../../chain/node.ts";
import { amountIn as wordsOf } from "../../orders/acts/words.ts";
import type { Step } from "../bring.ts";
import type { ChainDesk } from "../order/desk.ts";
import { gasOf } from "../order/sending.ts";

/** A contract of the system that takes what a wallet allows it to take. */
export interface Taker {
  name: string;
  address: Address;
}

/** How the contracts refuse what a wallet has allowed nobody to take yet. */
export const NOT_ALLOWED = "ERC20InsufficientAllowance";

/**
 * The step by which a wallet allows a contract to take an amount for a payee; none where it allows as much already.
 * @throws CallRefusedError where the asset would not let the wallet pay it
 */
export async function allowance(
  desk: ChainDesk,
  { name, address }: Taker,
  asset: Address,
  wallet: Address,
  amount: bigint,
  payee: Address,
): Promise<Step[]> {
  const abi = abiOf("Tenge");
  const allowed = desk.client.readContract({ abi, address: asset, functionName: "allowance", args: [wallet, address] });
  const has = await answerOf(allowed);
  if (has >= amount) return [];
  // Whoever lacks the money hears so before anything is allowed: the contracts look at the allowance first.
  const paying = encodeFunctionData({ abi, functionName: "transfer", args: [payee, amount] });
  await gasOf(desk, wallet, { to: asset, data: paying });
  const approve = (units: bigint, sentence: string): Step => {
    const data = encodeFunctionData({ abi, functionName: "approve", args: [address, units] });
    return { sentence, call: { to: asset, data } };
  };
  const units = wordsOf(asset, amount, desk.words);
  const undo = approve(has, `Allow the ${name} ${address} no more than before, ${wordsOf(asset, has, desk.words)}.`);
  return [{ ...approve(amount, `Allow the ${name} ${address} to take ${units}.`), undo }];
}
