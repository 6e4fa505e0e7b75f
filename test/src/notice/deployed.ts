import type { Address, Hex } from "viem";
import { codeHashesOf, DEPLOYMENT_SCHEMA, type Deployment, type PerContract } from "../../../src/chain/deployments.ts";
import type { Crowd } from "../../contracts/crowd.ts";
import { client } from "../journal/journal.ts";

/** The deployment file of a system of the contract tests. */
export async function deploymentOf(system: Crowd): Promise<Deployment> {
  const { quorum, addresses, lens, domain, kzte, usdx, rfse } = system;
  const at = async (contract: { getAddress(): Promise<string> }) => (await contract.getAddress()) as Address;
  const verifier = await at(lens);
  const all: PerContract<Address> = {
    ...{ quorum: await at(quorum), docket: addresses.docket, disposal: addresses.disposal },
    ...{ register: addresses.register, vault: addresses.vault, lens: await at(lens) },
    verifiers: { P256: verifier, RSA: verifier, WebAuthn: verifier },
    assets: { KZTE: kzte, USDX: usdx, RFSE: rfse },
  };
  const codeHashes = (await codeHashesOf(client, all)) as PerContract<Hex>;
  return { schema: DEPLOYMENT_SCHEMA, chainId: 31337, block: 0, addresses: all, codeHashes, domain };
}
