import { readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import path from "node:path";
import { expect } from "chai";
import { denominations } from "../../../src/operation/check/statement.ts";
import { writeOrders, writeStatement } from "../../../src/operation/outputs.ts";
import { runOperation, type OperationResult } from "../../../src/operation/run.ts";
import { drawStatement, type Statement } from "../../../src/operation/statement/statement.ts";
import { client, networkHelpers } from "../../system/chain.ts";
import { sequester, serve } from "../cli/inProcess.ts";
import { furnish } from "../cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { ALL_ACTS, smallOperation } from "../operation/small.ts";
import { deployHistory } from "./world.ts";

describe("audit check", () => {
  let result: OperationResult;
  let file: (name: string) => string;
  let orders: string;

  before(async function () {
    this.timeout(60_000);
    result = await runOperation({ operation: smallOperation(ALL_ACTS), prove: true });
    const dir = temporaryFolder();
    file = (name) => path.join(dir, name);
    writeStatement(dir, result.statement);
    writeOrders(dir, result.orders, result.deployment.domain);
    writeFileSync(file("pack.zip"), result.pack!.bytes);
    orders = readFileSync(file("orders.csv"), "utf8");
  });
  after(removeTemporaryFolders);

  const held = (name: string, ...more: string[]) =>
    sequester(["audit", "check", file(name), "--pack", file("pack.zip"), ...more]);
  const heldOrders = (text: string) => {
    writeFileSync(file("received.csv"), text);
    return held("received.csv");
  };
  const heldStatement = (change: (statement: Statement) => void) => {
    const statement = structuredClone(result.statement);
    change(statement);
    writeFileSync(file("received.json"), JSON.stringify(statement));
    return held("received.json");
  };

  it("finds what an operation wrote in the journal, and says what it was held against and what not", async () => {
    for (const name of ["orders.csv", "statement.json"]) {
      const { code, stdout, stderr } = await held(name, "--block-hash", result.statement.block.hash);
      expect(code, stderr).to.equal(0);
      expect(stdout).to.include(`as the journal tells up to block ${result.statement.block.number}`);
      expect(stderr).to.include("Held against nothing").and.not.include("another source");
      const { stdout: json } = await held(name, "--json");
      expect(JSON.parse(json)).to.deep.include({ schema: "sequester.audit.check/1", differences: [] });
    }
    expect((await held("orders.csv")).stderr).to.include("another source");
    expect((await held("orders.csv", "--block-hash", `0x${"11".repeat(32)}`)).code).to.equal(3);
  });

  it("names every cell of an order that the journal tells otherwise, with exit code 3", async () => {
    const [first, second] = result.orders.filter(({ act }) => act === "Freeze");
    const other = `0x${"5e".repeat(32)}`;
    const lineOf = (digest: string) => orders.split("\n").find((line) => line.includes(digest))!;
    const document = /on the document (0x[0-9a-f]{64})/.exec(first!.sentence)![1]!;
    const cases: [column: string, from: string, to: string][] = [
      ["act", `Freeze,${first!.case}`, `Arrest,${first!.case}`],
      ["case", `Freeze,${first!.case},${first!.digest}`, `Freeze,OTHER,${first!.digest}`],
      ["digest", first!.digest, other],
      ["digest", second!.digest, first!.digest],
      ["transaction", first!.transaction, other],
      ["sentence's document", document, other],
      ["sha256", lineOf(second!.digest), lineOf(second!.digest).replace(second!.ruling.sha256, other)],
      ["approvedBy", first!.approvedBy.join(" "), first!.approvedBy.slice(1).join(" ")],
      ["approvedBy", first!.approvedBy.join(" "), first!.approvedBy.map((it) => it.replace("GPO", "COURT")).join(" ")],
    ];
    for (const [column, from, to] of cases) {
      const { code, stderr } = await heldOrders(orders.replace(from, to));
      expect(code, `${column}: ${stderr}`).to.equal(3);
      expect(stderr, `${from} to ${to}`).to.match(new RegExp(`line \\d+, ${column}: has `));
    }
  });

  it("names an officer whose name stands for another one in another line", async () => {
    const lines = orders.split("\n");
    const at = lines.findLastIndex((line) => line.includes("COURT-1 ") && !line.includes("COURT-2"));
    const swapped = lines.with(at, lines[at]!.replace("COURT-1", "COURT-2"));
    const { code, stderr } = await heldOrders(swapped.join("\n"));
    expect(code, stderr).to.equal(3);
    expect(stderr).to.include("approvedBy COURT-1: has lines").and.include("approvedBy COURT-2: has lines");
  });

  it("names an officer of another agency beside one whose name tells of none, and says that names are held against nothing", async () => {
    // Every line alike, so that each name stands for one officer.
    const ghosts = await heldOrders(orders.replaceAll(/\bFMA-/g, "ghost-"));
    expect(ghosts.code, ghosts.stderr).to.equal(0);
    expect(ghosts.stderr).to.include("names of officers");
    const { code, stderr } = await heldOrders(orders.replaceAll(/\bFMA-/g, "ghost-").replaceAll(/\bGPO-/g, "COURT-9"));
    expect(code, stderr).to.equal(3);
    for (const { digest, approvedBy } of result.orders) {
      if (!approvedBy.some((name) => name.startsWith("FMA")) || !approvedBy.some((name) => name.startsWith("GPO")))
        continue;
      const line = orders.split("\n").findIndex((text) => text.includes(digest)) + 1;
      expect(stderr).to.match(new RegExp(`line ${line}, approvedBy: has `));
    }
  });

  it("names the papers among what is held against nothing", async () => {
    const { file: name } = result.orders[0]!.ruling;
    const { code, stderr } = await heldOrders(orders.replaceAll(name, "invented.md"));
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include("names of officers and papers");
  });

  it("names the orders of the journal that the file lacks", async () => {
    const [, ...lines] = orders.trimEnd().split("\n");
    for (const i of [0, 5, lines.length - 1]) {
      const line = lines[i]!;
      const { code, stderr } = await heldOrders(orders.replace(`${line}\n`, ""));
      expect(code, line).to.equal(3);
      expect(stderr).to.include(`order ${result.orders[i]!.digest}: has no line`);
    }
  });

  it("draws up every sum and event of a statement again, and names what differs with both amounts", async () => {
    const cases: [says: string, change: (statement: Statement) => void][] = [
      ["assets.USDX.seized: has", ({ assets }) => (assets[0]!.seized = "1")],
      ["byCase.ONE.assets.USDX.returned: has", ({ byCase }) => (byCase[0]!.assets[0]!.returned = "1")],
      ["byCase.TWO: has nothing", ({ byCase }) => byCase.pop()],
      ["byCase.ONE.vault: has", ({ byCase }) => (byCase[0]!.vault = null)],
      ["targets: has", (statement) => (statement.targets += 1)],
      ["lapses: has nothing", ({ lapses }) => lapses.pop()],
      ["claims: has {", ({ claims }) => claims.push({ ...claims[0]!, amount: "5" })],
      ["claims: has {", ({ claims }) => claims.push(claims[0]!)],
      ["assets.USDX.suspense: has", ({ assets }) => (assets[0]!.suspense = "5")],
      ["block.hash: has", ({ block }) => (block.hash = `0x${"5e".repeat(32)}`)],
      ["invented: has", (statement) => Object.assign(statement, { invented: 1 })],
    ];
    for (const [says, change] of cases) {
      const { code, stderr } = await heldStatement(change);
      expect(code, `${says}: ${stderr}`).to.equal(3);
      expect(stderr).to.include(says);
    }
    const [usdx] = result.statement.assets;
    const { stderr } = await heldStatement(({ assets }) => (assets[0]!.seized = "1"));
    expect(stderr).to.include(`has "1", needs "${usdx!.seized}"`).and.include("in 1 place");
  });

  it("refuses what is neither, and options that say nothing, with exit code 64", async () => {
    const row = orders.split("\n")[1]!;
    for (const text of ["", "{}", '{"schema":"sequester.statement/2"}', "{", "a,b\n1,2\n", `${orders}${row},5\n`]) {
      expect((await heldOrders(text)).code, text.slice(0, 40)).to.equal(64);
    }
    expect((await heldOrders(orders.replace(result.orders[0]!.digest, "0x12"))).code).to.equal(64);
    expect((await heldStatement(({ block }) => (block.time = "2999-01-01T00:00:00Z"))).code).to.equal(64);
    expect((await held("none.csv")).code).to.equal(64);
    expect((await held("orders.csv", "--rpc", "http://127.0.0.1:1")).code).to.equal(64);
    expect((await sequester(["audit", "check", file("orders.csv")])).code).to.equal(64);
  });

  describe("against a node", () => {
    let server: Server;
    afterEach(() => server.close());

    it("draws up a statement of an old block, with the balances of accounts, and names the orders that nobody wrote down", async () => {
      const { deployment } = await networkHelpers.loadFixture(deployHistory);
      const dir = temporaryFolder();
      const place = await furnish(dir, deployment);
      const { number: blockNumber } = await client.getBlock();
      writeStatement(
        dir,
        await drawStatement(client, deployment, { blockNumber, denominate: denominations(deployment) }),
      );
      await networkHelpers.mine(3);
      const served = await serve();
      ({ server } = served);
      const check = (name: string) =>
        sequester(["audit", "check", place(name), "--rpc", served.url, "--deployment", place("deployment.json")]);
      const right = await check("statement.json");
      expect(right.code, right.stderr).to.equal(0);
      const text = readFileSync(place("statement.json"), "utf8");
      writeFileSync(place("other.json"), text.replace(/"covered":"[1-9]\d*"/, '"covered":"1"'));
      const wrong = await check("other.json");
      expect([wrong.code, wrong.stderr.includes("covered: has")], wrong.stderr).to.deep.equal([3, true]);
      writeFileSync(place("orders.csv"), orders.split("\n")[0]!);
      const missing = await check("orders.csv");
      expect([missing.code, missing.stderr.match(/has no line/g)?.length], missing.stderr).to.deep.equal([3, 4]);
    });
  });
});
