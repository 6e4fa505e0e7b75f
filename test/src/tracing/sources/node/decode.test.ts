// Long: random logs by the thousand.
import { expect } from "chai";
import { Interface } from "ethers";
import { erc20Abi, keccak256, parseEventLogs, stringToHex, toHex, type Hex, type Log } from "viem";
import {
  decodeTransfer,
  TRANSFER_TOPIC,
  type LogFault,
  type RawLog,
} from "../../../../../src/tracing/sources/node/decode.ts";
import { randomFrom, type Random } from "../../../orders/random.ts";

const ASSET = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
const ERC20 = new Interface(["event Transfer(address indexed from, address indexed to, uint256 value)"]);

const topicOf = (address: string): Hex => `0x${address.slice(2).toLowerCase().padStart(64, "0")}`;

function randomLog(random: Random): RawLog {
  return {
    address: ASSET,
    topics: [TRANSFER_TOPIC, topicOf(random.address()), topicOf(random.address())],
    data: toHex(random.uint(256), { size: 32 }),
    blockNumber: toHex(random.below(2 ** 31)),
    blockHash: random.bytes(32),
    transactionHash: random.bytes(32),
    logIndex: toHex(random.below(1000)),
    removed: false,
  };
}

/** What viem reads in strict mode; undefined where it finds no transfer. */
function viemReads(log: RawLog) {
  try {
    const [event] = parseEventLogs({ abi: erc20Abi, eventName: "Transfer", logs: [log as unknown as Log] });
    return event && { from: event.args.from.toLowerCase(), to: event.args.to.toLowerCase(), value: event.args.value };
  } catch {
    return undefined;
  }
}

/** What ethers reads; undefined where it finds no transfer. */
function ethersReads(log: RawLog) {
  try {
    const event = ERC20.parseLog(log);
    if (event === null) return undefined;
    const [from, to, value] = event.args as unknown as [string, string, bigint];
    return { from: from.toLowerCase(), to: to.toLowerCase(), value };
  } catch {
    return undefined;
  }
}

function moneyOf(log: RawLog) {
  const decoded = decodeTransfer(log, ASSET);
  if (typeof decoded === "string") return decoded;
  const { from, to, value } = decoded;
  return { from, to, value };
}

/** Each way to spoil a log, with the fault that it must be given. */
const SPOILT: readonly [what: string, fault: LogFault, spoil: (log: RawLog, random: Random) => Partial<RawLog>][] = [
  ["an ERC-721 transfer", "ForeignShape", ({ topics, data }) => ({ topics: [...topics, data], data: "0x" })],
  [
    "a transfer that indexes nothing",
    "ForeignShape",
    ({ topics, data }) => ({
      topics: topics.slice(0, 1),
      data: `0x${[topics[1], topics[2], data].map((it) => it!.slice(2)).join("")}`,
    }),
  ],
  ["no second address", "ForeignShape", ({ topics }) => ({ topics: topics.slice(0, 2) })],
  ["no topics", "ForeignEvent", () => ({ topics: [] })],
  ["topics that are no list", "ForeignEvent", () => ({ topics: TRANSFER_TOPIC as unknown as string[] })],
  [
    "an approval",
    "ForeignEvent",
    ({ topics }) => ({ topics: [keccak256(stringToHex("Approval(address,address,uint256)")), ...topics.slice(1)] }),
  ],
  ["another emitter", "ForeignEmitter", (_, random) => ({ address: random.address() })],
  ["no emitter", "ForeignEmitter", () => ({ address: null as unknown as string })],
  ["a log that was taken back", "RemovedLog", () => ({ removed: true })],
  ["no data", "BadData", () => ({ data: "0x" })],
  ["31 bytes of data", "BadData", ({ data }) => ({ data: data.slice(0, -2) })],
  ["33 bytes of data", "BadData", ({ data }) => ({ data: `${data}00` })],
  ["64 bytes of data", "BadData", ({ data }) => ({ data: data + data.slice(2) })],
  ["data that are no hexadecimal", "BadData", ({ data }) => ({ data: `${data.slice(0, -1)}g` })],
  ["data with a line feed", "BadData", ({ data }) => ({ data: `${data}\n` })],
  ["data that are a list", "BadData", ({ data }) => ({ data: [data] as unknown as string })],
  ["data that are null", "BadData", () => ({ data: null as unknown as string })],
  [
    "a dirty sender",
    "DirtyAddress",
    ({ topics }) => ({ topics: [topics[0]!, `0x01${topics[1]!.slice(4)}`, topics[2]!] }),
  ],
  [
    "a dirty recipient, in its lowest high byte",
    "DirtyAddress",
    ({ topics }) => ({ topics: [topics[0]!, topics[1]!, `${topics[2]!.slice(0, 25)}1${topics[2]!.slice(26)}`] }),
  ],
  ["a short topic", "BadTopic", ({ topics }) => ({ topics: [topics[0]!, topics[1]!.slice(0, -2), topics[2]!] })],
  [
    "a topic of 20 bytes",
    "BadTopic",
    (_, random) => ({ topics: [TRANSFER_TOPIC, random.address(), random.address()] }),
  ],
  [
    "a topic that is null",
    "BadTopic",
    ({ topics }) => ({ topics: [topics[0]!, topics[1]!, null as unknown as string] }),
  ],
  ["no block yet", "BadPlace", () => ({ blockNumber: null, blockHash: null, logIndex: null })],
  ["a block number with leading zeros", "BadPlace", () => ({ blockNumber: "0x01" })],
  ["a block number that is a number", "BadPlace", () => ({ blockNumber: 1 as unknown as string })],
  ["a negative log index", "BadPlace", () => ({ logIndex: "-0x1" })],
  ["a short transaction hash", "BadPlace", () => ({ transactionHash: "0x12" })],
];

describe("decodeTransfer", () => {
  it("reads what viem and ethers read, on random logs", () => {
    const random = randomFrom("decode");
    for (let i = 0; i < 3_000; i++) {
      const log = randomLog(random);
      const ours = moneyOf(log);
      expect(ours).to.deep.equal(viemReads(log));
      expect(ours).to.deep.equal(ethersReads(log));
    }
  });

  it("keeps the edges of a value exact", () => {
    const log = randomLog(randomFrom("edges"));
    for (const value of [0n, 1n, 2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 256n - 1n]) {
      expect(moneyOf({ ...log, data: toHex(value, { size: 32 }) })).to.have.property("value", value);
    }
  });

  it("reads block, log index and hashes, and gives everything in lower case", () => {
    const log = randomLog(randomFrom("place"));
    const shouted = {
      ...log,
      address: `0x${ASSET.slice(2).toUpperCase()}`,
      topics: log.topics.map((topic) => `0x${topic.slice(2).toUpperCase()}`),
      transactionHash: `0x${log.transactionHash!.slice(2).toUpperCase()}`,
    };
    const decoded = decodeTransfer(log, ASSET);
    expect(decodeTransfer(shouted, ASSET)).to.deep.equal(decoded);
    expect(decoded).to.include({
      block: Number(log.blockNumber),
      logIndex: Number(log.logIndex),
      hash: log.transactionHash,
      blockHash: log.blockHash,
    });
  });

  for (const [what, fault, spoil] of SPOILT) {
    it(`names ${fault} for ${what}`, () => {
      const random = randomFrom(what);
      for (let i = 0; i < 50; i++) {
        const log = randomLog(random);
        expect(moneyOf({ ...log, ...spoil(log, random) })).to.equal(fault);
      }
    });
  }

  it("refuses all that viem or ethers refuse, and differs from neither on what it takes, on logs spoilt at random", () => {
    const random = randomFrom("hostile");
    const hex = "0123456789abcdefgx \n";
    const stricter: Partial<Record<LogFault, number>> = {};
    let taken = 0;
    const mangle = (text: string): string => {
      const at = random.below(text.length);
      const letter = random.pick([...hex]);
      return random.pick([
        () => text,
        () => text,
        () => text,
        () => text.slice(0, at) + letter + text.slice(at + 1),
        () => text.slice(0, at) + text.slice(at + 1),
        () => text + letter,
        () => text.slice(0, at),
      ])();
    };
    for (let i = 0; i < 20_000; i++) {
      const log = randomLog(random);
      const topics = random.below(20) === 0 ? [...log.topics, log.data] : log.topics;
      const hostile = { ...log, topics: topics.map(mangle), data: mangle(log.data) };
      const ours = moneyOf(hostile);
      const theirs = [viemReads(hostile), ethersReads(hostile)];
      if (typeof ours === "object") {
        taken += 1;
        expect(theirs).to.deep.equal([ours, ours]);
      } else if (theirs.some((it) => it !== undefined)) {
        stricter[ours] = (stricter[ours] ?? 0) + 1;
      }
    }
    expect(taken).to.be.above(1_000);
    // What a generic decoder lets pass and evidence must not: each of these can change money or an account unseen.
    expect(stricter).to.have.keys("BadData", "BadTopic", "DirtyAddress", "ForeignShape");
  });
});
