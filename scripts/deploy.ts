// Deploys the system to a local node that is running, for developers: `npx hardhat node`, then `npm run deploy`.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { Command, Option } from "commander";
import hre from "hardhat";
import { createPublicClient, http, numberToHex, parseEther, type PublicClient } from "viem";
import { deploymentFileIn, deploymentFolder } from "../src/chain/deployments.ts";
import { endedBy } from "../src/cli/told.ts";
import { deploy } from "../src/deployment/deploy.ts";
import { KeptContractsError } from "../src/deployment/ignition.ts";
import { installationFile } from "../src/deployment/installation.ts";
import { derivedKey } from "../src/deployment/keys.ts";
import { localDeployment, officersFor, type LocalInput } from "../src/deployment/local.ts";
import { readParameters } from "../src/deployment/parameters.ts";
import { ChangedPlanError, KeptCharterError, OtherChainError } from "../src/deployment/stages.ts";
import { EXIT, SequesterError } from "../src/base/errors.ts";
import { readOperation } from "../src/operation/folder/readOperation.ts";
import { countOf } from "../src/base/words.ts";

interface Options {
  network: string;
  url?: string;
  seed: string;
  parameters: string;
  operation?: string;
  dir?: string;
  reset: boolean;
}

/** What refuses a folder that has another deployment. */
const OTHERS = [ChangedPlanError, KeptCharterError, KeptContractsError, OtherChainError];
const WAY_OUT = "  way out: --reset forgets what the folder has, --dir FOLDER deploys beside it";

class NetworkRefusedError extends SequesterError {
  override name = "NetworkRefusedError";
}

const program = new Command("deploy")
  .description(
    "Deploys the contracts to a local node and installs a charter with officers whose keys derive from a seed.",
  )
  .option("--network <name>", "network of hardhat.config.ts", "localhost")
  .option("--url <url>", "JSON-RPC address of the node, in place of the network's own")
  .option("--seed <text>", "what the keys derive from", "local")
  .option("--parameters <name|file>", "a jurisdiction of deploy/parameters, or a .json5 file", "kazakhstan")
  .addOption(
    new Option("--operation <folder>", "take seed, parameters, officers and assets of an operation").conflicts([
      "seed",
      "parameters",
    ]),
  )
  .option("--dir <folder>", "folder of the deployment, in place of deploy/deployments/chain-31337")
  .option("--reset", "forget what the folder has of an earlier deployment", false)
  .exitOverride();

/** Compiles if that is due. Hardhat ends its warnings with an empty line on stdout, where others read the deployment's file. */
async function build(): Promise<void> {
  const { log } = console;
  console.log = () => undefined;
  try {
    await hre.tasks.getTask("build").run({ quiet: true, noTests: true, defaultBuildProfile: "production" });
  } finally {
    console.log = log;
  }
}

/** Deploys and answers with the deployment's file. */
async function main(options: Options): Promise<string> {
  const url = await urlOf(options);
  const client = createPublicClient({ transport: http(url) });
  const chainId = await chainIdOf(client, url);
  const { seed, ...input } = castOf(options);
  const deployerKey = derivedKey(chainId, seed, "deployer");
  const { cast, plan } = localDeployment({ chainId, seed, ...input });

  const folder = options.dir ?? deploymentFolder(chainId);
  if (options.reset && existsSync(installationFile(folder))) await rm(folder, { recursive: true });
  await build();
  const connection = await hre.network.create({
    network: options.network,
    override: { url, accounts: [deployerKey] },
  });
  try {
    const balance = numberToHex(parseEther("100"));
    await connection.provider.request({ method: "hardhat_setBalance", params: [cast.deployer.address, balance] });
    const { timestamp } = await client.getBlock();
    console.error(`Deploying ${input.parameters.name} with ${countOf(input.officers.length, "officer")} to ${url} ...`);
    await deploy({ connection, ...plan, signBy: timestamp + 86_400n, dir: folder });
  } finally {
    await connection.close();
  }
  return deploymentFileIn(folder);
}

function castOf({ seed, parameters: name, operation }: Options): Omit<LocalInput, "chainId"> {
  if (operation !== undefined) {
    const { seed, parameters, officers, assets } = readOperation(operation);
    return { seed, parameters, officers, assets };
  }
  const parameters = readParameters(name);
  return { seed, parameters, officers: officersFor(parameters), assets: [{ symbol: "KZTE", decimals: 6 }] };
}

async function urlOf({ network, url }: Options): Promise<string> {
  const config = hre.config.networks[network];
  if (config === undefined) {
    const names = Object.keys(hre.config.networks).join(", ");
    throw new NetworkRefusedError(`hardhat.config.ts has no network ${network}, but ${names}.`, { code: EXIT.usage });
  }
  if (config.type !== "http") {
    throw new NetworkRefusedError(`The network ${network} ends with this process: deploy to a node that is running.`, {
      code: EXIT.usage,
      metaMessages: ["needs: a network of the type http, and `npx hardhat node` in another terminal"],
    });
  }
  return url ?? config.url.getUrl();
}

async function chainIdOf(client: PublicClient, url: string): Promise<number> {
  try {
    return await client.getChainId();
  } catch (cause) {
    throw new NetworkRefusedError(`No node answers at ${url}.`, {
      code: EXIT.node,
      metaMessages: ["needs: a local node, as `npx hardhat node` starts one in another terminal"],
      cause,
    });
  }
}

try {
  const file = await main(program.parse().opts<Options>());
  const fromHere = path.relative("", file);
  console.log(fromHere.startsWith("..") ? file : fromHere);
} catch (error) {
  process.exitCode = endedBy(error);
  if (OTHERS.some((other) => error instanceof other)) console.error(WAY_OUT);
}
