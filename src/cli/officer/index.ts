// The noun `officer`: what there is to call, and nothing else is loaded for it.
import type { Command } from "commander";
import type { Surroundings } from "../operation.ts";
import { AT_NODE, example, readsNode } from "../options.ts";
import type { IdOptions } from "./id.ts";
import type { KeyFileOptions } from "./key.ts";
import type { OfficerListOptions } from "./list.ts";
import type { RotateOptions } from "./rotate.ts";

/** Adds `sequester officer …`. */
export function addOfficer(program: Command, surroundings: Surroundings): void {
  const officer = program.command("officer").description("officers: their keys, and how one key follows another");

  readsNode(officer.command("list").description("the officers by agency, and when each signed last"))
    .option("--all", "those who were dismissed, too")
    .addHelpText("after", example(`officer list ${AT_NODE}`))
    .action(async (options: OfficerListOptions) => {
      const { listOfficers } = await import("./list.ts");
      await listOfficers(options, surroundings);
    });

  officer
    .command("key")
    .description("make a new key in a keystore (version 3), whose password of 12 characters or more is asked for twice")
    .requiredOption("-o, --out <file>", "the keystore's file, a new one that its owner alone can read")
    .option(
      "--password-fd <n>",
      "file descriptor that the password is read from, instead of the terminal; npx passes 0 alone",
    )
    .option("--json", "print address and officer as JSON")
    .addHelpText("after", example("officer key -o officer.json"))
    .action(async (options: KeyFileOptions) => {
      const { makeKey } = await import("./key.ts");
      await makeKey(options, surroundings);
    });

  officer
    .command("id")
    .description("who is an officer by a key: the signer's bytes, as an Admit takes them, and the officer's id")
    .argument("<key>", "a keystore, a public key or certificate (PEM or DER), a passkey as its browser told, or bytes")
    .option("--deployment <file>", "the deployment, which names the verifiers; that of the local chain unless told")
    .option("--json", "print it as JSON")
    .addHelpText("after", example("officer id officer.json"))
    .action(async (key: string, options: IdOptions) => {
      const { tellId } = await import("./id.ts");
      await tellId(key, options, surroundings);
    });

  officer
    .command("rotate")
    .description("let another key follow an officer's: the next step each time, from the Admit to the Dismiss")
    .requiredOption("--old <officer>", "whose key ends: its id, its signer's bytes, or a file as officer id takes")
    .requiredOption("--new <key>", "whose key follows: the signer's bytes, or a file as officer id takes")
    .requiredOption("--ruling <file>", "the paper that both orders rest on")
    .requiredOption("--rpc <url>", "a JSON-RPC node, which knows how far it came")
    .requiredOption("-o, --out <dir>", "the folder of the orders and the signatures over them")
    .option("--valid <time>", 'how long an order may be used; a Dismiss at most 7 days, such as "7d"', "7d")
    .option("--deployment <file>", "the deployment; that of the node's chain unless told")
    .option("--json", "print the step as JSON")
    .option("--dry-run", "write no order")
    .addHelpText(
      "after",
      `${example("officer rotate --old 0x7b0ae5c4dC0A0ba01B6a3F1Db7b5C0C5a3B4D2E1 --new officer.json --ruling ruling.pdf --rpc http://127.0.0.1:8545 -o rotation")}

Call it again after every step; it signs and sends nothing. A key in wrong hands is dismissed at once instead:
order new dismiss --compromised.`,
    )
    .action(async (options: RotateOptions) => {
      const { rotate } = await import("./rotate.ts");
      await rotate(options, surroundings);
    });
}
