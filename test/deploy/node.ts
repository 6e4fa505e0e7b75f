import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import hre from "hardhat";
import { createTestClient, http, publicActions } from "viem";
import { freePort } from "../system/ports.ts";

const ROOT = hre.config.paths.root;

/** A program of this project that runs beside the test, in whose environment more is set; the Node of the test runs it. */
export function start(
  args: readonly string[],
  set: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...set },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => (texts[stream] += text));
  }
  const ended = once(child, "close").then(([code, signal]) => {
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, ...texts };
  });
  return { child, ended };
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A local node on a free port, as a developer starts one. */
export const startNode = (...options: string[]) =>
  startedNode("hardhat", ["hardhat/dist/src/cli.js", "node", "--hostname", "127.0.0.1", ...options]);

/** One that reorganizes its chain on request. */
export const startAnvil = (...options: string[]) =>
  startedNode("anvil", ["@foundry-rs/anvil/bin.mjs", "--silent", ...options]);

async function startedNode(mode: "hardhat" | "anvil", [program, ...options]: string[]) {
  const port = await freePort();
  const { child, ended } = start([path.join(ROOT, "node_modules", program!), ...options, "--port", String(port)]);
  const url = `http://127.0.0.1:${port}`;
  const transport = http(url, { retryCount: 0 });
  const client = createTestClient({ mode, transport, pollingInterval: 50 }).extend(publicActions);
  const failed = ended.then(({ stderr }) => Promise.reject(new Error(`The node ended: ${stderr}`)));
  await Promise.race([until(() => client.getChainId().catch(() => undefined)), failed]);
  failed.catch(() => undefined);
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { url, client, stop };
}

/** Asks until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
