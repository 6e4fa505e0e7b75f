import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

interface Solc {
  compile(input: string, callbacks: { import: (file: string) => { contents: string } }): string;
}

/** Where a variable lies in storage. */
interface Place {
  label: string;
  slot: string;
  offset: number;
}

/** Where the compiler lays out the variables of contracts, by the contracts' names. */
export function layoutsOf(names: readonly string[]): Record<string, readonly Place[]> {
  const root = path.resolve(import.meta.dirname, "../..");
  const solc = createRequire(path.join(root, "package.json"))("solc") as Solc;
  const read = (file: string) =>
    readFileSync(path.join(root, file.startsWith("contracts/") ? "" : "node_modules", file), "utf8");
  const fileOf = (name: string) => `contracts/${name}.sol`;
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(names.map((name) => [fileOf(name), { content: read(fileOf(name)) }])),
    settings: {
      outputSelection: Object.fromEntries(names.map((name) => [fileOf(name), { [name]: ["storageLayout"] }])),
    },
  };
  const { contracts } = JSON.parse(
    solc.compile(JSON.stringify(input), { import: (file) => ({ contents: read(file) }) }),
  ) as {
    contracts: Record<string, Record<string, { storageLayout: { storage: Place[] } }>>;
  };
  return Object.fromEntries(names.map((name) => [name, contracts[fileOf(name)]![name]!.storageLayout.storage]));
}
