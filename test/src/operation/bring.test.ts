// Long: starts nodes of another make, and brings an operation to each.
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { bringCalls, requireJournal } from "../../../src/operation/bring.ts";
import { openChain, runOperation, type OperationResult } from "../../../src/operation/run.ts";
import { startAnvil, startNode } from "../../deploy/node.ts";
import { removeTemporaryFolders } from "./folders.ts";
import { ALL_ACTS, smallOperation } from "./small.ts";

describe("an operation that is brought to a node", () => {
  let result: OperationResult;
  let head: `0x${string}`;
  let node: Awaited<ReturnType<typeof startAnvil>>;

  before(async () => {
    const operation = smallOperation(ALL_ACTS);
    const chain = await openChain(operation);
    result = await runOperation({ operation, chain, prove: true });
    await chain.close();
    head = result.pack!.evidence.entries.at(-1)!.head;
  });
  beforeEach(async () => {
    node = await startAnvil("--timestamp", String(result.kept.start));
  });
  afterEach(() => node.stop());
  after(removeTemporaryFolders);

  const bring = (progress?: Parameters<typeof bringCalls>[2], url = node.url) => bringCalls(url, result.kept, progress);

  it("makes the same journal there, in as many blocks, and a second time changes nothing", async () => {
    await bring();
    await requireJournal(node.url, result.deployment, head, result.kept.block);
    expect(await node.client.getBlockNumber()).to.equal(BigInt(result.kept.block));
    const { hash } = await node.client.getBlock();
    await bring();
    expect((await node.client.getBlock()).hash).to.equal(hash);
  });

  it("goes on where it was killed, at twenty points, and does nothing twice", async () => {
    const points = Array.from({ length: 20 }, (_, i) => Math.floor(((i + 1) * result.kept.calls.length) / 21));
    for (const point of points) {
      const killed = bring((done) => {
        if (done === point) throw new Error("killed");
      });
      expect(await killed.catch((error: Error) => error.message)).to.equal("killed");
    }
    await bring();
    await requireJournal(node.url, result.deployment, head, result.kept.block);
    expect(await node.client.getBlockNumber()).to.equal(BigInt(result.kept.block));
  });

  it("ends at a node that makes no blocks, instead of waiting without end", async () => {
    const idle = await startAnvil("--timestamp", String(result.kept.start), "--no-mining");
    const ended = bringCalls(idle.url, result.kept, undefined, 200).then(
      () => "brought",
      (error: Error) => error.message,
    );
    const told = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5_000, "waits"))]);
    await idle.stop();
    await ended;
    expect(told).to.include("has: no block").and.include("mines");
  });

  it("does nothing twice where the answer to a transaction is lost", async () => {
    let sent = 0;
    const proxy = createServer((request, response) => {
      let body = "";
      request.on("data", (text: Buffer) => (body += text.toString()));
      request.on("end", () => {
        const headers = { "content-type": "application/json" };
        void fetch(node.url, { method: "POST", body, headers }).then(async (answer) => {
          const text = await answer.text();
          if (body.includes("eth_sendTransaction") && ++sent % 7 === 0) return response.destroy();
          return response.writeHead(200, headers).end(text);
        });
      });
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    await bring(undefined, `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    proxy.close();
    expect(sent).to.be.greaterThan(20);
    await requireJournal(node.url, result.deployment, head, result.kept.block);
    expect(await node.client.getBlockNumber()).to.equal(BigInt(result.kept.block));
  });

  it("is refused by a node that has something else, or whose clock is past its beginning, and sends nothing", async () => {
    await node.client.mine({ blocks: 3 });
    const refused = await bring().catch((error: Error) => error);
    expect(refused).to.include({ name: "OtherHistoryError", code: 64 });
    expect(await node.client.getBlockNumber()).to.equal(3n);
    const late = await startAnvil();
    const told = await bring(undefined, late.url).catch((error: Error) => error);
    expect(told).to.include({ name: "OtherHistoryError" });
    expect((told as Error).message).to.include("--timestamp");
    expect(await late.client.getBlockNumber()).to.equal(0n);
    await late.stop();
    const elsewhere = await startAnvil("--chain-id", "11155111", "--timestamp", String(result.kept.start));
    expect(((await bring(undefined, elsewhere.url).catch((error: Error) => error)) as Error).message).to.include(
      "11155111",
    );
    await elsewhere.stop();
  });

  it("is brought to Hardhat's node, too", async () => {
    const began = process.env["SEQUESTER_NODE_START"];
    process.env["SEQUESTER_NODE_START"] = String(result.kept.start);
    const hardhat = await startNode().finally(() => {
      if (began === undefined) delete process.env["SEQUESTER_NODE_START"];
      else process.env["SEQUESTER_NODE_START"] = began;
    });
    try {
      await bring(undefined, hardhat.url);
      await requireJournal(hardhat.url, result.deployment, head, result.kept.block);
    } finally {
      await hardhat.stop();
    }
  });
});
