import { deploymentFileIn } from "../../chain/deployments.ts";
import { countOf, shellWord } from "../../base/words.ts";
import { readKept } from "../../operation/keep.ts";
import { ensureBuilt } from "../build.ts";
import type { Surroundings } from "../operation.ts";
import { waitingOn } from "../progress.ts";
import { serveChain } from "./serve.ts";

export interface OpenOptions {
  port: number;
  json?: boolean;
}

/** Makes a kept chain anew, and has it answer until whoever opened it has enough. */
export async function open(dir: string, { port, json }: OpenOptions, { stdout, stderr, stopped }: Surroundings) {
  const kept = await readKept(dir);
  await ensureBuilt(stderr);
  // With it comes Hardhat.
  const { reopen } = await import("../../operation/reopen.ts");
  const { calls, block, hash } = kept.chain;
  const waited = waitingOn(stderr, `Playing ${countOf(calls.length, "call")} again`);
  const connection = await reopen(kept).finally(waited);
  try {
    const served = await serveChain(connection.provider, port);
    const { url } = served;
    const deployment = deploymentFileIn(dir);
    const data = { schema: "sequester.chain.open/1", url, chainId: kept.deployment.chainId, block, hash, deployment };
    stdout.write(json ? `${JSON.stringify(data)}\n` : `${url}\nblock ${block}\n${hash}\n`);
    stderr.write(talk(url, deployment, Object.keys(kept.deployment.addresses.assets)[0]));
    await stopped?.();
    await served.close();
  } finally {
    await connection.close();
  }
}

/** What there is to do with the chain. */
function talk(url: string, deployment: string, symbol = "ASSET"): string {
  const at = `--rpc ${url} --deployment ${shellWord(deployment)}`;
  return [
    "The chain is the one that was kept, to its last block. Try, beside this:",
    `  npx --no-install sequester audit snapshot ${at} -o pack.zip`,
    `  npx --no-install sequester audit reconcile ${at}`,
    `  npx --no-install sequester notice ${shellWord(symbol)} ACCOUNT ${at}`,
    "It is a copy: what is sent to it changes nothing that was kept. Ctrl-C ends it.",
    "",
  ].join("\n");
}
