import {
  BaseError,
  ContractFunctionZeroDataError,
  isAddressEqual,
  parseAbi,
  type Address,
  type Hex,
  type PublicClient,
} from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { countOf } from "../../base/words.ts";
import { BlockUnavailableError, known } from "../../audit/known.ts";
import { abiOf } from "../../chain/artifacts.ts";
import { readDeployment, verifyDeployment, type Deployment } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import { saysNo } from "../../chain/refusals.ts";
import { otherCodes } from "../deploy/codes.ts";
import { custodyOf, type CustodyAt } from "../custody.ts";

/** The successor is the deployment itself. Exit code 64. */
export class SameDeploymentError extends SequesterError {
  override name = "SameDeploymentError";
  constructor(file: string, quorum: Address) {
    super("A case cannot move to where it is.", {
      code: EXIT.usage,
      metaMessages: [`who: ${file}`, `has: Quorum ${quorum}, the case's own`, "needs: the file of another deployment"],
    });
  }
}

/** The successor is on another chain. Exit code 64. */
export class SuccessorOnOtherChainError extends SequesterError {
  override name = "SuccessorOnOtherChainError";
  constructor(file: string, has: number, needs: number) {
    super("The successor is on another chain.", {
      code: EXIT.usage,
      metaMessages: [`who: ${file}`, `has: chain ${has}`, `needs: chain ${needs}, which no vault can pay out of`],
    });
  }
}

/** The successor's contracts are not those that are compiled here. Exit code 3. */
export class SuccessorUnfitError extends SequesterError {
  override name = "SuccessorUnfitError";
  constructor(file: string, differences: readonly string[]) {
    super(`The contracts of ${file} are not those that are compiled here.`, {
      code: EXIT.verification,
      metaMessages: differences,
    });
  }
}

/** A coin and the one that is to stand for it in the successor are not one coin of one issuer. Exit code 64. */
export class OtherIssuerError extends SequesterError {
  override name = "OtherIssuerError";
  constructor(symbol: string, has: string, needs: string) {
    super(`${symbol} cannot move through its issuer.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** A deployment that takes over a case. */
export interface Successor {
  file: string;
  deployment: Deployment;
  /** The assets of its charter, as its journal tells them. */
  assets: readonly Address[];
  /** Where the case's vault is there, or will be. */
  vault: Address;
  /** Whether an order there named the case. */
  opened: boolean;
}

/**
 * Reads a successor at the block of the case, and holds it against the contracts that are compiled here.
 * @throws SameDeploymentError, SuccessorOnOtherChainError, DeploymentMismatchError, SuccessorUnfitError, and what `custodyOf` does
 */
export async function readSuccessor(file: string, caseId: Hex, here: CustodyAt): Promise<Successor> {
  const { client, number } = here;
  const deployment = await readDeployment(file);
  const { chainId, addresses } = deployment;
  if (chainId !== here.deployment.chainId) {
    throw new SuccessorOnOtherChainError(file, chainId, here.deployment.chainId);
  }
  const own = here.deployment.addresses;
  if (isAddressEqual(addresses.quorum, own.quorum) || isAddressEqual(addresses.docket, own.docket)) {
    throw new SameDeploymentError(file, own.quorum);
  }
  await answerOf(verifyDeployment(client, deployment));
  // What its own file says of its code, whoever wrote the file chose.
  const differences = await otherCodes(client, deployment, []);
  if (differences.length > 0) throw new SuccessorUnfitError(file, differences);
  const there = await custodyOf(client, deployment, number);
  if (there.block.hash !== here.block.hash) {
    throw new BlockUnavailableError(String(number), `${there.block.hash}, and ${here.block.hash} first`);
  }
  const docket = { abi: abiOf("Docket"), address: addresses.docket, functionName: "vaultOf" } as const;
  const vault = await known(String(number), client.readContract({ ...docket, args: [caseId], blockNumber: number }));
  const opened = (there.state.cases.get(caseId)?.number ?? 0) > 0;
  return { file, deployment, assets: there.state.assets, vault, opened };
}

/** How money of an asset gets there: straight into the vault, or through the issuer, who takes it back and issues `there` anew. */
export interface Way {
  by: "vault" | "issuer";
  /** Whom the order pays. */
  to: Address;
  /** The asset as which it arrives. */
  there: Address;
}

const ISSUED = parseAbi([
  "function ISSUER() view returns (address)",
  "function decimals() view returns (uint8)",
  "function symbol() view returns (string)",
]);

/**
 * The way of an asset into the successor; undefined where there is none. A coin obeys one docket, so that a charter has a coin of
 * before only where its issuer turned it to the new docket. Else the issuer takes it back, and issues as much of the new one.
 * @param byIssuer The assets that may go through their issuers.
 * @throws OtherIssuerError
 */
export async function wayInto(
  { assets, vault, deployment }: Successor,
  asset: Address,
  byIssuer: readonly Address[],
  { client, number, units }: CustodyAt,
): Promise<Way | undefined> {
  if (assets.includes(asset)) return { by: "vault", to: vault, there: asset };
  if (!byIssuer.includes(asset)) return undefined;
  const symbol = units.symbol(asset);
  const there = deployment.addresses.assets[symbol];
  if (there === undefined || !assets.includes(there)) {
    throw new OtherIssuerError(symbol, "no asset of this symbol in the successor's charter", "one, of the same issuer");
  }
  const told = (of: Address) => issuedAt(client, of, number);
  const [old, anew] = await Promise.all([told(asset), told(there)]);
  if (old.issuer === undefined || old.issuer !== anew.issuer) {
    const who = (issuer: Address | undefined) => issuer ?? "nobody whom it names";
    throw new OtherIssuerError(symbol, `${there}, issued by ${who(anew.issuer)}`, `one issued by ${who(old.issuer)}`);
  }
  if (old.decimals !== anew.decimals) {
    throw new OtherIssuerError(
      symbol,
      `${there}, with ${countOf(anew.decimals, "decimal")}`,
      `one with ${countOf(old.decimals, "decimal")}`,
    );
  }
  // One issuer has several coins, and what the file calls them is its author's word.
  if (old.symbol !== anew.symbol) {
    const called = ({ symbol: own }: typeof old) => (own === undefined ? "nothing" : JSON.stringify(own));
    throw new OtherIssuerError(symbol, `${there}, which calls itself ${called(anew)}`, `one called ${called(old)}`);
  }
  return { by: "issuer", to: old.issuer, there };
}

async function issuedAt(client: PublicClient, address: Address, blockNumber: bigint) {
  const at = { address, abi: ISSUED, blockNumber } as const;
  const nobody = (error: unknown) => {
    const isEmpty = (it: unknown) => it instanceof ContractFunctionZeroDataError;
    if (saysNo(error) || (error instanceof BaseError && error.walk(isEmpty) !== null)) return undefined;
    throw error;
  };
  const [issuer, decimals, symbol] = await known(
    String(blockNumber),
    Promise.all([
      client.readContract({ ...at, functionName: "ISSUER" }).catch(nobody),
      client.readContract({ ...at, functionName: "decimals" }),
      client.readContract({ ...at, functionName: "symbol" }).catch(nobody),
    ]),
  );
  return { issuer, decimals, symbol };
}
