// Long: deploys to a node of another make, and sends every source to three explorers of this machine.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import { concat, getAddress, hexToNumber, parseEther, size, slice, type Address, type Hex } from "viem";
import { abiOf, artifactOf, withoutImmutables, type ContractName } from "../../src/chain/artifacts.ts";
import { deploymentFolder } from "../../src/chain/deployments.ts";
import { deployedIn } from "../../src/deployment/ignition.ts";
import { removeTemporaryFolders } from "../src/operation/folders.ts";
import { startAnvil } from "./anvil.ts";
import { KINDS, startExplorers, type CompilerInput, type Submitted } from "./explorer.ts";
import { CHAIN, Founders, ok } from "./founders.ts";
import { start } from "./node.ts";

const require = createRequire(import.meta.url);

/** Which contract an id of Ignition stands for. */
const contractOf = (id: string): string => id.replace("Contracts#", "").replace(/^Asset\d+$/, "Tenge");

/** Contracts that the compiler makes in a second; the others are held against what it was given when they were made. */
const QUICK = ["Tenge", "ERC7913P256Verifier", "ERC7913RSAVerifier", "ERC7913WebAuthnVerifier"];

const isVerifier = (contract: string) => contract.startsWith("ERC7913");

/** Code without the hash of what the compiler was told, whose length is in the last two bytes. */
const executable = (code: Hex): Hex => slice(code, 0, size(code) - 2 - hexToNumber(slice(code, -2)));

interface BuildInfo {
  solcLongVersion: string;
  input: CompilerInput & { settings: { outputSelection: object } };
}

async function buildInfoOf(contract: string): Promise<BuildInfo> {
  const id = await hre.artifacts.getBuildInfoId(contract);
  return JSON.parse(readFileSync((await hre.artifacts.getBuildInfoPath(id!))!, "utf8")) as BuildInfo;
}

/** Runtime code as the compiler makes it of this input; where it keeps addresses, zeros. */
function compiled({ language, sources, settings }: CompilerInput, name: string): Hex {
  const { compile } = require("solc") as { compile: (input: string) => string };
  const outputSelection = { "*": { "*": ["evm.deployedBytecode.object"] } };
  const input = JSON.stringify({ language, sources, settings: { ...settings, outputSelection } });
  const [file, contract] = [name.slice(0, name.lastIndexOf(":")), name.slice(name.lastIndexOf(":") + 1)];
  const output = JSON.parse(compile(input)) as {
    contracts: Record<string, Record<string, { evm: { deployedBytecode: { object: string } } }>>;
  };
  return `0x${output.contracts[file]![contract]!.evm.deployedBytecode.object}`;
}

describe("sources for explorers", function () {
  this.timeout(600_000);
  let anvil: Awaited<ReturnType<typeof startAnvil>>;
  let explorers: Awaited<ReturnType<typeof startExplorers>>;
  let founders: Founders;
  let id: string;
  /** Contracts by their addresses. */
  const names = new Map<Address, ContractName>();
  const creations = new Map<Address, { hash: Hex; input: Hex }>();
  /** An explorer that finds no code of these. */
  const doubted = new Set<string>();

  const told = (args: string[], env: Record<string, string>) => {
    const set = { SEQUESTER_RPC_URL: anvil.url, ETHERSCAN_API_KEY: "key-of-a-test", ...env };
    return start(["node_modules/hardhat/dist/src/cli.js", "--network", "real", ...args], set).ended;
  };
  const own = () => ({
    SEQUESTER_EXPLORER_CHAIN: String(CHAIN),
    SEQUESTER_EXPLORER_URL: explorers.url,
    SEQUESTER_SOURCIFY_URL: explorers.url,
  });

  before(async () => {
    anvil = await startAnvil(CHAIN);
    explorers = await startExplorers(({ address }) => (doubted.has(address) ? "no match" : undefined));
    founders = await Founders.gather();
    const folder = path.join(founders.dir, "deployment");
    // As docs/deploying.md has it, for a folder that is elsewhere.
    id = path.relative(path.dirname(deploymentFolder(CHAIN)), folder);
    await anvil.client.setBalance({ address: founders.sender.address, value: parseEther("10") });
    ok(await founders.plan(founders.at("plan.json")));
    ok(await founders.run(founders.at("plan.json"), anvil.url, folder));
    for (const [id, address] of await deployedIn(folder)) names.set(address, contractOf(id) as ContractName);
    for (let n = await anvil.client.getBlockNumber(); n > 0n; --n) {
      const { transactions } = await anvil.client.getBlock({ blockNumber: n, includeTransactions: true });
      for (const { hash, input } of transactions) {
        const { contractAddress } = await anvil.client.getTransactionReceipt({ hash });
        if (contractAddress) creations.set(getAddress(contractAddress), { hash, input });
      }
    }
  });
  after(async () => {
    explorers.close();
    await anvil.stop();
    removeTemporaryFolders();
  });

  const requireRight = async ({ kind, address, name, compiler, input, ...more }: Submitted) => {
    const at = getAddress(address);
    const contract = names.get(at)!;
    const { solcLongVersion, input: built } = await buildInfoOf(contract);
    expect(compiler, contract).to.equal(`v${solcLongVersion}`);
    expect(name.split(":").at(-1)).to.equal(contract);
    const { libraries, outputSelection: _, ...settings } = input.settings as BuildInfo["input"]["settings"];
    const { outputSelection: __, ...needed } = built.settings;
    // Of a dependency alone the plugin leaves out how the project's own files name it.
    const remappings = isVerifier(contract) ? [] : needed.remappings;
    expect([settings, libraries ?? {}], contract).to.deep.equal([{ ...needed, remappings }, {}]);
    const files = Object.entries(input.sources);
    expect(files.map(([file]) => file)).to.include(name.slice(0, name.lastIndexOf(":")));
    for (const [file, { content }] of files) expect(content, file).to.equal(built.sources[file]?.content);
    const { hash, input: sent } = creations.get(at)!;
    if (kind === "sourcify") expect(more.creation).to.equal(hash);
    else expect(concat([artifactOf(contract).bytecode, `0x${more.constructorArguments!}`])).to.equal(sent);
  };

  it("are those of every contract: the compiler makes its code of them, with the arguments of its constructor", async () => {
    const { code, stdout, stderr } = await told(["ignition", "verify", id], own());
    expect(code, stdout + stderr).to.equal(0);
    const { submitted } = explorers;
    const deployed = [...creations.keys()].sort();
    expect(deployed).to.have.length(9);
    for (const kind of KINDS) {
      const of = submitted.filter((it) => it.kind === kind);
      expect(of.map((it) => getAddress(it.address)).sort(), kind).to.deep.equal(deployed);
      for (const it of of) await requireRight(it);
    }
    for (const it of submitted.filter(({ kind }) => kind === "etherscan")) {
      const contract = names.get(getAddress(it.address))!;
      if (!QUICK.includes(contract)) continue;
      const code = (await anvil.client.getCode({ address: it.address }))!;
      const made = compiled(it.input, it.name);
      const needed = withoutImmutables(code, artifactOf(contract));
      if (isVerifier(contract)) expect(executable(made), contract).to.equal(executable(needed));
      else expect(made, contract).to.equal(needed);
    }
  });

  it("of what another contract made are sent by its name, and not shown where the explorer finds other code", async () => {
    const docket = [...names].find(([, name]) => name === "Docket")![0];
    const vault = await anvil.client.readContract({ address: docket, abi: abiOf("Docket"), functionName: "VAULT" });
    const send = () => told(["verify", "blockscout", vault, "--contract", "contracts/CaseVault.sol:CaseVault"], own());
    const before = explorers.submitted.length;
    doubted.add(vault);
    const wrong = await send();
    expect(wrong.code, wrong.stdout).to.equal(1);
    doubted.delete(vault);
    const right = await send();
    expect(right.code, right.stderr).to.equal(0);
    // What was doubted is sent again, with all that was compiled beside it.
    const sent = explorers.submitted.slice(before);
    expect(sent).to.have.length(3);
    const { sources } = (await buildInfoOf("CaseVault")).input;
    for (const { input, ...more } of sent) {
      expect(more).to.include({ kind: "blockscout", address: vault, constructorArguments: "" });
      expect(more.name).to.equal("project/contracts/CaseVault.sol:CaseVault");
      for (const [file, { content }] of Object.entries(input.sources)) expect(content).to.equal(sources[file]?.content);
    }
  });

  it("are sent to those explorers alone that are named", async () => {
    const { code, stdout, stderr } = await told(["ignition", "verify", id], {
      ...own(),
      SEQUESTER_EXPLORERS: "sourcify",
    });
    expect(code, stderr).to.equal(0);
    expect(stdout)
      .to.include("=== Sourcify ===")
      .and.not.match(/=== (?:Etherscan|Blockscout) ===/);
  });
});
