import { isHex, type Address, type Hex } from "viem";
import type { Language } from "../../base/languages.ts";
import type { Deployment } from "../../chain/deployments.ts";
import { HOLD_KINDS } from "../../journal/holds.ts";
import { decodeName } from "../../orders/caseId.ts";
import { capital, actTerm, TERMS } from "../../orders/acts/terms.ts";
import { actName } from "../../orders/types.ts";
import { unitsOf } from "../tables.ts";
import type { Cell, Section } from "./cells.ts";
import type { Report } from "./report.ts";
import type { Point } from "./series.ts";
import type { Change, Step } from "./timeline.ts";
import { REPORT_WORDS, type Column } from "./words.ts";

const text = (it: string): Cell => ({ text: it });
const hash = (it: Hex): Cell => ({ hash: it });
const time = (it: number): Cell => ({ time: it });

/** The tables of a report, in one language. */
export function sectionsOf(report: Report, deployment: Deployment, language: Language): Section[] {
  const words = REPORT_WORDS[language];
  const units = unitsOf(deployment);
  const amount = (asset: Address, of: bigint): Cell => ({ decimal: units(asset, of) });
  const symbol = (asset: Address): Cell => {
    const known = units.symbol(asset);
    return isHex(known) ? hash(known) : text(known);
  };
  const name = (caseId: Hex): Cell => text(decodeName(caseId));
  const yesNo = (is: boolean): Cell => text(is ? words.yes : words.no);
  const agency = (of: string): Cell => text(/^(?:\d+|undefined)$/.test(of) ? words.agency(of) : of);

  const change = ({ what, asset, account, amount: of, file }: Change): Cell[] => [
    text(`${words.changes[what]}:`),
    ...(asset && of !== undefined ? [{ decimal: units(asset, of), symbol: units.symbol(asset) }] : []),
    ...(account ? [hash(account)] : []),
    ...(file ? [hash(file)] : []),
  ];
  const approvers = ({ approvals, approvedIn }: Step): Cell => {
    if (approvals.length === 0) return text(words.withoutApproval);
    const lines = approvals.map(({ officer, agency: of }) => [agency(of), hash(officer)]);
    return { lines: approvedIn === undefined ? lines : [[text(words.inEntry(approvedIn))], ...lines] };
  };

  const sections: Section[] = [movements(report), custody(report)];
  const { timeline, totals, officers, answers, until } = report;
  if (totals !== undefined) {
    const sums = ["placed", "held", "lapsed", "lifted", "seized"] as const;
    const paid = ["returned", "compensated", "forfeited", "transferred", "inCustody"] as const;
    sections.unshift({
      name: "totals",
      columns: ["asset", ...sums, ...paid],
      rows: totals.map((row) => [
        symbol(row.asset),
        ...[...sums, ...paid].map((column) => amount(row.asset, row[column])),
      ]),
    });
  }
  if (timeline !== undefined) {
    sections.push({
      name: "timeline",
      columns: ["entry", "time", "act", "approvedBy", "document", "order", "transaction", "changes"],
      rows: timeline.map((step) => [
        text(String(step.entry)),
        time(step.at),
        text(capital(actTerm(actName(step.act) ?? `${TERMS.act[language]} ${step.act}`, language))),
        approvers(step),
        step.document ? hash(step.document) : text(""),
        step.order ? hash(step.order) : text(""),
        hash(step.transaction),
        { lines: step.changes.map(change) },
      ]),
    });
  }
  sections.push({
    name: "holds",
    columns: [
      ...(["case", "asset", "account", "kind", "amount", "until", "heldSince", "heldFor", "olderThan"] as const),
      ...(["document", "opened"] as const),
    ],
    rows: report.holds.map((hold) => [
      name(hold.caseId),
      symbol(hold.asset),
      hash(hold.account),
      text(TERMS[hold.kind === HOLD_KINDS.arrested ? "arrested" : "provisional"][language]),
      amount(hold.asset, hold.amount),
      time(hold.until),
      time(hold.heldSince),
      { seconds: until - hold.heldSince },
      text(hold.beyondDays === 0 ? "" : words.days(hold.beyondDays)),
      hash(hold.document),
      hold.opened ? text(words.yes) : text(words.never),
    ]),
  });
  if (officers !== undefined) {
    sections.push({
      name: "officers",
      columns: ["officer", "agency", "since", "lastSigned", "silent"],
      rows: officers.map(({ officer, agency: of, since, lastSigned, silent }) => [
        hash(officer),
        agency(of),
        time(since),
        lastSigned === undefined ? text(words.never) : time(lastSigned),
        yesNo(silent),
      ]),
    });
  }
  if (answers !== undefined) {
    sections.push({
      name: "answers",
      columns: ["platform", "subAccount", "asset", "entry", "asked", "answered", "took"],
      rows: answers.map(({ platform, subAccount, asset, entry, asked, answered }) => [
        text(platform),
        isHex(decodeName(subAccount)) ? hash(subAccount) : name(subAccount),
        symbol(asset),
        text(String(entry)),
        time(asked),
        answered === undefined ? text(words.notYet) : time(answered),
        { seconds: (answered ?? until) - asked },
      ]),
    });
  }
  return sections;

  function movements({ movements: rows }: Report): Section {
    const moved = ["opening", "taken", "proceeds", "returned", "converted", "compensated", "forfeited"] as const;
    const columns = [...moved, "transferred", "closing"] as const satisfies readonly Column[];
    const proven = rows.some(({ balance }) => balance !== undefined);
    return {
      name: "movements",
      columns: ["case", "asset", ...columns, ...(proven ? (["balance", "beyond"] as const) : [])],
      rows: rows.map((row) => [
        name(row.caseId),
        symbol(row.asset),
        ...columns.map((column) => amount(row.asset, row[column])),
        ...(proven ? [amount(row.asset, row.balance ?? 0n), amount(row.asset, row.beyond ?? 0n)] : []),
      ]),
    };
  }

  function custody({ custody: series }: Report): Section {
    return {
      name: "custody",
      columns: ["asset", "time", "inCustody"],
      rows: series.flatMap(({ asset, points }) =>
        changing(points).map((point) => [symbol(asset), time(point.at), amount(asset, point.amount)]),
      ),
    };
  }
}

/** The first point, the last, and those that differ from the one before. */
const changing = (points: readonly Point[]): readonly Point[] =>
  points.filter(({ amount }, i) => i === 0 || i === points.length - 1 || amount !== points[i - 1]!.amount);
