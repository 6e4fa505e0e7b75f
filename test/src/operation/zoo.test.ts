// Long: brings an operation through every species of a faulty node to one of another make.
import { expect } from "chai";
import { bringCalls, requireJournal } from "../../../src/operation/bring.ts";
import { openChain, runOperation, type OperationResult } from "../../../src/operation/run.ts";
import { SequesterError } from "../../../src/base/errors.ts";
import { startAnvil } from "../../deploy/node.ts";
import {
  BREAKS,
  HONEST,
  HOPELESS,
  hurry,
  nodeBehind,
  Http,
  PATIENT,
  Refusal,
  SILENT,
  zooNode,
  type Species,
} from "../chain/zoo.ts";
import { removeTemporaryFolders } from "./folders.ts";
import { ALL_ACTS, smallOperation } from "./small.ts";

const MAKES = ["eth_sendTransaction", "evm_mine"];

/** Of what makes blocks, every so many, something else; `does`: after it is done. */
const sometimes =
  (answer: () => unknown, { does = false, every = 5 } = {}): (() => Species) =>
  () => {
    let made = 0;
    return async ({ method, honest }) => {
      if (!MAKES.includes(method) || ++made % every !== 0) return HONEST;
      if (does) await honest();
      return answer();
    };
  };

const SENDERS: Readonly<Record<string, () => Species>> = {
  "breaks before it has it": sometimes(() => BREAKS),
  "breaks after it has it": sometimes(() => BREAKS, { does: true }),
  "is down before it has it": sometimes(() => new Http(500, "no")),
  "is busy, 429": sometimes(() => new Http(429, "no", { "retry-after": "1" })),
  "never answers, though it has it": sometimes(() => SILENT, { does: true, every: 20 }),
  "calls it known, though it has it": sometimes(() => new Refusal(-32_000, "already known"), { does: true }),
  "calls its number too low, though it has it": sometimes(() => new Refusal(-32_000, "nonce too low"), { does: true }),
  "loses it": sometimes(() => `0x${"11".repeat(32)}`, { every: 9 }),
};

describe("an operation that is brought to a zoo of faulty nodes", function () {
  this.timeout(120_000);
  let result: OperationResult;
  let node: Awaited<ReturnType<typeof startAnvil>>;
  let empty: `0x${string}`;
  let unhurry: () => void;

  before(async () => {
    const operation = smallOperation(ALL_ACTS);
    const chain = await openChain(operation);
    result = await runOperation({ operation, chain, prove: true });
    await chain.close();
    node = await startAnvil("--timestamp", String(result.kept.start));
    empty = await node.client.snapshot();
    unhurry = hurry();
  });
  afterEach(async () => {
    await node.client.revert({ id: empty });
    empty = await node.client.snapshot();
  });
  after(async () => {
    unhurry?.();
    await node?.stop();
    removeTemporaryFolders();
  });

  const bring = async (species: Species): Promise<Error | undefined> => {
    const { url, stop } = await zooNode(species, nodeBehind(node.url));
    const { kept, deployment, pack } = result;
    try {
      await bringCalls(url, kept, undefined, 2_000);
      await requireJournal(url, deployment, pack!.evidence.entries.at(-1)!.head, kept.block);
      return undefined;
    } catch (error) {
      return error as Error;
    } finally {
      stop();
    }
  };
  const isBrought = async (error: Error | undefined) => {
    expect(error?.message).to.equal(undefined);
    expect(Number(await node.client.getBlockNumber())).to.equal(result.kept.block);
  };

  for (const [name, species] of Object.entries({ ...PATIENT, ...SENDERS })) {
    it(`is there in the end, each call once, at one that ${name}`, async () => {
      await isBrought(await bring(species()));
    });
  }

  for (const [name, species] of Object.entries(HOPELESS)) {
    it(`ends with the node's fault, and goes on at an honest one, where it ${name}`, async () => {
      const error = await bring(species());
      if (error !== undefined) {
        expect(error, error.stack).to.be.instanceOf(SequesterError).with.property("code", 5);
        await isBrought(await bring(() => HONEST));
      } else await isBrought(undefined);
    });
  }

  it("is refused where a block came at another second than the operation's, though all else is the same", async () => {
    await isBrought(await bring(() => HONEST));
    const late: Species = async ({ method, params, honest }) => {
      if (method !== "eth_getBlockByNumber" || Number(params[0]) !== 7) return HONEST;
      const block = (await honest()) as { timestamp: string };
      return { ...block, timestamp: `0x${(Number(block.timestamp) + 1).toString(16)}` };
    };
    const refused = await bring(late);
    expect(refused).to.include({ name: "OtherHistoryError", code: 64 });
    expect(refused!.message).to.include("block 7");
  });
});
