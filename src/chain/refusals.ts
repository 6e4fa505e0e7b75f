import { decodeErrorResult, type Hex } from "viem";
import { oneLine } from "../base/words.ts";
import { abiOf } from "./artifacts.ts";

const CONTRACTS = ["Docket", "Quorum", "Disposal", "LicenceRegister", "Tenge"] as const;

/** An error of the contracts. */
export interface Refusal {
  /** The name of the error. */
  error: string;
  /** By name. */
  args: Readonly<Record<string, unknown>>;
  /** Name and named arguments in one line. */
  reason: string;
}

/** The error of the contracts that a call returned; undefined where it is none of theirs. */
export function refusalIn(data: Hex): Refusal | undefined {
  for (const contract of CONTRACTS) {
    try {
      const { abiItem, args = [], errorName } = decodeErrorResult({ abi: abiOf(contract), data });
      const inputs = "inputs" in abiItem ? abiItem.inputs : [];
      const named = inputs.map(({ name }, i) => [name ?? String(i), args[i]] as const);
      const told = named.map(([name, value]) => `${name}: ${String(value)}`).join(", ");
      return { error: errorName, args: Object.fromEntries(named), reason: oneLine(`${errorName}(${told})`) };
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Where a node puts what a failed call returned depends on the node and on why it failed. */
interface CallFault {
  message?: string;
  data?: Hex | { data?: Hex } | null;
  cause?: unknown;
}

/** What a failed call returned, wherever the node's answer or a client's error around it tells; undefined: nothing did. */
export function returnedBy(fault: unknown): Hex | undefined {
  for (let it = fault as CallFault | undefined; it instanceof Object; it = it.cause as CallFault | undefined) {
    const data = typeof it.data === "object" ? it.data?.data : it.data;
    if (data !== undefined) return data;
  }
  return undefined;
}

/** The name of an error that another contract has than ours, such as an asset that its issuer paused. */
export const FOREIGN_ERROR = "ForeignError";

/** Why contracts refused a call: ours, or one that they call; undefined where nothing was returned that tells. */
export function refusalOf(fault: unknown): Refusal | undefined {
  const data = returnedBy(fault) ?? "0x";
  const known = refusalIn(data);
  if (known !== undefined || !/^0x(?:[0-9a-f]{2}){4,}$/i.test(data)) return known;
  const selector = data.slice(0, 10);
  const reason = `${selector}, an error of another contract than this system's, such as the asset`;
  return { error: FOREIGN_ERROR, args: { selector }, reason };
}

/** Whether a call failed because a contract refused, and not because a node did. */
export function saysNo(fault: unknown): boolean {
  if (returnedBy(fault) !== undefined) return true;
  for (let it = fault; it instanceof Error; it = it.cause) {
    if (
      /revert|invalid opcode|out ?of ?gas|execution (?:aborted|timed? ?out)|stack (?:over|under)flow/i.test(it.message)
    )
      return true;
  }
  return false;
}
