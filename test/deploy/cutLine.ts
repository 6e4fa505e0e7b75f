import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A line to a node. Once `cut` says when, the next transaction is cut off before or after the node has it, with all that follows. */
export async function lineTo(url: string) {
  const line = { url: "", sent: 0, cut: undefined as "before" | "after" | undefined, broken: false };
  // Nobody is told that the line is cut before the node has what was to reach it.
  let passing: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (text: Buffer) => (body += text.toString()));
    request.on("end", () => {
      const ended = () => response.writeHead(403).end();
      const pass = async () => {
        const headers = { "content-type": "application/json" };
        return (await fetch(url, { method: "POST", headers, body })).text();
      };
      const answer = async () => {
        if (line.broken) return passing.then(ended);
        if (!body.includes('"eth_sendRawTransaction"')) return response.end(await pass());
        if (line.cut === undefined) {
          line.sent++;
          return response.end(await pass());
        }
        line.broken = true;
        if (line.cut === "after") {
          line.sent++;
          await (passing = pass());
        }
        return ended();
      };
      answer().catch(ended);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  line.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const mend = (cut?: "before" | "after") => Object.assign(line, { cut, broken: false });
  return { line, mend, close: () => server.close() };
}
