import { isAddressEqual, parseAbi, zeroAddress, type Address, type PublicClient } from "viem";
import { countOf } from "../../base/words.ts";
import { answerOf } from "../../chain/node.ts";
import type { PerContract } from "../../chain/deployments.ts";
import { toDeploy, type DeploymentPlan, type ExistingAsset } from "../../deployment/check.ts";
import { isContractCode } from "../../deployment/gas.ts";

const ASSET = parseAbi([
  "function DOCKET() view returns (address)",
  "function ISSUER() view returns (address)",
  "function name() view returns (string)",
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
]);

/** What an asset says of itself; undefined where it says nothing. */
async function toldBy(client: PublicClient, address: Address) {
  const at = { address, abi: ASSET } as const;
  const silent = () => undefined;
  const [docket, issuer, name, symbol, decimals] = await Promise.all([
    client.readContract({ ...at, functionName: "DOCKET" }).catch(silent),
    client.readContract({ ...at, functionName: "ISSUER" }).catch(silent),
    client.readContract({ ...at, functionName: "name" }).catch(silent),
    client.readContract({ ...at, functionName: "symbol" }).catch(silent),
    client.readContract({ ...at, functionName: "decimals" }).catch(silent),
  ]);
  return { docket, issuer, name, symbol, decimals };
}

/** Why assets of their issuers cannot be installed yet, a line each. */
export async function reasonsAgainstAssets(
  client: PublicClient,
  { assets, deployer }: DeploymentPlan,
  { docket }: PerContract<Address>,
): Promise<string[]> {
  const against = async ({ address, symbol, decimals }: ExistingAsset): Promise<string[]> => {
    const needs = `asset ${symbol} at ${address}: needs`;
    if (!isContractCode(await answerOf(client.getCode({ address }))))
      return [`${needs} a contract, which obeys the docket ${docket}`];
    const told = await toldBy(client, address);
    const obeys = told.docket ?? zeroAddress;
    return [
      ...(isAddressEqual(obeys, docket) ? [] : [`${needs} the docket ${docket}, has ${obeys}`]),
      ...(told.symbol === symbol ? [] : [`${needs} this symbol, has ${told.symbol ?? "none"}`]),
      ...(told.decimals === decimals
        ? []
        : [`${needs} ${countOf(decimals, "decimal")}, has ${told.decimals ?? "none"}`]),
      ...(told.issuer !== undefined && isAddressEqual(told.issuer, deployer)
        ? [`${needs} another issuer than the deployer, who must keep no right`]
        : []),
    ];
  };
  const existing = assets.filter((asset): asset is ExistingAsset => "address" in asset);
  return (await Promise.all(existing.map(against))).flat();
}

/** Where assets that were deployed with the contracts are not those of the plan, a line each. */
export async function changedAssets(
  client: PublicClient,
  { assets }: DeploymentPlan,
  addresses: PerContract<Address>,
): Promise<string[]> {
  const changes = toDeploy(assets).map(async ({ symbol, name, decimals, issuer }) => {
    const told = await toldBy(client, addresses.assets[symbol]!);
    const needed = { symbol, name, decimals, issuer };
    return Object.entries(needed).flatMap(([what, needs]) => {
      const has = told[what as keyof typeof needed];
      return has === needs ? [] : [`${what} of ${symbol}: has ${has ?? "none"}, needs ${needs}`];
    });
  });
  return (await Promise.all(changes)).flat();
}
