import { EXIT, SequesterError } from "../base/errors.ts";
import { HTTP_RATE, HTTP_SIZE, kindOfRefusal, type RefusalKind } from "./nodeRefusals.ts";
import { countOf } from "../base/words.ts";

/** How often a request that may be answered later is sent, and how long is waited between. */
export interface Patience {
  /** Requests at most, the first one counted. */
  readonly attempts: number;
  /** Milliseconds before the second request; each further wait is twice as long, up to `longestMs`. */
  readonly firstMs: number;
  readonly longestMs: number;
}

const PATIENCE: Patience = { attempts: 7, firstMs: 250, longestMs: 16_000 };

/** How often something is asked that a node answers otherwise a moment later, where it lags. */
export const WHILE_IT_LAGS: Patience = { attempts: 3, firstMs: 250, longestMs: 1000 };

/** A node that is asked by JSON-RPC. */
export interface Endpoint {
  /** Scheme and host alone: the rest of an address often holds the key of an account. */
  readonly name: string;
  readonly patience: Patience;
  /** @throws NodeRefusedError, NodeUnreachableError, MalformedAnswerError */
  call(method: string, params: readonly unknown[]): Promise<unknown>;
  /** The answers to many requests of one method, in their order. Throws as `call` does. */
  callAll(method: string, all: readonly (readonly unknown[])[]): Promise<unknown[]>;
}

/** The address of a node cannot be one. It is not repeated, since a key may be in it. Exit code 64. */
export class BadEndpointError extends SequesterError {
  override name = "BadEndpointError";
  constructor(has: string) {
    super("The address of a node cannot be used.", {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, "needs: http:// or https://, a host, and no user name before it"],
    });
  }
}

/** The node refuses a request, with the kind of its reason. Exit code 5. */
export class NodeRefusedError extends SequesterError {
  override name = "NodeRefusedError";
  readonly kind: RefusalKind;
  /** What the node says. */
  readonly reason: string;
  /** What the node says besides: of a call, what it returned. */
  readonly data: unknown;

  constructor(endpoint: string, method: string, kind: RefusalKind, reason: string, attempts: number, data?: unknown) {
    const often = attempts === 1 ? "" : `, asked ${countOf(attempts, "time")}`;
    super(`The node at ${endpoint} refuses ${method}${often}.`, {
      code: EXIT.node,
      metaMessages: [`has: ${reason === "" ? "no reason" : reason.slice(0, 500)}`, `needs: ${NEEDS[kind]}`],
    });
    this.kind = kind;
    this.reason = reason;
    this.data = data;
  }
}

const NEEDS: Readonly<Record<RefusalKind, string>> = {
  size: "a smaller range",
  rate: "fewer requests: wait, or name a node with a higher limit",
  lagging: "a node that has the block",
  state: "a node that keeps the state of old blocks",
  other: "a node that answers it",
};

/** Nobody answers, or what answers is no node, each time. Exit code 5. */
export class NodeUnreachableError extends SequesterError {
  override name = "NodeUnreachableError";
  constructor(endpoint: string, attempts: number, reason: string) {
    super(`No node answers at ${endpoint}, asked ${countOf(attempts, "time")}.`, {
      code: EXIT.node,
      metaMessages: [`has: ${reason}`, "needs: the address of a JSON-RPC node"],
    });
  }
}

/** The node's answer is not what JSON-RPC says it should be. Exit code 5. */
export class MalformedAnswerError extends SequesterError {
  override name = "MalformedAnswerError";
  constructor(endpoint: string, method: string, has: string, needs: string) {
    super(`The node at ${endpoint} gives a malformed answer to ${method}.`, {
      code: EXIT.node,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** Milliseconds that one HTTP request may take. */
const TIMEOUT_MS = 60_000;
/** Bytes of an answer; a larger one counts as a refusal by size, so that no node can fill the memory. */
const MOST_BYTES = 256 * 2 ** 20;
/** Requests in one HTTP request. */
const BATCH = 100;

interface Attempt {
  readonly status: number;
  readonly retryAfterMs: number;
  readonly body: string;
}

/** A failure that passes: asked again, the node may answer. */
class Passing extends Error {
  readonly waitMs: number;
  readonly final: SequesterError;
  constructor(final: SequesterError, waitMs = 0) {
    super(final.message);
    this.final = final;
    this.waitMs = waitMs;
  }
}

/** A node at an HTTP address. What may be answered later is asked again, so often and no more. */
export class HttpEndpoint implements Endpoint {
  readonly name: string;
  readonly #url: string;
  readonly patience: Patience;
  #batches = true;
  #id = 0;

  constructor(url: string, patience: Partial<Patience> = {}) {
    this.#url = url;
    this.name = nameOf(url);
    this.patience = { ...PATIENCE, ...patience };
  }

  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    return this.#patiently(async (attempt) => {
      const id = ++this.#id;
      const answer = await this.#ask({ jsonrpc: "2.0", id, method, params }, method, attempt);
      return this.#resultOf(answer, id, method, attempt);
    });
  }

  async callAll(method: string, all: readonly (readonly unknown[])[]): Promise<unknown[]> {
    const results: unknown[] = [];
    for (let i = 0; i < all.length; i += BATCH) results.push(...(await this.#batch(method, all.slice(i, i + BATCH))));
    return results;
  }

  /** One HTTP request for all, or one each at a node that takes no batches. */
  async #batch(method: string, all: readonly (readonly unknown[])[]): Promise<unknown[]> {
    if (this.#batches && all.length > 1) {
      try {
        const done = new Map<number, unknown>();
        await this.#patiently((attempt) => this.#askTogether(method, all, done, attempt));
        return all.map((_, place) => done.get(place));
      } catch (error) {
        const refused = error instanceof NodeRefusedError && ["size", "other"].includes(error.kind);
        if (!refused && !(error instanceof MalformedAnswerError)) throw error;
        this.#batches = false;
      }
    }
    const results: unknown[] = [];
    for (const params of all) results.push(await this.call(method, params));
    return results;
  }

  /** Asks for what is not done yet; answers of a batch that are refused for a while leave the others standing. */
  async #askTogether(
    method: string,
    all: readonly (readonly unknown[])[],
    done: Map<number, unknown>,
    attempt: number,
  ): Promise<void> {
    const open = all.flatMap((params, place) =>
      done.has(place) ? [] : [{ place, request: { jsonrpc: "2.0", id: ++this.#id, method, params } }],
    );
    const requests = open.map(({ request }) => request);
    const answer = await this.#ask(requests, method, attempt);
    if (!Array.isArray(answer)) {
      this.#resultOf(answer, undefined, method, attempt);
      throw new MalformedAnswerError(
        this.name,
        method,
        textOf(answer),
        `a list of ${countOf(requests.length, "answer")}`,
      );
    }
    const byId = new Map(answer.map((it: unknown) => [isObject(it) ? it.id : undefined, it]));
    let passing: Passing | undefined;
    for (const { place, request } of open) {
      try {
        done.set(place, this.#resultOf(byId.get(request.id), request.id, method, attempt));
      } catch (error) {
        if (!(error instanceof Passing)) throw error;
        passing = error;
      }
    }
    if (passing !== undefined) throw passing;
  }

  async #patiently<T>(ask: (attempt: number) => Promise<T>): Promise<T> {
    const { attempts } = this.patience;
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask(attempt);
      } catch (error) {
        if (!(error instanceof Passing)) throw error;
        if (attempt >= attempts) throw error.final;
        await waitAfter(attempt, this.patience, error.waitMs);
      }
    }
  }

  /** The JSON-RPC answer in one HTTP answer, or the list of them. */
  async #ask(request: unknown, method: string, attempt: number): Promise<unknown> {
    const { status, retryAfterMs, body } = await this.#post(request, method, attempt);
    const json = jsonOf(body);
    const isAnswer = Array.isArray(json) || (isObject(json) && ("result" in json || "error" in json));
    if (isAnswer && status !== HTTP_RATE && status !== HTTP_SIZE) return json;
    const reason = `HTTP status ${status}${isAnswer ? "" : " and no JSON-RPC"}`;
    const kind = kindOfRefusal("", { status });
    if (kind !== "other") {
      const refused = new NodeRefusedError(this.name, method, kind, reason, attempt);
      throw kind === "rate" ? new Passing(refused, retryAfterMs) : refused;
    }
    const unreachable = new NodeUnreachableError(this.name, attempt, reason);
    throw status < 400 || status >= 500 ? new Passing(unreachable, retryAfterMs) : unreachable;
  }

  async #post(request: unknown, method: string, attempt: number): Promise<Attempt> {
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
        // Another host than the one that is named would be another witness.
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const retryAfter = Number(response.headers.get("retry-after"));
      const body = await bodyOf(response);
      if (body === undefined) {
        throw new NodeRefusedError(this.name, method, "size", `an answer of more than ${MOST_BYTES} bytes`, attempt);
      }
      return { status: response.status, retryAfterMs: retryAfter > 0 ? retryAfter * 1000 : 0, body };
    } catch (error) {
      if (error instanceof SequesterError) throw error;
      throw new Passing(new NodeUnreachableError(this.name, attempt, reasonOf(error).replaceAll(this.#url, this.name)));
    }
  }

  #resultOf(answer: unknown, id: number | undefined, method: string, attempt: number): unknown {
    if (!isObject(answer)) {
      throw new MalformedAnswerError(this.name, method, textOf(answer), "an object with a result or an error");
    }
    const { error, result } = answer;
    if (error !== undefined && error !== null) {
      const message = isObject(error) ? error.message : undefined;
      const reason = typeof message === "string" ? message : textOf(error);
      const code = isObject(error) ? error.code : undefined;
      // Some services put the status of HTTP into the error.
      const status = code === HTTP_RATE || code === HTTP_SIZE ? code : undefined;
      const kind = kindOfRefusal(reason, { status, code, method });
      const data = isObject(error) ? error.data : undefined;
      const refused = new NodeRefusedError(this.name, method, kind, reason, attempt, data);
      throw kind === "rate" || kind === "lagging" ? new Passing(refused) : refused;
    }
    if (result === undefined || answer.id !== id) {
      throw new MalformedAnswerError(this.name, method, textOf(answer), `a result for request ${id ?? "of a batch"}`);
    }
    return result;
  }
}

/** The text of an answer; undefined once it is larger than any that is read. */
async function bodyOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function nameOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) throw new BadEndpointError("no address at all");
  const { protocol, host, username, password } = parsed;
  if (protocol !== "http:" && protocol !== "https:") throw new BadEndpointError(protocol);
  if (username !== "" || password !== "") throw new BadEndpointError("a user name or a password");
  return `${protocol}//${host}`;
}

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === "object";

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
};

/** A value as a message can hold it. */
export const textOf = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 200);

/** Waits before the request that follows the one with this number; as long as the node says, within the longest wait. */
export async function waitAfter(attempt: number, { firstMs, longestMs }: Patience, saidMs = 0): Promise<void> {
  const ms = Math.min(longestMs, Math.max(saidMs, firstMs * 2 ** (attempt - 1)));
  await new Promise((resolve) => setTimeout(resolve, ms));
}
