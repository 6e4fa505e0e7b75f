import type { Address, Hex } from "viem";
import { codeHashesOf, DEPLOYMENT_SCHEMA, type Deployment, type PerContract } from "../../src/chain/deployments.ts";
import { client } from "./chain.ts";
import type { Contracts } from "./deployed.ts";
import type { Verifiers } from "./kinds.ts";

/** The deployment file of a system of the contract tests, of those with a third asset, too; `more` replaces parts of it. */
export async function deploymentOf(
  { addresses, lens, domain, kzte, usdx, rfse }: Contracts & { rfse?: Address },
  verifiers?: Verifiers,
  more: Partial<Deployment> = {},
): Promise<Deployment> {
  const at = (await lens.getAddress()) as Address;
  const { p256, rsa, webAuthn } = verifiers ?? { p256: at, rsa: at, webAuthn: at };
  const all: PerContract<Address> = {
    quorum: domain.verifyingContract,
    docket: addresses.docket,
    disposal: addresses.disposal,
    register: addresses.register,
    vault: addresses.vault,
    lens: at,
    verifiers: { P256: p256, RSA: rsa, WebAuthn: webAuthn },
    assets: { KZTE: kzte, USDX: usdx, ...(rfse && { RFSE: rfse }) },
  };
  const codeHashes = (await codeHashesOf(client, all)) as PerContract<Hex>;
  return { schema: DEPLOYMENT_SCHEMA, chainId: 31337, block: 0, addresses: all, codeHashes, domain, ...more };
}
