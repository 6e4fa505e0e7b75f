import { expect } from "chai";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { createPublicClient, custom, type PublicClient } from "viem";
import type { SequesterError } from "../../src/base/errors.ts";
import type { DeployInput } from "../../src/deployment/deploy.ts";
import { derivedKey, LOCAL_CHAIN } from "../../src/deployment/keys.ts";
import { localDeployment, type LocalCast, type LocalPlan } from "../../src/deployment/local.ts";
import { OFFICERS, PARAMETERS, SEED } from "../system/parameters.ts";

export const ASSETS = [
  { symbol: "KZTE", decimals: 6 },
  { symbol: "USDC.e", decimals: 2 },
];

export type LocalDeployInput = Omit<DeployInput, keyof LocalPlan> & LocalPlan;

const START = new Date("2025-09-29T06:00:00Z");

/** A chain in this process that knows the deployer's key alone, and everything that `deploy` asks for. */
export async function freshChain(): Promise<{
  connection: NetworkConnection<string>;
  client: PublicClient;
  cast: LocalCast;
  input: LocalDeployInput;
}> {
  const connection = await hre.network.create({
    network: "default",
    override: {
      accounts: [{ privateKey: derivedKey(LOCAL_CHAIN, SEED, "deployer"), balance: 10n ** 20n }],
      initialDate: START,
    },
  });
  const { cast, plan } = localDeployment({
    chainId: LOCAL_CHAIN,
    seed: SEED,
    parameters: PARAMETERS,
    officers: OFFICERS,
    assets: ASSETS,
  });
  const signBy = BigInt(START.getTime() / 1000) + 86_400n;
  const client = createPublicClient({ transport: custom(connection.provider, { retryCount: 0 }) });
  return { connection, client, cast, input: { connection, ...plan, signBy } };
}

/** Counts whom `sign` was asked for. */
export function countingSigner({ sign }: Pick<DeployInput, "sign">) {
  const asked: string[] = [];
  const counting: DeployInput["sign"] = (admission, domain) => {
    asked.push(admission.message.signer);
    return sign(admission, domain);
  };
  return { asked, sign: counting };
}

/** The error with which the promise is rejected, found to have this name and exit code. */
export async function refusal(promise: Promise<unknown>, name: string, code: number): Promise<SequesterError> {
  const error = await promise.then(
    () => expect.fail(`expected ${name}, but nothing was refused`),
    (error: SequesterError) => error,
  );
  expect(error, error.message).to.include({ name, code });
  return error;
}
