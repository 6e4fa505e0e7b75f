import { expect } from "chai";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { returnedBy, saysNo } from "../../../src/chain/refusals.ts";
import { HttpEndpoint } from "../../../src/chain/rpc.ts";

describe("returnedBy", () => {
  it("finds what a call returned, wherever a node or a client puts it", () => {
    for (const fault of [{ data: "0x01" }, { data: { data: "0x01" } }, { cause: { cause: { data: "0x01" } } }]) {
      expect(returnedBy(fault)).to.equal("0x01");
    }
  });

  it("finds nothing in an answer of a node whose data is null, and does not break on it", () => {
    expect(returnedBy({ message: "Sender doesn't have enough funds", data: null })).to.equal(undefined);
    expect(returnedBy({ data: null, cause: { data: "0x01" } })).to.equal("0x01");
  });
});

describe("saysNo", () => {
  const answering = async (error: object): Promise<unknown> => {
    const server = createServer((_, response) => response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, error })));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const endpoint = new HttpEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { attempts: 1 });
    const fault = await endpoint.call("eth_call", []).catch((it: unknown) => it);
    server.close();
    return fault;
  };

  it("finds over HTTP what the call returned, and that it was a contract that refused", async () => {
    const fault = await answering({ code: 3, message: "execution stopped", data: "0x1234" });
    expect([returnedBy({ cause: fault }), saysNo({ cause: fault })]).to.deep.equal(["0x1234", true]);
    expect(saysNo(await answering({ code: -32000, message: "execution reverted" }))).to.equal(true);
    // A contract that never comes to an end is one that does not say yes, and stops nobody's order.
    for (const message of ["execution aborted (timeout = 5s)", "OutOfGas"])
      expect(saysNo(await answering({ code: -32000, message })), message).to.equal(true);
  });

  it("takes no fault of a node for a contract's no", async () => {
    expect(saysNo(await answering({ code: -32000, message: "missing trie node" }))).to.equal(false);
    expect(saysNo(await answering({ code: -32005, message: "limit", data: { rate: 7 } }))).to.equal(false);
  });
});
