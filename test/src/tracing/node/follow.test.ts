import { expect } from "chai";
import { BrokenHeaderChainError } from "../../../../src/tracing/node/headers.ts";
import { FinalizedBlockChangedError, FinalizedHeadWentBackError } from "../../../../src/tracing/node/heads.ts";
import { Follower } from "../../../../src/tracing/node/follow.ts";
import { Overlay } from "../../../../src/tracing/node/overlay.ts";
import { ZERO_ADDRESS } from "../../../../src/tracing/row.ts";
import { randomFrom } from "../../orders/random.ts";
import {
  addressOf,
  ASSET,
  FakeEndpoint,
  randomChain,
  Rows,
  thrown,
  transferLog,
  type FakeChain,
  type Tamper,
} from "./chain.ts";

const mint = (n: number) => transferLog({ from: ZERO_ADDRESS, to: addressOf(n), value: BigInt(n) });

/** Adds blocks that are safe and not final, each with a transfer. */
function addTail(chain: FakeChain, count: number): void {
  for (let i = 0; i < count; i++) chain.addUnsafe([mint(chain.blocks.length)]);
  chain.safe = chain.blocks.length - 1;
}

async function follow(chain: FakeChain, tamper?: Tamper) {
  const rows = new Rows();
  const endpoint = new FakeEndpoint(chain, tamper);
  const options = { asset: ASSET, fromBlock: 0, blocksPerSegment: 16 };
  return { follower: await Follower.of([endpoint], options, rows), rows, endpoint };
}

/** Rows of the blocks after the final one, up to the safe one. */
const tailOf = (chain: FakeChain) => chain.rows(chain.safe).filter(({ block }) => block > chain.finalized);

describe("Follower", () => {
  it("gives the rows of final blocks once, and keeps those of safe blocks apart", async () => {
    const chain = randomChain(randomFrom("follow"), 30);
    addTail(chain, 10);
    chain.addUnsafe([mint(99)]);
    const { follower, rows } = await follow(chain);
    const first = await follower.advance();
    expect(first).to.deep.include({ finalized: 29, dropped: 0, tail: tailOf(chain) });
    expect(first.tail).to.have.length(10);
    expect(first.segments.map(({ last }) => last)).to.deep.equal([15, 29]);
    expect(rows.all).to.deep.equal(chain.rows(29));

    const again = await follower.advance();
    expect(again).to.deep.include({ finalized: 29, dropped: 0, segments: [], tail: first.tail });
    expect(rows.all).to.deep.equal(chain.rows(29));

    chain.finalized = 35;
    addTail(chain, 3);
    const last = await follower.advance();
    expect(last).to.deep.include({ finalized: 35, dropped: 0, tail: tailOf(chain) });
    expect(last.segments.map(({ first, last }) => [first, last])).to.deep.equal([[30, 35]]);
    expect(rows.all).to.deep.equal(chain.rows(35));
  });

  it("asks once for the logs of a block that is not final, however often it looks", async () => {
    const chain = randomChain(randomFrom("once"), 20);
    addTail(chain, 5);
    const { follower, endpoint } = await follow(chain);
    await follower.advance();
    const logs = () => endpoint.requests.filter(({ method }) => method === "eth_getLogs").length;
    const before = logs();
    await follower.advance();
    expect(logs()).to.equal(before);
    addTail(chain, 2);
    await follower.advance();
    expect(logs()).to.equal(before + 2);
  });

  for (const depth of [1, 2, 15, 16, 17, 63, 64]) {
    it(`drops what a reorganisation of ${depth} blocks takes back, and touches nothing that was final`, async () => {
      const chain = randomChain(randomFrom(`reorg ${depth}`), 31);
      addTail(chain, 64);
      const { follower, rows } = await follow(chain);
      const before = await follower.advance();
      const final = [...rows.all];
      chain.turn(depth);
      addTail(chain, depth + 3);
      const after = await follower.advance();
      expect(after.dropped).to.equal(depth);
      expect(after.tail).to.deep.equal(tailOf(chain));
      expect(after.tail.slice(0, 64 - depth)).to.deep.equal(before.tail.slice(0, 64 - depth));
      expect(rows.all).to.deep.equal(final);

      // What was dropped never comes back when the blocks become final, across the border of a segment too.
      chain.finalized = chain.safe;
      expect((await follower.advance()).tail).to.deep.equal([]);
      expect(rows.all).to.deep.equal(chain.rows());
    });
  }

  it("leaves the tail empty while the chain turns under its eyes, and has it at the next look", async () => {
    const chain = randomChain(randomFrom("turning"), 20);
    addTail(chain, 6);
    let turning = true;
    const { follower, rows } = await follow(chain, (method, params, next) => {
      const answer = next();
      const isTail = method === "eth_getBlockByNumber" && Number(params[0]) === 22;
      return turning && isTail ? { ...(answer as object), parentHash: `0x${"ab".repeat(32)}` } : answer;
    });
    expect((await follower.advance()).tail).to.deep.equal([]);
    expect(rows.all).to.deep.equal(chain.rows());
    turning = false;
    expect((await follower.advance()).tail).to.deep.equal(tailOf(chain));
  });

  it("leaves the tail empty where a block is gone before its logs were read", async () => {
    const chain = randomChain(randomFrom("gone"), 20);
    addTail(chain, 6);
    const { follower } = await follow(chain, (method, params, next) => {
      const { blockHash } = (params[0] ?? {}) as { blockHash?: string };
      return method === "eth_getLogs" && blockHash === chain.blocks[22]!.hash
        ? chain.answer("eth_getLogs", [{ blockHash: `0x${"00".repeat(32)}`, address: ASSET, topics: [] }])
        : next();
    });
    expect(await follower.advance()).to.deep.include({ finalized: 19, tail: [] });
  });

  it("stops where the final block goes back, and gives no row for it", async () => {
    const chain = randomChain(randomFrom("back"), 40);
    const { follower, rows } = await follow(chain);
    await follower.advance();
    const before = [...rows.all];
    chain.finalized = chain.safe = 38;
    const error = await thrown(follower.advance(), FinalizedHeadWentBackError);
    expect(error.message).to.include("has: block 38").and.include("needs: block 39");
    expect(rows.all).to.deep.equal(before);
  });

  it("stops where a final block is another one, seen at once or by the blocks that follow", async () => {
    for (const more of [1, 2]) {
      const chain = randomChain(randomFrom("changed"), 40);
      const { follower, rows } = await follow(chain);
      await follower.advance();
      const before = [...rows.all];
      chain.turn(1);
      for (let i = 0; i < more; i++) chain.add([mint(7)]);
      await thrown<Error>(follower.advance(), more === 1 ? FinalizedBlockChangedError : BrokenHeaderChainError);
      expect(rows.all).to.deep.equal(before);
    }
  });
});

describe("Overlay", () => {
  it("keeps blocks under their hashes, in a chain that begins at the final block", async () => {
    const chain = randomChain(randomFrom("overlay"), 10);
    addTail(chain, 4);
    const overlay = new Overlay(new FakeEndpoint(chain), ASSET);
    expect(await overlay.update(chain.blocks[9]!, 13)).to.equal(0);
    expect(overlay.hashes()).to.deep.equal(chain.blocks.slice(10).map(({ hash }) => hash));
    expect(await overlay.update(chain.blocks[11]!, 13)).to.equal(0);
    expect(overlay.hashes()).to.deep.equal(chain.blocks.slice(12).map(({ hash }) => hash));
    expect(await overlay.update({ number: 11, hash: chain.blocks[3]!.hash }, 13)).to.equal(2);
    expect(overlay.rows()).to.deep.equal([]);
  });
});
