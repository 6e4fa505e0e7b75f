import { isHex } from "viem";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { headersOf } from "../sources/node/headers.ts";
import { checkBalances } from "../sources/node/indexTransfers.ts";
import { quantityOf } from "../../chain/quantity.ts";
import { HttpEndpoint, MalformedAnswerError, textOf, type Endpoint } from "../../chain/rpc.ts";
import { without, type Plan, type Spared } from "./plan.ts";

/** The chain has another block than the evidence: the plan is dead. Exit code 3. */
export class EvidenceBlockGoneError extends SequesterError {
  override name = "EvidenceBlockGoneError";
  constructor(endpoint: string, block: number, has: string, needs: string) {
    super(`The evidence is of a block that the chain does not have.`, {
      code: EXIT.verification,
      metaMessages: [`who: the node at ${endpoint}`, `has: ${has} at block ${block}`, `needs: ${needs}`],
    });
  }
}

/**
 * Holds a plan against nodes at its evidence block: the block is there, no target is a contract (those are left out and
 * named), and each target's balance is what the transfers make. The plan gets the block's hash.
 * @throws EvidenceBlockGoneError, BalanceMismatchError, and what asking a node throws.
 */
export async function checkPlan(urls: readonly string[], plan: Plan): Promise<Plan> {
  const { block } = plan.evidence;
  let checked = plan;
  for (const url of urls) {
    const endpoint = new HttpEndpoint(url);
    const [header] = await headersOf(endpoint, block, block);
    const { hash } = header!;
    const needs = checked.evidence.hash ?? hash;
    if (hash !== needs) throw new EvidenceBlockGoneError(endpoint.name, block, hash, needs);
    checked = { ...checked, evidence: { ...checked.evidence, hash } };
    checked = without(checked, await contractsAmong(endpoint, block, checked));
  }
  const balances = new Map(checked.targets.map(({ account, balance }) => [account, balance]));
  await checkBalances({ urls }, { asset: checked.asset, toBlock: block }, balances);
  return checked;
}

/** A wallet that lends its account to a contract (EIP-7702) has this and an address for code, and stays a wallet. */
const DELEGATION = /^0xef0100[0-9a-f]{40}$/i;

async function contractsAmong(endpoint: Endpoint, block: number, { targets }: Plan): Promise<Map<string, Spared>> {
  const params = targets.map(({ account }) => [account, quantityOf(block)]);
  const codes = await endpoint.callAll("eth_getCode", params);
  const contracts = new Map<string, Spared>();
  for (const [i, code] of codes.entries()) {
    if (!isHex(code)) throw new MalformedAnswerError(endpoint.name, "eth_getCode", textOf(code), "bytes");
    if (code !== "0x" && !DELEGATION.test(code)) contracts.set(targets[i]!.account, { role: "contract", label: "" });
  }
  return contracts;
}
