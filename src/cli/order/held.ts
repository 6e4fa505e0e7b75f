import type { Hex } from "viem";
import { amountsOf, tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { abiOf } from "../../chain/artifacts.ts";
import { answerOf } from "../../chain/node.ts";
import { HOLD_KINDS, isLive, unpackHold, type Hold } from "../../journal/holds.ts";
import { decodeCaseId } from "../../orders/caseId.ts";
import type { Target } from "../../orders/types.ts";
import type { ChainDesk } from "./desk.ts";

/** What an order may touch, by what is held now. */
export interface Reach {
  /** The newest hold of the accounts; of the docket, where the case holds nothing in them. */
  upTo: number;
  /** Whether the provisional holds do not have what it names, and arrested ones do. */
  arrested: boolean;
  /** What it was taken from, in lines. */
  shown: string[];
}

interface Found {
  target: Target;
  holds: Hold[];
}

/** Reads the live holds of a case on accounts, and what they allow. */
export async function reachOf(
  { client, deployment, now, words }: ChainDesk,
  caseId: Hex,
  targets: readonly Target[],
): Promise<Reach> {
  const blockNumber = await answerOf(client.getBlockNumber());
  const docket = { abi: abiOf("Docket"), address: deployment.addresses.docket, blockNumber } as const;
  const { number } = await answerOf(client.readContract({ ...docket, functionName: "caseOf", args: [caseId] }));
  const holdsOf = async (target: Target): Promise<Found> => {
    const args = [target.asset, target.account] as const;
    const all = await client.readContract({ ...docket, functionName: "holdsOf", args });
    return { target, holds: all.map(unpackHold).filter((it) => it.caseNumber === number && isLive(it, now)) };
  };
  const found = await answerOf(Promise.all(targets.map(holdsOf)));
  const numbers = found.flatMap(({ holds }) => holds.map((hold) => hold.number));
  const upTo =
    numbers.length > 0
      ? numbers.reduce((a, b) => Math.max(a, b))
      : await answerOf(client.readContract({ ...docket, functionName: "placements" }));
  const told = (asset: Target["asset"], amount: bigint) =>
    `${amountsOf([amount], words.asset(asset)?.decimals ?? 0)[0]!} ${words.asset(asset)?.symbol ?? `base units of ${asset}`}`;
  const rows = found.flatMap(({ target: { asset, account }, holds }) =>
    holds.map((hold) => [
      account,
      String(hold.number),
      hold.kind === HOLD_KINDS.arrested ? "arrested" : "provisional",
      told(asset, hold.amount),
      isoOf(hold.until),
    ]),
  );
  const short = found.filter(({ target, holds }) => sumOf(holds) < target.amount);
  return {
    upTo,
    arrested: found.some(({ target, holds }) => needsArrested(target.amount, holds)),
    shown: [
      `Live holds of the case ${JSON.stringify(decodeCaseId(caseId))} at block ${blockNumber}, ${isoOf(now)}:`,
      ...(rows.length === 0 ? ["  none"] : indented([["account", "number", "kind", "amount", "until"], ...rows])),
      ...short.map(
        ({ target: { asset, account, amount }, holds }) =>
          `  ${account}: has ${told(asset, sumOf(holds))} held, and the order names ${told(asset, amount)}`,
      ),
    ],
  };
}

const indented = (rows: readonly (readonly string[])[]) => tableOf(rows).map((line) => `  ${line}`);

const sumOf = (holds: readonly Hold[]): bigint => holds.reduce((sum, { amount }) => sum + amount, 0n);

const needsArrested = (amount: bigint, holds: readonly Hold[]): boolean =>
  holds.some(({ kind }) => kind === HOLD_KINDS.arrested) &&
  amount > sumOf(holds.filter(({ kind }) => kind === HOLD_KINDS.provisional));
