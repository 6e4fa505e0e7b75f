import { formatUnits } from "viem";
import type { Explanation } from "../tracing/evidence/explain.ts";
import type { Plan } from "../tracing/evidence/plan.ts";
import type { Verification } from "../tracing/verify/verify.ts";
import { COMPARISON_ONLY } from "../tracing/methods.ts";
import { csvText } from "../base/csv.ts";
import { TARGET_COLUMNS } from "../operation/folder/schema.ts";
import { amountsOf, tableOf } from "../base/table.ts";
import { countOf } from "../base/words.ts";
import { isoOf } from "../base/time.ts";

/** Maps and bigints as JSON has them: objects and decimal strings of base units. */
export const jsonOf = (value: unknown): string =>
  `${JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === "bigint") return String(item);
    return item instanceof Map ? (Object.fromEntries(item) as unknown) : item;
  })}\n`;

/** A plan as data. */
export const planData = (plan: Plan) => ({ ...plan, expires: isoOf(plan.expires) });

/** Rows of a list that a reader is shown; the data have all. */
const MOST_SHOWN = 200;

/** A plan for a reader: amounts in decimal units where the decimals are known. */
export function tracePlanForReaders(plan: Plan): string {
  const { method, asset, decimals, evidence, expires, targets, excluded, disclosures, totals, wholeAccount } = plan;
  const amounts = (units: readonly bigint[]) => amountsOf(units, decimals ?? 0);
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]) => [
    ...tableOf([heads, ...rows.slice(0, MOST_SHOWN)]),
    ...(rows.length > MOST_SHOWN ? [`and ${rows.length - MOST_SHOWN} more: --json has all`] : []),
  ];
  const columns = (...lists: (readonly bigint[])[]) => lists.map(amounts);
  const range = targets.map(({ byMethod }) =>
    [...byMethod]
      .filter(([it]) => !COMPARISON_ONLY.has(it))
      .map(([, taint]) => taint)
      .sort((a, b) => (a < b ? -1 : 1)),
  );
  const [taken, had, over, low, high] = columns(
    targets.map(({ amount }) => amount),
    targets.map(({ balance }) => balance),
    targets.map(({ overFreeze }) => overFreeze),
    range.map((taints) => taints[0]!),
    range.map((taints) => taints.at(-1)!),
  );
  const rows = targets.map(({ account }, i) => [
    account,
    taken![i]!,
    had![i]!,
    ...(wholeAccount ? [over![i]!] : []),
    `${low![i]} to ${high![i]}`,
  ]);
  const heads = ["account", "amount", "balance", ...(wholeAccount ? ["frozen besides"] : []), "range across methods"];
  const [left] = columns(excluded.map(({ amount }) => amount));
  const [asked] = columns(disclosures.map(({ amount }) => amount));
  const [sum, , sumLeft, sumSinks, burned, injected] = amounts(Object.values(totals));
  return [
    `Freeze plan by ${method} for ${asset}`,
    `evidence: block ${evidence.block}${evidence.hash === null ? ", hash not known" : `, ${evidence.hash}`}; manifest ${evidence.manifest}`,
    `dead after ${isoOf(expires)}; amounts in ${decimals === null ? "base units" : "units of the asset"}`,
    "",
    ...table(heads, rows),
    "",
    ...(excluded.length === 0
      ? []
      : [
          "not proposed:",
          ...table(
            ["account", "amount", "why"],
            excluded.map(({ account, reason, label }, i) => [account, left![i]!, shown(reason, label)]),
          ),
          "",
        ]),
    ...(disclosures.length === 0
      ? []
      : [
          "to be asked who got it:",
          ...table(
            ["service", "amount", "transfers", "who"],
            disclosures.map(({ account, label, kind, transfers }, i) => [
              account,
              asked![i]!,
              String(transfers.length),
              shown(label, kind),
            ]),
          ),
          "",
        ]),
    `${countOf(targets.length, "target")} with ${sum}; ${sumLeft} not proposed, ${sumSinks} at services, ${burned} redeemed: ${injected} in all`,
    "",
  ].join("\n");
}

/** The targets as an operation's folder has them, in decimal units. */
export const operationTargets = (plan: Plan, { caseId, symbol }: { caseId: string; symbol: string }): string =>
  csvText([
    TARGET_COLUMNS,
    ...plan.targets.map(({ account, amount }) => [
      caseId,
      account,
      symbol,
      formatUnits(amount, plan.decimals ?? 0),
      "",
      plan.method,
    ]),
  ]);

export const explanationData = (explanation: Explanation) => ({ schema: "sequester.explanation/1", ...explanation });

export const verificationData = ({ differences, ...rest }: Verification) => ({
  schema: "sequester.verification/1",
  equal: differences.length === 0,
  ...rest,
  differences,
});

/** Labels are others' words: they stay on their line, and cannot steer a terminal. */
const shown = (first: string, second: string): string =>
  [first, second]
    .filter((text) => text !== "")
    // eslint-disable-next-line no-control-regex
    .map((text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " "))
    .join(", ");
