import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import hre from "hardhat";
import { createTestClient, http, publicActions, walletActions } from "viem";
import { freePort } from "../system/ports.ts";
import { until } from "./node.ts";

/** A node of another make than Hardhat's, on a free port of this machine. */
export async function startAnvil(chainId: number) {
  const port = await freePort();
  const bin = path.join(hre.config.paths.root, "node_modules/@foundry-rs/anvil/bin.mjs");
  const args = [bin, "--chain-id", String(chainId), "--port", String(port), "--silent"];
  // The program is started by another one, which would leave it behind: both end as a group.
  const child = spawn(process.execPath, args, { stdio: "ignore", detached: true });
  const stop = () => process.kill(-child.pid!, "SIGKILL");
  process.once("exit", stop);
  const url = `http://127.0.0.1:${port}`;
  const transport = http(url, { retryCount: 0 });
  const client = createTestClient({ mode: "anvil", transport, pollingInterval: 20 })
    .extend(publicActions)
    .extend(walletActions);
  await until(() => client.getChainId().catch(() => undefined));
  return {
    url,
    client,
    stop: async () => {
      process.off("exit", stop);
      const closed = once(child, "close");
      stop();
      await closed;
    },
  };
}
