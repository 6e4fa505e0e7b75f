import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import path from "node:path";
import { expect } from "chai";
import { main } from "../../../src/cli/program.ts";
import type { Statement } from "../../../src/operation/statement/statement.ts";
import { runOperation } from "../../../src/operation/run.ts";
import { folderOf, removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { account, smallFiles } from "../operation/small.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** The command line in this process; `stopped` is done before a server is stopped. */
async function sequester(args: readonly string[], stopped?: (url: string) => Promise<void>, run = runOperation) {
  const said = { stdout: "", stderr: "" };
  const code = await main(args, {
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
    run,
    stopped: stopped && (() => stopped(/http:\/\/127\.0\.0\.1:\d+/.exec(said.stdout)![0])),
  });
  return { code, ...said };
}

const neverRun = (): never => expect.fail("nothing is to be played");

describe("operation run --keep", () => {
  let operation: string;
  /** The folders of one run. */
  let [out, keep]: string[] = [];
  let statement: Statement;
  let told: string;

  before(async () => {
    operation = folderOf(smallFiles());
    const dir = temporaryFolder();
    [out, keep] = [path.join(dir, "out"), path.join(dir, "kept", "chain")];
    const { code, stderr } = await sequester(["operation", "run", operation, "--out", out, "--keep", keep]);
    expect(code, stderr).to.equal(0);
    told = stderr;
    statement = JSON.parse(readFileSync(path.join(out, "statement.json"), "utf8")) as Statement;
  });
  after(removeTemporaryFolders);

  it("writes the chain and its deployment, says where, and how it is opened", () => {
    expect(readdirSync(keep!).toSorted()).to.deep.equal(["chain.jsonl", "deployment.json"]);
    expect(readdirSync(path.dirname(keep!))).to.deep.equal(["chain"]);
    expect(told).to.match(new RegExp(`Done in [\\d.]+ s; the files are in ${out}, the chain is in ${keep}\\.\n`));
    expect(told).to.include(`Open it: npx --no-install sequester chain open ${keep}\n`);
    const [header = "", ...calls] = readFileSync(path.join(keep!, "chain.jsonl"), "utf8").trimEnd().split("\n");
    expect(JSON.parse(header)).to.include({
      schema: "sequester.chain/1",
      chainId: 31337,
      start: Date.parse("2026-01-04T09:00:00Z") / 1000,
      block: statement.block.number,
      hash: statement.block.hash,
      calls: calls.length,
    });
  });

  it("refuses a folder that is not empty, and one that is that of --out, before anything is played", async () => {
    const full = temporaryFolder();
    writeFileSync(path.join(full, "own.txt"), "mine");
    const refusals: [args: string[], error: string][] = [
      [["--keep", full], "The results cannot be written to"],
      [["--keep", `${full}/new`, "--out", full], "The results and the chain need a folder each."],
      [["--keep", `${full}/new`, "--out", `${full}/new/`], "The results and the chain need a folder each."],
      [["--keep", `${full}/new`, "--out", `${full}/new/out`], "The results and the chain need a folder each."],
      [["--keep", `${full}/own.txt`], "own.txt cannot be used."],
    ];
    for (const [args, error] of refusals) {
      const said = await sequester(["operation", "run", operation, ...args], undefined, neverRun);
      expect([said.code, said.stdout]).to.deep.equal([64, ""]);
      expect(said.stderr).to.include(error);
    }
    expect(readdirSync(full)).to.deep.equal(["own.txt"]);
  });

  it("leaves nothing of a run that fails", async () => {
    const dir = temporaryFolder();
    const fails = () => Promise.reject(new Error("the disk is gone"));
    const args = ["operation", "run", operation, "--keep", path.join(dir, "chain"), "--out", path.join(dir, "out")];
    expect(await sequester(args, undefined, fails)).to.include({ code: 1 });
    expect(readdirSync(dir)).to.deep.equal([]);
  });

  describe("chain open", () => {
    const open = (args: string[], stopped?: (url: string) => Promise<void>, dir = keep!) =>
      sequester(["chain", "open", dir, "--port", "0", ...args], stopped, neverRun);

    it("prints address, block and hash, which are those of the statement, and what there is to do", async () => {
      const { code, stdout, stderr } = await open([], () => Promise.resolve());
      expect(code, stderr).to.equal(0);
      const [url, ...block] = stdout.split("\n");
      expect(block).to.deep.equal([`block ${statement.block.number}`, statement.block.hash, ""]);
      expect(stderr).to.match(/^Playing \d+ calls again \.\.\.\n/);
      const at = `--rpc ${url} --deployment ${keep}/deployment.json`;
      expect(stderr).to.include(`sequester audit snapshot ${at} -o pack.zip\n`);
      expect(stderr).to.include(`sequester notice KZTE ACCOUNT ${at}\n`);
    });

    it("answers audit and notice as the chain did that was kept", async () => {
      const pack = path.join(temporaryFolder(), "pack.zip");
      const said = await open(["--json"], async (url) => {
        const at = ["--rpc", url, "--deployment", path.join(keep!, "deployment.json")];
        const snapshot = await sequester(["audit", "snapshot", ...at, "-o", pack]);
        expect(snapshot, snapshot.stderr).to.include({ code: 0, stdout: `${statement.block.hash}\n` });
        const notice = await sequester(["notice", "USDX", account(3), ...at, "--json"]);
        expect(notice.code, notice.stderr).to.equal(0);
        expect((JSON.parse(notice.stdout) as { taken: object[] }).taken[0]).to.include({
          case: "TWO",
          taken: "700",
          returned: "500",
        });
      });
      expect(said.code, said.stderr).to.equal(0);
      const { url, ...data } = JSON.parse(said.stdout) as Record<string, unknown>;
      expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(data).to.deep.equal({
        schema: "sequester.chain.open/1",
        chainId: 31337,
        block: statement.block.number,
        hash: statement.block.hash,
        deployment: path.join(keep!, "deployment.json"),
      });
      expect(readFileSync(pack).equals(readFileSync(path.join(out!, "pack.zip")))).to.equal(true);
    });

    it("speaks JSON-RPC: one request or many, what it cannot answer by an error, and nothing that is none", async () => {
      const said = await open([], async (url) => {
        const post = (body: unknown, type = "application/json") =>
          fetch(url, { method: "POST", headers: { "content-type": type }, body: JSON.stringify(body) });
        const number = { jsonrpc: "2.0", id: 7, method: "eth_blockNumber" };
        const block = `0x${statement.block.number.toString(16)}`;
        expect(await (await post(number)).json()).to.deep.equal({ jsonrpc: "2.0", id: 7, result: block });
        const many = await (await post([number, { ...number, id: 8, method: "no_such" }, { id: 9 }, null])).json();
        expect(many).to.have.length(4);
        const [first, second, third, fourth] = many as { id: unknown; error?: { code: number; message: string } }[];
        expect(first).to.deep.equal({ jsonrpc: "2.0", id: 7, result: block });
        expect(second!.error!.message).to.include("no_such");
        expect([third!.id, third!.error!.code]).to.deep.equal([9, -32_600]);
        expect([fourth!.id, fourth!.error!.code]).to.deep.equal([null, -32_600]);
        // What a page in a browser may send without asking.
        expect((await post(number, "text/plain")).status).to.equal(415);
        expect((await fetch(url)).status).to.equal(415);
        const again = await sequester(["chain", "open", keep!, "--port", new URL(url).port], undefined, neverRun);
        expect(again.code).to.equal(64);
        expect(again.stderr).to.include(`Nothing can answer on port ${new URL(url).port}.`);
      });
      expect(said.code, said.stderr).to.equal(0);
    });

    it("answers no page whose name leads to this computer, which a browser takes for one of the same origin", async () => {
      const said = await open([], async (url) => {
        const { port } = new URL(url);
        const status = async (host: string) => {
          const asked = request(url, { method: "POST", headers: { "content-type": "application/json", host } });
          asked.end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber" }));
          const [response] = (await once(asked, "response")) as [IncomingMessage];
          response.resume();
          return response.statusCode;
        };
        for (const host of [
          "evil.example",
          `evil.example:${port}`,
          `127.0.0.1.evil.example:${port}`,
          "127.0.0.1@evil",
        ]) {
          expect(await status(host), host).to.equal(403);
        }
        for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) expect(await status(host), host).to.equal(200);
      });
      expect(said.code, said.stderr).to.equal(0);
    });

    it("answers nobody where the chain is another, or there is none", async () => {
      const other = temporaryFolder();
      const [header = "", ...calls] = readFileSync(path.join(keep!, "chain.jsonl"), "utf8").split("\n");
      writeFileSync(
        path.join(other, "chain.jsonl"),
        [header.replace(statement.block.hash, `0x${"2".repeat(64)}`), ...calls].join("\n"),
      );
      writeFileSync(path.join(other, "deployment.json"), readFileSync(path.join(keep!, "deployment.json")));
      const never = () => expect.fail("it is not to be served");
      const differs = await open([], never, other);
      expect(differs).to.include({ code: 3, stdout: "" });
      expect(differs.stderr)
        .to.include("The calls do not make the chain that was kept.")
        .and.include(statement.block.hash);
      expect(await open([], never, temporaryFolder())).to.include({ code: 64, stdout: "" });
      for (const port of ["65536", "-1", "http"]) {
        expect(await sequester(["chain", "open", keep!, "--port", port])).to.include({ code: 64, stdout: "" });
      }
    });

    it("is ended by Ctrl-C with 0, which a terminal and the program before it may both tell", async () => {
      const child = spawn(
        process.execPath,
        [path.join(ROOT, "src/cli/sequester.mjs"), "chain", "open", keep!, "--port", "0"],
        {
          stdio: ["ignore", "ignore", "pipe"],
        },
      );
      let stderr = "";
      await new Promise<void>((opened) => {
        child.stderr.on("data", (text: Buffer) => {
          stderr += text.toString();
          if (stderr.includes("Ctrl-C")) opened();
        });
      });
      child.kill("SIGINT");
      child.kill("SIGINT");
      expect(await once(child, "close")).to.deep.equal([0, null]);
      expect(stderr).to.not.include("cancelled");
    });
  });
});
