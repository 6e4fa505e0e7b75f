import type { ServerResponse } from "node:http";
import { expect } from "chai";
import { EXIT } from "../../../src/base/errors.ts";
import { checkBalances, indexTransfers } from "../../../src/tracing/sources/node/indexTransfers.ts";
import { BalanceMismatchError } from "../../../src/tracing/sources/node/prove.ts";
import {
  BadEndpointError,
  HttpEndpoint,
  MalformedAnswerError,
  NodeRefusedError,
  NodeUnreachableError,
} from "../../../src/chain/rpc.ts";
import { ZERO_ADDRESS } from "../../../src/tracing/transfers/row.ts";
import { randomFrom } from "../orders/random.ts";
import {
  ASSET,
  balancesOf,
  IMPATIENT,
  randomChain,
  Refusal,
  Rows,
  serve,
  thrown,
} from "../tracing/sources/node/chain.ts";

type Options = Parameters<typeof serve>[1];

const chain = randomChain(randomFrom("http"), 130);

describe("HttpEndpoint", () => {
  const running: Awaited<ReturnType<typeof serve>>[] = [];
  const node = async (options: Options = {}) => {
    const served = await serve(chain, options);
    running.push(served);
    return served;
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((it) => it.stop()));
  });

  const index = async (...urls: string[]) => {
    const rows = new Rows();
    const options = { urls, asset: ASSET, fromBlock: 0, blocksPerSegment: 50, patience: IMPATIENT };
    return { indexed: await indexTransfers(options, rows), rows: rows.all };
  };

  it("indexes over HTTP what the chain has, and two nodes agree on it", async () => {
    const [one, other] = [await node(), await node()];
    const { indexed, rows } = await index(one.url, other.url);
    expect(rows).to.deep.equal(chain.rows());
    const balances = balancesOf(rows);
    balances.delete(ZERO_ADDRESS);
    const options = { urls: [one.url, other.url], patience: IMPATIENT };
    await checkBalances(options, indexed, balances);
    const [account] = balances.keys();
    balances.set(account!, balances.get(account!)! + 1n);
    await thrown(checkBalances(options, indexed, balances), BalanceMismatchError);
  });

  it("asks for many headers at once", async () => {
    const { url, requests, httpRequests } = await node();
    await index(url);
    expect(requests.filter(({ method }) => method === "eth_getBlockByNumber").length).to.be.above(130);
    expect(httpRequests()).to.be.below(40);
  });

  it("asks one by one where a node takes no batches, refuses them or answers a part of them", async () => {
    const whole = JSON.stringify({
      jsonrpc: "2.0",
      id: null,
      error: { code: -32600, message: "batches are not allowed" },
    });
    for (const answer of [
      whole,
      "[]",
      '[{"jsonrpc":"2.0","id":999999,"result":"0x1"}]',
      "[null]",
      '{"result":"0x1"}',
    ]) {
      const { url } = await node({
        gate: (request, response) => {
          const isBatch = Number(request.headers["content-length"]) > 500;
          if (isBatch) response.end(answer);
          return isBatch;
        },
      });
      expect((await index(url)).rows).to.deep.equal(chain.rows());
    }
  });

  it("waits and asks again at too many requests, told by HTTP, by JSON-RPC or within a batch", async () => {
    const byStatus = await node({
      gate: (_, response, count) => {
        if (count % 3 === 1) response.writeHead(429, { "retry-after": "1" }).end("slow down");
        return count % 3 === 1;
      },
    });
    let asked = 0;
    const byError = await node({
      tamper: (_method, _params, next) => {
        if (asked++ % 60 === 0)
          throw asked % 120 === 1 ? new Refusal("rate limit exceeded", -32005) : new Refusal("later", 429);
        return next();
      },
    });
    for (const { url } of [byStatus, byError]) expect((await index(url)).rows).to.deep.equal(chain.rows());
  });

  it("gives up after as many requests as it may send, and does not ask for less in their place", async () => {
    const { url, requests } = await node({
      tamper: (method, _, next) => {
        if (method === "eth_getLogs")
          throw new Refusal("Your app has exceeded its compute units per second capacity.", 429);
        return next();
      },
    });
    const error = await thrown(index(url), NodeRefusedError);
    expect(error.kind).to.equal("rate");
    expect(error.code).to.equal(EXIT.node);
    expect(error.message).to.include(`${IMPATIENT.attempts} times`).and.include("compute units");
    const ranges = requests
      .filter(({ method }) => method === "eth_getLogs")
      .map(({ params }) => JSON.stringify(params));
    expect(ranges).to.have.length(IMPATIENT.attempts);
    expect(new Set(ranges).size).to.equal(1);
  });

  it("asks again where a gateway is down for a moment, or the line breaks, or what comes is no JSON", async () => {
    for (const failing of [
      (response: ServerResponse) => response.writeHead(503).end("<html>"),
      (response: ServerResponse) => response.destroy(),
      (response: ServerResponse) => response.end('{"jsonrpc":"2.0","id":1,"resu'),
      (response: ServerResponse) => response.end(""),
    ]) {
      const { url } = await node({
        gate: (_, response, count) => {
          if (count % 3 === 1) failing(response);
          return count % 3 === 1;
        },
      });
      expect((await index(url)).rows).to.deep.equal(chain.rows());
    }
  });

  it("splits a range where HTTP says that the answer is too large", async () => {
    const { url } = await node({
      tamper: (method, params, next) => {
        const answer = next();
        if (method !== "eth_getLogs" || !("fromBlock" in (params[0] as object))) return answer;
        if ((answer as unknown[]).length > 30) throw new Refusal("response size should not greater than 30 logs");
        return answer;
      },
    });
    expect((await index(url)).rows).to.deep.equal(chain.rows());
    const closed = await node({
      gate: (_, response) => {
        response.writeHead(413).end();
        return true;
      },
    });
    const error = await thrown(new HttpEndpoint(closed.url, IMPATIENT).call("eth_getLogs", []), NodeRefusedError);
    expect(error.kind).to.equal("size");
    expect(closed.httpRequests()).to.equal(1);
  });

  it("takes a key that is refused for an answer, and asks no more", async () => {
    const { url, httpRequests } = await node({
      gate: (_, response) => {
        response.writeHead(401).end("no");
        return true;
      },
    });
    const error = await thrown(index(url), NodeUnreachableError);
    expect(error.message).to.include("HTTP status 401");
    expect(httpRequests()).to.equal(1);
  });

  it("goes to no other host than the one that is named", async () => {
    const honest = await node();
    const { url } = await node({
      gate: (_, response) => {
        response.writeHead(307, { location: honest.url }).end();
        return true;
      },
    });
    await thrown(index(url), NodeUnreachableError);
    expect(honest.httpRequests()).to.equal(0);
  });

  it("stops at an answer to another request, and at one without a result", async () => {
    for (const answer of ['{"jsonrpc":"2.0","id":77,"result":"0x1"}', '{"jsonrpc":"2.0","id":1,"error":null}']) {
      const { url } = await node({
        gate: (_, response) => {
          response.end(answer);
          return true;
        },
      });
      await thrown(new HttpEndpoint(url, IMPATIENT).call("eth_chainId", []), MalformedAnswerError);
    }
  });

  it("says where no node answers, without the key that its address holds", async () => {
    const served = await serve(chain);
    await served.stop();
    const { url } = served;
    const error = await thrown(index(`${url}/v3/s3cret?key=s3cret`), NodeUnreachableError);
    expect(error.message).to.include(url).and.not.include("s3cret");
    expect(error.code).to.equal(EXIT.node);
  });

  it("refuses what is no address of a node", async () => {
    for (const url of ["", "localhost:8545", "ws://127.0.0.1:1", "file:///s3cret", "http://user:s3cret@127.0.0.1:1"]) {
      const error = await thrown(index(url), BadEndpointError);
      expect(error.code).to.equal(EXIT.usage);
      expect(error.message).not.to.include("s3cret");
    }
  });
});
