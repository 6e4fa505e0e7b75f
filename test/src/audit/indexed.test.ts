import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Server } from "node:http";
import { expect } from "chai";
import { numberToHex, type Hex } from "viem";
import { addressOf, client, networkHelpers } from "../../system/chain.ts";
import { UNIT } from "../../system/money.ts";
import { sequester, serve, type Served } from "../cli/inProcess.ts";
import { furnish } from "../cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { deployHistory, type History } from "./world.ts";

describe("audit with an index", () => {
  let system: History;
  let file: (name: string) => string;
  let packs = 0;
  const servers: Server[] = [];

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployHistory);
    file = await furnish(temporaryFolder(), system.deployment);
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  after(removeTemporaryFolders);

  /** Ranges of blocks of which the journal was asked. */
  interface Asked {
    ranges: [from: number, to: number][];
  }
  async function served(alter: Parameters<typeof serve>[0] = () => undefined): Promise<Served & Asked> {
    const ranges: Asked["ranges"] = [];
    const node = await serve((method, params) => {
      if (method === "eth_getLogs") {
        const { fromBlock, toBlock } = params[0] as Record<"fromBlock" | "toBlock", Hex>;
        ranges.push([Number(fromBlock), Number(toBlock)]);
      }
      return alter(method, params);
    });
    servers.push(node.server);
    return { ...node, ranges };
  }
  const audit = ({ url }: Served, command: string, ...more: string[]) =>
    sequester(["audit", command, "--rpc", url, "--deployment", file("deployment.json"), ...more]);
  const indexed = (node: Served, command = "reconcile", ...more: string[]) =>
    audit(node, command, "--index", file("index.db"), ...more);
  const kept = () => {
    const database = new DatabaseSync(file("index.db"));
    const { n } = database.prepare("SELECT count(*) AS n FROM entries").get() as { n: number };
    database.close();
    return n;
  };
  const change = (sql: string) => {
    const database = new DatabaseSync(file("index.db"));
    database.exec(sql);
    database.close();
  };
  const act = () =>
    system.freeze([{ asset: system.kzte, account: addressOf(system.carol), amount: UNIT }], { caseId: "NEW" });

  it("asks a node only for what came since, by whatever command, and tells the same as without it", async () => {
    const node = await served();
    const first = await indexed(node);
    expect(first.code, first.stderr).to.equal(0);
    const entries = kept();
    expect([entries, node.ranges.length]).to.deep.equal([Number(await system.docket.entries()), 1]);
    await indexed(node);
    expect(node.ranges, "nothing is new").to.have.length(1);

    const before = Number(await client.getBlockNumber());
    await act();
    const told = await indexed(node, "reconcile", "--json");
    expect(node.ranges.at(-1)![0]).to.be.above(system.deployment.block).and.at.most(before);
    expect(node.ranges.at(-1)![1]).to.equal(before + 1);
    expect(kept()).to.equal(entries + 1);
    expect(told.stdout).to.equal((await audit(node, "reconcile", "--json")).stdout);

    const asked = node.ranges.length;
    const pack = async (...more: string[]) => {
      const out = file(`pack${packs++}.zip`);
      const { code, stderr } = await audit(node, "snapshot", "-o", out, ...more);
      expect(code, stderr).to.equal(0);
      return readFileSync(out);
    };
    const withIndex = await pack("--index", file("index.db"));
    const report = await indexed(node, "report", "--period", "..", "-o", file("report"));
    expect([report.code, node.ranges.length], report.stderr).to.deep.equal([0, asked]);
    expect((await pack()).equals(withIndex)).to.equal(true);
    const older = await indexed(node, "reconcile", "--block", String(before), "--json");
    expect((JSON.parse(older.stdout) as { entries: number }).entries).to.equal(entries);
  });

  it("is dropped where the docket's head says that it is of another history, and all is read", async () => {
    const node = await served();
    await indexed(node);
    for (const sql of [
      "UPDATE entries SET timestamp = timestamp + 1 WHERE seq = 2",
      "DELETE FROM entries WHERE seq = 3",
      "UPDATE entries SET effects = head WHERE seq = 1",
      "UPDATE entries SET document = x'00' WHERE seq = 1",
      "UPDATE entries SET act = -1 WHERE seq = 1",
      "UPDATE entries SET blockNumber = -5 WHERE seq = 1",
    ]) {
      change(sql);
      const { code, stderr } = await indexed(node);
      expect(code, `${sql}: ${stderr}`).to.equal(0);
      expect(node.ranges.at(-1)![0], sql).to.equal(system.deployment.block);
      expect(kept(), sql).to.equal(Number(await system.docket.entries()));
    }
  });

  it("is dropped where it is of a longer chain that began anew, though a node refuses ranges that end before they begin", async () => {
    await indexed(await served());
    change(`DELETE FROM entries WHERE seq > 2; UPDATE entries SET blockNumber = ${10n ** 9n} WHERE seq = 2`);
    const strict = await served((method, params) => {
      if (method !== "eth_getLogs") return undefined;
      const [{ fromBlock, toBlock }] = params as [Record<"fromBlock" | "toBlock", Hex>];
      return BigInt(fromBlock) > BigInt(toBlock) ? new Error("invalid block range params") : undefined;
    });
    const { code, stderr } = await indexed(strict);
    expect(code, stderr).to.equal(0);
    expect(kept()).to.equal(Number(await system.docket.entries()));
  });

  it("is written by two at once, and has every entry once", async () => {
    const node = await served();
    const others: Promise<{ code: number; stderr: string }>[] = [];
    for (let i = 0; i < 3; i++) others.push(indexed(node));
    for (const { code, stderr } of await Promise.all(others)) expect(code, stderr).to.equal(0);
    expect(kept()).to.equal(Number(await system.docket.entries()));
  });

  it("that is damaged is refused by name, with exit code 64", async () => {
    const node = await served();
    await indexed(node);
    change("UPDATE entries SET timestamp = 9007199254740993 WHERE seq = 1");
    const large = await indexed(node);
    expect([large.code, large.stderr.includes("is no index of this journal")], large.stderr).to.deep.equal([64, true]);
    const whole = readFileSync(file("index.db"));
    writeFileSync(file("index.db"), Buffer.concat([whole.subarray(0, 8192), Buffer.alloc(whole.length - 8192, 0x5e)]));
    const damaged = await indexed(node);
    expect(damaged.code, damaged.stderr).to.equal(64);
    expect(damaged.stderr).to.include("is no index of this journal");
  });

  it("is not dropped for a node's fault", async () => {
    await indexed(await served());
    const before = kept();
    await act();
    const { code, stderr } = await indexed(await served((method) => (method === "eth_getLogs" ? [] : undefined)));
    expect(code, stderr).to.equal(3);
    expect(kept()).to.equal(before);
    expect((await indexed(await served())).code).to.equal(0);
  });

  it("keeps no entry that a reorganization may take back", async () => {
    const { number } = await client.getBlock();
    const finalAt = (height: bigint) =>
      served((method, params) => {
        if (method !== "eth_getBlockByNumber" || params[0] !== "finalized") return undefined;
        return height < 0n ? new Error("finalized block not found") : blocks.get(height);
      });
    const blocks = new Map<bigint, unknown>();
    for (const height of [number, number - 2n]) {
      const block = await client.request({ method: "eth_getBlockByNumber", params: [numberToHex(height), false] });
      blocks.set(height, block);
    }
    expect((await indexed(await finalAt(-1n))).code).to.equal(0);
    expect(kept()).to.equal(0);
    expect((await indexed(await finalAt(number - 2n))).code).to.equal(0);
    expect(kept()).to.equal(Number(await system.docket.entries()) - 1);
    expect((await indexed(await finalAt(number))).code).to.equal(0);
    expect(kept()).to.equal(Number(await system.docket.entries()));
  });

  it("is refused where it is of another docket, or none, with exit code 64", async () => {
    const node = await served();
    await indexed(node);
    change("UPDATE journal SET name = 'chain 1, docket 0x00'");
    expect(await indexed(node)).to.deep.include({ code: 64 });
    writeFileSync(file("text.db"), "no database ".repeat(100));
    const other = new DatabaseSync(file("other.db"));
    other.exec("CREATE TABLE mine (n INTEGER)");
    other.close();
    for (const name of ["text.db", "other.db", "none/index.db"]) {
      const { code, stderr } = await audit(node, "reconcile", "--index", file(name));
      expect([code, stderr.includes("is no index of this journal")], stderr).to.deep.equal([64, true]);
    }
    const both = ["--pack", file("none.zip"), "--index", file("index.db"), "-o", file("out")];
    expect((await sequester(["audit", "report", "--period", "..", ...both])).code).to.equal(64);
    expect(existsSync(file("out"))).to.equal(false);
  });
});
