import { domainSeparator, keccak256, numberToHex, pad, size, stringToHex, type Address, type Hex } from "viem";
import {
  artifactOf,
  VERIFIERS,
  withoutImmutables,
  type Compiled,
  type ContractName,
  type VerifierName,
} from "../chain/artifacts.ts";
import type { PerContract } from "../chain/deployments.ts";
import { domainOf, type Domain } from "../chain/domain.ts";
import { placesIn } from "./evidence.ts";

/** What the compiler makes of a contract. */
export type Compiler = (contract: ContractName) => Compiled;

const NAMES: Readonly<Record<string, ContractName>> = {
  quorum: "Quorum",
  docket: "Docket",
  disposal: "Disposal",
  register: "LicenceRegister",
  vault: "CaseVault",
  lens: "Lens",
  charterCheck: "CharterCheck",
};

/** Which contract stands at a place of a deployment. */
function contractAt(place: string): ContractName {
  const [kind, name] = place.split(".");
  if (kind === "verifiers") return VERIFIERS[name as VerifierName];
  return kind === "assets" ? "Tenge" : NAMES[kind!]!;
}

/** Which neighbours a contract has to name in its immutables. */
const NEIGHBOURS: Readonly<Record<string, readonly string[]>> = {
  quorum: ["charterCheck"],
  docket: ["quorum", "vault"],
  disposal: ["quorum", "docket", "register"],
  register: ["quorum", "docket"],
  vault: ["docket"],
  lens: ["quorum", "docket", "disposal", "register"],
  assets: ["docket"],
};

/** What the code at a place of a deployment is, and whether that is what it has to be. */
export interface CodeFound {
  readonly right: boolean;
  readonly told: string;
}

/**
 * Holds runtime code against the compiled contract and the neighbours that its constructor had to fix. Whoever deploys can have
 * any code made, so that each immutable is looked at in every place where it stands.
 */
export function codeAt(
  place: string,
  code: Hex,
  { chainId, addresses }: { chainId: number; addresses: PerContract<Address> },
  compiler: Compiler = artifactOf,
): CodeFound {
  const contract = contractAt(place);
  const compiled = compiler(contract);
  const { deployedBytecode, immutableReferences } = compiled;
  if (size(code) !== size(deployedBytecode) || withoutImmutables(code, compiled) !== deployedBytecode) {
    return { right: false, told: `is not the compiled ${contract}` };
  }
  const wordAt = ({ start, length }: { start: number; length: number }) =>
    `0x${code.slice(2 + 2 * start, 2 + 2 * (start + length))}`;
  const immutables = Object.values(immutableReferences).map((places) => places.map(wordAt));
  if (immutables.some(([first, ...more]) => more.some((word) => word !== first))) {
    return { right: false, told: "names different contracts where it names one" };
  }
  const words = immutables.flat();
  const byName = new Map(placesIn(addresses).map(([name, address]) => [name, wordOf(address)]));
  const lacks = (NEIGHBOURS[place.split(".")[0]!] ?? []).filter((name) => !words.includes(byName.get(name)!));
  if (lacks.length > 0) return { right: false, told: `does not name ${lacks.join(", ")}` };
  if (place === "quorum") {
    // One place is its deployer's, who can do nothing any more; its check stands in several.
    const known = new Set([...byName.values(), ...wordsOf(domainOf(chainId, addresses.quorum))]);
    const strange = words.filter((word) => !known.has(word));
    if (strange.length > 1) return { right: false, told: `names ${[...new Set(strange)].join(", ")}` };
  }
  return { right: true, told: `is the compiled ${contract}` };
}

const wordOf = (address: Address): string => pad(address).toLowerCase();

/** What a contract fixes of its EIP-712 domain (OpenZeppelin's EIP712.sol). */
const wordsOf = (domain: Domain): string[] => [
  domainSeparator({ domain }),
  numberToHex(domain.chainId, { size: 32 }),
  ...[domain.name, domain.version].flatMap((text) => [keccak256(stringToHex(text)), shortString(text)]),
];

/** Its bytes to the left, and in the last byte how many (OpenZeppelin's ShortStrings.sol). */
const shortString = (text: string): string =>
  `${stringToHex(text, { size: 32 }).slice(0, -2)}${text.length.toString(16).padStart(2, "0")}`;
