// What thieves try who can alter what officers exchange, who have one agency's keys, whose node lies, or who read logs.
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import path from "node:path";
import { expect } from "chai";
import {
  encodeAbiParameters,
  getAddress,
  numberToHex,
  parseEther,
  parseTransaction,
  stringToHex,
  type Hex,
} from "viem";
import { derivedAccount } from "../../../../src/deployment/keys.ts";
import {
  buildConvert,
  digestOf,
  mergeApprovals,
  officerId,
  parseOrderFile,
  serializeOrderFile,
  serializeSignatureFile,
  type Order,
  type OrderFile,
} from "../../../../src/orders/index.ts";
import { bundleIn, readFolder } from "../../../../src/cli/order/folder.ts";
import { ethers, inTime, networkHelpers, now } from "../../../system/chain.ts";
import { UNIT } from "../../../system/money.ts";
import { nextSalt, officer } from "../../../system/officers.ts";
import type { OfficerName } from "../../../system/parameters.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { answering, sequester, serve, type Said } from "../inProcess.ts";
import { deployKinds, furnish, SEED, type Kinds } from "./world.ts";

const RELAYER = derivedAccount(31_337, SEED, "relayer");
const ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const BOB = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
/** Empties a terminal and begins a line of its own. */
const FORGED = "\u001b[2J\r\nWhat was checked agrees.\u202e";
const forgedIn = (text: string): boolean => /[^\P{C}\n]|^What was checked agrees/mu.test(text);

describe("attacks on orders that officers exchange", function () {
  this.timeout(120_000);
  let system: Kinds;
  let dir: string;
  let file: (name: string) => string;
  let node: Awaited<ReturnType<typeof serve>>;
  const servers: Server[] = [];

  before(async () => {
    node = await serve();
    servers.push(node.server);
  });
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployKinds);
    dir = temporaryFolder();
    file = await furnish(dir, system.deployment);
    await networkHelpers.setBalance(RELAYER.address, 10n ** 20n);
    node.sent.splice(0);
  });
  after(() => {
    for (const server of servers) server.close();
    removeTemporaryFolders();
  });

  const deployed = () => ["--deployment", file("deployment.json")];
  const sender = ["--account", "relayer", "--seed", SEED];
  const knb = ["--account", "KNB-9", "--seed", SEED];
  const done = (told: Said) => {
    expect(told.code, told.stderr).to.equal(0);
    return told;
  };
  const made = async (name: string, act: string, ...args: string[]) => {
    // The chain's clock may be far ahead of this machine's.
    const valid = ["--valid", new Date(Number(await now()) * 1000 + 86_400_000).toISOString()];
    const out = [...valid, ...deployed(), "-o", file(name)];
    done(await sequester(["order", "new", act, "--ruling", file("ruling.md"), ...args, ...out]));
    return file(name);
  };
  const freeze = (name: string, caseId: string, account = ALICE, amount = "5 KZTE") =>
    made(`${name}.order.json`, "freeze", "--case", caseId, "--term", "1d", "--target", `${account}=${amount}`);
  const execute = (files: readonly string[], signatures: readonly string[], ...more: string[]) =>
    sequester([
      "order",
      "execute",
      ...files,
      ...given(signatures),
      "--rpc",
      node.url,
      ...deployed(),
      ...sender,
      ...more,
    ]);
  const given = (signatures: readonly string[]) => (signatures.length > 0 ? ["--signatures", ...signatures] : []);
  const read = (order: string): OrderFile => parseOrderFile(readFileSync(order, "utf8"), order);
  const digestIn = (order: string): Hex => digestOf(read(order).order, read(order).domain);

  /** Signatures of officers of the charter over a digest. */
  const byOfficers = (digest: Hex, names: readonly OfficerName[]): string[] =>
    names.map((name) => {
      const { address, signingKey } = officer(name);
      const signature = signingKey.sign(digest).serialized as Hex;
      const at = file(`${name}.${digest.slice(2, 8)}.sig.json`);
      writeFileSync(at, serializeSignatureFile({ digest, signer: address as Hex, signature }));
      return at;
    });

  /** A node that answers as `alter` says; undefined: as it should. */
  async function lying(alter: (method: string, params: unknown[]) => unknown): Promise<string> {
    const { server, url } = await serve(alter);
    servers.push(server);
    return url;
  }
  const calls = (method: string, params: unknown[], selector: string) =>
    method === "eth_call" && (params[0] as { data?: string }).data?.startsWith(selector);

  describe("an officer signs what it was shown", () => {
    it("a bundle shows every account and the Quorum: one account in another's place is seen, sums or not", async () => {
      const folder = file("orders");
      mkdirSync(folder);
      await freeze("orders/a", "A-1");
      await freeze("orders/b", "B-2");
      const shown = async () =>
        done(await sequester(["order", "sign", "--bundle", folder, "--dry-run", ...deployed()]));
      const before = await shown();
      expect(before.stderr).to.include(ALICE);
      expect(before.stderr).to.include(`at the Quorum ${system.domain.verifyingContract} on chain 31337`);
      const order = path.join(folder, "b.order.json");
      writeFileSync(order, readFileSync(order, "utf8").replace(ALICE, BOB));
      const after = await shown();
      expect(after.stderr).to.include(BOB);
      const [was, is] = [before, after].map(({ stderr }) => stderr.replace(/^digest .*$/m, ""));
      expect(is, "besides the digest, which nobody reads").to.not.equal(was);
    });

    it("a node that tells other decimals, once they were compared, changes no amount", async () => {
      let asked = 0;
      const url = await lying((method, params) => {
        if (!calls(method, params, "0x313ce567")) return undefined;
        return ++asked > 2 ? encodeAbiParameters([{ type: "uint8" }], [4]) : undefined;
      });
      const order = await freeze("a", "A-1");
      const told = done(await sequester(["order", "sign", order, "--rpc", url, "--dry-run", ...deployed()]));
      expect(told.stderr).to.include("5 KZTE").and.not.include("500 KZTE");
    });

    it("names of agencies that a node makes up write nothing over the sentence", async () => {
      const args = ["--agency", "2", "--kind", "key", "--signer", ALICE];
      const order = await made("admit.order.json", "admit", ...args);
      const names = Array.from({ length: 8 }, () => stringToHex("\u001b[2JCOURT\n\u202e", { size: 32 }));
      const url = await lying((method, params) => {
        if (method !== "eth_call") return undefined;
        const data = (params[0] as { data: string }).data;
        const { selector } = system.quorum.interface.getFunction("agencyNames");
        return data === selector ? encodeAbiParameters([{ type: "bytes32[]" }], [names]) : undefined;
      });
      const said = [
        await sequester(["order", "sign", order, "--rpc", url, "--dry-run", ...deployed()]),
        await sequester(["order", "show", order, "--rpc", url, ...deployed()]),
      ];
      for (const { code, stdout, stderr } of said) {
        expect(code, stderr).to.equal(0);
        expect(forgedIn(stdout + stderr)).to.equal(false);
        expect(stdout + stderr).to.include("agency 2");
      }
    });

    it("a symbol in a deployment's file writes nothing over a table: the file is refused", async () => {
      const folder = file("orders");
      mkdirSync(folder);
      await freeze("orders/a", "A-1");
      await freeze("orders/b", "B-2");
      writeFileSync(
        file("deployment.json"),
        JSON.stringify(system.deployment).replaceAll('"KZTE"', JSON.stringify(FORGED)),
      );
      for (const args of [
        ["sign", "--bundle", folder, "--dry-run"],
        ["show", folder],
      ]) {
        const { code, stdout, stderr } = await sequester(["order", ...args, ...deployed()]);
        expect([code, stdout]).to.deep.equal([64, ""]);
        expect(forgedIn(stdout + stderr)).to.equal(false);
      }
    });

    it("a rule tells agencies by their numbers, too, whatever a node calls them", async () => {
      const args = ["--act", "Freeze", "--rule", "0x0000000000000102,0s,0s,10d"];
      const order = await made("configure.order.json", "configure", ...args);
      const told = done(await sequester(["order", "sign", order, "--rpc", node.url, "--dry-run", ...deployed()]));
      expect(told.stderr).to.include("FMA (agency 0) 2 + GPO (agency 2) 1");
    });

    it("a folder in which an order of the approved list is missing says so", async () => {
      const folder = file("orders");
      mkdirSync(folder);
      await freeze("orders/a", "A-1");
      const rows = ["A-1", "B-2", "C-3"].map((id) => `${id},${ALICE},KZTE,5,,\n`);
      writeFileSync(file("targets.csv"), `case,account,asset,amount,platform,group\n${rows.join("")}`);
      const told = done(await sequester(["order", "show", folder, "--targets", file("targets.csv"), ...deployed()]));
      expect(told.stdout)
        .to.match(/^1 exception, /)
        .and.include("needs: an order each of B-2, C-3");
    });

    it("a bundle that an officer does not sign leaves no file in the folder", async () => {
      const folder = file("orders");
      mkdirSync(folder);
      await freeze("orders/a", "A-1");
      const args = ["order", "sign", "--bundle", folder, ...knb, ...deployed()];
      expect((await sequester(args, answering("no"))).code).to.equal(2);
      expect(existsSync(path.join(folder, "freeze.bundle.json"))).to.equal(false);
    });

    it("an order whose file changes after it was shown is not what is signed", async () => {
      const order = await freeze("a", "A-1");
      const digest = digestIn(order);
      const terminal = answering();
      terminal.ask = async () => {
        writeFileSync(order, readFileSync(order, "utf8").replace(ALICE, BOB));
        return "yes";
      };
      const { stdout } = done(await sequester(["order", "sign", order, ...knb, ...deployed()], terminal));
      expect(JSON.parse(readFileSync(stdout.trim(), "utf8"))).to.include({ digest });
      expect(digestIn(order)).to.not.equal(digest);
    });
  });

  describe("names of files, keys and reasons are text", () => {
    const name = (end: string) => file(`a${FORGED}${end}`);

    it("no name of a file that others gave begins a line or moves a cursor", async () => {
      const order = await freeze("a", "A-1");
      writeFileSync(name(".order.json"), readFileSync(order));
      writeFileSync(name(".sig.json"), "{");
      writeFileSync(name(".bundle.json"), "{");
      const online = ["--rpc", node.url, ...deployed()];
      for (const args of [
        ["show", dir, ...deployed()],
        ["show", name(".order.json")],
        ["verify", dir, "--offline", ...deployed()],
        ["sign", "--bundle", dir, ...knb, "--yes", ...deployed()],
        ["merge", name(".sig.json"), "-o", file("all")],
        ["status", order, "--signatures", name(".sig.json"), ...online],
        ["simulate", order, "--signatures", name(".sig.json"), ...online],
        ["execute", name(".order.json"), ...online, ...sender],
      ]) {
        const { stdout, stderr } = await sequester(["order", ...args]);
        expect(stdout + stderr, args.join(" ")).to.not.equal("");
        expect(forgedIn(stdout + stderr), args.join(" ")).to.equal(false);
      }
      expect((await sequester(["order", "show", dir])).code).to.equal(64);
      expect((await sequester(["order", "verify", dir, "--offline", ...deployed()])).code).to.equal(3);
    });

    it("no key, no text of a file, and no reason of a node either", async () => {
      const order = await freeze("a", "A-1");
      const text = readFileSync(order, "utf8");
      const files = [
        text.replace("{", `{${JSON.stringify(FORGED)}: 1,`),
        text.replace("{", `{${JSON.stringify(FORGED)}: 1,${JSON.stringify(FORGED)}: 1,`),
        FORGED,
        text.replace('"Freeze"', JSON.stringify(FORGED)),
      ];
      for (const [i, content] of files.entries()) {
        writeFileSync(file(`${i}.order.json`), content);
        const { code, stdout, stderr } = await sequester(["order", "show", file(`${i}.order.json`), ...deployed()]);
        expect([code, forgedIn(stdout + stderr)]).to.deep.equal([64, false]);
      }
      writeFileSync(file("stops.json"), JSON.stringify([{ address: ALICE.toLowerCase(), label: FORGED, kind: "x" }]));
      const service = await sequester(["order", "show", order, "--stops", file("stops.json"), ...deployed()]);
      expect([service.code, forgedIn(service.stdout + service.stderr)], service.stderr).to.deep.equal([0, false]);
      expect(service.stdout).to.include("service wallet");
      const url = await lying(() => new Error(FORGED));
      const refused = await sequester(["order", "simulate", order, "--rpc", url, ...deployed()]);
      expect([refused.code, forgedIn(refused.stdout + refused.stderr)], refused.stderr).to.deep.equal([5, false]);
    });
  });

  describe("nobody's signature stops or displaces another's", () => {
    it("one agency that signs an order alone displaces none of the approvals of its bundle", async () => {
      const folder = file("orders");
      mkdirSync(folder);
      const files = [await freeze("orders/a", "A-1"), await freeze("orders/b", "B-2")];
      const { digest } = bundleIn(await readFolder(folder));
      const together = byOfficers(digest, ["FMA-1", "FMA-2", "GPO-1"]);
      const alone: string[] = [];
      for (const order of files) {
        alone.push(...byOfficers(digestIn(order), ["KNB-1", "KNB-2"]));
        alone.push(done(await sequester(["order", "sign", order, ...knb, "--yes", ...deployed()])).stdout.trim());
      }
      done(await execute(files, [...alone, ...together], "--yes"));
      expect((await system.docket.heldOf(system.kzte, ALICE))[0]).to.equal(10n * UNIT);
    });

    it("an officer that is to be dismissed stops nothing by approving it, too", async () => {
      const id = officerId(officer("FMA-1").address as Hex);
      const order = await made("dismiss.order.json", "dismiss", "--officer-id", id, "--compromised");
      const own = byOfficers(digestIn(order), ["COURT-1", "GPO-1"]);
      done(await execute([order], [...byOfficers(digestIn(order), ["FMA-1"]), ...own], "--yes"));
      expect((await system.quorum.dismissalOf(id))[0]).to.equal(true);
    });

    it("a file of signatures that is too large, or that is none, is named and left out", async () => {
      const order = await freeze("a", "A-1");
      const own = byOfficers(digestIn(order), ["FMA-1", "FMA-2", "GPO-1"]);
      const [first] = own;
      const bad = {
        "large.sig.json": " ".repeat(2 ** 20) + readFileSync(first!, "utf8"),
        "deep.sig.json": "[".repeat(500_000),
        "escapes.sig.json": JSON.stringify({ schema: '"\\'.repeat(150_000) }),
        "proto.sig.json": readFileSync(first!, "utf8").replace("{", '{"__proto__": {"a": 1},'),
      };
      for (const [name, text] of Object.entries(bad)) writeFileSync(file(name), text);
      const names = Object.keys(bad).map(file);
      const told = done(await execute([order], [...names, ...own], "--yes"));
      for (const name of names) expect(told.stderr).to.include(`${name}: left out`);
    });

    it("signatures that nobody can disprove make no merged file that nobody can read", async () => {
      const order = await freeze("a", "A-1");
      const digest = digestIn(order);
      const own = byOfficers(digest, ["FMA-1", "GPO-1"]);
      const padded = [1, 2, 3].map((n) => {
        const signer = `${system.deployment.addresses.verifiers.P256}${"ab".repeat(64)}` as Hex;
        const at = file(`padded-${n}.sig.json`);
        writeFileSync(at, serializeSignatureFile({ digest, signer, signature: `0x${`0${n}`.repeat(250_000)}` }));
        return at;
      });
      const merge = (...more: string[]) => sequester(["order", "merge", ...padded, ...own, "-o", file("all"), ...more]);
      const refused = await merge();
      expect([refused.code, existsSync(file("all"))]).to.deep.equal([64, false]);
      expect(refused.stderr).to.include("too large");
      done(await merge("--rpc", node.url, ...deployed()));
      expect(readFileSync(file("all"), "utf8").match(/"signer"/g)).to.have.length(2);
    });
  });

  it("of two signatures of an officer the shorter one is brought, whatever its bytes", () => {
    const signer = system.deployment.addresses.quorum;
    const own = { signer, signature: "0xff" } as const;
    const padded = { signer, signature: `0x${"00".repeat(400_000)}` } as const;
    for (const both of [
      [own, padded],
      [padded, own],
    ]) {
      expect(mergeApprovals(both, () => false).map(({ signature }) => signature)).to.deep.equal(["0xff"]);
    }
  });

  describe("what is read in two ways is refused", () => {
    it("an address with the ends that people compare of another one", async () => {
      const like = getAddress(`0x7099${"0".repeat(32)}79c8`);
      const args = ["--case", "A", "--ruling", file("ruling.md"), "--term", "1d", "--target", `${ALICE}=1 KZTE`];
      const both = ["order", "new", "freeze", ...args, "--target", `${like}=1 KZTE`, "--dry-run", ...deployed()];
      const told = await sequester(both);
      expect([told.code, told.stderr.includes(like)], told.stderr).to.deep.equal([64, true]);
      done(await sequester([...both, "--look-alike", like, "--look-alike", ALICE]));
    });

    it("amounts with grouped digits, other digits, exponents, signs and zeros", async () => {
      const args = ["--case", "A", "--ruling", file("ruling.md"), "--term", "1d", "--dry-run", ...deployed()];
      for (const amount of [
        "1,250",
        "1.250",
        "1 250",
        "１２５０",
        "١٢٥",
        "1e3",
        "0x10",
        "-5",
        "+5",
        "007",
        ".5",
        "5.",
        "5 ",
      ]) {
        const told = await sequester([
          "order",
          "new",
          "freeze",
          ...args,
          "--target",
          `${ALICE}=${amount}  KZTE`.trim(),
        ]);
        if (amount === "5 ") done(told);
        else expect([told.code, told.stdout], amount).to.deep.equal([64, ""]);
        const listed = `case,account,asset,amount\nA,${ALICE},KZTE,"${amount}"\n`;
        writeFileSync(file("targets.csv"), listed);
        const from = await sequester(["order", "new", "freeze", ...args, "--from", file("targets.csv")]);
        if (amount !== "1.250") expect([from.code, from.stdout], listed).to.deep.equal([64, ""]);
      }
    });

    it("numbers of holds that are not digits alone", async () => {
      for (const number of ["1e3", "0x10", "", " 7", "007", "1.0", "-1"]) {
        const args = ["--case", "A", "--ruling", file("ruling.md"), "--hold", `${ALICE}=1 KZTE`];
        const told = await sequester([
          "order",
          "new",
          "lift",
          ...args,
          `--up-to=${number}`,
          "--dry-run",
          ...deployed(),
        ]);
        expect([told.code, told.stdout], JSON.stringify(number)).to.deep.equal([64, ""]);
      }
    });

    it("proceeds in another asset than the order's", async () => {
      const message = {
        caseId: "A",
        document: `0x${"11".repeat(32)}`,
        asset: system.kzte,
        amount: UNIT,
        proceedsAsset: system.usdx,
        leastProceeds: UNIT,
        wallet: RELAYER.address,
        signBy: await inTime(),
        salt: nextSalt(),
      };
      const { documentSalt, ruling } = read(await freeze("a", "A-1"));
      const { document } = read(file("a.order.json")).order.message as { document: Hex };
      const order = buildConvert({ ...message, document }) as Order;
      const paper = { domain: system.domain, order, documentSalt, ruling };
      writeFileSync(file("convert.order.json"), serializeOrderFile(paper));
      const told = await execute([file("convert.order.json")], [], "--proceeds", "5 KZTE", "--yes");
      expect([told.code, told.stdout], told.stderr).to.deep.equal([64, ""]);
      expect(told.stderr).to.include("Invalid --proceeds.").and.include(system.usdx);
    });
  });

  describe("what is sent is what was simulated, once", () => {
    it("an order that is named twice is sent never", async () => {
      const id = officerId(officer("FMA-1").address as Hex);
      const order = await made("dismiss.order.json", "dismiss", "--officer-id", id, "--compromised");
      writeFileSync(file("twin.order.json"), readFileSync(order));
      const signatures = byOfficers(digestIn(order), ["COURT-1", "GPO-1"]);
      const told = await execute([order, file("twin.order.json")], signatures, "--yes");
      expect([told.code, node.sent.length], told.stderr).to.deep.equal([64, 0]);
      expect(told.stderr).to.include(file("twin.order.json"));
    });

    it("a node without the journal's logs is named, and no fault that nobody foresaw", async () => {
      const treasury = (await ethers.getSigners())[7]!.address;
      const args = ["--asset", "KZTE", "--treasury", treasury, "--valid", "300d"];
      const order = await made("treasury.order.json", "set-treasury", ...args);
      const officers = ["COURT-1", "COURT-2", "GPO-1", "FMA-1", "NBK-1", "MOF-1"] as const;
      done(await execute([order], byOfficers(digestIn(order), officers), "--yes"));
      const url = await lying((method) => (method === "eth_getLogs" ? [] : undefined));
      const told = await sequester(["order", "simulate", order, "--rpc", url, ...deployed()]);
      expect([told.code, told.stdout], told.stderr).to.deep.equal([5, ""]);
      expect(told.stderr).to.include("needs: a node that has all logs");
    });

    it("a transaction that was done is told as data, too, where the node refuses the next one", async () => {
      const args = ["--asset", "KZTE", "--treasury", (await ethers.getSigners())[7]!.address, "--valid", "300d"];
      const orders = [await freeze("a", "A-1"), await made("treasury.order.json", "set-treasury", ...args)] as const;
      const signatures = [
        ...byOfficers(digestIn(orders[0]), ["FMA-1", "FMA-2", "GPO-1"]),
        ...byOfficers(digestIn(orders[1]), ["COURT-1", "COURT-2", "GPO-1", "FMA-1", "NBK-1", "MOF-1"]),
      ];
      let sent = 0;
      const url = await lying((method) =>
        method === "eth_sendRawTransaction" && ++sent > 1 ? new Error("no room") : undefined,
      );
      const at = [...given(signatures), "--rpc", url, ...deployed(), ...sender, "--yes", "--json"];
      const told = await sequester(["order", "execute", ...orders, ...at]);
      expect(told.code, told.stderr).to.equal(5);
      const { transactions } = JSON.parse(told.stdout) as { transactions: { entries: { act: number }[] }[] };
      expect(transactions.map(({ entries }) => entries.length)).to.deep.equal([1]);
    });

    it("a node that names another price, once somebody agreed to one, makes nobody pay it", async () => {
      const order = await freeze("a", "A-1");
      const signatures = byOfficers(digestIn(order), ["FMA-1", "FMA-2", "GPO-1"]);
      let asked = 0;
      const sent: Hex[] = [];
      const url = await lying((method, [raw]) => {
        if (method === "eth_sendRawTransaction") sent.push(raw as Hex);
        return method === "eth_maxPriorityFeePerGas" && ++asked > 1 ? numberToHex(10n ** 12n) : undefined;
      });
      const told = done(
        await sequester([
          "order",
          "execute",
          order,
          ...given(signatures),
          "--rpc",
          url,
          ...deployed(),
          ...sender,
          "--yes",
        ]),
      );
      const [, ether] = /for ([\d.]+) ether at most/.exec(told.stderr)!;
      const { gas, maxFeePerGas } = parseTransaction(sent[0]!);
      expect(gas! * maxFeePerGas!).to.equal(parseEther(ether!));
    });

    it("an order that a list passed over is no success", async () => {
      const files = [await freeze("a", "A-1"), await freeze("b", "B-2")];
      const officers = ["FMA-1", "FMA-2", "GPO-1"] as const;
      const signatures = files.flatMap((order) => byOfficers(digestIn(order), officers));
      const terminal = answering();
      terminal.ask = async () => {
        done(await execute(files.slice(0, 1), signatures, "--yes"));
        return "yes";
      };
      const args = ["order", "execute", ...files, ...given(signatures), "--rpc", node.url, ...deployed(), ...sender];
      const told = await sequester(args, terminal);
      expect(told.code, told.stderr).to.equal(1);
      expect(told.stderr).to.include(`${files[0]}: passed over, QuorumOrderUsed(`);
      expect(told.stdout, "the other one is executed, and told").to.include("entry 3: Freeze");
    });
  });

  describe("no secret is repeated, no file is written over", () => {
    it("neither what was taken for an option of an act, nor a password for its descriptor", async () => {
      const secret = "hunter2-5ec2e7";
      const order = await freeze("a", "A-1");
      for (const args of [
        ["new", "freeze", `--private-key=${secret}`],
        ["new", `--password=${secret}`, "freeze"],
        ["sign", order, "--yes", "--keystore", file("officer.json"), "--password-fd", secret, ...deployed()],
      ]) {
        const { code, stdout, stderr } = await sequester(["order", ...args]);
        expect([code, (stdout + stderr).includes(secret)], args.join(" ")).to.deep.equal([64, false]);
      }
    });

    it("a link that lies where a file is to be written leads nowhere", async () => {
      const order = await freeze("a", "A-1");
      writeFileSync(file("precious"), "mine");
      symlinkSync(file("precious"), file("link.sig.json"));
      symlinkSync(file("nothing"), file("dangling.sig.json"));
      for (const name of ["link.sig.json", "dangling.sig.json"]) {
        const told = await sequester(["order", "sign", order, ...knb, "--yes", ...deployed(), "-o", file(name)]);
        expect([told.code, told.stdout]).to.deep.equal([64, ""]);
      }
      expect([readFileSync(file("precious"), "utf8"), existsSync(file("nothing"))]).to.deep.equal(["mine", false]);
    });
  });
});
