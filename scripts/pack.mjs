// Makes the package in out/: compiled modules with their types, ABIs, TypeChain's factories, Solidity sources, vectors.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const inRoot = (...parts) => path.join(root, ...parts);
const out = inRoot("out/package");

/** The first Node with node:sqlite unflagged. */
const OLDEST = [22, 13];

const CONTRACTS = ["CaseVault", "CharterCheck", "Disposal", "Docket", "Lens", "LicenceRegister", "Quorum", "Tenge"];
const VERIFIERS = ["ERC7913P256Verifier", "ERC7913RSAVerifier", "ERC7913WebAuthnVerifier"];
const ARTIFACTS = [
  ...CONTRACTS.map((name) => `contracts/${name}.sol/${name}.json`),
  ...VERIFIERS.map((name) => `@openzeppelin/contracts/utils/cryptography/verifiers/${name}.sol/${name}.json`),
];

/** What a user imports, and where it stands in the package. */
const ENTRIES = {
  "./abi": "types/abi/index",
  "./chain": "src/chain/index",
  "./compensation": "src/compensation/index",
  "./journal": "src/journal/index",
  "./notice": "src/notice/index",
  "./orders": "src/orders/index",
  "./orders/disk": "src/orders/disk",
  "./orders/ethers": "src/orders/digest-ethers",
  "./tracing": "src/tracing/index",
  "./typechain": "types/ethers-contracts/index",
};

const jsonIn = (...file) => JSON.parse(readFileSync(inRoot(...file), "utf8"));
const artifactIn = (file) => jsonIn("artifacts", file);

/** The ABIs as constants, from which viem and abitype infer; the map has the form of Hardhat's. */
function writeAbis() {
  const abis = ARTIFACTS.map(artifactIn);
  rmSync(inRoot("types/abi"), { recursive: true, force: true });
  mkdirSync(inRoot("types/abi"), { recursive: true });
  for (const { contractName, abi } of abis) {
    writeFileSync(
      inRoot(`types/abi/${contractName}.ts`),
      `export const ${contractName} = ${JSON.stringify(abi)} as const;\n`,
    );
  }
  const names = abis.map(({ contractName }) => contractName);
  const index = names.map((name) => `export { ${name} } from "./${name}.ts";\n`).join("");
  const map = names.map((name) => `  ${name}: { abi: typeof abis.${name} };\n`).join("");
  writeFileSync(inRoot("types/abi/index.ts"), index);
  writeFileSync(
    inRoot("types/abi/artifactMap.ts"),
    `import type * as abis from "./index.ts";\n\nexport interface ArtifactMap {\n${map}}\n`,
  );
}

function run(command, args, options) {
  const { status } = spawnSync(process.execPath, [inRoot("node_modules", command), ...args], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    ...options,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}

rmSync(out, { recursive: true, force: true });
run("hardhat/dist/src/cli.js", ["build", "--quiet", "--no-tests"]);
writeAbis();
run("typescript/bin/tsc", ["-p", "tsconfig.package.json"]);

// Who uses the package has no Hardhat, of whose types the map of artifacts is in this repository.
const artifacts = path.join(out, "src/chain/artifacts.d.ts");
const typed = readFileSync(artifacts, "utf8").replace("hardhat/types/artifacts", "../../types/abi/artifactMap.js");
writeFileSync(artifacts, typed);

for (const part of [
  "contracts",
  "vectors",
  "deploy/parameters",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "SECURITY.md",
]) {
  cpSync(inRoot(part), path.join(out, part), { recursive: true });
}
for (const file of ARTIFACTS) {
  const { contractName, abi, bytecode, deployedBytecode, immutableReferences } = artifactIn(file);
  mkdirSync(path.dirname(path.join(out, "artifacts", file)), { recursive: true });
  writeFileSync(
    path.join(out, "artifacts", file),
    JSON.stringify({ contractName, abi, bytecode, deployedBytecode, immutableReferences }),
  );
}

// An older Node would end at the first import that it does not have.
const START = `#!/usr/bin/env node
const [major, minor] = process.versions.node.split(".").map(Number);
if (major > ${OLDEST[0]} || (major === ${OLDEST[0]} && minor >= ${OLDEST[1]})) await import("./src/cli/main.js");
else {
  console.error("sequester: it cannot run here.\\n  has: Node " + process.versions.node + "\\n  needs: Node ${OLDEST.join(".")} or later");
  process.exit(1);
}
`;
writeFileSync(path.join(out, "sequester.js"), START, { mode: 0o755 });

const { name, version, description, license, type, dependencies } = jsonIn("package.json");
const engines = { node: `>=${OLDEST.join(".")}` };
writeFileSync(
  path.join(out, "package.json"),
  `${JSON.stringify(
    {
      name,
      version,
      description,
      license,
      type,
      engines,
      bin: { sequester: "sequester.js" },
      exports: {
        ...Object.fromEntries(
          Object.entries(ENTRIES).map(([entry, file]) => [entry, { types: `./${file}.d.ts`, default: `./${file}.js` }]),
        ),
        "./contracts/*": "./contracts/*",
        "./vectors/*": "./vectors/*",
        "./package.json": "./package.json",
      },
      dependencies,
    },
    null,
    2,
  )}\n`,
);
