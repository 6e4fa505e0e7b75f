import { createRequire } from "node:module";
import { encodeFunctionData, zeroAddress, type Abi, type Address, type Hex } from "viem";
import type { startAnvil } from "./anvil.ts";

type Client = Awaited<ReturnType<typeof startAnvil>>["client"];

const require = createRequire(import.meta.url);
const artifact = (path: string) =>
  require(`@safe-global/safe-smart-account/build/artifacts/contracts/${path}.json`) as { abi: Abi; bytecode: Hex };

export const { abi: SAFE } = artifact("Safe.sol/Safe");

/** A Safe 1.5.0 of these owners, made by one of the node's own accounts. */
export async function deploySafe(client: Client, owners: readonly Address[], threshold: number): Promise<Address> {
  const [account] = await client.getAddresses();
  const sent = { account: account!, chain: null };
  const deployed = async (path: string) => {
    const hash = await client.deployContract({ ...sent, ...artifact(path) });
    return (await client.waitForTransactionReceipt({ hash })).contractAddress!;
  };
  const singleton = await deployed("Safe.sol/Safe");
  const handler = await deployed("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler");
  const factory = await deployed("proxies/SafeProxyFactory.sol/SafeProxyFactory");
  const setup = encodeFunctionData({
    abi: SAFE,
    functionName: "setup",
    args: [owners, threshold, zeroAddress, "0x", handler, zeroAddress, 0, zeroAddress],
  });
  const { abi } = artifact("proxies/SafeProxyFactory.sol/SafeProxyFactory");
  const make = { account: account!, address: factory, abi, functionName: "createProxyWithNonce" } as const;
  const args = [singleton, setup, 0n];
  const { result } = await client.simulateContract({ ...make, args });
  await client.waitForTransactionReceipt({ hash: await client.writeContract({ ...make, args, chain: null }) });
  return result;
}
