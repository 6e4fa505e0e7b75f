import path from "node:path";
import { writeFileSync } from "node:fs";
import { expect } from "chai";
import type { Hex } from "viem";
import { ZERO_ADDRESS } from "../../../../src/tracing/transfers/row.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { ASSET, FakeChain, serve, transferLog, type Tamper } from "../sources/node/chain.ts";
import { friend, manifestIn, mule, sequester, shop, textIn, thief, victim } from "./harness.ts";

/** Stolen from the victim in block 2, spread over three. */
function theftOnChain(): FakeChain {
  const chain = new FakeChain();
  chain.add([]);
  const moves = [
    [ZERO_ADDRESS, victim, 900n],
    [victim, thief, 600n],
    [thief, mule, 300n],
    [thief, friend, 200n],
    [mule, shop, 100n],
  ] as const;
  for (const [from, to, value] of moves) chain.add([transferLog({ from, to, value })]);
  return chain;
}

describe("evidence from a node", () => {
  after(removeTemporaryFolders);

  /** Runs on a node and answers what came of it. */
  async function onNode<T>(
    chain: FakeChain,
    work: (url: string, dir: string) => Promise<T>,
    tamper?: Tamper,
  ): Promise<T> {
    const node = await serve(chain, tamper === undefined ? {} : { tamper });
    try {
      return await work(node.url, temporaryFolder());
    } finally {
      await node.stop();
    }
  }

  async function traced(url: string, chain: FakeChain, dir: string): Promise<string> {
    const stolen = chain.rows()[1]!;
    const seeds = path.join(dir, "seeds.json");
    writeFileSync(seeds, JSON.stringify([{ transaction_hash: stolen.hash, log_index: stolen.logIndex }]));
    const out = path.join(dir, "out");
    const node = ["--rpc", url, "--from-block", "0", "--asset", ASSET];
    const done = await sequester("trace", "run", ...node, "--seeds", seeds, "--method", "fifo", "--out", out);
    if (done.code !== 0) throw new Error(done.stderr);
    return out;
  }

  it("names the evidence block by its hash, and brings the transfers along", async () => {
    const chain = theftOnChain();
    await onNode(chain, async (url, dir) => {
      const out = await traced(url, chain, dir);
      const { evidence, inputs, asset } = manifestIn(out);
      expect([evidence, asset]).to.deep.equal([
        { block: 5, hash: chain.blocks[5]!.hash, time: chain.blocks[5]!.timestamp },
        ASSET,
      ]);
      expect(inputs.node).to.include({ chainId: 1, fromBlock: 0, toBlock: 5 });
      expect(textIn(out, "transfers.csv").split("\n")).to.have.length(7);
      expect(textIn(out, `ledger/${mule}.csv`)).to.include(",2023-11-14T22:13:56Z,");
      // Whoever verifies needs no node.
      expect((await sequester("trace", "verify", out)).code).to.equal(0);
    });
  });

  it("holds a plan against the node: contracts are left out, lent accounts are not", async () => {
    const chain = theftOnChain();
    const codes: Record<string, Hex> = { [mule]: "0x6001", [friend]: `0xef0100${"ab".repeat(20)}` };
    const tamper: Tamper = (method, params, next) =>
      method === "eth_getCode" ? (codes[(params[0] as string).toLowerCase()] ?? next()) : next();
    await onNode(
      chain,
      async (url, dir) => {
        const out = await traced(url, chain, dir);
        const plan = ["trace", "plan", out, "--method", "fifo", "--json"];
        const { stdout, code } = await sequester(...plan, "--rpc", url, "--rpc", url);
        const made = JSON.parse(stdout) as Record<"targets" | "excluded", { account: string; reason?: string }[]> & {
          totals: Record<string, string>;
        };
        expect(code).to.equal(0);
        expect(made.targets.map(({ account }) => account)).to.deep.equal([thief, shop, friend].toSorted());
        expect(made.excluded).to.deep.equal([{ account: mule, amount: "200", reason: "contract", label: "" }]);
        expect(made.totals).to.include({ targets: "400", excluded: "200", injected: "600" });
      },
      tamper,
    );
  });

  it("makes no plan where a balance is not what the transfers make, and says whose", async () => {
    const chain = theftOnChain();
    const tamper: Tamper = (method, params, next) => {
      const { data } = (params[0] ?? {}) as { data?: string };
      const isOfMule = method === "eth_call" && data?.includes(mule.slice(2));
      return isOfMule ? `0x${"1".padStart(64, "0")}` : next();
    };
    await onNode(
      chain,
      async (url, dir) => {
        const out = await traced(url, chain, dir);
        const { code, stdout, stderr } = await sequester("trace", "plan", out, "--method", "fifo", "--rpc", url);
        expect([code, stdout]).to.deep.equal([3, ""]);
        expect(stderr).to.include(`${mule} has: 200, needs: 1`);
      },
      tamper,
    );
  });

  it("makes no plan where the chain turned, so that the evidence block is gone", async () => {
    const chain = theftOnChain();
    await onNode(chain, async (url, dir) => {
      const out = await traced(url, chain, dir);
      const hash = chain.blocks[5]!.hash;
      chain.turn(1);
      chain.add([transferLog({ from: mule, to: shop, value: 100n })]);
      const { code, stderr } = await sequester("trace", "plan", out, "--method", "fifo", "--rpc", url);
      expect([code, stderr.includes(`needs: ${hash}`)]).to.deep.equal([3, true]);
    });
  });
});
