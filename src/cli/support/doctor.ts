import { numberToHex, type PublicClient } from "viem";
import { verifyDeployment } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { countOf, oneLine } from "../../base/words.ts";
import { readJournal } from "../../journal/read.ts";
import { nodeOf, type NodeOptions } from "../node.ts";
import type { Streams } from "../order/place.ts";

export interface DoctorOptions extends NodeOptions {
  json?: boolean;
}

/** The node cannot do what this program needs. Exit code 5. */
export class UnfitNodeError extends SequesterError {
  override name = "UnfitNodeError";
  constructor(lacks: readonly string[]) {
    super("The node is not fit.", { code: EXIT.node, metaMessages: lacks.map((it) => `lacks: ${it}`) });
  }
}

/** One thing that was looked at. `needed`: whether something of this program fails without it. */
interface Finding {
  what: string;
  fit: boolean;
  needed: boolean;
  told: string;
}

/** Seconds by which a node's newest block may lie behind this machine's clock, or before it. */
const MOST_SKEW = 300;

/** Looks at a node and a deployment. @throws DeploymentMismatchError, JournalBrokenError, UnfitNodeError */
export async function doctor(options: DoctorOptions, version: string, { stdout, stderr }: Streams): Promise<void> {
  const { client, deployment } = await nodeOf(options);
  const block = await answerOf(client.getBlock());
  const skew = Number(block.timestamp) - Math.floor(Date.now() / 1000);
  await answerOf(verifyDeployment(client, deployment));
  const { entries } = await answerOf(readJournal(client, deployment, block.number));
  const { docket } = deployment.addresses;
  const at = numberToHex(block.number);
  const findings: Finding[] = [
    { what: "program", fit: true, needed: true, told: `${version}, on Node ${process.versions.node}` },
    {
      what: "contracts",
      fit: true,
      needed: true,
      told: "code, decimals and domain are those of the deployment's file",
    },
    {
      what: "journal",
      fit: true,
      needed: true,
      told: `${countOf(entries.length, "entry")}, complete up to block ${block.number}`,
    },
    await able(client, "client", "web3_clientVersion", [], false, (answer) => oneLine(String(answer)).slice(0, 80)),
    await able(client, "proofs, for audit snapshot", "eth_getProof", [docket, [], at], true),
    await able(client, "final blocks", "eth_getBlockByNumber", ["finalized", false], false),
    await able(
      client,
      "simulation of several calls",
      "eth_simulateV1",
      [{ blockStateCalls: [{ calls: [] }] }, at],
      false,
    ),
    await able(
      client,
      "calls on another state, for order simulate",
      "eth_call",
      [{ to: docket }, at, {}],
      true,
      answered,
    ),
    {
      what: "clock",
      fit: Math.abs(skew) <= MOST_SKEW,
      needed: false,
      told: `the newest block is ${Math.abs(skew)} s ${skew < 0 ? "before" : "after"} this machine's clock`,
    },
  ];
  const word = ({ fit, needed }: Finding) => (fit ? "fit    " : needed ? "LACKS  " : "without");
  stdout.write(
    options.json
      ? `${JSON.stringify({ schema: "sequester.doctor/1", block: String(block.number), findings })}\n`
      : findings.map((it) => `${word(it)}  ${it.what}: ${it.told}\n`).join(""),
  );
  const lacks = findings.filter(({ fit, needed }) => needed && !fit);
  if (lacks.length > 0) throw new UnfitNodeError(lacks.map(({ what, told }) => `${what}: ${told}`));
  stderr.write("What is needed is there.\n");
}

const answered = () => "answers";

/** Whether the node answers a method; one that the contracts refuse was answered, too. */
async function able(
  client: PublicClient,
  what: string,
  method: string,
  params: readonly unknown[],
  needed: boolean,
  told: (answer: unknown) => string = answered,
): Promise<Finding> {
  const request = client.request as (call: { method: string; params: readonly unknown[] }) => Promise<unknown>;
  try {
    return { what, fit: true, needed, told: told(await answerOf(request({ method, params }))) };
  } catch (fault) {
    const { message } = fault as Error;
    if (/revert/i.test(message)) return { what, fit: true, needed, told: "answers" };
    return {
      what,
      fit: false,
      needed,
      told: `the node does not answer ${method}: ${oneLine(message.split("\n")[0]!)}`,
    };
  }
}
