// The parts of the documents that are made: who decides what from the parameters, and what Operation Tumar came to.
import { readFileSync } from "node:fs";
import type { ActName } from "../../src/orders/types.ts";
import { readParameters, type Parameters, type RuleParameters } from "../../src/deployment/parameters.ts";
import { countOf } from "../../src/base/words.ts";
import { ACT_TERMS, TERMS } from "../../src/orders/acts/terms.ts";

/** A part between two comments, of which the first names what makes it. */
const PART = /(<!-- made: ([\w-]+)(?: (\w+))? -->\n)[^]*?(<!-- end -->)/g;

const MAKERS: Readonly<Record<string, (printed: readonly string[], of: string) => string[]>> = {
  "who-decides": (_, name) => whoDecides(readParameters(name)),
  "alone-and-together": (_, name) => aloneAndTogether(readParameters(name)),
  gas: () => gasTable(),
  "legal-terms": () => legalTerms(),
  outcome: (printed) => outcomeIn(printed),
};

/** Whether a page has parts that are made of what Operation Tumar printed. */
export const needsOutcome = (page: string): boolean => page.includes("<!-- made: outcome -->");

/** The page with its made parts as they have to be; `printed` is the output of Operation Tumar. */
export function made(page: string, printed: readonly string[]): string {
  return page.replace(PART, (_, begin: string, maker: string, of: string | undefined, end: string) => {
    const make = MAKERS[maker];
    if (make === undefined) throw new Error(`nothing makes ${maker}`);
    return [begin, ...make(printed, of ?? "").map((line) => `${line}\n`), "\n", end]
      .join("")
      .replace("-->\n", "-->\n\n");
  });
}

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(head), row(head.map(() => "---")), ...rows.map(row)];
}

/** Every rule: the least officers of each agency, how long it waits and may then be executed, how long it lasts. */
function whoDecides({ rules }: Parameters): string[] {
  return table(
    ["act", "who decides", "waits", "then, within", "lasts at most"],
    rulesOf(rules).map(([act, ways]) => [
      act,
      ways.map(({ officers }) => officersIn(officers)).join("; or "),
      ...(["delay", "grace", "term"] as const).map((time) => timesOf(ways.map((way) => way[time]))),
    ]),
  );
}

const rulesOf = (rules: Parameters["rules"]) => Object.entries(rules) as [ActName, RuleParameters[]][];

const officersIn = (officers: Record<string, number>): string =>
  Object.entries(officers)
    .map(([agency, least]) => `${least} ${agency === "SELF" ? "of its own" : agency}`)
    .join(" + ");

/** Times of alternatives: once where all are the same. */
const timesOf = (times: readonly number[]): string =>
  (new Set(times).size === 1 ? times.slice(0, 1) : times)
    .map((time) => (time === 0 ? "" : inWords(time)))
    .join("; or ");

const inWords = (seconds: number): string =>
  seconds % 86_400 === 0 ? countOf(seconds / 86_400, "day") : countOf(seconds / 3_600, "hour");

/** Of each agency: what it may do by its own officers, what cannot be done without it, and in what else it takes part. */
function aloneAndTogether({ agencies, rules }: Parameters): string[] {
  const all = rulesOf(rules);
  const has = (agency: string) => (way: RuleParameters) => agency in way.officers;
  const isAlone = ({ officers }: RuleParameters) => Object.keys(officers).length === 1;
  const rows = agencies.map((agency) => {
    const alone = all.flatMap(([act, ways]) =>
      ways
        .filter((way) => isAlone(way) && has(agency)(way))
        .map(({ officers, term }) => {
          const more = term === 0 ? "" : `, ${inWords(term)}`;
          return `${act} (${countOf(officers[agency]!, "officer")}${more})`;
        }),
    );
    const names = (found: typeof all) => found.map(([act]) => act).join(", ") || "–";
    const never = all.filter(([, ways]) => ways.every((way) => has(agency)(way) && !isAlone(way)));
    const also = all.filter(
      (rule) => !never.includes(rule) && rule[1].some((way) => has(agency)(way) && !isAlone(way)),
    );
    return [agency, alone.join(", ") || "–", names(never), names(also)];
  });
  const own = all.flatMap(([act, ways]) =>
    ways.filter((way) => isAlone(way) && has("SELF")(way)).map(({ officers }) => `${act} (${officers["SELF"]})`),
  );
  return [
    ...table(["agency", "alone", "never without it", "also takes part in"], rows),
    "",
    `Of its own officers, every agency alone: ${own.join(", ")}.`,
  ];
}

/** The words of the law in the three languages: acts by the names of their types, then what stands beside them. */
function legalTerms(): string[] {
  const rows = (terms: Readonly<Record<string, Record<"en" | "ru" | "kk", string>>>, type: (name: string) => string) =>
    Object.entries(terms).map(([name, { en, ru, kk }]) => [type(name), en, ru, kk]);
  return table(
    ["act", "English", "Russian", "Kazakh"],
    [...rows(ACT_TERMS, (name) => `\`${name}\``), ...rows(TERMS, () => "")],
  );
}

/** What the bench measured last. */
function gasTable(): string[] {
  const file = new URL("../../bench/gas.snapshot.json", import.meta.url);
  const { rows } = JSON.parse(readFileSync(file, "utf8")) as { rows: GasRow[] };
  const grouped = (n: number) => n.toLocaleString("en");
  return [
    row(["work", "ours", "peers", "floor"]),
    row(["---", "---:", "---:", "---:"]),
    ...rows.map(({ work, ours, floor, peers }) => {
      const named = Object.entries(peers).map(([peer, gas]) => `${peer} ${grouped(gas)}`);
      return row([work, grouped(ours), named.join(", "), grouped(floor)]);
    }),
  ];
}

interface GasRow {
  work: string;
  ours: number;
  floor: number;
  peers: Record<string, number>;
}

const SHOWN = ["seized", "returned", "compensated", "forfeited", "transferred", "in custody"] as const;

/** The columns of the closing statement that matter to who decides. */
function outcomeIn(printed: readonly string[]): string[] {
  const begin = printed.findIndex((line) => line.startsWith("asset "));
  const cells = printed.slice(begin, printed.indexOf("", begin)).map((line) => line.split(/ {2,}/));
  const columns = SHOWN.map((name) => cells[0]!.indexOf(name));
  const rounded = (amount: string) => amount.replace(/\..*$/, "");
  return [
    row(["asset", ...SHOWN]),
    row(["---", ...SHOWN.map(() => "---:")]),
    ...cells.slice(1).map((line) => row([line[0]!, ...columns.map((column) => rounded(line[column]!))])),
  ];
}
