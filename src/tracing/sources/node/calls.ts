import { decodeFunctionResult, encodeFunctionData, erc20Abi, isHex, type Address, type Hex } from "viem";
import { quantityOf } from "../../../chain/quantity.ts";
import { MalformedAnswerError, textOf, type Endpoint } from "../../../chain/rpc.ts";

/** The asset's total supply after a block, in base units; 0 before the asset was deployed. */
export async function totalSupplyAt(endpoint: Endpoint, asset: string, block: number): Promise<bigint> {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "totalSupply" });
  const answer = await endpoint.call("eth_call", [{ to: asset, data }, quantityOf(block)]);
  if (answer === "0x") return 0n;
  const whole = hexIn(endpoint, answer);
  return decodeFunctionResult({ abi: erc20Abi, functionName: "totalSupply", data: whole });
}

/** What the accounts have of the asset after a block, in their order, in base units. */
export async function balancesAt(
  endpoint: Endpoint,
  asset: string,
  block: number,
  accounts: readonly string[],
): Promise<bigint[]> {
  const params = accounts.map((account) => {
    const data = encodeFunctionData({ abi: erc20Abi, functionName: "balanceOf", args: [account as Address] });
    return [{ to: asset, data }, quantityOf(block)];
  });
  const answers = await endpoint.callAll("eth_call", params);
  return answers.map((answer) =>
    decodeFunctionResult({ abi: erc20Abi, functionName: "balanceOf", data: hexIn(endpoint, answer) }),
  );
}

/** Whether there is a contract at the address after a block. */
export async function hasCode(endpoint: Endpoint, address: string, block: number): Promise<boolean> {
  const code = await endpoint.call("eth_getCode", [address, quantityOf(block)]);
  if (!isHex(code)) throw new MalformedAnswerError(endpoint.name, "eth_getCode", textOf(code), "bytes");
  return code !== "0x";
}

/** One word of 32 bytes. */
function hexIn(endpoint: Endpoint, answer: unknown): Hex {
  if (isHex(answer) && answer.length === 66) return answer;
  throw new MalformedAnswerError(endpoint.name, "eth_call", textOf(answer), "32 bytes");
}
