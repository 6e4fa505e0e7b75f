// Long: builds the contracts once more, in another profile.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import { concat, createWalletClient, custom, getCreate2Address, size, type PublicClient } from "viem";
import { abiOf, artifactOf, withoutImmutables, type Artifact, type ContractName } from "../../src/chain/artifacts.ts";
import { namedEntries, type Deployment } from "../../src/chain/deployments.ts";
import { deploy, type DeployInput } from "../../src/deployment/deploy.ts";
import type { LocalCast } from "../../src/deployment/local.ts";
import {
  buildFreeze,
  buildSeize,
  encodeCaseId,
  ORDER_TYPES,
  packApprovals,
  type Order,
} from "../../src/orders/index.ts";
import { freshChain } from "./harness.ts";

const CONTRACTS = {
  quorum: "Quorum",
  docket: "Docket",
  disposal: "Disposal",
  vault: "CaseVault",
  lens: "Lens",
  "verifiers.P256": "ERC7913P256Verifier",
  "verifiers.RSA": "ERC7913RSAVerifier",
  "verifiers.WebAuthn": "ERC7913WebAuthnVerifier",
  "assets.KZTE": "Tenge",
  "assets.USDC.e": "Tenge",
} as const satisfies Record<string, ContractName>;

describe("Bytecode", () => {
  // Read before anything else is compiled: what the tests of this run use.
  const tested = new Map(Object.values(CONTRACTS).map((name) => [name, artifactOf(name) as Artifact<ContractName>]));
  let chain: { client: PublicClient; cast: LocalCast; input: DeployInput };
  let deployment: Deployment;

  before(async () => {
    // As Ignition's own task does before it deploys.
    await hre.tasks.getTask("build").run({ quiet: true, noTests: true, defaultBuildProfile: "production" });
    chain = await freshChain();
    deployment = await deploy(chain.input);
  });

  after(() => hre.tasks.getTask("build").run({ quiet: true }));

  for (const [place, name] of Object.entries(CONTRACTS)) {
    it(`that Ignition deploys as ${place} is the tested ${name}, but for immutables`, async () => {
      const address = new Map(namedEntries(deployment.addresses)).get(place)!;
      const code = (await chain.client.getCode({ address }))!;
      const artifact = tested.get(name)!;
      expect(size(code)).to.be.within(100, 24_576);
      expect(size(code)).to.equal(size(artifact.deployedBytecode));
      expect(withoutImmutables(code, artifact) === artifact.deployedBytecode).to.equal(true);
      // Of our own contracts each has immutables that tell its neighbours.
      expect(code === artifact.deployedBytecode).to.equal(place.startsWith("verifiers."));
    });
  }

  it("of both build profiles comes of the same compiler input", async () => {
    const files = await hre.solidity.getRootFilePaths({ scope: "contracts" });
    const idsOf = async (buildProfile: string) => {
      const jobs = await hre.solidity.getCompilationJobs(files, { buildProfile, force: true, quiet: true });
      if (!("compilationJobsPerFile" in jobs)) throw new Error("there is no compilation job");
      const found = [...jobs.compilationJobsPerFile].map(
        async ([file, job]) => [file, await job.getBuildId()] as const,
      );
      return new Map(await Promise.all(found));
    };
    const ids = await idsOf("default");
    expect(ids.size).to.equal(files.length);
    expect(await idsOf("production")).to.deep.equal(ids);
  });

  it("of a case's vault is the minimal proxy of the tested CaseVault, at the address of the docket and the case", async () => {
    const { client, cast, input } = chain;
    const { addresses, domain } = deployment;
    const sender = createWalletClient({ account: cast.deployer.address, transport: custom(input.connection.provider) });
    const issuer = cast.issuers.get("KZTE")!;
    await input.connection.provider.request({
      method: "hardhat_setBalance",
      params: [issuer.address, "0xde0b6b3a7640000"],
    });
    const asset = addresses.assets["KZTE"]!;
    const holder = `0x${"ab".repeat(20)}` as const;
    const signBy = (await client.getBlock()).timestamp + 86_400n;
    const caseId = "CASE-1";
    const document = deployment.codeHashes.vault;
    const approve = async (order: Order, names: string[]) => {
      const approvals = names.map(async (name) => {
        const officer = cast.officers.get(name)!;
        const signature = await officer.signTypedData({ domain, types: ORDER_TYPES, ...order });
        return { signer: officer.address, signature };
      });
      return packApprovals(await Promise.all(approvals));
    };
    const targets = [{ asset, account: holder, amount: 5n }];
    const freeze = buildFreeze({ caseId, document, targets, term: 86_400, signBy, salt: document });
    const seize = buildSeize({ caseId, document, holds: targets, upTo: 1, signBy, salt: document });
    const docket = { address: addresses.docket, abi: abiOf("Docket"), chain: null } as const;
    await createWalletClient({ account: issuer, transport: custom(input.connection.provider) }).writeContract({
      address: asset,
      abi: abiOf("Tenge"),
      functionName: "mint",
      args: [holder, 9n],
      chain: null,
    });
    await sender.writeContract({
      ...docket,
      functionName: "freeze",
      args: [[freeze.message], [await approve(freeze, ["FMA-1", "FMA-2", "GPO-1"])], "0x"],
    });
    const vault = await client.readContract({ ...docket, functionName: "vaultOf", args: [encodeCaseId(caseId)] });
    expect(await client.getCode({ address: vault })).to.equal(undefined);
    await sender.writeContract({
      ...docket,
      functionName: "seize",
      args: [[seize.message], [await approve(seize, ["COURT-1", "FMA-1", "GPO-1", "NBK-1"])], "0x"],
    });

    const proxy = concat(["0x363d3d373d3d3d363d73", addresses.vault, "0x5af43d82803e903d91602b57fd5bf3"]);
    expect(await client.getCode({ address: vault })).to.equal(proxy.toLowerCase());
    const bytecode = concat(["0x3d602d80600a3d3981f3", proxy]);
    expect(vault).to.equal(getCreate2Address({ from: addresses.docket, salt: encodeCaseId(caseId), bytecode }));
    const payer = { address: vault, abi: abiOf("CaseVault"), functionName: "DOCKET" } as const;
    expect(await client.readContract(payer)).to.equal(addresses.docket);
    const held = { address: asset, abi: abiOf("Tenge"), functionName: "balanceOf", args: [vault] } as const;
    expect(await client.readContract(held)).to.equal(5n);
  });

  it("is deployed by `hardhat ignition deploy` from the module itself, too", () => {
    const parameters = JSON.stringify({ Contracts: { issuer1: chain.cast.issuers.get("KZTE")!.address } });
    const root = hre.config.paths.root;
    const cli = path.join(root, "node_modules/hardhat/dist/src/cli.js");
    const args = [cli, "ignition", "deploy", "deploy/modules/Contracts.ts", "--parameters", parameters];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect(status, stderr).to.equal(0);
    for (const id of ["Quorum", "Docket", "Disposal", "CaseVault", "Lens", "ERC7913P256Verifier", "Asset1"]) {
      expect(stdout).to.match(new RegExp(`Contracts#${id} - 0x[0-9a-fA-F]{40}`));
    }
  });
});
