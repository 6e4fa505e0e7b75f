import type { Address } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { answerOf } from "../../chain/node.ts";
import { bigintsAsText } from "../../base/json.ts";
import { tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import { isLive } from "../../journal/holds.ts";
import { decodeName } from "../../orders/caseId.ts";
import { asOf, custodyAt, type CustodyAt } from "../custody.ts";
import type { NodeOptions } from "../node.ts";
import { addressIn } from "../order/fields.ts";
import type { Streams } from "../order/place.ts";
import { subAccountsIn, type SubAccount } from "../../journal/subAccounts.ts";

export interface DemandListOptions extends NodeOptions {
  wallet?: string;
  json?: boolean;
}

/** What a platform is asked in one sub-account and asset. Amounts are base units, seconds Unix time. */
interface Demand extends SubAccount {
  platform: string;
  asset: Address;
  account: Address;
  /** Sum of the live holds: what it is to withhold. */
  toWithhold: bigint;
  /** What it said that it withholds. */
  withheld: bigint;
  /** What it is to pay into vaults, by case. */
  due: { case: string; amount: bigint }[];
  /** Since when an answer is asked for; absent: it answered all. */
  unansweredSince?: number;
}

/** Prints what platforms are asked to withhold, to answer and to surrender. */
export async function listDemands(options: DemandListOptions, { stdout, stderr }: Streams): Promise<void> {
  const wallet = options.wallet === undefined ? undefined : addressIn(options.wallet, "--wallet");
  const custody = await custodyAt(options);
  const { state, block, units } = custody;
  const subAccounts = subAccountsIn(custody.entries);
  const asked = [...state.accounts.values()].flatMap(({ asset, account }) => {
    const subAccount = subAccounts.get(account);
    const meant = subAccount !== undefined && (wallet === undefined || subAccount.wallet === wallet);
    return meant ? [{ asset, account, ...subAccount }] : [];
  });
  const demands = await answerOf(Promise.all(asked.map((of) => demandOf(of, custody))));
  if (options.json) {
    const told = demands.map(({ unansweredSince, ...of }) => ({
      ...of,
      symbol: units.symbol(of.asset),
      ...(unansweredSince !== undefined && { unansweredSince: isoOf(unansweredSince) }),
    }));
    stdout.write(`${JSON.stringify({ schema: "sequester.demands/1", block, demands: told }, bigintsAsText)}\n`);
  } else {
    const rows = demands.map((of) => [
      of.platform,
      of.name,
      units.symbol(of.asset),
      units(of.asset, of.toWithhold),
      units(of.asset, of.withheld),
      of.due.map((it) => `${units(of.asset, it.amount)} in ${it.case}`).join(", "),
      of.unansweredSince === undefined ? "" : `since ${isoOf(of.unansweredSince)}`,
      of.wallet,
    ]);
    const heading = ["platform", "sub-account", "asset", "withhold", "said", "surrender", "answer asked", "wallet"];
    stdout.write(`${tableOf([heading, ...rows]).join("\n")}\n`);
  }
  stderr.write(`${countOf(demands.length, "demand")}. ${asOf(custody)}`);
}

async function demandOf(
  of: SubAccount & { asset: Address; account: Address },
  { client, deployment, state, powers, number, at }: CustodyAt,
): Promise<Demand> {
  const register = {
    abi: abiOf("LicenceRegister"),
    address: deployment.addresses.register,
    blockNumber: number,
  } as const;
  const { asset, account } = of;
  const { withheld, askedAt, answeredAt } = await client.readContract({
    ...register,
    functionName: "subAccountOf",
    args: [asset, account],
  });
  const due = [...state.cases.values()].flatMap(({ caseId, ledgers }) => {
    const amount = ledgers.get(asset)?.dues.get(account) ?? 0n;
    return amount === 0n ? [] : [{ case: decodeName(caseId), amount }];
  });
  const holds = [...state.accounts.values()].find((it) => it.asset === asset && it.account === account)?.holds ?? [];
  const live = holds.filter((hold) => isLive(hold, at));
  return {
    platform: powers.licences.get(of.wallet)?.platform ?? of.wallet,
    ...of,
    toWithhold: live.reduce((sum, { amount }) => sum + amount, 0n),
    withheld,
    due,
    ...(answeredAt === 0 && askedAt > 0 && { unansweredSince: askedAt }),
  };
}
