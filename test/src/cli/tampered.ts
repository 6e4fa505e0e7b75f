// Runs the command line with an operation whose chain is tampered with behind its back, right before the statement.
import { keccak256, numberToHex, pad, concat, type Address, type Hex } from "viem";
import { abiOf } from "../../../src/chain/artifacts.ts";
import type { OperationResult, RunInput } from "../../../src/operation/run.ts";
import { encodeCaseId } from "../../../src/orders/index.ts";
import { main } from "../../../src/cli/program.ts";

async function runTampered({ operation, progress }: RunInput): Promise<OperationResult> {
  const { openChain, runOperation } = await import("../../../src/operation/run.ts");
  const chain = await openChain(operation);
  const request = (method: string, params: unknown[]) => chain.connection.provider.request({ method, params });
  const takeFromVault = async () => {
    const logs = await chain.client.getContractEvents({ abi: abiOf("Docket"), eventName: "Entry", fromBlock: 0n });
    const docket = { abi: abiOf("Docket"), address: logs[0]!.address } as const;
    const vault = await chain.client.readContract({
      ...docket,
      functionName: "vaultOf",
      args: [encodeCaseId("TWO")],
    });
    const assets = await chain.client.readContract({ ...docket, functionName: "allAssets" });
    const token = (address: Address) => ({ abi: abiOf("Tenge"), address }) as const;
    const symbols = await Promise.all(
      assets.map((address) => chain.client.readContract({ ...token(address), functionName: "symbol" })),
    );
    const asset = assets[symbols.indexOf("USDX")]!;
    for (let n = 0; n < 32; ++n) {
      const slot = keccak256(concat([pad(vault, { size: 32 }), numberToHex(n, { size: 32 })]));
      const word = BigInt((await request("eth_getStorageAt", [asset, slot, "latest"])) as Hex);
      if (word !== 0n) await request("hardhat_setStorageAt", [asset, slot, numberToHex(word - 1n, { size: 32 })]);
    }
  };
  try {
    return await runOperation({
      operation,
      chain,
      progress: async (event) => {
        if (event.step === "statement") await takeFromVault();
        await progress?.(event);
      },
    });
  } finally {
    await chain.close();
  }
}

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  run: runTampered,
});
