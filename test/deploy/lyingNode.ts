import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a node is asked, and what it is to answer. */
export interface Question {
  method: string;
  params: unknown[];
  /** What the honest node answers. */
  ask: () => Promise<unknown>;
}

/** Answers something else than the honest node, or an error as a node gives one; nothing: what the honest one does. */
export type Lie = (question: Question) => Promise<unknown>;

/** An error that a node answers. */
export class Refused extends Error {
  readonly data: string | undefined;
  constructor(message: string, data?: string) {
    super(message);
    this.data = data;
  }
}

/** A node before another one, that tells lies for as long as there is one to tell. */
export async function lyingNode(url: string) {
  const node = { url: "", lie: undefined as Lie | undefined, sent: 0 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (text: Buffer) => (body += text.toString()));
    request.on("end", () => {
      const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: unknown[] };
      const headers = { "content-type": "application/json" };
      const pass = async () => (await fetch(url, { method: "POST", headers, body })).text();
      const ask = async () => (JSON.parse(await pass()) as { result: unknown }).result;
      const answer = (fields: object) => response.end(JSON.stringify({ jsonrpc: "2.0", id, ...fields }));
      const work = async () => {
        const result = await node.lie?.({ method, params, ask });
        if (result !== undefined) return answer({ result });
        if (method === "eth_sendRawTransaction") node.sent++;
        return response.end(await pass());
      };
      work().catch((fault: Refused) => answer({ error: { code: 3, message: fault.message, data: fault.data } }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  node.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { node, close: () => server.close() };
}
