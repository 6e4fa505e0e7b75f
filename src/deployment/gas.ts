// What a deployment costs at most, before any of it is there and could be estimated by the node.
import { hexToBytes, size, type Hex } from "viem";
import { artifactOf, VERIFIERS, type ContractName } from "../chain/artifacts.ts";
import { toDeploy, type DeploymentPlan } from "./check.ts";
import { assetId } from "../../deploy/modules/Contracts.ts";

/** Of a transaction, of a creation, and of a byte of code that is kept (Yellow Paper, appendix G). */
const [TRANSACTION, CREATION, PER_BYTE_KEPT] = [21_000, 32_000, 200];
/** Of a byte that is sent (EIP-2028), and of a word of a constructor (EIP-3860). */
const [ZERO_BYTE, BYTE, PER_WORD] = [4, 16, 2];
/** What the constructors do besides, found by the tests to be enough: they keep few words, and look at their neighbours. */
const CONSTRUCTOR = 300_000;
/** Of an installation as a whole, of a seat, of an alternative of a rule and of an asset, found by the tests to be enough. */
const [INSTALL, PER_SEAT, PER_ALTERNATIVE, PER_ASSET] = [1_200_000, 75_000, 40_000, 150_000];
/** A verifier's or a contract's answer, where no precompile helps. */
const PER_QUESTION = 400_000;

/** Contracts that another one creates. */
const MADE_BY: Partial<Record<ContractName, ContractName>> = { Quorum: "CharterCheck", Docket: "CaseVault" };

function gasOfCreation(contract: ContractName): number {
  const { bytecode, deployedBytecode } = artifactOf(contract);
  const sent = hexToBytes(bytecode).reduce((sum, byte) => sum + (byte === 0 ? ZERO_BYTE : BYTE), 0);
  const words = Math.ceil(size(bytecode) / 32);
  const made = MADE_BY[contract];
  const inside = made === undefined ? 0 : CREATION + PER_BYTE_KEPT * size(artifactOf(made).deployedBytecode);
  return (
    TRANSACTION + CREATION + sent + words * PER_WORD + PER_BYTE_KEPT * size(deployedBytecode) + inside + CONSTRUCTOR
  );
}

/** Gas of each contract that is still missing, by Ignition's id; those that another one creates cost nothing more. */
export function gasOfContracts(
  missing: readonly string[],
  { assets }: Pick<DeploymentPlan, "assets">,
): Map<string, bigint> {
  const tokens = new Set(toDeploy(assets).map((_, n) => assetId(n)));
  return new Map(
    missing
      .filter((id) => id !== "CaseVault")
      .map((id) => [id, BigInt(gasOfCreation(tokens.has(id) ? "Tenge" : (id as ContractName)))]),
  );
}

/** Gas of the installation of a plan's charter. */
export function gasOfInstallation({ seats, assets, parameters }: DeploymentPlan): bigint {
  const alternatives = Object.values(parameters.rules).reduce((sum, rules) => sum + rules.length, 0);
  const asked = seats.filter((seat) => "key" in seat || (seat.kind ?? "key") !== "key").length;
  const verifiers = Object.keys(VERIFIERS).length;
  return BigInt(
    INSTALL +
      PER_SEAT * (seats.length + verifiers) +
      PER_QUESTION * asked +
      PER_ALTERNATIVE * alternatives +
      PER_ASSET * assets.length,
  );
}

/** Whether bytes are an address that an account has code at; a delegation (EIP-7702) is no contract's code. */
export const isContractCode = (code: Hex | undefined): boolean =>
  code !== undefined && code !== "0x" && !code.startsWith("0xef0100");
