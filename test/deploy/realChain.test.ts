// Long: deploys to a node of another make, on another chain id, interrupted at every transaction.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { getAddress, parseEther } from "viem";
import { abiOf } from "../../src/chain/artifacts.ts";
import { readDeployment } from "../../src/chain/deployments.ts";
import { gasOfContracts, gasOfInstallation } from "../../src/deployment/gas.ts";
import { deployedIn } from "../../src/deployment/ignition.ts";
import { readPlan } from "../../src/deployment/planFile.ts";
import { sequester } from "../src/cli/inProcess.ts";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";
import { startAnvil } from "./anvil.ts";
import { lineTo } from "./cutLine.ts";
import { CHAIN, Founders, ISSUER, newKeystore, ok, other, TREASURY } from "./founders.ts";

/** The first key that Hardhat and Foundry publish. */
const PUBLISHED = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
/** Quorum, Docket, LicenceRegister, Disposal, Lens, three verifiers, one asset; then the installation. */
const TRANSACTIONS = 10;

describe("a deployment to a real chain", () => {
  let anvil: Awaited<ReturnType<typeof startAnvil>>;
  let wire: Awaited<ReturnType<typeof lineTo>>;
  let founders: Founders;
  const at = (name: string) => founders.at(name);
  const plan: Founders["plan"] = (...args) => founders.plan(...args);
  const run: Founders["run"] = (...args) => founders.run(...args);
  const sign = (charter: string, n: number, ...more: string[]) =>
    founders.sign(charter, founders.officers[n]!.keys[0]!, ...more);

  before(async () => {
    anvil = await startAnvil(CHAIN);
    wire = await lineTo(anvil.url);
    founders = await Founders.gather();
    await anvil.client.setBalance({ address: founders.sender.address, value: parseEther("10") });
    ok(await plan(at("plan.json")));
  });
  after(async () => {
    wire.close();
    await anvil.stop();
    removeTemporaryFolders();
  });

  it("completes though it is cut off before and after every transaction, signed in between by files", async () => {
    const folder = at("deployment");
    const through = () => run(at("plan.json"), wire.line.url, folder);
    // What the node was sent, whether or not it has mined it by now.
    const sent = () => anvil.client.getTransactionCount({ address: founders.sender.address, blockTag: "pending" });
    const charter = path.join(folder, "charter.json");
    const cutAt = async (n: number) => {
      for (const when of ["before", "after"] as const) {
        wire.mend(when);
        const { code, stderr, stdout } = await through();
        expect([code, stdout], stderr).to.deep.equal([5, ""]);
        expect(await sent()).to.equal(when === "before" ? n : n + 1);
      }
    };
    for (let n = 0; n < TRANSACTIONS - 1; ++n) await cutAt(n);
    wire.mend();
    const waiting = JSON.parse(ok(await through()).stdout) as { state: string; charter: string; waits: string[] };
    expect(waiting).to.include({ state: "waiting", charter });
    expect(waiting.waits).to.have.length(founders.officers.length);
    expect(waiting.waits[0]).to.match(/^the signature of FMA, verifier, P256 key, officer 0x/);
    expect(await sent()).to.equal(TRANSACTIONS - 1);

    // Some sign today, by files that come from elsewhere; the rest on another day.
    const mail = temporaryFolder();
    const paper = ["--paper", at("decree.md"), "--plan", at("plan.json"), "--rpc", anvil.url];
    const shown = ok(await sign(charter, 0, ...paper, "-o", path.join(mail, "first.sig.json")));
    expect(shown.stderr)
      .to.include(`treasury of KZTE: ${TREASURY}`)
      .and.include("rule of Freeze: 2 FMA + 1 GPO, at once")
      .and.not.include("No node was asked");
    const half = await run(at("plan.json"), anvil.url, folder, "--signatures", mail);
    expect((JSON.parse(ok(half).stdout) as typeof waiting).waits).to.have.length(founders.officers.length - 1);
    expect(ok(await sign(charter, 1)).stderr).to.include("No node was asked");
    await founders.signAll(charter, 2);

    const all = () => run(at("plan.json"), wire.line.url, folder, "--signatures", mail);
    wire.mend("before");
    expect((await all()).code).to.equal(5);
    wire.mend("after");
    expect((await all()).code).to.equal(5);
    wire.mend();
    const done = JSON.parse(ok(await all()).stdout) as { state: string; deployment: string };
    expect(done.state).to.equal("installed");
    expect(await sent()).to.equal(TRANSACTIONS);
    const again = JSON.parse(ok(await all()).stdout) as { state: string };
    expect(again.state).to.equal("installed");
    expect(await sent()).to.equal(TRANSACTIONS);

    const verified = ok(
      await sequester(["deploy", "verify", at("plan.json"), "--rpc", anvil.url, "--deployment", done.deployment]),
    );
    expect(verified.stdout.match(/^ok /gm)).to.have.length(4);
    const { addresses } = await readDeployment(done.deployment);
    const treasury = await anvil.client.readContract({
      address: addresses.docket,
      abi: abiOf("Docket"),
      functionName: "treasuryOf",
      args: [addresses.assets["KZTE"]!],
    });
    expect(treasury).to.equal(TREASURY);

    const planned = readFileSync(at("plan.json"), "utf8");
    writeFileSync(at("other-plan.json"), planned.replace(TREASURY, other("7f")));
    const args = ["--rpc", anvil.url, "--deployment", done.deployment];
    const wrong = await sequester(["deploy", "verify", at("other-plan.json"), ...args]);
    expect(wrong.code, wrong.stderr).to.equal(3);
    expect(wrong.stderr).to.include(`treasury of KZTE: has ${TREASURY}, needs ${other("7f")}`);
  });

  it("costs no more than it says before, and not half of it", async () => {
    const { plan: planned } = await readPlan(at("plan.json"));
    const used = new Map<string, bigint>();
    for (let n = await anvil.client.getBlockNumber(); n > 0n; --n) {
      const { transactions } = await anvil.client.getBlock({ blockNumber: n });
      for (const hash of transactions) {
        const { contractAddress, gasUsed } = await anvil.client.getTransactionReceipt({ hash });
        used.set(contractAddress ? getAddress(contractAddress) : "install", gasUsed);
      }
    }
    const found = await deployedIn(at("deployment"));
    const ids = [...found.keys()].map((id) => id.replace("Contracts#", ""));
    const said = [...gasOfContracts(ids, planned), ["install", gasOfInstallation(planned)] as const];
    expect(said).to.have.length(TRANSACTIONS);
    for (const [id, most] of said) {
      const gas = used.get(found.get(`Contracts#${id}`) ?? id)!;
      expect(most >= gas, `${id} used ${gas} of ${most}`).to.equal(true);
    }
    const sum = (all: Iterable<bigint>) => [...all].reduce((a, b) => a + b, 0n);
    expect(sum(said.map(([, gas]) => gas)) < 2n * sum(used.values())).to.equal(true);
  });

  it("sends nothing with another key, on another chain, for too much money, or with the key of a local chain", async () => {
    const folder = at("refused");
    const count = () => anvil.client.getTransactionCount({ address: founders.sender.address });
    const before = await count();
    const stranger = await newKeystore(at("stranger.json"));
    const args = ["--rpc", anvil.url, "--dir", folder, "--yes"];
    const byStranger = ["--keystore", stranger.file, ...founders.password()];
    const other = await sequester(["deploy", "run", at("plan.json"), ...args, ...byStranger]);
    expect(other.code).to.equal(4);
    expect(other.stderr).to.include(`has: ${stranger.address}`).and.include(`needs: ${founders.sender.address}`);

    const local = await sequester(["deploy", "run", at("plan.json"), ...args, "--account", "deployer", "--seed", "x"]);
    expect(local.code, local.stderr).to.equal(4);
    expect(local.stderr).to.include("for local chains only");

    writeFileSync(at("elsewhere.json"), readFileSync(at("plan.json"), "utf8").replace(String(CHAIN), "1"));
    const elsewhere = await run(at("elsewhere.json"), anvil.url, folder);
    expect(elsewhere.code).to.equal(64);
    expect(elsewhere.stderr).to.include(`has: chain ${CHAIN}`).and.include("needs: chain 1");

    const poor = await run(at("plan.json"), anvil.url, folder, "--max-fee", "1000");
    expect(poor.code).to.equal(1);
    expect(poor.stderr).to.match(/who: 0x.*\n {2}has: 9\.\d+ ether\n {2}needs: \d\d\.\d+ ether at most/);

    const nowhere = await run(at("plan.json"), "http://127.0.0.1:9", folder);
    expect(nowhere.code).to.equal(5);
    const dry = ok(await run(at("plan.json"), anvil.url, folder, "--dry-run"));
    expect(dry.stderr).to.include("Contracts to deploy").and.include("nothing was sent");
    expect([await count(), existsSync(path.join(folder, "charter.json"))]).to.deep.equal([before, false]);
  });

  it("tells a treasury that changed, before and after somebody signed, and signs no such charter", async () => {
    const folder = at("changed");
    const charter = path.join(folder, "charter.json");
    ok(await run(at("plan.json"), anvil.url, folder));
    const moved = other("7d");
    writeFileSync(at("moved.json"), readFileSync(at("plan.json"), "utf8").replace(TREASURY, moved));
    const change = `treasury of KZTE: has ${TREASURY}, needs ${moved}`;
    const changed = await run(at("moved.json"), anvil.url, folder);
    expect([changed.code, changed.stdout]).to.deep.equal([64, ""]);
    expect(changed.stderr).to.include(change).and.include("--amend");

    ok(await sign(charter, 1));
    const stale = await sign(charter, 2, "--plan", at("moved.json"));
    expect(stale.code).to.equal(3);
    expect(stale.stderr).to.include(change);
    const amended = ok(await run(at("moved.json"), anvil.url, folder, "--amend"));
    expect(amended.stderr).to.include("over another charter");
    expect((JSON.parse(amended.stdout) as { waits: string[] }).waits).to.have.length(founders.officers.length);
    ok(await sign(charter, 2, "--plan", at("moved.json")));
  });

  it("is signed by nobody without a seat, on another paper, or on a node with other contracts", async () => {
    const charter = path.join(at("changed"), "charter.json");
    const stranger = await founders.sign(charter, ["--keystore", founders.sender.file]);
    expect(stranger.code).to.equal(4);
    expect(stranger.stderr).to.include("no seat").and.include(founders.sender.address);
    writeFileSync(at("forged.md"), "# Another decree\n");
    const paper = await sign(charter, 3, "--paper", at("forged.md"));
    expect(paper.code, paper.stderr).to.equal(3);
    const read = JSON.parse(readFileSync(charter, "utf8")) as { addresses: { lens: string; quorum: string } };
    read.addresses.quorum = read.addresses.lens;
    writeFileSync(at("charter-2.json"), JSON.stringify(read));
    const codes = await sign(at("charter-2.json"), 3, "--rpc", anvil.url);
    expect(codes.code, codes.stderr).to.equal(3);
    expect(codes.stderr).to.match(/quorum at 0x\w+: is not the compiled Quorum/);
  });

  it("is planned with no seat that could never sign, no published key, and no asset without a treasury", async () => {
    const refused = async (seats: string, code: number, reason: RegExp) => {
      writeFileSync(at("bad.csv"), seats);
      const said = await plan(at("bad.json"), at("bad.csv"));
      expect(said.code, said.stderr).to.equal(code);
      expect(said.stderr).to.match(reason);
      expect(existsSync(at("bad.json"))).to.equal(false);
    };
    const good = readFileSync(at("seats.csv"), "utf8");
    await refused(good.replace("agency,", "office,"), 64, /needs the columns agency,kind,signer/);
    await refused(`${good}FMA,token,${ISSUER}\n`, 64, /line \d+, kind: needs key, contract, P256, RSA, WebAuthn/);
    await refused(`${good}FMA,P256,0x1234\n`, 64, /P256:0x1234 of FMA needs a key of 64 bytes/);
    await refused(`${good}FMA,key,${PUBLISHED}\n`, 4, /publish for local chains/);
    await refused(`${good}${good.split("\n")[2]!}\n`, 64, /is seated twice/);
    writeFileSync(at("safe.csv"), `${good}FMA,contract,${ISSUER}\n`);
    ok(await plan(at("safe.json"), at("safe.csv")));
    const said = await run(at("safe.json"), anvil.url, at("safe"));
    expect(said.code).to.equal(64);
    expect(said.stderr).to.include(`${ISSUER} of FMA: has no contract, needs one`);
  });
});
