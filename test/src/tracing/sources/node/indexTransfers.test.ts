// Long: indexes a thousand spoilt chains.
import { createHash } from "node:crypto";
import { expect } from "chai";
import { EXIT } from "../../../../../src/base/errors.ts";
import { bloomBits, hasBits } from "../../../../../src/tracing/sources/node/segment.ts";
import { type BrokenFault, type RawLog } from "../../../../../src/tracing/sources/node/decode.ts";
import { BrokenHeaderChainError, HeaderMissingError } from "../../../../../src/tracing/sources/node/headers.ts";
import {
  FinalizedBlockChangedError,
  FinalizedHeadWentBackError,
  NoFinalizedBlockError,
} from "../../../../../src/tracing/sources/node/heads.ts";
import {
  indexFrom,
  IndexRefusedError,
  type IndexOptions,
} from "../../../../../src/tracing/sources/node/indexTransfers.ts";
import { BlockTooLargeError } from "../../../../../src/tracing/sources/node/logs.ts";
import {
  BalanceMismatchError,
  proveBalances,
  SupplyMismatchError,
} from "../../../../../src/tracing/sources/node/prove.ts";
import { MalformedAnswerError, NodeRefusedError } from "../../../../../src/chain/rpc.ts";
import {
  AnswersContradictError,
  BloomContradictedError,
  BrokenLogError,
} from "../../../../../src/tracing/sources/node/segment.ts";
import { EndpointsDisagreeError, NO_SEGMENT } from "../../../../../src/tracing/sources/node/walk.ts";
import { ZERO_ADDRESS } from "../../../../../src/tracing/transfers/row.ts";
import { randomFrom } from "../../../orders/random.ts";
import type { FakeChain } from "./chain.ts";
import {
  addressOf,
  ASSET,
  balancesOf,
  bloomOf,
  FakeEndpoint,
  OTHER_ASSET,
  randomChain,
  Refusal,
  Rows,
  thrown,
  transferLog,
  type Tamper,
} from "./chain.ts";

type Options = Partial<Omit<IndexOptions, "urls">>;

/** Indexes a chain from nodes; one honest node unless told. */
async function index(chain: FakeChain, options: Options = {}, ...tampers: Tamper[]) {
  const nodes = tampers.length === 0 ? [new FakeEndpoint(chain)] : tampers.map((it) => new FakeEndpoint(chain, it));
  const rows = new Rows();
  const indexed = await indexFrom(nodes, { asset: ASSET, fromBlock: 0, blocksPerSegment: 16, ...options }, rows);
  return { indexed, rows: rows.all, nodes };
}

const isRange = (params: readonly unknown[]) => "fromBlock" in (params[0] as object);
const rangeOf = (params: readonly unknown[]): [first: number, last: number] => {
  const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
  return [Number(fromBlock), Number(toBlock)];
};
/** Changes the logs of each answer to eth_getLogs. */
const changing =
  (change: (logs: RawLog[], forRange: boolean) => unknown): Tamper =>
  (method, params, next) =>
    method === "eth_getLogs" ? change(structuredClone(next() as RawLog[]), isRange(params)) : next();

/** Refuses ranges of more blocks than this. */
const upTo =
  (most: number, words: (first: number, last: number) => string, code = -32005): Tamper =>
  (method, params, next) => {
    if (method !== "eth_getLogs" || !isRange(params)) return next();
    const [first, last] = rangeOf(params);
    if (last - first >= most) throw new Refusal(words(first, last), code);
    return next();
  };

describe("indexTransfers, of a node that behaves", () => {
  it("gives every transfer of the asset once, in order, with time and hash, whatever a segment's length", async () => {
    const chain = randomChain(randomFrom("order"), 70);
    expect(chain.rows()).to.have.length.above(60);
    for (const blocksPerSegment of [1, 7, 16, 1_000]) {
      const { indexed, rows } = await index(chain, { blocksPerSegment });
      expect(rows).to.deep.equal(chain.rows());
      expect(indexed).to.deep.include({
        chainId: 1,
        asset: ASSET,
        fromBlock: 0,
        toBlock: 69,
        toHash: chain.blocks[69]!.hash,
        transfers: rows.length,
        repaired: 0,
        unproved: [],
      });
      expect(indexed.segments.map(({ last }) => last)).to.have.length(Math.ceil(70 / blocksPerSegment));
    }
  });

  it("commits in each segment's hash to its blocks, its transfers and the segment before, as anyone can write them", async () => {
    const chain = randomChain(randomFrom("hash"), 40);
    const { indexed, rows } = await index(chain);
    let previous = NO_SEGMENT;
    for (const { first, last, parentHash, lastHash, sha256, transfers } of indexed.segments) {
      expect([parentHash, lastHash]).to.deep.equal([chain.blocks[first]!.parentHash, chain.blocks[last]!.hash]);
      const own = rows.filter(({ block }) => block >= first && block <= last);
      const text = [
        `sequester.segment/1,1,${ASSET},${first},${last},${parentHash},${lastHash},${previous}\n`,
        ...own.map((it) => `${it.block},${it.logIndex},${it.hash},${it.time},${it.from},${it.to},${it.value}\n`),
      ].join("");
      expect(sha256).to.equal(createHash("sha256").update(text).digest("hex"));
      expect(transfers).to.equal(own.length);
      previous = sha256;
    }
  });

  it("stops at the evidence block that is asked for, and begins where it is told", async () => {
    const chain = randomChain(randomFrom("part"), 50);
    const { indexed, rows } = await index(chain, { fromBlock: 10, toBlock: 33 });
    expect(rows).to.deep.equal(chain.rows(33).filter(({ block }) => block >= 10));
    expect(indexed.supply.before).to.equal(-(balancesOf(chain.rows(9)).get(ZERO_ADDRESS) ?? 0n));
    expect(indexed.unproved).to.have.length(1);
    expect(indexed.unproved[0]).to.match(/^The history begins at block 10, with \d+ base units/);
  });

  it("reads no block that is not final", async () => {
    const chain = randomChain(randomFrom("final"), 20);
    const first = chain.addUnsafe([transferLog({ from: ZERO_ADDRESS, to: addressOf(1), value: 5n })]);
    const { indexed, nodes } = await index(chain);
    expect(indexed.toBlock).to.equal(19);
    expect(JSON.stringify(nodes[0]!.requests)).not.to.include(`"0x${first.number.toString(16)}"`);
    const error = await thrown(index(chain, { toBlock: 20 }), IndexRefusedError);
    expect(error.code).to.equal(EXIT.usage);
    expect(error.message).to.include("has: block 20").and.include("needs: a block up to 19");
  });

  it("takes an asset in any case, and gives it in lower case", async () => {
    const chain = randomChain(randomFrom("case"), 10);
    const { indexed, rows } = await index(chain, { asset: `0x${ASSET.slice(2).toUpperCase()}` });
    expect(indexed.asset).to.equal(ASSET);
    expect(rows).to.deep.equal(chain.rows());
  });

  it("refuses what cannot be indexed", async () => {
    const chain = randomChain(randomFrom("refused"), 10);
    const refused: [Options, RegExp][] = [
      [{ asset: "0x12" }, /the asset is no address/],
      [{ asset: OTHER_ASSET }, /there is no asset/],
      [{ fromBlock: -1 }, /the first block is none/],
      [{ fromBlock: 1.5 }, /the first block is none/],
      [{ fromBlock: 8, toBlock: 7 }, /there is no block/],
      [{ toBlock: NaN }, /not final/],
    ];
    for (const [options, reason] of refused) {
      const error = await thrown(index(chain, options), IndexRefusedError);
      expect(error.message).to.match(reason);
      expect(error.code).to.equal(EXIT.usage);
    }
    const nobody = indexFrom([], { asset: ASSET, fromBlock: 0 }, new Rows());
    expect((await thrown(nobody, IndexRefusedError)).message).to.include("there is no node");
  });

  it("finds in the header's filter every log that the block has", () => {
    const random = randomFrom("bloom");
    const bits = bloomBits(ASSET, transferLog({ from: ASSET, to: ASSET, value: 0n }).topics[0] as `0x${string}`);
    let excluded = 0;
    for (let i = 0; i < 200; i++) {
      const move = () => ({ from: random.address().toLowerCase(), to: random.address().toLowerCase(), value: 1n });
      const own = transferLog(move());
      const others = [0, 1, 2].map(() => transferLog(move(), random.address().toLowerCase()));
      expect(hasBits(bloomOf([...others, own]), bits)).to.equal(true);
      if (!hasBits(bloomOf(others), bits)) excluded += 1;
    }
    expect(excluded).to.be.above(190);
  });
});

describe("indexTransfers, of a node that answers only so much", () => {
  const chain = randomChain(randomFrom("size"), 64);

  for (const most of [1, 3, 16, 63]) {
    it(`splits ranges until none has more than ${most} blocks, without a gap or an overlap`, async () => {
      const words = () => `exceed maximum block range: ${most}`;
      const { rows, nodes } = await index(chain, { blocksPerSegment: 64 }, upTo(most, words));
      expect(rows).to.deep.equal(chain.rows());
      const asked = nodes[0]!.requests.filter(({ method, params }) => method === "eth_getLogs" && isRange(params));
      const answered = asked.map(({ params }) => rangeOf(params)).filter(([first, last]) => last - first < most);
      let next = 0;
      for (const [first, last] of answered) {
        expect(first).to.equal(next);
        next = last + 1;
      }
      expect(next).to.equal(64);
    });
  }

  it("takes the range that the node suggests", async () => {
    const words = (first: number) => `query exceeds max results 20, retry with the range ${first}-${first + 9}`;
    const { rows, nodes } = await index(chain, { blocksPerSegment: 64 }, upTo(10, words));
    expect(rows).to.deep.equal(chain.rows());
    const asked = nodes[0]!.requests.filter(({ method, params }) => method === "eth_getLogs" && isRange(params));
    expect(asked.map(({ params }) => rangeOf(params)[0] % 10)).to.deep.equal(asked.map(() => 0));
  });

  it("halves a range where the node suggests the very range that it refuses", async () => {
    const words = (first: number, last: number) => `this block range should work: [${first}, ${last}]`;
    const { rows } = await index(chain, { blocksPerSegment: 64 }, upTo(5, words));
    expect(rows).to.deep.equal(chain.rows());
  });

  it("stops where even one block is too large", async () => {
    const error = await thrown(
      index(
        chain,
        {},
        upTo(0, () => "too many results"),
      ),
      BlockTooLargeError,
    );
    expect(error.message).to.include("block 0").and.include("too many results");
    expect(error.code).to.equal(EXIT.node);
  });

  it("splits for no other reason, and gives nothing of a segment that failed in the middle", async () => {
    let ranges = 0;
    const failing: Tamper = (method, params, next) => {
      if (method !== "eth_getLogs" || !isRange(params)) return next();
      const [first, last] = rangeOf(params);
      if (first >= 32 && last - first >= 16) throw new Refusal("block range is too wide");
      if (first >= 48) throw new Refusal("internal error");
      ranges += 1;
      return next();
    };
    const rows = new Rows();
    const options = { asset: ASSET, fromBlock: 0, blocksPerSegment: 32 };
    const error = await thrown(indexFrom([new FakeEndpoint(chain, failing)], options, rows), NodeRefusedError);
    expect(error.message).to.include("has: internal error");
    expect(ranges).to.equal(2);
    expect(rows.all).to.deep.equal(chain.rows(31));
  });
});

describe("indexTransfers, of a node that leaves logs out without a word", () => {
  const chain = randomChain(randomFrom("silent"), 60);

  it("asks anew for each block that the header admits when the answer for the range is empty", async () => {
    const { indexed, rows } = await index(
      chain,
      {},
      changing((logs, forRange) => (forRange ? [] : logs)),
    );
    expect(rows).to.deep.equal(chain.rows());
    expect(indexed.repaired).to.equal(rows.length);
  });

  it("finds what is missing where an answer was cut at any place, from its end or from its beginning", async () => {
    for (let cut = 1; cut < 20; cut++) {
      for (const part of [(logs: RawLog[]) => logs.slice(0, -cut), (logs: RawLog[]) => logs.slice(cut)]) {
        const { indexed, rows } = await index(
          chain,
          {},
          changing((logs, forRange) => (forRange ? part(logs) : logs)),
        );
        expect(rows).to.deep.equal(chain.rows());
        expect(indexed.repaired).to.be.above(0);
      }
    }
  });

  it("never takes a history that lacks one log for whole: 1,000 of 1,000 are mended or found by supply or balances", async () => {
    const random = randomFrom("missing");
    const all = chain.rows();
    const found = { mended: 0, refused: 0, bySupply: 0, byBalances: 0 };
    for (let trial = 0; trial < 1_000; trial++) {
      const lost = random.pick(all.filter(({ from, to, value }) => from !== to && value > 0n));
      const everywhere = random.below(4) > 0;
      const without = (logs: RawLog[]) =>
        logs.filter((log) => Number(log.blockNumber) !== lost.block || Number(log.logIndex) !== lost.logIndex);
      const node = new FakeEndpoint(
        chain,
        changing((logs, forRange) => (forRange || everywhere ? without(logs) : logs)),
      );
      const rows = new Rows();
      try {
        const { toBlock } = await indexFrom([node], { asset: ASSET, fromBlock: 0, blocksPerSegment: 30 }, rows);
        const balances = balancesOf(rows.all);
        balances.delete(ZERO_ADDRESS);
        await proveBalances(node, ASSET, toBlock, balances);
        expect(rows.all).to.deep.equal(all);
        found.mended += 1;
      } catch (error) {
        if (error instanceof SupplyMismatchError) found.bySupply += 1;
        else if (error instanceof BalanceMismatchError) found.byBalances += 1;
        else throw error;
      }
    }
    expect(found.mended + found.bySupply + found.byBalances).to.equal(1_000);
    for (const count of [found.mended, found.bySupply, found.byBalances]) expect(count).to.be.above(20);
  });
});

describe("indexTransfers, of a node that contradicts itself", () => {
  const chain = randomChain(randomFrom("contradiction"), 40);
  const one = (logs: RawLog[], change: (log: RawLog) => Partial<RawLog>) =>
    logs.map((log, i) => (i === 1 ? { ...log, ...change(log) } : log));

  it("stops at a log in a block whose header excludes it", async () => {
    const blind: Tamper = (method, _, next) => {
      const answer = next();
      return method === "eth_getBlockByNumber" && answer !== null
        ? { ...(answer as object), logsBloom: `0x${"0".repeat(512)}` }
        : answer;
    };
    expect((await thrown(index(chain, {}, blind), BloomContradictedError)).code).to.equal(EXIT.verification);
  });

  it("stops at a log of a block that was not asked for", async () => {
    const tamper = changing((logs, forRange) => (forRange ? one(logs, () => ({ blockNumber: "0xffff" })) : logs));
    expect((await thrown(index(chain, {}, tamper), MalformedAnswerError)).message).to.include("a log of block 65535");
  });

  it("stops at a log of another block of the same number", async () => {
    const tamper = changing((logs) => logs.map((log) => ({ ...log, blockHash: `0x${"12".repeat(32)}` })));
    await thrown(index(chain, {}, tamper), AnswersContradictError);
  });

  it("stops at a log that is there twice", async () => {
    const tamper = changing((logs) => [...logs, ...logs]);
    expect((await thrown(index(chain, {}, tamper), AnswersContradictError)).message).to.match(/has: log \d+ twice/);
  });

  it("stops where the block's own answer lacks a log that the answer for the range has", async () => {
    const tamper = changing((logs, forRange) => (forRange ? logs : logs.slice(1)));
    await thrown(index(chain, {}, tamper), AnswersContradictError);
  });

  it("stops at blocks that are no chain, within a segment and between two", async () => {
    for (const number of [5, 16]) {
      const tamper: Tamper = (method, params, next) =>
        method === "eth_getBlockByNumber" && Number(params[0]) === number
          ? { ...(next() as object), parentHash: `0x${"ab".repeat(32)}` }
          : next();
      const error = await thrown(index(chain, {}, tamper), BrokenHeaderChainError);
      expect(error.message).to.include(`at block ${number}`);
    }
  });

  it("stops at a block that it does not have, and waits for one that it does not have yet", async () => {
    const lacking = (times: number): Tamper => {
      let left = times;
      return (method, params, next) =>
        method === "eth_getBlockByNumber" && Number(params[0]) === 9 && left-- > 0 ? null : next();
    };
    const error = await thrown(index(chain, {}, lacking(Infinity)), HeaderMissingError);
    expect(error.message).to.include("block 9");
    expect((await index(chain, {}, lacking(2))).rows).to.deep.equal(chain.rows());
  });

  it("stops at answers that are none", async () => {
    const answers: [method: string, answer: unknown][] = [
      ["eth_getLogs", null],
      ["eth_getLogs", [null]],
      ["eth_getLogs", { logs: [] }],
      ["eth_getBlockByNumber", "0x1"],
      ["eth_getBlockByNumber", { number: "0x0" }],
      ["eth_chainId", "mainnet"],
      ["eth_getCode", 7],
      ["eth_call", "0x01"],
      ["eth_call", null],
    ];
    for (const [method, answer] of answers) {
      const tamper: Tamper = (asked, _, next) => (asked === method ? answer : next());
      const error = await thrown(index(chain, {}, tamper), MalformedAnswerError);
      expect(error.message, method).to.include(method);
      expect(error.code).to.equal(EXIT.node);
    }
  });

  it("stops at a header of another block than asked for", async () => {
    const tamper: Tamper = (method, params, next) =>
      method === "eth_getBlockByNumber" && params[0] === "0x3" ? chain.answer(method, ["0x4"]) : next();
    expect((await thrown(index(chain, {}, tamper), MalformedAnswerError)).message).to.include("has: block 4");
  });

  const broken: [fault: BrokenFault, what: string, change: (log: RawLog) => Partial<RawLog>][] = [
    ["RemovedLog", "a log that was taken back", () => ({ removed: true })],
    ["BadPlace", "a log of no block", () => ({ blockNumber: null })],
    ["BadPlace", "a log of no transaction", () => ({ transactionHash: null })],
    ["BadData", "a value of 64 bytes", ({ data }) => ({ data: data + data.slice(2) })],
    ["BadData", "no value", () => ({ data: "0x" })],
    ["DirtyAddress", "a dirty address", ({ topics }) => ({ topics: [topics[0]!, topics[0]!, topics[2]!] })],
    ["BadTopic", "a short topic", ({ topics }) => ({ topics: [topics[0]!, "0x12", topics[2]!] })],
  ];
  for (const [fault, what, change] of broken) {
    it(`stops at ${what}: ${fault}`, async () => {
      const tamper = changing((logs) => one(logs, change));
      const error = await thrown(index(chain, {}, tamper), BrokenLogError);
      expect(error.fault).to.equal(fault);
    });
  }

  it("counts logs of other contracts, events and shapes, and leaves them out", async () => {
    const foreign = randomChain(randomFrom("foreign"), 20);
    const transfer = transferLog({ from: addressOf(1), to: addressOf(2), value: 7n });
    foreign.add([
      { ...transfer, topics: [...transfer.topics, transfer.topics[1]!] },
      transferLog({ from: ZERO_ADDRESS, to: addressOf(3), value: 1n }),
    ]);
    const bait = { ...foreign.blocks[1]!.logs[0]!, blockNumber: "0x1", logIndex: "0x99" };
    const others = [
      { ...bait, ...transferLog({ from: addressOf(1), to: addressOf(2), value: 10n ** 9n }, OTHER_ASSET) },
      { ...bait, ...transfer, topics: [`0x${"77".repeat(32)}`, ...transfer.topics.slice(1)] },
    ];
    const tamper = changing((logs, forRange) =>
      forRange && logs.some((it) => it.blockNumber === "0x1") ? [...logs, ...others] : logs,
    );
    const { indexed, rows } = await index(foreign, {}, tamper);
    expect(rows).to.deep.equal(foreign.rows());
    expect(indexed.leftOut).to.deep.equal({ ForeignEmitter: 1, ForeignEvent: 1, ForeignShape: 1 });
  });
});

describe("indexTransfers, of several nodes", () => {
  it("takes what all agree on, up to the block that all call final", async () => {
    const chain = randomChain(randomFrom("agree"), 40);
    const behind = chain.copy();
    behind.finalized = 30;
    const rows = new Rows();
    const nodes = [new FakeEndpoint(chain), new FakeEndpoint(behind)];
    const indexed = await indexFrom(nodes, { asset: ASSET, fromBlock: 0, blocksPerSegment: 16 }, rows);
    expect(indexed.toBlock).to.equal(30);
    expect(rows.all).to.deep.equal(chain.rows(30));
  });

  it("stops where one has another transfer, another amount, or one transfer less, and says where", async () => {
    const chain = randomChain(randomFrom("disagree"), 40);
    const { block, logIndex } = chain.rows().find((row) => row.block > 20)!;
    const log = (of: FakeChain) => of.blocks[block]!.logs.find((it) => Number(it.logIndex) === logIndex)!;
    const changes: ((of: FakeChain) => void)[] = [
      (of) => Object.assign(log(of), { data: `0x${"0".repeat(63)}1` }),
      (of) => of.blocks[block]!.logs.splice(of.blocks[block]!.logs.indexOf(log(of)), 1),
      (of) => Object.assign(log(of), { transactionHash: `0x${"34".repeat(32)}` }),
    ];
    for (const change of changes) {
      const other = chain.copy();
      change(other);
      const rows = new Rows();
      const nodes = [new FakeEndpoint(chain), new FakeEndpoint(other, undefined, "other")];
      const run = indexFrom(nodes, { asset: ASSET, fromBlock: 0, blocksPerSegment: 16 }, rows);
      const error = await thrown(run, EndpointsDisagreeError);
      expect(error.code).to.equal(EXIT.verification);
      expect(error.message)
        .to.include("blocks 16 to 31")
        .and.include(`block ${block}, log ${logIndex}`)
        .and.include("other has:");
      expect(rows.all).to.deep.equal(chain.rows(15));
    }
  });

  it("stops where the blocks differ though the transfers do not", async () => {
    const chain = randomChain(randomFrom("blocks"), 20);
    const other = chain.copy();
    other.turn(1);
    other.add([]);
    chain.turn(1);
    chain.turn(0);
    chain.add([]);
    const nodes = [new FakeEndpoint(chain), new FakeEndpoint(other)];
    const error = await thrown(indexFrom(nodes, { asset: ASSET, fromBlock: 0 }, new Rows()), EndpointsDisagreeError);
    expect(error.message).to.include("in the blocks' hashes or times");
  });

  it("refuses nodes of different chains", async () => {
    const chain = randomChain(randomFrom("chains"), 10);
    const other = chain.copy();
    other.chainId = 137;
    const nodes = [new FakeEndpoint(chain), new FakeEndpoint(other)];
    const error = await thrown(indexFrom(nodes, { asset: ASSET, fromBlock: 0 }, new Rows()), IndexRefusedError);
    expect(error.message).to.include("different chains").and.include("chain 137");
  });
});

describe("indexTransfers, and what a node calls final", () => {
  const chain = randomChain(randomFrom("heads"), 30);
  const heads =
    (...answers: unknown[]): Tamper =>
    (method, params, next) =>
      method === "eth_getBlockByNumber" && params[0] === "finalized" ? answers.shift() : next();
  const block = (number: number) => chain.answer("eth_getBlockByNumber", [`0x${number.toString(16)}`]);

  it("stops where it knows no finalized block", async () => {
    await thrown(index(chain, {}, heads(null)), NoFinalizedBlockError);
  });

  it("stops where the finalized block goes back while it reads", async () => {
    const error = await thrown(index(chain, {}, heads(block(29), block(28))), FinalizedHeadWentBackError);
    expect(error.message).to.include("has: block 28").and.include("needs: block 29");
    expect(error.code).to.equal(EXIT.node);
  });

  it("stops where the finalized block is another one than before", async () => {
    const other = { ...(block(29) as object), hash: `0x${"56".repeat(32)}` };
    await thrown(index(chain, {}, heads(block(29), other)), FinalizedBlockChangedError);
  });

  it("does not mind a finalized block that goes on", async () => {
    const { indexed } = await index(chain, {}, heads(block(20), block(29)));
    expect(indexed.toBlock).to.equal(20);
  });
});

describe("indexTransfers, and the supply", () => {
  it("stops where mints and burns do not explain it", async () => {
    const chain = randomChain(randomFrom("supply"), 30);
    chain.hiddenSupply = 1n;
    const error = await thrown(index(chain), SupplyMismatchError);
    expect(error.code).to.equal(EXIT.verification);
    expect(error.message).to.include("without a Transfer");
  });

  it("says what it could not prove where the node has forgotten the state before", async () => {
    const chain = randomChain(randomFrom("forgotten"), 30);
    chain.stateFrom = 20;
    const { indexed } = await index(chain, { fromBlock: 10 });
    expect(indexed.supply.before).to.equal(null);
    expect(indexed.unproved).to.deep.equal([
      "The supply before block 10 is forgotten by the node: mints and burns were not held against it.",
    ]);
  });

  it("stops where the node has forgotten the state of the evidence block itself", async () => {
    const chain = randomChain(randomFrom("pruned"), 30);
    chain.stateFrom = 20;
    const error = await thrown(index(chain, { toBlock: 15 }), NodeRefusedError);
    expect(error.kind).to.equal("state");
  });
});

describe("proveBalances", () => {
  const chain = randomChain(randomFrom("balances"), 30);
  const balances = balancesOf(chain.rows());
  balances.delete(ZERO_ADDRESS);

  it("passes where every balance is what the asset tells", async () => {
    const node = new FakeEndpoint(chain);
    await proveBalances(node, ASSET, 29, balances);
    expect(node.requests).to.have.length(balances.size);
  });

  it("names the account, what it has by the transfers and what it needs, of every difference", async () => {
    const wrong = new Map(balances);
    const [first, second] = [...wrong.keys()] as [string, string];
    wrong.set(first, balances.get(first)! + 1n).set(second, balances.get(second)! + 5n);
    const error = await thrown(proveBalances(new FakeEndpoint(chain), ASSET, 29, wrong), BalanceMismatchError);
    expect(error.differences).to.deep.equal(
      [first, second].map((account) => ({ account, has: wrong.get(account), needs: balances.get(account) })),
    );
    expect(error.code).to.equal(EXIT.verification);
    expect(error.message).to.include(first).and.include("at block 29");
  });
});
