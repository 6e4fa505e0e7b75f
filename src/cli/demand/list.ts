import type { Address } from "viem";
import { bigintsAsText } from "../../base/json.ts";
import { tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import { answersIn } from "../../journal/demands.ts";
import { isLive } from "../../journal/holds.ts";
import { accountKey } from "../../journal/replay.ts";
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

/** Prints what platforms are asked to withhold, to answer and to surrender: all of it by the journal, nothing on the node's word alone. */
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
  const answers = answersIn(custody.entries);
  const demands = asked.map((of) => demandOf(of, answers, custody));
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

function demandOf(
  of: SubAccount & { asset: Address; account: Address },
  answers: ReturnType<typeof answersIn>,
  { state, powers, at }: CustodyAt,
): Demand {
  const { asset, account } = of;
  const key = accountKey(asset, account);
  const { withheld = 0n, unansweredSince } = answers.get(key) ?? {};
  const due = [...state.cases.values()].flatMap(({ caseId, ledgers }) => {
    const amount = ledgers.get(asset)?.dues.get(account) ?? 0n;
    return amount === 0n ? [] : [{ case: decodeName(caseId), amount }];
  });
  const live = (state.accounts.get(key)?.holds ?? []).filter((hold) => isLive(hold, at));
  return {
    platform: powers.licences.get(of.wallet)?.platform ?? of.wallet,
    ...of,
    toWithhold: live.reduce((sum, { amount }) => sum + amount, 0n),
    withheld,
    due,
    ...(unansweredSince !== undefined && { unansweredSince }),
  };
}
