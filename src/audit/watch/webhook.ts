import { SequesterError } from "../../base/errors.ts";
import { reasonOf } from "../../base/files.ts";
import type { Message } from "./memory.ts";

/** Milliseconds that a webhook may take. */
const TIMEOUT_MS = 10_000;

/** A webhook did not take a message, which is kept and posted again. Exit code 1. */
export class WebhookError extends SequesterError {
  override name = "WebhookError";
  constructor(host: string, { number }: Message, has: string) {
    super(`The webhook at ${host} did not take message ${number}.`, {
      metaMessages: [`has: ${has}`, "needs: an answer of the status 200 to 299"],
    });
  }
}

/** Posts a message as JSON. The address is not repeated, since a key may be in it. @throws WebhookError */
export async function post(url: URL, message: Message): Promise<void> {
  const sent = fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": message.id },
    body: JSON.stringify(message),
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const response = await sent.catch((error: unknown) => {
    const { message: said, cause } = error as Error;
    throw new WebhookError(url.host, message, cause === undefined ? said : reasonOf(cause));
  });
  await response.body?.cancel();
  if (!response.ok) throw new WebhookError(url.host, message, `status ${response.status}`);
}
