import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EthereumProvider } from "hardhat/types/providers";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { reasonOf } from "../../base/files.ts";
import { returnedBy } from "../../chain/refusals.ts";

/** A chain that answers as a node, on this computer alone. */
export interface ServedChain {
  url: string;
  close(): Promise<void>;
}

/** Nothing can be served on the port. Exit code 64. */
export class PortRefusedError extends SequesterError {
  override name = "PortRefusedError";
  constructor(port: number, cause: unknown) {
    super(`Nothing can answer on port ${port}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${reasonOf(cause)}`, "needs: a free port; --port names another, 0 takes any"],
      cause,
    });
  }
}

/** Has a chain of this process answer JSON-RPC over HTTP. @throws PortRefusedError */
export async function serveChain(provider: EthereumProvider, port: number): Promise<ServedChain> {
  const server = createServer((request, response) => {
    answer(provider, request, response).catch(() => response.destroy());
  });
  try {
    await once(server.listen(port, HOST), "listening");
  } catch (cause) {
    throw new PortRefusedError(port, cause);
  }
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const HOST = "127.0.0.1";
/** What a request calls this computer, with any port: one may be led here from another. */
const OWN_NAME = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/i;

async function answer(provider: EthereumProvider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A page of a name that leads to this computer is of the same origin, and may send whatever it likes.
  if (!OWN_NAME.test(request.headers.host ?? "")) {
    response.writeHead(403).end("asked of another host\n");
    return;
  }
  // A page in a browser may send other kinds of content to any port without asking.
  if (request.method !== "POST" || !request.headers["content-type"]?.startsWith("application/json")) {
    response.writeHead(415).end("JSON-RPC by POST, as application/json\n");
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const asked = parsed(Buffer.concat(chunks).toString());
  const answers = Array.isArray(asked)
    ? await Promise.all(asked.map((one) => answerTo(provider, one)))
    : await answerTo(provider, asked);
  response.setHeader("content-type", "application/json").end(JSON.stringify(answers));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON-RPC 2.0's numbers of its own errors. */
const [INVALID_REQUEST, INTERNAL_ERROR] = [-32_600, -32_603];

async function answerTo(provider: EthereumProvider, asked: unknown): Promise<object> {
  const { id = null, method, params = [] } = (asked ?? {}) as { id?: unknown; method?: unknown; params?: unknown };
  const answered = (fields: object) => ({ jsonrpc: "2.0", id, ...fields });
  if (typeof method !== "string" || !Array.isArray(params)) {
    return answered({ error: { code: INVALID_REQUEST, message: "no JSON-RPC request" } });
  }
  try {
    const result: unknown = await provider.request({ method, params });
    return answered({ result });
  } catch (error) {
    const { code, message } = error as Error & { code?: unknown };
    const data = returnedBy(error);
    return answered({ error: { code: typeof code === "number" ? code : INTERNAL_ERROR, message, data } });
  }
}
