import { setTimeout as pause } from "node:timers/promises";
import type { Alert, AlertKind } from "../../audit/watch/alerts.ts";
import { Watch, watchedAt, type Looked } from "../../audit/watch/follow.ts";
import { Memory, type Message } from "../../audit/watch/memory.ts";
import { post, WebhookError } from "../../audit/watch/webhook.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { countOf, oneLine } from "../../base/words.ts";
import { nodeOf, type NodeOptions } from "../node.ts";
import { OptionsRefusedError } from "../optionsRefused.ts";
import type { Streams } from "../order/place.ts";

export interface WatchOptions extends NodeOptions {
  state?: string;
  webhook?: string;
  once?: boolean;
  json?: boolean;
  /** Seconds. */
  interval: number;
  confirmations: number;
}

/** Something stands that nothing explains, whether it was told now or before. Exit code 3. */
export class UnexplainedAlertsError extends SequesterError {
  override name = "UnexplainedAlertsError";
  constructor(alerts: readonly Alert[]) {
    super(`${countOf(alerts.length, "alert")} cannot be explained.`, {
      code: EXIT.verification,
      metaMessages: alerts.map(({ kind, says }) => `${kind}: ${says}`),
    });
  }
}

/** What no act explains. */
const UNEXPLAINED: ReadonlySet<AlertKind> = new Set(["difference", "issuer", "code", "journal"]);

/** Follows the chain until it is cancelled, or looks once; prints, and posts, what needs a person. */
export async function watch(options: WatchOptions, { stdout, stderr }: Streams): Promise<void> {
  const url = options.webhook === undefined ? undefined : webhookIn(options.webhook);
  let memory: Memory | undefined;
  let follower: Watch | undefined;
  const look = async () => {
    if (memory === undefined || follower === undefined) {
      const { client, deployment } = await nodeOf(options);
      memory ??= new Memory(options.state, await watchedAt(client, deployment), { posts: url !== undefined });
      follower = new Watch(client, deployment, memory, { confirmations: BigInt(options.confirmations) });
    }
    return follower.look();
  };
  const deliver = async () => {
    if (memory === undefined) return;
    for (const message of memory.waiting("printed")) {
      stdout.write(options.json ? `${JSON.stringify(message)}\n` : lineOf(message));
      memory.done("printed", message);
    }
    if (url === undefined) return;
    for (const message of memory.waiting("posted")) {
      await post(url, message);
      memory.done("posted", message);
    }
  };
  let said: string | undefined;
  try {
    for (;;) {
      const faults: SequesterError[] = [];
      const passing = (error: unknown) => {
        if (!(error instanceof SequesterError) || !passes(error)) throw error;
        faults.push(error);
      };
      const looked = await look().catch(passing);
      await deliver().catch(passing);
      // What could not be looked at is the node's fault, whatever stood before.
      if (options.once && looked !== undefined) {
        const unexplained = memory!.standing(UNEXPLAINED);
        if (unexplained.length > 0) faults.unshift(new UnexplainedAlertsError(unexplained));
      }
      const [first, ...others] = faults;
      if (options.once && first !== undefined) {
        for (const { message } of others) stderr.write(`${message}\n`);
        throw first;
      }
      // What goes on is said once.
      const text = faults.map(({ message }) => `${message}\n`).join("");
      if (text !== said || looked?.unread) stderr.write(text === "" ? lookedWords(looked!) : text);
      said = text;
      if (options.once) return;
      await pause(options.interval * 1000);
    }
  } finally {
    memory?.close();
  }
}

/** A node or a webhook that does not answer now may do so later. */
const passes = (error: SequesterError): boolean => error.code === EXIT.node || error instanceof WebhookError;

const lookedWords = ({ block, blocks, unread }: Looked): string => {
  const read = unread === 0 ? "" : `; in ${countOf(unread, "block")} of them the journal alone was checked`;
  return `Looked up to block ${block}, ${countOf(blocks, "new block")}${read}.\n`;
};

function lineOf({ said, alert, block }: Message): string {
  const withdrawn = said === "withdrawn" ? "withdrawn, its block is not of the chain any more: " : "";
  return `${block.time}  block ${block.number}  ${withdrawn}${alert.kind}: ${oneLine(alert.says)}\n`;
}

/** The address may hold a key, and is not repeated. @throws OptionsRefusedError */
function webhookIn(text: string): URL {
  const url = URL.parse(text);
  const isUsable = url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  if (!isUsable) throw new OptionsRefusedError("--webhook", "http:// or https://, a host, and no user name before it");
  return url;
}
