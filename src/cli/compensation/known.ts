import { getAddress, type Address, type PublicClient } from "viem";
import { known } from "../../audit/known.ts";
import { abiOf } from "../../chain/artifacts.ts";
import type { Deployment } from "../../chain/deployments.ts";
import type { Claim, Refuses } from "../../compensation/index.ts";
import { isLive } from "../../journal/holds.ts";
import { subAccountsIn } from "../../journal/subAccounts.ts";
import { encodeCaseId } from "../../orders/caseId.ts";
import { custodyOf } from "../custody.ts";

/** What the chain knows of accounts that claims are paid to. */
export interface KnownAccounts {
  refuses: Refuses;
  /** What is no fault, in lines. */
  doubts: (claims: readonly Claim[]) => string[];
}

/** Reads which accounts the contracts will not pay, or not at anybody's asking, out of the whole journal. */
export async function knownOf(
  client: PublicClient,
  deployment: Deployment,
  caseId: string,
  asset: Address,
): Promise<KnownAccounts> {
  const { entries, state, at, number } = await custodyOf(client, deployment);
  const isKnown = state.cases.has(encodeCaseId(caseId));
  // Also where it will be: the case may have none yet.
  const docket = { abi: abiOf("Docket"), address: deployment.addresses.docket, blockNumber: number } as const;
  const asked = client.readContract({ ...docket, functionName: "vaultOf", args: [encodeCaseId(caseId)] });
  const vault = await known(String(number), asked);
  const subAccounts = subAccountsIn(entries);
  const accounts = [...state.accounts.values()].filter((it) => it.asset === asset);
  const held = new Set(accounts.filter(({ holds }) => holds.some((hold) => isLive(hold, at))).map((it) => it.account));
  return {
    refuses: (account) => {
      if (account === vault) return "the case's own vault";
      const subAccount = subAccounts.get(getAddress(account));
      return subAccount && `the sub-account ${subAccount.name} of ${subAccount.wallet}, which stands for no key`;
    },
    doubts: (claims) => [
      ...(!isKnown ? [`The journal knows no case ${caseId}: an order over this list would find no money.`] : []),
      ...claims
        .filter(({ account }) => held.has(account))
        .map(
          ({ id, account }) =>
            `${id} is of ${account}, whose money is held: while it is, only this account itself can claim.`,
        ),
    ],
  };
}
