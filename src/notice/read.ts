import type { Address, Hex, PublicClient } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import { verifyDeployment, type Deployment } from "../chain/deployments.ts";
import { readJournal } from "../journal/read.ts";
import { replay } from "../journal/replay.ts";
import { casesThatTook, noticeOf, waitingIn, type Notice } from "./notice.ts";
import { peopleOf } from "./people.ts";
import type { PendingReading, TakenReading } from "./reading.ts";

/** What is asked for. */
export interface NoticeSubject {
  /** An asset of the deployment. */
  asset: { address: Address; symbol: string };
  account: Address;
}

/** Cases, or delayed orders, that one call of the lens looks at: far below the gas that a node lets a call have. */
const PAGE = 100;

/**
 * Reads the notice about an account at a block, the latest unless told: the lens's views joined with the journal, whose chain of hashes
 * is checked against the docket's head, and which must tell the same.
 * @throws DeploymentMismatchError, JournalBrokenError, JournalContradictionError, NoticeContradictionError
 */
export async function readNotice(
  client: PublicClient,
  deployment: Deployment,
  subject: NoticeSubject,
  blockNumber?: bigint,
): Promise<Notice> {
  await verifyDeployment(client, deployment);
  const { addresses, chainId } = deployment;
  const { number, hash, timestamp } = await client.getBlock(blockNumber === undefined ? {} : { blockNumber });
  const block = { number, hash, timestamp };
  const { entries, head } = await readJournal(client, deployment, number);
  const state = replay(entries);

  const shown = await readLens(client, deployment, subject, number);
  const concerned = new Set([...shown.holds.map(({ caseId }) => caseId), ...casesThatTook(state, subject.account)]);
  const orders = waitingIn(state, concerned, Number(timestamp)).filter(({ proposed }) => proposed !== undefined);
  const digests = orders.map(({ digest }) => digest);
  const pending = await readPending(client, deployment, subject.account, digests, number);
  const reading = { ...shown, chainId, block, head, pending, disposal: addresses.disposal };
  const { contact } = deployment;
  return { ...noticeOf({ reading, entries, state, people: peopleOf(entries) }), ...(contact && { contact }) };
}

async function readLens(
  client: PublicClient,
  { addresses }: Deployment,
  { asset, account }: NoticeSubject,
  blockNumber: bigint,
) {
  const lens = { abi: abiOf("Lens"), address: addresses.lens, functionName: "noticeOf", blockNumber } as const;
  const page = (from: bigint) => client.readContract({ ...lens, args: [asset.address, account, from, BigInt(PAGE)] });
  const first = await page(0n);
  const taken: TakenReading[] = [...first.taken];
  for (let from = BigInt(PAGE); from < first.cases; from += BigInt(PAGE)) taken.push(...(await page(from)).taken);
  const decimals = await client.readContract({
    abi: abiOf("Tenge"),
    address: asset.address,
    functionName: "decimals",
    blockNumber,
  });
  const { balance, held, covered, withheld, holds, subAccount } = first;
  return {
    asset: { ...asset, decimals },
    account,
    balance,
    held,
    covered,
    withheld,
    holds,
    taken,
    ...(subAccount.askedAt > 0 && { subAccount }),
  };
}

async function readPending(
  client: PublicClient,
  { addresses }: Deployment,
  account: Address,
  digests: readonly Hex[],
  blockNumber: bigint,
): Promise<PendingReading[]> {
  const pending: PendingReading[] = [];
  for (let from = 0; from < digests.length; from += PAGE) {
    const args = [digests.slice(from, from + PAGE), account] as const;
    pending.push(
      ...(await client.readContract({
        abi: abiOf("Lens"),
        address: addresses.lens,
        functionName: "pendingOf",
        args,
        blockNumber,
      })),
    );
  }
  return pending;
}
