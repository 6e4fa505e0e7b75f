// Long: deploys to a node of its own.
import { cpSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { Hex } from "viem";
import type { Message } from "../../../src/audit/watch/memory.ts";
import { deploymentFileIn, type Deployment } from "../../../src/chain/deployments.ts";
import { deploy } from "../../../src/deployment/deploy.ts";
import { derivedKey, LOCAL_CHAIN } from "../../../src/deployment/keys.ts";
import { localDeployment } from "../../../src/deployment/local.ts";
import { start, startAnvil } from "../../deploy/node.ts";
import { changesIn } from "../../system/acts/changes.ts";
import type { Contracts } from "../../system/deployed.ts";
import { officerIdOf } from "../../system/officers.ts";
import { OFFICERS, PARAMETERS, SEED, type OfficerName } from "../../system/parameters.ts";
import { sequester } from "../cli/inProcess.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";

const COMMAND = path.resolve(import.meta.dirname, "../../../src/cli/sequester.mjs");

describe("audit watch on a chain that is reorganized", function () {
  this.timeout(60_000);
  let node: Awaited<ReturnType<typeof startAnvil>>;
  let connection: NetworkConnection<string>;
  let deployment: Deployment;
  let changes: ReturnType<typeof changesIn>;
  let folder: string;

  before(async () => {
    node = await startAnvil();
    folder = temporaryFolder();
    const assets = [{ symbol: "KZTE", decimals: 6 }];
    const input = { chainId: LOCAL_CHAIN, seed: SEED, parameters: PARAMETERS, officers: OFFICERS, assets };
    const { cast, plan } = localDeployment(input);
    const accounts = [derivedKey(LOCAL_CHAIN, SEED, "deployer")];
    connection = await hre.network.create({ network: "localhost", override: { url: node.url, accounts } });
    await node.client.setBalance({ address: cast.deployer.address, value: 10n ** 20n });
    const { timestamp } = await node.client.getBlock();
    deployment = await deploy({ connection, ...plan, signBy: timestamp + 86_400n, dir: folder });
    const quorum = await connection.ethers.getContractAt("Quorum", deployment.addresses.quorum);
    changes = changesIn({ domain: deployment.domain, quorum } as unknown as Contracts);
    await node.client.mine({ blocks: 70 });
  });
  after(async () => {
    await connection?.close();
    await node?.stop();
    removeTemporaryFolders();
  });

  let snapshot: Hex;
  beforeEach(async () => {
    snapshot = await node.client.snapshot();
  });
  afterEach(() => node.client.revert({ id: snapshot }));

  const place = (state: string) => {
    const files = ["--deployment", deploymentFileIn(folder), "--state", path.join(folder, state)];
    return ["audit", "watch", "--rpc", node.url, ...files, "--json"];
  };
  const messagesIn = (stdout: string) =>
    stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Message]));
  /** What a program of its own tells that looks once. */
  async function look(state: string): Promise<Message[]> {
    const { code, stdout, stderr } = await sequester([...place(state), "--once"]);
    expect(code, stderr).to.equal(0);
    return messagesIn(stdout);
  }
  const brief = ({ said, alert }: Message) => `${said} ${/, (\w+): /.exec(alert.says)![1]}`;

  /** The dismissal of an officer, which can be sent again to a chain that has lost it. */
  const dismissal = async (name: OfficerName) => {
    const { timestamp } = await node.client.getBlock();
    return changes.dismiss(officerIdOf(name), ["COURT-1", "GPO-1"], { signBy: timestamp + 3_600n });
  };
  const send = async (deed: Awaited<ReturnType<typeof dismissal>>) => (await deed.send()).wait();
  const reorganize = (depth: number) =>
    node.client.request({ method: "anvil_reorg", params: [depth, []] } as unknown as Parameters<
      typeof node.client.request
    >[0]);

  for (const [depth, name] of [
    [1, "FMA-1"],
    [7, "KNB-1"],
    [64, "NBK-1"],
  ] as const) {
    it(`by ${depth} deep: withdraws what it told, tells it again when it comes again, and nothing else`, async () => {
      const state = `depth-${depth}.sqlite`;
      expect(await look(state)).to.deep.equal([]);
      const deed = await dismissal(name);
      await send(deed);
      if (depth > 1) await node.client.mine({ blocks: depth - 1 });
      const [told, ...others] = await look(state);
      expect([brief(told!), others]).to.deep.equal(["told Dismiss", []]);
      expect(await look(state)).to.deep.equal([]);

      const dropped = await node.client.getBlock({ blockNumber: BigInt(told!.block.number) });
      await reorganize(depth);
      expect((await node.client.getBlock({ blockNumber: dropped.number })).hash).to.not.equal(dropped.hash);
      const withdrawn = await look(state);
      expect(withdrawn.map(brief)).to.deep.equal(["withdrawn Dismiss"]);
      expect(withdrawn[0]).to.deep.include({ alert: told!.alert, block: told!.block, number: 2 });
      expect(await look(state)).to.deep.equal([]);

      await send(deed);
      const again = await look(state);
      expect(again.map(brief)).to.deep.equal(["told Dismiss"]);
      expect(again[0]!.alert.order).to.equal(told!.alert.order);
      expect(new Set([told, withdrawn[0], again[0]].map((it) => it!.id)).size).to.equal(3);
      expect(await look(state)).to.deep.equal([]);
    });
  }

  it("while no watch runs, and one that was killed: nothing is missing and nothing told twice", async () => {
    const state = "killed.sqlite";
    expect(await look(state)).to.deep.equal([]);
    const [first, second] = [await dismissal("MOF-1"), await dismissal("AFSA-1")];
    await send(first);
    const { child, ended } = start([COMMAND, ...place(state), "--interval", "1"]);
    // What it says last of a look: killed between a message and its mark, it would tell the same message again.
    await new Promise((resolve) => child.stderr!.once("data", resolve));
    child.kill("SIGKILL");
    const { stdout } = await ended;
    expect(messagesIn(stdout).map(brief)).to.deep.equal(["told Dismiss"]);
    // A copy of the state tells what a watch would that never ended.
    cpSync(path.join(folder, state), path.join(folder, "copy.sqlite"));
    await reorganize(1);
    await look("copy.sqlite");
    await send(second);
    await node.client.mine({ blocks: 3 });
    const found = await look(state);
    expect(found.map(({ said, alert }) => [said, alert.order])).to.deep.equal([
      ["told", second.digest],
      ["withdrawn", first.digest],
    ]);
    expect((await look("copy.sqlite")).map(({ alert }) => alert.order)).to.deep.equal([second.digest]);
    for (const it of [state, "copy.sqlite"]) expect(await look(it)).to.deep.equal([]);
  });
});
