// What `case move` tells: as data and for people.
import type { Address } from "viem";
import { tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { shellWord } from "../../base/words.ts";
import { subAccountsIn } from "../../journal/subAccounts.ts";
import { digestOf } from "../../orders/digest.ts";
import type { OrderFile } from "../../orders/files.ts";
import type { CustodyAt } from "../custody.ts";
import type { Part } from "./moving.ts";
import { STAYS, type Stay } from "./stays.ts";
import type { Successor, Way } from "./successor.ts";

/** A part that moves, with its order. */
export interface Moved extends Part, Way {
  file: string;
  content: OrderFile;
}

/** Everything that is told of a move. */
export interface Moving {
  name: string;
  /** From where it moves. */
  vault: Address;
  successor: Successor;
  /** Unix second before which nothing of it moves, though it be scheduled at once. */
  earliest: number;
  moved: readonly Moved[];
  stays: readonly Stay[];
}

/** The move as data, amounts in base units, and in lines. */
export function movedIn({ name, vault, successor, earliest, moved, stays }: Moving, custody: CustodyAt) {
  const { units, block, deployment } = custody;
  const then = stepsOf(name, successor, moved, custody);
  const subAccounts = subAccountsIn(custody.entries);
  const whose = ({ account, order }: Stay): string => {
    const customer = account && subAccounts.get(account);
    return customer === undefined ? (account ?? order ?? "") : `${customer.name} of ${customer.wallet}`;
  };
  const data = {
    schema: "sequester.case-move/1",
    block,
    case: name,
    from: { quorum: deployment.addresses.quorum, vault },
    to: { quorum: successor.deployment.addresses.quorum, vault: successor.vault, opened: successor.opened },
    earliest: isoOf(earliest),
    moves: moved.map(({ asset, source, holder, amount, by, to, there, file, content: { order, domain } }) => ({
      symbol: units.symbol(asset),
      asset,
      source,
      ...(holder && { holder }),
      amount,
      by,
      payee: to,
      arrivesAs: there,
      file,
      digest: digestOf(order, domain),
    })),
    stays: stays.map(({ until, ...stay }) => ({
      symbol: units.symbol(stay.asset),
      ...stay,
      ...(until !== undefined && { until: isoOf(until) }),
      ...STAYS[stay.kind],
    })),
    then,
  };
  const amountOf = ({ asset, amount }: Pick<Stay, "asset" | "amount">) =>
    `${units(asset, amount)} ${units.symbol(asset)}`;
  const lines = [
    `Case ${name}, from its vault ${vault}`,
    `to its vault ${successor.vault}, not before ${isoOf(earliest)}`,
    "",
    ...tableOf([
      ["moves", "source", "paid to", "order"],
      ...moved.map((it) => [
        amountOf(it),
        it.holder === undefined ? it.source : `${it.source} of ${it.holder}`,
        it.by === "vault" ? "the vault there" : `the issuer ${it.to}`,
        it.file,
      ]),
    ]),
    ...(stays.length === 0 ? [] : ["", "What stays"]),
    ...[...Map.groupBy(stays, ({ kind }) => kind)].flatMap(([kind, all]) => [
      `  ${STAYS[kind].why}`,
      `    first: ${STAYS[kind].first}`,
      ...tableOf(
        all.map((stay) => [amountOf(stay), stay.until === undefined ? "" : isoOf(stay.until), whose(stay)]),
      ).map((line) => `    ${line}`),
    ]),
    "",
    "Then",
    ...then.map((step, i) => `  ${i + 1}. ${step}`),
  ];
  return { data, lines };
}

/** What is to be done after the orders are written, in this order. */
function stepsOf(name: string, successor: Successor, moved: readonly Moved[], { units }: CustodyAt): string[] {
  const names = new Map(
    Object.entries(successor.deployment.addresses.assets).map(([symbol, asset]) => [asset, symbol]),
  );
  const arriving = [...new Set(moved.map(({ there }) => names.get(there) ?? there))];
  const issued = [...new Set(moved.filter(({ by }) => by === "issuer").map(({ asset }) => units.symbol(asset)))];
  const at = `--deployment ${shellWord(successor.file)}`;
  return [
    `Compare the successor's charter with the one that was published: audit charter ${at}.`,
    "Sign the orders; order execute schedules each, and executes it once its time has come. Appeals and stays put it off.",
    ...(issued.length === 0
      ? []
      : [
          `The issuer burns what it was paid of ${issued.join(", ")}, and issues as much anew into ${successor.vault}: no contract makes it.`,
        ]),
    ...(successor.opened
      ? []
      : [
          `An order there opens the case, such as the Transfer that will pay it on: until then nothing is booked there.`,
        ]),
    `Once it is there: ${arriving.map((symbol) => `case book ${shellWord(name)} --asset ${shellWord(symbol)} ${at}`).join("; ")}.`,
    "There it is suspense of the case: owed to nobody, and paid by a Transfer there alone, with its delay.",
  ];
}
