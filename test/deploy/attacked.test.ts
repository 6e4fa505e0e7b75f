// Long: deploys to a node of another make, against nodes, people and files that are not what they should be.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import { hexToNumber, numberToHex, parseEther, parseGwei, type Hex } from "viem";
import { readDeployment } from "../../src/chain/deployments.ts";
import { deployedIn } from "../../src/deployment/ignition.ts";
import { sequester, type Said } from "../src/cli/inProcess.ts";
import { removeTemporaryFolders } from "../src/operation/folders.ts";
import { startAnvil } from "./anvil.ts";
import { CHAIN, Founders, ISSUER, ok, other, TREASURY } from "./founders.ts";
import { lyingNode, Refused, type Lie } from "./lyingNode.ts";

/** Quorum, Docket, LicenceRegister, Disposal, Lens, three verifiers, one asset. */
const CONTRACTS = 9;

/** How long a transaction is waited for, which is shorter in some tests. */
const PATIENCE = ["timeBeforeBumpingFees", "maxRetries", "retryInterval"] as const;

interface PlanJson {
  chainId: number;
  deployer: string;
  parameters: { name: string; sha256: string };
  paper: { file: string; sha256: string; salt: string };
  signBy: string;
  assets: Record<string, unknown>[];
  seats: Record<string, unknown>[];
}

describe("a deployment under attack", function () {
  this.timeout(600_000);
  let anvil: Awaited<ReturnType<typeof startAnvil>>;
  let liar: Awaited<ReturnType<typeof lyingNode>>;
  let founders: Founders;
  const usual = { ...hre.config.ignition };
  const at = (name: string) => founders.at(name);
  const run = (folder: string, ...more: string[]) => founders.run(at("plan.json"), anvil.url, at(folder), ...more);
  /** The same before a node that lies. */
  const runBefore = async (folder: string, lie: Lie | undefined, ...more: string[]) => {
    liar.node.lie = lie;
    const said = await founders.run(at("plan.json"), liar.node.url, at(folder), ...more);
    liar.node.lie = undefined;
    return said;
  };
  const count = () => anvil.client.getTransactionCount({ address: founders.sender.address, blockTag: "pending" });
  /** Makes a block in which gas costs so many gwei. */
  const dear = async (gwei: number) => {
    await anvil.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei(String(gwei)) });
    await anvil.client.mine({ blocks: 1 });
  };
  /** Blocks that follow each other, while something is done. */
  const whileBlocksPass = async <T>(work: () => Promise<T>): Promise<T> => {
    let isOver = false;
    const blocks = async () => {
      while (!isOver) {
        await anvil.client.mine({ blocks: 1 });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const passing = blocks();
    return work().finally(() => {
      isOver = true;
      return passing;
    });
  };
  const stateOf = (said: Said) => (JSON.parse(ok(said).stdout) as { state: string }).state;
  const refused = (said: Said, code: number, ...reasons: (string | RegExp)[]) => {
    expect([said.code, said.stdout], said.stderr).to.deep.equal([code, ""]);
    for (const reason of reasons)
      expect(said.stderr, said.stderr).to.match(typeof reason === "string" ? new RegExp(reason) : reason);
  };
  /** Goes on with an honest node, and sends no more than is needed. */
  const completes = async (folder: string, before: number, needed = CONTRACTS) => {
    expect(stateOf(await run(folder))).to.equal("waiting");
    expect((await count()) - before).to.equal(needed);
  };

  before(async () => {
    anvil = await startAnvil(CHAIN);
    liar = await lyingNode(anvil.url);
    founders = await Founders.gather();
    await anvil.client.setBalance({ address: founders.sender.address, value: parseEther("100") });
    ok(await founders.plan(at("plan.json")));
    ok(await run("deployed"));
    await founders.signAll(path.join(at("deployed"), "charter.json"));
  });
  afterEach(async () => {
    await anvil.client.setAutomine(true);
    await anvil.client.setBalance({ address: founders.sender.address, value: parseEther("100") });
    await dear(1);
    for (const name of PATIENCE) delete hre.config.ignition[name];
    Object.assign(hre.config.ignition, usual);
  });
  after(async () => {
    liar.close();
    await anvil.stop();
    removeTemporaryFolders();
  });

  describe("by a node", () => {
    it("that tells of a contract where none can be: it is not believed, and an honest one goes on", async () => {
      const before = await count();
      let told = 0;
      const said = await runBefore("receipts", async ({ method, ask }) => {
        if (method !== "eth_getTransactionReceipt") return undefined;
        const receipt = (await ask()) as { contractAddress?: string } | null;
        return receipt?.contractAddress && ++told > 2 ? { ...receipt, contractAddress: other("66") } : undefined;
      });
      refused(
        said,
        5,
        "eth_getTransactionReceipt",
        `has: "${other("66")}"`,
        "where the transaction of this sender makes",
      );
      expect([...(await deployedIn(at("receipts"))).values()]).not.to.include(other("66"));
      await completes("receipts", before);
    });

    it("that gives the receipt of another transaction", async () => {
      const before = await count();
      const said = await runBefore("hashes", async ({ method, ask }) => {
        if (method !== "eth_getTransactionReceipt") return undefined;
        const receipt = (await ask()) as object | null;
        return receipt && { ...receipt, transactionHash: `0x${"12".repeat(32)}` };
      });
      refused(said, 5, "needs: a receipt of 0x");
      await completes("hashes", before);
    });

    it("that calls a transaction failed: it is sent anew, and nothing else", async () => {
      const before = await count();
      const lie: Lie = async ({ method, ask }) => {
        if (method !== "eth_getTransactionReceipt") return undefined;
        const receipt = (await ask()) as object | null;
        return receipt && { ...receipt, status: "0x0", contractAddress: null };
      };
      refused(await runBefore("failed", lie), 1, "was not deployed", "reverted");
      const wasted = (await count()) - before;
      await completes("failed", before, wasted + CONTRACTS);
    });

    it("that counts too few transactions: nothing is sent, and an honest one goes on", async () => {
      const before = await count();
      const lie: Lie = async ({ method }) =>
        method === "eth_getTransactionCount" ? numberToHex(before - 1) : undefined;
      const said = await runBefore("nonces", lie);
      // Of those that are sent together, one is refused by the node and the next one not sent.
      expect([said.code === 5 || said.code === 1, said.stdout], said.stderr).to.deep.equal([true, ""]);
      expect(said.stderr).to.match(/nonce too low|a node that counts \d+ transactions/);
      expect(await count()).to.equal(before);
      await completes("nonces", before);
    });

    it("that counts transactions which nobody sent", async () => {
      const before = await count();
      const said = await runBefore("more", async ({ method, params, ask }) =>
        method === "eth_getTransactionCount" && params[1] === "pending"
          ? numberToHex(Number(await ask()) + 5)
          : undefined,
      );
      refused(said, 1, "not settled yet", "fewer confirmations");
      expect(await count()).to.equal(before);
      await completes("more", before);
    });

    it("that has other code than is compiled here: no charter is written", async () => {
      const before = await count();
      const said = await runBefore("codes", async ({ method, params }) =>
        method === "eth_getCode" && params[0] !== founders.sender.address.toLowerCase() && (await count()) > before + 8
          ? "0x6001"
          : undefined,
      );
      expect([said.code, said.stdout], said.stderr).to.deep.equal([3, ""]);
      expect(said.stderr)
        .to.include("not those that are compiled here")
        .and.match(/quorum at 0x\w+: is not the/);
      expect(existsSync(path.join(at("codes"), "charter.json"))).to.equal(false);
      await completes("codes", before);
    });

    it("that has no room for a transaction: it waits there, and counts once it is in a block", async () => {
      hre.config.ignition.timeBeforeBumpingFees = 100;
      const before = await count();
      // It has no receipts, and so the transaction waits in its pool.
      const lie: Lie = async ({ method }) => (method === "eth_getTransactionReceipt" ? null : undefined);
      const said = await whileBlocksPass(() => runBefore("pool", lie));
      refused(said, 1, "not settled yet", "which is in no block");
      expect(await count()).to.be.greaterThan(before);
      await completes("pool", before);
    });

    it("whose chain drops the last blocks before they are deep enough: it is sent anew", async () => {
      Object.assign(hre.config.ignition, { maxRetries: 3, retryInterval: 20 });
      await anvil.client.mine({ blocks: 3 });
      const before = await count();
      let dropped = false;
      const lie: Lie = async ({ method, ask }) => {
        if (method !== "eth_getTransactionReceipt" || dropped) return undefined;
        const receipt = (await ask()) as { blockNumber: Hex } | null;
        if (receipt === null) return undefined;
        dropped = true;
        const depth = Number(await anvil.client.getBlockNumber()) - hexToNumber(receipt.blockNumber) + 1;
        await anvil.client.request({ method: "anvil_rollback", params: [depth] } as never);
        return null;
      };
      const deep = ["--confirmations", "3"];
      const said = await whileBlocksPass(() => runBefore("reorganized", lie, ...deep));
      refused(said, 1, "not settled yet", /which the node dropped|a node that counts|fewer confirmations/);
      const again = await whileBlocksPass(() => run("reorganized", ...deep));
      expect(stateOf(again)).to.equal("waiting");
      expect((await count()) - before).to.equal(CONTRACTS);
    });

    it("whose gas becomes too dear: no more is sent than was agreed to", async () => {
      const before = await count();
      let sent = 0;
      const said = await runBefore("dear", async ({ method, ask }) => {
        if (method !== "eth_sendRawTransaction" || ++sent !== 4) return undefined;
        const hash = await ask();
        await dear(500);
        return hash;
      });
      refused(said, 1, "Gas became too dear", /has: [\d.]+ gwei at most/);
      expect((await count()) - before)
        .to.be.greaterThan(0)
        .and.lessThan(CONTRACTS);
      const still = await run("dear", "--max-fee", "3");
      refused(still, 5, "max fee per gas less than block base fee");
      await dear(1);
      await completes("dear", before);
    });
  });

  describe("by who runs it", () => {
    it("twice at once: the second is refused, and nothing is sent twice", async () => {
      const before = await count();
      const both = await Promise.all([run("twice"), run("twice")]);
      expect(both.map(({ code }) => code).sort()).to.deep.equal([0, 64]);
      const second = both.find(({ code }) => code === 64)!;
      expect(second.stderr).to.include("Another run works").and.include(`process ${process.pid} on ${os.hostname()}`);
      expect((await count()) - before).to.equal(CONTRACTS);
      expect(readdirSync(at("twice")).filter((name) => name.startsWith("run.lock"))).to.deep.equal([]);
    });

    it("after one that ended at any line of its journal before something was sent", async () => {
      const lie: Lie = async ({ method }) => {
        if (method === "eth_sendRawTransaction") throw new Refused("no room");
        return undefined;
      };
      const before = await count();
      refused(await runBefore("lines", lie), 5, "no room");
      const journal = path.join(at("lines"), "journal.jsonl");
      const lines = readFileSync(journal, "utf8").split("\n");
      expect(lines.some((line) => line.includes("EXECUTION_STATE_INITIALIZE"))).to.equal(true);
      for (let n = 2; n <= lines.length; ++n) {
        writeFileSync(journal, lines.slice(0, n).join("\n"));
        refused(await runBefore("lines", lie), 5, "no room");
      }
      expect(await count()).to.equal(before);
      await completes("lines", before);
    });

    it("after one that was killed, but not while another process works", async () => {
      const lock = path.join(at("twice"), "run.lock");
      writeFileSync(lock, `process ${process.ppid} on ${os.hostname()}\n`);
      refused(await run("twice"), 64, `has: process ${process.ppid} on`);
      writeFileSync(lock, `process 7 on another.example\n`);
      refused(await run("twice"), 64, "has: process 7 on another.example");
      // No process has so high a number.
      writeFileSync(lock, `process 999999999 on ${os.hostname()}\n`);
      expect(stateOf(await run("twice"))).to.equal("waiting");
      expect(existsSync(lock)).to.equal(false);
    });

    it("with a wrong password, or too little money for what is left", async () => {
      const before = await count();
      writeFileSync(at("wrong"), "wrong\n");
      const by = ["--keystore", founders.sender.file, ...founders.password("wrong"), "--yes"];
      const args = ["deploy", "run", at("plan.json"), "--rpc", anvil.url, "--dir", at("poor"), ...by];
      refused(await sequester(args), 4, "password");
      const balance = await anvil.client.getBalance({ address: founders.sender.address });
      await anvil.client.setBalance({ address: founders.sender.address, value: 1_000n });
      refused(await run("poor"), 1, "cannot pay", "needs: 0\\.\\d+ ether at most");
      expect(await count()).to.equal(before);
      // A node that lies about the balance helps nobody.
      const lie: Lie = async ({ method }) => (method === "eth_getBalance" ? numberToHex(balance) : undefined);
      const lied = await runBefore("poor", lie);
      expect([lied.code, lied.stdout], lied.stderr).to.deep.equal([1, ""]);
      expect(lied.stderr, lied.stderr).to.match(/Gas estimation failed: .*refuses eth_estimateGas/);
      expect(await count()).to.equal(before);
      await anvil.client.setBalance({ address: founders.sender.address, value: balance });
      await completes("poor", before);
    });
  });

  describe("by a plan that changed after the contracts were deployed", () => {
    const changes: [what: string, change: (plan: PlanJson) => unknown, code: number, reason: string | RegExp][] = [
      ["the chain", (it) => (it.chainId = 1), 64, "needs: chain 1"],
      ["the deployer", (it) => (it.deployer = other("de")), 64, `deployer: has 0x.*, needs ${other("de")}`],
      ["the rules", (it) => (it.parameters.name = "exemplum"), 64, "not the file of parameters"],
      ["the hash of the rules", (it) => (it.parameters.sha256 = `0x${"12".repeat(32)}`), 64, "not the file of"],
      ["the paper", (it) => (it.paper.sha256 = `0x${"12".repeat(32)}`), 64, "document: has 0x"],
      ["the paper's salt", (it) => (it.paper.salt = `0x${"12".repeat(32)}`), 64, "document: has 0x"],
      ["the last day", (it) => (it.signBy = "2040-01-01T00:00:00Z"), 64, "sign by: has .* needs 2040-01-01T00:00:00Z"],
      ["a symbol", (it) => (it.assets[0]!["symbol"] = "KZTX"), 64, "symbol of KZTX: has KZTE, needs KZTX"],
      ["a token's name", (it) => (it.assets[0]!["name"] = "Other"), 64, "name of KZTE: has Tenge, needs Other"],
      ["decimals", (it) => (it.assets[0]!["decimals"] = 2), 64, "decimals of KZTE: has 6, needs 2"],
      ["an issuer", (it) => (it.assets[0]!["issuer"] = other("1b")), 64, `issuer of KZTE: has ${ISSUER}, needs`],
      ["a treasury", (it) => (it.assets[0]!["treasury"] = other("7f")), 64, `treasury of KZTE: has ${TREASURY}, needs`],
      [
        "one more asset to deploy",
        (it) => it.assets.push({ ...it.assets[0]!, symbol: "KZTX" }),
        64,
        "Asset2: has none, needs one",
      ],
      [
        "one more asset that is there",
        (it) => it.assets.push({ symbol: "KZTX", decimals: 6, address: other("aa"), treasury: TREASURY }),
        64,
        `asset KZTX: has none, needs ${other("aa")}`,
      ],
      ["no asset", (it) => (it.assets = []), 64, "asset KZTE: has 0x.*, needs none"],
      ["the order of seats", (it) => it.seats.splice(1, 2, it.seats[2]!, it.seats[1]!), 64, "seat 2: has FMA, key"],
      [
        "a seat's key",
        (it) => (it.seats[2]!["signer"] = other("5e")),
        64,
        `seat 3: has .*, needs FMA, key, ${other("5e")}`,
      ],
      [
        "a seat's agency",
        (it) => (it.seats[2]!["agency"] = "KNB"),
        64,
        /seat 3: has FMA, key, .*, needs KNB, key|FMA seats/,
      ],
      [
        "a verifier's key",
        (it) => (it.seats[0]!["key"] = `0x${"ab".repeat(64)}`),
        64,
        "seat 1: has FMA, verifier, P256",
      ],
      [
        "a seat more",
        (it) => it.seats.push({ agency: "AUDIT", kind: "key", signer: other("5e") }),
        64,
        "seat \\d+: has none",
      ],
      ["a seat less", (it) => it.seats.pop(), 64, "AUDIT|seat \\d+: has .*, needs none"],
    ];
    for (const [what, change, code, reason] of changes) {
      it(`is refused, and told: ${what}`, async () => {
        const before = await count();
        const charter = readFileSync(path.join(at("deployed"), "charter.json"), "utf8");
        const plan = JSON.parse(readFileSync(at("plan.json"), "utf8")) as PlanJson;
        change(plan);
        writeFileSync(at("changed.json"), JSON.stringify(plan));
        refused(await founders.run(at("changed.json"), anvil.url, at("deployed")), code, reason);
        expect(await count()).to.equal(before);
        expect(readFileSync(path.join(at("deployed"), "charter.json"), "utf8")).to.equal(charter);
      });
    }
  });

  describe("by signatures", () => {
    it("that somebody makes twice, which count once, or makes over another charter", async () => {
      const [officer] = founders.officers;
      const charter = path.join(at("deployed"), "charter.json");
      refused(await founders.sign(charter, officer!.keys[0]!), 64, "not written over");
      ok(await founders.sign(charter, officer!.keys[0]!, "-o", path.join(at("deployed"), "again.sig.json")));
      const foreign = path.join(at("twice"), "charter.json");
      ok(await founders.sign(foreign, officer!.keys[0]!, "-o", path.join(at("deployed"), "foreign.sig.json")));
      const { stderr, code } = await run("deployed", "--dry-run");
      expect(code, stderr).to.equal(0);
      expect(stderr)
        .to.include(`All ${founders.officers.length} signatures are there`)
        .and.match(/Not counted: .*foreign\.sig\.json: over another charter/);
    });
  });

  describe("of the installation", () => {
    const file = () => path.join(at("deployed"), "deployment.json");

    it("by a node that calls it impossible: it is sent once it is possible", async () => {
      const before = await count();
      const lie: Lie = async ({ method, params }) => {
        const [{ to } = {}] = params as { to?: string | null }[];
        if (method !== "eth_estimateGas" || !to) return undefined;
        throw new Refused("execution reverted", "0x");
      };
      const said = await runBefore("deployed", async (it) => {
        // The simulation that follows tells the reason.
        const [{ data } = {}] = it.params as { data?: string }[];
        if (it.method === "eth_call" && (data?.length ?? 0) > 10_000) throw new Refused("execution reverted", "0x");
        return lie(it);
      });
      expect([said.code, said.stdout], said.stderr).to.deep.equal([1, ""]);
      expect(await count()).to.equal(before);
      expect(stateOf(await run("deployed"))).to.equal("installed");
      expect(await count()).to.equal(before + 1);
    });

    it("by a chain that takes it back: it is sent anew", async () => {
      const before = await count();
      const { block } = await readDeployment(file());
      const depth = Number(await anvil.client.getBlockNumber()) - block + 1;
      await anvil.client.request({ method: "anvil_rollback", params: [depth] } as never);
      expect(await count()).to.equal(before - 1);
      const late = await sequester(["deploy", "verify", at("plan.json"), "--rpc", anvil.url, "--deployment", file()]);
      expect(late.code, late.stderr).to.equal(3);
      expect(stateOf(await run("deployed"))).to.equal("installed");
      expect(await count()).to.equal(before);
      ok(await sequester(["deploy", "verify", at("plan.json"), "--rpc", anvil.url, "--deployment", file()]));
    });

    it("by a deployment's file of another chain, or a node of one", async () => {
      const text = readFileSync(file(), "utf8");
      writeFileSync(at("elsewhere.json"), text.replaceAll(String(CHAIN), "1"));
      const args = ["deploy", "verify", at("plan.json"), "--rpc", anvil.url, "--deployment", at("elsewhere.json")];
      const said = await sequester(args);
      expect(said.code, said.stderr).to.equal(3);
      expect(said.stderr).to.include(`chainId: the node has ${CHAIN}, the file 1`);
      const lie: Lie = async ({ method }) => (method === "eth_chainId" ? "0x1" : undefined);
      liar.node.lie = lie;
      const node = await sequester([
        "deploy",
        "verify",
        at("plan.json"),
        "--rpc",
        liar.node.url,
        "--deployment",
        file(),
      ]);
      liar.node.lie = undefined;
      refused(node, 64, "has: chain 1");
    });
  });
});
