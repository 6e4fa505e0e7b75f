import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Abi, Hex } from "viem";

const require = createRequire(import.meta.url);

interface Output {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>;
}

/** The asset of somebody else, compiled apart from what the project deploys. */
export function issuedToken(): { abi: Abi; bytecode: Hex } {
  const { compile } = require("solc") as { compile: (input: string, callbacks: object) => string };
  const file = "IssuedToken.sol";
  const input = {
    language: "Solidity",
    sources: { [file]: { content: readFileSync(path.join(import.meta.dirname, file), "utf8") } },
    settings: { evmVersion: "cancun", outputSelection: { [file]: { "*": ["abi", "evm.bytecode.object"] } } },
  };
  const read = (name: string) => ({ contents: readFileSync(require.resolve(name), "utf8") });
  const { errors = [], contracts } = JSON.parse(compile(JSON.stringify(input), { import: read })) as Output;
  const faults = errors.filter(({ severity }) => severity === "error");
  if (faults.length > 0) throw new Error(faults.map((it) => it.formattedMessage).join("\n"));
  const { abi, evm } = contracts[file]!["IssuedToken"]!;
  return { abi, bytecode: `0x${evm.bytecode.object}` };
}
