import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";

import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import hardhatViem from "@nomicfoundation/hardhat-viem";
import { configVariable, defineConfig, overrideTask } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";
import type { CompilerOutputError } from "hardhat/types/solidity";

/** How often the optimizer expects each opcode to run: higher makes calls cheaper and contracts bigger. */
const OPTIMIZER_RUNS = 20;

/**
 * The compiler's own steps but the function specializer (`F`): it copies a function for each literal that it is called
 * with, which makes the Docket a quarter bigger.
 */
const OPTIMIZER_STEPS =
  "dhfoDgvulfnTUtnIf[xa[r]EscLMVcul[j]Trpeulxa[r]cLgvifCTUca[r]LSsTOtfDnca[r]Iulc]jmul[jul]VcTOculjmul:fDnTOcmu";

const compiler = {
  version: "0.8.37",
  path: createRequire(import.meta.url).resolve("solc/soljson.js"),
  settings: {
    optimizer: {
      enabled: true,
      runs: OPTIMIZER_RUNS,
      details: {
        peephole: true,
        inliner: true,
        jumpdestRemover: true,
        orderLiterals: true,
        deduplicate: true,
        cse: true,
        constantOptimizer: true,
        yul: true,
        yulDetails: { stackAllocation: true, optimizerSteps: OPTIMIZER_STEPS },
      },
    },
    viaIR: true,
    evmVersion: "cancun",
  },
};

/** Compiled without IR: its functions are found by a binary search, so that a transfer costs less than OpenZeppelin's. */
const tengeCompiler = {
  ...compiler,
  settings: { optimizer: { enabled: true, runs: 1_000_000 }, viaIR: false, evmVersion: "cancun" },
};

/** Ignition deploys the production profile, which must hold the very bytecode that the tests ran. */
const profile = {
  compilers: [compiler],
  overrides: { "contracts/Tenge.sol": tengeCompiler },
  isolated: false,
  toolVersionsInBuildInfo: true,
};

/** `npm run test:campaign` sets this: the same properties, searched for far longer. */
const campaign = process.env.SEQUESTER_CAMPAIGN === "1";

/** `npm test` and `npm run test:unit` set this: all files run side by side, or those alone whose first line does not say why they take long. */
const sideBySide = process.env.SEQUESTER_TESTS as "all" | "quick" | undefined;
const isLong = (file: string): boolean => readFileSync(file, "utf8").startsWith("// Long: ");

/** The embedded chain: a transaction above 2^24 gas is refused (EIP-7825, part of Osaka). */
const embedded = { type: "edr-simulated", chainId: 31337, hardfork: "osaka" } as const;

/** A node that an operation is brought to begins before it: Unix seconds of its first block, where that is told. */
const nodeStart = process.env.SEQUESTER_NODE_START;
const ofOperation = nodeStart
  ? { initialDate: new Date(Number(nodeStart) * 1000), allowBlocksWithSameTimestamp: true }
  : {};

/**
 * Where sources are shown. Hardhat knows the explorers of public chains; that of another chain, such as a state's own, is named
 * with the chain, and has the programming interface of Blockscout or Etherscan below /api.
 */
const explorer = {
  kinds: (process.env.SEQUESTER_EXPLORERS ?? "etherscan,blockscout,sourcify").split(","),
  chain: process.env.SEQUESTER_EXPLORER_CHAIN,
  url: process.env.SEQUESTER_EXPLORER_URL,
  sourcify: process.env.SEQUESTER_SOURCIFY_URL,
};
const atUrl = explorer.url === undefined ? {} : { url: explorer.url, apiUrl: `${explorer.url}/api` };
const shows = (kind: string): boolean => explorer.kinds.includes(kind);

/** The compiler's number of its warning that a contract is too large. */
const CODE_SIZE = "5574";

/** What solc reports of an error, with the place that Hardhat's own type leaves out. */
type LocatedError = CompilerOutputError & { sourceLocation?: { file: string } };

const isSolidityTest = (source: string): boolean => source.startsWith("project/test/solidity/");

/** Warnings about the code of a dependency are nothing that this project can mend, nor the size of what only tests deploy. */
const ownWarningsOnly: HardhatPlugin = {
  id: "sequester-own-warnings-only",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        getCompilationJobErrors: (context, job, output, next) => {
          const ofTests = Object.keys(output.sources).some(isSolidityTest);
          const errors = output.errors?.filter(
            ({ severity, errorCode, sourceLocation }: LocatedError) =>
              severity === "error" ||
              (sourceLocation?.file.startsWith("npm/") !== true && !(ofTests && errorCode === CODE_SIZE)),
          );
          return next(context, job, { ...output, errors });
        },
      }),
    }),
  },
};

/**
 * Solidity tests are deployed nowhere: they are compiled with few optimizer steps, in a fraction of the time. The contracts
 * that they test are the compiled ones all the same: the tests deploy the artifacts (see `splitTestsCompilation`).
 */
const quickSolidityTests: HardhatPlugin = {
  id: "sequester-quick-solidity-tests",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        preprocessSolcInputBeforeBuilding: (context, input, next) => {
          if (!Object.keys(input.sources).some(isSolidityTest)) return next(context, input);
          const optimizer = { enabled: true, runs: 1, details: { yul: true, yulDetails: { optimizerSteps: "u:" } } };
          return next(context, { ...input, settings: { ...input.settings, optimizer } });
        },
      }),
    }),
  },
};

/** Mocha runs `*.test.ts`; every other file below `test/` is a helper that tests import. */
const mochaTestFilesOnly = overrideTask(["test", "mocha"])
  .setInlineAction((args, hre, runSuper): unknown => {
    const folder = hre.config.paths.tests.mocha;
    const named = args.testFiles as string[];
    const all = globSync("**/*.test.ts", { cwd: folder }).map((file) => path.join(folder, file));
    const [long, quick] = [true, false].map((asked) => all.filter((file) => isLong(file) === asked).sort());
    // The long ones first, so that none is left over in the end, when nothing runs beside it.
    const found = sideBySide === "quick" ? quick! : [...long!, ...quick!];
    const testFiles = named.length > 0 ? named : found;
    return runSuper({ ...args, testFiles });
  })
  .build();

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, hardhatViem, ownWarningsOnly, quickSolidityTests],
  tasks: [mochaTestFilesOnly],
  solidity: {
    profiles: { default: profile, production: profile },
    // A job of their own, so that the contracts are compiled as they are deployed.
    splitTestsCompilation: true,
    // What a charter may allow officers to be besides keys and contracts.
    npmFilesToBuild: ["P256", "RSA", "WebAuthn"].map(
      (name) => `@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913${name}Verifier.sol`,
    ),
  },
  paths: {
    sources: ["./contracts", "./test/mocks"],
    tests: { mocha: "./test", solidity: "./test/solidity" },
    ignition: "./deploy",
  },
  // The bindings hold namespaces, which `erasableSyntaxOnly` would refuse.
  typechain: { tsNocheck: true },
  networks: {
    default: embedded,
    node: { ...embedded, ...ofOperation },
    localhost: { type: "http", url: "http://127.0.0.1:8545", chainId: 31337 },
    // For `hardhat ignition verify`: what is sent to a real chain, `sequester deploy run` sends.
    real: { type: "http", url: configVariable("SEQUESTER_RPC_URL") },
  },
  chainDescriptors:
    explorer.chain === undefined
      ? {}
      : {
          [explorer.chain]: {
            name: `chain ${explorer.chain}`,
            blockExplorers: { etherscan: atUrl, blockscout: atUrl },
          },
        },
  verify: {
    etherscan: { apiKey: configVariable("ETHERSCAN_API_KEY"), ...(!shows("etherscan") && { enabled: false }) },
    blockscout: { enabled: shows("blockscout") },
    sourcify: { enabled: shows("sourcify"), apiUrl: explorer.sourcify },
  },
  test: {
    solidity: {
      fuzz: { runs: campaign ? 20_000 : 256, seed: "0x5e9e57e2" },
      invariant: { runs: campaign ? 4_000 : 64, depth: campaign ? 100 : 32, failOnRevert: false },
    },
    mocha: { timeout: 120_000, ...(sideBySide && { parallel: true, jobs: availableParallelism() }) },
  },
});
