// Long: starts the command line with an input that never ends.
// Pitfalls of signing that were found elsewhere, as far as they concern files and commands; docs/properties.md lists all.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { networkHelpers, now } from "../../../system/chain.ts";
import { derivedAccount } from "../../../../src/deployment/keys.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { answering, sequester, serve, type Said } from "../inProcess.ts";
import { deployKinds, furnish, PASSWORD, SEED, type Kinds } from "./world.ts";

const ROOT = path.resolve(import.meta.dirname, "../../../..");
const COMMAND = path.join(ROOT, "src/cli/sequester.mjs");

describe("pitfalls of files and commands", function () {
  this.timeout(120_000);
  let system: Kinds;
  let node: Awaited<ReturnType<typeof serve>>;
  let dir: string;
  let file: (name: string) => string;

  before(async () => {
    node = await serve();
  });
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployKinds);
    node.sent.splice(0);
    dir = temporaryFolder();
    file = await furnish(dir, system.deployment);
    await networkHelpers.setBalance(derivedAccount(31_337, SEED, "relayer").address, 10n ** 20n);
  });
  after(() => {
    node.server.close();
    removeTemporaryFolders();
  });

  const order = (verb: string, ...args: string[]) =>
    sequester(["order", verb, ...args, "--deployment", file("deployment.json")], answering("yes", PASSWORD, "yes"));
  const relayer = ["--account", "relayer", "--seed", SEED];
  const freeze = async (...more: string[]) => {
    const valid = new Date((Number(await now()) + 86_400) * 1000).toISOString();
    const what = ["freeze", "--case", "A-1", "--term", "10d", "--target", `${system.alice.address}=5 KZTE`];
    const files = ["--ruling", file("ruling.md"), "-o", file("freeze.order.json"), "--valid", valid];
    return order("new", ...what, ...files, ...more);
  };
  const all: readonly (readonly string[])[] = [
    ["--keystore", "officer.json"],
    ["--p256", "p256.pem"],
    ["--rsa", "rsa.pem"],
  ];
  /** What every verb of an order says, from the first to the last, with what is given to each. */
  async function everything(...more: string[]): Promise<Map<string, Said>> {
    const said = new Map<string, Said>();
    const path = file("freeze.order.json");
    said.set("new", await freeze(...more));
    said.set("show", await order("show", path, ...more));
    for (const [option, key] of all)
      said.set(`sign ${option}`, await order("sign", path, option!, file(key!), ...more));
    said.set("verify", await order("verify", path, "--rpc", node.url, ...more));
    said.set("offline", await order("verify", path, "--offline", ...more));
    said.set("merge", await order("merge", dir, "-o", file("freeze.all.sig.json"), ...more));
    said.set("status", await order("status", path, "--rpc", node.url, ...more));
    said.set("simulate", await order("simulate", dir, "--rpc", node.url, ...more));
    said.set("cancel", await order("cancel", path, ...relayer, "-o", file("withdrawal.json"), ...more));
    said.set("execute", await order("execute", dir, "--rpc", node.url, ...relayer, ...more));
    return said;
  }

  it("no address, hash or digest is shortened in what a command says", async () => {
    for (const [verb, { code, stdout, stderr }] of await everything()) {
      expect(code, `${verb}: ${stderr}`).to.equal(0);
      const text = (stdout + stderr).replaceAll(dir, "");
      expect(text, verb).to.not.match(/…|\.\.\.|0x[0-9a-fA-F]{2,39}(?![0-9a-fA-F])/);
    }
  });

  it("what a command prints with --json is JSON alone, whatever it warns of and asks", async () => {
    for (const [verb, { code, stdout, stderr }] of await everything("--json")) {
      expect(code, `${verb}: ${stderr}`).to.equal(0);
      expect(stdout.endsWith("\n"), verb).to.equal(true);
      expect(JSON.parse(stdout), verb)
        .to.have.property("schema")
        .that.matches(/^sequester\.[a-z.-]+\/1$/);
    }
  });

  it("no command waits for an input that is no terminal and never ends: it names what to give instead", async () => {
    expect((await freeze()).code).to.equal(0);
    const place = ["--deployment", file("deployment.json")];
    const name = ["--case", "Aisulu Bekova", "--term", "1d", "--target", `${system.alice.address}=1 KZTE`];
    const signature = await order("sign", file("freeze.order.json"), "--rsa", file("rsa.pem"));
    expect(signature.code, signature.stderr).to.equal(0);
    for (const [args, says] of [
      [["new", "freeze", ...name, "--ruling", file("ruling.md"), "-o", file("name.order.json")], "--yes"],
      [["sign", file("freeze.order.json"), "--p256", file("p256.pem")], "--yes"],
      [["sign", file("freeze.order.json"), "--keystore", file("officer.json"), "--yes"], "--password-fd"],
      [["cancel", file("freeze.order.json"), "--rsa", file("rsa.pem")], "--yes"],
    ] as const) {
      const child = spawn(process.execPath, [COMMAND, "order", ...args, ...place], { stdio: ["pipe", "pipe", "pipe"] });
      let stderr = "";
      child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
      const [status] = (await once(child, "close")) as [number];
      child.stdin.destroy();
      expect(status, stderr).to.equal(64);
      expect(stderr).to.include("There is nobody to ask.").and.include(says);
    }
  });

  it("a file that is too large, begins with a mark of its order, or names a prototype is refused by every verb, with nothing done", async () => {
    expect((await freeze()).code).to.equal(0);
    const good = readFileSync(file("freeze.order.json"), "utf8");
    const bad = {
      large: `${good.trimEnd()}${" ".repeat(20 * 2 ** 20)}\n`,
      mark: `\ufeff${good}`,
      prototype: good.replace("{", '{"__proto__": {"polluted": true},'),
      twins: good.replace('"primaryType"', '"primaryType": "Freeze", "primaryType"'),
      deep: "[".repeat(100_000),
    };
    for (const [name, text] of Object.entries(bad)) {
      const path = file(`${name}.order.json`);
      writeFileSync(path, text);
      for (const [verb, code, ...args] of [
        ["show", 64],
        ["sign", 64, "--p256", file("p256.pem")],
        ["verify", 3, "--offline"],
        ["status", 64, "--rpc", node.url],
        ["execute", 64, "--rpc", node.url, ...relayer],
        ["cancel", 64, ...relayer],
      ] as [string, number, ...string[]][]) {
        const told = await order(verb, path, ...args);
        expect(told.code, `${verb} ${name}: ${told.stderr.slice(0, 300)}`).to.equal(code);
      }
    }
    expect(({} as { polluted?: boolean }).polluted).to.equal(undefined);
    expect(node.sent).to.deep.equal([]);
  });

  it("money is never a float: what reads, adds or tells an amount has no number with a point in it", () => {
    const files = globSync(["src/orders/**/*.ts", "src/compensation/*.ts", "src/cli/order/*.ts", "src/base/*.ts"], {
      cwd: ROOT,
    });
    expect(files).to.have.length.above(60);
    for (const name of files) {
      const text = readFileSync(path.join(ROOT, name), "utf8");
      expect(text, name).to.not.match(/parseFloat|toFixed|Number\([^)]*(?:amount|units|balance|total|held)/i);
    }
    const amounts = readFileSync(path.join(ROOT, "src/orders/amount.ts"), "utf8");
    expect(amounts).to.not.match(/Number\(|Math\.|parseInt/);
  });

  it("two orders of the same words are two: each has a digest of its own, and no signature is good for both", async () => {
    expect((await freeze()).code).to.equal(0);
    const first = JSON.parse((await order("show", file("freeze.order.json"), "--json")).stdout) as Shown;
    const second = JSON.parse((await freeze("--json", "-o", file("again.order.json"))).stdout) as Shown;
    expect(first.orders[0]!.digest).to.not.equal(second.orders[0]!.digest);
    const signed = await order("sign", file("freeze.order.json"), "--keystore", file("officer.json"));
    const other = ["--signatures", signed.stdout.trim(), "--offline"];
    const told = await order("verify", file("again.order.json"), ...other);
    expect([told.code, told.stderr.includes("ForeignSignature")], told.stderr).to.deep.equal([3, true]);
  });
});

interface Shown {
  orders: { digest: string }[];
}
