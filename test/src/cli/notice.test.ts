import { writeFileSync } from "node:fs";
import { once } from "node:events";
import type { Server } from "node:http";
import path from "node:path";
import { expect } from "chai";
import type { Notice } from "../../../src/notice/notice.ts";
import { networkHelpers } from "../../system/chain.ts";
import { type Crowd, deployCrowd } from "../../system/crowd.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { UNIT } from "../../system/money.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { sequester, serve } from "./inProcess.ts";

describe("sequester notice", () => {
  let system: Crowd;
  let server: Server;
  let url: string;
  let file: string;

  const notice = (...args: string[]) => sequester(["notice", ...args]);

  before(async () => {
    ({ server, url } = await serve());
    system = await networkHelpers.loadFixture(deployCrowd);
    file = path.join(temporaryFolder(), "deployment.json");
    writeFileSync(file, JSON.stringify(await deploymentOf(system)));
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  it("prints it as JSON in base units, by the asset's symbol or its address", async () => {
    const { alice, kzte } = system;
    const told = await notice("KZTE", alice.address, "--rpc", url, "--deployment", file, "--json");
    expect([told.code, told.stderr]).to.deep.equal([0, ""]);
    const found = JSON.parse(told.stdout) as Notice;
    expect(found).to.include({ schema: "sequester.notice/1", symbol: "KZTE", held: String(150n * UNIT) });
    expect(found.holds).to.have.length(2);
    expect(told.stdout).to.equal(`${JSON.stringify(found)}\n`);
    const byAddress = await notice(kzte, alice.address.toLowerCase(), "--rpc", url, "--deployment", file, "--json");
    expect(byAddress.stdout).to.equal(told.stdout);
  });

  it("prints it to read", async () => {
    const { stdout } = await notice("KZTE", system.alice.address, "--rpc", url, "--deployment", file);
    expect(stdout).to.match(/^Notice about 0x\w+ in KZTE/);
    expect(stdout).to.include("held 150.00 KZTE").and.include("Checked against the journal's");
  });

  it("ends with 5 where no node answers", async () => {
    const gone = await serve();
    gone.server.close();
    await once(gone.server, "close");
    const told = await notice("KZTE", system.alice.address, "--rpc", gone.url, "--deployment", file);
    expect([told.code, told.stdout]).to.deep.equal([5, ""]);
    expect(told.stderr).to.include("No node answers at");
  });

  for (const [what, args, says] of [
    ["an unknown asset", ["EURO", "0x000000000000000000000000000000000000dEaD"], 'has: "EURO"'],
    ["no address", ["KZTE", "0x12"], "The account is no address."],
    ["a wrong checksum", ["KZTE", "0x000000000000000000000000000000000000dEAD"], "The account is no address."],
  ] as const) {
    it(`ends with 64 for ${what}`, async () => {
      const told = await notice(...args, "--rpc", url, "--deployment", file);
      expect([told.code, told.stdout]).to.deep.equal([64, ""]);
      expect(told.stderr).to.include(says);
    });
  }

  it("ends with 64 without a deployment's file, and with 3 where the node has another", async () => {
    const { alice } = system;
    const missing = await notice("KZTE", alice.address, "--rpc", url, "--deployment", `${file}.gone`);
    expect(missing.code).to.equal(64);
    const deployment = await deploymentOf(system);
    const other = path.join(temporaryFolder(), "deployment.json");
    const codeHashes = { ...deployment.codeHashes, docket: deployment.codeHashes.lens };
    writeFileSync(other, JSON.stringify({ ...deployment, codeHashes }));
    const differs = await notice("KZTE", alice.address, "--rpc", url, "--deployment", other);
    expect(differs.code).to.equal(3);
    expect(differs.stderr).to.include("code of docket");
  });
});
