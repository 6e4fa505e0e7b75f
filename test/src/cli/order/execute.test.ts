import type { Server } from "node:http";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { getAddress, type Hex } from "viem";
import { derivedAccount } from "../../../../src/deployment/keys.ts";
import {
  digestOf,
  encodeCaseId,
  parseOrderFile,
  parseSignatureFile,
  serializeSignatureFile,
} from "../../../../src/orders/index.ts";
import { ethers, networkHelpers } from "../../../system/chain.ts";
import { officer, signOrder } from "../../../system/officers.ts";
import { UNIT } from "../../../system/money.ts";
import { type OfficerName } from "../../../system/parameters.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { answering, sequester, serve, type Said } from "../inProcess.ts";
import { deployKinds, furnish, KEYSTORE_KEY, PASSWORD, SEED, type Kinds } from "./world.ts";

const RELAYER = derivedAccount(31_337, SEED, "relayer");
const sender = ["--account", "relayer", "--seed", SEED];

/** A paper, four officers of different kinds, somebody who sends. */
describe("order simulate, order execute", function () {
  this.timeout(120_000);
  let system: Kinds;
  let file: (name: string) => string;
  let node: Awaited<ReturnType<typeof serve>>;
  let relay: Awaited<ReturnType<typeof serve>>;
  let servers: Server[];

  before(async () => {
    [node, relay] = [await serve(), await serve()];
    servers = [node.server, relay.server];
  });
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployKinds);
    file = await furnish(temporaryFolder(), system.deployment);
    await networkHelpers.setBalance(RELAYER.address, 10n ** 20n);
    for (const { sent, asked } of [node, relay]) (sent.splice(0), asked.splice(0));
  });
  after(() => {
    for (const server of servers) server.close();
    removeTemporaryFolders();
  });

  const alice = () => system.alice.address;
  const deployed = () => ["--deployment", file("deployment.json")];
  const atNode = () => ["--rpc", node.url, ...deployed()];
  const done = (told: Said) => {
    expect(told.code, told.stderr).to.equal(0);
    return told;
  };

  async function freeze(name = "freeze", amount = "5 KZTE", caseId = "A-1"): Promise<string> {
    const args = ["--case", caseId, "--ruling", file("ruling.md"), "--term", "1d", "--target", `${alice()}=${amount}`];
    done(await sequester(["order", "new", "freeze", ...args, ...atNode(), "-o", file(`${name}.order.json`)]));
    return file(`${name}.order.json`);
  }

  /** The four officers: FMA by a keystore and by P-256, GPO by RSA, KNB by an account of the seed. */
  const KEYS = {
    keystore: () => ["--keystore", file("officer.json")],
    p256: () => ["--p256", file("p256.pem")],
    rsa: () => ["--rsa", file("rsa.pem")],
    account: () => ["--account", "KNB-9", "--seed", SEED],
  } as const;

  async function signed(what: readonly string[], by: readonly (keyof typeof KEYS)[]): Promise<string[]> {
    const files: string[] = [];
    for (const key of by) {
      const told = await sequester(
        ["order", "sign", ...what, ...KEYS[key](), ...deployed()],
        answering("yes", PASSWORD),
      );
      files.push(done(told).stdout.trim());
    }
    return files;
  }

  const call = (
    verb: "simulate" | "execute",
    files: readonly string[],
    signatures: readonly string[],
    ...more: string[]
  ) => {
    const given = signatures.length > 0 ? ["--signatures", ...signatures] : [];
    return sequester(["order", verb, ...files, ...given, ...atNode(), ...more]);
  };
  const execute = (files: readonly string[], signatures: readonly string[], ...more: string[]) =>
    call("execute", files, signatures, ...sender, "--yes", ...more);
  const held = async () => (await system.docket.heldOf(system.kzte, alice()))[0];

  /** A signature file that is not its officer's. */
  function broken(of: string, name: string, signature: Hex = "0x00"): string {
    const content = parseSignatureFile(readFileSync(of, "utf8"), of);
    writeFileSync(file(name), serializeSignatureFile({ ...content, signature }));
    return file(name);
  }

  /** Signature files of officers of the charter whose keys the tests have. */
  async function byWallets(order: string, names: readonly OfficerName[]): Promise<string[]> {
    const { order: content, domain } = parseOrderFile(readFileSync(order, "utf8"), order);
    const digest = digestOf(content, domain);
    for (const name of names) {
      const signature = await signOrder(officer(name), domain, content);
      const signer = officer(name).address as Hex;
      writeFileSync(file(`${name}.sig.json`), serializeSignatureFile({ digest, signer, signature }));
    }
    return names.map((name) => file(`${name}.sig.json`));
  }

  it("plays a freeze from the paper to the journal: four officers of different kinds sign, somebody else sends", async () => {
    const order = await freeze();
    const signatures = await signed([order], ["keystore", "p256", "rsa", "account"]);
    expect(new Set(signatures)).to.have.length(4);
    const simulated = done(await call("simulate", [order], signatures));
    expect(simulated.stdout)
      .to.include('Freeze provisionally in case "A-1"')
      .and.include("the contracts let it pass now");
    expect(await held()).to.equal(0n);
    const rows = simulated.stdout.split("\n").map((line) => line.trim().split(/ {2,}/));
    const at = rows.findIndex(([first]) => first === "account");
    expect(rows.slice(at, at + 2)).to.deep.equal([
      ["account", "asset", "balance", "held", "covered"],
      [alice(), "KZTE", "1,000.00", "0.00 -> 5.00", "0.00 -> 5.00"],
    ]);
    const told = done(await execute([order], signatures));
    expect(await held()).to.equal(5n * UNIT);
    expect(node.sent).to.have.length(1);
    const head = await system.docket.head();
    const [, digest] = /^entry 2: Freeze, order (0x[0-9a-f]{64})$/m.exec(told.stdout)!;
    expect(told.stdout)
      .to.include(`head ${head}`)
      .and.match(/^ {2}held 5 KZTE of asset 0x[0-9a-fA-F]{40}$/m)
      .and.match(/transaction 0x[0-9a-f]{64}, block \d+/);
    expect(simulated.stdout).to.include(digest!);
    expect(told.stderr).to.include("mempool may be public").and.include(`sent by ${RELAYER.address}`);

    const again = await execute([order], signatures);
    expect([again.code, again.stdout]).to.deep.equal([1, ""]);
    expect(again.stderr)
      .to.include("Nothing was sent.")
      .and.include(`${order}: is used already, by entry 2 of the journal`);
    expect(node.sent).to.have.length(1);
  });

  it("tells balances and holds before and after, of a vault too, also with the approvals that are missing", async () => {
    const [alices, vault] = [alice(), await system.docket.vaultOf(encodeCaseId("A-1"))];
    const signatures = await signed([await freeze("freeze", "1500 KZTE")], ["keystore", "p256", "rsa", "account"]);
    done(await execute([file("freeze.order.json")], signatures));
    const args = ["--like", file("freeze.order.json"), "--ruling", file("ruling.md"), ...atNode()];
    const out = ["-o", file("seize.order.json")];
    done(await sequester(["order", "new", "seize", "--case", "A-1", "--hold", `${alices}=400 KZTE`, ...args, ...out]));
    const told = done(await call("simulate", [file("seize.order.json")], [], "--json"));
    const figures = (balance: [number, number], held: [number, number], covered: [number, number]) => {
      const units = (i: 0 | 1) => ({
        balance: String(BigInt(balance[i]) * UNIT),
        held: String(BigInt(held[i]) * UNIT),
        covered: String(BigInt(covered[i]) * UNIT),
      });
      return { before: units(0), after: units(1) };
    };
    const { orders } = JSON.parse(told.stdout) as { orders: { ways: unknown[]; accounts: unknown }[] };
    expect(orders[0]!.ways).to.have.length.above(0);
    expect(orders[0]!.accounts).to.deep.equal([
      { asset: system.kzte, account: alices, ...figures([1000, 600], [1500, 1100], [1000, 600]) },
      { asset: system.kzte, account: vault, isVault: true, ...figures([0, 400], [0, 0], [0, 0]) },
    ]);
    expect(await held()).to.equal(1500n * UNIT);
    const plain = done(await call("simulate", [file("seize.order.json")], []));
    expect(plain.stdout).to.match(new RegExp(`${vault}, its vault +KZTE +0\\.00 -> 400\\.00 +0\\.00 +0\\.00\\n`));
  });

  it("says of an order that passes and changes nothing that it changes nothing", async () => {
    const poor = `${getAddress(`0x${"9a".repeat(20)}`)}=5 KZTE`;
    const paper = ["--ruling", file("ruling.md"), ...atNode()];
    const [freezing, seizing] = [file("freeze.order.json"), file("seize.order.json")];
    const terms = ["--case", "A-1", "--term", "1d", "--target", poor];
    done(await sequester(["order", "new", "freeze", ...terms, ...paper, "-o", freezing]));
    const held = done(await call("simulate", [freezing], []));
    expect(held.stdout).to.include("what it does, before -> after:");
    done(await execute([freezing], await signed([freezing], ["keystore", "p256", "rsa", "account"])));
    done(await sequester(["order", "new", "seize", "--like", freezing, ...paper, "-o", seizing]));
    const told = done(await call("simulate", [seizing], []));
    expect(told.stdout).to.include("then it passes").and.include("no balance and no amount held changes now:");
  });

  it("plays several as a bundle: each officer signs once, one transaction, and one of them alone", async () => {
    const rows = ["A-1", "B-2", "C-3", "D-4"].map((id, i) => `${id},${alice()},KZTE,${i + 1}`);
    writeFileSync(file("targets.csv"), ["case,account,asset,amount", ...rows].join("\n"));
    const folder = file("orders");
    const args = ["--from", file("targets.csv"), "--folder", folder, "--ruling", file("ruling.md"), "--term", "1d"];
    done(await sequester(["order", "new", "freeze", ...args, ...atNode()]));
    const signatures = await signed(["--bundle", folder], ["keystore", "p256", "rsa", "account"]);
    const files = readdirSync(folder)
      .filter((name) => name.endsWith(".order.json"))
      .map((name) => path.join(folder, name));
    expect([files.length, signatures.length]).to.deep.equal([4, 4]);

    const bundle = ["--bundle", path.join(folder, "freeze.bundle.json")];
    const short = await call("simulate", files.slice(0, 1), signatures.slice(0, 1), ...bundle, "--json");
    const { orders } = JSON.parse(done(short).stdout) as { orders: { passes: boolean; ways: { missing: object }[] }[] };
    expect(orders[0]!.ways.map(({ missing }) => missing)).to.deep.equal([
      { FMA: 1, GPO: 1 },
      { KNB: 1, GPO: 1 },
    ]);
    expect(orders[0]!.passes).to.equal(true);

    done(await execute(files.slice(1, 2), signatures, ...bundle));
    expect(await held()).to.equal(2n * UNIT);
    const rest = [files[0]!, files[2]!, files[3]!];
    const told = done(await execute(rest, signatures, ...bundle, "--json"));
    expect(await held()).to.equal(10n * UNIT);
    const { transactions } = JSON.parse(told.stdout) as { transactions: { entries: { seq: string; act: number }[] }[] };
    expect(transactions.flatMap(({ entries }) => entries).map(({ act }) => act)).to.deep.equal([1, 1, 1]);
  });

  it("takes a folder with all that lies in it, and goes on where some of its orders are done already", async () => {
    mkdirSync(file("orders"));
    for (const [i, id] of ["A-1", "B-2", "C-3"].entries()) await freeze(`orders/${id}`, `${i + 1} KZTE`, id);
    const folder = file("orders");
    await signed(["--bundle", folder], ["keystore", "p256"]);
    await signed(["--bundle", folder], ["rsa"]);
    const simulated = done(await call("simulate", [folder], []));
    expect(simulated.stdout.match(/the contracts let it pass now/g)).to.have.length(3);
    const bundle = readdirSync(folder).find((it) => it.endsWith(".bundle.json"))!;
    const signatures = readdirSync(folder).filter((it) => it.endsWith(".sig.json"));
    const one = [file("orders/B-2.order.json")];
    const at = (name: string) => file(`orders/${name}`);
    done(await execute(one, signatures.map(at), "--bundle", at(bundle)));
    const rest = done(await execute([folder], []));
    expect(rest.stderr).to.match(/^Passed over: .*B-2\.order\.json: is used already, by entry 2 of the journal$/m);
    expect(rest.stderr).to.include("2 orders");
    expect(await held()).to.equal(6n * UNIT);
    const again = await execute([folder], []);
    expect([again.code, again.stdout]).to.deep.equal([1, ""]);
    expect(again.stderr.match(/is used already/g)).to.have.length(3);
  });

  it("needs no bundle's file where all of its orders are there, and sends them in one transaction", async () => {
    const files = [
      await freeze("a", "1 KZTE", "A"),
      await freeze("b", "2 KZTE", "B"),
      await freeze("c", "3 KZTE", "C"),
    ];
    const signatures = await signed(["--bundle", path.dirname(files[0]!)], ["keystore", "p256", "rsa"]);
    done(await execute(files, signatures));
    expect([await held(), node.sent.length]).to.deep.equal([6n * UNIT, 1]);
  });

  it("brings orders that were signed one by one in one transaction", async () => {
    const files = [await freeze("a", "1 KZTE", "A"), await freeze("b", "2 KZTE", "B")];
    const signatures = [
      ...(await signed([files[0]!], ["keystore", "p256", "rsa"])),
      ...(await signed([files[1]!], ["keystore", "rsa", "account"])),
    ];
    done(await execute(files, signatures));
    expect([await held(), node.sent.length]).to.deep.equal([3n * UNIT, 1]);
  });

  it("a broken signature makes no batch of three freezes fail, and displaces none: it is named and left out", async () => {
    const files = [
      await freeze("a", "1 KZTE", "A"),
      await freeze("b", "2 KZTE", "B"),
      await freeze("c", "3 KZTE", "C"),
    ];
    const signatures: string[] = [];
    for (const order of files) signatures.push(...(await signed([order], ["keystore", "p256", "rsa"])));
    const forged = [
      broken(signatures[0]!, "forged-key.sig.json", `0x${"11".repeat(64)}1b`),
      broken(signatures[0]!, "short.sig.json"),
      broken(signatures[1]!, "forged-p256.sig.json"),
      broken(signatures[5]!, "forged-rsa.sig.json", `0x${"00".repeat(256)}`),
    ];
    writeFileSync(
      file("empty.sig.json"),
      readFileSync(signatures[0]!, "utf8").replace(/"signature": "0x\w+"/, '"signature": "0x"'),
    );
    writeFileSync(file("none.sig.json"), "{");
    forged.push(file("empty.sig.json"), file("none.sig.json"));
    const told = done(await execute(files, [...forged, ...signatures]));
    expect([await held(), node.sent.length]).to.deep.equal([6n * UNIT, 1]);
    for (const name of forged) expect(told.stderr).to.include(`${name}: left out, `);
  });

  it("refuses orders that lack approvals before anything is sent, with what is missing", async () => {
    const files = [await freeze("a", "1 KZTE", "A"), await freeze("b", "2 KZTE", "B")];
    const [key, p256, rsa] = await signed([files[0]!], ["keystore", "p256", "rsa"]);
    const other = await signed([files[1]!], ["account"]);
    const told = await execute(files, [key!, p256!, broken(rsa!, "rsa.sig.json", `0x${"00".repeat(256)}`), ...other]);
    expect([told.code, told.stdout, node.sent.length]).to.deep.equal([1, "", 0]);
    expect(told.stderr)
      .to.include(`${files[0]}: lacks GPO 1`)
      .and.include(`${files[1]}: lacks FMA 1 + GPO 1, or FMA 2 + GPO 1`);
    expect(told.stderr).to.include("rsa.sig.json: left out");
    const none = await execute(files.slice(0, 1), []);
    expect(none.stderr).to.include("lacks FMA 2 + GPO 1, or FMA 1 + KNB 1 + GPO 1");
  });

  it("names and leaves out what is no officer's, withdrawn, or of another order", async () => {
    const order = await freeze();
    const signatures = await signed([order], ["keystore", "p256", "rsa"]);
    const stranger = await sequester(["order", "sign", order, ...sender, ...deployed(), "--yes"]);
    const other = await signed([await freeze("other", "9 KZTE")], ["account"]);
    const told = done(await execute([order], [...signatures, stranger.stdout.trim(), ...other]));
    expect(told.stderr).to.include("it is no officer's").and.include("it is of another order or bundle");
  });

  it("tells who signed what counts for something, where there is a node", async () => {
    const order = await freeze();
    const sign = async (out: string, ...key: string[]) =>
      done(await sequester(["order", "sign", order, ...key, ...atNode(), "-o", file(out), "--yes"])).stderr;
    const own = ["--account", "KNB-9", "--seed", SEED];
    const { address } = derivedAccount(31_337, SEED, "KNB-9");
    expect(await sign("a.sig.json", ...own)).to.include(`Signed by ${address.toLowerCase()}, an officer of KNB.`);
    expect(await sign("b.sig.json", "--rsa", file("rsa.pem"))).to.match(
      /Signed by the officer 0x\w{64}, an officer of GPO/,
    );
    expect(await sign("c.sig.json", ...sender)).to.include(", who is no officer: it counts as no approval.");
    await networkHelpers.setBalance(address, 0n);
    const cancel = ["order", "cancel", order, ...own, ...atNode(), "--execute", "--yes"];
    const poor = await sequester(cancel);
    expect([poor.code, poor.stdout], poor.stderr).to.deep.equal([1, ""]);
    const [, withdrawal, signature] = /The withdrawal is in (.*), signed in (.*)\.\n/.exec(poor.stderr)!;
    done(await execute([withdrawal!], [signature!]));
    expect(await sign("d.sig.json", ...own)).to.include("who withdrew this approval for ever");
  });

  it("tells the ways to what is missing, and the refusal that stands behind", async () => {
    const order = await freeze();
    const told = done(await call("simulate", [order], []));
    expect(told.stdout).to.include("FMA 2 + GPO 1 (alternative 1): then it passes");
    const args = ["--case", "A-1", "--ruling", file("ruling.md"), "--target", `${alice()}=5 KZTE`];
    const long = file("long.order.json");
    done(await sequester(["order", "new", "freeze", ...args, "--term", "11d", ...atNode(), "-o", long]));
    const refused = await call("simulate", [long], []);
    expect(refused.code).to.equal(1);
    expect(refused.stdout).to.include("then it is refused: DocketInvalidTerm(");
    expect(refused.stderr).to.include("DocketInvalidTerm(");
    const data = await call("simulate", [long], [], "--json");
    const { schema, orders } = JSON.parse(data.stdout) as { schema: string; orders: { refusal: { error: string } }[] };
    expect([schema, orders[0]!.refusal.error]).to.deep.equal(["sequester.order-simulation/1", "DocketInvalidTerm"]);
  });

  it("sends by a relay, warns of no mempool then, and waits for confirmations", async () => {
    const order = await freeze();
    const signatures = await signed([order], ["keystore", "p256", "rsa"]);
    const mining = setInterval(() => void networkHelpers.mine(), 300);
    try {
      const before = await ethers.provider.getBlockNumber();
      const told = done(await execute([order], signatures, "--relay", relay.url, "--confirmations", "3"));
      expect(told.stderr).to.not.include("mempool");
      expect([node.sent.length, relay.sent.length]).to.deep.equal([0, 1]);
      const [, block] = /block (\d+)/.exec(told.stdout)!;
      expect(Number(block)).to.be.greaterThan(before);
      expect(await ethers.provider.getBlockNumber()).to.be.greaterThanOrEqual(Number(block) + 2);
    } finally {
      clearInterval(mining);
    }
  });

  it("believes no relay that answers with the hash of another transaction", async () => {
    const order = await freeze();
    const signatures = await signed([order], ["keystore", "p256", "rsa"]);
    const other = `0x${"11".repeat(32)}`;
    const lying = await serve((method) => (method === "eth_sendRawTransaction" ? other : undefined));
    const told = await execute([order], signatures, "--relay", lying.url);
    lying.server.close();
    expect([told.code, told.stdout, await held()], told.stderr).to.deep.equal([5, "", 0n]);
    expect(told.stderr).to.include("Whether the transaction was sent is not known").and.include(other);
    done(await execute([order], signatures));
    expect(await held()).to.equal(5n * UNIT);
  });

  it("sends nothing as a dry run, without consent, or where nobody can be asked", async () => {
    const order = await freeze();
    const signatures = await signed([order], ["keystore", "p256", "rsa"]);
    done(await execute([order], signatures, "--dry-run"));
    expect((await call("execute", [order], signatures, ...sender)).code).to.equal(64);
    const given = ["order", "execute", order, "--signatures", ...signatures, ...atNode(), ...sender];
    expect((await sequester(given, answering("no"))).code).to.equal(2);
    expect(node.sent).to.have.length(0);
    const keystore = ["--keystore", file("officer.json")];
    const own = ["order", "execute", order, "--signatures", ...signatures, ...atNode(), ...keystore];
    const { address } = new ethers.Wallet(KEYSTORE_KEY);
    await networkHelpers.setBalance(address, 10n ** 20n);
    done(await sequester(own, answering(PASSWORD, "yes")));
    expect(node.sent).to.have.length(1);
  });

  it("names a sender that cannot pay, before anything is sent", async () => {
    const order = await freeze();
    const signatures = await signed([order], ["keystore", "p256", "rsa"]);
    await networkHelpers.setBalance(RELAYER.address, 5n);
    const told = await execute([order], signatures);
    expect([told.code, told.stdout, node.sent.length]).to.deep.equal([1, "", 0]);
    expect(told.stderr).to.include(RELAYER.address).and.include("has: 5 wei").and.include("--account deployer");
  });

  it("schedules a delayed order, waits for its time, and executes it by the officers that counted", async () => {
    const { kzte, treasury, docket } = system;
    const order = file("treasury.order.json");
    const other = (await ethers.getSigners())[7]!.address;
    const args = ["--ruling", file("ruling.md"), "--asset", "KZTE", "--treasury", other, "--valid", "300d"];
    done(await sequester(["order", "new", "set-treasury", ...args, ...atNode(), "-o", order]));
    expect(await docket.treasuryOf(kzte)).to.equal(treasury.address);
    const signatures = await byWallets(order, ["COURT-1", "COURT-2", "GPO-1", "FMA-1", "NBK-1", "MOF-1"]);
    const scheduled = done(await execute([order], signatures));
    expect(scheduled.stdout).to.match(/^ {2}scheduled: to be executed from 20[\d:TZ-]+ to 20[\d:TZ-]+$/m);
    const early = await execute([order], signatures);
    expect([early.code, early.stderr.includes("waits 30d more")], early.stderr).to.deep.equal([1, true]);
    await networkHelpers.time.increase(30 * 86_400);
    const told = done(await execute([order], signatures));
    expect(told.stdout).to.include("entry 3: ");
    expect(await docket.treasuryOf(kzte)).to.equal(other);
  });

  it("brings a licence with the wallet's own signature, which lies among the others", async () => {
    const wallet = derivedAccount(31_337, SEED, "wallet");
    const order = file("license.order.json");
    const args = [
      "--ruling",
      file("ruling.md"),
      "--wallet",
      wallet.address,
      "--platform",
      "EXCHANGE",
      "--until",
      "365d",
    ];
    done(await sequester(["order", "new", "license", ...args, ...atNode(), "-o", order]));
    const signatures = await byWallets(order, ["AFSA-1", "AFSA-2"]);
    const without = await execute([order], signatures);
    expect([without.code, without.stderr.includes("ConsentMissing")], without.stderr).to.deep.equal([1, true]);
    const key = ["--account", "wallet", "--seed", SEED];
    const consent = done(await sequester(["order", "sign", order, ...key, ...deployed(), "--yes"]));
    done(await execute([order], [...signatures, consent.stdout.trim()]));
    expect((await system.register.licenceOf(wallet.address)).until).to.be.greaterThan(0n);
  });

  it("splits a bundle that is too large for one transaction, and says so before it asks", async () => {
    const accounts = Array.from({ length: 300 }, () => ethers.Wallet.createRandom().address);
    const rows = accounts.map((account, i) => `BIG-${i % 6},${account},KZTE,1`);
    writeFileSync(file("targets.csv"), ["case,account,asset,amount", ...rows].join("\n"));
    const folder = file("orders");
    const args = ["--from", file("targets.csv"), "--folder", folder, "--ruling", file("ruling.md"), "--term", "1d"];
    done(await sequester(["order", "new", "freeze", ...args, ...atNode()]));
    const signatures = await signed(["--bundle", folder], ["keystore", "p256", "rsa"]);
    const files = readdirSync(folder)
      .filter((name) => name.endsWith(".order.json"))
      .map((name) => path.join(folder, name));
    const dry = done(await execute(files, signatures, "--dry-run"));
    expect(dry.stderr).to.match(/6 orders in 2 transactions \(\d \+ \d\), sent by/);
    done(await execute(files, signatures));
    expect(node.sent).to.have.length(2);
    const [amount] = await system.docket.heldOf(system.kzte, accounts.at(-1)!);
    expect(amount).to.equal(UNIT);
  });

  it("withdraws an officer's own approval, which counts no more", async () => {
    const order = await freeze();
    const signatures = await signed([order], ["keystore", "p256", "rsa", "account"]);
    const account = derivedAccount(31_337, SEED, "KNB-9");
    await networkHelpers.setBalance(account.address, 10n ** 20n);
    const own = ["--account", "KNB-9", "--seed", SEED, "--yes"];
    const told = done(await sequester(["order", "cancel", order, "--execute", ...own, ...atNode()]));
    expect(told.stderr).to.match(
      /^Withdraw for ever my own approval of the order 0x[0-9a-f]{64}, and nothing else; valid only at the Quorum /,
    );
    expect(told.stderr).to.include('That order: Freeze provisionally in case "A-1"');
    expect(told.stdout).to.include("entry 2: cancel, order ");
    const executed = done(await execute([order], signatures));
    expect(executed.stderr).to.include("the officer withdrew it");
    expect(await held()).to.equal(5n * UNIT);
  });

  it("withdraws by a key that does not send, in files that somebody else brings; of a bundle by its file", async () => {
    const files = [await freeze("a", "1 KZTE", "A"), await freeze("b", "2 KZTE", "B")];
    const folder = path.dirname(files[0]!);
    const signatures = await signed(["--bundle", folder], ["keystore", "p256", "rsa"]);
    const bundle = path.join(folder, "freeze.bundle.json");
    const told = done(await sequester(["order", "cancel", bundle, ...KEYS.rsa(), ...atNode(), "--yes"]));
    const [order, signature] = told.stdout.trim().split("\n");
    done(await execute([order!], [signature!]));
    const refused = await execute(files, signatures);
    expect([refused.code, refused.stdout]).to.deep.equal([1, ""]);
    expect(refused.stderr).to.include("the officer withdrew it").and.include("lacks GPO 1");
    const digest = `0x${"cd".repeat(32)}`;
    const chosen = ["-o", file("c.order.json")];
    const beside = done(
      await sequester(["order", "cancel", digest, ...KEYS.account(), ...deployed(), ...chosen, "--yes"]),
    );
    const written = beside.stdout.trim().split("\n");
    expect(written.map((place) => path.dirname(place))).to.deep.equal(Array(2).fill(path.dirname(file("c"))));
    expect(parseOrderFile(readFileSync(file("c.order.json"), "utf8"), "c").order.message).to.include({ order: digest });
  });

  it("withdraws nothing that nobody can send, or that is no order", async () => {
    const order = await freeze();
    for (const [args, says] of [
      [[order, "--execute", ...KEYS.account(), ...deployed()], "--rpc"],
      [[order, "--execute", ...KEYS.rsa(), ...atNode()], "--keystore, --account"],
      [["0x12", ...KEYS.account(), ...deployed()], "0x12 cannot be used"],
    ] as const) {
      const told = await sequester(["order", "cancel", ...args, "--yes"]);
      expect([told.code, told.stdout]).to.deep.equal([64, ""]);
      expect(told.stderr).to.include(says);
    }
  });
});
