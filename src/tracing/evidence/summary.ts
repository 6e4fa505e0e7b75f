import { formatUnits } from "viem";
import { METHOD_RULES } from "../methods.ts";
import type { Facts } from "./manifest.ts";
import { countOf } from "../../base/words.ts";
import { tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";

/** Assumed openings that are listed one by one; the manifest has all. */
const MOST_LISTED = 50;

/** The first page: by which rule, from what, on which assumptions, and where the money is. For readers, in plain text. */
export function summaryOf(facts: Facts): string {
  const { asset, decimals, methods, evidence, transfers, place } = facts;
  const hash = evidence.hash === null ? "" : `, ${evidence.hash}`;
  const time = evidence.time === null ? "" : `, ${isoOf(evidence.time)}`;
  return [
    "TRACE",
    "",
    `asset            ${asset ?? "not named in the inputs"}${decimals === null ? "" : `, ${countOf(decimals, "decimal")}`}`,
    `evidence block   ${evidence.block}${hash}${time}`,
    `transfers        ${transfers.traced} traced of ${transfers.read} read, ${countOf(transfers.accounts, "account")}, in order of block and ${place}`,
    ...methods.map(
      (method, i) => `${i === 0 ? "method" : "beside it"}`.padEnd(17) + `${method}: ${METHOD_RULES[method]}`,
    ),
    "",
    ...totalsOf(facts),
    "",
    ...assumptionsOf(facts),
    "",
    ...inputsOf(facts),
    "",
  ].join("\n");
}

function totalsOf({ totals, decimals }: Facts): string[] {
  const amount = (units: string) => amountOf(units, decimals);
  const heads = ["method", "traced in", "held", "by accounts", "at services", "redeemed", "difference"];
  const rows = totals.map(({ method, accounts, injected, held, sinks, burned, difference, conserves }) => [
    method,
    amount(injected),
    amount(held),
    String(accounts),
    amount(sinks),
    amount(burned),
    conserves ? amount(difference) : "conserves nothing",
  ]);
  return tableOf([heads, ...rows]);
}

function inputsOf({ inputs, seeds }: Facts): string[] {
  const { transfers, stops, opening, node } = inputs;
  const line = (what: string, { name, sha256 }: { name: string; sha256: string }, words: string) =>
    `${what.padEnd(10)} ${oneLine(name)}: ${words}; SHA-256 ${sha256}`;
  return [
    "INPUTS",
    ...(node === null
      ? []
      : [
          `node       chain ${node.chainId}, blocks ${node.fromBlock} to ${node.toBlock}, ${countOf(node.repaired, "log")} repaired`,
        ]),
    ...transfers.map((file) =>
      line("transfers", file, `${file.format}, ${countOf(file.entries, "row")}, ${file.otherAssets} of other assets`),
    ),
    line("seeds", inputs.seeds, `${countOf(seeds.length, "stolen transfer")}, ${inputs.seeds.repeated} repeated`),
    ...(stops.length === 0 ? ["stops      none: the trace goes through services as through any account"] : []),
    ...stops.map((file) => {
      const left = `${file.notAddresses} of other chains, ${countOf(file.notWallets, "no wallet")}, ${countOf(file.duplicates, "duplicate")}`;
      const dated = file.date === "" ? "of no known date" : `of ${oneLine(file.date)}`;
      return line("stops", file, `${dated}, ${file.kept} of ${file.entries} kept (left out: ${left})`);
    }),
    ...(opening === null ? [] : [line("opening", opening, countOf(opening.entries, "balance"))]),
  ];
}

function assumptionsOf({ assumptions: { statements, openings }, opening, decimals }: Facts): string[] {
  const total = openings.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const clean =
    opening !== "clean"
      ? []
      : [
          `clean money is taken to have been there before the first transfer of ${countOf(openings.length, "account")}, ` +
            `as the oldest: the least with which none goes below zero, ${amountOf(String(total), decimals)} in all:`,
          ...openings.slice(0, MOST_LISTED).map(({ account, amount }) => `  ${account}  ${amountOf(amount, decimals)}`),
          ...(openings.length > MOST_LISTED ? [`  and ${openings.length - MOST_LISTED} more: see manifest.json`] : []),
        ];
  const all = [...statements.map(oneLine), ...clean];
  return ["ASSUMPTIONS", ...(all.length === 0 ? ["none"] : all)];
}

/** With all decimals, so that a column lines up. */
const amountOf = (units: string, decimals: number | null): string => {
  const [whole = "", fraction = ""] = formatUnits(BigInt(units), decimals ?? 0).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals === null || decimals === 0 ? grouped : `${grouped}.${fraction.padEnd(decimals, "0")}`;
};

/** What others wrote stays on its line, and cannot steer a terminal. */
// eslint-disable-next-line no-control-regex
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ");
