import { existsSync, writeFileSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import path from "node:path";
import { expect } from "chai";
import type { Address } from "viem";
import { namedEntries, type Deployment } from "../../../src/chain/deployments.ts";
import { refusedIn } from "../../../src/compensation/index.ts";
import { encodeCaseId } from "../../../src/orders/index.ts";
import { subAccountOf } from "../../../src/orders/subAccount.ts";
import { networkHelpers } from "../../system/chain.ts";
import { deployCrowd, SUB_ACCOUNT, type Crowd } from "../../system/crowd.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { UNIT } from "../../system/money.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { sequester, serve } from "./inProcess.ts";

/** As contracts/types/Standing.sol. */
const STANDING = { system: 1n, asset: 2n, subAccount: 6n };

describe("who a compensation list may pay", () => {
  let system: Crowd;
  let server: Server;
  let url: string;
  let deployment: Deployment;
  let dir: string;
  const file = (name: string) => path.join(dir, name);

  before(async () => {
    ({ server, url } = await serve());
    system = await networkHelpers.loadFixture(deployCrowd);
    const { omnibus, kzte } = system;
    await system.exchangeHold({
      asset: kzte,
      wallet: omnibus.address as Address,
      subAccount: SUB_ACCOUNT,
      amount: 5n * UNIT,
    });
    const RFSE = Number(await system.refusing.decimals());
    deployment = await deploymentOf(system, undefined, { decimals: { KZTE: 6, USDX: 6, RFSE } });
    dir = temporaryFolder();
    writeFileSync(file("deployment.json"), JSON.stringify(deployment));
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  const make = (...accounts: string[]) => makeIn("CASE-1", accounts);
  const makeIn = (id: string, accounts: readonly string[]) => {
    const rows = accounts.map((account, i) => `V${i},${account},victim,5.5\n`);
    writeFileSync(file("claims.csv"), `id,account,class,amount\n${rows.join("")}`);
    return sequester([
      "compensation",
      "make",
      file("claims.csv"),
      "--case",
      id,
      "--asset",
      "KZTE",
      "--pool",
      "5 KZTE",
      "--deployment",
      file("deployment.json"),
      "--rpc",
      url,
      "-o",
      file("list.json"),
    ]);
  };

  it("is what the docket says of every address of the deployment", async () => {
    const refuses = refusedIn(deployment);
    for (const [name, address] of namedEntries(deployment.addresses)) {
      const standing = await system.docket.standingOf(address);
      expect(refuses(address) !== undefined, name).to.equal(
        standing === STANDING.system || standing === STANDING.asset,
      );
    }
  });

  it("is no sub-account and not the case's vault, which the contracts refuse as well", async () => {
    const { omnibus, docket, caseId } = system;
    const subAccount = subAccountOf(omnibus.address as Address, SUB_ACCOUNT);
    const vault = await docket.vaultOf(caseId);
    const { code, stdout, stderr } = await make(subAccount, vault, system.stranger.address);
    expect([code, stdout, existsSync(file("list.json"))]).to.deep.equal([64, "", false]);
    expect(stderr).to.include(`V0: has ${subAccount}, which is the sub-account customer 7 of ${omnibus.address}`);
    expect(stderr).to.include(`V1: has ${vault}, which is the case's own vault`);
    expect(stderr).to.include("2 claims could never be paid.");
    expect(await docket.standingOf(subAccount)).to.equal(STANDING.subAccount);
  });

  it("is not the vault that a case has not got yet", async () => {
    const vault = await system.docket.vaultOf(encodeCaseId("CASE-9"));
    const { code, stderr } = await makeIn("CASE-9", [vault]);
    expect(code).to.equal(64);
    expect(stderr).to.include(`V0: has ${vault}, which is the case's own vault`);
  });

  it("may be an account whose money is held, which is named", async () => {
    const { alice, bob } = system;
    const { code, stderr } = await make(alice.address, bob.address, system.stranger.address);
    expect(code).to.equal(0);
    expect(stderr).to.include(`Look again: V0 is of ${alice.address}, whose money is held`);
    expect(stderr).to.include(`V1 is of ${bob.address}`).and.not.include("V2 is of");
    expect(stderr).not.to.include("No node was asked").and.not.include("knows no case");
  });

  it("is asked for by a case that the journal knows, else that is told", async () => {
    rmSync(file("list.json"), { force: true });
    const { code, stderr } = await makeIn("CASE-9", [system.stranger.address]);
    expect(code).to.equal(0);
    expect(stderr).to.include("Look again: The journal knows no case CASE-9");
  });
});
