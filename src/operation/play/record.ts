import type { EthereumProvider } from "hardhat/types/providers";

/** The methods that make an embedded chain: all that an operation changes it by, and nothing else is ever played again. */
export const MAKING = [
  "eth_sendTransaction",
  "evm_setNextBlockTimestamp",
  "evm_mine",
  "hardhat_impersonateAccount",
  "hardhat_setBalance",
] as const;

export type MakingMethod = (typeof MAKING)[number];

/** A call that made a part of a chain, as the chain was asked. */
export interface MakingCall {
  method: MakingMethod;
  params: unknown[];
  /** Whether the chain answered with an error; a transaction that reverts is in a block all the same. */
  refused?: true;
}

/** The calls by which a chain is made from now on, in their order. Of seconds that no block came in, the last is there alone. */
export function recordCalls(provider: EthereumProvider): readonly MakingCall[] {
  const calls: MakingCall[] = [];
  const request = provider.request.bind(provider);
  provider.request = async (args) => {
    const { method, params = [] } = args;
    if (!isMaking(method) || !Array.isArray(params)) return (await request(args)) as unknown;
    if (method === TIME && calls.at(-1)?.method === TIME) calls.pop();
    // A copy, as JSON has it: Hardhat fills in the fees that were left to it.
    const call: MakingCall = { method, params: JSON.parse(JSON.stringify(params)) as unknown[] };
    calls.push(call);
    try {
      return (await request(args)) as unknown;
    } catch (error) {
      call.refused = true;
      throw error;
    }
  };
  return calls;
}

const TIME = "evm_setNextBlockTimestamp";

const isMaking = (method: string): method is MakingMethod => (MAKING as readonly string[]).includes(method);
