import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { numberToHex, zeroHash, type Hex, type PublicClient } from "viem";
import {
  deploymentFile,
  parseDeployment,
  readDeployment,
  verifyDeployment,
  writeDeployment,
  type Deployment,
} from "../../src/chain/deployments.ts";
import { deploy } from "../../src/deployment/deploy.ts";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";
import { freshChain, refusal } from "./harness.ts";

const OTHER = "0x00000000000000000000000000000000000000AA";

describe("Deployment files", () => {
  after(removeTemporaryFolders);
  let deployment: Deployment;
  let client: PublicClient;

  before(async () => {
    const chain = await freshChain();
    client = chain.client;
    deployment = await deploy(chain.input);
  });

  it("read back what was written", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "new/deployment.json");
    await writeDeployment(file, deployment);
    expect(await readDeployment(file)).to.deep.equal(deployment);
    const text = readFileSync(file, "utf8");
    await writeDeployment(file, await readDeployment(file));
    expect(readFileSync(file, "utf8")).to.equal(text);
  });

  it("are the one that is named, else the chain's", () => {
    expect(deploymentFile(31337, "x/y.json")).to.equal("x/y.json");
    const file = path.join("deploy", "deployments", "chain-11155111", "deployment.json");
    expect(deploymentFile(11_155_111).endsWith(file)).to.equal(true);
  });

  const verifiersOf = (of: Record<string, unknown> | undefined) => of!["verifiers"] as Record<string, unknown>;
  const malformed: [what: string, change: (json: Record<string, Record<string, unknown>>) => void, field: RegExp][] = [
    ["another schema", (json) => Object.assign(json, { schema: "sequester.deployment/2" }), /^schema/],
    ["a chain that is no number", (json) => Object.assign(json, { chainId: "31337" }), /^chainId/],
    ["a negative block", (json) => Object.assign(json, { block: -1 }), /^block/],
    [
      "a bad checksum",
      ({ addresses }) => (addresses!["docket"] = `0x${"aB".repeat(20)}`),
      /^addresses\.docket.*checksum/,
    ],
    ["a missing contract", ({ addresses }) => delete addresses!["lens"], /^addresses\.lens/],
    ["a missing verifier", ({ addresses }) => delete verifiersOf(addresses)["RSA"], /^addresses\.verifiers\.RSA/],
    ["a verifier without a code hash", ({ codeHashes }) => delete codeHashes!["verifiers"], /^codeHashes\.verifiers/],
    ["a short code hash", ({ codeHashes }) => (codeHashes!["vault"] = "0x12"), /^codeHashes\.vault.*32 bytes/],
    ["an asset without a code hash", ({ codeHashes }) => (codeHashes!["assets"] = {}), /^codeHashes\.assets.*KZTE/],
    ["a time zone that there is not", (json) => Object.assign(json, { timeZone: "Asia/Atlantis" }), /^timeZone/],
    ["decimals of another asset", (json) => (json["decimals"] = { USDX: 6 }), /^decimals.*USDX.*KZTE/],
    [
      "a Quorum that is no address",
      ({ domain }) => (domain!["verifyingContract"] = "any"),
      /^domain\.verifyingContract/,
    ],
    ["another domain's name", ({ domain }) => (domain!["name"] = "Other"), /^domain\.name/],
    ["a field that nobody reads", (json) => Object.assign(json, { extra: {} }), /extra/],
  ];
  for (const [what, change, field] of malformed) {
    it(`refuse ${what}`, async () => {
      const json = structuredClone(deployment) as unknown as Record<string, Record<string, unknown>>;
      change(json);
      const read = async () => parseDeployment(JSON.stringify(json), "d.json");
      const error = await refusal(read(), "InvalidFileError", 64);
      expect(error.shortMessage).to.include("d.json");
      expect(error.metaMessages[0]).to.match(field);
    });
  }

  it("refuse text that is no JSON, and a file that is not there", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "deployment.json");
    expect((await refusal(readDeployment(file), "FileAccessError", 64)).message).to.include("--deployment");
    writeFileSync(file, "{");
    expect((await refusal(readDeployment(file), "InvalidFileError", 64)).message).to.include("is no JSON");
  });

  it("are verified against the node", () => verifyDeployment(client, deployment));

  const changes: [what: string, change: (copy: Deployment) => Deployment, differences: (RegExp | string)[]][] = [
    ["chain id", (it) => ({ ...it, chainId: 1 }), ["chainId: the node has 31337, the file 1"]],
    ...(["quorum", "docket", "disposal", "register", "vault", "lens"] as const).map(
      (name): (typeof changes)[number] => [
        `code hash of the ${name}`,
        (it) => ({ ...it, codeHashes: { ...it.codeHashes, [name]: zeroHash } }),
        [new RegExp(`^code of ${name}: the node has 0x[0-9a-f]{64}, the file ${zeroHash}$`)],
      ],
    ),
    [
      "code hash of an asset",
      (it) => ({ ...it, codeHashes: { ...it.codeHashes, assets: { ...it.codeHashes.assets, KZTE: zeroHash } } }),
      [/^code of assets\.KZTE: /],
    ],
    [
      "code hash of a verifier",
      (it) => ({ ...it, codeHashes: { ...it.codeHashes, verifiers: { ...it.codeHashes.verifiers, P256: zeroHash } } }),
      [/^code of verifiers\.P256: /],
    ],
    [
      "address without code",
      (it) => ({ ...it, addresses: { ...it.addresses, lens: OTHER } }),
      [/^code of lens: the node has none, the file 0x/],
    ],
    [
      "domain's contract",
      (it) => ({ ...it, domain: { ...it.domain, verifyingContract: OTHER } }),
      [/^domain\.verifyingContract: the node has 0x.*, the file 0x0+AA$/],
    ],
    [
      "domain's chain",
      (it) => ({ ...it, domain: { ...it.domain, chainId: 1 } }),
      [/^domain\.chainId: .* 31337, .* 1$/],
    ],
    [
      "domain's version",
      (it) => ({ ...it, domain: { ...it.domain, version: "2" as "1" } }),
      ["domain.version: the node has 1, the file 2"],
    ],
    [
      "number of decimals of an asset",
      (it) => ({ ...it, decimals: { KZTE: 2 } }),
      ["decimals of KZTE: the node has 6, the file 2"],
    ],
    [
      "chain id, two code hashes and the domain's name at once",
      (it) => ({
        ...it,
        chainId: 5,
        codeHashes: { ...it.codeHashes, docket: zeroHash, lens: zeroHash },
        domain: { ...it.domain, name: "X" as "Sequester" },
      }),
      [/^chainId/, /^code of docket/, /^code of lens/, /^domain\.name/],
    ],
  ];
  for (const [what, change, needs] of changes) {
    it(`do not verify with another ${what}`, async () => {
      const changed = change(structuredClone(deployment));
      const { metaMessages } = await refusal(verifyDeployment(client, changed), "DeploymentMismatchError", 3);
      expect(metaMessages).to.have.length(needs.length);
      needs.forEach((line, i) => expect(metaMessages[i]).to.match(line instanceof RegExp ? line : new RegExp(line)));
    });
  }

  it("do not verify against a chain without the deployment", async () => {
    const { client: empty, connection } = await freshChain();
    // One that has not come to the deployment's block is no other chain: it lags.
    const behind = await refusal(verifyDeployment(empty, deployment), "NodeBehindError", 5);
    expect(behind.metaMessages[0]).to.include("block 0");
    const mined = numberToHex(deployment.block);
    await connection.provider.request({ method: "hardhat_mine", params: [mined] });
    const { metaMessages } = await refusal(verifyDeployment(empty, deployment), "DeploymentMismatchError", 3);
    const names = [
      "quorum",
      "docket",
      "disposal",
      "register",
      "vault",
      "lens",
      "verifiers.P256",
      "verifiers.RSA",
      "verifiers.WebAuthn",
      "assets.KZTE",
      "assets.USDC.e",
    ];
    expect(metaMessages.map((line) => line.split(": the node has none")[0])).to.deep.equal(
      names.map((name) => `code of ${name}`),
    );
  });

  it("do not verify when the code of one contract was replaced", async () => {
    const { client: other, input, connection } = await freshChain();
    const own = await deploy(input);
    await verifyDeployment(other, own);
    const code: Hex = "0x6001";
    await connection.provider.request({ method: "hardhat_setCode", params: [own.addresses.disposal, code] });
    const { metaMessages } = await refusal(verifyDeployment(other, own), "DeploymentMismatchError", 3);
    expect(metaMessages).to.have.length(1);
    expect(metaMessages[0]).to.match(/^code of disposal/);
  });
});
