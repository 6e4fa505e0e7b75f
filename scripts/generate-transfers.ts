// Writes transfers of an invented asset, with the thefts that are in them (seeds.json) and the services (stops.json).
//   npm run generate:transfers -- --events N --wallets N --seed TEXT --out FILE
import { Command, InvalidArgumentError } from "commander";
import { endedBy } from "../src/cli/told.ts";
import { writeGenerated } from "./transfers/files.ts";

interface Options {
  events: number;
  wallets: number;
  seed: string;
  out: string;
  services?: number;
  thefts?: number;
}

function count(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("needs to be a whole number.");
  return Number(text);
}

const program = new Command("generate:transfers")
  .description("Transfers of an invented asset, and beside them seeds.json and stops.json: same seed, same bytes.")
  .option("--events <n>", "transfers", count, 100_000)
  .option("--wallets <n>", "wallets", count, 10_000)
  .option("--seed <text>", "what everything follows from", "transfers")
  .option("--services <n>", "services at which a trace stops", count)
  .option("--thefts <n>", "thefts", count)
  .requiredOption("--out <file>", "CSV file to write, in a folder of its own")
  .allowExcessArguments(false)
  .showHelpAfterError("Add --help to see what there is.")
  .exitOverride();

try {
  const { out, ...options } = program.parse().opts<Options>();
  const { transfers, seeds, stops } = writeGenerated(options, out);
  console.error(`Wrote ${transfers}, ${seeds} and ${stops}`);
} catch (error) {
  process.exitCode = endedBy(error);
}
