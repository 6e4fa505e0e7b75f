import { existsSync } from "node:fs";
import { isAddressEqual, type PublicClient } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { decimalsOf, deploymentFile, readDeployment, type Deployment } from "../../chain/deployments.ts";
import { answerOf, clientOf } from "../../chain/node.ts";
import { decodeName } from "../../orders/caseId.ts";
import { isPlainSymbol } from "../../orders/symbol.ts";
import type { Words } from "../../orders/sentence.ts";
import type { Language } from "../../base/languages.ts";
import type { Surroundings } from "../operation.ts";
import { ensureBuilt } from "../build.ts";

export type Streams = Pick<Surroundings, "stdout" | "stderr">;

export interface PlaceOptions {
  deployment?: string;
  rpc?: string;
  /** In which words are told; English unless told. */
  lang?: Language;
}

/** What orders are held against: a deployment's file, and a node. */
export interface KnownPlace {
  deployment?: Deployment | undefined;
  /** The deployment's file. */
  file?: string;
  client?: PublicClient;
  lang?: Language | undefined;
}

/**
 * The deployment that is named, else that of the orders' chain if its file is there; the node, if one is named, which is
 * never asked without a deployment.
 */
export async function knownPlace(chainId: number | undefined, options: PlaceOptions): Promise<KnownPlace> {
  const { deployment: named, rpc, lang } = options;
  const file = named ?? (chainId === undefined ? undefined : deploymentFile(chainId));
  if (rpc !== undefined) await ensureBuilt();
  const needed = named !== undefined || rpc !== undefined;
  return {
    ...(file !== undefined && (needed || existsSync(file)) ? { file, deployment: await readDeployment(file) } : {}),
    ...(rpc === undefined ? {} : { client: clientOf(rpc) }),
    lang,
  };
}

/** The words of a deployment: decimals and time zone of its file, else decimals of the node; agencies of the node. */
export async function wordsOf({ deployment, client, lang }: KnownPlace): Promise<Words> {
  if (deployment === undefined) return { language: lang, asset: () => undefined, agency: () => undefined };
  const assets = await Promise.all(
    Object.entries(deployment.addresses.assets).map(async ([symbol, address]) => {
      // What the file tells was compared; a second answer of the node need not be the first.
      const decimals =
        deployment.decimals?.[symbol] ??
        (client === undefined ? undefined : await answerOf(decimalsOf(client, address)));
      return decimals === undefined || !isPlainSymbol(symbol) ? [] : [{ symbol, address, decimals }];
    }),
  );
  const agencies = client === undefined ? [] : await answerOf(agencyNames(client, deployment));
  return {
    language: lang,
    timeZone: deployment.timeZone,
    asset: (asset) => {
      const found = assets.flat().find(({ address }) => isAddressEqual(address, asset));
      return found && { symbol: found.symbol, decimals: found.decimals };
    },
    agency: (index) => agencies[index],
  };
}

async function agencyNames(client: PublicClient, { addresses }: Deployment): Promise<string[]> {
  const names = await client.readContract({
    abi: abiOf("Quorum"),
    address: addresses.quorum,
    functionName: "agencyNames",
  });
  return names.map(decodeName);
}
