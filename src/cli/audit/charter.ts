import { CHANGES, charterAt, type CharterAt } from "../../audit/charter.ts";
import { actNamed, agencyOf } from "../../audit/tables.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { bigintsAsText } from "../../base/json.ts";
import { isoOf } from "../../base/time.ts";
import { countOf } from "../../base/words.ts";
import { answerOf } from "../../chain/node.ts";
import { packOfficers } from "../../deployment/charter.ts";
import { readParameters, type Parameters } from "../../deployment/parameters.ts";
import { officerKind } from "../../orders/acts/officers.ts";
import { ACTS, type ActName } from "../../orders/types.ts";
import { custodyAt } from "../custody.ts";
import type { NodeOptions } from "../node.ts";
import { aloneLines, togetherLines } from "../rule/list.ts";
import type { Streams } from "../order/place.ts";
import { installedBy, type Installed } from "./installed.ts";
import { momentIn } from "./moment.ts";

export interface CharterOptions extends NodeOptions {
  at?: string;
  parameters?: string;
  json?: boolean;
}

/** The rules on chain are not those that were published. Exit code 3. */
export class OtherRulesError extends SequesterError {
  override name = "OtherRulesError";
  constructor(file: string, differences: readonly string[]) {
    super(`The chain's rules are not those of ${file}.`, { code: EXIT.verification, metaMessages: differences });
  }
}

/** There was no charter yet. Exit code 64. */
export class NoCharterError extends SequesterError {
  override name = "NoCharterError";
  constructor(at: number) {
    super("No charter was installed at that time.", {
      code: EXIT.usage,
      metaMessages: [`has: ${isoOf(at)}`, "needs: a time after the first entry of the journal"],
    });
  }
}

/** Prints who may do what, alone and together, and every change since the charter. */
export async function charter(options: CharterOptions, { stdout, stderr }: Streams): Promise<void> {
  const asked = options.at === undefined ? undefined : momentIn("--at", options.at);
  const { client, deployment, entries, ...newest } = await custodyAt(options);
  const at = asked ?? newest.at;
  const found = charterAt(entries, at);
  if (found === undefined) throw new NoCharterError(at);
  const installed = await answerOf(installedBy(client, deployment.domain, entries[0]!));
  if (options.json) {
    const data = { schema: "sequester.audit.charter/1", at: isoOf(at), charter: hashOf(installed), ...found };
    stdout.write(`${JSON.stringify(data, inJson)}\n`);
  } else stdout.write(`${[...hashLines(installed), ...linesOf(found, at)].join("\n")}\n`);
  if (options.parameters === undefined) return;
  const differences = differencesOf(found, readParameters(options.parameters));
  if (differences.length > 0) throw new OtherRulesError(options.parameters, differences);
  stderr.write(`Agencies and rules are those of the parameters ${options.parameters}.\n`);
}

const inJson = (_: string, value: unknown): unknown => {
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : bigintsAsText(_, value);
};

const hashOf = (installed: Installed | undefined) =>
  installed === undefined ? null : { hash: installed.hash, recovered: installed.recovered };

const hashLines = (installed: Installed | undefined): string[] =>
  installed === undefined
    ? ["The charter's hash is not known: the node has no transaction that installed it as the journal tells."]
    : [`Charter ${installed.hash}, recovered of ${countOf(installed.recovered, "signature")} of keys`];

function linesOf({ document, installed, signedBy, powers, changes }: CharterAt, at: number): string[] {
  const agency = (index: number) => agencyOf(powers, index);
  const seated = [...powers.officers.values()].filter(({ dismissed }) => dismissed === undefined);
  return [
    `Charter installed ${isoOf(installed)}, on the document ${document}, signed by ${countOf(signedBy.length, "officer")}`,
    `As of ${isoOf(at)}:`,
    "",
    "Officers who can sign: agency, key, id",
    ...seated.map(
      ({ agency: index, kind, account, id }) =>
        `  ${agency(index)}  ${officerKind(kind) ?? `kind ${kind}`} ${account}  ${id}`,
    ),
    "",
    ...togetherLines(powers),
    "",
    ...aloneLines(powers),
    "",
    changes.length === 0 ? "No change since the charter." : "Changes since the charter",
    ...changes.map(({ entry, at: when, act, what, document: paper, agencies }) => {
      const by = agencies.length === 0 ? "" : `, by ${[...new Set(agencies)].map(agency).join(" + ")}`;
      return `  ${isoOf(when)}  entry ${entry}, ${actNamed(act)}: ${what.map((it) => CHANGES.get(it)).join(", ")}${by}, on the document ${paper}`;
    }),
  ];
}

/** Where the chain's rules and a file of parameters differ. */
function differencesOf({ powers }: CharterAt, parameters: Parameters): string[] {
  const told = (officers: bigint, delay: number, grace: number, term: number) =>
    `${officers.toString(16)} delay ${delay} grace ${grace} term ${term}`;
  const onChain = (act: number) =>
    (powers.rules.get(act) ?? []).map(({ word, delay, grace, term }) =>
      told(word & (2n ** 64n - 1n), delay, grace, term),
    );
  const inFile = (name: ActName) =>
    (parameters.rules[name] ?? []).map(({ officers, delay, grace, term }) =>
      told(BigInt(packOfficers(officers, parameters.agencies)), delay, grace, term),
    );
  const names = [...powers.agencies.entries()].sort(([a], [b]) => a - b).map(([, name]) => name);
  const agencies =
    names.join() === parameters.agencies.join()
      ? []
      : [`agencies: has ${names.join(", ")}, needs ${parameters.agencies.join(", ")}`];
  const acts = Object.keys(ACTS) as ActName[];
  return [
    ...agencies,
    ...acts.flatMap((name) => {
      const [has, needs] = [onChain(ACTS[name]), inFile(name)].map((it) => it.join(", or ") || "no rule");
      return has === needs ? [] : [`${name}: has ${has}, needs ${needs}`];
    }),
  ];
}
