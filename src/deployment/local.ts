import { stringToBytes } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { documentHash, rulingHash } from "../orders/document.ts";
import { derivedSalt } from "../orders/salts.ts";
import type { AssetInput, DeploymentPlan } from "./check.ts";
import type { SignAdmission } from "./charter.ts";
import { derivedAccount, signingWith } from "./keys.ts";
import type { Parameters } from "./parameters.ts";
import type { Seat } from "./seats.ts";

/** Everybody who acts in a deployment on the local chain, with keys that derive from one seed. */
export interface LocalCast {
  deployer: PrivateKeyAccount;
  treasury: PrivateKeyAccount;
  /** By name. */
  officers: Map<string, PrivateKeyAccount>;
  /** By symbol of the asset. */
  issuers: Map<string, PrivateKeyAccount>;
}

/** What is deployed locally: every seat a key, every asset made with the rest. */
export interface LocalPlan extends DeploymentPlan {
  seats: readonly Seat[];
  assets: readonly AssetInput[];
  sign: SignAdmission;
}

export interface LocalInput {
  chainId: number;
  seed: string;
  parameters: Parameters;
  officers: readonly { agency: string; name: string }[];
  assets: readonly { symbol: string; decimals: number }[];
}

/**
 * The cast of a local deployment and what `deploy` needs of it, always the same for the same seed.
 * @throws LocalKeysOnlyError on every chain that is not local.
 */
export function localDeployment({ chainId, seed, parameters, officers, assets }: LocalInput): {
  cast: LocalCast;
  plan: LocalPlan;
} {
  const account = (name: string) => derivedAccount(chainId, seed, name);
  const cast: LocalCast = {
    deployer: account("deployer"),
    treasury: account("treasury"),
    officers: new Map(officers.map(({ name }) => [name, account(name)])),
    issuers: new Map(assets.map(({ symbol }) => [symbol, account(`issuer ${symbol}`)])),
  };
  const text = stringToBytes(`The local deployment "${seed}" under the parameters "${parameters.name}".`);
  const salt = derivedSalt({ seed, caseId: "", act: "install", index: 0, purpose: "documentSalt" });
  return {
    cast,
    plan: {
      deployer: cast.deployer.address,
      parameters,
      assets: assets.map(({ symbol, decimals }): AssetInput => {
        const issuer = cast.issuers.get(symbol)!.address;
        return { symbol, name: symbol, decimals, issuer, treasury: cast.treasury.address };
      }),
      seats: officers.map(({ agency, name }) => ({ agency, signer: cast.officers.get(name)!.address })),
      document: documentHash(salt, rulingHash(text)),
      sign: signingWith(cast.officers.values()),
    },
  };
}

/** As many officers as the rules can ask for, one spare key each, and no agency without one: named after it, from 1 on. */
export function officersFor({ agencies, rules, court, prosecutor }: Parameters): { agency: string; name: string }[] {
  const least = (agency: string) => {
    const needs = Object.values(rules).flatMap((rule = []) => rule.map(({ officers }) => officers[agency] ?? 0));
    return Math.max(agency === court || agency === prosecutor ? 3 : 0, ...needs) + 1;
  };
  return agencies.flatMap((agency) =>
    Array.from({ length: least(agency) }, (_, i) => ({ agency, name: `${agency}-${i + 1}` })),
  );
}
