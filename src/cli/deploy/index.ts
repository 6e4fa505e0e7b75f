// The noun `deploy`: what there is to call, and nothing else is loaded for it.
import { InvalidArgumentError, type Command } from "commander";
import type { Surroundings } from "../operation.ts";
import { confirmations, example, number, several } from "../options.ts";
import { addKeys } from "../order/keys.ts";
import type { DeployPlanOptions } from "./plan.ts";
import type { DeployRunOptions } from "./run.ts";
import type { DeploySignOptions } from "./sign.ts";
import type { DeployVerifyOptions } from "./verify.ts";

/** Adds `sequester deploy …`. */
export function addDeploy(program: Command, surroundings: Surroundings): void {
  const deploy = program
    .command("deploy")
    .description("a deployment to any chain: its plan, the first officers' signatures, its transactions, its proof");

  deploy
    .command("plan")
    .description("write what is to be deployed, refused for whatever the contracts would refuse")
    .requiredOption("--chain-id <n>", "the chain", number(9))
    .requiredOption("--deployer <address>", "who sends the transactions, and keeps no right")
    .option(
      "--parameters <name|file>",
      "a jurisdiction of deploy/parameters, or a .json5 file beside the plan",
      "kazakhstan",
    )
    .requiredOption("--seats <file>", "the first officers, CSV: agency,kind,signer")
    .requiredOption("--paper <file>", "the paper that founds the deployment; it stays where it is")
    .requiredOption(
      "--sign-by <time>",
      'until when the charter can be installed: a date and time, or from now such as "30d"',
    )
    .addOption(
      several("--asset <fields...>", "a sovereign asset, such as KZTE,6,issuer=0x…,name=Tenge, or KZTE,6,address=0x…"),
    )
    .option("--treasury <address>", "where forfeitures go, of every asset that names no treasury=0x…")
    .requiredOption("-o, --out <file>", "the plan, a new file")
    .option("--json", "print the plan as JSON")
    .option("--dry-run", "write nothing")
    .addHelpText(
      "after",
      `${example(
        `deploy plan --chain-id 11155111 --deployer 0x5e5E5e5e5E5e5E5E5e5E5E5e5e5E5E5E5E5e5E5e --seats seats.csv --paper decree.pdf --sign-by 30d -o plan.json`,
        "0 written; 4 a published key; 64 refused, with every reason",
      )}

The kind of a seat is key or contract (a Safe), its signer an address, or for a key its keystore's file; or P256, RSA or
WebAuthn, the verifier of its key, with a file that officer id takes, or the key's bytes.`,
    )
    .action(async (options: DeployPlanOptions) => {
      const { planDeployment } = await import("./plan.ts");
      await planDeployment(options, surroundings);
    });

  addKeys(
    deploy
      .command("sign")
      .description("show a charter in words, and sign for the seat whose key it is")
      .argument("<charter>", "charter.json, which deploy run wrote")
      .option("--plan <file>", "the plan, of which the charter must be")
      .option("--paper <file>", "the paper that founds the deployment, which must be the charter's")
      .option("--rpc <url>", "a JSON-RPC node, whose contracts must be those that were compiled here")
      .option("--safe <address>", "the seat is this Safe's, which the key owns")
      .option("--webauthn-key <file>", "a passkey as its browser told; without --webauthn: what to ask it")
      .option("--webauthn <file>", "the passkey's answer")
      .option("-o, --out <file>", "the signature, a new file; beside the charter unless told")
      .option("--yes", "sign without asking: needed where the input is no terminal")
      .option("--json", "print the signature's file as JSON")
      .option("--dry-run", "show it, and sign nothing"),
  )
    .addHelpText(
      "after",
      example(
        "deploy sign charter.json --keystore officer.json",
        "0 signed; 2 cancelled; 3 another plan, paper or contracts; 4 no seat of this key; 5 node; 64 a file is refused",
      ),
    )
    .action(async (file: string, options: DeploySignOptions) => {
      const { signCharter } = await import("./sign.ts");
      await signCharter(file, options, surroundings);
    });

  addKeys(
    deploy
      .command("run")
      .description(
        "deploy what is missing of a plan, say whose signatures are missing, and install the charter once none is",
      )
      .argument("<plan>", "the plan")
      .requiredOption("--rpc <url>", "a JSON-RPC node of the plan's chain")
      .option("--dir <folder>", "the deployment's folder, in place of deploy/deployments/chain-N")
      .addOption(several("--signatures <places...>", "signatures besides those in the folder: files and folders"))
      .addOption(confirmations())
      .option(
        "--max-fee <gwei>",
        "the most that a unit of gas may cost, in gwei; twice the price of now unless told",
        gwei,
      )
      .option("--priority-fee <gwei>", "what of it whoever makes the block gets", gwei)
      .option("--amend", "take a plan that changed since the charter was written; who signed has to sign anew")
      .option("--yes", "send without asking: needed where the input is no terminal")
      .option("--json", "print what came of it as JSON")
      .option("--dry-run", "say what would be sent, and send nothing"),
    false,
  )
    .addHelpText(
      "after",
      `${example(
        "deploy run plan.json --rpc http://127.0.0.1:8545 --keystore deployer.json",
        "0 as far as it goes now; 1 too little money, too dear gas, or a transaction that failed or is not settled; 2 cancelled; 3 other code than is compiled here; 4 not the deployer's key; 5 node; 64 another chain or plan, or a run beside this one",
      )}

Ended at any place and called again it goes on: no contract is deployed twice, nobody signs twice.`,
    )
    .action(async (file: string, options: DeployRunOptions) => {
      const { runDeployment } = await import("./run.ts");
      await runDeployment(file, options, surroundings);
    });

  deploy
    .command("verify")
    .description("hold a deployment against its plan and against the contracts that are compiled here")
    .argument("<plan>", "the plan")
    .requiredOption("--rpc <url>", "a JSON-RPC node of the plan's chain")
    .option("--deployment <file>", "the deployment's file; that of the chain unless told")
    .option("--json", "print every check as JSON")
    .addHelpText(
      "after",
      example(
        "deploy verify plan.json --rpc http://127.0.0.1:8545",
        "0 it is what the plan says; 3 it is not; 5 node; 64 nothing is deployed yet, or a file is refused",
      ),
    )
    .action(async (file: string, options: DeployVerifyOptions) => {
      const { verifyAgainstPlan } = await import("./verify.ts");
      await verifyAgainstPlan(file, options, surroundings);
    });
}

const GWEI_DIGITS = 9;

/** Wei per gas. */
function gwei(text: string): bigint {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) throw new InvalidArgumentError("needs gwei, a number with at most 9 decimals");
  return BigInt(match[1]! + (match[2] ?? "").padEnd(GWEI_DIGITS, "0"));
}
