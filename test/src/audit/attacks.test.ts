// Long: a node that contradicts itself is asked three times.
// Nodes that omit, repeat, reorder or invent, answer from another block, are pruned, limit or hang up; proofs of what is not there.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { RLP } from "@ethereumjs/rlp";
import { bytesToHex, hexToBytes, type Hex } from "viem";
import { gather } from "../../../src/audit/gather.ts";
import { encodeHeader, readHeader } from "../../../src/audit/header.ts";
import { proven } from "../../../src/audit/proof.ts";
import { ruleSlot } from "../../../src/audit/slots.ts";
import type { Evidence } from "../../../src/audit/evidence.ts";
import { SequesterError } from "../../../src/base/errors.ts";
import { client, ethers, networkHelpers } from "../../system/chain.ts";
import { sequester } from "../cli/inProcess.ts";
import { furnish } from "../cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { deployHistory, type History } from "./world.ts";

type Params = unknown[];
/** What a node answers instead; an Error: it refuses; undefined: nothing else than it should. */
type Lie = (method: string, params: Params, honest: () => Promise<unknown>) => unknown;
interface Log {
  data: Hex;
  topics: Hex[];
  blockNumber: Hex;
}
/** The node drops the connection. */
const HANGS_UP = Symbol("hangs up");

describe("audit snapshot from a node that is not to be trusted", function () {
  this.timeout(60_000);
  let system: History;
  let evidence: Evidence;
  let file: (name: string) => string;
  const servers: Server[] = [];

  before(async () => {
    system = await networkHelpers.loadFixture(deployHistory);
    file = await furnish(temporaryFolder(), system.deployment);
    await networkHelpers.mine(3);
    evidence = await gather(client, system.deployment, "latest");
  });
  after(() => {
    for (const server of servers) server.close();
    removeTemporaryFolders();
  });

  async function lying(lie: Lie): Promise<string> {
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (text: Buffer) => (body += text.toString()));
      request.on("end", () => {
        const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: Params };
        const answer = (fields: object) => response.end(JSON.stringify({ jsonrpc: "2.0", id, ...fields }));
        const refuse = (fault: unknown) => answer({ error: { code: -32_000, message: (fault as Error).message } });
        const honest = (): Promise<unknown> => ethers.provider.send(method, params);
        const told = async () => {
          const said = await lie(method, params, honest);
          if (said instanceof Error) throw said;
          if (said === HANGS_UP) return response.destroy();
          return answer({ result: said === undefined ? await honest() : said });
        };
        told().catch(refuse);
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const snapshots = { n: 0 };
  const snapshot = async (lie: Lie) => {
    const out = file(`pack${snapshots.n++}.zip`);
    const url = await lying(lie);
    const place = ["--rpc", url, "--deployment", file("deployment.json"), "-o", out];
    return sequester(["audit", "snapshot", ...place, "--json"]);
  };
  const logs = (change: (logs: Log[]) => Log[]): Lie => {
    return async (method, _, honest) => (method === "eth_getLogs" ? change((await honest()) as Log[]) : undefined);
  };
  const last = () => evidence.entries.length;

  it("names the entry that is left out, told twice, in another order, altered or invented, with exit code 3", async () => {
    const altered = (log: Log): Log => ({ ...log, data: log.data.replace(/[1-9](?=[^1-9]*$)/, "0") as Hex });
    const cases: [says: string, change: (logs: Log[]) => Log[]][] = [
      ["entry 3", (it) => it.filter((_, i) => i !== 2)],
      [`entry ${last()}`, (it) => it.slice(0, -1)],
      ["entry 1", () => []],
      ["entry 3", (it) => [...it.slice(0, 2), ...it.slice(1)]],
      ["entry 2", (it) => [it[0]!, it[2]!, it[1]!, ...it.slice(3)]],
      ["entry 2", (it) => it.map((log, i) => (i === 1 ? altered(log) : log))],
      [`entry ${last() + 1}`, (it) => [...it, it.at(-1)!]],
      ["entry 3", (it) => it.map((log, i) => (i === 2 ? { ...log, blockNumber: it[1]!.blockNumber } : log))],
    ];
    for (const [says, change] of cases) {
      const { code, stderr } = await snapshot(logs(change));
      expect(code, stderr).to.equal(3);
      expect(stderr).to.include(says);
    }
  });

  it("is asked again where it lagged or the chain was reorganized, and the pack is of one block", async () => {
    let asked = 0;
    const lagged = await snapshot(async (method, _, honest) =>
      method === "eth_getLogs" && asked++ === 0 ? ((await honest()) as Log[]).slice(0, -1) : undefined,
    );
    expect([lagged.code, asked], lagged.stderr).to.deep.equal([0, 2]);
    const former = (Number(evidence.deployment.block) + 2).toString(16);
    let proofs = 0;
    const moved = await snapshot(async (method, params, honest) => {
      if (method !== "eth_getProof" || proofs++ > 2) return undefined;
      await honest();
      return ethers.provider.send(method, [params[0], params[1], `0x${former}`]);
    });
    expect(moved.code, moved.stderr).to.equal(0);
    expect(JSON.parse(moved.stdout)).to.include({ hash: readHeader(evidence.header).hash });
  });

  it("refuses a block that is another one at the end, each time, with exit code 5", async () => {
    const latest = Number(readHeader(evidence.header).number);
    // In place of the newest block stands, once it is asked for by its number, its parent.
    const { code, stderr } = await snapshot((method, params) =>
      method === "eth_getBlockByNumber" && Number(params[0]) === latest
        ? ethers.provider.send(method, [`0x${(latest - 1).toString(16)}`, false])
        : undefined,
    );
    expect(code, stderr).to.equal(5);
    expect(stderr).to.include(`needs: the block 0x${latest.toString(16)}`);
  });

  it("refuses proofs of another block, with exit code 3, and says whose", async () => {
    const { code, stderr } = await snapshot((method, params) =>
      method === "eth_getProof"
        ? ethers.provider.send(method, [params[0], params[1], `0x${evidence.deployment.block.toString(16)}`])
        : undefined,
    );
    expect(code, stderr).to.equal(3);
    expect(stderr).to.match(/proof of .* proves something else/);
  });

  it("tells who asks a pruned node that an archive is needed, with exit code 5", async () => {
    for (const says of [
      "missing trie node 5e5e (path ) state 0x5e is not available",
      "distance to target block exceeds maximum proof window",
      "required historical state unavailable (reexec=128)",
      "state already pruned",
    ]) {
      const { code, stderr } = await snapshot((method) => (method === "eth_getProof" ? new Error(says) : undefined));
      expect(code, stderr).to.equal(5);
      expect(stderr).to.include("archive").and.include(says.slice(0, 30));
    }
    const none = await snapshot((method) => (method === "eth_getProof" ? new Error("method not found") : undefined));
    expect([none.code, none.stderr.includes("refuses eth_getProof")], none.stderr).to.deep.equal([5, true]);
    for (const nothing of [null, {}, { accountProof: 5 }, "0x"]) {
      expect((await snapshot((method) => (method === "eth_getProof" ? nothing : undefined))).code).to.equal(5);
    }
    expect((await snapshot((method) => (method === "eth_getCode" ? null : undefined))).code).to.equal(5);
    expect((await snapshot((method) => (method === "eth_getBlockByNumber" ? null : undefined))).code).to.equal(5);
  });

  it("waits for one that limits or hangs up, and asks in halves where a range is too wide", async () => {
    const seen = new Map<string, number>();
    const first = (method: string) => {
      const n = (seen.get(method) ?? 0) + 1;
      seen.set(method, n);
      return n === 1;
    };
    const limited = await snapshot((method) => {
      if (!first(method)) return undefined;
      return method === "eth_getProof" ? HANGS_UP : new Error("429 Too Many Requests");
    });
    expect(limited.code, limited.stderr).to.equal(0);
    let most = 0;
    const narrow = await snapshot((method, params) => {
      if (method !== "eth_getLogs") return undefined;
      const { fromBlock, toBlock } = params[0] as { fromBlock: Hex; toBlock: Hex };
      const width = Number(toBlock) - Number(fromBlock) + 1;
      if (width > 2) return new Error("query exceeds max block range 2");
      most = Math.max(most, width);
      return undefined;
    });
    expect([narrow.code, most], narrow.stderr).to.deep.equal([0, 2]);
    expect(JSON.parse(narrow.stdout)).to.include({ entries: last() });
  });

  describe("headers", () => {
    const fields = () => RLP.decode(hexToBytes(evidence.header)) as Uint8Array[];
    const encoded = (of: Uint8Array[]) => bytesToHex(RLP.encode(of));

    it("of a number of fields that this version does not know are refused, in words", () => {
      for (const known of [fields().slice(0, 15), fields().slice(0, 20), fields()]) {
        expect(readHeader(encoded(known)).number).to.equal(readHeader(evidence.header).number);
      }
      for (const unknown of [[...fields(), Uint8Array.of(1)], fields().slice(0, 14), []]) {
        expect(() => readHeader(encoded(unknown)))
          .to.throw(SequesterError, `${unknown.length} fields`)
          .with.property("code", 3);
      }
    });

    it("that a node tells with a field that no version knows, or one that is none, are refused", async () => {
      const block = (await ethers.provider.send("eth_getBlockByNumber", ["latest", false])) as Record<string, unknown>;
      expect(encodeHeader(block)).to.equal(evidence.header);
      const { requestsHash: _, ...older } = block;
      for (const other of [older, { ...block, number: "0x" }, { ...block, miner: 5 }, { ...block, gasUsed: "0xzz" }]) {
        expect(() => encodeHeader(other))
          .to.throw(SequesterError)
          .with.property("code", 3);
      }
    });
  });

  describe("what is not there", () => {
    const quorum = () => evidence.proofs.find(({ address }) => address === evidence.deployment.addresses.quorum)!;
    const refused = (change: (proof: ReturnType<typeof quorum>) => ReturnType<typeof quorum>) =>
      proven(change(structuredClone(quorum())), readHeader(evidence.header).stateRoot).then(
        () => undefined,
        (error: unknown) => error,
      );

    it("is proven, and no proof of it is taken from elsewhere, left out or cut short", async () => {
      const { stateRoot } = readHeader(evidence.header);
      const { words } = await proven(quorum(), stateRoot);
      const { docket } = evidence.deployment.addresses;
      const [there, absent] = [ruleSlot(docket, 1, 0), ruleSlot(docket, 1, 2)];
      expect([words.get(there)! > 0n, words.get(absent)]).to.deep.equal([true, 0n]);
      const at = (key: Hex) => quorum().storageProof.findIndex((it) => it.key === key);
      const withProof = (key: Hex, nodes: readonly Hex[]) =>
        refused(({ storageProof, ...proof }) => ({
          ...proof,
          storageProof: storageProof.map((it, i) => (i === at(key) ? { key, proof: nodes } : it)),
        }));
      const nodesOf = (key: Hex) => quorum().storageProof[at(key)]!.proof;
      const forgeries = [
        await withProof(absent, []),
        await withProof(there, []),
        await withProof(there, nodesOf(there).slice(0, -1)),
        await withProof(absent, nodesOf(absent).slice(1)),
        await withProof(there, nodesOf(there).slice(1)),
        await withProof(there, ["0x80"]),
        await refused((proof) => ({ ...proof, accountProof: [] })),
        await refused((proof) => ({ ...proof, accountProof: proof.accountProof.slice(0, -1) })),
      ];
      for (const [i, error] of forgeries.entries()) {
        expect(error, `forgery ${i}`).to.be.instanceOf(SequesterError).with.property("code", 3);
      }
    });
  });
});
