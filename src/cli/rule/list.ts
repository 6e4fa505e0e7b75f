import { aloneOf, aloneOfItself } from "../../audit/charter.ts";
import { actNamed, agencyOf, officersIn, seatName } from "../../audit/tables.ts";
import { ruleTimes } from "../../deployment/ruleWords.ts";
import type { Powers } from "../../journal/powers.ts";
import { asOf, custodyAt } from "../custody.ts";
import type { NodeOptions } from "../node.ts";
import type { Streams } from "../order/place.ts";

/** Prints who may do what, alone and together, as it is decided now. */
export async function listRules(options: NodeOptions & { json?: boolean }, { stdout, stderr }: Streams): Promise<void> {
  const custody = await custodyAt(options);
  const { powers, block } = custody;
  if (options.json) {
    const rules = sortedIn(powers).map(([act, alternatives]) => ({
      act: actNamed(act),
      // Seconds.
      alternatives: alternatives.map(({ officers, delay, grace, term }) => ({
        officers: Object.fromEntries([...officers].map(([agency, n]) => [seatName(agency, powers), n])),
        delay,
        grace,
        term,
      })),
    }));
    stdout.write(`${JSON.stringify({ schema: "sequester.rules/1", block, rules })}\n`);
  } else stdout.write(`${[...togetherLines(powers), "", ...aloneLines(powers)].join("\n")}\n`);
  stderr.write(asOf(custody));
}

const sortedIn = ({ rules }: Powers) => [...rules].sort(([a], [b]) => a - b);

/** Who decides each act, for people. */
export const togetherLines = (powers: Powers): string[] => [
  "What officers decide together; SELF is the agency that an order is about",
  ...sortedIn(powers).flatMap(([act, alternatives]) =>
    alternatives.map(
      (rule, i) =>
        `  ${i === 0 ? actNamed(act) : `${actNamed(act)}, or`}: ${officersIn(rule, powers)}, ${ruleTimes(rule)}`,
    ),
  ),
];

/** What an agency decides without another, for people: of everybody, and of its own officers. */
export const aloneLines = (powers: Powers): string[] => [
  "What one agency decides alone",
  ...[...powers.agencies.keys()].flatMap((index) => {
    const acts = aloneOf(powers, index);
    const own = aloneOfItself(powers).filter((act) => !acts.includes(act));
    const told = [
      acts.map(actNamed).join(", "),
      own.length === 0 ? "" : `of its own officers: ${own.map(actNamed).join(", ")}`,
    ].filter((part) => part !== "");
    return told.length === 0 ? [] : [`  ${agencyOf(powers, index)}: ${told.join("; ")}`];
  }),
];
