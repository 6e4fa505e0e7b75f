import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import {
  getContractAddress,
  hexToBigInt,
  hexToNumber,
  keccak256,
  type Address,
  type Hex,
  type PrivateKeyAccount,
} from "viem";
import { handOver } from "../chain/handing.ts";
import { UnreadableAnswerError, type Node } from "../chain/node.ts";
import { MalformedAnswerError, textOf } from "../chain/rpc.ts";

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

/** What makes of a transaction's address that of its contract. */
type Sent = { to?: Address | null; nonce: Hex };

/** What a node says of a transaction. */
interface Receipt {
  transactionHash?: string;
  status?: string;
  contractAddress?: string | null;
}

/**
 * A node that sends what one account signs here; `unlock` is called when something is to be signed. Where a contract stands is
 * known from its sender, so that no receipt is believed that says otherwise. The provider throws MalformedAnswerError then.
 */
export function sendingFrom(
  node: Node,
  chainId: number,
  sender: Address,
  unlock: () => Promise<PrivateKeyAccount>,
): EIP1193Provider {
  const sent = new Map<string, Sent>();
  const send = async (asked: Asked): Promise<Hex> => {
    const raw = await (await unlock()).signTransaction(transactionOf(asked, chainId));
    const hash = keccak256(raw);
    sent.set(hash, asked);
    await handOver({ raw, hash, taker: node }, node);
    return hash;
  };
  const receiptOf = async (method: string, hash: string) => {
    const receipt = (await node.call(method, [hash])) as Receipt | null;
    if (receipt === null) return null;
    const known = sent.get(hash) ?? ((await node.call("eth_getTransactionByHash", [hash])) as Sent | null);
    const refuse = (has: unknown, needs: string): never => {
      throw new MalformedAnswerError(node.name, method, textOf(has), needs);
    };
    if (receipt.transactionHash?.toLowerCase() !== hash) return refuse(receipt.transactionHash, `a receipt of ${hash}`);
    const address =
      receipt.status === "0x1" && known !== null && !known.to
        ? getContractAddress({ from: sender, nonce: hexToBigInt(known.nonce) })
        : undefined;
    if (address !== undefined && receipt.contractAddress?.toLowerCase() !== address.toLowerCase())
      return refuse(receipt.contractAddress, `${address}, where the transaction of this sender makes a contract`);
    return receipt;
  };
  const request: EIP1193Provider["request"] = async ({ method, params = [] }) => {
    if (method === "eth_accounts") return [sender];
    const given = params as readonly unknown[];
    if (method === "eth_getTransactionReceipt") return receiptOf(method, String(given[0]).toLowerCase());
    if (method === "eth_sendTransaction") return send(given[0] as Asked);
    const answer = await node.call(method, given);
    // What Ignition keeps as the failure of a contract, it would never ask again.
    if (method === "eth_call" && isGetter(given[0] as Partial<Asked>) && String(answer).length < WORD_LENGTH) {
      throw new UnreadableAnswerError(`${String(answer)} of ${(given[0] as Asked).to}`);
    }
    return answer;
  };
  return { request };
}

/** Digits of a selector alone, and of a word, with 0x: what is asked without arguments answers with a word at least. */
const [SELECTOR_LENGTH, WORD_LENGTH] = [10, 66];

const isGetter = ({ to, data }: Partial<Asked>): boolean => to !== undefined && data?.length === SELECTOR_LENGTH;

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
