import { BaseError, ContractFunctionZeroDataError, type Address, type Hex, type PublicClient } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import type { Deployment } from "../chain/deployments.ts";
import { saysNo } from "../chain/refusals.ts";
import type { Head } from "../journal/entries.ts";
import { readHead } from "../journal/entries.ts";
import { unpackHold, type Hold } from "../journal/holds.ts";
import type { JournalState } from "../journal/replay.ts";

/** An asset that does not tell what is frozen in it freezes nothing; a node's fault is no answer of an asset. */
function noneWhereRefused(error: unknown): bigint {
  const isEmpty = (it: unknown) => it instanceof ContractFunctionZeroDataError;
  if (saysNo(error) || (error instanceof BaseError && error.walk(isEmpty) !== null)) return 0n;
  throw error;
}

/** What the contracts say about one asset in one case, in base units. */
export interface CaseReading {
  caseId: Hex;
  asset: Address;
  /** Taken or received, and neither paid nor reserved. */
  left: bigint;
  /** What of `left` came as proceeds. */
  proceeds: bigint;
  reserved: bigint;
  /** Booked and not paid. */
  suspense: bigint;
  /** By account: what was taken and not given back, and what it could not receive and may claim. */
  owed: Map<Address, { owed: bigint; claim: bigint }>;
  vault: Address;
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
  /** The same, by the asset; 0 where it does not answer. */
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

/** Reads, at one block, everything about the cases, assets and accounts that the journal names. */
export async function readChain(
  client: PublicClient,
  { addresses }: Deployment,
  state: JournalState,
  blockNumber: bigint,
): Promise<Readings> {
  const docket = { abi: abiOf("Docket"), address: addresses.docket, blockNumber } as const;
  const token = (asset: Address) => ({ abi: abiOf("Tenge"), address: asset, blockNumber }) as const;

  const readCase = async (caseId: Hex, asset: Address): Promise<CaseReading> => {
    const owedTo = async (account: Address) => {
      const args = [caseId, asset, account] as const;
      const [owed, claim] = await client.readContract({ ...docket, functionName: "owedTo", args });
      return [account, { owed, claim }] as const;
    };
    const ledger = state.cases.get(caseId)?.ledgers.get(asset);
    const holders = new Set([...(ledger?.takenFrom.keys() ?? []), ...(ledger?.claimants ?? [])]);
    const [vault, money, owed] = await Promise.all([
      client.readContract({ ...docket, functionName: "vaultOf", args: [caseId] }),
      client.readContract({ ...docket, functionName: "moneyOf", args: [caseId, asset] }),
      Promise.all([...holders].map(owedTo)),
    ]);
    const inVault = await client.readContract({ ...token(asset), functionName: "balanceOf", args: [vault] });
    return { caseId, asset, ...money, owed: new Map(owed), vault, inVault };
  };

  const readAccount = async ({ asset, account }: { asset: Address; account: Address }): Promise<AccountReading> => {
    const [words, [held], frozen, balance] = await Promise.all([
      client.readContract({ ...docket, functionName: "holdsOf", args: [asset, account] }),
      client.readContract({ ...docket, functionName: "heldOf", args: [asset, account] }),
      client
        .readContract({ ...token(asset), functionName: "getFrozenTokens", args: [account] })
        .catch(noneWhereRefused),
      client.readContract({ ...token(asset), functionName: "balanceOf", args: [account] }),
    ]);
    // One of amount 0 is no claim: it has ended and is remembered.
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
