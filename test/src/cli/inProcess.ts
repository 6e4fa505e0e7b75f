// The command line in this process, and the test's chain behind HTTP.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { main } from "../../../src/cli/program.ts";
import type { Terminal } from "../../../src/cli/terminal.ts";
import { ethers } from "../../system/chain.ts";

/** What a call of the command line came to. */
export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line in this process. */
export async function sequester(args: readonly string[], terminal?: Terminal): Promise<Said> {
  const said = { stdout: "", stderr: "" };
  const code = await main(args, {
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
    run: () => Promise.reject(new Error("no operation is run")),
    terminal,
  });
  return { code, ...said };
}

/** Somebody who answers what is asked, in this order; `asked` is what was. */
export function answering(...answers: string[]): Terminal & { asked: string[] } {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answers.shift() ?? "";
  };
  return { asked, ask, askHidden: ask };
}

/** A node. */
export interface Served {
  server: Server;
  url: string;
  /** Transactions that came through it. */
  sent: string[];
  /** Methods that it was asked for. */
  asked: string[];
}

/** The test's chain behind HTTP, as a node is; `alter` may answer instead of it. */
export async function serve(alter?: (method: string, params: unknown[]) => unknown): Promise<Served> {
  const sent: string[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (text: Buffer) => (body += text.toString()));
    request.on("end", () => {
      const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: unknown[] };
      asked.push(method);
      if (method === "eth_sendRawTransaction") sent.push(String(params[0]));
      const answer = (fields: object) => response.end(JSON.stringify({ jsonrpc: "2.0", id, ...fields }));
      const fail = ({ message, data }: Error & { data?: unknown }) =>
        answer({ error: { code: -32_000, message, data } });
      const other = alter?.(method, params);
      if (other instanceof Error) return void fail(other);
      if (other !== undefined) return void answer({ result: other });
      ethers.provider.send(method, params).then((result: unknown) => answer({ result }), fail);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent, asked };
}
