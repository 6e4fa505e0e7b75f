import { createPublicClient, custom } from "viem";
import { readEntries, type Entry } from "../../../src/journal/entries.ts";
import type { Head } from "../../../src/journal/chain.ts";
import { ethers, type System } from "../../contracts/fixture.ts";

/** A viem client of the chain that the contract tests' fixture deploys to. */
export const client = createPublicClient({
  transport: custom(
    {
      request: ({ method, params }: { method: string; params?: unknown[] }) =>
        ethers.provider.send(method, params ?? []),
    },
    // A refusal is an answer: it would be asked for again.
    { retryCount: 0 },
  ),
  cacheTime: 0,
});

/** The journal up to now. */
export async function entriesOf({ addresses }: System): Promise<Entry[]> {
  return readEntries(client, addresses.docket, { toBlock: await client.getBlockNumber() });
}

/** What the docket stores of its journal. */
export async function storedHead({ docket }: System): Promise<Head> {
  return { entries: await docket.entries(), head: (await docket.head()) as Head["head"] };
}
