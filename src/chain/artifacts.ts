import { readFileSync } from "node:fs";
import type { ArtifactMap } from "hardhat/types/artifacts";
import type { Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";

/** OpenZeppelin's ERC-7913 verifiers whose keys may be seated, by kind of key. */
export const VERIFIERS = {
  P256: "ERC7913P256Verifier",
  RSA: "ERC7913RSAVerifier",
  WebAuthn: "ERC7913WebAuthnVerifier",
} as const;

/** Kind of key that a verifier knows. */
export type VerifierName = keyof typeof VERIFIERS;

type VerifierContract = (typeof VERIFIERS)[VerifierName];

const OWN = ["CaseVault", "CharterCheck", "Disposal", "Docket", "Lens", "LicenceRegister", "Quorum", "Tenge"] as const;

/** The contracts of the system, by the name of their file. */
export type ContractName = (typeof OWN)[number] | VerifierContract;

export const CONTRACTS: readonly ContractName[] = [...OWN, ...Object.values(VERIFIERS)];

/** Runtime code as the compiler leaves it, and where its immutables stand in it. */
export interface Compiled {
  deployedBytecode: Hex;
  immutableReferences: Record<string, { start: number; length: number }[]>;
}

/** The compiler's output of one contract. */
export interface Artifact<Name extends ContractName> extends Compiled {
  abi: ArtifactMap[Name]["abi"];
  bytecode: Hex;
}

/** The contracts were not compiled yet. */
export class NotBuiltError extends SequesterError {
  override name = "NotBuiltError";
  constructor(contract: ContractName) {
    super(`${contract} is not compiled: run \`npm run build\` first.`, { code: EXIT.error });
  }
}

/** Where the build leaves what it made, and what it gave the compiler. */
export const ARTIFACTS = new URL("../../artifacts/", import.meta.url);

const isVerifier = (contract: ContractName) => Object.values<ContractName>(VERIFIERS).includes(contract);

/** The Solidity file of a contract, as the compiler is told. */
export const solidityOf = (contract: ContractName): string =>
  `${isVerifier(contract) ? "@openzeppelin/contracts/utils/cryptography/verifiers" : "contracts"}/${contract}.sol`;

const cache = new Map<ContractName, unknown>();

/** What the compiler made of a contract. Throws NotBuiltError before the first build. */
export function artifactOf<Name extends ContractName>(contract: Name): Artifact<Name> {
  let artifact = cache.get(contract);
  if (artifact === undefined) {
    const url = new URL(`${solidityOf(contract)}/${contract}.json`, ARTIFACTS);
    try {
      artifact = JSON.parse(readFileSync(url, "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new NotBuiltError(contract);
      throw error;
    }
    cache.set(contract, artifact);
  }
  return artifact as Artifact<Name>;
}

/** The ABI of a contract, as viem infers from it. */
export const abiOf = <Name extends ContractName>(contract: Name): ArtifactMap[Name]["abi"] => artifactOf(contract).abi;

/** Runtime code with its immutables as zeros, as the compiler leaves them. */
export function withoutImmutables(code: Hex, { immutableReferences }: Pick<Compiled, "immutableReferences">): Hex {
  const bytes = Buffer.from(code.slice(2), "hex");
  for (const { start, length } of Object.values(immutableReferences).flat()) bytes.fill(0, start, start + length);
  return `0x${bytes.toString("hex")}`;
}
