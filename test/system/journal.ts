import { readEntries, type Entry, type Head } from "../../src/journal/entries.ts";
import { client } from "./chain.ts";
import type { Contracts } from "./deployed.ts";

/** The journal up to now. */
export async function journalOf({ addresses }: Pick<Contracts, "addresses">): Promise<Entry[]> {
  return readEntries(client, addresses.docket, { toBlock: await client.getBlockNumber() });
}

/** What the docket stores of its journal. */
export async function storedHead({ docket }: Pick<Contracts, "docket">): Promise<Head> {
  return { entries: await docket.entries(), head: (await docket.head()) as Head["head"] };
}
