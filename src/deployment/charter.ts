import {
  encodeAbiParameters,
  keccak256,
  numberToHex,
  stringToHex,
  type Address,
  type ContractFunctionArgs,
  type Hex,
} from "viem";
import { abiOf } from "../chain/artifacts.ts";
import { ACTS, OFFICER_KINDS, SELF, type ActName, type Domain, type Order } from "../orders/types.ts";
import type { Parameters, RuleParameters } from "./parameters.ts";
import type { Seat } from "./seats.ts";

/** Has the candidate of a seat sign its admission (EIP-712), which names the charter by its hash. */
export type SignAdmission = (admission: Order<"Admit">, domain: Domain) => Promise<Hex>;

type QuorumAbi = ReturnType<typeof abiOf<"Quorum">>;

/** Everything that a deployment is, as `Quorum.install` takes it. */
export type Charter = ContractFunctionArgs<QuorumAbi, "nonpayable", "install">[0];

export interface CharterInput {
  parameters: Parameters;
  seats: readonly Seat[];
  contracts: { docket: Address; disposal: Address; register: Address; vault: Address };
  /** Sovereign assets and the treasury of each. */
  assets: readonly { asset: Address; treasury: Address }[];
  /** ERC-7913 verifiers whose keys may be seated. */
  verifiers: readonly Address[];
  /** Hash of the document that founds the deployment. */
  document: Hex;
  /** Last Unix second in which the charter may be installed. */
  signBy: bigint;
}

/** The charter of a deployment under a jurisdiction's parameters. */
export function buildCharter(input: CharterInput): Charter {
  const { parameters, seats, contracts, assets, verifiers, document, signBy } = input;
  const index = (agency: string) => parameters.agencies.indexOf(agency);
  return {
    document,
    signBy,
    agencies: parameters.agencies.map((name) => stringToHex(name, { size: 32 })),
    court: index(parameters.court),
    prosecutor: index(parameters.prosecutor),
    verifiers,
    seats: seats.map(({ agency, kind = "key", signer }) => ({
      agency: index(agency),
      kind: OFFICER_KINDS[kind],
      signer,
    })),
    rules: Object.entries(parameters.rules).map(([act, alternatives]) => ({
      act: ACTS[act as ActName],
      alternatives: alternatives.map(({ officers, delay, grace, term }) => ({
        officers: packOfficers(officers, parameters.agencies),
        delay,
        grace,
        term,
      })),
    })),
    contracts,
    assets: assets.map(({ asset, treasury }) => ({ asset, adapter: asset, treasury })),
    numbers: parameters.numbers,
  };
}

/** Least officers per agency as the contract packs them: one hex digit each, agency 0 lowest, SELF highest. */
export function packOfficers(officers: RuleParameters["officers"], agencies: readonly string[]): Hex {
  let packed = 0n;
  for (const [agency, count] of Object.entries(officers)) {
    const digit = agency === "SELF" ? SELF : agencies.indexOf(agency);
    packed |= BigInt(count) << BigInt(4 * digit);
  }
  return numberToHex(packed, { size: 8 });
}

/** `keccak256(abi.encode(charter))`: the salt of every first officer's admission. */
export function charterHash(charter: Charter): Hex {
  const install = abiOf("Quorum").find((item) => item.type === "function" && item.name === "install");
  if (install?.type !== "function" || install.name !== "install") throw new Error("Quorum has no install");
  return keccak256(encodeAbiParameters([install.inputs[0]], [charter]));
}

/** The admission that each first officer signs, in the order of the charter's seats. */
export function admissionsOf(charter: Charter): Order<"Admit">[] {
  const salt = charterHash(charter);
  return charter.seats.map(({ agency, kind, signer }) => ({
    primaryType: "Admit",
    message: { agency, kind, signer, document: charter.document, signBy: charter.signBy, salt },
  }));
}
