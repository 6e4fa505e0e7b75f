// Long: starts nodes and deploys to them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { isAddressEqual, type Address } from "viem";
import { readDeployment, verifyDeployment } from "../../src/chain/deployments.ts";
import { deployedIn } from "../../src/deployment/ignition.ts";
import { installationFile, readInstallation } from "../../src/deployment/installation.ts";
import { derivedAccount } from "../../src/deployment/keys.ts";
import { OFFICERS } from "../system/parameters.ts";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";
import { start, startNode, until, type Ended } from "./node.ts";

/** Transactions that deploy the contracts, without the assets. */
const CONTRACTS = 5 + 3;

type Node = Awaited<ReturnType<typeof startNode>>;

const deployer = (seed: string): Address => derivedAccount(31337, seed, "deployer").address;

describe("npm run deploy", () => {
  after(removeTemporaryFolders);
  let node: Node;
  before(async () => void (node = await startNode()));
  after(() => node.stop());

  const script = (...options: string[]) => start(["scripts/deploy.ts", ...options]);
  const run = (...options: string[]): Promise<Ended> => script(...options).ended;

  it("deploys to a running node and prints the deployment's file alone", async () => {
    const dir = temporaryFolder();
    const { code, stdout, stderr } = await run("--url", node.url, "--seed", "one", "--dir", dir);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.equal(`${path.join(dir, "deployment.json")}\n`);
    const deployment = await readDeployment(stdout.trim());
    await verifyDeployment(node.client, deployment);
    expect(Object.keys(deployment.addresses.assets)).to.deep.equal(["KZTE"]);
    const sent = await node.client.getTransactionCount({ address: deployer("one") });
    expect(sent).to.equal(CONTRACTS + 1 + 1);

    const again = await run("--url", node.url, "--seed", "one", "--dir", dir);
    expect(again).to.include({ code: 0, stdout });
    expect(await readDeployment(stdout.trim())).to.deep.equal(deployment);
    expect(await node.client.getTransactionCount({ address: deployer("one") })).to.equal(sent);

    const other = await run("--url", node.url, "--seed", "two", "--dir", dir);
    expect(other).to.include({ code: 64, stdout: "" });
    expect(other.stderr.split("\n").slice(1)).to.deep.equal([
      "The charter that was signed cannot be installed.",
      `  who: ${installationFile(dir)}`,
      "  differs in: document, seats, assets",
      "  way out: --reset forgets what the folder has, --dir FOLDER deploys beside it",
      "",
    ]);
    const reset = await run("--url", node.url, "--seed", "two", "--dir", dir, "--reset");
    expect(reset.code, reset.stderr).to.equal(0);
    const { addresses } = await readDeployment(stdout.trim());
    expect(addresses.quorum).not.to.equal(deployment.addresses.quorum);
  });

  it("completes after it was killed, twice", async () => {
    const dir = temporaryFolder();
    const { client } = node;
    const options = ["--url", node.url, "--seed", "killed", "--dir", dir];
    const pending = async (to: "contract" | "creation") => {
      const { transactions } = await client.getBlock({ blockTag: "pending", includeTransactions: true });
      const own = transactions.filter(({ from }) => isAddressEqual(from, deployer("killed")));
      return own.some((it) => (it.to === null) === (to === "creation")) || undefined;
    };
    const killedWhen = async (to: "contract" | "creation", meanwhile: () => Promise<unknown>) => {
      const { child, ended } = script(...options);
      const exited = ended.then(({ stderr }) => expect.fail(`it ended by itself: ${stderr}`));
      await Promise.race([
        until(async () => {
          if (await pending(to)) return true;
          await meanwhile();
          return undefined;
        }),
        exited,
      ]);
      child.kill("SIGKILL");
      exited.catch(() => undefined);
      expect((await ended).signal).to.equal("SIGKILL");
      expect(existsSync(path.join(dir, "deployment.json"))).to.equal(false);
    };

    await client.setAutomine(false);
    await killedWhen("creation", async () => undefined);
    await client.mine({ blocks: 5 });
    const first = await deployedIn(dir);
    await killedWhen("contract", () => client.mine({ blocks: 5 }));
    const [second, kept] = [await deployedIn(dir), readFileSync(installationFile(dir), "utf8")];
    for (const [id, address] of first) expect(second.get(id)).to.equal(address);
    expect((await readInstallation(dir))?.signatures).to.have.length(OFFICERS.length);

    await client.setAutomine(true);
    await client.mine({ blocks: 1 });
    const { code, stderr } = await run(...options);
    expect(code, stderr).to.equal(0);
    const deployment = await readDeployment(path.join(dir, "deployment.json"));
    await verifyDeployment(client, deployment);
    expect(await deployedIn(dir)).to.deep.equal(second);
    expect(readFileSync(installationFile(dir), "utf8")).to.equal(kept);
  });

  it("takes parameters, officers, assets and seed of an operation", async () => {
    const folder = temporaryFolder();
    const caseFile = {
      schema: "sequester.operation/1",
      name: "Operation Test",
      parameters: "kazakhstan",
      seed: "operation",
      start: "2025-09-29T06:00:00Z",
      officers: OFFICERS,
      assets: [
        { symbol: "KZTE", decimals: 6, kind: "sovereign" },
        { symbol: "USDX", decimals: 2, kind: "sovereign" },
      ],
      cases: [{ id: "CASE-1", ruling: "rulings/1.md" }],
      timeline: [{ at: "0d", act: "freeze", cases: "*" }],
      expect: { targets: 1 },
    };
    mkdirSync(path.join(folder, "rulings"));
    writeFileSync(path.join(folder, "rulings/1.md"), "Ruling\n");
    writeFileSync(path.join(folder, "case.json"), JSON.stringify(caseFile, null, 2));
    const row = `CASE-1,${deployer("holder")},KZTE,1.5,P,G`;
    writeFileSync(path.join(folder, "targets.csv"), `case,account,asset,amount,platform,group\n${row}\n`);
    const dir = path.join(folder, "deployment");
    const { code, stderr } = await run("--url", node.url, "--operation", folder, "--dir", dir);
    expect(code, stderr).to.equal(0);
    const { addresses } = await readDeployment(path.join(dir, "deployment.json"));
    expect(Object.keys(addresses.assets)).to.deep.equal(["KZTE", "USDX"]);
    const seats = (await readInstallation(dir))!.charter!.seats.map(({ signer }) => signer);
    const officers = OFFICERS.map(({ name }) => derivedAccount(31337, "operation", name).address);
    expect(seats).to.deep.equal(officers);
    expect(await node.client.getTransactionCount({ address: deployer("operation") })).to.equal(CONTRACTS + 2 + 1);
  });

  it("refuses an unknown jurisdiction, an unknown network, one that does not last, and options that exclude", async () => {
    const refused: [options: string[], code: number, reason: RegExp][] = [
      [["--url", node.url, "--parameters", "atlantis"], 64, /deploy\/parameters\/atlantis\.json5 cannot be used/],
      [["--network", "mars"], 64, /has no network mars/],
      [["--network", "default"], 64, /ends with this process/],
      [["--url", "http://127.0.0.1:9"], 5, /No node answers at http:\/\/127\.0\.0\.1:9/],
      [["--operation", "x", "--seed", "y"], 64, /cannot be used with option '--seed/],
      [["--deep"], 64, /unknown option '--deep'/],
    ];
    for (const [options, code, reason] of refused) {
      const ended = await run(...options);
      expect(ended, options.join(" ")).to.include({ code, stdout: "" });
      expect(ended.stderr).to.match(reason);
    }
  });

  it("refuses every chain but the local one, since it has derived keys alone", async () => {
    const foreign = await startNode("--chain-id", "1234");
    try {
      const { code, stdout, stderr } = await run("--url", foreign.url);
      expect({ code, stdout }).to.deep.equal({ code: 4, stdout: "" });
      expect(stderr).to.include("for local chains only").and.include("has: chain 1234");
      expect(await foreign.client.getBlockNumber()).to.equal(0n);
    } finally {
      await foreign.stop();
    }
  });
});
