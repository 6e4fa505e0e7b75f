import { formatUnits } from "viem";
import { csvText } from "../base/csv.ts";
import { isoOf } from "../base/time.ts";
import type { Deployment } from "../chain/deployments.ts";
import { decodeEffects } from "../journal/effects.ts";
import { HOLD_KINDS, isLive } from "../journal/holds.ts";
import type { JournalState } from "../journal/replay.ts";
import type { Powers, RuleState } from "../journal/powers.ts";
import { decodeName } from "../orders/caseId.ts";
import { officerKind, SELF } from "../orders/acts/officers.ts";
import { actName } from "../orders/types.ts";
import type { Custody } from "./custody.ts";
import type { Evidence, Shown } from "./evidence.ts";

/** A table for people: a heading, then rows. Amounts are text in decimal units, times UTC. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A spreadsheet takes a file for UTF-8 by this mark alone. */
const MARK = "\uFEFF";

export const csvOf = ({ columns, rows }: Table): string => `${MARK}${csvText([columns, ...rows])}`;

const SUMS = [
  ...(["placed", "held", "lapsed", "lifted", "seized", "taken", "due", "returned", "converted", "proceeds"] as const),
  ...(["compensated", "forfeited", "transferred", "inCustody", "suspense", "balance", "unexplained"] as const),
] as const satisfies readonly (keyof Custody)[];

/** The tables of a pack. */
export function tablesOf({ deployment, entries }: Evidence, shown: Shown, custody: readonly Custody[]): Table[] {
  const units = unitsOf(deployment);
  return [
    {
      name: "custody",
      columns: ["case", "asset", "vault", ...SUMS],
      rows: custody.map((row) => [
        decodeName(row.caseId),
        row.symbol,
        row.vault ?? "",
        ...SUMS.map((name) => units(row.asset, row[name])),
      ]),
    },
    holdsTable(shown.state, Number(shown.header.timestamp), units),
    {
      name: "journal",
      columns: ["number", "time", "act", "case", "document", "order", "agencies", "effects", "transaction"],
      rows: entries.map(({ seq, timestamp, act, caseId, document, order, officerIds, effects, transactionHash }) => [
        String(seq),
        isoOf(timestamp),
        actNamed(act),
        BigInt(caseId) === 0n ? "" : decodeName(caseId),
        document,
        order,
        officerIds.map((id) => agencyOf(shown.powers, shown.powers.officers.get(id)?.agency)).join(" "),
        decodeEffects(effects)
          .map(({ what }) => what)
          .join(" "),
        transactionHash,
      ]),
    },
    officersTable(shown.powers),
    {
      name: "rules",
      columns: ["act", "alternative", "officers", "delay s", "grace s", "longest term s"],
      rows: [...shown.powers.rules]
        .sort(([a], [b]) => a - b)
        .flatMap(([act, alternatives]) =>
          alternatives.map((rule, i) => [
            actNamed(act),
            String(i + 1),
            officersIn(rule, shown.powers),
            String(rule.delay),
            String(rule.grace),
            String(rule.term),
          ]),
        ),
    },
  ];
}

/** Everyone who is or was an officer. */
export function officersTable(powers: Powers): Table {
  return {
    name: "officers",
    columns: ["officer", "agency", "kind", "account", "since", "last signed", "dismissed", "compromised"],
    rows: [...powers.officers.values()].map(({ id, agency, kind, account, since, lastSigned, dismissed }) => [
      id,
      agencyOf(powers, agency),
      officerKind(kind) ?? String(kind),
      account,
      isoOf(since),
      lastSigned === undefined ? "" : isoOf(lastSigned),
      dismissed === undefined ? "" : isoOf(dismissed.at),
      dismissed?.compromised ? "yes" : "",
    ]),
  };
}

/** Every hold that no entry ended; `at`: the second at which they are live or not. */
function holdsTable(state: JournalState, at: number, units: Units): Table {
  const names = new Map([...state.cases.values()].map(({ number, caseId }) => [number, decodeName(caseId)]));
  return {
    name: "holds",
    columns: ["number", "case", "asset", "account", "kind", "amount", "since", "last second", "live"],
    rows: [...state.accounts.values()]
      .flatMap(({ asset, account, holds }) => holds.map((hold) => ({ asset, account, hold })))
      .sort((a, b) => a.hold.number - b.hold.number)
      .map(({ asset, account, hold }) => [
        String(hold.number),
        names.get(hold.caseNumber) ?? "",
        units.symbol(asset),
        account,
        hold.kind === HOLD_KINDS.arrested ? "arrested" : "provisional",
        units(asset, hold.amount),
        isoOf(hold.since),
        isoOf(hold.until),
        isLive(hold, at) ? "yes" : "ended by time",
      ]),
  };
}

export interface Units {
  (asset: string, amount: bigint): string;
  symbol(asset: string): string;
}

/** Amounts in decimal units, or in base units where the deployment does not tell decimals. */
export function unitsOf({ addresses, decimals = {} }: Deployment): Units {
  const symbols = new Map(Object.entries(addresses.assets).map(([symbol, asset]) => [asset as string, symbol]));
  const symbol = (asset: string) => symbols.get(asset) ?? asset;
  return Object.assign(
    (asset: string, amount: bigint) => {
      const places = decimals[symbol(asset)];
      return places === undefined ? String(amount) : formatUnits(amount, places);
    },
    { symbol },
  );
}

/** What a rule needs: officers by agency. */
export const officersIn = ({ officers }: RuleState, powers: Powers): string =>
  [...officers].map(([agency, n]) => `${seatName(agency, powers)} ${n}`).join(" + ");

/** An agency of a rule; SELF: the one that the order is about. */
export const seatName = (agency: number, powers: Powers): string =>
  agency === SELF ? "SELF" : agencyOf(powers, agency);

export const agencyOf = ({ agencies }: Powers, index: number | undefined): string =>
  index === undefined ? "unknown" : (agencies.get(index) ?? `agency ${index}`);

/** The name of an act, or its number where this version knows none. */
export const actNamed = (act: number): string => actName(act) ?? `act ${act}`;
