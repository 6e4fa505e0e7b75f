import { InvalidArgumentError, Option, type Command } from "commander";

/** An option of any number of values, none unless told. */
export const several = (flags: string, description: string): Option =>
  new Option(flags, description).default([], "none");

/** How a help ends: calls that run as they are pasted, and what the exit codes mean. */
export const example = (calls: string | readonly string[], codes?: string): string =>
  [
    "\nExample:",
    ...[calls].flat().map((call) => `  npx --no-install sequester ${call}`),
    ...(codes === undefined ? [] : ["", `Exit codes: ${codes}.`]),
  ].join("\n");

/** Where a local node answers, in examples. */
export const AT_NODE = "--rpc http://127.0.0.1:8545";

/** Adds what every command takes that reads a node, and writes nothing. */
export const readsNode = (command: Command): Command =>
  command
    .requiredOption("--rpc <url>", "a JSON-RPC node")
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .option("--json", "print it as JSON, amounts in base units");

/** How many blocks a transaction is waited for. */
export const confirmations = (): Option =>
  new Option("--confirmations <n>", "blocks that a transaction is to be under, its own among them")
    .default(1)
    .argParser((text) => {
      if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("needs a whole number from 1 to 9999");
      return Number(text);
    });

/** Whoever plays on a node of its own has no keystore with money. */
export const PAID = "On a local node: --account deployer --seed SEED instead of --keystore, who has money there.";

/** A parser of whole numbers of at most so many digits. */
export const number =
  (digits = 15) =>
  (text: string): number => {
    if (!/^\d+$/.test(text) || text.length > digits) throw new InvalidArgumentError("needs a whole number");
    return Number(text);
  };

/** A parser of base units of at most so many digits. */
export const units =
  (digits: number) =>
  (text: string): bigint => {
    if (!/^\d+$/.test(text) || text.length > digits) {
      throw new InvalidArgumentError("needs base units, a whole number");
    }
    return BigInt(text);
  };
