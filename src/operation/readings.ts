import { zeroAddress, type Address, type Hex, type PublicClient } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import type { Deployment } from "../chain/deployments.ts";
import type { Head } from "../journal/chain.ts";
import { unpackHold, type Hold } from "../journal/holds.ts";
import type { JournalState } from "../journal/replay.ts";

/** What the contracts say about one asset in one case, in base units. */
export interface CaseReading {
  caseId: Hex;
  asset: Address;
  taken: bigint;
  takenFrom: Map<Address, bigint>;
  paid: bigint;
  reserved: bigint;
  proceeds: bigint;
  suspensePaid: bigint;
  suspense: bigint;
  /** Balance of the case's vault. */
  inVault: bigint;
}

/** What the contracts say about an account of an asset, in base units. */
export interface AccountReading {
  asset: Address;
  account: Address;
  holds: Hold[];
  /** Sum of live claims, by the docket. */
  held: bigint;
  /** The same, by the asset. */
  frozen: bigint;
  balance: bigint;
}

/** What the chain says at one block, read by views and independent of all events. */
export interface Readings {
  block: { number: bigint; hash: Hex; timestamp: bigint };
  head: Head;
  cases: CaseReading[];
  accounts: AccountReading[];
}

/** Reads the docket's count and head of its journal. */
export async function readHead(client: PublicClient, docket: Address, blockNumber: bigint): Promise<Head> {
  const contract = { abi: abiOf("Docket"), address: docket, blockNumber } as const;
  const [entries, head] = await Promise.all([
    client.readContract({ ...contract, functionName: "entries" }),
    client.readContract({ ...contract, functionName: "head" }),
  ]);
  return { entries, head };
}

/** Reads, at one block, everything about the cases, assets and accounts that the journal names. */
export async function readChain(
  client: PublicClient,
  { addresses }: Deployment,
  state: JournalState,
  blockNumber: bigint,
): Promise<Readings> {
  const docket = { abi: abiOf("Docket"), address: addresses.docket, blockNumber } as const;
  const disposal = { abi: abiOf("Disposal"), address: addresses.disposal, blockNumber } as const;
  const token = (asset: Address) => ({ abi: abiOf("Tenge"), address: asset, blockNumber }) as const;

  const readCase = async (caseId: Hex, asset: Address): Promise<CaseReading> => {
    const custodyOf = (account: Address) =>
      client.readContract({ ...docket, functionName: "custodyOf", args: [caseId, asset, account] });
    const args = [caseId, asset] as const;
    const sources = [...(state.cases.get(caseId)?.ledgers.get(asset)?.takenFrom.keys() ?? [])];
    const [[vault, taken], suspense, ledger, takenFrom] = await Promise.all([
      custodyOf(zeroAddress),
      client.readContract({ ...docket, functionName: "suspenseOf", args }),
      client.readContract({ ...disposal, functionName: "ledgerOf", args }),
      Promise.all(sources.map(async (account) => [account, (await custodyOf(account))[2]] as const)),
    ]);
    const inVault = await client.readContract({ ...token(asset), functionName: "balanceOf", args: [vault] });
    const { paid, reserved, proceeds, suspensePaid } = ledger;
    return {
      ...{ caseId, asset, taken, takenFrom: new Map(takenFrom) },
      ...{ paid, reserved, proceeds, suspense, suspensePaid, inVault },
    };
  };

  const readAccount = async ({ asset, account }: { asset: Address; account: Address }): Promise<AccountReading> => {
    const [words, [held], frozen, balance] = await Promise.all([
      client.readContract({ ...docket, functionName: "holdsOf", args: [asset, account] }),
      client.readContract({ ...docket, functionName: "heldOf", args: [asset, account] }),
      client.readContract({ ...token(asset), functionName: "getFrozenTokens", args: [account] }),
      client.readContract({ ...token(asset), functionName: "balanceOf", args: [account] }),
    ]);
    // A hold of amount 0 is no claim: it keeps the time until which the account cools down.
    const holds = words.map(unpackHold).filter(({ amount }) => amount > 0n);
    return { asset, account, holds, held, frozen, balance };
  };

  const { number, hash, timestamp } = await client.getBlock({ blockNumber });
  const cases = [...state.cases.keys()].flatMap((caseId) => state.assets.map((asset) => [caseId, asset] as const));
  return {
    block: { number, hash, timestamp },
    head: await readHead(client, addresses.docket, blockNumber),
    cases: await Promise.all(cases.map(([caseId, asset]) => readCase(caseId, asset))),
    accounts: await Promise.all([...state.accounts.values()].map(readAccount)),
  };
}
