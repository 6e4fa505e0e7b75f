import type { Server } from "node:http";
import { expect } from "chai";
import { encodeAbiParameters, keccak256, type Address, type Hex } from "viem";
import { accountSlot } from "../../../src/audit/slots.ts";
import type { Deployment } from "../../../src/chain/deployments.ts";
import { addressOf, client, networkHelpers } from "../../system/chain.ts";
import { deployCustody } from "../../system/custody.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { FAULT } from "../../system/faulty.ts";
import { deployVerifiers } from "../../system/kinds.ts";
import { UNIT } from "../../system/money.ts";
import { sequester, serve } from "../cli/inProcess.ts";
import { furnish } from "../cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { deployHistory } from "./world.ts";

describe("assets that are not what they were, to an auditor", () => {
  let server: Server;
  let url: string;
  let file: (name: string) => string;
  let packs = 0;

  afterEach(() => server.close());
  after(removeTemporaryFolders);

  async function audited(deployment: Deployment) {
    ({ server, url } = await serve());
    file = await furnish(temporaryFolder(), deployment);
  }
  const audit = (command: string, ...more: string[]) =>
    sequester(["audit", command, "--rpc", url, "--deployment", file("deployment.json"), ...more]);
  /** What `audit verify` says of a pack of the chain as it is now. */
  const verified = async () => {
    await networkHelpers.mine();
    const pack = file(`pack${packs++}.zip`);
    const { code, stderr } = await audit("snapshot", "-o", pack);
    expect(code, stderr).to.equal(0);
    return sequester(["audit", "verify", pack, "--block-hash", (await client.getBlock()).hash]);
  };
  async function shrink(asset: Address, slot: Hex, by: bigint) {
    const word = BigInt((await client.getStorageAt({ address: asset, slot }))!);
    await networkHelpers.setStorageAt(asset, slot, word - by);
  }

  it("pitfall 35: one that takes a fee or rebases is refused by its code, and what is missing is named", async () => {
    const system = await networkHelpers.loadFixture(deployCustody);
    const { faulty, flty, alice, vaultAt } = system;
    await audited(await deploymentOf({ ...system, rfse: flty }, await deployVerifiers()));
    const before = await audit("reconcile");
    expect(before.code, before.stderr).to.equal(0);

    await faulty.setFault(alice, FAULT.feeOnTop);
    await expect(system.refund([{ taken: flty, asset: flty, account: addressOf(alice), amount: 10n * UNIT }]))
      .to.be.revertedWithCustomError(system.docket, "MovedOtherwise")
      .withArgs(flty, alice.address, 10n * UNIT, 10n * UNIT + 1n);
    expect((await audit("reconcile")).code, "a fee changes nothing").to.equal(0);

    const balances = encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [vaultAt, 0n]);
    await shrink(flty, keccak256(balances), 7n * UNIT);
    const { code, stderr } = await audit("reconcile");
    expect(code).to.equal(3);
    const had = await faulty.balanceOf(vaultAt);
    expect(stderr).to.include(`CASE-1, RFSE: vault's balance: has ${had}, needs ${had + 7n * UNIT}`);
    const refused = await verified();
    expect(refused.code).to.equal(3);
    expect(refused.stderr).to.include("code of assets.RFSE: is not the compiled Tenge");
  });

  it("pitfall 35: one that does not say what is held in it is named with what the docket holds", async () => {
    const system = await networkHelpers.loadFixture(deployCustody);
    const { flty, bob } = system;
    await audited(await deploymentOf({ ...system, rfse: flty }, await deployVerifiers()));
    await system.freeze([{ asset: flty, account: addressOf(bob), amount: 5n }], { caseId: "OTHER" });
    const { code, stderr } = await audit("reconcile");
    expect([code, stderr.includes("held, by the asset: has 0, needs 5")], stderr).to.deep.equal([3, true]);
  });

  it("pitfall 35: one of the compiled code whose balance shrinks is a difference in a pack, too", async () => {
    const { deployment, kzte, vault } = await networkHelpers.loadFixture(deployHistory);
    await audited(deployment);
    await shrink(kzte, accountSlot(vault), 10n * UNIT);
    const { code, stderr } = await verified();
    expect(code).to.equal(3);
    // Three units came by no act, and hide as many of those that went.
    expect(stderr).to.include(`balance of CASE-1 in KZTE: ${7n * UNIT} base units are missing`);
  });

  it("pitfall 36: one whose code changed between two packs is named in the second, and before anything is reconciled", async () => {
    const { deployment, kzte } = await networkHelpers.loadFixture(deployHistory);
    await audited(deployment);
    const first = await verified();
    expect(first.code, first.stderr).to.equal(0);
    const code = (await client.getCode({ address: kzte }))!;
    const upgraded = `0x${code.slice(2, -2)}${code.endsWith("00") ? "01" : "00"}` as const;
    await networkHelpers.setCode(kzte, upgraded);
    const second = await verified();
    expect(second.code).to.equal(3);
    expect(second.stderr).to.match(/code of assets\.KZTE: is not the compiled Tenge/);
    expect(second.stdout.split("\n").filter((line) => line.startsWith("WRONG"))).to.have.length(1);
    for (const command of ["reconcile", "charter"]) {
      const { code: exit, stderr } = await audit(command);
      expect(exit).to.equal(3);
      expect(stderr).to.include(
        `code of assets.KZTE: the node has ${keccak256(upgraded)}, the file ${keccak256(code)}`,
      );
    }
  });
});
