import { readFileSync } from "node:fs";
import type { ArtifactMap } from "hardhat/types/artifacts";
import type { Hex } from "viem";
import { EXIT, SequesterError } from "../errors.ts";

/** OpenZeppelin's ERC-7913 verifiers whose keys may be seated, by kind of key. */
export const VERIFIERS = {
  P256: "ERC7913P256Verifier",
  RSA: "ERC7913RSAVerifier",
  WebAuthn: "ERC7913WebAuthnVerifier",
} as const;

/** Kind of key that a verifier knows. */
export type VerifierName = keyof typeof VERIFIERS;

type VerifierContract = (typeof VERIFIERS)[VerifierName];

/** The contracts of the system, by the name of their file. */
export type ContractName =
  "CaseVault" | "Disposal" | "Docket" | "Lens" | "LicenceRegister" | "Quorum" | "Tenge" | VerifierContract;

/** The compiler's output of one contract. */
export interface Artifact<Name extends ContractName> {
  abi: ArtifactMap[Name]["abi"];
  bytecode: Hex;
  deployedBytecode: Hex;
  immutableReferences: Record<string, { start: number; length: number }[]>;
}

/** The contracts were not compiled yet. */
export class NotBuiltError extends SequesterError {
  override name = "NotBuiltError";
  constructor(contract: ContractName) {
    super(`${contract} is not compiled: run \`npm run build\` first.`, { code: EXIT.error });
  }
}

const isVerifier = (contract: ContractName) => Object.values<ContractName>(VERIFIERS).includes(contract);

const sourceOf = (contract: ContractName) =>
  isVerifier(contract) ? "@openzeppelin/contracts/utils/cryptography/verifiers" : "contracts";

const cache = new Map<ContractName, unknown>();

/** What the compiler made of a contract. Throws NotBuiltError before the first build. */
export function artifactOf<Name extends ContractName>(contract: Name): Artifact<Name> {
  let artifact = cache.get(contract);
  if (artifact === undefined) {
    const url = new URL(`../../artifacts/${sourceOf(contract)}/${contract}.sol/${contract}.json`, import.meta.url);
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
