// What thieves can do with stolen keys, searched over a model of the rules that seat and unseat officers.
//   npm run prove:keys [-- --parameters NAME|FILE] [--json]
import { Command } from "commander";
import { endedBy } from "../src/cli/told.ts";
import { readParameters } from "../src/deployment/parameters.ts";
import { EXIT } from "../src/base/errors.ts";
import { failuresOf, lineOf, reportOf } from "./prove/keys/report.ts";
import { keyRulesOf } from "./prove/keys/rules.ts";

interface Options {
  parameters: string;
  json?: boolean;
}

const program = new Command("prove:keys")
  .description(
    "Plays stolen and lost keys against the rules of a jurisdiction: which coalitions win, and how long the rest lasts.",
  )
  .option("--parameters <name|file>", "a jurisdiction of deploy/parameters, or a .json5 file", "kazakhstan")
  .option("--json", "print one line of JSON")
  .allowExcessArguments(false)
  .showHelpAfterError("Add --help to see what there is.")
  .exitOverride();

try {
  const { parameters: named, json } = program.parse().opts<Options>();
  const parameters = readParameters(named);
  const report = reportOf(parameters.name, keyRulesOf(parameters), (finding) => {
    if (!json) console.log([lineOf(finding), ...failuresOf(finding)].join("\n"));
  });
  if (json) console.log(JSON.stringify(report));
  process.exitCode = report.findings.some(({ failures }) => failures.length > 0) ? EXIT.error : EXIT.done;
} catch (error) {
  process.exitCode = endedBy(error);
}
