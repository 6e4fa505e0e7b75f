import type { Server } from "node:http";
import { expect } from "chai";
import { addressOf, client, ethers, networkHelpers, now } from "../../system/chain.ts";
import { UNIT } from "../../system/money.ts";
import { sequester, serve } from "../cli/inProcess.ts";
import { furnish } from "../cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { deployHistory, type History } from "./world.ts";

interface Told {
  flows: Record<string, string>[];
  named: { reason: string; account: string; amount: string }[];
  unexplained: { what: string; has: string; needs: string }[];
}

describe("audit reconcile", () => {
  let system: History;
  let server: Server;
  let url: string;
  let file: (name: string) => string;

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployHistory);
    ({ server, url } = await serve());
    file = await furnish(temporaryFolder(), system.deployment);
  });
  afterEach(() => server.close());
  after(removeTemporaryFolders);

  const reconcile = (...more: string[]) =>
    sequester(["audit", "reconcile", "--rpc", url, "--deployment", file("deployment.json"), ...more]);
  const told = async (...more: string[]) => {
    const said = await reconcile("--json", ...more);
    return { ...said, data: JSON.parse(said.stdout) as Told };
  };

  it("explains every unit, a stranger's deposit and what is held beyond a balance by name", async () => {
    const { code, stderr, data } = await told();
    expect(code, stderr).to.equal(0);
    const units = (n: bigint) => String(n * UNIT);
    const [flow] = data.flows;
    expect(flow).to.include({ opening: "0", taken: units(60n), returned: units(25n), closing: units(35n) });
    expect(flow).to.include({ suspense: units(3n), inVault: units(38n) });
    expect(data.named).to.deep.include({
      reason: "came by no act",
      caseId: flow!["caseId"],
      asset: system.kzte,
      account: system.vault,
      amount: units(3n),
    });
    const balance = await system.tenge.balanceOf(system.bob);
    await system.tenge.connect(system.bob).transfer(system.carol, balance - 40n * UNIT);
    await system.freeze([{ asset: system.kzte, account: addressOf(system.carol), amount: 3_000n * UNIT }], {
      caseId: "THIRD",
    });
    const { named } = (await told()).data;
    expect(named.map(({ reason }) => reason)).to.include("held beyond the balance");
    expect((await reconcile()).stdout)
      .to.match(/^case +opening/)
      .and.include("Explained:");
  });

  it("tells a period: opening + what came - what went = closing", async () => {
    const since = new Date(Number(await now()) * 1000).toISOString();
    const later = await system.refund([
      { taken: system.kzte, asset: system.kzte, account: addressOf(system.alice), amount: 5n * UNIT },
    ]);
    await later.wait();
    const [flow] = (await told("--since", since)).data.flows;
    expect(flow).to.include({ opening: String(35n * UNIT), taken: "0", returned: String(5n * UNIT) });
    expect(flow).to.include({ closing: String(30n * UNIT) });
  });

  it("names what is missing from a vault, with exit code 3", async () => {
    const slot = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [system.vault, 10]));
    const address = await system.tenge.getAddress();
    const word = BigInt((await ethers.provider.send("eth_getStorageAt", [address, slot, "latest"])) as string);
    await networkHelpers.setStorageAt(address, slot, word - 10n * UNIT);
    const said = await reconcile();
    expect(said.code).to.equal(3);
    expect(said.stderr).to.include("vault's balance").and.include("CASE-1, KZTE");
  });

  it("is of one block, by its hash: asks again where the chain was reorganized meanwhile, and ends with 5 where it always is", async () => {
    const latest = await client.getBlock();
    const block = (await ethers.provider.send("eth_getBlockByNumber", ["latest", false])) as object;
    const forks = async (times: number) => {
      let read = 0;
      const other = await serve((method, params) => {
        if (
          method !== "eth_getBlockByNumber" ||
          params[0] === "latest" ||
          BigInt(params[0] as string) !== latest.number
        )
          return undefined;
        // It is read with everything else, and once more at the end, when it is another one.
        return read++ % 2 === 1 && read / 2 <= times ? { ...block, hash: `0x${"5e".repeat(32)}` } : undefined;
      });
      const place = ["--rpc", other.url, "--deployment", file("deployment.json")];
      const said = await sequester(["audit", "reconcile", ...place]);
      other.server.close();
      return { ...said, read };
    };
    expect(await forks(0)).to.include({ code: 0, read: 2 });
    expect(await forks(1)).to.include({ code: 0, read: 4 });
    const never = await forks(9);
    expect(never.code, never.stderr).to.equal(5);
    expect(never.stderr).to.include("another block than before");
  });

  it("refuses a time that is none", async () => {
    expect((await reconcile("--since", "yesterday")).code).to.equal(64);
  });
});
