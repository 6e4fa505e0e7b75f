import { bigintsAsText } from "../../base/json.ts";
import { tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import { actNamed, agencyOf } from "../../audit/tables.ts";
import { asOf, custodyAt, type CustodyAt } from "../custody.ts";
import { toldOf } from "../hold/read.ts";
import type { NodeOptions } from "../node.ts";
import type { Streams } from "../order/place.ts";
import { caseNamed, moneyIn, type CaseMoney } from "./read.ts";

/** Prints a case: its money, its live holds, the orders that wait, and every entry about it. */
export async function showCase(
  name: string,
  options: NodeOptions & { json?: boolean },
  { stdout, stderr }: Streams,
): Promise<void> {
  const custody = await custodyAt(options);
  const { state, block } = custody;
  const found = caseNamed(name, custody);
  const told = toldOf(custody);
  const of = {
    case: name,
    vault: found.vault ?? null,
    money: moneyIn(custody)(found),
    holds: [...state.accounts.values()]
      .flatMap(({ asset, account, holds }) => holds.map((hold) => told(asset, account, hold)))
      .filter((hold) => hold.live && hold.case === name),
    waiting: [...state.delayed.values()]
      .filter(({ caseId, state: is }) => caseId === found.caseId && is === "waits")
      .map(({ digest, act, document, start, deadline, stays, appeals }) => ({
        order: digest,
        act: actNamed(act),
        document,
        start: isoOf(start),
        deadline: isoOf(deadline),
        stays: stays.length,
        appeals: appeals.length,
      })),
    entries: entriesOf(found.caseId, custody),
  };
  stdout.write(
    options.json
      ? `${JSON.stringify({ schema: "sequester.case/1", block, ...of }, bigintsAsText)}\n`
      : `${linesOf(of, custody).join("\n")}\n`,
  );
  stderr.write(asOf(custody));
}

const entriesOf = (caseId: string, { entries, powers }: CustodyAt) =>
  entries
    .filter((entry) => entry.caseId === caseId)
    .map(({ seq, timestamp, act, officerIds, document, order, transactionHash }) => ({
      entry: String(seq),
      at: isoOf(timestamp),
      act: actNamed(act),
      agencies: officerIds.map((id) => agencyOf(powers, powers.officers.get(id)?.agency)),
      document,
      order,
      transaction: transactionHash,
    }));

const MONEY = [
  ...(["placed", "held", "lapsed", "lifted", "seized", "taken", "due", "returned", "converted", "proceeds"] as const),
  ...(["compensated", "forfeited", "transferred", "inCustody", "suspense"] as const),
] as const satisfies readonly (keyof CaseMoney)[];

interface Shown {
  case: string;
  vault: string | null;
  money: CaseMoney[];
  holds: ReturnType<ReturnType<typeof toldOf>>[];
  waiting: { order: string; act: string; start: string; deadline: string; stays: number; appeals: number }[];
  entries: ReturnType<typeof entriesOf>;
}

function linesOf({ case: name, vault, money, holds, waiting, entries }: Shown, { units }: CustodyAt): string[] {
  const sums = money.flatMap((of) =>
    MONEY.filter((sum) => of[sum] !== 0n).map((sum) => [
      sum === "inCustody" ? "in custody" : sum,
      `${units(of.asset, of[sum])} ${of.symbol}`,
    ]),
  );
  return [
    `Case ${name}, ${vault === null ? "without a vault yet" : `vault ${vault}`}`,
    "",
    ...(sums.length === 0 ? ["It has held nothing."] : tableOf(sums)),
    ...part("Live holds", holds, (hold) => [
      `${units(hold.asset, BigInt(hold.amount))} ${hold.symbol}`,
      hold.kind,
      `to ${hold.until}`,
      hold.account,
    ]),
    ...part("Orders that wait", waiting, ({ order, act, start, deadline, stays, appeals }) => [
      act,
      `from ${start}`,
      `to ${deadline}`,
      stays + appeals === 0 ? "" : `${countOf(stays, "stay")}, ${countOf(appeals, "appeal")}`,
      order,
    ]),
    ...part("Journal", entries, ({ entry, at, act, agencies, document }) => [
      entry,
      at,
      act,
      [...new Set(agencies)].join(" + "),
      document,
    ]),
  ];
}

const part = <T>(title: string, items: readonly T[], row: (item: T) => string[]): string[] =>
  items.length === 0 ? [] : ["", title, ...tableOf(items.map(row)).map((line) => `  ${line}`)];
