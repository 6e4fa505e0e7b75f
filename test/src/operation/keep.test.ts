import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import type { NetworkConnection } from "hardhat/types/network";
import { createPublicClient, custom, toFunctionSelector, type Hex, type PublicClient } from "viem";
import { gather } from "../../../src/audit/gather.ts";
import { packOf } from "../../../src/audit/pack.ts";
import type { SequesterError } from "../../../src/base/errors.ts";
import { readNotice } from "../../../src/notice/read.ts";
import { readKept, writeKept } from "../../../src/operation/keep.ts";
import type { EmbeddedChain } from "../../../src/operation/play/embedded.ts";
import type { MakingCall } from "../../../src/operation/play/record.ts";
import { reopen } from "../../../src/operation/reopen.ts";
import { openChain, runOperation, type OperationResult } from "../../../src/operation/run.ts";
import { removeTemporaryFolders, temporaryFolder } from "./folders.ts";
import { account, ALL_ACTS, smallOperation, TWO_CASES } from "./small.ts";

async function hashesOf(client: PublicClient): Promise<Hex[]> {
  const numbers = Array.from({ length: Number(await client.getBlockNumber()) + 1 }, (_, n) => BigInt(n));
  return Promise.all(numbers.map(async (blockNumber) => (await client.getBlock({ blockNumber })).hash));
}

describe("an operation that is played twice", () => {
  after(removeTemporaryFolders);

  it("has the same blocks, and the same pack to the byte, however long it takes", async () => {
    const once = await runOperation({ operation: smallOperation(), prove: true });
    const again = await runOperation({
      operation: smallOperation(),
      prove: true,
      // The computer's clock is in another second than the chain's first block before anything is sent.
      progress: ({ step, done }) => (step === "deploy" && done === 0 ? setTimeout(1_100) : undefined),
    });
    expect(again.statement.block).to.deep.equal(once.statement.block);
    expect(Buffer.from(again.pack!.bytes).equals(Buffer.from(once.pack!.bytes))).to.equal(true);
    expect(again.kept).to.deep.equal(once.kept);
  });
});

describe("a kept chain", () => {
  let chain: EmbeddedChain;
  let result: OperationResult;
  let dir: string;

  before(async () => {
    const operation = smallOperation(ALL_ACTS);
    chain = await openChain(operation);
    result = await runOperation({ operation, chain, prove: true });
    dir = temporaryFolder();
    await writeKept(dir, { chain: result.kept, deployment: result.deployment });
  });
  after(async () => {
    await chain.close();
    removeTemporaryFolders();
  });

  it("is read as it was written", async () => {
    expect(await readKept(dir)).to.deep.equal({ chain: result.kept, deployment: result.deployment });
  });

  it("has all kinds of calls that are played again, and the refused ones", () => {
    const methods = new Set(result.kept.calls.map(({ method }) => method));
    expect([...methods].toSorted()).to.deep.equal([
      "eth_sendTransaction",
      "evm_setNextBlockTimestamp",
      "hardhat_impersonateAccount",
      "hardhat_setBalance",
    ]);
    expect(result.kept.calls.filter(({ refused }) => refused)).to.have.length.above(0);
  });

  it("has the empty block that an operation ends with, where there is one", async () => {
    const { timeline, ...rest } = TWO_CASES;
    const operation = smallOperation({
      ...rest,
      timeline: [...timeline, { at: "61d", act: "lapse" }, { at: "62d", act: "lapse" }],
    });
    const { kept, deployment } = await runOperation({ operation });
    expect(kept.calls.at(-1)?.method).to.equal("evm_mine");
    await (await reopen({ chain: kept, deployment })).close();
  });

  describe("opened", () => {
    let opened: NetworkConnection;
    let client: PublicClient;
    before(async () => {
      opened = await reopen(await readKept(dir));
      client = createPublicClient({ transport: custom(opened.provider), cacheTime: 0 });
    });
    after(() => opened.close());

    it("has the same hash at every block", async () => {
      const hashes = await hashesOf(chain.client);
      expect(hashes).to.have.length.above(30);
      expect(await hashesOf(client)).to.deep.equal(hashes);
    });

    it("gives the same notice", async () => {
      const subject = {
        asset: { address: result.deployment.addresses.assets["USDX"]!, symbol: "USDX" },
        account: account(1),
      };
      const notice = await readNotice(client, result.deployment, subject);
      expect(notice.taken).to.have.length(1);
      expect(notice).to.deep.equal(await readNotice(chain.client, result.deployment, subject));
    });

    it("gives the same pack", async () => {
      const { bytes } = await packOf(await gather(client, result.deployment, BigInt(result.kept.block)));
      expect(Buffer.from(bytes).equals(Buffer.from(result.pack!.bytes))).to.equal(true);
    });
  });

  /** A copy of the folder with other lines: the error that refuses it. */
  async function refusalOf(change: (lines: string[]) => void): Promise<SequesterError> {
    const copy = temporaryFolder();
    cpSync(dir, copy, { recursive: true });
    const file = path.join(copy, "chain.jsonl");
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    change(lines);
    writeFileSync(file, `${lines.join("\n")}\n`);
    return refused(copy);
  }

  const refused = async (folder: string): Promise<SequesterError> =>
    readKept(folder)
      .then(reopen)
      .then(
        () => expect.fail("it was opened"),
        (error: SequesterError) => error,
      );

  type Changed = MakingCall & { params: (Record<string, unknown> & string)[] };

  /** Changes the last call of a method, or the last of those that are wanted. */
  const changed =
    (method: string, change: (call: Changed) => void, wanted: (call: MakingCall) => boolean = () => true) =>
    (lines: string[]) => {
      const at = lines.findLastIndex((line, i) => {
        const call = JSON.parse(line) as MakingCall;
        return i > 0 && call.method === method && wanted(call);
      });
      const call = JSON.parse(lines[at]!) as Changed;
      change(call);
      lines[at] = JSON.stringify(call);
    };
  const headed = (lines: string[], fields: object) => {
    lines[0] = JSON.stringify({ ...(JSON.parse(lines[0]!) as object), ...fields });
  };
  const swap = (lines: string[], a: number, b: number) => {
    [lines[a], lines[b]] = [lines[b]!, lines[a]!];
  };
  const lastOf = (lines: string[], method: string) => lines.findLastIndex((line) => line.includes(method));

  /** Of Tenge. */
  const MINT = toFunctionSelector("mint(address,uint256)");

  const OTHERS: [what: string, change: (lines: string[]) => void][] = [
    ["another transaction", changed("eth_sendTransaction", ({ params }) => (params[0]!["gas"] = "0xffffff"))],
    [
      "another second",
      changed("evm_setNextBlockTimestamp", (call) => (call.params = [Number(call.params[0]) + 1] as never)),
    ],
    ["another balance", changed("hardhat_setBalance", ({ params }) => (params[1] = "0xde0b6b3a7640001" as never))],
    [
      "a call less, and a header that says so",
      (lines) => {
        lines.splice(lastOf(lines, "eth_sendTransaction"), 1);
        headed(lines, { calls: lines.length - 1 });
      },
    ],
    ["two payments in another order", (lines) => swap(lines, lastOf(lines, MINT), lastOf(lines, MINT) - 2)],
    ["a second before the one of the block before", (lines) => swap(lines, 2, lastOf(lines, "evm_setNext"))],
    [
      "a refused transaction that was done",
      changed(
        "eth_sendTransaction",
        (call) => delete call.refused,
        (call) => call.refused === true,
      ),
    ],
    ["a done transaction that was refused", changed("eth_sendTransaction", (call) => (call.refused = true))],
    ["an earlier start", (lines) => headed(lines, { start: result.kept.start - 1 })],
    ["another hash of the last block", (lines) => headed(lines, { hash: `0x${"1".repeat(64)}` })],
    ["another number of the last block", (lines) => headed(lines, { block: result.kept.block + 1 })],
  ];
  for (const [what, change] of OTHERS) {
    it(`is refused with ${what}`, async () => {
      const error = await refusalOf(change);
      expect(error).to.include({ name: "ChainDiffersError", code: 3 });
      expect(error.metaMessages.map((line) => line.slice(0, 5))).to.deep.equal(["has: ", "needs"]);
    });
  }

  it("is refused with who made it, where another program or hardfork may be why it differs", async () => {
    const error = await refusalOf((lines) => headed(lines, { hash: `0x${"1".repeat(64)}`, hardfork: "prague" }));
    const { client } = result.kept;
    expect(error.metaMessages.slice(2)).to.deep.equal([`made by: ${client}, prague`, `played by: ${client}, osaka`]);
  });

  it("is refused with the deployment of another chain", async () => {
    const copy = temporaryFolder();
    const { addresses } = result.deployment;
    const assets = { ...addresses.assets, USDX: account(5) };
    await writeKept(copy, {
      chain: result.kept,
      deployment: { ...result.deployment, addresses: { ...addresses, assets } },
    });
    expect(await refused(copy)).to.include({ name: "DeploymentMismatchError", code: 3 });
  });

  for (const method of ["hardhat_setCode", "evm_revert", "toString", "__proto__", "eth_sendRawTransaction"]) {
    it(`is refused with a call of ${method}, before anything is played`, async () => {
      const error = await refusalOf((lines) => (lines[3] = JSON.stringify({ method, params: [] })));
      expect(error).to.include({ name: "ForeignCallError", code: 64 });
      expect(error.message)
        .to.match(/chain\.jsonl, line 4, is not played\.\n {2}has: /)
        .and.include(`has: ${method}\n`);
    });
  }

  const MALFORMED: [what: string, change: (lines: string[]) => void, where: string][] = [
    ["a line that is no JSON", (lines) => (lines[4] = "{"), "line 5"],
    ["an empty line", (lines) => lines.splice(4, 0, ""), "line 5"],
    ["a line that is no call", (lines) => (lines[4] = "null"), "line 5"],
    ["a call without a method", (lines) => (lines[4] = '{"params":[]}'), "line 5"],
    ["a call with an unknown field", (lines) => (lines[1] = lines[1]!.replace("{", '{"id":1,')), "line 2"],
    [
      "a transaction with an unknown field",
      (lines) => (lines[2] = lines[2]!.replace("[{", '[{"type":"0x4",')),
      "line 3, params",
    ],
    ["a second that is a text", (lines) => (lines[1] = lines[1]!.replace(/\[(\d+)\]/, '["$1"]')), "line 2, params"],
    ["a parameter too many", (lines) => (lines[1] = lines[1]!.replace(/\[(\d+)\]/, "[$1,1]")), "line 2, params"],
    ["a start that no clock has", (lines) => headed(lines, { start: Number.MAX_SAFE_INTEGER }), "line 1"],
    ["a header of another schema", (lines) => headed(lines, { schema: "sequester.chain/2" }), "line 1"],
    ["a header of another chain", (lines) => headed(lines, { chainId: 1 }), "line 1"],
    ["a line less than its header says", (lines) => lines.pop(), "chain.jsonl is refused"],
    ["a line more than its header says", (lines) => lines.push(lines[1]!), "chain.jsonl is refused"],
  ];
  for (const [what, change, where] of MALFORMED) {
    it(`is refused with ${what}`, async () => {
      const error = await refusalOf(change);
      expect(error).to.include({ name: "InvalidFileError", code: 64 });
      expect(error.message).to.include(where);
    });
  }
});
