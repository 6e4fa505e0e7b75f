import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import { hexToBigInt, hexToNumber, keccak256, type Address, type Hex, type PrivateKeyAccount } from "viem";
import type { Endpoint } from "../chain/rpc.ts";

/** A transaction as it is asked to be sent. */
interface Asked {
  to?: Address;
  data?: Hex;
  value?: Hex;
  nonce: Hex;
  gas: Hex;
  gasPrice?: Hex;
  maxFeePerGas?: Hex;
  maxPriorityFeePerGas?: Hex;
}

/** A node that sends what one account signs here; `unlock` is called when something is to be signed. */
export function sendingFrom(
  endpoint: Endpoint,
  chainId: number,
  sender: Address,
  unlock: () => Promise<PrivateKeyAccount>,
): EIP1193Provider {
  const send = async (asked: Asked): Promise<Hex> => {
    const raw = await (await unlock()).signTransaction(transactionOf(asked, chainId));
    const hash = keccak256(raw);
    try {
      await endpoint.call("eth_sendRawTransaction", [raw]);
    } catch (fault) {
      // A node that was asked twice calls what it has already a fault.
      const known = await endpoint.call("eth_getTransactionByHash", [hash]).catch(() => null);
      if (known === null) throw fault;
    }
    return hash;
  };
  const request: EIP1193Provider["request"] = async ({ method, params = [] }) => {
    if (method === "eth_accounts") return [sender];
    const given = params as readonly unknown[];
    return method === "eth_sendTransaction" ? send(given[0] as Asked) : endpoint.call(method, given);
  };
  return { request };
}

function transactionOf({ to, data, value, nonce, gas, ...fees }: Asked, chainId: number) {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = fees;
  const common = {
    chainId,
    to,
    data,
    value: hexToBigInt(value ?? "0x0"),
    nonce: hexToNumber(nonce),
    gas: hexToBigInt(gas),
  };
  return gasPrice === undefined
    ? {
        ...common,
        type: "eip1559" as const,
        maxFeePerGas: hexToBigInt(maxFeePerGas!),
        maxPriorityFeePerGas: hexToBigInt(maxPriorityFeePerGas!),
      }
    : { ...common, type: "legacy" as const, gasPrice: hexToBigInt(gasPrice) };
}
