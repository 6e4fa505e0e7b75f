import type { Command } from "commander";
import { confirmations } from "./options.ts";
import { addKeys } from "./order/keys.ts";

/** Adds what every command takes that sends transactions, whoever's key pays for them. */
export const sends = (command: Command): Command =>
  addKeys(
    command
      .requiredOption("--rpc <url>", "a JSON-RPC node")
      .option("--deployment <file>", "the deployment; that of the node's chain unless told")
      .option(
        "--relay <url>",
        "an endpoint that gets the transactions instead of the node, so that no mempool shows them",
      )
      .addOption(confirmations())
      .option("--yes", "send without asking: needed where the input is no terminal")
      .option("--json", "print the journal's entries as JSON")
      .option("--dry-run", "say what would be sent, and send nothing"),
    false,
  );
